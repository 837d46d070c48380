//! Lint.
use super::finding::{self, Finding};
use super::load::{self, Files};

/// Every finding about a catalogue.
pub fn lint(files: &Files) -> Vec<Finding> {
    let (_catalogue, mut findings) = load::read(files);
    finding::sort(&mut findings);
    findings
}
