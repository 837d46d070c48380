//! Codes of the state: who someone is, which body, matter, licence, place or trade is meant.
//!
//! Each module reads one code strictly, as printed. What a person typed goes through [`normalise`] first, which repairs
//! case, width and blanks. Errors name the code, the place and the reason; [`CodeError::explain`] says what to do.

pub mod citizen_id;
pub mod division;
pub mod document;
mod error;
pub mod impl_code;
pub mod industry;
pub mod licence_id;
pub mod name;
pub mod phone;
pub mod project;
pub mod uscc;

pub use error::{Code, CodeError, Part};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

use crate::text::Text;

/// The codes that `yichuang code check` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// 统一社会信用代码 (GB 32100).
    Uscc,
    /// 公民身份号码 (GB 11643).
    CitizenId,
    /// 电子证照标识 (GB/T 36904).
    LicenceId,
    /// 实施编码, 31 characters.
    ImplCode,
}

impl CodeKind {
    /// All kinds, in the order in which help lists them.
    pub const ALL: [CodeKind; 4] = [CodeKind::Uscc, CodeKind::CitizenId, CodeKind::LicenceId, CodeKind::ImplCode];

    /// The word of the command line: `citizen-id`.
    pub fn as_str(self) -> &'static str {
        match self {
            CodeKind::Uscc => "uscc",
            CodeKind::CitizenId => "citizen-id",
            CodeKind::LicenceId => "licence-id",
            CodeKind::ImplCode => "impl-code",
        }
    }
}

impl fmt::Display for CodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind of code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of code; use uscc, citizen-id, licence-id or impl-code")]
pub struct UnknownKind(pub String);

impl FromStr for CodeKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        CodeKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownKind(clip(word)))
    }
}

/// The answer about one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The code as it was given.
    pub value: String,
    /// Whether it can be such a code.
    pub valid: bool,
    /// What is wrong and what to do; absent when valid.
    pub reason: Option<Text>,
}

/// Checks a code exactly as given: no blanks, no lower case, no full-width characters.
///
/// `today` is the legal day, because nobody is born later.
pub fn check(kind: CodeKind, value: &str, today: Date) -> Verdict {
    let result = match kind {
        CodeKind::Uscc => uscc::parse(value).map(drop),
        CodeKind::CitizenId => citizen_id::parse(value, today).map(drop),
        CodeKind::LicenceId => licence_id::parse(value).map(drop),
        CodeKind::ImplCode => impl_code::parse(value).map(drop),
    };
    Verdict { value: value.to_owned(), valid: result.is_ok(), reason: result.err().map(|error| error.explain()) }
}

/// Repairs what people type: blanks and hyphens out, full-width letters and digits to ASCII, letters to capitals.
///
/// Not for codes with hyphens of their own (project codes) or with meaning in their case.
pub fn normalise(value: &str) -> String {
    value
        .chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}' | '\u{feff}'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Full-width forms U+FF01..U+FF5E to ASCII.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Hides the middle of a number of a person: the first three and the last four characters stay (PI-4). Seven characters or
/// fewer keep only the first.
pub fn mask(value: &str) -> String {
    let count = value.chars().count();
    let (head, tail) = if count > 7 { (3, 4) } else { (1.min(count), 0) };
    value.chars().enumerate().map(|(i, c)| if i < head || i >= count - tail { c } else { '*' }).collect()
}

/// At most 32 characters of something that was typed, for an error.
fn clip(value: &str) -> String {
    value.chars().take(32).collect()
}

/// Refuses an empty value or another number of characters than `expected`.
fn length(code: Code, value: &str, expected: usize) -> Result<(), CodeError> {
    match value.chars().count() {
        0 => Err(CodeError::Empty(code)),
        found if found != expected => Err(CodeError::Length { code, expected: expected.to_string(), found }),
        _ => Ok(()),
    }
}

/// Refuses the first character that `allowed` does not take; `offset` characters of the code lie before `value`.
fn characters(code: Code, value: &str, offset: usize, allowed: impl Fn(char) -> bool) -> Result<(), CodeError> {
    match value.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((index, found)) => Err(CodeError::Character { code, position: offset + index + 1, found }),
        None => Ok(()),
    }
}

/// Part of a code known to be ASCII; empty when out of range, which the length check before excludes.
fn part(value: &str, range: std::ops::Range<usize>) -> &str {
    value.get(range).unwrap_or_default()
}
