//! Words for requests that never reach the router, because their first line or their headers cannot be read.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use futures_util::FutureExt;

use super::failure::{Failure, describe, error_page, problem};
use super::{App, Visit};
use crate::layout::Prefs;

/// Headers and body of the answer to a request that was refused as such; `heard` is what could be read of it, of which path
/// and language are taken where they are there. Below `/api` it is a problem document, elsewhere a page.
pub fn unheard(app: &App, status: StatusCode, heard: &[u8]) -> (HeaderMap, Bytes) {
    let mut lines = heard.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    let path = first.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.headers = lines.filter_map(preference).collect();
    let described = describe(&Failure::status(status), String::new);
    let answer = if path.starts_with(b"/api/") {
        problem(&described, Prefs::from_headers(&parts.headers).lang)
    } else {
        error_page(&Visit::anonymous(app, &mut parts), &described)
    };
    let (parts, body) = answer.into_parts();
    // Page and document are whole already, so nothing is waited for.
    let body = to_bytes(body, usize::MAX).now_or_never().and_then(Result::ok).unwrap_or_default();
    (parts.headers, body)
}

/// A header that says how the sender wants to be answered.
fn preference(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?.trim_ascii());
    let wanted = [header::ACCEPT_LANGUAGE, header::COOKIE];
    let name = wanted.into_iter().find(|own| name.eq_ignore_ascii_case(own.as_str().as_bytes()))?;
    Some((name, HeaderValue::from_bytes(value).ok()?))
}
