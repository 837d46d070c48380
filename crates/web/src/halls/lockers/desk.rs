//! `/desk/parcels`: what lies in a locker, putting in a result, taking out originals, taking back what nobody collects.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::Way;
use service::ServiceError;
use service::halls::lockers::{self, Reserve};

use super::{Given, ParcelRow, case_field, place_field, row};
use crate::app::{Failure, Posted, Visit};
use crate::desk::frame;
use crate::halls::refusal;
use crate::i18n::T;
use crate::kit::{Field, Notice, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "halls/lockers/desk.html")]
struct DeskPage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    given: Option<Given>,
    choice: Field,
    place: String,
    used: String,
    rows: Vec<ParcelRow>,
    case: Field,
}

/// A clerk, or the failure that says so.
fn clerk(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::Deliver, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

#[derive(Default)]
struct Said {
    problem: Option<String>,
    given: Option<Given>,
    case: String,
}

async fn show(visit: &Visit, status: StatusCode, place: &str, said: Said) -> Result<Response, Failure> {
    let actor = clerk(visit)?;
    let (t, city) = (visit.t(), visit.city());
    let (page, shelf) = (frame::page(visit, "/desk/parcels").await?, city.shelf());
    let mut all = shelf.places().places.iter().filter(|own| own.cells > 0);
    let own = shelf.place(place).ok().filter(|own| own.cells > 0).or_else(|| all.next());
    let own = own.ok_or(ServiceError::NotFound("locker"))?;
    let inside = lockers::parcels_of(city, actor, &own.id).await?;
    let view = DeskPage {
        t,
        page: &page,
        problem: said.problem.map(|words| Notice::new(Tone::Act, words)),
        given: said.given,
        choice: place_field(visit, t, &own.id),
        place: own.id.clone(),
        used: t.locker_desk_used(inside.len(), own.cells),
        rows: inside.iter().map(|own| row(visit, own)).collect(),
        case: case_field(t, &said.case),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/parcels`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, query.get("place").map_or("", String::as_str), Said::default()).await
}

/// What a button of the page does; a code is shown on the answer itself, and nowhere again.
async fn act(posted: &Posted, actor: &Actor) -> Result<Option<Given>, ServiceError> {
    let (t, city, id) = (posted.visit.t(), posted.visit.city(), posted.get("parcel"));
    match posted.get("do") {
        "clear" => lockers::clear(city, actor, id, posted.get("reason")).await.map(|_| None),
        "code" => {
            let (own, code) = lockers::give_code(city, actor, id, None).await?;
            Ok(Some(Given { title: t.locker_code().to_owned(), code, cell: t.locker_cell(own.cell) }))
        }
        _ => {
            let case = posted.get("case").trim().to_owned();
            if case.is_empty() {
                return Err(ServiceError::field("case", "请填写办件编号。", "Write the number of the case."));
            }
            let wish = Reserve { place: posted.get("place").to_owned(), case, way: Way::Out };
            let (own, code) = lockers::reserve(city, actor, &wish).await?;
            Ok(Some(Given { title: t.locker_code_deposit().to_owned(), code, cell: t.locker_cell(own.cell) }))
        }
    }
}

/// `POST /desk/parcels`.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = clerk(visit)?;
    let place = posted.get("place");
    match act(&posted, actor).await {
        Ok(None) => Ok(Redirect::to(&format!("/desk/parcels?place={place}")).into_response()),
        Ok(given) => show(visit, StatusCode::OK, place, Said { given, ..Said::default() }).await,
        Err(error) => {
            let status = match &error {
                ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let problem = Some(refusal(visit.t(), error)?);
            show(visit, status, place, Said { problem, given: None, case: posted.get("case").to_owned() }).await
        }
    }
}
