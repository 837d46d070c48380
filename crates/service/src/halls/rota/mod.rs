//! The rota of a place: who plans it, how clerks swap duties, what is flagged, and time served past closing.
//!
//! * `week.rs` what a week looks like, with its flags; `plan.rs` what the head of the hall does with it; `swap.rs` what clerks do
//! * `roster.rs` who can be planned; `overtime.rs` overtime from tickets, and time off in lieu

mod overtime;
mod plan;
mod roster;
mod swap;
mod week;

pub(crate) use overtime::erase_lieu;
pub use overtime::{LieuEntry, enter_lieu, ledger_of, ledgers};
pub(in crate::halls) use overtime::{past_closing_of, worked};
pub use plan::{copy_week, plan, remove};
pub use roster::{join, leave};
pub use swap::{Answer, SwapWish, answer_swap, ask_swap};
pub use week::{Week, names_of, week_of};

use domain::accounts::{Action, Actor, Forbidden, Subject, may};
use domain::halls::{Duty, Place, Roster, RosterFact, Rota, RotaFact, monday_of};
use jiff::civil::Date;
use store::halls::{ROSTER, ROTA, ROTA_DUTY};
use store::{Change, Expected, Idempotency, PlainDelete, PlainWrite, RowWrite, StoreError};

use super::{places, room};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// Whether the actor may do this at a place.
fn may_at(actor: &Actor, action: Action, place: &Place) -> Result<(), Forbidden> {
    may(actor, action, &Subject { district: Some(&place.district), ..Subject::default() })
}

/// Whether the actor plans the rota of a place.
pub fn plans(actor: &Actor, place: &Place) -> bool {
    may_at(actor, Action::PlanRota, place).is_ok()
}

/// Refuses whoever does not plan the rota of a place.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub fn permit_plan(actor: &Actor, place: &Place) -> Result<(), ServiceError> {
    Ok(may_at(actor, Action::PlanRota, place)?)
}

/// The place whose rota concerns the actor most: where the latest duty is, else that with the most staff.
///
/// # Errors
/// What the store says.
pub async fn home(city: &City, actor: &Actor) -> Result<Option<String>, ServiceError> {
    let own = "SELECT place FROM rota_duty WHERE region = $1 AND account = $2 ORDER BY start DESC LIMIT 1";
    if let Some(row) = city.store().query_opt(own, &[city.region().into(), actor.label().into()]).await? {
        return Ok(Some(row.text(0)?.to_owned()));
    }
    let most = "SELECT id FROM roster WHERE region = $1 AND members > 0 ORDER BY members DESC, id LIMIT 1";
    let row = city.store().query_opt(most, &[city.region().into()]).await?;
    row.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

/// Refuses whoever neither plans rotas nor stands on one, before anything typed is looked at.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub fn permit(actor: &Actor) -> Result<(), ServiceError> {
    Ok(may(actor, Action::WorkRota, &Subject::default())?)
}

/// The roster of a place with the version of its row; 0 when it keeps none yet.
async fn roster(city: &City, place: &str) -> Result<(Roster, i64), ServiceError> {
    let sql = "SELECT doc, version FROM roster WHERE region = $1 AND id = $2";
    match city.store().query_opt(sql, &[city.region().into(), place.into()]).await? {
        Some(row) => Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?)),
        None => Ok((Roster::empty(place), 0)),
    }
}

/// A week of a place with the version of its row; 0 when nothing was planned yet.
async fn load(city: &City, place: &str, monday: Date) -> Result<(Rota, i64), ServiceError> {
    let sql = "SELECT doc, version FROM rota WHERE region = $1 AND id = $2";
    match city.store().query_opt(sql, &[city.region().into(), room(place, monday).into()]).await? {
        Some(row) => Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?)),
        None => Ok((Rota::empty(place, monday), 0)),
    }
}

/// The week of a day, for a day that the calendar knows.
fn known_week(city: &City, place: &Place, day: Date) -> Result<Date, ServiceError> {
    let monday = monday_of(day);
    places::week(city, place, monday).map_err(|_| ServiceError::NotFound("week"))?;
    Ok(monday)
}

/// Version 0 is a row that is not there yet.
fn expected(version: i64) -> Expected {
    if version == 0 { Expected::New } else { Expected::Version(version) }
}

/// Whether this request was carried out before.
async fn is_done(city: &City, key: Option<&RequestKey>) -> Result<bool, ServiceError> {
    let Some((token, key, body)) = key else { return Ok(false) };
    Ok(city.store().lookup(city.region(), token, key, body).await?.is_some())
}

/// Commits what belongs to a request; the same request again changes nothing and succeeds.
async fn commit(city: &City, mut change: Change, key: Option<RequestKey>, id: String) -> Result<(), ServiceError> {
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: id });
    match city.store().commit(change).await {
        Ok(_) | Err(StoreError::IdempotencyReplay { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn duty_write(id: &str, place: &str, duty: &Duty) -> PlainWrite {
    let id = format!("{id}.{}", duty.id);
    let columns =
        vec![place.to_owned().into(), duty.account.clone().into(), duty.begins().into(), duty.to.on(duty.day).into()];
    PlainWrite { table: &ROTA_DUTY, id, columns }
}

/// Writes what facts make of a week: its row, and its duties by person.
async fn save(
    city: &City,
    actor: &Actor,
    (before, version): (Rota, i64),
    mut facts: Vec<RotaFact>,
    key: Option<RequestKey>,
) -> Result<Rota, ServiceError> {
    let after = facts.iter().cloned().try_fold(before.clone(), |own, fact| Rota::evolve(Some(own), fact));
    let after = after.ok_or_else(|| ServiceError::internal("a rota cannot vanish"))?;
    if version == 0 {
        facts.insert(0, before.opened());
    }
    let id = room(&after.place, after.monday);
    let row = RowWrite {
        table: &ROTA,
        id: id.clone(),
        expected: expected(version),
        columns: vec![after.place.clone().into(), after.monday.to_string().into()],
        doc: serde_json::to_string(&after).map_err(ServiceError::internal)?,
        facts: city.facts(&actor.label(), &facts, RotaFact::kind)?,
    };
    let mut change = Change::new(city.region(), city.now()).row(row);
    for gone in before.duties.iter().filter(|duty| after.duty(duty.id).is_none()) {
        change.deletes.push(PlainDelete { table: &ROTA_DUTY, id: format!("{id}.{}", gone.id) });
    }
    for new in after.duties.iter().filter(|duty| before.duty(duty.id).is_none()) {
        change.plain.push(duty_write(&id, &after.place, new));
    }
    commit(city, change, key, id).await?;
    Ok(after)
}

/// Writes what a fact makes of a roster.
async fn save_roster(
    city: &City,
    actor: &Actor,
    (before, version): (Roster, i64),
    fact: RosterFact,
    key: Option<RequestKey>,
) -> Result<Roster, ServiceError> {
    let mut facts = vec![fact];
    let after = facts.iter().cloned().try_fold(before, |own, fact| Roster::evolve(Some(own), fact));
    let after = after.ok_or_else(|| ServiceError::internal("a roster cannot vanish"))?;
    if version == 0 {
        facts.insert(0, RosterFact::Opened { place: after.place.clone() });
    }
    let row = RowWrite {
        table: &ROSTER,
        id: after.place.clone(),
        expected: expected(version),
        columns: vec![i64::try_from(after.members.len()).unwrap_or(i64::MAX).into()],
        doc: serde_json::to_string(&after).map_err(ServiceError::internal)?,
        facts: city.facts(&actor.label(), &facts, RosterFact::kind)?,
    };
    let id = after.place.clone();
    commit(city, Change::new(city.region(), city.now()).row(row), key, id).await?;
    Ok(after)
}
