//! 国民经济行业分类 (GB/T 4754-2017): a letter for the section, two to four digits for division, group and class.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Code, CodeError, clip, part};

/// An entry of the classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry {
    code: &'static str,
    name: &'static str,
}

/// Level of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 门类: `C`.
    Section,
    /// 大类: `C26`.
    Division,
    /// 中类: `C264`.
    Group,
    /// 小类: `C2643`.
    Class,
}

/// In order of their codes, as the file is; a test checks that.
static ALL: LazyLock<Vec<Industry>> = LazyLock::new(|| {
    let rows = include_str!("../../data/industries.csv").lines().skip(1);
    rows.filter_map(|row| row.split_once(',')).map(|(code, name)| Industry { code, name }).collect()
});

/// Digits are unique across sections, so the letter may be left out.
static BY_DIGITS: LazyLock<BTreeMap<&'static str, &'static Industry>> =
    LazyLock::new(|| ALL.iter().filter(|i| i.code.len() > 1).map(|i| (i.digits(), i)).collect());

/// All entries in order of their codes.
pub fn all() -> &'static [Industry] {
    &ALL
}

/// An entry by its code, with the letter of its section or without: `C2643`, `2643`.
///
/// # Errors
/// Anything that is not a code of the classification.
pub fn get(code: &str) -> Result<&'static Industry, CodeError> {
    if code.is_empty() {
        return Err(CodeError::Empty(Code::Industry));
    }
    let found = match code.starts_with(|c: char| c.is_ascii_digit()) {
        true => BY_DIGITS.get(code).copied(),
        false => all().binary_search_by(|i| i.code.cmp(code)).ok().and_then(|at| all().get(at)),
    };
    found.ok_or_else(|| CodeError::Unlisted { code: Code::Industry, found: clip(code) })
}

impl Industry {
    /// With the letter: `C2643`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Without the letter: `2643`; empty for a section.
    pub fn digits(&self) -> &'static str {
        self.code.get(1..).unwrap_or_default()
    }

    /// The Chinese name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its level, which follows from the code.
    pub fn level(&self) -> Level {
        match self.code.len() {
            1 => Level::Section,
            3 => Level::Division,
            4 => Level::Group,
            _ => Level::Class,
        }
    }

    /// The entry above; a section has none.
    pub fn parent(&self) -> Option<&'static Industry> {
        let length = match self.level() {
            Level::Section => return None,
            Level::Division => 1,
            Level::Group => 3,
            Level::Class => 4,
        };
        get(part(self.code, 0..length)).ok()
    }
}
