//! Files in pieces, as tus 1.0 sends them: begin, ask where it stopped, append. A lost connection loses at most the
//! bytes that were still on their way.

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::ServiceError;
use service::cases::{self, Upload, begin_upload, continue_upload, open_upload};
use std::collections::BTreeMap;

use crate::app::{Failure, Visit, same_origin};

const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const TUS: HeaderName = HeaderName::from_static("tus-resumable");

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The same two checks as for forms; the token travels in a header because the body is the file.
fn checked(visit: &Visit, headers: &HeaderMap) -> Result<(), Failure> {
    let csrf = &visit.signed_in()?.csrf;
    let given = ["x-csrf-token", "x-csrf"].iter().find_map(|name| headers.get(*name)?.to_str().ok());
    if same_origin(headers) && given == Some(csrf.as_str()) { Ok(()) } else { Err(Failure::forged()) }
}

fn answer(status: StatusCode, upload: &Upload) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS, HeaderValue::from_static("1.0.0"));
    headers.insert(OFFSET, HeaderValue::from(upload.offset));
    headers.insert(LENGTH, HeaderValue::from(upload.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `filename` of `Upload-Metadata: filename <base64>,filetype <base64>`.
fn file_name(metadata: &str) -> Option<String> {
    let value = metadata.split(',').find_map(|pair| pair.trim().strip_prefix("filename "))?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

/// `POST /uploads`: 201 with the address to which the bytes go.
pub(super) async fn begin(visit: Visit, headers: HeaderMap) -> Result<Response, Failure> {
    checked(&visit, &headers)?;
    let size = text(&headers, &LENGTH).and_then(|size| size.parse().ok());
    let size: i64 = size.ok_or_else(|| {
        ServiceError::field("file", "请求缺少文件大小（Upload-Length）。", "The header Upload-Length is missing.")
    })?;
    let name = text(&headers, &METADATA).and_then(file_name).unwrap_or_else(|| "file".to_owned());
    let upload = begin_upload(visit.city(), visit.actor()?, &name, size, None).await?;
    let mut response = answer(StatusCode::CREATED, &upload);
    let location = HeaderValue::from_str(&format!("/uploads/{}", upload.id)).map_err(ServiceError::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// `HEAD /uploads/{id}`: how far it is.
pub(super) async fn offset(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let upload = cases::upload(visit.city(), visit.actor()?, &id).await?;
    Ok(answer(StatusCode::OK, &upload))
}

/// `PATCH /uploads/{id}`: appends at `Upload-Offset`, which must be where the file ends; 409 otherwise.
pub(super) async fn append(
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    checked(&visit, &headers)?;
    let (city, actor) = (visit.city(), visit.actor()?);
    let at = text(&headers, &OFFSET).and_then(|at| at.parse().ok());
    let at: i64 = at.ok_or_else(|| {
        ServiceError::field("file", "请求缺少起始位置（Upload-Offset）。", "The header Upload-Offset is missing.")
    })?;
    let upload = continue_upload(city, actor, &id, at, body.into_data_stream()).await?;
    Ok(answer(StatusCode::NO_CONTENT, &upload))
}

/// `GET /uploads/{id}?case=…`: a file of a case, for somebody who may see the case. It is handed over as a download and
/// never shown in our origin.
pub(super) async fn open(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let (city, actor) = (visit.city(), visit.actor()?);
    let (name, kind, content) = match query.get("case") {
        Some(number) => {
            let found = cases::case_by_number(city, actor, number).await?;
            let (file, content) = open_upload(city, &found.case, &id).await?;
            (file.name, file.media_type, content)
        }
        None => {
            let (file, content) = cases::own_file(city, actor, &id).await?;
            (file.name, file.media_type.unwrap_or_default(), content)
        }
    };
    Ok(download(&name, &kind, content))
}

/// Bytes as a download under a name of any script.
pub(crate) fn download(name: &str, kind: &str, content: Vec<u8>) -> Response {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let mut response = content.into_response();
    let headers = response.headers_mut();
    let fixed = |name: HeaderName, value: &'static str| (name, HeaderValue::from_static(value));
    for (name, value) in [
        fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        fixed(header::CACHE_CONTROL, "private, no-store"),
        fixed(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        headers.insert(name, value);
    }
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let kind = if kind.is_empty() { "application/octet-stream" } else { kind };
    for (name, value) in [(header::CONTENT_DISPOSITION, disposition.as_str()), (header::CONTENT_TYPE, kind)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_survive_their_way() {
        let encoded = STANDARD.encode("卫生平面图·1.pdf");
        assert_eq!(file_name(&format!("filetype YQ==,filename {encoded}")), Some("卫生平面图·1.pdf".to_owned()));
        assert_eq!(file_name("filename %%%"), None);
        let response = download("图 1.pdf", "application/pdf", Vec::new());
        let disposition = response.headers().get(header::CONTENT_DISPOSITION).unwrap();
        assert_eq!(disposition, "attachment; filename*=UTF-8''%E5%9B%BE%201.pdf");
    }
}
