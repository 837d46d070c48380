//! Releasing the slots of a day 放号: at the time that the rules set, each place once, as a fact of the journal.

use domain::accounts::Actor;
use domain::halls::{Place, hours, released, slots};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::halls::{SLOT, SLOT_DAY};
use store::{Change, Expected, PlainWrite, RowWrite, StoreError};

use super::places::after;
use super::{room, rules};
use crate::city::City;
use crate::error::ServiceError;

/// What happens to a day of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
enum SlotDayFact {
    /// Its slots were released.
    Released { slots: usize, places: i64 },
}

/// Releases what is due for release and was not released yet. Answers how many days of places were released; what is
/// known to be released already is not looked up again, so this may be called every second.
///
/// # Errors
/// What the store says; what is released by then stays released.
pub async fn release(city: &City) -> Result<usize, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let Ok(rules) = rules(city, now.date()) else { return Ok(0) };
    // The last day whose time has come; before the hour of release it is the day before.
    let furthest = after(now.date(), rules.ahead_days);
    let last =
        if released(&rules, furthest) <= now { furthest } else { after(now.date(), rules.ahead_days.max(1) - 1) };
    if city.rooms().is_released(shelf.stamp(), last) {
        return Ok(0);
    }
    let mut count = 0;
    for place in shelf.places().places.iter().filter(|place| place.books()) {
        let mut day = now.date();
        while day <= last {
            count += usize::from(release_day(city, place, day).await?);
            day = after(day, 1);
        }
    }
    city.rooms().note_released(shelf.stamp(), last);
    Ok(count)
}

/// Releases one day of a place, unless it was released before; answers whether it did.
async fn release_day(city: &City, place: &Place, day: Date) -> Result<bool, ServiceError> {
    let id = room(&place.id, day);
    if city.store().load(city.region(), &SLOT_DAY, &id).await?.is_some() {
        return Ok(false);
    }
    let calendar = city.calendar();
    let plans = slots(place, &hours(place, &calendar, day).map_err(ServiceError::internal)?);
    let places = plans.iter().map(|plan| i64::from(plan.capacity)).sum();
    let fact = SlotDayFact::Released { slots: plans.len(), places };
    let count = i64::try_from(plans.len()).unwrap_or(0);
    let mut change = Change::new(city.region(), city.now()).row(RowWrite {
        table: &SLOT_DAY,
        id,
        expected: Expected::New,
        columns: vec![count.into()],
        doc: serde_json::to_string(&fact).map_err(ServiceError::internal)?,
        facts: city.facts(&Actor::system().label(), &[fact], |_| "slots.released")?,
    });
    change.plain.extend(plans.into_iter().map(|plan| PlainWrite {
        table: &SLOT,
        id: plan.id,
        columns: vec![
            place.id.clone().into(),
            plan.counter.into(),
            plan.start.into(),
            plan.end.into(),
            i64::from(plan.capacity).into(),
            i64::from(plan.capacity).into(),
        ],
    }));
    match city.store().commit(change).await {
        Ok(_) => Ok(true),
        // Another server of this city was quicker; its slots are the same.
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
