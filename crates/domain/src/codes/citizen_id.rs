//! 公民身份号码 (GB 11643-1999), and the cards that share its layout.

use jiff::civil::Date;
use std::fmt;

use super::{Code, CodeError, Part, characters, clip, length, part};

/// First two digits of GB/T 2260; 81, 82 and 83 are the residence permits of Hong Kong, Macao and Taiwan residents.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

/// Sex by the register of residents: the 17th digit, odd = male.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// A citizen number that can exist. `Debug` and [`CitizenId::mask`] hide the middle; `as_str` and `Display` do not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenId {
    number: String,
    birth: Date,
}

/// True for two digits that name a province.
pub(super) fn is_province(digits: &str) -> bool {
    PROVINCES.contains(&digits)
}

/// Reads a number as printed, with a capital X. The 15-digit form lapsed in 2013 and is refused.
///
/// # Errors
/// Length other than 18, a wrong character, no province, no such date, a birth after `today`, a wrong check character.
pub fn parse(value: &str, today: Date) -> Result<CitizenId, CodeError> {
    let birth = layout(Code::CitizenId, value, today)?;
    if !is_province(part(value, 0..2)) {
        let found = part(value, 0..2).to_owned();
        return Err(CodeError::Part { code: Code::CitizenId, part: Part::Province, position: 1, found });
    }
    check(Code::CitizenId, value)?;
    Ok(CitizenId { number: value.to_owned(), birth })
}

/// The date of birth in an 18-character number of this layout, without its check character.
pub(super) fn layout(code: Code, value: &str, today: Date) -> Result<Date, CodeError> {
    length(code, value, 18)?;
    characters(code, part_of(value, 17), 0, |c| c.is_ascii_digit())?;
    let last = value.chars().last().unwrap_or_default();
    if !last.is_ascii_digit() && last != 'X' {
        return Err(CodeError::Character { code, position: 18, found: last });
    }
    let digits = part(value, 6..14);
    let wrong = |part| CodeError::Part { code, part, position: 7, found: clip(digits) };
    let birth = date(digits).ok_or_else(|| wrong(Part::BirthDate))?;
    if birth > today {
        return Err(wrong(Part::Future));
    }
    Ok(birth)
}

/// The first `count` characters, also where they are not ASCII.
fn part_of(value: &str, count: usize) -> &str {
    value.char_indices().nth(count).map_or(value, |(at, _)| part(value, 0..at))
}

fn date(digits: &str) -> Option<Date> {
    let year: i16 = part(digits, 0..4).parse().ok()?;
    Date::new(year, part(digits, 4..6).parse().ok()?, part(digits, 6..8).parse().ok()?).ok()
}

/// Refuses a wrong check character.
pub(super) fn check(code: Code, value: &str) -> Result<(), CodeError> {
    if value.chars().last() == check_character(part(value, 0..17)) {
        return Ok(());
    }
    Err(CodeError::Check { code, position: 18 })
}

/// The 18th character for the first 17 (ISO 7064 MOD 11-2); `None` when they are not digits.
pub fn check_character(first17: &str) -> Option<char> {
    let mut remainder = 0;
    for c in first17.chars() {
        remainder = (remainder + c.to_digit(10)?) * 2 % 11;
    }
    "10X98765432".chars().nth(usize::try_from(remainder).ok()?)
}

/// What people type, repaired: blanks out, half width, x to X.
pub fn normalise(value: &str) -> String {
    super::normalise(value)
}

/// First three and last four characters, the rest hidden.
pub fn mask(value: &str) -> String {
    super::mask(value)
}

impl CitizenId {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// Date of birth.
    pub fn birth(&self) -> Date {
        self.birth
    }

    /// Whole years of age on a day; someone born on 29 February completes a year on 1 March of a common year.
    pub fn age_on(&self, day: Date) -> u32 {
        let before = (day.month(), day.day()) < (self.birth.month(), self.birth.day());
        let years = day.year() - self.birth.year() - i16::from(before);
        u32::try_from(years).unwrap_or(0)
    }

    /// Sex by the register.
    pub fn sex(&self) -> Sex {
        let odd = part(&self.number, 16..17).parse::<u8>().is_ok_and(|digit| digit % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// Division of the first registration, six digits of GB/T 2260 as of that day.
    pub fn division(&self) -> &str {
        part(&self.number, 0..6)
    }

    /// First three and last four characters, the rest hidden (PI-4).
    pub fn mask(&self) -> String {
        super::mask(&self.number)
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.mask())
    }
}

impl fmt::Display for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.number)
    }
}
