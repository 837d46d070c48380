//! Booking an appointment: what is left of a slot is taken in the commit itself, so that exactly its capacity is booked.

use domain::accounts::{Actor, Party};
use domain::halls::{
    Appointment, AppointmentFact, AppointmentState, BookingRules, DayTime, HallReason, barred_until, hours, released,
};
use domain::ids::AppointmentId;
use domain::time::Timestamp;
use jiff::civil::Date;
use store::halls::SLOT;
use store::{Change, DueOp, Expected, Idempotency, Increment, StoreError};

use super::duties::{MISSED, REMIND, subject};
use super::slots::{SlotRow, slot};
use super::{appointment_row, is_taken, may_visit, refused, rules};
use crate::cases::{RequestKey, check_party};
use crate::city::City;
use crate::error::ServiceError;

/// How often a code that is taken is drawn anew.
const PATIENCE: u32 = 8;

/// What is booked.
#[derive(Debug, Clone)]
pub struct Book {
    /// Id of the slot.
    pub slot: String,
    /// Slug of the matter; empty when it was not said.
    pub matter: String,
    /// For whom.
    pub applicant: Party,
    /// Slots of the matter's materials that are ready.
    pub prepared: Vec<String>,
    /// Key of the request.
    pub key: Option<RequestKey>,
}

/// Books a place in a slot. The same key again answers with the same appointment.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] for an applicant who cannot be; [`ServiceError::NotFound`] for a slot or matter
/// that there is not; [`ServiceError::Hall`] when
/// the slot is full, past, not released or does not take the matter, when the person has one already, or is barred.
pub async fn book(city: &City, actor: &Actor, book: Book) -> Result<Appointment, ServiceError> {
    may_visit(actor, Some(&book.applicant), &book.matter, &actor.label())?;
    let now = city.now();
    if let Some(first) = repeated(city, book.key.as_ref()).await? {
        return Ok(first);
    }
    check_party(&book.applicant, "/applicant", now.date())?;
    let rules = rules(city, now.date())?;
    let slot = find(city, &book.slot, &rules, now).await?;
    takes(city, &slot, &book.matter)?;
    if let Some(until) = barred(city, &rules, &book.applicant.code, now).await? {
        return Err(refused("barred", "book", HallReason::Barred { until }));
    }
    for _ in 0..PATIENCE {
        let own = draught(city, actor, &book, &slot, now);
        match city.store().commit(change(city, actor, &own, &rules, book.key.clone())?).await {
            Ok(_) => return Ok(own),
            Err(StoreError::IdempotencyReplay { result }) => {
                return super::mine::load(city, &result).await.map(|own| own.0);
            }
            Err(StoreError::GuardFailed { .. }) => return Err(refused("full", "book", HallReason::SlotTaken)),
            Err(error) if is_taken(&error, "appointment", "open_key") => {
                return Err(refused("booked", "book", HallReason::AlreadyBooked));
            }
            Err(error) if is_taken(&error, "appointment", "code_key") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Changed)
}

/// The appointment that this request made before: what has happened since, such as the slot being full, must not refuse it.
async fn repeated(city: &City, key: Option<&RequestKey>) -> Result<Option<Appointment>, ServiceError> {
    let Some((token, key, body)) = key else { return Ok(None) };
    match city.store().lookup(city.region(), token, key, body).await? {
        Some(id) => super::mine::load(city, &id).await.map(|(own, _)| Some(own)),
        None => Ok(None),
    }
}

async fn find(city: &City, id: &str, rules: &BookingRules, now: Timestamp) -> Result<SlotRow, ServiceError> {
    let sql = "SELECT id, place, counter, start, ends, capacity, free FROM visit_slot WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else {
        return Err(match day_of(id).map(|day| released(rules, day)) {
            Some(at) if at > now => refused("not-released", "book", HallReason::NotReleased { at }),
            _ => ServiceError::NotFound("slot"),
        });
    };
    let slot = slot(&row)?;
    if slot.start <= now {
        return Err(refused("past", "book", HallReason::SlotPast));
    }
    // What is full now may be free again in the commit, but whoever reads it as full has nothing to try there.
    if slot.free <= 0 { Err(refused("full", "book", HallReason::SlotTaken)) } else { Ok(slot) }
}

/// The day in the id of a slot.
fn day_of(id: &str) -> Option<Date> {
    let text = id.split('.').nth(2)?;
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?);
    Date::new(part(0, 4)?, month, day).ok()
}

/// Refuses a matter that the counter does not take then.
fn takes(city: &City, slot: &SlotRow, matter: &str) -> Result<(), ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(&slot.place)?;
    let Some(counter) = place.counter(&slot.counter) else { return Err(ServiceError::NotFound("counter")) };
    if matter.is_empty() {
        return Ok(());
    }
    shelf.matter(matter)?;
    let day = hours(place, &city.calendar(), slot.start.date()).map_err(ServiceError::internal)?;
    let (from, to) = (DayTime::of(slot.start), DayTime::of(slot.end));
    if counter.takes(matter) && day.takes(&counter.id, matter, from, to) {
        return Ok(());
    }
    Err(refused("free", "book", HallReason::NotTaken))
}

/// Until when the person cannot book, because of what was missed.
async fn barred(city: &City, rules: &BookingRules, person: &str, now: Timestamp) -> Result<Option<Date>, ServiceError> {
    let reach = i64::from(rules.within_days + rules.barred_days) * 86_400;
    let sql = "SELECT start FROM appointment WHERE region = $1 AND person = $2 AND state = 'missed' AND start > $3 \
               ORDER BY start DESC LIMIT 50";
    let params = [city.region().into(), person.into(), now.plus_seconds(-reach).into()];
    let rows = city.store().query(sql, &params).await?;
    let missed: Vec<Timestamp> = rows.iter().map(|row| row.time(0)).collect::<Result<_, _>>()?;
    Ok(barred_until(rules, &missed, now))
}

fn draught(city: &City, actor: &Actor, book: &Book, slot: &SlotRow, now: Timestamp) -> Appointment {
    Appointment {
        id: AppointmentId::new(now, city.random()),
        code: format!("{:06}", u32::from_le_bytes(city.random()) % 1_000_000),
        slot: slot.id.clone(),
        place: slot.place.clone(),
        counter: slot.counter.clone(),
        matter: book.matter.clone(),
        start: slot.start,
        end: slot.end,
        account: actor.label(),
        applicant: Some(book.applicant.clone()),
        prepared: book.prepared.clone(),
        booked: now,
        state: AppointmentState::Booked,
    }
}

fn change(
    city: &City,
    actor: &Actor,
    own: &Appointment,
    rules: &BookingRules,
    key: Option<RequestKey>,
) -> Result<Change, ServiceError> {
    let fact = AppointmentFact::Booked { appointment: Box::new(own.clone()) };
    let row = appointment_row(city, own, Expected::New, &[fact], &actor.label())?;
    let mut change = Change::new(city.region(), city.now()).row(row);
    change.increments.push(free(own, -1));
    let id = own.id.to_string();
    change.due.push(DueOp::Add { at: own.kept_until(rules), kind: MISSED.into(), subject: subject(&id) });
    if let Some(at) = own.remind_at(rules) {
        change.due.push(DueOp::Add { at, kind: REMIND.into(), subject: subject(&id) });
    }
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: id });
    Ok(change)
}

/// Takes a place of the slot, or gives it back.
pub(super) fn free(own: &Appointment, by: i64) -> Increment {
    Increment { table: &SLOT, id: own.slot.clone(), column: "free", by, guard: Some(0) }
}
