//! The state of a case.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::accounts::Party;
use crate::catalog::{ProjectType, StepKind};
use crate::ids::{CaseId, DocumentId, LicenceId, UploadId};
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

/// How a file or fact for a material slot came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Provided {
    /// Uploaded files, in page order.
    Upload {
        /// The files.
        files: Vec<UploadRef>,
    },
    /// A licence on file that is valid now 免提交.
    Licence {
        /// Which.
        id: LicenceId,
        /// Its printed number.
        number: String,
    },
    /// A register answered 数据共享.
    Register {
        /// Stored name of the register.
        register: String,
    },
    /// A register that would answer for it was silent when the application came in: a person looks before acceptance.
    Unanswered {
        /// Stored name of the register.
        register: String,
    },
    /// Replaced by the signed pledge 告知承诺.
    Pledge,
    /// Handed in on paper at a window and seen by the clerk.
    Paper {
        /// What was seen.
        note: String,
    },
}

/// One uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadRef {
    /// The upload.
    pub id: UploadId,
    /// Name the person gave it.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Type found by its first bytes.
    pub media_type: String,
}

/// A material as handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaterialItem {
    /// Slot of the matter.
    pub slot: String,
    /// How it came.
    pub provided: Provided,
    /// The clerk's verdict, once given.
    #[serde(default)]
    pub verdict: Option<Verdict>,
}

/// A clerk's verdict on one material.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Complete and in legal form.
    pub in_order: bool,
    /// What is wrong, when it is not.
    #[serde(default)]
    pub note: String,
}

/// The application itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// The form, valid against the matter's schema.
    pub form: Value,
    /// The materials.
    pub materials: Vec<MaterialItem>,
    /// The signed pledge, when the applicant chose one.
    #[serde(default)]
    pub pledge: Option<SignedPledge>,
}

/// A pledge as signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedPledge {
    /// Version of the notice that was shown.
    pub version: String,
    /// When.
    pub signed_at: Timestamp,
    /// Who promised.
    pub signed_by: String,
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

/// One point of a correction notice or of a reasoned non-acceptance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Material slot, or `form:<field>`.
    pub about: String,
    /// What is wrong and what to do.
    pub text: String,
    /// For a point raised after a resubmission: why it could not be seen the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_defect: Option<NewDefect>,
}

/// Reason codes for a point that the first notice could not have held (AC-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewDefect {
    /// The resubmitted material itself is defective.
    InNewMaterial,
    /// The resubmitted material contradicts another.
    ContradictsOther,
    /// A document expired meanwhile.
    ExpiredMeanwhile,
}

/// The one-time correction notice 一次性告知.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectionNotice {
    /// What must be corrected, complete.
    pub points: Vec<Point>,
    /// When it was issued.
    pub at: Timestamp,
    /// Last legal day for handing it in.
    pub until: Date,
    /// Whether `until` rests on a provisional calendar.
    pub provisional: bool,
    /// The city's rule by which silence closes the case, as the notice announced it (AC-4); absent = it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<String>,
    /// The sealed document.
    pub document: DocumentRef,
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
    /// Inputs with sources, and the per-cell trace: by far the largest part of a case, so copies share it.
    #[serde(with = "shared")]
    pub record: Arc<Value>,
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
    /// When it is due.
    pub due: Timestamp,
    /// From when its period runs, so that a new calendar can move `due`; absent in facts written before 2026-11-22.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The result, once there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<CheckResult>,
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

    /// Whether a point on `about` was already raised in a notice.
    pub fn was_listed(&self, about: &str) -> bool {
        self.notices().flat_map(|notice| &notice.points).any(|point| point.about == about)
    }
}

/// A shared value is written and read as what it shares.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(value: &Arc<Value>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Value>, D::Error> {
        Value::deserialize(from).map(Arc::new)
    }
}
