//! What the head of the hall does with a week.

use domain::accounts::{Action, Actor};
use domain::halls::{Rota, Wanted};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{is_done, known_week, load, may_at, roster, save};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// Plans a duty.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] for a duty that cannot be; [`ServiceError::Changed`] when somebody was quicker.
pub async fn plan(
    city: &City,
    actor: &Actor,
    place: &str,
    wanted: Wanted,
    key: Option<RequestKey>,
) -> Result<Rota, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let own = load(city, &place.id, known_week(city, place, wanted.day)?).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let (roster, _) = roster(city, &place.id).await?;
    let fact = own.0.plan(wanted, place, &roster, city.now())?;
    save(city, actor, own, vec![fact], key).await
}

/// Copies the week before into a week. Answers how many duties are new.
///
/// # Errors
/// As [`plan`].
pub async fn copy_week(
    city: &City,
    actor: &Actor,
    place: &str,
    day: Date,
    key: Option<RequestKey>,
) -> Result<usize, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let monday = known_week(city, place, day)?;
    let own = load(city, &place.id, monday).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(0);
    }
    let before = monday.checked_sub(7.days()).unwrap_or(monday);
    let (last, _) = load(city, &place.id, before).await?;
    let Some(fact) = own.0.copy(&last, city.now()) else { return Ok(0) };
    let known = own.0.duties.len();
    let after = save(city, actor, own, vec![fact], key).await?;
    Ok(after.duties.len().saturating_sub(known))
}

/// Takes a duty out.
///
/// # Errors
/// As [`plan`].
pub async fn remove(
    city: &City,
    actor: &Actor,
    place: &str,
    day: Date,
    duty: u32,
    key: Option<RequestKey>,
) -> Result<Rota, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let own = load(city, &place.id, known_week(city, place, day)?).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let fact = own.0.remove(duty, city.now())?;
    save(city, actor, own, vec![fact], key).await
}
