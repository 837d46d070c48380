//! What a place offers today, and in the days to come.

use domain::halls::{DayHours, Door, Place, door, hours};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::city::City;
use crate::error::ServiceError;

/// A place today.
#[derive(Debug)]
pub struct PlaceDay<'p> {
    /// The place.
    pub place: &'p Place,
    /// Its hours today.
    pub today: DayHours<'p>,
    /// Whether it is open now.
    pub door: Door,
}

/// A place as it stands now.
///
/// # Errors
/// [`ServiceError::Internal`] when the calendar does not know today.
pub fn place_day<'p>(city: &City, place: &'p Place) -> Result<PlaceDay<'p>, ServiceError> {
    let (now, calendar) = (city.now(), city.calendar());
    let today = hours(place, &calendar, now.date()).map_err(ServiceError::internal)?;
    let door = door(place, &calendar, now).map_err(ServiceError::internal)?;
    Ok(PlaceDay { place, today, door })
}

/// Hours of a place from a day on, for seven days.
///
/// # Errors
/// [`ServiceError::Internal`] when the calendar does not know one of them.
pub fn week<'p>(city: &City, place: &'p Place, from: Date) -> Result<Vec<DayHours<'p>>, ServiceError> {
    let calendar = city.calendar();
    let day = |ahead: i64| from.checked_add(ahead.days()).unwrap_or(from);
    (0..7).map(|ahead| hours(place, &calendar, day(ahead)).map_err(ServiceError::internal)).collect()
}

/// The day so many days after another.
pub(super) fn after(day: Date, days: u32) -> Date {
    day.checked_add(Span::new().days(i64::from(days))).unwrap_or(day)
}
