//! `/api/v1/cases`: filing, looking, working.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::accounts::Party;
use domain::cases::{Fact, LicenceRef, Origin, RuleDecision};
use domain::catalog::ApplicantKind;
use domain::ids::LicenceId;
use domain::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use service::ServiceError;
use service::accounts::Scope;
use service::cases::{
    self, CaseRow, CaseView, GapsGiven, GivenMaterial, Inbox, Outcome, PledgeGiven, RequestKey, RuleRecord, Submit,
    Submitted, TimelineEntry,
};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::caller::Caller;
use super::case_body::{CaseShown, shown};
use super::commands::{CommandBody, work};
use super::query::{List, ListQuery, body};
use crate::app::{App, Failure};

/// One material of a body.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialBody {
    /// Slot of the matter.
    slot: String,
    /// Id of an upload.
    #[serde(default)]
    upload: Option<String>,
    /// Ids of several uploads, in page order.
    #[serde(default)]
    uploads: Vec<String>,
}

/// A person or an organisation, by an identity document.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyBody {
    /// `person`, `enterprise`, `individual-business` or `organisation`.
    #[schema(value_type = String)]
    kind: ApplicantKind,
    /// The name in the register.
    name: String,
    /// `uscc`, `citizen-id` or the kind of another identity document.
    id_type: String,
    /// The number of that document.
    code: String,
}

impl From<PartyBody> for Party {
    fn from(body: PartyBody) -> Party {
        Party { kind: body.kind, name: body.name, id_type: body.id_type, code: body.code }
    }
}

/// The pledge of an application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PledgeBody {
    /// Version of the notice that was shown.
    version: String,
    /// The applicant accepted it.
    accepted: bool,
}

/// What is to follow after acceptance 容缺, of the materials that the matter publishes as such.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GapsBody {
    /// Slots; one with an upload was given as an image.
    slots: Vec<String>,
    /// The applicant promised to hand them in by the day of the notice.
    accepted: bool,
}

/// An application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseBody {
    /// Slug of the matter.
    matter: String,
    /// Who applies.
    applicant: PartyBody,
    /// Who acts for the applicant.
    #[serde(default)]
    agent: Option<PartyBody>,
    /// The form, valid against the matter's schema.
    #[schema(value_type = Object)]
    form: Value,
    /// The materials that must be given.
    #[serde(default)]
    materials: Vec<MaterialBody>,
    /// When applying by pledge.
    #[serde(default)]
    pledge: Option<PledgeBody>,
    /// What follows later.
    #[serde(default)]
    gaps: Option<GapsBody>,
    /// Id of the licence that it is to renew.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    renews: Option<LicenceId>,
    /// How the result is wanted; downloaded when absent.
    #[serde(default)]
    delivery: Option<DeliveryBody>,
}

/// How the result of a case is wanted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryBody {
    /// `download`, `window`, `locker` or `mail`.
    #[schema(value_type = String)]
    way: domain::cases::ResultWay,
    /// Where to, when it is by mail: `name`, `phone`, `region`, `street`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    address: Option<domain::post::PostAddress>,
}

/// What the rules said.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    rule: String,
    version: String,
    sha256: String,
    fired: Vec<String>,
    /// Every row that was looked at, with each of its cells.
    #[schema(value_type = Object)]
    trace: Option<Box<RawValue>>,
    #[schema(value_type = Object)]
    reason: Text,
}

/// The part of a record that the sender of an application is told; what the rules were shown stands in the case.
#[derive(Deserialize)]
struct Traced {
    trace: Box<RawValue>,
}

fn decided(decision: RuleDecision, record: Option<&RuleRecord>) -> DecisionBody {
    let traced = record.and_then(|record| serde_json::from_str::<Traced>(record.text()).ok());
    DecisionBody {
        rule: decision.rule,
        version: decision.version,
        sha256: decision.sha256,
        fired: decision.fired,
        trace: traced.map(|own| own.trace),
        reason: decision.reason,
    }
}

/// A licence that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct LicenceBody {
    id: String,
    number: String,
    verify_url: String,
}

impl LicenceBody {
    /// `base` is the address of the city.
    pub(super) fn of(base: &str, licence: &LicenceRef) -> LicenceBody {
        LicenceBody {
            id: licence.id.to_string(),
            number: licence.number.clone(),
            verify_url: format!("{base}/v/{}", licence.public_id),
        }
    }
}

/// The answer to a filing.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseCreated {
    number: String,
    state: String,
    /// `approved` or `manual`.
    #[schema(value_type = String)]
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<LicenceBody>,
}

fn created(app: &App, submitted: Submitted) -> CaseCreated {
    let base = &app.city.settings().base_url;
    CaseCreated {
        number: submitted.number,
        state: submitted.state,
        outcome: submitted.outcome,
        decision: submitted.decision.map(|decision| decided(decision, submitted.record.as_ref())),
        licence: submitted.licence.map(|licence| LicenceBody::of(base, &licence)),
    }
}

/// The sender's key of a write; mandatory, because after a crash some unacknowledged writes have happened. It stands for
/// one request: the same key with another body or at another address is refused.
pub(super) fn key(headers: &HeaderMap, caller: &Caller, path: &str, bytes: &Bytes) -> Result<RequestKey, Failure> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > 200 {
        return Err(ServiceError::field(
            "Idempotency-Key",
            "请在请求头 Idempotency-Key 中给出 1 至 200 个字符的唯一键，重试时使用同一个键。",
            "Send a unique key of 1 to 200 characters in the Idempotency-Key header, the same one when you retry.",
        )
        .into());
    }
    let request = Sha256::new().chain_update(path).chain_update([0]).chain_update(bytes);
    Ok((caller.token.clone(), key.to_owned(), request.finalize().into()))
}

/// Files an application; rules decide at once where they can.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = CaseBody,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = CaseCreated), (status = 409, description = "a true duplicate of an open case"),
              (status = 422, description = "invalid, or the key was used with another body")))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs(Scope::Cases)?;
    let key = key(&headers, &caller, "/api/v1/cases", &bytes)?;
    let body: CaseBody = body(&headers, &bytes)?;
    let materials = body
        .materials
        .into_iter()
        .map(|item| GivenMaterial {
            slot: item.slot,
            uploads: item.upload.into_iter().chain(item.uploads).collect(),
            paper: None,
        })
        .collect();
    let submit = Submit {
        matter: body.matter,
        applicant: body.applicant.into(),
        agent: body.agent.map(Into::into),
        form: body.form,
        materials,
        pledge: body.pledge.map(|pledge| PledgeGiven { version: pledge.version, accepted: pledge.accepted }),
        gaps: body.gaps.map(|gaps| GapsGiven { slots: gaps.slots, accepted: gaps.accepted }),
        origin: Origin::Api,
        terminal_at: None,
        pre_review: false,
        key: Some(key),
        renews: body.renews,
        draft: None,
        delivery: body.delivery.map_or_else(Default::default, |own| service::post::Delivery {
            way: own.way,
            address: own.address.unwrap_or_default(),
        }),
    };
    let submitted = cases::submit(&app.city, &caller.actor, submit).await?;
    let location = HeaderValue::from_str(&format!("/api/v1/cases/{}", submitted.number));
    let mut response = (StatusCode::CREATED, Json(created(&app, submitted))).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// One row of a list of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseItem {
    number: String,
    matter: String,
    department: String,
    state: String,
    received_at: Option<String>,
    deadline: Option<String>,
}

impl From<CaseRow> for CaseItem {
    fn from(row: CaseRow) -> CaseItem {
        CaseItem {
            number: row.number,
            matter: row.matter,
            department: row.department,
            state: row.state,
            received_at: row.received.map(|at| at.rfc3339()),
            deadline: row.deadline.map(|at| at.rfc3339()),
        }
    }
}

/// Cases that the system passed on; for staff tokens, one pile of the desk.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(("pile" = Option<String>, Query), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<CaseItem>)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<CaseItem>>, Failure> {
    let limit = query.limit()?;
    let page = match query.pile {
        Some(pile) => {
            caller.needs(Scope::Staff)?;
            let wanted = Inbox { pile, department: None, after: query.after, limit };
            cases::inbox(&app.city, &caller.actor, &wanted).await?
        }
        None => {
            caller.needs_any(&[Scope::Cases, Scope::Staff])?;
            cases::filed_by(&app.city, &caller.actor, query.after.as_deref(), limit).await?
        }
    };
    Ok(Json(List { items: page.items.into_iter().map(Into::into).collect(), next: page.next }))
}

async fn tagged(app: &App, view: &CaseView) -> Result<Response, Failure> {
    let record = cases::rule_record(&app.city, &view.case).await?;
    let mut response = Json(shown(&app.city.settings().base_url, view, record.as_ref())).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", view.version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

/// One case with its clocks, blockers and the commands its state allows.
#[utoipa::path(get, path = "/api/v1/cases/{number}", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = CaseShown), (status = 404)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(number): Path<String>) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let view = cases::case_by_number(&app.city, &caller.actor, &number).await?;
    tagged(&app, &view).await
}

/// One thing that happened to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineItem {
    /// When.
    at: String,
    /// Id of the account that did it, or `system`.
    actor: String,
    /// `case.accepted` and so on.
    kind: String,
    /// The fact as the journal holds it, instants in microseconds; null once it was erased.
    #[schema(value_type = Object)]
    fact: Option<Fact>,
}

/// What happened to a case, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/{number}/timeline", tag = "cases",
    params(("number" = String, Path), ("limit" = Option<i64>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = List<TimelineItem>), (status = 404)))]
pub async fn timeline(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<TimelineItem>>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let limit = query.limit()?;
    let view = cases::case_by_number(&app.city, &caller.actor, &number).await?;
    let page = cases::timeline_page(&app.city, &view.case, query.after.as_deref(), limit).await?;
    let item = |entry: TimelineEntry| TimelineItem {
        at: entry.at.rfc3339(),
        actor: entry.actor,
        kind: entry.kind,
        fact: entry.fact,
    };
    Ok(Json(List { items: page.items.into_iter().map(item).collect(), next: page.next }))
}

/// The version that `If-Match` names (RFC 9110 §13.1.1); `None` for `*`, which any version meets.
///
/// # Errors
/// 428 without the header, 412 when none of its tags can be the present version.
fn seen(headers: &HeaderMap, present: i64) -> Result<Option<i64>, Failure> {
    let tags = headers.get(IF_MATCH).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if tags.is_empty() {
        return Err(Failure::status(StatusCode::PRECONDITION_REQUIRED));
    }
    if tags == "*" {
        return Ok(None);
    }
    // The comparison is the strong one, so `W/"3"` meets nothing.
    let tag = format!("\"{present}\"");
    if tags.split(',').any(|own| own.trim() == tag) { Ok(Some(present)) } else { Err(Failure::Stale) }
}

/// Gives one command. `If-Match` holds the ETag that was seen. A command that is sent again with its key is not carried
/// out again; the answer is the case as it stands now.
#[utoipa::path(post, path = "/api/v1/cases/{number}/{command}", tag = "cases",
    params(("number" = String, Path), ("command" = String, Path), ("If-Match" = String, Header),
           ("Idempotency-Key" = String, Header)),
    request_body = CommandBody,
    responses((status = 200, body = CaseShown), (status = 409, description = "refused, with state, command and reason"),
              (status = 412, description = "the case has changed"), (status = 428, description = "If-Match is missing")))]
pub async fn command(
    State(app): State<App>,
    caller: Caller,
    Path((number, command)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let key = key(&headers, &caller, &format!("/api/v1/cases/{number}/{command}"), &bytes)?;
    let work = work(&command, &headers, &bytes)?;
    if let Some(view) = cases::repeated(&app.city, &caller.actor, &number, &key).await? {
        return tagged(&app, &view).await;
    }
    let found = cases::case_by_number(&app.city, &caller.actor, &number).await?;
    cases::permit(&caller.actor, &found.case, &command)?;
    let version = seen(&headers, found.version)?;
    let view = cases::work(&app.city, &caller.actor, &number, version, work, Some(key)).await?;
    tagged(&app, &view).await
}
