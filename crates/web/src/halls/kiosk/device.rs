//! The device itself: enrolled with its code, connected with its key, heard as long as it lives. Its browser makes the key and
//! keeps it (`assets/js/kiosk.js`); what comes back is an ordinary form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::Device;
use serde_json::json;
use service::ServiceError;
use service::halls::devices::{self, Connected};

use super::end::{device_cookie, with_cookie};
use crate::accounts::document;
use crate::app::{Failure, Posted, Visit};
use crate::halls::refusal;
use crate::i18n::T;
use crate::kit::{Field, Notice, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "halls/kiosk/unknown.html")]
struct UnknownPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    code: Field,
}

#[derive(Template)]
#[template(path = "halls/kiosk/connected.html")]
struct ConnectedPage<'a> {
    t: T,
    page: &'a Page,
    text: String,
}

/// A device that is not registered, or not any more. Its own key is tried first, once; what went wrong with it stands on the page.
pub(super) fn unknown(visit: &Visit, status: StatusCode, problem: Option<String>) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let code = Field::text(t, "code", t.kiosk_code()).hint(t.kiosk_code_hint()).autocomplete("off").max_length(20);
    let problem = problem.map(|words| Notice::new(Tone::Act, words));
    let response = respond(status, t.lang(), &UnknownPage { t, page: &page, problem, code });
    if visit.cut_off { super::forget_device(response) } else { response }
}

/// What a device without pages of its own shows.
pub(super) fn connected(visit: &Visit, own: &Device) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let text = t.kiosk_connected_text(own.name.as_str(), t.kiosk_device(own.kind.as_str()));
    respond(StatusCode::OK, t.lang(), &ConnectedPage { t, page: &page, text })
}

fn entered(visit: &Visit, result: Result<Connected, ServiceError>) -> Result<Response, Failure> {
    match result {
        Ok(own) => {
            let seconds = (own.expires.micros() - visit.city().now().micros()) / 1_000_000;
            let cookie = device_cookie(visit, &own.secret, seconds);
            Ok(with_cookie(Redirect::to("/kiosk").into_response(), &cookie))
        }
        Err(error) => Ok(unknown(visit, StatusCode::CONFLICT, Some(refusal(visit.t(), error)?))),
    }
}

/// `POST /kiosk/enrol`.
pub(super) async fn enrol(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("device-enrol")?;
    let own = devices::enrol(visit.city(), posted.get("code"), posted.get("key"), posted.get("signature")).await;
    entered(visit, own)
}

/// `POST /kiosk/challenge`: what the device signs next, as JSON.
pub(super) async fn challenge(posted: Posted) -> Result<Response, Failure> {
    posted.visit.attempt("device-challenge")?;
    Ok(document(json!({ "challenge": devices::challenge_device(posted.visit.city()).await? })))
}

/// `POST /kiosk/connect`.
pub(super) async fn connect(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    visit.attempt("device-connect")?;
    let (device, challenge) = (posted.get("device"), posted.get("challenge"));
    let own = devices::connect(visit.city(), device, challenge, posted.get("signature")).await;
    entered(visit, own)
}

/// `POST /kiosk/beat`: the page of a device is alive.
pub(super) async fn beat(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let device = visit.device.as_ref().ok_or(ServiceError::NotFound("device"))?;
    devices::beat(visit.city(), device, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
