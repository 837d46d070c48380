//! `/openapi.json`: the contract, generated from the types.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;

use super::{cases, health, licences, matters, uploads};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yichuang 一窗",
        description = "One window for a city: matters, cases, licences. Failures are problem+json (RFC 9457)."
    ),
    paths(
        matters::list,
        matters::show,
        health::alive,
        health::ready,
        health::metrics,
        uploads::begin,
        uploads::offset,
        uploads::show,
        uploads::append,
        cases::create,
        cases::list,
        cases::show,
        cases::timeline,
        cases::command,
        licences::show,
        licences::rendered
    )
)]
struct Api;

/// The OpenAPI document.
pub fn document() -> Document {
    Api::openapi()
}

/// `GET /openapi.json`.
pub async fn show() -> Json<Document> {
    Json(document())
}
