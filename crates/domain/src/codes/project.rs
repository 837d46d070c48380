//! 投资项目代码: `2026-370211-62-03-000001`, year, division, industry, kind, sequence.

use std::fmt;

use super::citizen_id::is_province;
use super::{Code, CodeError, Part, characters, clip, industry, length, part};

/// How the project is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProjectKind {
    /// 01 审批: government investment.
    Approval,
    /// 02 核准: enterprises, in the catalogue of the government.
    Verification,
    /// 03 备案: all other enterprises.
    Record,
}

/// A project code of 24 characters. It has no check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectCode(String);

/// Reads a code with its hyphens.
///
/// # Errors
/// Length other than 24, hyphens elsewhere, an impossible year, province, industry or kind.
pub fn parse(value: &str) -> Result<ProjectCode, CodeError> {
    let code = Code::Project;
    length(code, value, 24)?;
    characters(code, value, 0, |c| c.is_ascii_digit() || c == '-')?;
    let wrong = |part, position, found: &str| CodeError::Part { code, part, position, found: clip(found) };
    let groups: Vec<usize> = value.split('-').map(str::len).collect();
    if groups != [4, 6, 2, 2, 6] {
        return Err(wrong(Part::Hyphens, 1, value));
    }
    let project = ProjectCode(value.to_owned());
    // Codes have been given since 2015; the century bounds typing errors.
    if !(2015..2100).contains(&project.year()) {
        return Err(wrong(Part::Year, 1, part(value, 0..4)));
    }
    if !is_province(part(value, 5..7)) && part(value, 5..7) != "00" {
        return Err(wrong(Part::Province, 6, part(value, 5..7)));
    }
    industry::get(project.industry())?;
    if project.kind().is_none() {
        return Err(wrong(Part::ProjectKind, 16, part(value, 15..17)));
    }
    Ok(project)
}

impl ProjectCode {
    /// The 24 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year of the code.
    pub fn year(&self) -> u16 {
        part(&self.0, 0..4).parse().unwrap_or_default()
    }

    /// Division, six digits.
    pub fn division(&self) -> &str {
        part(&self.0, 5..11)
    }

    /// Two digits of GB/T 4754.
    pub fn industry(&self) -> &str {
        part(&self.0, 12..14)
    }

    /// How it is handled; always present in a code that was read.
    pub fn kind(&self) -> Option<ProjectKind> {
        match part(&self.0, 15..17) {
            "01" => Some(ProjectKind::Approval),
            "02" => Some(ProjectKind::Verification),
            "03" => Some(ProjectKind::Record),
            _ => None,
        }
    }

    /// Six digits of the sequence.
    pub fn sequence(&self) -> &str {
        part(&self.0, 18..24)
    }
}

impl fmt::Display for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
