//! Somebody at a kiosk needs help, or something is wrong with it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::{FaultKind, Reported};
use service::ServiceError;
use service::halls::devices;

use super::at;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Notice, Tone};
use crate::layout::{Page, respond};

/// What people at a kiosk can see to be wrong with it.
const SEEN: [FaultKind; 4] = [FaultKind::Paper, FaultKind::Printer, FaultKind::Reader, FaultKind::Other];

#[derive(Template)]
#[template(path = "halls/kiosk/help.html")]
struct HelpPage<'a> {
    t: T,
    page: &'a Page,
    said: Option<Notice>,
    called: bool,
    faults: Vec<(&'static str, String)>,
}

/// `GET /kiosk/help`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let device = at(&visit)?;
    let (t, page) = (visit.t(), visit.page());
    let called = device.calling.is_some();
    let said = match (query.contains_key("reported"), called) {
        (true, _) => Some(Notice::new(Tone::Good, t.kiosk_help_reported())),
        (false, true) => Some(Notice::new(Tone::Good, t.kiosk_help_called())),
        (false, false) => None,
    };
    let open = SEEN.into_iter().filter(|kind| !device.has(*kind));
    let faults = open.map(|kind| (kind.as_str(), t.kiosk_fault(kind.as_str()))).collect();
    Ok(respond(StatusCode::OK, t.lang(), &HelpPage { t, page: &page, said, called, faults }))
}

/// `POST /kiosk/help`: calls for staff, or reports a fault.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let device = at(&posted.visit)?;
    let city = posted.visit.city();
    if posted.get("fault").is_empty() {
        devices::call_staff(city, device).await?;
        return Ok(Redirect::to("/kiosk/help").into_response());
    }
    let kind = FaultKind::parse(posted.get("fault")).filter(|kind| SEEN.contains(kind));
    let kind = kind.ok_or(ServiceError::NotFound("fault"))?;
    devices::complain(city, device, &Reported { kind, part: String::new() }).await?;
    Ok(Redirect::to("/kiosk/help?reported").into_response())
}
