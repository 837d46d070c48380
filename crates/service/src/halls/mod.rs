//! Halls: the places of the city, released slots, appointments and the queue.
//!
//! * `places.rs` what a place offers today; `release.rs` releases the slots of a day; `slots.rs` which are free
//! * `book.rs` and `mine.rs` book, find and cancel appointments; `duties.rs` reminds, and marks what was missed
//! * `take.rs` gives out a ticket; `work.rs` calls and serves; `board.rs` what a screen shows, with the wait
//! * `devices` registers terminals, proves their keys and hears what they report; `kiosk.rs` what people do at one
//! * `lockers` keeps cells, opens them with codes, reminds, and hands results over
//! * `rota` plans who sits where, lets clerks swap, flags gaps, and keeps overtime
//! * `rooms.rs` what this server remembers of the queues, and how it tells the screens; `erase.rs` forgets a person,
//!   `counted.rs` says which figures a fact moves

mod board;
mod book;
mod counted;
pub mod devices;
mod duties;
mod erase;
pub mod kiosk;
pub mod lockers;
mod mine;
mod places;
mod precheck;
mod release;
mod rooms;
pub mod rota;
mod slots;
mod take;
mod work;

pub use board::{Board, CallShown, Figures, Queue, ahead, board, figures, watch};
pub use book::{Book, book};
pub(crate) use counted::counted;
pub(crate) use duties::{is_duty, run_duty};
pub(crate) use erase::erase_appointments;
pub use mine::{appointment, by_code, cancel, mine, of_place};
pub use places::{PlaceDay, place_day, week};
pub use precheck::{Precheck, precheck};
pub use release::release;
pub(crate) use rooms::Rooms;
pub use slots::{SlotRow, free_days, slots};
pub use take::{Take, take, take_at};
pub use work::{call_next, ticket, waiting, work};

use domain::accounts::{Action, Actor, Forbidden, Party, Subject, may};
use domain::halls::{
    Appointment, AppointmentFact, BookingRules, HallReason, HallRefusal, Ticket, TicketFact, rules_on,
};
use domain::time::Timestamp;
use jiff::civil::Date;
use store::halls::{APPOINTMENT, TICKET};
use store::{Expected, RowWrite, StoreError};

use crate::city::City;
use crate::error::ServiceError;

/// A place on a day, as the store's key: `place.20261124`.
pub(crate) fn room(place: &str, day: Date) -> String {
    format!("{place}.{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// The rules in force on a day.
fn rules(city: &City, day: Date) -> Result<BookingRules, ServiceError> {
    rules_on(&city.shelf().places().booking, day).cloned().ok_or(ServiceError::NotFound("rules of booking"))
}

/// A refusal that concerns a slot or a place rather than an appointment or a ticket.
fn refused(state: &'static str, command: &'static str, reason: HallReason) -> ServiceError {
    ServiceError::Hall(HallRefusal { state, command, reason })
}

/// Refuses whoever may neither book nor take a ticket for anybody, before anything typed is looked at.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub fn permit(actor: &Actor) -> Result<(), ServiceError> {
    Ok(may_visit(actor, None, "", &actor.label())?)
}

/// Whether the actor may visit for this party.
fn may_visit(actor: &Actor, party: Option<&Party>, matter: &str, by: &str) -> Result<(), Forbidden> {
    let matter = Some(matter).filter(|matter| !matter.is_empty());
    may(actor, Action::Visit, &Subject { party, matter, filed_by: Some(by), ..Subject::default() })
}

/// The row that an appointment and its facts make.
fn appointment_row(
    city: &City,
    own: &Appointment,
    expected: Expected,
    facts: &[AppointmentFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let person = own.applicant.as_ref().map(|party| party.code.clone());
    let about = if own.matter.is_empty() { format!("counter:{}", own.counter) } else { own.matter.clone() };
    let open = person.as_ref().filter(|_| own.is_open());
    let open_key = open.map(|person| domain::halls::open_key(person, &about, own.start));
    let account = (!own.account.is_empty()).then(|| own.account.clone());
    Ok(RowWrite {
        table: &APPOINTMENT,
        id: own.id.to_string(),
        expected,
        columns: vec![
            own.place.clone().into(),
            account.into(),
            person.into(),
            own.state.name().into(),
            own.start.into(),
            open_key.into(),
            code_key(&own.place, own.start.date(), &own.code).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, AppointmentFact::kind)?,
    })
}

fn code_key(place: &str, day: Date, code: &str) -> String {
    format!("{}.{code}", room(place, day))
}

/// The row that a ticket and its fact make.
fn ticket_row(
    city: &City,
    own: &Ticket,
    expected: Expected,
    fact: &TicketFact,
    by: &str,
    now: Timestamp,
) -> Result<RowWrite, ServiceError> {
    let room = room(&own.place, own.day);
    let letter = own.number.split_at_checked(1).map_or("", |(letter, _)| letter);
    let open = own.account.as_ref().filter(|_| own.is_open() && own.source.by_its_holder());
    let served = match fact {
        TicketFact::Finished { served, .. } => Some(*served),
        _ => None,
    };
    let desk = match &own.state {
        domain::halls::TicketState::Done { window, .. } => Some(window.clone()),
        other => other.window().map(str::to_owned),
    };
    Ok(RowWrite {
        table: &TICKET,
        id: own.id.to_string(),
        expected,
        columns: vec![
            room.clone().into(),
            letter.into(),
            sequence(own)?.into(),
            own.counter.clone().into(),
            own.state.name().into(),
            own.rank().into(),
            desk.into(),
            own.account.clone().into(),
            now.into(),
            served.into(),
            open.map(|account| format!("{room}/{account}")).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, std::slice::from_ref(fact), TicketFact::kind)?,
    })
}

/// The number of a ticket behind its letter.
fn sequence(own: &Ticket) -> Result<i64, ServiceError> {
    let digits = own.number.split_at_checked(1).map_or("", |(_, digits)| digits);
    digits.parse().map_err(ServiceError::internal)
}

/// Whether a unique index over this column refused a row of this table.
fn is_taken(error: &StoreError, table: &str, column: &str) -> bool {
    matches!(error, StoreError::Duplicate { table: own, columns } if own == table
        && columns.split(", ").any(|name| name == column))
}
