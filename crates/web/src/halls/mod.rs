//! Halls: places with hours and waits, appointments, tickets, the hall screen, and what clerks do with a queue.
//!
//! * `list.rs` and `place.rs` are public; `hours.rs` puts openings into words
//! * `book.rs` books, `appointments.rs` shows and cancels; `tickets.rs` takes a number and shows how many are before it
//! * `screen.rs` is what hangs in the hall: a page, its events, and the same as JSON for those that cannot hear them
//! * `queue.rs`, `reception.rs`, `terminals.rs` and `rota` are pages of staff; `kiosk` is what a registered terminal shows,
//!   `lockers` what lies in a locker

mod appointments;
mod book;
mod hours;
mod kiosk;
mod list;
mod lockers;
mod place;
mod queue;
mod reception;
mod rota;
mod screen;
mod terminals;
mod tickets;

use axum::Router;
use axum::routing::{get, post};
use domain::accounts::Actor;
use service::cases::RequestKey;
use service::{City, ServiceError};

use crate::app::{App, Failure, Posted};

/// Addresses of places, visits and queues.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/places", get(list::page))
        .route("/places/{id}", get(place::page))
        .route("/places/{id}/book", get(book::page).post(book::send))
        .route("/places/{id}/tickets", post(tickets::take))
        .route("/appointments", get(appointments::list))
        .route("/appointments/{id}", get(appointments::show))
        .route("/appointments/{id}/cancel", post(appointments::cancel))
        .route("/tickets/{id}", get(tickets::show))
        .route("/tickets/{id}/cancel", post(tickets::cancel))
        .route("/screen/{id}", get(screen::page))
        .route("/screen/{id}/board", get(screen::board))
        .route("/screen/{id}/events", get(screen::events))
        .route("/desk/queue", get(queue::page).post(queue::send))
        .route("/desk/reception", get(reception::page).post(reception::send))
        .route("/desk/terminals", get(terminals::page).post(terminals::send))
        .merge(kiosk::routes())
        .merge(lockers::routes())
        .merge(rota::routes())
}

/// A value that makes one showing of a form one request, however often it is sent.
fn nonce(city: &City) -> String {
    city.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key of a posted form; a form that was not shown by us has none.
fn form_key(posted: &Posted, actor: &Actor) -> Option<RequestKey> {
    let content: Vec<&(String, String)> = posted.pairs.iter().filter(|(name, _)| name != "csrf").collect();
    let text = format!("{} {}", posted.visit.path, serde_json::to_string(&content).unwrap_or_default());
    let nonce = posted.get("nonce");
    (nonce.len() == 32).then(|| (actor.label(), nonce.to_owned(), seal::digest::sha256(text.as_bytes())))
}

/// What a refused command says on its page; every other failure passes through.
fn refusal(t: crate::i18n::T, error: ServiceError) -> Result<String, Failure> {
    match error {
        ServiceError::Hall(refusal) => Ok(t.of(&refusal.reason.explain()).to_owned()),
        ServiceError::Invalid(fields) => {
            Ok(fields.iter().map(|field| t.of(&field.message)).collect::<Vec<_>>().join(" "))
        }
        ServiceError::Changed => Ok(t.of(&domain::halls::HallReason::WrongState.explain()).to_owned()),
        other => Err(other.into()),
    }
}

/// Name of a matter, or nothing for one that is not said or not published any more.
fn matter_name(city: &City, t: crate::i18n::T, slug: &str) -> String {
    let shelf = city.shelf();
    shelf.matter(slug).map_or_else(|_| String::new(), |matter| t.of(&matter.bundle.matter.name).to_owned())
}
