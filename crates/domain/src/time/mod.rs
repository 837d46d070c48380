//! Instants, legal days, the working-day calendar and the periods of the law.
//!
//! Legal days are days in Asia/Shanghai, which has kept UTC+8 without summer time since 1991, so a fixed offset is exact.

mod applied;
mod calendar;
mod clock;
mod festivals;
mod law_table;
mod notice;
mod pause;
mod period;
mod sun;
mod words;

pub use applied::{APPLIED, Applied, GoverningDay};
pub use calendar::{Calendar, CalendarError, Count, DayKind, LegalDate};
pub use clock::{CaseClocks, Clock, ClockState, Extension, Lamps, Light};
pub use law_table::{LawError, LawNumber, LawTable};
pub use notice::{DayType, NoticeProblem};
pub use pause::{Pause, PauseKind};
pub use period::*;
pub use words::{date_words, moment_words, month_name};

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Microseconds since 1970-01-01T00:00:00Z, the form in which every instant is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Timestamp {
        Timestamp(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The legal day (Asia/Shanghai) in which this instant lies.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Date and time of day in Asia/Shanghai.
    pub fn civil(self) -> jiff::civil::DateTime {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        Offset::constant(8).to_datetime(instant)
    }

    /// 00:00 of a legal day.
    pub fn start_of(date: Date) -> Timestamp {
        let days = date.since(Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
        Timestamp(days * MICROS_PER_DAY - 8 * 3_600_000_000)
    }

    /// 24:00 of a legal day, which is when a period ending on it ends.
    pub fn end_of(date: Date) -> Timestamp {
        Timestamp(Timestamp::start_of(date).0 + MICROS_PER_DAY)
    }

    /// This instant plus some seconds.
    pub fn plus_seconds(self, seconds: i64) -> Timestamp {
        Timestamp(self.0 + seconds * 1_000_000)
    }

    /// RFC 3339 with the Shanghai offset and whole seconds: `2026-11-22T09:30:00+08:00`.
    pub fn rfc3339(self) -> String {
        let c = self.civil();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
            c.year(),
            c.month(),
            c.day(),
            c.hour(),
            c.minute(),
            c.second()
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}
