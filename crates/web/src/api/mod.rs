//! The JSON API: the same use cases as the pages, for other systems.
//!
//! Every list answers `{items, next}`; failures are problem+json (RFC 9457) with a closed set of kinds; every write
//! carries an `Idempotency-Key`; a command on a case says with `If-Match` which version it saw.

mod caller;
mod case_body;
mod cases;
mod commands;
mod devices;
mod figures;
mod health;
mod licence_uses;
mod licences;
mod lockers;
mod matters;
mod openapi;
mod places;
mod query;
mod ratings;
mod rotas;
mod status;
mod uploads;
mod visits;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, head, post};

use crate::app::{App, Failure};

pub use caller::Caller;
pub use openapi::document;
pub(crate) use status::tagged;

/// Largest JSON body, in bytes. Files go through the upload addresses.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Addresses of the API.
pub fn routes() -> Router<App> {
    let v1 = Router::new()
        .route("/matters", get(matters::list))
        .route("/matters/{slug}", get(matters::show))
        .route("/uploads", post(uploads::begin))
        .route("/uploads/{id}", head(uploads::offset).patch(uploads::append).get(uploads::show))
        .route("/cases", get(cases::list).post(cases::create))
        .route("/cases/{number}", get(cases::show))
        .route("/cases/{number}/timeline", get(cases::timeline))
        .route("/cases/{number}/{command}", post(cases::command))
        .route("/places", get(places::list))
        .route("/places/{id}/slots", get(places::slots_of))
        .route("/places/{id}/rota", get(rotas::show))
        .route("/appointments", post(visits::book))
        .route("/appointments/{id}", get(visits::appointment))
        .route("/appointments/{id}/cancel", post(visits::cancel))
        .route("/tickets", post(visits::take))
        .route("/tickets/{id}", get(visits::ticket))
        .route("/ratings", post(ratings::rate))
        .route("/ratings/levels", get(ratings::levels))
        .route("/ratings/figures", get(ratings::figures))
        .route("/figures", get(figures::figures))
        .route("/figures/cases", get(figures::cases_behind))
        .route("/devices", post(devices::enrol))
        .route("/devices/challenges", post(devices::challenge))
        .route("/devices/sessions", post(devices::connect))
        .route("/devices/heartbeats", post(devices::beat))
        .route("/lockers/openings", post(lockers::open))
        .route("/licences/{id}", get(licences::show))
        .route("/licences/{id}/status", get(status::of_licence))
        .route("/licences/{id}/proof", get(licences::proof))
        .route("/licence-uses", post(licence_uses::use_code))
        .route("/licence-fetches", post(licence_uses::fetch))
        .route("/status-list", get(status::lists))
        .route("/status-list/{list}", get(status::list))
        .route("/licences/{id}/{form}", get(licences::rendered))
        .fallback(nowhere)
        .method_not_allowed_fallback(|| async { Failure::status(StatusCode::METHOD_NOT_ALLOWED) });
    Router::new()
        .nest("/api/v1", v1)
        .nest("/api", Router::new().fallback(nowhere))
        .route("/openapi.json", get(openapi::show))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
}

/// Addresses below `/api` that are none: a problem document, not a page.
async fn nowhere() -> Failure {
    Failure::status(StatusCode::NOT_FOUND)
}
