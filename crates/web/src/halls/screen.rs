//! What hangs in the hall: numbers that were called and who waits. The page shows the present state by itself; with scripts it
//! hears each movement (server-sent events), or asks every five seconds where events do not get through.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::halls::Place;
use futures_util::stream;
use service::catalog::Shelf;
use service::halls::{self, Board, board as read};
use service::{City, ServiceError};
use tokio::time::{Sleep, sleep, timeout};

use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::layout::{Page, respond};

/// How long to wait for news of this server before the board is read anyway: another server may have called.
const PAUSE: Duration = Duration::from_secs(5);
/// How long one stream lasts; then the browser connects anew, so that a server that is told to stop is not held up.
const LAST: Duration = Duration::from_secs(50);

struct QueueRow {
    counter: String,
    name: String,
    waiting: usize,
    minutes: String,
}

#[derive(Template)]
#[template(path = "halls/screen.html")]
struct ScreenPage<'a> {
    t: T,
    page: &'a Page,
    name: String,
    base: String,
    board: Arc<Board>,
    queues: Vec<QueueRow>,
    call: String,
    minutes: String,
}

/// The place of a screen. One without counters has no queue, so nothing hangs there.
fn screened<'s>(shelf: &'s Shelf, id: &str) -> Result<&'s Place, ServiceError> {
    let place = shelf.place(id)?;
    if place.counters.is_empty() { Err(ServiceError::NotFound("screen")) } else { Ok(place) }
}

/// `GET /screen/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let place = screened(&shelf, &id)?;
    let board = read(visit.city(), &id).await?;
    let row = |queue: &halls::Queue| QueueRow {
        counter: queue.counter.clone(),
        name: place.counter(&queue.counter).map_or("", |counter| t.of(&counter.name)).to_owned(),
        waiting: queue.waiting,
        minutes: t.halls_waiting_minutes(queue.minutes),
    };
    let view = ScreenPage {
        t,
        page: &page,
        name: t.of(&place.name).to_owned(),
        base: format!("/screen/{id}"),
        queues: board.queues.iter().map(row).collect(),
        board,
        // The script puts the numbers in.
        call: t.halls_screen_call("%n", "%w"),
        minutes: t.halls_waiting_minutes(0),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /screen/{id}/board`: the same as JSON, for screens that events do not reach.
pub(super) async fn board(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    screened(&visit.city().shelf(), &id)?;
    let board = read(visit.city(), &id).await?;
    let mut response = Json(&*board).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// One screen that listens.
struct Listener {
    city: City,
    place: String,
    news: tokio::sync::watch::Receiver<u64>,
    sent: Option<Arc<Board>>,
    end: Pin<Box<Sleep>>,
}

/// `GET /screen/{id}/events`: the board at once, and again whenever it has changed.
pub(super) async fn events(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let city = visit.city().clone();
    screened(&city.shelf(), &id)?;
    let news = halls::watch(&city, &id)?;
    let listener = Listener { city, place: id, news, sent: None, end: Box::pin(sleep(LAST)) };
    let events = stream::unfold(listener, next);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response();
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

async fn next(mut own: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    loop {
        if own.sent.is_some() {
            tokio::select! {
                // Without news the wait ends by itself; that is no failure.
                heard = timeout(PAUSE, own.news.changed()) => if let Ok(Err(_)) = heard { return None },
                () = &mut own.end => return None,
            }
        }
        own.news.borrow_and_update();
        // A database that is away for a moment ends the stream; the browser asks again.
        let board = read(&own.city, &own.place).await.ok()?;
        if own.sent.as_ref() == Some(&board) {
            continue;
        }
        let event = Event::default().retry(Duration::from_secs(1)).json_data(&*board).ok()?;
        own.sent = Some(board);
        return Some((Ok(event), own));
    }
}
