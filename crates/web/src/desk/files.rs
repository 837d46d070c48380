//! Files of a case, for the desk: pictures are shown, everything else is handed over as a download.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use service::cases::{self, open_upload};

use crate::app::{Failure, Visit};
use crate::cases::download;

/// Types that a browser shows without running anything. SVG is none of them: it can hold scripts.
pub(super) fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// `GET /desk/cases/{number}/files/{upload}`. The type is the one found by the file's first bytes, never the sender's
/// word, and the sandbox keeps whatever is inside from acting in our origin.
pub(super) async fn open(visit: Visit, Path((number, upload)): Path<(String, String)>) -> Result<Response, Failure> {
    let found = cases::case_by_number(visit.city(), visit.staff()?, &number).await?;
    let (file, content) = open_upload(visit.city(), &found.case, &upload).await?;
    let mut response = download(&file.name, &file.media_type, content);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if is_picture(&file.media_type) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    }
    Ok(response)
}
