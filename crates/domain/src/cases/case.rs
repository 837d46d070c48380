//! The state of a case.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Application, CorrectionNotice, MaterialItem, Point, Provided};
use super::decision::{AfterCheck, Decision, Opinion, RuleDecision};
use super::duties::DutyKind;
use super::gaps::{Gap, GapNotice};
use super::renewal::Renewal;
use super::result_way::ResultWay;
use crate::accounts::{MandateRef, Party};
use crate::catalog::{ProjectType, StepKind};
use crate::ids::{CaseId, DocumentId, LicenceId};
use crate::text::Text;
use crate::time::{CaseClocks, Timestamp};

/// Where a case stands. Data that only exists in one state sits in its variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum State {
    /// Sent for informal feedback before filing 预审.
    PreReview,
    /// The clerk has answered; the applicant may change and file 反馈修改.
    Feedback,
    /// Received, not yet accepted 收件.
    Filed,
    /// One-time correction notice is out 补正.
    Correction,
    /// Accepted, in one of the steps 在办.
    InReview {
        /// Who acts next.
        step: StepKind,
    },
    /// 准予: the result is being made.
    Granted,
    /// The licence or document exists and waits for hand-over 制证.
    Issued,
    /// Handed over 送达.
    Delivered,
    /// 办结 with everything done.
    Closed,
    /// 不予受理.
    NotAccepted,
    /// 不予许可.
    Refused,
    /// 撤回申请.
    Withdrawn,
    /// 终止.
    Terminated,
}

impl State {
    /// The stored name, also used in the API and as the key of its printed word.
    pub fn name(&self) -> &'static str {
        match self {
            State::PreReview => "pre-review",
            State::Feedback => "feedback",
            State::Filed => "filed",
            State::Correction => "correction",
            State::InReview { .. } => "in-review",
            State::Granted => "granted",
            State::Issued => "issued",
            State::Delivered => "delivered",
            State::Closed => "closed",
            State::NotAccepted => "not-accepted",
            State::Refused => "refused",
            State::Withdrawn => "withdrawn",
            State::Terminated => "terminated",
        }
    }

    /// The word on the pages.
    pub fn label(&self) -> Text {
        let (zh, en) = match self {
            State::PreReview => ("网上预审中", "Being pre-checked"),
            State::Feedback => ("预审有反馈", "Feedback given"),
            State::Filed => ("已收件，待受理", "Received, awaiting acceptance"),
            State::Correction => ("待补正", "Correction needed"),
            State::InReview { step: StepKind::Decide } => ("待审批", "Awaiting decision"),
            State::InReview { step: StepKind::Inspect } => ("现场核查", "On-site check"),
            State::InReview { .. } => ("审核中", "In review"),
            State::Granted => ("已准予", "Granted"),
            State::Issued => ("已制证，待领取", "Ready for collection"),
            State::Delivered => ("已送达", "Delivered"),
            State::Closed => ("已办结", "Closed"),
            State::NotAccepted => ("不予受理", "Not accepted"),
            State::Refused => ("不予许可", "Refused"),
            State::Withdrawn => ("已撤回", "Withdrawn"),
            State::Terminated => ("已终止", "Terminated"),
        };
        Text::new(zh, en)
    }

    /// True when nothing more will be decided.
    pub fn is_final(&self) -> bool {
        matches!(self, State::Closed | State::NotAccepted | State::Refused | State::Withdrawn | State::Terminated)
    }
}

/// How the application came in 申报来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The web pages.
    Web,
    /// A window, taken by a clerk.
    Window,
    /// Another system.
    Api,
}

/// A sealed document of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Its id.
    pub id: DocumentId,
    /// Its printed number.
    pub number: String,
    /// SHA-256 of the sealed file, hex, so that the journal vouches for it; absent in facts written before 2026-11-22.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl DocumentRef {
    /// A document that has not been sealed yet.
    pub fn new(id: DocumentId, number: impl Into<String>) -> DocumentRef {
        DocumentRef { id, number: number.into(), sha256: None }
    }
}

/// A case 办件.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// 办件编号.
    pub number: String,
    /// Slug of the matter.
    pub matter: String,
    /// Version of the matter under which it was sent: it is decided under that version.
    pub matter_version: i64,
    /// Whether it is to be decided on the spot.
    pub project_type: ProjectType,
    /// Deciding department.
    pub department: String,
    /// Deciding district.
    pub district: String,
    /// Who applies.
    pub applicant: Party,
    /// Who acts for the applicant, when somebody does.
    #[serde(default)]
    pub agent: Option<Party>,
    /// The mandate by which the agent sent it, where it was sent by an authorised clerk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<MandateRef>,
    /// Account that sent it.
    pub filed_by: String,
    /// How it came.
    pub origin: Origin,
    /// The application as it stands now.
    pub application: Application,
    /// Where it stands.
    pub state: State,
    /// When the application was received.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// When it was last resubmitted; the five working days run anew from it.
    #[serde(default)]
    pub resubmitted_at: Option<Timestamp>,
    /// What the clerk said before filing, one list a round.
    #[serde(default)]
    pub feedback: Vec<Vec<Point>>,
    /// The one-time notice.
    #[serde(default)]
    pub correction: Option<CorrectionNotice>,
    /// Later notices on new defects only.
    #[serde(default)]
    pub further_notices: Vec<CorrectionNotice>,
    /// What the last resubmission changed: slots and `form:<field>`.
    #[serde(default)]
    pub changed: Vec<String>,
    /// When the case was accepted, and whether by silence.
    #[serde(default)]
    pub accepted: Option<Acceptance>,
    /// Both clocks, from acceptance on.
    #[serde(default)]
    pub clocks: Option<CaseClocks>,
    /// Last day of the notified time, while a special procedure runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Date>,
    /// Materials that follow after acceptance 容缺, in the order of the matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What the notice of acceptance said about them; none where silence was the acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_notice: Option<GapNotice>,
    /// Opinions in order.
    #[serde(default)]
    pub opinions: Vec<Opinion>,
    /// The last rules run.
    #[serde(default)]
    pub rules: Option<RuleDecision>,
    /// The decision.
    #[serde(default)]
    pub decision: Option<Decision>,
    /// The licence that came of it.
    #[serde(default)]
    pub licence: Option<LicenceRef>,
    /// Checks after the decision.
    #[serde(default)]
    pub checks: Vec<AfterCheck>,
    /// Why it ended without a decision.
    #[serde(default)]
    pub ended: Option<String>,
    /// The licence that it is to renew (AL 50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Renewal>,
    /// The licence that it is to change 变更 (AL 49).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<Amended>,
    /// What was owed and not done by its date; checks say it themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<DutyKind>,
    /// How the result is wanted: what is to be downloaded is handed over at once, everything else waits for a person.
    #[serde(default, skip_serializing_if = "ResultWay::is_download")]
    pub delivery: ResultWay,
}

/// The licence that an application is to change, as it stood when the application was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amended {
    /// Its id.
    pub licence: LicenceId,
    /// Its printed number.
    pub number: String,
}

/// Acceptance 受理.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Instant from which it counts.
    pub effective: Timestamp,
    /// By silence (AL 32(4)).
    pub deemed: bool,
    /// The sealed document.
    pub document: DocumentRef,
}

/// The licence of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LicenceRef {
    /// Its id.
    pub id: LicenceId,
    /// Its printed number.
    pub number: String,
    /// Its public id, as in `/v/<public id>`.
    pub public_id: String,
}

impl Case {
    /// The legal day whose law governs the procedure: that of the first receipt. A number that changes later is for cases
    /// received from then on; one that is underway keeps what it began with.
    pub fn law_day(&self) -> Option<Date> {
        self.received_at.map(Timestamp::date)
    }

    /// When the present application was received: the last resubmission, else the filing.
    pub fn last_received(&self) -> Option<Timestamp> {
        self.resubmitted_at.or(self.received_at)
    }

    /// The materials for which a register was silent and which no person has found in order since.
    pub fn unanswered(&self) -> impl Iterator<Item = &MaterialItem> {
        self.application.materials.iter().filter(|item| {
            matches!(item.provided, Provided::Unanswered { .. })
                && !item.verdict.as_ref().is_some_and(|verdict| verdict.in_order)
        })
    }

    /// The item in a slot.
    pub fn material(&self, slot: &str) -> Option<&MaterialItem> {
        self.application.materials.iter().find(|item| item.slot == slot)
    }

    /// Every notice that is out, the one-time notice first.
    pub fn notices(&self) -> impl Iterator<Item = &CorrectionNotice> {
        self.correction.iter().chain(&self.further_notices)
    }

    /// Whether the journal says already that this date has passed.
    pub fn is_noted_late(&self, kind: DutyKind, at: Timestamp) -> bool {
        match kind {
            DutyKind::CheckDue => self.checks.iter().any(|check| check.due == at && check.late),
            other => self.late.contains(&other),
        }
    }

    /// Whether a point on `about` was already raised in a notice.
    pub fn was_listed(&self, about: &str) -> bool {
        self.notices().flat_map(|notice| &notice.points).any(|point| point.about == about)
    }
}
