//! Which slots of a place are free.

use std::collections::BTreeMap;

use domain::halls::{DayTime, hours, released};
use domain::time::Timestamp;
use jiff::civil::Date;

use super::places::after;
use super::rules;
use crate::city::City;
use crate::error::ServiceError;

/// Most slots of a place on one day that are read.
const MOST: i64 = 2000;

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRow {
    /// Its id.
    pub id: String,
    /// Id of the place.
    pub place: String,
    /// Id of the counter.
    pub counter: String,
    /// Begin.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// How many people it takes.
    pub capacity: i64,
    /// How many of them are left.
    pub free: i64,
}

pub(super) fn slot(row: &store::Row) -> Result<SlotRow, ServiceError> {
    Ok(SlotRow {
        id: row.text(0)?.to_owned(),
        place: row.text(1)?.to_owned(),
        counter: row.text(2)?.to_owned(),
        start: row.time(3)?,
        end: row.time(4)?,
        capacity: row.int(5)?,
        free: row.int(6)?,
    })
}

async fn between(city: &City, place: &str, from: Timestamp, to: Timestamp) -> Result<Vec<SlotRow>, ServiceError> {
    let sql = "SELECT id, place, counter, start, ends, capacity, free FROM visit_slot \
               WHERE region = $1 AND place = $2 AND start >= $3 AND start < $4 ORDER BY start, id LIMIT $5";
    let params = [city.region().into(), place.into(), from.into(), to.into(), MOST.into()];
    city.store().query(sql, &params).await?.iter().map(slot).collect()
}

/// The slots of a place on a day that have not begun, full ones too; those that take a matter, when one is named.
///
/// # Errors
/// [`ServiceError::NotFound`] for a place or a matter that there is not.
pub async fn slots(city: &City, place: &str, date: Date, matter: Option<&str>) -> Result<Vec<SlotRow>, ServiceError> {
    let shelf = city.shelf();
    let own = shelf.place(place)?;
    if let Some(matter) = matter {
        shelf.matter(matter)?;
    }
    // Slots of a day that the calendar does not know cannot have been released.
    let Ok(day) = hours(own, &city.calendar(), date) else { return Ok(Vec::new()) };
    let from = Timestamp::start_of(date).max(city.now());
    let mut found = between(city, place, from, Timestamp::end_of(date)).await?;
    found.retain(|slot| match (matter, own.counter(&slot.counter)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(matter), Some(counter)) => {
            let (from, to) = (DayTime::of(slot.start), DayTime::of(slot.end));
            counter.takes(matter) && day.takes(&counter.id, matter, from, to)
        }
    });
    Ok(found)
}

/// The days of a place on which slots were released, each with how many places are left, and when the next day is released.
///
/// # Errors
/// What the store says; [`ServiceError::NotFound`] where there are no rules of booking.
pub async fn free_days(
    city: &City,
    place: &str,
    matter: Option<&str>,
) -> Result<(Vec<(Date, i64)>, Timestamp), ServiceError> {
    let now = city.now();
    let rules = rules(city, now.date())?;
    let mut days: BTreeMap<Date, i64> = BTreeMap::new();
    let mut day = now.date();
    for _ in 0..=rules.ahead_days {
        if released(&rules, day) <= now {
            days.insert(day, slots(city, place, day, matter).await?.iter().map(|slot| slot.free).sum());
        }
        day = after(day, 1);
    }
    let next = released(&rules, after(now.date(), rules.ahead_days));
    let next = if next > now { next } else { released(&rules, after(now.date(), rules.ahead_days + 1)) };
    Ok((days.into_iter().collect(), next))
}
