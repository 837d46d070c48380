//! `GET /api/v1/licences/{id}`: the signed data, in the bytes that `licence verify` checks; below it the same as PDF, OFD or picture.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use service::accounts::Scope;
use service::{ServiceError, licences, log};

use super::caller::Caller;
use crate::app::{App, Failure};
use crate::cases::download;

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

/// The proof that the licence is in the public log (c2sp.org/tlog-proof@v1), with the newest published checkpoint.
#[utoipa::path(get, path = "/api/v1/licences/{id}/proof", tag = "licences", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/plain", body = String),
              (status = 404, description = "no such licence, or not in the published log yet")))]
pub async fn proof(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let sidecar = log::proof(&app.city, &caller.actor, &id).await?;
    Ok(download(&sidecar.name, "text/plain; charset=utf-8", sidecar.text.into_bytes()))
}

/// The licence as a file: `pdf` (PAdES), `ofd` (GB/T 33190 with an electronic seal), `svg`, or `data` (the signed data).
#[utoipa::path(get, path = "/api/v1/licences/{id}/{form}", tag = "licences",
    params(("id" = String, Path), ("form" = String, Path, description = "pdf, pdf-lt (with long-term data), ofd, svg or data")),
    responses((status = 200, content(("application/pdf"), ("application/ofd"), ("image/svg+xml"), (Object = "application/json"))),
              (status = 404),
              (status = 422, description = "this city has no key for this form yet, or no font has a character of the licence")))]
pub async fn rendered(
    State(app): State<App>,
    caller: Caller,
    Path((id, form)): Path<(String, String)>,
) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let form = licences::Form::named(&form).ok_or(ServiceError::NotFound("form of a licence"))?;
    let rendering = licences::render(&app.city, &caller.actor, &id, form).await?;
    Ok(download(&rendering.name, form.media_type(), rendering.bytes))
}
