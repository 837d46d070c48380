//! 统一社会信用代码 (GB 32100-2015).

use std::fmt;

use super::{Code, CodeError, characters, length, part};

/// The 31 characters of the code; the value of each is its place.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code with a right check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

/// True for the characters of the code: digits and capitals without I, O, S, V and Z.
pub(super) fn is_character(c: char) -> bool {
    ALPHABET.contains(c)
}

/// Reads a code as printed.
///
/// # Errors
/// Length other than 18, a character outside the alphabet, a letter in the area, a wrong check character.
pub fn parse(value: &str) -> Result<Uscc, CodeError> {
    length(Code::Uscc, value, 18)?;
    characters(Code::Uscc, value, 0, is_character)?;
    characters(Code::Uscc, part(value, 2..8), 2, |c| c.is_ascii_digit())?;
    if value.chars().last() != check_character(part(value, 0..17)) {
        return Err(CodeError::Check { code: Code::Uscc, position: 18 });
    }
    Ok(Uscc(value.to_owned()))
}

/// The 18th character for the first 17: weights are the powers of 3 modulo 31. `None` when a character is not of the alphabet.
pub fn check_character(first17: &str) -> Option<char> {
    let mut sum = 0;
    let mut weight = 1;
    for c in first17.chars() {
        sum += ALPHABET.find(c)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

/// What people type, repaired: blanks and hyphens out, capitals, half width.
pub fn normalise(value: &str) -> String {
    super::normalise(value)
}

impl Uscc {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 登记管理部门代码, the first character: 1 staffing, 5 civil affairs, 9 market regulation …
    pub fn department(&self) -> &str {
        part(&self.0, 0..1)
    }

    /// 机构类别代码, the second character: 1 enterprise, 2 individual business, 3 farmers' cooperative under 9 …
    pub fn category(&self) -> &str {
        part(&self.0, 1..2)
    }

    /// 登记管理机关行政区划码: six digits of GB/T 2260 as of the day of registration, so it may be out of today's list.
    pub fn division(&self) -> &str {
        part(&self.0, 2..8)
    }

    /// 主体标识码: the organisation code with its own check character (GB 11714).
    pub fn organisation(&self) -> &str {
        part(&self.0, 8..17)
    }

    /// True when the inner check of the organisation code fits. A mismatch is a warning, never a refusal: some codes of
    /// individual businesses do not follow it.
    pub fn inner_check_fits(&self) -> bool {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let value = |c: char| c.to_digit(36).unwrap_or(0);
        let sum: u32 = self.organisation().chars().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
        let expected = match 11 - sum % 11 {
            10 => Some('X'),
            11 => Some('0'),
            digit => char::from_digit(digit, 10),
        };
        self.organisation().chars().last() == expected
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
