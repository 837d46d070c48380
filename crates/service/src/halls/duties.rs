//! What falls due: reminders, appointments that nobody kept, tickets that outlive their day.

use domain::accounts::Actor;
use domain::halls::{Appointment, AppointmentFact, TicketCommand};
use store::{Change, CounterStep, DueOp, Expected};

use super::mine::load;
use super::{appointment_row, lockers, rules, work};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Kind of the due rows that remind.
pub(super) const REMIND: &str = "appointment.remind";
/// Kind of the due rows at which an appointment counts as missed.
pub(super) const MISSED: &str = "appointment.missed";
/// Kind of the due rows at which a ticket ends with its day.
pub(super) const EXPIRE: &str = "ticket.expire";

/// Subject of an appointment's due rows.
pub(super) fn subject(id: &str) -> String {
    format!("appointment/{id}")
}

/// Takes away what would still fall due about an appointment.
pub(super) fn none(own: &Appointment) -> [DueOp; 2] {
    let subject = subject(&own.id.to_string());
    [REMIND, MISSED].map(|kind| DueOp::Remove { kind: kind.into(), subject: subject.clone() })
}

/// Whether a due row is one of these.
pub(crate) fn is_duty(kind: &str) -> bool {
    [REMIND, MISSED, EXPIRE].contains(&kind) || lockers::is_duty(kind)
}

/// Carries out a due row. What has happened meanwhile is left as it is.
pub(crate) async fn run_duty(city: &City, kind: &str, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    if let Some(id) = subject.strip_prefix("ticket/") {
        return work::expire(city, id, claim).await;
    }
    if lockers::is_duty(kind) {
        return lockers::run_duty(city, kind, subject, claim).await;
    }
    let id = subject.strip_prefix("appointment/").ok_or(ServiceError::NotFound("appointment"))?;
    let (own, version) = load(city, id).await?;
    let now = city.now();
    let rules = rules(city, own.start.date())?;
    let fact = match kind {
        REMIND if own.is_open() && own.applicant.is_some() => AppointmentFact::Reminded,
        MISSED if own.is_open() => own.miss(&rules, now)?,
        _ => return obsolete(city, kind, claim).await,
    };
    let Some(after) = Appointment::evolve(Some(own), fact.clone()) else { return obsolete(city, kind, claim).await };
    let row = appointment_row(city, &after, Expected::Version(version), &[fact], &Actor::system().label())?;
    let mut change = Change::new(city.region(), now).row(row);
    change.due.push(claim);
    city.store().commit(change).await?;
    Ok(())
}

/// Takes a due row that nothing follows from any more.
pub(super) async fn obsolete(city: &City, kind: &str, claim: DueOp) -> Result<(), ServiceError> {
    let step = CounterStep { name: "duty-obsolete".into(), key: kind.to_owned(), by: 1 };
    claim_only(city, claim, step).await
}

/// The command of the last due row.
pub(super) const END: TicketCommand = TicketCommand::Expire;
