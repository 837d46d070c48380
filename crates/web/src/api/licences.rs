//! `GET /api/v1/licences/{id}`: the signed data, in the bytes that `licence verify` checks.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use service::accounts::Scope;
use service::licences;

use super::caller::Caller;
use crate::app::{App, Failure};

/// The signed file of a licence that the system may see.
#[utoipa::path(get, path = "/api/v1/licences/{id}", tag = "licences", params(("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let view = licences::view(&app.city, &caller.actor, &id).await?;
    let mut response = view.licence.signed.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
