//! Finding appointments, and giving one back.

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::Appointment;
use domain::time::Timestamp;
use jiff::civil::Date;
use store::{Change, Expected, Idempotency, StoreError};

use super::book::free;
use super::duties::none;
use super::{appointment_row, code_key, may_visit};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

fn read(doc: &str) -> Result<Appointment, ServiceError> {
    serde_json::from_str(doc).map_err(ServiceError::internal)
}

/// An appointment with the version of its row.
pub(super) async fn load(city: &City, id: &str) -> Result<(Appointment, i64), ServiceError> {
    let sql = "SELECT doc, version FROM appointment WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("appointment"))?;
    Ok((read(row.text(0)?)?, row.int(1)?))
}

/// Whether an appointment may be known to the actor: to whoever booked it, to the applicant, and to clerks.
fn known(actor: &Actor, own: &Appointment) -> bool {
    let booked = own.account == actor.label();
    let party = own.applicant.as_ref().is_some_and(|party| actor.stands_for(party));
    let served = may(actor, Action::ServeQueue, &Subject::default()).is_ok();
    booked || party || served
}

/// One appointment.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is none, or none that the actor may know of.
pub async fn appointment(city: &City, actor: &Actor, id: &str) -> Result<Appointment, ServiceError> {
    let (own, _) = load(city, id).await?;
    if known(actor, &own) { Ok(own) } else { Err(ServiceError::NotFound("appointment")) }
}

/// The appointments that an account has booked, latest first, at most 50.
///
/// # Errors
/// What the store says.
pub async fn mine(city: &City, actor: &Actor) -> Result<Vec<Appointment>, ServiceError> {
    let sql = "SELECT doc FROM appointment WHERE region = $1 AND account = $2 ORDER BY id DESC LIMIT 50";
    let rows = city.store().query(sql, &[city.region().into(), actor.label().into()]).await?;
    rows.iter().map(|row| read(row.text(0)?)).collect()
}

/// Who is expected in a place on a day, in order of time, at most 500.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever serves no queue.
pub async fn of_place(city: &City, actor: &Actor, place: &str, day: Date) -> Result<Vec<Appointment>, ServiceError> {
    may(actor, Action::ServeQueue, &Subject::default())?;
    let sql = "SELECT doc FROM appointment WHERE region = $1 AND place = $2 AND state = 'booked' AND start >= $3 \
               AND start < $4 ORDER BY start, id LIMIT 500";
    let (from, to) = (Timestamp::start_of(day), Timestamp::end_of(day));
    let rows = city.store().query(sql, &[city.region().into(), place.into(), from.into(), to.into()]).await?;
    rows.iter().map(|row| read(row.text(0)?)).collect()
}

/// The appointment of today whose holder says these six digits.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] naming `code` when there is none.
pub async fn by_code(city: &City, actor: &Actor, place: &str, code: &str) -> Result<Appointment, ServiceError> {
    may(actor, Action::ServeQueue, &Subject::default())?;
    let sql = "SELECT doc FROM appointment WHERE region = $1 AND code_key = $2";
    let key = code_key(place, city.now().date(), code.trim());
    let row = city.store().query_opt(sql, &[city.region().into(), key.into()]).await?;
    let unknown = || {
        ServiceError::field(
            "code",
            "本场所今天没有这个预约码，请核对六位数字、日期和场所。",
            "No appointment here today has this code. Check the six digits, the day and the place.",
        )
    };
    read(row.ok_or_else(unknown)?.text(0)?)
}

/// Gives an appointment back; the place in the slot is free again at once.
///
/// # Errors
/// As [`appointment`]; [`ServiceError::Hall`] when it is not open or its slot has begun.
pub async fn cancel(
    city: &City,
    actor: &Actor,
    id: &str,
    key: Option<RequestKey>,
) -> Result<Appointment, ServiceError> {
    let (own, version) = load(city, id).await?;
    if !known(actor, &own) {
        return Err(ServiceError::NotFound("appointment"));
    }
    may_visit(actor, own.applicant.as_ref(), &own.matter, &own.account)?;
    if let Some((token, key, body)) = &key
        && city.store().lookup(city.region(), token, key, body).await?.is_some()
    {
        return Ok(own);
    }
    let now = city.now();
    let fact = own.cancel(now)?;
    let after = Appointment::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("appointment"))?;
    let row = appointment_row(city, &after, Expected::Version(version), &[fact], &actor.label())?;
    let mut change = Change::new(city.region(), now).row(row);
    change.increments.push(free(&after, 1));
    change.due.extend(none(&after));
    change.idempotency =
        key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: after.id.to_string() });
    match city.store().commit(change).await {
        Ok(_) => Ok(after),
        Err(StoreError::IdempotencyReplay { .. }) => load(city, id).await.map(|(own, _)| own),
        Err(error) => Err(error.into()),
    }
}
