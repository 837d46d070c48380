//! The public log of licences: `/log` in three sentences, below it the files that auditors fetch (C2SP tlog-tiles), and
//! `/witness`, where other logs have their checkpoints countersigned (C2SP tlog-witness).

mod page;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use seal::tlog::witness::Refused;
use service::log;

use crate::app::{App, Failure};

/// Longest request to countersign: a checkpoint with 64 signatures and 63 hashes.
const MAX_REQUEST: usize = 128 << 10;

/// `/log` and `/witness`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/log", get(page::show))
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/keys", get(keys))
        .route("/log/tile/{*path}", get(tile))
        .route("/witness/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
}

const TEXT: &str = "text/plain; charset=utf-8";
/// Always the newest one.
const FRESH: &str = "no-cache";
/// A tile of a size never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn file(app: &App, path: &str, kind: &'static str, cache: &'static str) -> Result<Response, Failure> {
    let bytes = log::file(&app.city, path).await?;
    let headers: [(HeaderName, &'static str); 4] = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, cache),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Whoever audits may do it from a page of their own.
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, bytes).into_response())
}

/// `GET /log/checkpoint`.
async fn checkpoint(State(app): State<App>) -> Result<Response, Failure> {
    file(&app, "checkpoint", TEXT, FRESH).await
}

/// `GET /log/keys`: verifier keys, the log's own first, one a line. To be compared with what is published elsewhere.
async fn keys(State(app): State<App>) -> Result<Response, Failure> {
    file(&app, "keys", TEXT, FRESH).await
}

/// `GET /log/tile/<L>/<N>[.p/<W>]` and `GET /log/tile/entries/<N>[.p/<W>]`.
async fn tile(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Failure> {
    file(&app, &format!("tile/{path}"), "application/octet-stream", FOR_EVER).await
}

/// `POST /witness/add-checkpoint`. Answers in plain text, as the specification says, also when it refuses.
async fn add_checkpoint(State(app): State<App>, body: Bytes) -> Result<Response, Failure> {
    let answer = match std::str::from_utf8(&body) {
        Ok(text) => log::add_checkpoint(&app.city, text).await?,
        Err(_) => Err(Refused::Malformed),
    };
    let (status, kind, text) = match answer {
        Ok(line) => (StatusCode::OK, TEXT, line),
        Err(Refused::Conflict(size)) => (StatusCode::CONFLICT, "text/x.tlog.size", format!("{size}\n")),
        Err(refused) => {
            let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, TEXT, format!("{refused}\n"))
        }
    };
    Ok((status, [(CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response())
}
