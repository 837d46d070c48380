//! The opening calendar of a place: ordinary hours, noon 午间不断档, weekends and holidays 全年不打烊, seasons.
//!
//! Hours touch service figures and appointments only. Periods of the law are counted by [`Calendar`], which nothing here changes.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::text::Text;
use crate::time::{Calendar, CalendarError, Timestamp};

/// A time of day in Asia/Shanghai, in whole minutes, written `09:00`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayTime(u16);

impl DayTime {
    /// From minutes since midnight, up to 1440.
    pub const fn from_minutes(minutes: u16) -> DayTime {
        DayTime(if minutes > 1440 { 1440 } else { minutes })
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// This time on a legal day.
    pub fn on(self, date: Date) -> Timestamp {
        Timestamp::start_of(date).plus_seconds(i64::from(self.0) * 60)
    }

    /// The time of day of an instant; seconds are cut off.
    pub fn of(at: Timestamp) -> DayTime {
        let civil = at.civil();
        let minutes = i32::from(civil.hour()) * 60 + i32::from(civil.minute());
        DayTime(u16::try_from(minutes).unwrap_or(0))
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> String {
        time.to_string()
    }
}

impl TryFrom<String> for DayTime {
    type Error = String;

    fn try_from(text: String) -> Result<DayTime, String> {
        let wrong = || format!("{text} is no time of day, as 09:00 to 24:00");
        let two = |part: &str| match part.len() {
            2 => part.parse::<u16>().ok(),
            _ => None,
        };
        let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
        let (hours, minutes) = (two(hours).ok_or_else(wrong)?, two(minutes).ok_or_else(wrong)?);
        let total = hours * 60 + minutes;
        if minutes > 59 || total > 1440 { Err(wrong()) } else { Ok(DayTime(total)) }
    }
}

/// What a day is to an opening calendar, as the working-day calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayClass {
    /// A legal working day, also a Saturday or Sunday that a notice has made one.
    Working,
    /// A Saturday or Sunday without work that belongs to no festival.
    Weekend,
    /// A day off because of a festival.
    Holiday,
}

/// Kind of service that an opening is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Ordinary office hours.
    Ordinary,
    /// 午间不断档: windows stay open at noon.
    Noon,
    /// 周末服务.
    Weekend,
    /// 节假日服务.
    Holiday,
    /// Longer hours in a season.
    Season,
    /// 晚间延时服务: after office hours.
    Evening,
    /// 24 小时自助.
    AroundTheClock,
}

/// Days of the year between which an opening counts, `06-01` to `08-31`; the end may lie in the next year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First day, `MM-DD`.
    pub from: String,
    /// Last day, `MM-DD`.
    pub to: String,
}

impl Season {
    /// Whether a day lies in it.
    pub fn holds(&self, date: Date) -> bool {
        let day = format!("{:02}-{:02}", date.month(), date.day());
        if self.from <= self.to { self.from <= day && day <= self.to } else { self.from <= day || day <= self.to }
    }

    /// Whether both ends are days, in the form `MM-DD`.
    pub fn is_valid(&self) -> bool {
        // Of a leap year, so that 29 February is a day.
        let is_day = |text: &str| text.len() == 5 && format!("2024-{text}").parse::<Date>().is_ok();
        is_day(&self.from) && is_day(&self.to)
    }
}

/// One opening, dated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// On which days.
    pub on: Vec<DayClass>,
    /// What it is.
    pub service: Service,
    /// From.
    pub from: DayTime,
    /// To.
    pub to: DayTime,
    /// First day on which it counts.
    pub valid_from: Date,
    /// Last day; absent = for the time being.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Only in this season.
    #[serde(default)]
    pub season: Option<Season>,
    /// Ids of the counters that are open; empty = all.
    #[serde(default)]
    pub counters: Vec<String>,
    /// Slugs of the matters that are taken then; empty = all that the counter takes.
    #[serde(default)]
    pub matters: Vec<String>,
    /// Numbers of the windows that are open then; empty = all of its counters.
    #[serde(default)]
    pub windows: Vec<String>,
    /// 咨询电话 during this opening; absent = the place's.
    #[serde(default)]
    pub phone: Option<String>,
    /// 远程办理: how one is served from afar then; absent = one is not.
    #[serde(default)]
    pub remote: Option<Text>,
    /// What else the public should know.
    #[serde(default)]
    pub note: Option<Text>,
    /// Who has ordered it.
    pub source: String,
}

impl Opening {
    fn counts(&self, date: Date, class: DayClass) -> bool {
        self.on.contains(&class)
            && self.valid_from <= date
            && self.valid_to.is_none_or(|last| date <= last)
            && self.season.as_ref().is_none_or(|season| season.holds(date))
    }

    /// Whether this counter is open then.
    pub fn serves(&self, counter: &str) -> bool {
        self.counters.is_empty() || self.counters.iter().any(|own| own == counter)
    }

    /// Whether this window is open then, if its counter is.
    pub fn staffs(&self, window: &str) -> bool {
        self.windows.is_empty() || self.windows.iter().any(|own| own == window)
    }

    /// Whether this matter is taken then, by a counter that takes it.
    pub fn takes(&self, matter: &str) -> bool {
        self.matters.is_empty() || self.matters.iter().any(|own| own == matter)
    }
}

/// A day of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayHours<'p> {
    /// The day.
    pub date: Date,
    /// What it is in the working-day calendar, whatever the hours.
    pub class: DayClass,
    /// The festival of the day.
    pub festival: Option<Text>,
    /// The openings in order of time.
    pub openings: Vec<&'p Opening>,
    /// Why the place is closed in spite of its hours.
    pub closed: Option<Text>,
}

impl DayHours<'_> {
    /// The times at which somebody is there, those that touch as one.
    pub fn spans(&self) -> Vec<(DayTime, DayTime)> {
        joined(self.openings.iter().map(|opening| (opening.from, opening.to)))
    }

    /// The times at which a counter is open.
    pub fn spans_of(&self, counter: &str) -> Vec<(DayTime, DayTime)> {
        let own = self.openings.iter().filter(|opening| opening.serves(counter));
        joined(own.map(|opening| (opening.from, opening.to)))
    }

    /// The times at which a window of a counter is open.
    pub fn spans_at(&self, counter: &str, window: &str) -> Vec<(DayTime, DayTime)> {
        let own = self.openings.iter().filter(|opening| opening.serves(counter) && opening.staffs(window));
        joined(own.map(|opening| (opening.from, opening.to)))
    }

    /// Whether a counter that takes a matter takes it through all of a span: its openings may be limited to a list.
    pub fn takes(&self, counter: &str, matter: &str, from: DayTime, to: DayTime) -> bool {
        let own = self.openings.iter().filter(|opening| opening.serves(counter) && opening.takes(matter));
        joined(own.map(|opening| (opening.from, opening.to))).iter().any(|(begin, end)| *begin <= from && to <= *end)
    }
}

/// Spans in order of time; those that overlap or touch become one.
fn joined(spans: impl Iterator<Item = (DayTime, DayTime)>) -> Vec<(DayTime, DayTime)> {
    let mut sorted: Vec<_> = spans.collect();
    sorted.sort_unstable();
    let mut out: Vec<(DayTime, DayTime)> = Vec::new();
    for (from, to) in sorted {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// What a place offers on a day.
///
/// # Errors
/// Days that the calendar does not know.
pub fn hours<'p>(place: &'p Place, calendar: &Calendar, date: Date) -> Result<DayHours<'p>, CalendarError> {
    let day = calendar.day(date)?;
    let class = match (day.working, &day.name) {
        (true, _) => DayClass::Working,
        (false, Some(_)) => DayClass::Holiday,
        (false, None) => DayClass::Weekend,
    };
    let closure = place.closed.iter().find(|closure| closure.from <= date && date <= closure.to);
    let mut openings: Vec<&Opening> = match closure {
        Some(_) => Vec::new(),
        None => place.openings.iter().filter(|opening| opening.counts(date, class)).collect(),
    };
    openings.sort_by_key(|opening| (opening.from, opening.to));
    Ok(DayHours { date, class, festival: day.name, openings, closed: closure.map(|closure| closure.reason.clone()) })
}

/// Whether one finds the door open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Open until then.
    Open(Timestamp),
    /// Closed, and open next from then.
    Next(Timestamp),
    /// Closed, and not open within the days that were looked at.
    Closed,
}

/// How many days ahead one looks for the next opening: longer than any holiday.
const LOOK_AHEAD_DAYS: i64 = 15;

/// Whether a place is open at an instant, and until or from when.
///
/// # Errors
/// Days that the calendar does not know.
pub fn door(place: &Place, calendar: &Calendar, now: Timestamp) -> Result<Door, CalendarError> {
    let today = now.date();
    for ahead in 0..=LOOK_AHEAD_DAYS {
        let Ok(date) = today.checked_add(jiff::Span::new().days(ahead)) else { break };
        for (from, to) in hours(place, calendar, date)?.spans() {
            let (from, to) = (from.on(date), to.on(date));
            if from <= now && now < to {
                return Ok(Door::Open(to));
            }
            if now < from {
                return Ok(Door::Next(from));
            }
        }
    }
    Ok(Door::Closed)
}
