//! A tus 1.0 server in memory and a form that accepts everything: enough to try `js/upload.js` and `js/autosave.js`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{head, post};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Uploads(Mutex<HashMap<usize, (usize, usize)>>);

fn number(headers: &HeaderMap, name: &str) -> usize {
    headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn answer(status: StatusCode, name: &'static str, value: String) -> Response {
    let value = HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static(""));
    (status, [(HeaderName::from_static(name), value)]).into_response()
}

async fn create(State(uploads): State<Arc<Uploads>>, headers: HeaderMap) -> Response {
    let Ok(mut uploads) = uploads.0.lock() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let id = uploads.len() + 1;
    uploads.insert(id, (0, number(&headers, "upload-length")));
    answer(StatusCode::CREATED, "location", format!("/uploads/{id}"))
}

async fn offset(State(uploads): State<Arc<Uploads>>, Path(id): Path<usize>) -> Response {
    match uploads.0.lock().ok().and_then(|uploads| uploads.get(&id).copied()) {
        Some((at, _)) => answer(StatusCode::OK, "upload-offset", at.to_string()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn append(
    State(uploads): State<Arc<Uploads>>,
    Path(id): Path<usize>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(mut uploads) = uploads.0.lock() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let Some((at, length)) = uploads.get_mut(&id) else { return StatusCode::NOT_FOUND.into_response() };
    if number(&headers, "upload-offset") != *at || *at + body.len() > *length {
        return StatusCode::CONFLICT.into_response();
    }
    *at += body.len();
    answer(StatusCode::NO_CONTENT, "upload-offset", at.to_string())
}

pub fn routes() -> Router {
    Router::new()
        .route("/uploads", post(create))
        .route("/uploads/{id}", head(offset).patch(append))
        .route("/kit/save", post(|| async { StatusCode::NO_CONTENT }))
        .with_state(Arc::new(Uploads::default()))
}
