//! `/api/v1/uploads`: files that survive a lost connection (the semantics of tus 1.0: begin, ask the offset, append).

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::accounts::Scope;
use service::cases::{self, Upload};
use utoipa::ToSchema;

use super::caller::Caller;
use super::cases::key;
use super::query;
use crate::app::{App, Failure};

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// What a file is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginBody {
    /// Name for people.
    name: String,
    /// Bytes in all.
    size: i64,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadBody {
    id: String,
    name: String,
    size: i64,
    offset: i64,
    sha256: Option<String>,
    media_type: Option<String>,
}

impl From<Upload> for UploadBody {
    fn from(upload: Upload) -> UploadBody {
        UploadBody {
            id: upload.id,
            name: upload.name,
            size: upload.size,
            offset: upload.offset,
            sha256: upload.sha256,
            media_type: upload.media_type,
        }
    }
}

fn with_offset(mut response: Response, upload: &Upload) -> Response {
    for (name, value) in [(OFFSET, upload.offset), (LENGTH, upload.size)] {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    response
}

/// Begins a file. With an `Idempotency-Key` a repetition answers the same file.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "uploads", request_body = BeginBody,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = UploadBody), (status = 422)))]
pub async fn begin(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs(Scope::Cases)?;
    let begin: BeginBody = query::body(&headers, &bytes)?;
    // Beginning a file twice leaves one too many, which expires; so the key is the sender's choice here.
    let key = headers.contains_key("idempotency-key").then(|| key(&headers, &caller, "/api/v1/uploads", &bytes));
    let upload = cases::begin_upload(&app.city, &caller.actor, &begin.name, begin.size, key.transpose()?).await?;
    let location = HeaderValue::from_str(&format!("/api/v1/uploads/{}", upload.id));
    let mut response = (StatusCode::CREATED, Json(UploadBody::from(upload.clone()))).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(with_offset(response, &upload))
}

/// How much of a file is there, in `Upload-Offset` and `Upload-Length`.
#[utoipa::path(head, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub async fn offset(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Response, Failure> {
    let upload = cases::upload(&app.city, &caller.actor, &id).await?;
    Ok(with_offset(StatusCode::NO_CONTENT.into_response(), &upload))
}

/// One file.
#[utoipa::path(get, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, body = UploadBody), (status = 404)))]
pub async fn show(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Response, Failure> {
    let upload = cases::upload(&app.city, &caller.actor, &id).await?;
    Ok(with_offset(Json(UploadBody::from(upload.clone())).into_response(), &upload))
}

/// Appends bytes at `Upload-Offset`; the last ones finish the file.
#[utoipa::path(patch, path = "/api/v1/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Upload-Offset" = i64, Header)),
    responses((status = 204), (status = 409, description = "another offset: ask with HEAD")))]
pub async fn append(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let offset = headers.get(OFFSET).and_then(|value| value.to_str().ok()?.parse().ok()).ok_or_else(|| {
        ServiceError::field(
            "Upload-Offset",
            "请在请求头 Upload-Offset 中给出这段内容的起始位置。",
            "Say in the Upload-Offset header where these bytes begin.",
        )
    })?;
    let upload = cases::continue_upload(&app.city, &caller.actor, &id, offset, body.into_data_stream()).await?;
    Ok(with_offset(StatusCode::NO_CONTENT.into_response(), &upload))
}
