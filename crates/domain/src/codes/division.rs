//! 行政区划代码 (GB/T 2260 and the statistical codes below it): provinces, cities and counties of the country, towns of
//! Shandong.

use std::sync::LazyLock;

use super::{Code, CodeError, clip, part};

/// A division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Division {
    code: &'static str,
    name: &'static str,
    statistical: bool,
}

/// Level of a division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省级.
    Province,
    /// 地级.
    Prefecture,
    /// 县级.
    County,
    /// 乡级.
    Town,
}

/// Names at prefecture level that only group the counties of a municipality or under a province.
const GROUPS: [&str; 4] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/// In order of their codes, as the file is; a test checks that.
static ALL: LazyLock<Vec<Division>> = LazyLock::new(|| {
    let rows = include_str!("../../data/divisions.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut fields = row.split(',');
        let (code, name, note) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Division { code, name, statistical: note == "statistical" })
    })
    .collect()
});

/// All divisions in order of their codes.
pub fn all() -> &'static [Division] {
    &ALL
}

/// A division by its code of 6, 9 or 12 digits; in longer forms the missing levels are zeros.
///
/// # Errors
/// A code that is not digits of that length, or that is not in the list (villages are not).
pub fn get(code: &str) -> Result<&'static Division, CodeError> {
    if code.is_empty() {
        return Err(CodeError::Empty(Code::Division));
    }
    super::characters(Code::Division, code, 0, |c| c.is_ascii_digit())?;
    if !matches!(code.len(), 6 | 9 | 12) {
        return Err(CodeError::Length { code: Code::Division, expected: "6/9/12".into(), found: code.len() });
    }
    let unlisted = || CodeError::Unlisted { code: Code::Division, found: clip(code) };
    if code.len() == 12 && part(code, 9..12) != "000" {
        return Err(unlisted());
    }
    let short =
        if matches!(part(code, 6..code.len()), "" | "000" | "000000") { part(code, 0..6) } else { part(code, 0..9) };
    find(short).ok_or_else(unlisted)
}

fn find(code: &str) -> Option<&'static Division> {
    all().binary_search_by(|d| d.code.cmp(code)).ok().and_then(|at| all().get(at))
}

impl Division {
    /// Six digits, nine for a town.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The statistical code of twelve digits.
    pub fn code12(&self) -> String {
        format!("{:0<12}", self.code)
    }

    /// Its own name: 黄岛区.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its level, which follows from the code.
    pub fn level(&self) -> Level {
        match self.code {
            code if code.len() > 6 => Level::Town,
            code if code.ends_with("0000") => Level::Province,
            code if code.ends_with("00") => Level::Prefecture,
            _ => Level::County,
        }
    }

    /// True for zones that exist for statistics only and are no divisions of GB/T 2260 (known for Shandong).
    pub fn is_statistical(&self) -> bool {
        self.statistical
    }

    /// The division above; a province has none.
    pub fn parent(&self) -> Option<&'static Division> {
        match self.level() {
            Level::Province => None,
            Level::Prefecture => find(&format!("{}0000", part(self.code, 0..2))),
            Level::County => find(&format!("{}00", part(self.code, 0..4))),
            Level::Town => find(part(self.code, 0..6)),
        }
    }

    /// The divisions right below, in order.
    pub fn children(&'static self) -> impl Iterator<Item = &'static Division> {
        let from = all().partition_point(|d| d.code <= self.code);
        let prefix = match self.level() {
            Level::Province => part(self.code, 0..2),
            Level::Prefecture => part(self.code, 0..4),
            Level::County | Level::Town => self.code,
        };
        let below = all().get(from..).unwrap_or_default().iter().take_while(move |d| d.code.starts_with(prefix));
        below.filter(move |d| d.parent() == Some(self))
    }

    /// The name with those above it, without names that only group: 山东省青岛市黄岛区, 北京市东城区.
    pub fn full_name(&self) -> String {
        let above = self.parent().map(Division::full_name).unwrap_or_default();
        if GROUPS.contains(&self.name) { above } else { above + self.name }
    }
}
