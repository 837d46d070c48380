//! What a check found, in words for people.

use domain::text::Text;
use serde::{Deserialize, Serialize};

/// Which question a [`Check`] answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckName {
    /// Are the bytes canonical JSON?
    Canonical,
    /// Has the file the fields that it must have, and no others?
    Schema,
    /// Does the licence identifier follow GB/T 36904, check character included?
    Identifier,
    /// Is the algorithm the one that is required?
    Algorithm,
    /// Does the signature fit the bytes?
    Signature,
    /// Does the signer's certificate lead to a trusted root?
    Chain,
    /// Was it signed while the certificate was valid, and not in the future?
    SigningTime,
    /// Is the issuer named in the file the one named in the certificate?
    Issuer,
    /// Does the QR code say the same, and is it signed by the same body?
    Qr,
    /// Is a status list recent enough to rely on?
    Fresh,
    /// Does the signature cover the whole file, with nothing outside of it?
    Coverage,
    /// Are the digests of all parts right?
    Digests,
    /// Do signature, seal and file belong together?
    Binding,
    /// Does the seal list its user?
    SealSigner,
    /// Was the seal made by a trusted maker, and not changed since?
    SealMaker,
    /// Does a trusted time stamp vouch for the time of signing?
    TimeStamp,
    /// Do the long-term data belong to the signature, and do they revoke nobody?
    LongTerm,
    /// Is the licence data inside validly signed?
    Embedded,
    /// Is the checkpoint signed by the public log?
    LogCheckpoint,
    /// Has an outside witness countersigned it?
    Witnessed,
    /// Is the entry in the tree of the checkpoint?
    LogInclusion,
    /// Is the entry about this licence?
    LogEntry,
    /// Is the licence in the public log at all, or young enough to be missing there?
    Logged,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The question.
    pub name: CheckName,
    /// Whether the answer is good.
    pub ok: bool,
    /// The answer in words.
    pub detail: Text,
}

/// The outcome of verifying a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report<T> {
    /// True only if every check is good.
    pub valid: bool,
    /// The checks in the order in which they were made. A check that could not be made because an earlier one failed is
    /// listed as failed, never left out.
    pub checks: Vec<Check>,
    /// What the file says, when it could be read. Believe it only if `valid`.
    pub content: Option<T>,
}

impl<T> Report<T> {
    /// The check of a name, if it was made.
    pub fn check(&self, name: CheckName) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The names of the checks that failed.
    pub fn failed(&self) -> Vec<CheckName> {
        self.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
    }
}

/// Collects checks on the way through a verification.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Check>);

impl Checks {
    pub(crate) fn add(&mut self, name: CheckName, ok: bool, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Check { name, ok, detail: Text::new(zh, en) });
    }

    pub(crate) fn add_text(&mut self, name: CheckName, answer: Result<Text, Text>) {
        let (ok, detail) = match answer {
            Ok(detail) => (true, detail),
            Err(detail) => (false, detail),
        };
        self.0.push(Check { name, ok, detail });
    }

    pub(crate) fn fail_unmade(&mut self, names: &[CheckName]) {
        for name in names {
            self.add(*name, false, "前一项检查未通过，此项无法检查", "not checked, because an earlier check failed");
        }
    }

    pub(crate) fn report<T>(self, content: Option<T>) -> Report<T> {
        let valid = content.is_some() && !self.0.is_empty() && self.0.iter().all(|check| check.ok);
        Report { valid, checks: self.0, content }
    }
}
