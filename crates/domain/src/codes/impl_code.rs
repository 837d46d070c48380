//! Codes of service matters: 基本编码 (12), 实施编码 (31) and 业务办理项编码 (33).
//!
//! Some provinces use other layouts (with hyphens, 38 and more characters); those are kept as text by the catalogue and
//! are not read here.

use std::fmt;

use super::citizen_id::is_province;
use super::uscc::{self, Uscc};
use super::{Code, CodeError, Part, characters, length, part};

/// 基本编码: 2 catalogue owner + 2 type of matter + 5 main item + 3 sub-item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasicCode(String);

/// 实施编码: 18 credit code of the implementing body + 1 level + 12 basic code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImplCode {
    body: Uscc,
    level: u8,
    basic: BasicCode,
}

/// 业务办理项编码: an implementing code and two digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessItem {
    matter: ImplCode,
    sequence: u8,
}

/// Reads an implementing code of 31 characters.
///
/// # Errors
/// Another length (33 is a business item), a wrong credit code, a level outside 1 to 7, wrong characters in the basic code.
pub fn parse(value: &str) -> Result<ImplCode, CodeError> {
    length(Code::ImplCode, value, 31)?;
    matter(Code::ImplCode, value)
}

/// Reads a business-item code of 33 characters.
///
/// # Errors
/// As [`parse`], and anything but two digits at the end.
pub fn parse_business_item(value: &str) -> Result<BusinessItem, CodeError> {
    length(Code::BusinessItem, value, 33)?;
    let matter = matter(Code::BusinessItem, value)?;
    let digits = part(value, 31..33);
    characters(Code::BusinessItem, digits, 31, |c| c.is_ascii_digit())?;
    Ok(BusinessItem { matter, sequence: digits.parse().unwrap_or_default() })
}

/// Reads a basic code of 12 characters.
///
/// # Errors
/// Another length, no province (00 = national catalogue), wrong characters.
pub fn parse_basic(value: &str) -> Result<BasicCode, CodeError> {
    length(Code::BasicCode, value, 12)?;
    basic(Code::BasicCode, value, 0)
}

/// Makes an implementing code of a body, a level from 1 to 7 and a basic code.
///
/// # Errors
/// A wrong credit code, level or basic code.
pub fn compose(body: &str, level: u8, basic: &str) -> Result<ImplCode, CodeError> {
    let body = uscc::parse(body)?;
    let basic = parse_basic(basic)?;
    if !(1..=7).contains(&level) {
        let found = level.to_string();
        return Err(CodeError::Part { code: Code::ImplCode, part: Part::Level, position: 19, found });
    }
    Ok(ImplCode { body, level, basic })
}

/// The first 31 of 31 or 33 characters.
fn matter(code: Code, value: &str) -> Result<ImplCode, CodeError> {
    characters(code, value, 0, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
    // Its own position and reason, but the name of the code that the person typed.
    let body = uscc::parse(part(value, 0..18)).map_err(|error| match error {
        CodeError::Character { position, found, .. } => CodeError::Character { code, position, found },
        CodeError::Check { position, .. } => CodeError::Check { code, position },
        other => other,
    })?;
    let digit = part(value, 18..19);
    let level = digit.parse().ok().filter(|level| (1..=7).contains(level));
    let level =
        level.ok_or_else(|| CodeError::Part { code, part: Part::Level, position: 19, found: digit.to_owned() })?;
    Ok(ImplCode { body, level, basic: basic(code, part(value, 19..31), 19)? })
}

fn basic(code: Code, value: &str, offset: usize) -> Result<BasicCode, CodeError> {
    let digit = |c: char| c.is_ascii_digit();
    // The item holds a department and a serial, which may use letters; I and O are left out as in all codes of this family.
    let item = |c: char| digit(c) || (c.is_ascii_uppercase() && !matches!(c, 'I' | 'O'));
    characters(code, value, offset, |c| c.is_ascii())?;
    characters(code, part(value, 0..4), offset, digit)?;
    characters(code, part(value, 4..9), offset + 4, item)?;
    characters(code, part(value, 9..12), offset + 9, digit)?;
    let province = part(value, 0..2);
    if province != "00" && !is_province(province) {
        let found = province.to_owned();
        return Err(CodeError::Part { code, part: Part::Province, position: offset + 1, found });
    }
    Ok(BasicCode(value.to_owned()))
}

impl BasicCode {
    /// The 12 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Owner of the catalogue: 00 the nation, else the first two digits of the province.
    pub fn owner(&self) -> &str {
        part(&self.0, 0..2)
    }

    /// 事项类型, two digits: 01 licensing, 05 payment, 07 confirmation, 20 public service … The list is not closed here.
    pub fn matter_type(&self) -> &str {
        part(&self.0, 2..4)
    }

    /// Main item, five characters.
    pub fn item(&self) -> &str {
        part(&self.0, 4..9)
    }

    /// Sub-item, three digits; 000 = none.
    pub fn sub_item(&self) -> &str {
        part(&self.0, 9..12)
    }
}

impl ImplCode {
    /// The implementing body 实施主体.
    pub fn body(&self) -> &Uscc {
        &self.body
    }

    /// 行使层级, 1 national to 7.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// The basic code.
    pub fn basic(&self) -> &BasicCode {
        &self.basic
    }
}

impl BusinessItem {
    /// The matter.
    pub fn matter(&self) -> &ImplCode {
        &self.matter
    }

    /// Which item of the matter, 0 to 99.
    pub fn sequence(&self) -> u8 {
        self.sequence
    }
}

impl fmt::Display for BasicCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ImplCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.body, self.level, self.basic)
    }
}

impl fmt::Display for BusinessItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.matter, self.sequence)
    }
}
