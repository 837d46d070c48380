//! The city's rules of booking, dated, and the slots of a day that follow from them.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hours::{DayHours, DayTime};
use super::place::Place;
use crate::law::Confidence;
use crate::time::Timestamp;

/// Rules of booking and of the queue. Local practice: data of the city, dated, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookingRules {
    /// First day on which they count.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Who has ordered them.
    pub source: String,
    /// How sure we are of the source.
    pub basis: Confidence,
    /// Slots of a day are released so many calendar days before.
    pub ahead_days: u32,
    /// At this time of day.
    pub release: DayTime,
    /// How long after its end a slot still counts as kept, in minutes.
    pub grace_minutes: u32,
    /// So many missed appointments …
    pub missed: u32,
    /// … within so many calendar days …
    pub within_days: u32,
    /// … and one cannot book for so many calendar days after the last.
    pub barred_days: u32,
    /// How many hours before an appointment its holder is reminded.
    pub remind_hours: u32,
    /// How often a number is called before it may be passed over.
    pub calls: u32,
}

/// The rules in force on a day.
pub fn rules_on(all: &[BookingRules], date: Date) -> Option<&BookingRules> {
    all.iter().find(|rules| rules.valid_from <= date && rules.valid_to.is_none_or(|last| date <= last))
}

/// When the slots of a day are released.
pub fn released(rules: &BookingRules, date: Date) -> Timestamp {
    let day = date.checked_sub(Span::new().days(i64::from(rules.ahead_days))).unwrap_or(date);
    rules.release.on(day)
}

/// Until when somebody who has missed appointments cannot book, as `now` stands: the last such day.
pub fn barred_until(rules: &BookingRules, missed: &[Timestamp], now: Timestamp) -> Option<Date> {
    const DAY: i64 = 86_400;
    let latest = missed.iter().max()?;
    let since = latest.plus_seconds(-i64::from(rules.within_days) * DAY);
    let count = missed.iter().filter(|at| **at > since).count();
    let enough = rules.missed > 0 && u32::try_from(count).is_ok_and(|count| count >= rules.missed);
    let last = latest.plus_seconds(i64::from(rules.barred_days) * DAY).date();
    (enough && now.date() <= last).then_some(last)
}

/// A slot that a counter offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotPlan {
    /// Its id, the same whoever computes it: `place.counter.20261124.0930`.
    pub id: String,
    /// Id of the counter.
    pub counter: String,
    /// Begin.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// How many people it takes.
    pub capacity: u16,
}

/// The slots of a place on a day, in order of counter and time. Slots lie inside of the opening hours as a whole.
pub fn slots(place: &Place, day: &DayHours<'_>) -> Vec<SlotPlan> {
    let mut out = Vec::new();
    for counter in &place.counters {
        let Some(booking) = counter.booking.filter(|booking| booking.minutes > 0) else { continue };
        for (from, to) in day.spans_of(&counter.id) {
            let mut begin = from.minutes();
            while begin + booking.minutes <= to.minutes() {
                let start = DayTime::from_minutes(begin);
                begin += booking.minutes;
                out.push(SlotPlan {
                    id: slot_id(&place.id, &counter.id, day.date, start),
                    counter: counter.id.clone(),
                    start: start.on(day.date),
                    end: DayTime::from_minutes(begin).on(day.date),
                    capacity: booking.capacity,
                });
            }
        }
    }
    out
}

fn slot_id(place: &str, counter: &str, date: Date, start: DayTime) -> String {
    let (year, month, day, minutes) = (date.year(), date.month(), date.day(), start.minutes());
    format!("{place}.{counter}.{year:04}{month:02}{day:02}.{:02}{:02}", minutes / 60, minutes % 60)
}
