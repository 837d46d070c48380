//! `/desk/rota`: a week of a place, who sits where and what is wrong with it; swaps of clerks and plans of the head. `/desk/overtime`:
//! time served past closing, and time off in lieu.
//!
//! * `week.rs` shows a week, `rows.rs` puts duties, gaps and swaps into words, `forms.rs` plans, swaps and lists the staff
//! * `send.rs` carries out a button; `overtime.rs` is the page of ledgers

mod forms;
mod overtime;
mod rows;
mod send;
mod week;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use domain::accounts::Actor;
use domain::halls::Place;
use jiff::civil::Date;
use service::catalog::Shelf;
use service::halls::rota;
use service::{City, ServiceError};

use crate::app::{App, Failure, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Field};

/// Addresses of rotas.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/desk/rota", get(week::page).post(send::send))
        .route("/desk/overtime", get(overtime::page).post(overtime::send))
}

/// What was asked for or typed, by field.
type Typed = BTreeMap<String, String>;

fn typed<'a>(fields: &'a Typed, name: &str) -> &'a str {
    fields.get(name).map_or("", |value| value.trim())
}

/// Whoever stands on rotas or plans them, or the failure that says so.
fn staff(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    rota::permit(actor)?;
    Ok(actor)
}

/// The place that is named, or that whose rota concerns the actor most, or the first that has windows.
async fn place_of<'p>(city: &City, shelf: &'p Shelf, actor: &Actor, id: &str) -> Result<&'p Place, ServiceError> {
    let staffed = |place: &&Place| !place.counters.is_empty();
    if !id.is_empty() {
        return shelf.place(id).ok().filter(staffed).ok_or(ServiceError::NotFound("place"));
    }
    let home = rota::home(city, actor).await?.and_then(|id| shelf.place(&id).ok()).filter(staffed);
    home.or_else(|| shelf.places().places.iter().find(staffed)).ok_or(ServiceError::NotFound("place"))
}

/// The day that is named; today when it is none.
fn day_of(visit: &Visit, text: &str) -> Date {
    text.parse().unwrap_or_else(|_| visit.city().now().date())
}

/// Where a week is shown.
fn address(place: &str, monday: Date) -> String {
    format!("/desk/rota?place={place}&week={monday}")
}

/// The places that have windows, as a choice.
fn place_field(t: T, shelf: &Shelf, chosen: &str) -> Field {
    let staffed = shelf.places().places.iter().filter(|place| !place.counters.is_empty());
    let choices = staffed.map(|place| Choice::new(place.id.as_str(), t.of(&place.name))).collect();
    Field::select(t, "place", t.halls_queue_place(), choices).value(chosen)
}
