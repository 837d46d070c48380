//! `/parcels`: what one has in lockers, codes for taking it out, consent to a proxy, and a cell for originals.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::Way;
use service::ServiceError;
use service::halls::lockers::{self, Reserve};

use super::{Given, ParcelRow, case_field, place_field, row};
use crate::app::{Failure, Posted, Visit};
use crate::halls::refusal;
use crate::i18n::T;
use crate::kit::{Empty, Field, Icon, Notice, Tone};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "halls/lockers/mine.html")]
struct MinePage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    given: Option<Given>,
    rows: Vec<ParcelRow>,
    empty: Empty,
    /// The form of a deposit; a city without lockers has none.
    deposit: Option<[Field; 2]>,
}

/// What a page says beside the parcels.
#[derive(Default)]
struct Said {
    problem: Option<String>,
    given: Option<Given>,
    case: String,
    place: String,
}

async fn show(visit: &Visit, status: StatusCode, said: Said) -> Result<Response, Failure> {
    let actor = visit.person()?;
    let (t, page, shelf) = (visit.t(), visit.page().with_part(Part::Cases), visit.city().shelf());
    let own = lockers::my_parcels(visit.city(), actor).await?;
    let any = shelf.places().places.iter().any(|place| place.cells > 0);
    let view = MinePage {
        t,
        page: &page,
        problem: said.problem.map(|words| Notice::new(Tone::Act, words)),
        given: said.given,
        rows: own.iter().map(|own| row(visit, own)).collect(),
        empty: Empty::new(Icon::Inbox, t.locker_none(), t.locker_none_text()),
        deposit: any.then(|| [case_field(t, &said.case), place_field(visit, t, &said.place)]),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /parcels`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, Said::default()).await
}

/// The page with what was refused; every other failure passes through.
async fn refused(posted: &Posted, error: ServiceError) -> Result<Response, Failure> {
    let status = match &error {
        ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    let visit = &posted.visit;
    let problem = Some(refusal(visit.t(), error)?);
    let (case, place) = (posted.get("case").to_owned(), posted.get("place").to_owned());
    show(visit, status, Said { problem, given: None, case, place }).await
}

/// `POST /parcels`: keeps a cell for originals.
pub(super) async fn deposit(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, actor) = (visit.t(), visit.person()?);
    let wish =
        Reserve { place: posted.get("place").to_owned(), case: posted.get("case").trim().to_owned(), way: Way::In };
    if wish.case.is_empty() {
        let missing = ServiceError::field("case", "请填写办件编号。", "Write the number of the case.");
        return refused(&posted, missing).await;
    }
    match lockers::reserve(visit.city(), actor, &wish).await {
        Ok((own, code)) => {
            let given = Given { title: t.locker_code_deposit().to_owned(), code, cell: t.locker_cell(own.cell) };
            show(visit, StatusCode::OK, Said { given: Some(given), ..Said::default() }).await
        }
        Err(error) => refused(&posted, error).await,
    }
}

/// `POST /parcels/{id}/code`: a code for oneself, or with a name the consent to a proxy and a code for that person.
pub(super) async fn code(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let (t, actor) = (visit.t(), visit.person()?);
    let named = posted.pairs.iter().any(|(name, _)| name == "proxy").then(|| posted.get("proxy").trim());
    match lockers::give_code(visit.city(), actor, &id, named).await {
        Ok((own, code)) => {
            let title = named.map_or_else(|| t.locker_code().to_owned(), |name| t.locker_code_proxy(name));
            let given = Given { title, code, cell: t.locker_cell(own.cell) };
            show(visit, StatusCode::OK, Said { given: Some(given), ..Said::default() }).await
        }
        Err(error) => refused(&posted, error).await,
    }
}

/// `POST /parcels/{id}/withdraw`: takes the consent to a proxy back.
pub(super) async fn withdraw(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    match lockers::withdraw_proxy(visit.city(), visit.person()?, &id).await {
        Ok(_) => Ok(Redirect::to("/parcels").into_response()),
        Err(error) => refused(&posted, error).await,
    }
}
