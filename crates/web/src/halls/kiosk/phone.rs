//! Signing in at a kiosk with one's own phone: the kiosk shows a code, the phone says yes, the kiosk takes the session. No password
//! is typed where others look on.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use service::ServiceError;
use service::halls::kiosk::{self, Found};

use super::at;
use crate::accounts::{document, enter as entered};
use crate::app::{Failure, Posted, Visit};
use crate::cases::qr;
use crate::i18n::T;
use crate::kit::{Empty, Fact, Facts, Html, Icon, Notice, Tone};
use crate::layout::{Page, respond, safe_back};

#[derive(Template)]
#[template(path = "halls/kiosk/sign_in.html")]
struct SignInPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    qr: Html,
    address: String,
    number: String,
    secret: String,
    next: String,
    other: String,
}

#[derive(Template)]
#[template(path = "halls/kiosk/at.html")]
struct AtPage<'a> {
    t: T,
    page: &'a Page,
    facts: Facts,
    action: String,
}

#[derive(Template)]
#[template(path = "halls/kiosk/at_end.html")]
struct AtEndPage<'a> {
    page: &'a Page,
    title: String,
    empty: Empty,
}

async fn show(visit: &Visit, status: StatusCode, next: &str, problem: Option<String>) -> Result<Response, Failure> {
    let invitation = kiosk::invite(visit.city(), at(visit)?).await?;
    let (t, page) = (visit.t(), visit.page());
    let address = format!("{}/at/{}", visit.city().settings().base_url, invitation.code);
    let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let view = SignInPage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        qr: qr(&address, t.kiosk_phone_qr()),
        address,
        number: invitation.number,
        secret: invitation.secret,
        next: next.to_owned(),
        other: format!("/sign-in?by=password&next={encoded}"),
    };
    Ok(respond(status, t.lang(), &view))
}

/// Where a visit goes on: the first page of the kiosk unless a page asked for the signing in.
fn next(asked: &str) -> &str {
    match safe_back(asked) {
        "/" => "/kiosk",
        own => own,
    }
}

/// `GET /kiosk/sign-in`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    at(&visit)?;
    let next = next(query.get("next").map_or("", String::as_str));
    if visit.signed_in.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    show(&visit, StatusCode::OK, next, None).await
}

/// `POST /kiosk/sign-in/state`: whether the phone has said yes, as JSON.
pub(super) async fn state(posted: Posted) -> Result<Response, Failure> {
    at(&posted.visit)?;
    let accepted = kiosk::is_accepted(posted.visit.city(), posted.get("secret")).await?;
    Ok(document(json!({ "accepted": accepted })))
}

/// `POST /kiosk/sign-in`: takes the session of whoever has said yes.
pub(super) async fn enter(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (device, next) = (at(visit)?, next(posted.get("next")));
    match kiosk::enter(visit.city(), device, posted.get("secret")).await? {
        Some(session) => Ok(entered(visit, &session.secret, next)),
        None => {
            let words = visit.t().kiosk_phone_not_yet().to_owned();
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, next, Some(words)).await
        }
    }
}

fn facts(visit: &Visit, found: &Found) -> Facts {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let place = shelf.place(&found.device.place).map_or("", |place| t.of(&place.name));
    Facts::new(
        t,
        vec![
            Fact::new(t.kiosk_at_place(), place),
            Fact::new(t.kiosk_at_device(), found.device.name.as_str()),
            Fact::new(t.kiosk_at_number(), found.number.as_str()),
        ],
    )
}

/// The page after yes, and that of a code which cannot be used.
fn ended(visit: &Visit, status: StatusCode, icon: Icon, title: &str, text: &str) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let view = AtEndPage { page: &page, title: title.to_owned(), empty: Empty::new(icon, title, text) };
    respond(status, t.lang(), &view)
}

fn gone(visit: &Visit) -> Response {
    let t = visit.t();
    ended(visit, StatusCode::NOT_FOUND, Icon::Qr, t.kiosk_at_gone(), t.kiosk_at_gone_text())
}

/// `GET /at/{code}`: what the phone shows.
pub(super) async fn invited(visit: Visit, Path(code): Path<String>) -> Result<Response, Failure> {
    visit.signed_in()?;
    match kiosk::invited(visit.city(), &code).await {
        Ok(found) => {
            let (t, page) = (visit.t(), visit.page());
            let view = AtPage { t, page: &page, facts: facts(&visit, &found), action: format!("/at/{code}") };
            Ok(respond(StatusCode::OK, t.lang(), &view))
        }
        Err(ServiceError::NotFound(_)) => Ok(gone(&visit)),
        Err(other) => Err(other.into()),
    }
}

/// `POST /at/{code}`: yes.
pub(super) async fn accept(Path(code): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let t = visit.t();
    match kiosk::accept(visit.city(), visit.signed_in()?, &code).await {
        Ok(_) => Ok(ended(visit, StatusCode::OK, Icon::CheckCircle, t.kiosk_at_done(), t.kiosk_at_done_text())),
        Err(ServiceError::NotFound(_)) => Ok(gone(visit)),
        Err(other) => Err(other.into()),
    }
}
