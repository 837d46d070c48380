//! `/api/v1/cases`: filing, looking, working.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::accounts::Party;
use domain::cases::{Origin, RuleDecision};
use domain::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::ServiceError;
use service::accounts::Scope;
use service::cases::{self, CaseRow, CaseView, GivenMaterial, Inbox, Outcome, PledgeGiven, Submit, Submitted, Work};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::caller::Caller;
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

/// An application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseBody {
    /// Slug of the matter.
    matter: String,
    /// Who applies: `{kind, name, id_type, code}`.
    #[schema(value_type = Object)]
    applicant: Party,
    /// Who acts for the applicant.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    agent: Option<Party>,
    /// The form, valid against the matter's schema.
    #[schema(value_type = Object)]
    form: Value,
    /// The materials that must be given.
    #[serde(default)]
    materials: Vec<MaterialBody>,
    /// `{version, accepted}` when applying by pledge.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pledge: Option<PledgeGiven>,
}

/// What the rules said.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionBody {
    rule: String,
    version: String,
    sha256: String,
    fired: Vec<String>,
    #[schema(value_type = Object)]
    trace: Value,
    #[schema(value_type = Object)]
    reason: Text,
}

impl From<RuleDecision> for DecisionBody {
    fn from(decision: RuleDecision) -> DecisionBody {
        let trace = decision.record.get("trace").cloned().unwrap_or(Value::Null);
        DecisionBody {
            rule: decision.rule,
            version: decision.version,
            sha256: decision.sha256,
            fired: decision.fired,
            trace,
            reason: decision.reason,
        }
    }
}

/// A licence that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct LicenceBody {
    id: String,
    number: String,
    verify_url: String,
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
        decision: submitted.decision.map(Into::into),
        licence: submitted.licence.map(|licence| LicenceBody {
            id: licence.id.to_string(),
            number: licence.number,
            verify_url: format!("{base}/v/{}", licence.public_id),
        }),
    }
}

/// The sender's key of a write; mandatory, because after a crash some unacknowledged writes have happened.
fn key(headers: &HeaderMap, caller: &Caller, bytes: &Bytes) -> Result<(String, String, [u8; 32]), Failure> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > 200 {
        return Err(ServiceError::field(
            "Idempotency-Key",
            "请在请求头 Idempotency-Key 中给出 1 至 200 个字符的唯一键，重试时使用同一个键。",
            "Send a unique key of 1 to 200 characters in the Idempotency-Key header, the same one when you retry.",
        )
        .into());
    }
    Ok((caller.token.clone(), key.to_owned(), Sha256::digest(bytes).into()))
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
    let key = key(&headers, &caller, &bytes)?;
    let body: CaseBody = body(&bytes)?;
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
        applicant: body.applicant,
        agent: body.agent,
        form: body.form,
        materials,
        pledge: body.pledge,
        origin: Origin::Api,
        pre_review: false,
        key: Some(key),
        draft: None,
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

fn shown(app: &App, view: &CaseView) -> Value {
    let base = &app.city.settings().base_url;
    let case = &view.case;
    json!({
        "number": case.number,
        "matter": case.matter,
        "matter_version": case.matter_version,
        "department": case.department,
        "state": case.state.name(),
        "state_label": case.state.label(),
        "version": view.version,
        "applicant": { "kind": case.applicant.kind, "name": case.applicant.name, "id_type": case.applicant.id_type,
                       "code": case.applicant.code },
        "received_at": case.received_at.map(|at| at.rfc3339()),
        "form": case.application.form,
        "materials": case.application.materials,
        "pledge": case.application.pledge,
        "correction": case.correction,
        "accepted": case.accepted,
        "promised": view.promised,
        "statutory": view.statutory,
        "light": view.light,
        "blockers": view.blockers,
        "commands": view.possible,
        "decision": case.decision,
        "rules": case.rules,
        "checks": case.checks,
        "licence": case.licence.as_ref().map(|licence| json!({
            "id": licence.id, "number": licence.number, "verify_url": format!("{base}/v/{}", licence.public_id) })),
    })
}

fn tagged(version: i64, body: Value) -> Response {
    let mut response = Json(body).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// One case with its clocks, blockers and the commands its state allows.
#[utoipa::path(get, path = "/api/v1/cases/{number}", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Object), (status = 404)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(number): Path<String>) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let view = cases::case_by_number(&app.city, &caller.actor, &number).await?;
    Ok(tagged(view.version, shown(&app, &view)))
}

/// Everything that happened to a case.
#[utoipa::path(get, path = "/api/v1/cases/{number}/timeline", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Object), (status = 404)))]
pub async fn timeline(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Json<Value>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let view = cases::case_by_number(&app.city, &caller.actor, &number).await?;
    let entries = cases::timeline(&app.city, &view.case).await?;
    let items: Vec<Value> = entries
        .iter()
        .map(|entry| json!({ "at": entry.at.rfc3339(), "actor": entry.actor, "kind": entry.kind, "fact": entry.fact }))
        .collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

/// Gives one command. `If-Match` holds the ETag that was seen.
#[utoipa::path(post, path = "/api/v1/cases/{number}/{command}", tag = "cases",
    params(("number" = String, Path), ("command" = String, Path), ("If-Match" = String, Header),
           ("Idempotency-Key" = String, Header)),
    request_body = Object,
    responses((status = 200, body = Object), (status = 409, description = "refused, with state, command and reason"),
              (status = 428, description = "If-Match is missing")))]
pub async fn command(
    State(app): State<App>,
    caller: Caller,
    Path((number, command)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let key = key(&headers, &caller, &bytes)?;
    let tag = headers.get(IF_MATCH).and_then(|value| value.to_str().ok()).map(|tag| tag.trim_matches('"'));
    let version: i64 =
        tag.and_then(|tag| tag.parse().ok()).ok_or_else(|| Failure::status(StatusCode::PRECONDITION_REQUIRED))?;
    let mut wish: Value = if bytes.is_empty() { json!({}) } else { body(&bytes)? };
    if let Some(members) = wish.as_object_mut() {
        members.insert("command".into(), json!(command));
    }
    let work: Work = body(&Bytes::from(wish.to_string()))?;
    let view = cases::work(&app.city, &caller.actor, &number, Some(version), work, Some(key)).await?;
    Ok(tagged(view.version, shown(&app, &view)))
}
