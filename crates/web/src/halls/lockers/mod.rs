//! Document lockers: what a citizen has in one (`mine.rs`), what staff do with them (`desk.rs`), and the screen at the locker itself
//! (`screen.rs`).

mod desk;
mod mine;
mod screen;

use axum::Router;
use axum::routing::{get, post};
use domain::halls::{Bearer, Parcel, ParcelState, Way};

use crate::app::{App, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Field, Tag, Tone};

/// `/parcels`, `/desk/parcels` and `/kiosk/locker`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/parcels", get(mine::page).post(mine::deposit))
        .route("/parcels/{id}/code", post(mine::code))
        .route("/parcels/{id}/withdraw", post(mine::withdraw))
        .route("/desk/parcels", get(desk::page).post(desk::send))
        .route("/kiosk/locker", get(screen::page).post(screen::open))
}

/// A parcel in words.
struct ParcelRow {
    id: String,
    case: String,
    way: String,
    place: String,
    cell: String,
    tag: Tag,
    more: String,
    /// A code may be given.
    inside: bool,
    /// It goes to the bureau.
    incoming: bool,
}

fn row(visit: &Visit, own: &Parcel) -> ParcelRow {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let tone = match own.state.name() {
        "reserved" | "stored" => Tone::Act,
        "overdue" => Tone::Bad,
        "taken" => Tone::Good,
        _ => Tone::Quiet,
    };
    let more = match &own.state {
        ParcelState::Reserved { until } => t.locker_reserve_until(t.moment(*until)),
        ParcelState::Stored { due, .. } => t.locker_until(t.moment(*due)),
        ParcelState::Taken { by, .. } => t.locker_taken_by(match by {
            Bearer::Recipient => "recipient",
            Bearer::Proxy { .. } => "proxy",
            Bearer::Depositor => "depositor",
        }),
        _ => String::new(),
    };
    ParcelRow {
        id: own.id.to_string(),
        case: own.case.clone(),
        way: t.locker_way(own.way.as_str()),
        place: shelf.place(&own.place).map_or("", |place| t.of(&place.name)).to_owned(),
        cell: t.locker_cell(own.cell),
        tag: Tag::new(tone, t.locker_state(own.state.name())),
        more,
        inside: own.is_inside(),
        incoming: own.way == Way::In,
    }
}

/// A code that was made a moment ago.
struct Given {
    title: String,
    code: String,
    cell: String,
}

/// The choice of a locker.
fn place_field(visit: &Visit, t: T, chosen: &str) -> Field {
    let shelf = visit.city().shelf();
    let lockers = shelf.places().places.iter().filter(|own| own.cells > 0);
    let choices: Vec<Choice> = lockers.map(|own| Choice::new(own.id.as_str(), t.of(&own.name))).collect();
    let first = shelf.places().places.iter().find(|own| own.cells > 0).map_or("", |own| own.id.as_str());
    Field::select(t, "place", t.locker_place(), choices).value(if chosen.is_empty() { first } else { chosen })
}

fn case_field(t: T, typed: &str) -> Field {
    Field::text(t, "case", t.locker_case()).autocomplete("off").max_length(40).value(typed)
}
