//! A number for the queue, taken at a kiosk with or without signing in.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::Device;
use service::ServiceError;
use service::cases::RequestKey;
use service::halls::{self, Board, board, kiosk};

use super::{at, home};
use crate::app::{Failure, Posted, Visit};
use crate::halls::{nonce, refusal, tickets};
use crate::i18n::T;
use crate::kit::{Notice, Tag, Tone};
use crate::layout::{Page, respond};

struct CounterRow {
    id: String,
    name: String,
    waiting: String,
}

#[derive(Template)]
#[template(path = "halls/kiosk/tickets.html")]
struct ChoosePage<'a> {
    t: T,
    page: &'a Page,
    problem: Option<Notice>,
    counters: Vec<CounterRow>,
    nonce: String,
}

#[derive(Template)]
#[template(path = "halls/kiosk/ticket.html")]
struct TicketPage<'a> {
    t: T,
    page: &'a Page,
    number: String,
    place: String,
    counter: String,
    tag: Tag,
    lines: Vec<String>,
    at: String,
    notice: Option<Notice>,
}

fn rows(visit: &Visit, device: &Device, board: &Arc<Board>) -> Result<Vec<CounterRow>, Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let place = shelf.place(&device.place)?;
    if place.counters.is_empty() {
        return Err(ServiceError::NotFound("counter").into());
    }
    let waiting = |id: &str| board.queues.iter().find(|queue| queue.counter == id).map_or(0, |queue| queue.waiting);
    let row = |own: &domain::halls::Counter| CounterRow {
        id: own.id.clone(),
        name: t.of(&own.name).to_owned(),
        waiting: match waiting(&own.id) {
            0 => t.halls_waiting_none().to_owned(),
            count => t.halls_waiting_count(count),
        },
    };
    Ok(place.counters.iter().map(row).collect())
}

async fn choose(visit: &Visit, status: StatusCode, problem: Option<String>) -> Result<Response, Failure> {
    let device = at(visit)?;
    let (t, page) = (visit.t(), visit.page());
    let board = board(visit.city(), &device.place).await?;
    let view = ChoosePage {
        t,
        page: &page,
        problem: problem.map(|words| Notice::new(Tone::Act, words)),
        counters: rows(visit, device, &board)?,
        nonce: nonce(visit.city()),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /kiosk/tickets`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    choose(&visit, StatusCode::OK, None).await
}

/// The key of one showing of the form: pressed twice it gives one number.
fn key(posted: &Posted, device: &Device) -> Option<RequestKey> {
    let (nonce, counter) = (posted.get("nonce"), posted.get("counter"));
    let text = format!("/kiosk/tickets {counter}");
    (nonce.len() == 32).then(|| (device.label(), nonce.to_owned(), seal::digest::sha256(text.as_bytes())))
}

/// `POST /kiosk/tickets`.
pub(super) async fn take(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let device = at(visit)?;
    let person = visit.signed_in.as_ref().map(|own| &own.actor);
    match halls::take_at(visit.city(), device, person, posted.get("counter"), key(&posted, device)).await {
        Ok(own) => Ok(Redirect::to(&format!("/kiosk/tickets/{}", own.id)).into_response()),
        Err(error) => {
            let words = refusal(visit.t(), error)?;
            choose(visit, StatusCode::CONFLICT, Some(words)).await
        }
    }
}

/// `GET /kiosk/tickets/{id}`.
pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let own = kiosk::ticket_at(visit.city(), at(&visit)?, &id).await?;
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let place = shelf.place(&own.place)?;
    let view = TicketPage {
        t,
        number: own.number.clone(),
        place: t.of(&place.name).to_owned(),
        counter: place.counter(&own.counter).map_or("", |counter| t.of(&counter.name)).to_owned(),
        tag: tickets::tag(t, &own.state),
        lines: tickets::lines(&visit, &own).await?,
        at: t.kiosk_ticket_at(t.clock(own.taken)),
        notice: home::no_printer(t, &page),
        page: &page,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
