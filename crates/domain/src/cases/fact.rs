//! What happened to a case: the entries of its journal.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::{
    AfterCheck, Application, CheckKind, CheckResult, CorrectionNotice, Decision, DocumentRef, LicenceRef, Opinion,
    Origin, Point, RuleDecision, Verdict,
};
use super::duties::DutyKind;
use crate::accounts::Party;
use crate::catalog::{ProjectType, SpecialKind, StepKind};
use crate::ids::CaseId;
use crate::time::{CaseClocks, Timestamp};

/// The head of a case: everything that never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Its id.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// Slug of the matter.
    pub matter: String,
    /// Version of the matter.
    pub matter_version: i64,
    /// Whether it is to be decided on the spot.
    pub project_type: ProjectType,
    /// Deciding department.
    pub department: String,
    /// Deciding district.
    pub district: String,
    /// Who applies.
    pub applicant: Party,
    /// Who acts for the applicant.
    pub agent: Option<Party>,
    /// Account that sent it.
    pub filed_by: String,
    /// How it came.
    pub origin: Origin,
    /// The application.
    pub application: Application,
}

/// Why a case was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NonAcceptance {
    /// AL 32(1): no licence is needed for this.
    NotNeeded,
    /// AL 32(2): another authority decides.
    WrongAuthority {
        /// Which one.
        authority: String,
    },
    /// AC-3: the resubmission still lacks what the notice listed.
    StillLacking {
        /// Those points.
        points: Vec<Point>,
    },
    /// AC-4: nothing was handed in within the notified time.
    NotSupplied,
    /// AL 78: barred from applying again for a time.
    Barred,
}

/// One fact. `kind()` is the journal's column; the rest is the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// The case exists; sent for feedback before filing.
    Opened {
        /// Its head.
        opening: Box<Opening>,
    },
    /// 网上反馈.
    FeedbackGiven {
        /// What to improve; empty = ready to file.
        points: Vec<Point>,
    },
    /// The applicant changed the application before filing.
    Revised {
        /// The new version.
        application: Box<Application>,
    },
    /// 收件.
    Filed {
        /// When it entered the system.
        at: Timestamp,
        /// The sealed receipt; absent where the decision came in the same moment, and in facts before 2026-11-22.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<DocumentRef>,
    },
    /// AL 32(3) 当场更正.
    CorrectedOnSpot {
        /// The new version.
        application: Box<Application>,
        /// What was corrected.
        note: String,
    },
    /// Verdicts on materials.
    VerdictsGiven {
        /// Slot and verdict.
        verdicts: Vec<(String, Verdict)>,
    },
    /// AL 32(4) 一次性告知.
    CorrectionRequested {
        /// The notice.
        notice: CorrectionNotice,
        /// Raised on new defects after a resubmission.
        further: bool,
    },
    /// 补正材料.
    Resubmitted {
        /// The new version.
        application: Box<Application>,
        /// What changed.
        changed: Vec<String>,
        /// When it was received.
        at: Timestamp,
    },
    /// 不予受理.
    NotAccepted {
        /// Ground.
        ground: NonAcceptance,
        /// Reasons in words.
        reasons: String,
        /// The sealed document.
        document: DocumentRef,
    },
    /// 受理 or 视为受理.
    Accepted {
        /// From when it counts.
        effective: Timestamp,
        /// By silence.
        deemed: bool,
        /// The sealed document.
        document: DocumentRef,
        /// Both clocks.
        clocks: Box<CaseClocks>,
        /// First step.
        step: StepKind,
    },
    /// The rules ran and left it to people.
    RulesRan {
        /// What they said.
        rules: Box<RuleDecision>,
    },
    /// An opinion was given and the case moved on.
    OpinionGiven {
        /// The opinion.
        opinion: Opinion,
        /// Who acts next.
        next: StepKind,
    },
    /// The approver sent it back.
    Returned {
        /// Why.
        reason: String,
        /// To whom.
        to: StepKind,
    },
    /// The clock stopped for a special procedure notified in writing (AL 45).
    Paused {
        /// Which procedure.
        procedure: SpecialKind,
        /// Expected working days, as notified.
        working_days: u32,
        /// The clocks after stopping.
        clocks: Box<CaseClocks>,
        /// The notice.
        document: DocumentRef,
    },
    /// The clock runs again.
    Resumed {
        /// The clocks after.
        clocks: Box<CaseClocks>,
    },
    /// AL 42: extended once.
    Extended {
        /// Why.
        reason: String,
        /// The clocks after.
        clocks: Box<CaseClocks>,
        /// The notice.
        document: DocumentRef,
    },
    /// Granted or refused, by a person or by rules.
    Decided {
        /// The decision.
        decision: Box<Decision>,
        /// What the rules said, when they decided.
        rules: Option<Box<RuleDecision>>,
    },
    /// A check falls due.
    CheckOrdered {
        /// Which and when.
        check: AfterCheck,
    },
    /// A check was carried out.
    CheckDone {
        /// Which.
        kind: CheckKind,
        /// Result.
        result: CheckResult,
    },
    /// 制证.
    LicenceIssued {
        /// The licence.
        licence: LicenceRef,
    },
    /// 送达.
    Delivered {
        /// How: `download`, `window`.
        method: String,
    },
    /// 办结.
    Closed,
    /// 撤回.
    Withdrawn {
        /// Why, if said.
        reason: String,
    },
    /// 终止.
    Terminated {
        /// Why.
        reason: String,
    },
    /// The working-day calendar changed and open deadlines were computed anew.
    DeadlinesRecomputed {
        /// Last day of the correction notice, when one is open.
        correction_until: Option<Date>,
        /// Whether that day still rests on a provisional calendar.
        #[serde(default)]
        provisional: bool,
        /// Open checks with their new dates.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        checks: Vec<(CheckKind, Timestamp)>,
        /// The dates that are others now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<Moved>,
    },
}

/// A duty whose legal day is another one under the new calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which duty.
    pub duty: DutyKind,
    /// Its last day before.
    pub from: Date,
    /// Its last day now.
    pub to: Date,
}

impl Fact {
    /// The sealed document that the fact names.
    pub fn document(&self) -> Option<&DocumentRef> {
        match self {
            Fact::Filed { document, .. } => document.as_ref(),
            Fact::CorrectionRequested { notice, .. } => Some(&notice.document),
            Fact::Decided { decision, .. } => Some(&decision.document),
            Fact::NotAccepted { document, .. }
            | Fact::Accepted { document, .. }
            | Fact::Paused { document, .. }
            | Fact::Extended { document, .. } => Some(document),
            _ => None,
        }
    }

    /// Names the document that was sealed for the fact; nothing for a fact that calls for none.
    pub fn set_document(&mut self, sealed: DocumentRef) {
        match self {
            Fact::Filed { document, .. } => *document = Some(sealed),
            Fact::CorrectionRequested { notice, .. } => notice.document = sealed,
            Fact::Decided { decision, .. } => decision.document = sealed,
            Fact::NotAccepted { document, .. }
            | Fact::Accepted { document, .. }
            | Fact::Paused { document, .. }
            | Fact::Extended { document, .. } => *document = sealed,
            _ => {}
        }
    }
}

impl Fact {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Fact::Opened { .. } => "case.opened",
            Fact::FeedbackGiven { .. } => "case.feedback-given",
            Fact::Revised { .. } => "case.revised",
            Fact::Filed { .. } => "case.filed",
            Fact::CorrectedOnSpot { .. } => "case.corrected-on-spot",
            Fact::VerdictsGiven { .. } => "case.verdicts-given",
            Fact::CorrectionRequested { .. } => "case.correction-requested",
            Fact::Resubmitted { .. } => "case.resubmitted",
            Fact::NotAccepted { .. } => "case.not-accepted",
            Fact::Accepted { .. } => "case.accepted",
            Fact::RulesRan { .. } => "case.rules-ran",
            Fact::OpinionGiven { .. } => "case.opinion-given",
            Fact::Returned { .. } => "case.returned",
            Fact::Paused { .. } => "case.paused",
            Fact::Resumed { .. } => "case.resumed",
            Fact::Extended { .. } => "case.extended",
            Fact::Decided { .. } => "case.decided",
            Fact::CheckOrdered { .. } => "case.check-ordered",
            Fact::CheckDone { .. } => "case.check-done",
            Fact::LicenceIssued { .. } => "case.licence-issued",
            Fact::Delivered { .. } => "case.delivered",
            Fact::Closed => "case.closed",
            Fact::Withdrawn { .. } => "case.withdrawn",
            Fact::Terminated { .. } => "case.terminated",
            Fact::DeadlinesRecomputed { .. } => "case.deadlines-recomputed",
        }
    }
}
