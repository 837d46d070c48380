//! A case as other systems read it. Every instant is RFC 3339 in UTC, every day `YYYY-MM-DD`.

use domain::cases::{
    AfterCheck, Case, CorrectionNotice, Decision, Gap, MaterialItem, Point, RuleDecision, SignedPledge, Verdict,
};
use domain::text::Text;
use domain::time::{ClockState, Deadline, Remaining};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use service::cases::{CaseView, RuleRecord};
use utoipa::ToSchema;

use super::cases::LicenceBody;

/// One sentence in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    zh: String,
    en: String,
}

impl From<&Text> for Words {
    fn from(text: &Text) -> Words {
        Words { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// A case with its clocks and what may be done with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseShown {
    /// 办件编号.
    number: String,
    /// Slug of the matter.
    matter: String,
    /// Version of the matter under which it was sent.
    matter_version: i64,
    /// Id of the deciding department.
    department: String,
    /// Name of the state.
    state: &'static str,
    /// The state in words.
    state_label: Words,
    /// Version for `If-Match`; the ETag holds the same.
    version: i64,
    applicant: ApplicantShown,
    received_at: Option<String>,
    /// The form as it was sent.
    #[schema(value_type = Object)]
    form: Value,
    materials: Vec<MaterialShown>,
    pledge: Option<PledgeShown>,
    correction: Option<CorrectionShown>,
    accepted: Option<AcceptanceShown>,
    /// What is to follow after an acceptance with gaps.
    gaps: Vec<GapShown>,
    /// Last day for it, `YYYY-MM-DD`.
    gaps_until: Option<String>,
    /// The promised clock.
    promised: Option<ClockShown>,
    /// The statutory clock.
    statutory: Option<ClockShown>,
    /// Lamp of the promised clock: `paused`, `green`, `warning`, `yellow` or `red`.
    #[schema(value_type = Option<String>)]
    light: Option<domain::time::Light>,
    /// What still stands in the way of acceptance.
    blockers: Vec<BlockerShown>,
    /// Commands that the caller may give now.
    commands: Vec<&'static str>,
    decision: Option<DecisionShown>,
    rules: Option<RulesShown>,
    /// Checks that fall due after the decision.
    checks: Vec<CheckShown>,
    licence: Option<LicenceBody>,
}

/// Who applies.
#[derive(Debug, Serialize, ToSchema)]
struct ApplicantShown {
    #[schema(value_type = String)]
    kind: domain::catalog::ApplicantKind,
    name: String,
    id_type: String,
    code: String,
}

/// One material as it came.
#[derive(Debug, Serialize, ToSchema)]
struct MaterialShown {
    slot: String,
    /// `by` says how: `upload` with `files`, `licence`, `register`, `unanswered`, `pledge`, `later` or `paper`.
    #[schema(value_type = Object)]
    provided: domain::cases::Provided,
    verdict: Option<VerdictShown>,
}

/// A clerk's verdict on a material.
#[derive(Debug, Serialize, ToSchema)]
struct VerdictShown {
    in_order: bool,
    note: String,
}

/// A pledge as it was signed.
#[derive(Debug, Serialize, ToSchema)]
struct PledgeShown {
    version: String,
    signed_at: String,
    signed_by: String,
}

/// The one-time correction notice.
#[derive(Debug, Serialize, ToSchema)]
struct CorrectionShown {
    points: Vec<PointShown>,
    at: String,
    /// Last legal day for handing it in.
    until: String,
    /// The day rests on a calendar that is not announced yet.
    provisional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    closing: Option<String>,
    document: DocumentShown,
}

/// One point of a notice.
#[derive(Debug, Serialize, ToSchema)]
struct PointShown {
    /// A material's slot, or `form:<field>`.
    about: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    new_defect: Option<domain::cases::NewDefect>,
}

/// A sealed document.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentShown {
    id: String,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// From when the case counts as accepted.
#[derive(Debug, Serialize, ToSchema)]
struct AcceptanceShown {
    effective: String,
    /// By silence (AL 32(4)).
    deemed: bool,
    document: DocumentShown,
}

/// A material that is to follow.
#[derive(Debug, Serialize, ToSchema)]
struct GapShown {
    slot: String,
    /// An image of it is there.
    image: bool,
    /// When it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    supplied: Option<String>,
    /// A clerk has found it in order.
    closed: bool,
}

/// How a clock stands.
#[derive(Debug, Serialize, ToSchema)]
struct ClockShown {
    /// `running`, `paused` or `overdue`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<DeadlineShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_days_left: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_days_over: Option<u32>,
    /// What is left when a paused clock resumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<RemainingShown>,
}

/// The end of a period.
#[derive(Debug, Serialize, ToSchema)]
struct DeadlineShown {
    /// The last legal day.
    date: String,
    /// The instant from which the period is over.
    at: String,
    /// It rests on a calendar that is not announced yet.
    provisional: bool,
}

/// What is left of a period.
#[derive(Debug, Serialize, ToSchema)]
struct RemainingShown {
    number: u32,
    #[schema(value_type = String)]
    unit: domain::time::Unit,
}

/// What must be done before acceptance.
#[derive(Debug, Serialize, ToSchema)]
struct BlockerShown {
    /// A material's slot, `form:<field>` or `pledge`.
    about: String,
    text: Words,
}

/// The decision.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionShown {
    granted: bool,
    at: String,
    /// A name, or the rule.
    by: String,
    reasons: Words,
    /// Made by rules without a person.
    automatic: bool,
    document: DocumentShown,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedies: Option<RemediesShown>,
}

/// What the rules said.
#[derive(Debug, Serialize, ToSchema)]
struct RulesShown {
    /// `approve`, `refuse_proposed` or `manual`.
    outcome: String,
    rule: String,
    version: String,
    /// SHA-256 of the rule files.
    sha256: String,
    /// Rows that fired.
    fired: Vec<String>,
    reason: Words,
    /// Inputs with their sources, and the trace of every cell.
    #[schema(value_type = Object)]
    record: Option<Box<RawValue>>,
}

/// Remedies against a refusal, with their last days.
#[derive(Debug, Serialize, ToSchema)]
struct RemediesShown {
    reconsideration_until: String,
    lawsuit_until: String,
}

/// A check after the decision.
#[derive(Debug, Serialize, ToSchema)]
struct CheckShown {
    /// `pledge`, `sample` or `asked`.
    #[schema(value_type = String)]
    kind: domain::cases::CheckKind,
    due: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<CheckResultShown>,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
struct CheckResultShown {
    confirmed: bool,
    note: String,
    by: String,
    at: String,
}

/// A case as the caller may read it, with the record of its rules; `base` is the address of the city.
pub(super) fn shown(base: &str, view: &CaseView, record: Option<&RuleRecord>) -> CaseShown {
    let case: &Case = &view.case;
    CaseShown {
        number: case.number.clone(),
        matter: case.matter.clone(),
        matter_version: case.matter_version,
        department: case.department.clone(),
        state: case.state.name(),
        state_label: (&case.state.label()).into(),
        version: view.version,
        applicant: ApplicantShown {
            kind: case.applicant.kind,
            name: case.applicant.name.clone(),
            id_type: case.applicant.id_type.clone(),
            code: case.applicant.code.clone(),
        },
        received_at: case.received_at.map(|at| at.rfc3339()),
        form: case.application.form.clone(),
        materials: case.application.materials.iter().map(material).collect(),
        pledge: case.application.pledge.as_ref().map(pledge),
        correction: case.correction.as_ref().map(correction),
        accepted: case.accepted.as_ref().map(|own| AcceptanceShown {
            effective: own.effective.rfc3339(),
            deemed: own.deemed,
            document: document(&own.document),
        }),
        gaps: case.gaps.iter().map(gap).collect(),
        gaps_until: case.gap_notice.as_ref().map(|notice| notice.until.to_string()),
        promised: view.promised.as_ref().map(clock),
        statutory: view.statutory.as_ref().map(clock),
        light: view.light,
        blockers: view
            .blockers
            .iter()
            .map(|own| BlockerShown { about: own.about.clone(), text: (&own.text).into() })
            .collect(),
        commands: view.possible.clone(),
        decision: case.decision.as_ref().map(decision),
        rules: case.rules.as_ref().map(|own| rules(own, record)),
        checks: case.checks.iter().map(check).collect(),
        licence: case.licence.as_ref().map(|own| LicenceBody::of(base, own)),
    }
}

fn material(item: &MaterialItem) -> MaterialShown {
    let verdict = |own: &Verdict| VerdictShown { in_order: own.in_order, note: own.note.clone() };
    MaterialShown {
        slot: item.slot.clone(),
        provided: item.provided.clone(),
        verdict: item.verdict.as_ref().map(verdict),
    }
}

fn gap(own: &Gap) -> GapShown {
    let supplied = own.supplied.map(|at| at.rfc3339());
    GapShown { slot: own.slot.clone(), image: own.image, supplied, closed: own.closed }
}

fn pledge(own: &SignedPledge) -> PledgeShown {
    PledgeShown { version: own.version.clone(), signed_at: own.signed_at.rfc3339(), signed_by: own.signed_by.clone() }
}

fn document(own: &domain::cases::DocumentRef) -> DocumentShown {
    DocumentShown { id: own.id.to_string(), number: own.number.clone(), sha256: own.sha256.clone() }
}

fn correction(own: &CorrectionNotice) -> CorrectionShown {
    let point =
        |own: &Point| PointShown { about: own.about.clone(), text: own.text.clone(), new_defect: own.new_defect };
    CorrectionShown {
        points: own.points.iter().map(point).collect(),
        at: own.at.rfc3339(),
        until: own.until.to_string(),
        provisional: own.provisional,
        closing: own.closing.clone(),
        document: document(&own.document),
    }
}

fn clock(own: &ClockState) -> ClockShown {
    let end = |own: &Deadline| {
        Some(DeadlineShown { date: own.date.to_string(), at: own.at.rfc3339(), provisional: own.provisional })
    };
    let blank = ClockShown {
        state: "running",
        deadline: None,
        working_days_left: None,
        working_days_over: None,
        remaining: None,
    };
    match own {
        ClockState::Running { deadline, working_days_left } => {
            ClockShown { deadline: end(deadline), working_days_left: Some(*working_days_left), ..blank }
        }
        ClockState::Paused { remaining: Remaining { number, unit } } => {
            ClockShown { state: "paused", remaining: Some(RemainingShown { number: *number, unit: *unit }), ..blank }
        }
        ClockState::Overdue { deadline, working_days_over } => ClockShown {
            state: "overdue",
            deadline: end(deadline),
            working_days_over: Some(*working_days_over),
            ..blank
        },
    }
}

fn decision(own: &Decision) -> DecisionShown {
    DecisionShown {
        granted: own.granted,
        at: own.at.rfc3339(),
        by: own.by.clone(),
        reasons: (&own.reasons).into(),
        automatic: own.automatic,
        document: document(&own.document),
        remedies: own.remedies.as_ref().map(|own| RemediesShown {
            reconsideration_until: own.reconsideration_until.to_string(),
            lawsuit_until: own.lawsuit_until.to_string(),
        }),
    }
}

fn rules(own: &RuleDecision, record: Option<&RuleRecord>) -> RulesShown {
    RulesShown {
        outcome: own.outcome.clone(),
        rule: own.rule.clone(),
        version: own.version.clone(),
        sha256: own.sha256.clone(),
        fired: own.fired.clone(),
        reason: (&own.reason).into(),
        record: record.and_then(|record| RawValue::from_string(record.text().to_owned()).ok()),
    }
}

fn check(own: &AfterCheck) -> CheckShown {
    CheckShown {
        kind: own.kind,
        due: own.due.rfc3339(),
        result: own.result.as_ref().map(|own| CheckResultShown {
            confirmed: own.confirmed,
            note: own.note.clone(),
            by: own.by.clone(),
            at: own.at.rfc3339(),
        }),
    }
}
