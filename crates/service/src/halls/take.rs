//! Giving out a ticket.

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{
    Appointment, Counter, DayTime, Device, HallReason, Place, Ticket, TicketClass, TicketFact, TicketSource,
    TicketState, hours,
};
use domain::ids::TicketId;
use domain::time::Timestamp;
use store::{Change, DueOp, Expected, Idempotency, StoreError};

use super::duties::{EXPIRE, none};
use super::{appointment_row, is_taken, may_visit, mine, refused, room, rules, ticket_row};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// How often a number that another server has just given is computed anew.
const PATIENCE: u32 = 50;

/// A wish for a ticket.
#[derive(Debug, Clone)]
pub struct Take {
    /// Id of the place.
    pub place: String,
    /// Id of the counter; empty = the first that takes the matter, and that of the appointment.
    pub counter: String,
    /// Slug of the matter; empty when it was not said.
    pub matter: String,
    /// The person needs help or does not stand well: goes before others. Only the reception says so.
    pub assisted: bool,
    /// Six digits of an appointment that is kept with it; only the reception looks them up.
    pub code: String,
    /// Where it is taken.
    pub source: TicketSource,
    /// Key of the request.
    pub key: Option<RequestKey>,
}

/// Gives out a ticket. The same key again answers with the same ticket.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] for a place or counter that there is not; [`ServiceError::Hall`] while the
/// counter is closed, for an account that waits there already, and for an appointment of another time.
pub async fn take(city: &City, actor: &Actor, take: Take) -> Result<Ticket, ServiceError> {
    may_visit(actor, actor.person.as_ref(), "", &actor.label())?;
    if take.assisted || take.source == TicketSource::Reception || !take.code.is_empty() {
        may(actor, Action::ServeQueue, &Subject::default())?;
    }
    if let Some((token, key, body)) = &take.key
        && let Some(id) = city.store().lookup(city.region(), token, key, body).await?
    {
        return super::work::load(city, &id).await.map(|(ticket, _)| ticket);
    }
    let (shelf, by) = (city.shelf(), actor.label());
    let place = shelf.place(&take.place)?;
    let kept = match take.code.is_empty() {
        true => None,
        false => {
            let found = mine::by_code(city, actor, &take.place, &take.code).await?;
            Some(mine::load(city, &found.id.to_string()).await?)
        }
    };
    let account = (take.source != TicketSource::Reception).then(|| by.clone());
    give(city, &by, account, place, &take, kept).await
}

/// Gives out a ticket to somebody who stands at a registered terminal of the place; the terminal's own key is the permission. Whoever is
/// signed in there can follow it on the phone.
///
/// # Errors
/// As [`take`].
pub async fn take_at(
    city: &City,
    device: &Device,
    person: Option<&Actor>,
    counter: &str,
    key: Option<RequestKey>,
) -> Result<Ticket, ServiceError> {
    if let Some((token, key, body)) = &key
        && let Some(id) = city.store().lookup(city.region(), token, key, body).await?
    {
        return super::work::load(city, &id).await.map(|(ticket, _)| ticket);
    }
    let wish = Take {
        place: device.place.clone(),
        counter: counter.to_owned(),
        matter: String::new(),
        assisted: false,
        code: String::new(),
        source: TicketSource::Kiosk,
        key,
    };
    let shelf = city.shelf();
    let place = shelf.place(&wish.place)?;
    let account = person.filter(|own| own.person.is_some()).map(Actor::label);
    give(city, &device.label(), account, place, &wish, None).await
}

/// Computes the next number and commits it, until nobody else has taken it meanwhile.
async fn give(
    city: &City,
    by: &str,
    account: Option<String>,
    place: &Place,
    take: &Take,
    kept: Option<(Appointment, i64)>,
) -> Result<Ticket, ServiceError> {
    let now = city.now();
    let counter = counter(place, take, kept.as_ref().map(|(own, _)| own))?;
    if !is_open(city, place, counter, now)? {
        return Err(refused("closed", "take", HallReason::Closed));
    }
    let giving = city.rooms().giving(&place.id);
    let _alone = giving.lock().await;
    for _ in 0..PATIENCE {
        let ticket = draught(city, account.clone(), place, counter, take, kept.as_ref().map(|(own, _)| own)).await?;
        let change = change(city, by, &ticket, kept.clone(), take.key.clone(), now)?;
        match city.store().commit(change).await {
            Ok(_) => {
                city.rooms().moved(&place.id);
                return Ok(ticket);
            }
            Err(StoreError::IdempotencyReplay { result }) => {
                return super::work::load(city, &result).await.map(|(ticket, _)| ticket);
            }
            Err(error) if is_taken(&error, "ticket", "seq") => {}
            Err(error) if is_taken(&error, "ticket", "open_key") => {
                return Err(waiting_already(city, place, by, now).await?);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Changed)
}

/// The counter of a wish.
fn counter<'p>(place: &'p Place, take: &Take, kept: Option<&Appointment>) -> Result<&'p Counter, ServiceError> {
    let found = match (kept, take.counter.is_empty(), take.matter.is_empty()) {
        (Some(own), _, _) => place.counter(&own.counter),
        (None, false, _) => place.counter(&take.counter),
        (None, true, false) => place.counters.iter().find(|counter| counter.takes(&take.matter)),
        (None, true, true) => place.counters.first(),
    };
    let counter = found.ok_or(ServiceError::NotFound("counter"))?;
    if kept.is_none() && !take.matter.is_empty() && !counter.takes(&take.matter) {
        return Err(refused("open", "take", HallReason::NotTaken));
    }
    Ok(counter)
}

fn is_open(city: &City, place: &Place, counter: &Counter, now: Timestamp) -> Result<bool, ServiceError> {
    let day = hours(place, &city.calendar(), now.date()).map_err(ServiceError::internal)?;
    let time = DayTime::of(now);
    Ok(day.spans_of(&counter.id).iter().any(|(from, to)| *from <= time && time < *to))
}

async fn draught(
    city: &City,
    account: Option<String>,
    place: &Place,
    counter: &Counter,
    take: &Take,
    kept: Option<&Appointment>,
) -> Result<Ticket, ServiceError> {
    let now = city.now();
    let sql = "SELECT seq FROM ticket WHERE region = $1 AND room = $2 AND letter = $3 ORDER BY seq DESC LIMIT 1";
    let params = [city.region().into(), room(&place.id, now.date()).into(), counter.letter.as_str().into()];
    let last = city.store().query_opt(sql, &params).await?.map_or(Ok(0), |row| row.int(0))?;
    let class = match (take.assisted, kept) {
        (true, _) => TicketClass::Assisted,
        (false, Some(_)) => TicketClass::Appointment,
        (false, None) => TicketClass::Ordinary,
    };
    let matter = kept.map_or(take.matter.as_str(), |own| own.matter.as_str());
    Ok(Ticket {
        id: TicketId::new(now, city.random()),
        number: format!("{}{:03}", counter.letter, last + 1),
        place: place.id.clone(),
        day: now.date(),
        counter: counter.id.clone(),
        matter: (!matter.is_empty()).then(|| matter.to_owned()),
        source: take.source,
        class,
        account,
        appointment: kept.map(|own| own.id.to_string()),
        taken: now,
        since: now,
        first_call: None,
        began: None,
        state: TicketState::Waiting,
    })
}

fn change(
    city: &City,
    by: &str,
    ticket: &Ticket,
    kept: Option<(Appointment, i64)>,
    key: Option<RequestKey>,
    now: Timestamp,
) -> Result<Change, ServiceError> {
    let id = ticket.id.to_string();
    let fact = TicketFact::Taken { ticket: Box::new(ticket.clone()) };
    let mut change = Change::new(city.region(), now).row(ticket_row(city, ticket, Expected::New, &fact, by, now)?);
    change.due.push(DueOp::Add {
        at: Timestamp::end_of(ticket.day),
        kind: EXPIRE.into(),
        subject: format!("ticket/{id}"),
    });
    if let Some((own, version)) = kept {
        let fact = own.arrive(&rules(city, own.start.date())?, &id, now)?;
        let after = Appointment::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("appointment"))?;
        change.rows.push(appointment_row(city, &after, Expected::Version(version), &[fact], by)?);
        change.due.extend(none(&after));
    }
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: id });
    Ok(change)
}

/// The refusal of a second ticket, with the number of the first.
async fn waiting_already(
    city: &City,
    place: &Place,
    account: &str,
    now: Timestamp,
) -> Result<ServiceError, ServiceError> {
    let sql = "SELECT doc FROM ticket WHERE region = $1 AND open_key = $2";
    let key = format!("{}/{account}", room(&place.id, now.date()));
    let row = city.store().query_opt(sql, &[city.region().into(), key.into()]).await?;
    let Some(row) = row else { return Ok(ServiceError::Changed) };
    let own: Ticket = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    Ok(refused("waiting", "take", HallReason::AlreadyWaiting { number: own.number }))
}
