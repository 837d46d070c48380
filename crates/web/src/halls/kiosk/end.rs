//! The end of a visit to a kiosk: the session is over and nothing of it stays in the browser.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use service::accounts;

use super::at;
use crate::app::{DEVICE_COOKIE, Failure, Posted, SESSION_COOKIE, Visit};
use crate::layout::Prefs;

/// The answer with a cookie.
pub(super) fn with_cookie(mut response: Response, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The cookie of a device.
pub(super) fn device_cookie(visit: &Visit, secret: &str, seconds: i64) -> String {
    let secure = if visit.app.options.secure_cookies { "; Secure" } else { "" };
    format!("{DEVICE_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// Takes the cookie of a device that counts no more away, so that its browser is an ordinary one again.
pub(crate) fn forget_device(response: Response) -> Response {
    with_cookie(response, &format!("{DEVICE_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
}

/// Ends the session and lets the browser forget what it keeps: cookies of the visit, display choices, pages in its memory. The key of
/// the device stays.
pub(super) async fn forget(visit: &Visit) -> Result<Response, Failure> {
    if let Some(secret) = &visit.session {
        accounts::sign_out(visit.city(), secret).await?;
    }
    let mut response = Redirect::to("/kiosk").into_response();
    for name in [SESSION_COOKIE, Prefs::COOKIE] {
        response = with_cookie(response, &format!("{name}=; Path=/; Max-Age=0; SameSite=Lax"));
    }
    let clear = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    response.headers_mut().insert(clear.0, clear.1);
    Ok(response)
}

/// `POST /kiosk/end`.
pub(super) async fn end(posted: Posted) -> Result<Response, Failure> {
    at(&posted.visit)?;
    forget(&posted.visit).await
}
