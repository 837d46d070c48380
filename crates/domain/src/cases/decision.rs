//! What is decided about an application, on what, and what is checked afterwards.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::DocumentRef;
use crate::catalog::StepKind;
use crate::text::Text;
use crate::time::Timestamp;

/// An opinion given in one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// Which step.
    pub step: StepKind,
    /// Proposes to grant (true) or to refuse.
    pub favourable: bool,
    /// Reasons.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What the rules said, as far as the case needs it; the whole record is kept beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleDecision {
    /// `approve`, `refuse_proposed` or `manual`.
    pub outcome: String,
    /// Rule id.
    pub rule: String,
    /// Version of the matter under which it ran.
    pub version: String,
    /// SHA-256 of the rule files, hex.
    pub sha256: String,
    /// Rows that fired.
    pub fired: Vec<String>,
    /// The sentence for the applicant.
    pub reason: Text,
    /// SHA-256 of the record, hex: the inputs with their sources and the trace of every cell, which are kept beside the case.
    /// Empty where none is.
    #[serde(default)]
    pub record_sha256: String,
}

/// The decision of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Granted or refused.
    pub granted: bool,
    /// When.
    pub at: Timestamp,
    /// By whom: a name, or the rule.
    pub by: String,
    /// Reasons (mandatory for a refusal, AL 38).
    pub reasons: Text,
    /// Made by rules without a person.
    pub automatic: bool,
    /// The sealed document.
    pub document: DocumentRef,
    /// Remedies of a refusal, with dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedies: Option<Remedies>,
}

/// Remedies 救济途径 with their last days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedies {
    /// Last day for administrative reconsideration (行政复议法 20).
    pub reconsideration_until: Date,
    /// Last day for a lawsuit (行政诉讼法 46).
    pub lawsuit_until: Date,
}

/// A check that falls due after the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AfterCheck {
    /// Why it exists.
    pub kind: CheckKind,
    /// The end of its last day, 24:00; [`AfterCheck::last_day`] is what people read.
    pub due: Timestamp,
    /// From when its period runs, so that a new calendar can move `due`; absent in facts written before 2026-11-22.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// It fell due before anybody did it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// The result, once there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<CheckResult>,
}

impl AfterCheck {
    /// The last day on which it is in time. The period runs until that day's end, which is the next day's beginning.
    pub fn last_day(&self) -> Date {
        self.due.plus_seconds(-1).date()
    }
}

/// Why a check falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The promise is verified (PR-5).
    Pledge,
    /// The bureau's share of automatic approvals.
    Sample,
    /// The applicant asked for a person (PIPL 24).
    Asked,
    /// An earlier check found something wrong: is it put right by now 整改复查? It comes back until it is, or until the
    /// licence has ended.
    FollowUp,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The decision stands.
    pub confirmed: bool,
    /// What was found.
    pub note: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
