//! Weeks from Monday to Sunday, by the legal days of Asia/Shanghai.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::text::{Lang, Text};
use crate::time::month_name;

/// A week, known by its Monday: `2026-11-23`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(Date);

impl Week {
    /// The week of a day.
    pub fn of(day: Date) -> Week {
        let back = i64::from(day.weekday().to_monday_zero_offset());
        Week(day.checked_sub(back.days()).unwrap_or(day))
    }

    /// Its first day.
    pub fn monday(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn sunday(self) -> Date {
        self.0.checked_add(6.days()).unwrap_or(self.0)
    }

    /// So many weeks before.
    pub fn back(self, weeks: u32) -> Week {
        Week(self.0.checked_sub(i64::from(weeks).weeks()).unwrap_or(self.0))
    }

    /// The week after.
    pub fn next(self) -> Week {
        Week(self.0.checked_add(1.weeks()).unwrap_or(self.0))
    }

    /// First and last day in words.
    pub fn label(self) -> Text {
        let (from, to) = (self.monday(), self.sunday());
        let words = |day: Date| day_words(day, Lang::En);
        Text::new(
            format!("{}年{}至{}", from.year(), day_words(from, Lang::Zh), day_words(to, Lang::Zh)),
            format!("{} – {} {}", words(from), words(to), to.year()),
        )
    }
}

fn day_words(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Lang::En => format!("{} {}", day.day(), month_name(day.month())),
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Week {
    type Err = jiff::Error;

    /// The week of any day: `2026-11-25`.
    fn from_str(text: &str) -> Result<Week, jiff::Error> {
        text.parse().map(Week::of)
    }
}
