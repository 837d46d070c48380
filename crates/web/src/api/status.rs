//! Whether licences still count: `GET /api/v1/licences/{id}/status` for one of them, and the signed status lists, which anybody
//! may take without saying which licence the question is about.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use serde::Serialize;
use service::accounts::Scope;
use service::licences;
use utoipa::ToSchema;

use super::caller::Caller;
use super::query::{List, ListQuery};
use crate::app::{App, Failure};

/// What a licence counts for now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LicenceStatus {
    /// Its id.
    id: String,
    /// `valid`, `future`, `expired`, `suspended`, `superseded`, `revoked` or `cancelled`.
    status: &'static str,
    /// The same as a word for people.
    #[schema(value_type = Object)]
    label: Text,
    /// As of when, RFC 3339.
    as_of: String,
    /// Last day, where it has one: the printed one, or that of a deemed renewal.
    valid_to: Option<String>,
    /// Silence has renewed it until the decision (Administrative Licensing Law, article 50).
    deemed_renewed: bool,
    /// Last day of a suspension that has one.
    suspended_until: Option<String>,
    /// The status list that it stands in.
    status_list: String,
    /// Its place there.
    status_index: u32,
}

/// The status of a licence that the system may see.
#[utoipa::path(get, path = "/api/v1/licences/{id}/status", tag = "licences", params(("id" = String, Path)),
    responses((status = 200, body = LicenceStatus), (status = 404)))]
pub async fn of_licence(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<LicenceStatus>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let view = licences::view(&app.city, &caller.actor, &id).await?;
    Ok(Json(LicenceStatus {
        id: view.licence.id.to_string(),
        status: view.standing.as_str(),
        label: view.standing.label(),
        as_of: app.city.now().to_string(),
        valid_to: view.licence.last_day().map(|day| day.to_string()),
        deemed_renewed: view.licence.deemed.is_some(),
        suspended_until: view.licence.recorded.suspended_until().map(|day| day.to_string()),
        status_list: view.licence.status_list,
        status_index: view.licence.status_index,
    }))
}

/// A status list by its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListRow {
    /// Its name, as licences give it under `status.list`.
    list: String,
    /// Where the signed file lies.
    url: String,
}

/// The status lists of this city.
#[utoipa::path(get, path = "/api/v1/status-list", tag = "licences", security(()),
    params(("limit" = Option<i64>, Query, description = "1 to 200"), ("after" = Option<String>, Query, description = "cursor")),
    responses((status = 200, body = List<ListRow>)))]
pub async fn lists(State(app): State<App>, Query(query): Query<ListQuery>) -> Result<Json<List<ListRow>>, Failure> {
    let limit = query.limit()?;
    let after = query.after.as_deref().unwrap_or_default();
    let mut names = licences::status_lists(&app.city, after, limit + 1).await?;
    let more = names.len() as i64 > limit;
    names.truncate(limit as usize);
    let next = names.last().filter(|_| more).cloned();
    let base = &app.city.settings().base_url;
    let row = |name: String| ListRow { url: format!("{base}/api/v1/status-list/{name}"), list: name };
    Ok(Json(List { items: names.into_iter().map(row).collect(), next }))
}

/// The signed file of a status list. It is to be fetched again before its `next_update`.
#[utoipa::path(get, path = "/api/v1/status-list/{list}", tag = "licences", security(()),
    params(("list" = String, Path), ("If-None-Match" = Option<String>, Header, description = "the ETag of the list at hand")),
    responses((status = 200, body = Object, content_type = "application/json"),
              (status = 304, description = "the list at hand is the present one"), (status = 404)))]
pub async fn list(State(app): State<App>, Path(list): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let found = licences::status_list(&app.city, &list).await?;
    Ok(tagged(&headers, "application/json", &found.bytes))
}

/// A signed list, or word that the one at hand is the present one.
pub(crate) fn tagged(headers: &HeaderMap, kind: &'static str, bytes: &[u8]) -> Response {
    let tag = format!("\"{}\"", seal::digest::sha256_hex(bytes));
    let mut response = match is_at_hand(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, kind)], bytes.to_vec()).into_response(),
    };
    // Whoever asks again is told at once what has ended since; the validity in the file is for being offline.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Whether `If-None-Match` names this tag; the comparison is the weak one (RFC 9110 §13.1.2).
fn is_at_hand(headers: &HeaderMap, tag: &str) -> bool {
    let named = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).map(str::trim).any(|own| own == "*" || own.trim_start_matches("W/") == tag)
}
