//! What is wrong with a catalogue file, where, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The catalogue must not be published with it.
    Error,
    /// Worth a look; does not stop publication.
    Warning,
}

/// One finding of the loader or the lint, for the person who wrote the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Path inside the catalogue folder, with `/`: `matters/food-operation/form.json`.
    pub file: String,
    /// Line in that file, counted from 1; 1 as well when the whole file is meant.
    pub line: usize,
    /// Stable name of the check, for tests and for looking it up: `material-article`.
    pub check: &'static str,
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub fix: Text,
    /// How bad it is.
    pub severity: Severity,
}

impl Finding {
    /// An error about the place `line` of `file`.
    pub fn error(file: &str, line: usize, check: &'static str, message: Text, fix: Text) -> Finding {
        Finding { file: file.to_owned(), line, check, message, fix, severity: Severity::Error }
    }

    /// The same finding as a warning.
    pub fn warning(self) -> Finding {
        Finding { severity: Severity::Warning, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{}:{}: {word} [{}]", self.file, self.line, self.check)?;
        writeln!(f, "  {} {}", self.message.zh, self.fix.zh)?;
        write!(f, "  {} {}", self.message.en, self.fix.en)
    }
}

/// True when a list of findings holds an error.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Sorts findings as a person reads them: by file, then line, errors first.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        (&a.file, a.line, a.severity, a.check, &a.message.zh).cmp(&(
            &b.file,
            b.line,
            b.severity,
            b.check,
            &b.message.zh,
        ))
    });
    findings.dedup();
}
