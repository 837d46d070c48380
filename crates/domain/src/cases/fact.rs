//! What happened to a case: the entries of its journal.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Application, CorrectionNotice, MaterialItem, Point, Verdict};
use super::case::Amended;
use super::case::{DocumentRef, LicenceRef, Origin};
use super::decision::{AfterCheck, CheckKind, CheckResult, Decision, Opinion, Remedies, RuleDecision};
use super::duties::DutyKind;
use super::gaps::{Gap, GapNotice};
use super::renewal::Renewal;
use super::result_way::ResultWay;
use crate::accounts::{MandateRef, Party};
use crate::catalog::{ProjectType, SpecialKind, StepKind};
use crate::ids::CaseId;
use crate::text::Text;
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
    /// The mandate by which the agent sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<MandateRef>,
    /// Account that sent it.
    pub filed_by: String,
    /// How it came.
    pub origin: Origin,
    /// Id of the place whose terminal it was filed at 自助终端; absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_at: Option<String>,
    /// The application.
    pub application: Application,
    /// The licence that it is to renew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Renewal>,
    /// The licence that it is to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<Amended>,
    /// How the result is wanted.
    #[serde(default, skip_serializing_if = "ResultWay::is_download")]
    pub delivery: ResultWay,
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
    Barred {
        /// Day of the decision that found hidden facts or false material. Cases before this was asked for have none.
        #[serde(default)]
        since: Option<Date>,
        /// Its printed number.
        #[serde(default)]
        decision: String,
    },
}

/// Why an application ends without a decision. Closed: whatever is not on it is granted or refused (AL 37, 38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Termination {
    /// The applicant died or was dissolved (as AL 70(2), 70(3)).
    ApplicantGone,
    /// The law changed or was repealed: no licence is needed any more (as AL 8(2)).
    NoLongerNeeded,
    /// Force majeure keeps what was applied for from ever happening (as AL 70(5)).
    ForceMajeure,
    /// What was to follow after an acceptance with gaps did not, by the day of the notice (青岛条例 24, 山东条例 28).
    GapsNotSupplied,
}

impl Termination {
    /// All of them, in the order of the list.
    pub const ALL: [Termination; 4] = [
        Termination::ApplicantGone,
        Termination::NoLongerNeeded,
        Termination::ForceMajeure,
        Termination::GapsNotSupplied,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Termination::ApplicantGone => "applicant-gone",
            Termination::NoLongerNeeded => "no-longer-needed",
            Termination::ForceMajeure => "force-majeure",
            Termination::GapsNotSupplied => "gaps-not-supplied",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Termination> {
        Termination::ALL.into_iter().find(|ground| ground.as_str() == name)
    }

    /// The words with the article, on the notice and in the list.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Termination::ApplicantGone => (
                "申请人死亡、丧失行为能力，或者依法终止（参照《行政许可法》第七十条第二项、第三项）",
                "The applicant has died, lost legal capacity or been dissolved (as in article 70(2) and (3) of the Administrative Licensing Law)",
            ),
            Termination::NoLongerNeeded => (
                "所依据的法律、法规、规章修改或者废止，不再需要取得许可（参照《行政许可法》第八条第二款）",
                "The law was changed or repealed and no licence is needed any more (as in article 8(2) of the Administrative Licensing Law)",
            ),
            Termination::ForceMajeure => (
                "因不可抗力，申请的事项无法实施（参照《行政许可法》第七十条第五项）",
                "Force majeure keeps what was applied for from happening (as in article 70(5) of the Administrative Licensing Law)",
            ),
            Termination::GapsNotSupplied => (
                "容缺受理后，未在受理通知书载明的期限内补齐材料（《青岛市优化营商环境条例》第二十四条、《山东省优化营商环境条例》第二十八条）",
                "After acceptance with gaps the rest was not handed in by the day of the notice (article 24 of the Qingdao and article 28 of the Shandong regulation on the business environment)",
            ),
        };
        Text::new(zh, en)
    }
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
        /// Remedies with their last days; facts before this was told have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remedies: Option<Remedies>,
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
        /// Materials that follow later 容缺.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gaps: Vec<Gap>,
        /// What the notice says about them; none where silence was the acceptance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gap_notice: Option<GapNotice>,
    },
    /// 补齐容缺材料: what was to follow has arrived.
    GapsSupplied {
        /// The materials.
        items: Vec<MaterialItem>,
        /// When they arrived.
        at: Timestamp,
    },
    /// A clerk has looked at what arrived.
    GapChecked {
        /// Slot.
        slot: String,
        /// What was found.
        verdict: Verdict,
        /// When.
        at: Timestamp,
    },
    /// The applicant was reminded of what is still to come.
    GapsReminded {
        /// Slots.
        slots: Vec<String>,
        /// Last day.
        until: Date,
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
        /// Last day of the notified time; facts before it was reckoned have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
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
        /// Ground; facts before the list was closed have none, and neither notice nor remedies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Termination>,
        /// Why, in words.
        reason: String,
        /// The sealed notice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<DocumentRef>,
        /// Remedies with their last days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remedies: Option<Remedies>,
    },
    /// The working-day calendar changed and open deadlines were computed anew.
    DeadlinesRecomputed {
        /// Last day of the correction notice, when one is open.
        correction_until: Option<Date>,
        /// Whether that day still rests on a provisional calendar.
        #[serde(default)]
        provisional: bool,
        /// Last day for what is to follow after an acceptance with gaps.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gaps_until: Option<(Date, bool)>,
        /// Open checks with their new dates.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        checks: Vec<(CheckKind, Timestamp)>,
        /// The dates that are others now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<Moved>,
    },
    /// 视为准予延续: the licence expired before the application for its renewal was decided (AL 50(2)).
    RenewalDeemed {
        /// When.
        at: Timestamp,
    },
    /// A date passed without what was owed by then. It is noted once for each clock, and for each check.
    BecameLate {
        /// What was owed.
        duty: DutyKind,
        /// The date that passed.
        due: Timestamp,
        /// The department that owed it, for its figures.
        department: String,
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
            Fact::Filed { document, .. } | Fact::Terminated { document, .. } => document.as_ref(),
            Fact::CorrectionRequested { notice, .. } => Some(&notice.document),
            Fact::Decided { decision, .. } => Some(&decision.document),
            Fact::NotAccepted { document, .. }
            | Fact::Accepted { document, .. }
            | Fact::Paused { document, .. }
            | Fact::Extended { document, .. } => Some(document),
            _ => None,
        }
    }

    /// What the rules said, when the fact is a run of theirs.
    pub fn rules(&self) -> Option<&RuleDecision> {
        match self {
            Fact::RulesRan { rules } => Some(rules),
            Fact::Decided { rules, .. } => rules.as_deref(),
            _ => None,
        }
    }

    /// Names the document that was sealed for the fact; nothing for a fact that calls for none.
    pub fn set_document(&mut self, sealed: DocumentRef) {
        match self {
            Fact::Filed { document, .. } | Fact::Terminated { document, .. } => *document = Some(sealed),
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
            Fact::GapsSupplied { .. } => "case.gaps-supplied",
            Fact::GapChecked { .. } => "case.gap-checked",
            Fact::GapsReminded { .. } => "case.gaps-reminded",
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
            Fact::RenewalDeemed { .. } => "case.renewal-deemed",
            Fact::BecameLate { .. } => "case.became-late",
        }
    }
}
