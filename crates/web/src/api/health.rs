//! `/healthz`, `/readyz`, `/metrics` for whoever operates the city.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use service::statistics;

use crate::app::{App, Failure};

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "the process answers")))]
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers and matters are loaded.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, description = "the database answers"), (status = 503, description = "the database does not answer")))]
pub async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    app.city.store().ready().await.map_err(service::ServiceError::from)?;
    Ok("ready\n")
}

/// Counters in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operation", security(()),
    responses((status = 200, description = "counters in the text format of Prometheus"), (status = 503, description = "the database does not answer")))]
pub async fn metrics(State(app): State<App>) -> Result<Response, Failure> {
    let mut text = String::new();
    for name in
        ["opened", "filed", "accepted", "granted", "refused", "automatic", "not-accepted", "corrections", "closed"]
    {
        let total: i64 = statistics::counters(&app.city, name).await?.iter().map(|counter| counter.n).sum();
        let metric = name.replace('-', "_");
        let _ = writeln!(text, "# TYPE yichuang_cases_{metric}_total counter\nyichuang_cases_{metric}_total {total}");
    }
    let position = app.city.store().last_position(app.city.region()).await.map_err(service::ServiceError::from)?;
    let _ = writeln!(text, "# TYPE yichuang_journal_position gauge\nyichuang_journal_position {position}");
    let mut response = text.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"));
    Ok(response)
}
