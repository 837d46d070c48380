//! Telephone numbers of the mainland: mobile, and landline with area code.

use std::fmt;

use super::{Code, CodeError, Part, clip, narrow};

/// A telephone number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Phone {
    /// Eleven digits from 13 to 19.
    Mobile(String),
    /// Area code with its zero, number, extension if any.
    Landline {
        /// 010, 02x or four digits.
        area: String,
        /// Seven or eight digits; eight in cities with a code of three.
        number: String,
        /// One to six digits.
        extension: Option<String>,
    },
}

/// Reads `13800000000` or `0532-88880000` or `0532-88880000-123`.
///
/// # Errors
/// Anything else; [`normalise`] repairs blanks, brackets and the country code first.
pub fn parse(value: &str) -> Result<Phone, CodeError> {
    if value.is_empty() {
        return Err(CodeError::Empty(Code::Phone));
    }
    let wrong = || CodeError::Part { code: Code::Phone, part: Part::PhoneForm, position: 1, found: clip(value) };
    let groups: Vec<&str> = value.splitn(4, '-').collect();
    if groups.iter().any(|g| g.is_empty() || !g.chars().all(|c| c.is_ascii_digit())) {
        return Err(wrong());
    }
    match *groups.as_slice() {
        [mobile] if is_mobile(mobile) => Ok(Phone::Mobile(mobile.to_owned())),
        [area, number] if is_landline(area, number) => {
            Ok(Phone::Landline { area: area.to_owned(), number: number.to_owned(), extension: None })
        }
        [area, number, extension] if is_landline(area, number) && extension.len() <= 6 => Ok(Phone::Landline {
            area: area.to_owned(),
            number: number.to_owned(),
            extension: Some(extension.to_owned()),
        }),
        _ => Err(wrong()),
    }
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11
        && digits.starts_with('1')
        && digits.get(1..2).is_some_and(|second| ("3"..="9").contains(&second))
}

/// Numbers of subscribers begin with 2 to 8; 1 and 9 are services, 0 is the trunk.
fn is_landline(area: &str, number: &str) -> bool {
    let lengths = match area.len() {
        3 if area == "010" || area.starts_with("02") => 8..=8,
        4 if area.starts_with('0') && area.get(1..2).is_some_and(|second| ("3"..="9").contains(&second)) => 7..=8,
        _ => return false,
    };
    lengths.contains(&number.len()) && number.starts_with(['2', '3', '4', '5', '6', '7', '8'])
}

/// What people type, repaired: half width, blanks and brackets out, +86 and 0086 off, the hyphens of a mobile number out, a
/// hyphen behind an area code of three digits or four put in.
pub fn normalise(value: &str) -> String {
    let text: String = value.chars().map(narrow).filter(|c| c.is_ascii_digit() || matches!(c, '-' | '+')).collect();
    let text = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(&text).trim_start_matches('-');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if is_mobile(&digits) {
        return digits;
    }
    if text.contains('-') || !text.starts_with('0') {
        return text.to_owned();
    }
    let at = if text.starts_with("010") || text.starts_with("02") { 3 } else { 4 };
    match text.split_at_checked(at) {
        Some((area, number)) if !number.is_empty() => format!("{area}-{number}"),
        _ => text.to_owned(),
    }
}

impl Phone {
    /// First three and last four digits, the rest hidden (PI-4).
    pub fn mask(&self) -> String {
        super::mask(&self.to_string())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Phone::Mobile(number) => f.write_str(number),
            Phone::Landline { area, number, extension: None } => write!(f, "{area}-{number}"),
            Phone::Landline { area, number, extension: Some(extension) } => write!(f, "{area}-{number}-{extension}"),
        }
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.mask())
    }
}
