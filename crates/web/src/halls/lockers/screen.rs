//! The screen at a locker: a code opens a door. The machine behind it hears which one (`data-open-cell`).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::halls::{Device, DeviceKind};
use service::ServiceError;
use service::halls::lockers::{self, Opened};

use crate::app::{Failure, Posted, Visit};
use crate::halls::refusal;
use crate::i18n::T;
use crate::kit::{Field, Notice, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "halls/lockers/screen.html")]
struct ScreenPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    opened: Option<Opened>,
    code: Field,
}

/// The locker that asks; for everybody else there is no such page.
fn at(visit: &Visit) -> Result<&Device, Failure> {
    let own = visit.device.as_ref().filter(|own| own.kind == DeviceKind::Locker);
    own.ok_or_else(|| ServiceError::NotFound("locker").into())
}

fn show(visit: &Visit, status: StatusCode, problem: Option<String>, opened: Option<Opened>) -> Response {
    let (t, page) = (visit.t(), visit.page());
    let code = Field::text(t, "code", t.locker_open_code()).autocomplete("off").max_length(12);
    let problem = problem.map(|words| Notice::new(Tone::Act, words));
    respond(status, t.lang(), &ScreenPage { t, page: &page, problem, opened, code })
}

/// `GET /kiosk/locker`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    at(&visit)?;
    Ok(show(&visit, StatusCode::OK, None, None))
}

/// `POST /kiosk/locker`.
pub(super) async fn open(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let device = at(visit)?;
    let (limiter, now) = (&visit.app.limiter, visit.city().now());
    limiter.attempt("locker", device.id, now).map_err(ServiceError::TooMany)?;
    match lockers::open(visit.city(), device, posted.get("code")).await {
        Ok(opened) => Ok(show(visit, StatusCode::OK, None, Some(opened))),
        Err(error) => Ok(show(visit, StatusCode::CONFLICT, Some(refusal(visit.t(), error)?), None)),
    }
}
