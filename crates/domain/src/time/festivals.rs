//! The statutory festivals 法定节假日 as dated data, and where they fall in a year whose notice is not known yet.

use icu_calendar::types::Month;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Deserialize;
use std::sync::LazyLock;

use super::sun;
use crate::text::Text;

/// A festival of 全国年节及纪念日放假办法 with the years in which its rule holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Festival {
    /// Stable name for error messages and tests.
    #[allow(dead_code, reason = "named for readers of the data file")]
    pub id: String,
    /// What people call it.
    pub name: Text,
    rule: Rule,
    /// Days from the day of the rule to the first free day: -1 = the eve.
    first: i32,
    /// How many days in a row are free.
    days: i32,
    valid_from: Date,
    #[serde(default)]
    valid_to: Option<Date>,
    #[allow(dead_code, reason = "the source is for readers of the data file")]
    source: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Rule {
    Solar { month: i8, day: i8 },
    Lunar { month: u8, day: u8 },
    Sun { longitude: u16 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    festivals: Vec<Festival>,
}

/// An unreadable table would leave no festivals, and then `Calendar::embedded` has no provisional years; a test reads it.
static TABLE: LazyLock<Vec<Festival>> = LazyLock::new(|| {
    serde_json::from_str::<File>(include_str!("../../data/festivals.json")).map(|f| f.festivals).unwrap_or_default()
});

/// All festivals of all times, for looking up names.
pub(super) fn table() -> &'static [Festival] {
    &TABLE
}

/// The free days of a year by the regulation alone, in order of the table. `None` when a date cannot be computed.
pub(super) fn of_year(year: i16) -> Option<Vec<(Date, &'static Festival)>> {
    let mut days = Vec::new();
    for festival in table() {
        let day = festival.rule.day_in(year)?;
        if day < festival.valid_from || festival.valid_to.is_some_and(|last| day > last) {
            continue;
        }
        let first = day.checked_add(festival.first.days()).ok()?;
        for offset in 0..festival.days {
            days.push((first.checked_add(offset.days()).ok()?, festival));
        }
    }
    (!days.is_empty()).then_some(days)
}

impl Rule {
    fn day_in(self, year: i16) -> Option<Date> {
        match self {
            Rule::Solar { month, day } => Date::new(year, month, day).ok(),
            Rule::Lunar { month, day } => lunar(year, month, day),
            Rule::Sun { longitude } => sun::first_day_at(year, f64::from(longitude)),
        }
    }
}

/// The Gregorian day of a day of the Chinese calendar (GB/T 33661) whose year begins in `year`.
fn lunar(year: i16, month: u8, day: u8) -> Option<Date> {
    let lunar = icu_calendar::Date::try_new_chinese_traditional(i32::from(year), Month::new(month), day).ok()?;
    let days = lunar.to_rata_die() - icu_calendar::Date::try_new_iso(1970, 1, 1).ok()?.to_rata_die();
    date(1970, 1, 1).checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(table().len(), 12);
        assert!(of_year(2026).is_some());
        assert!(table().iter().all(|f| !f.name.is_incomplete() && !f.source.is_empty() && !f.id.is_empty()));
        let free_days = |year| of_year(year).unwrap().len();
        // 1999: 10 days, 2007: 11 days, 2024: 13 days.
        assert_eq!([2004, 2008, 2014, 2025, 2030].map(free_days), [10, 11, 11, 13, 13]);
    }

    #[test]
    fn lunar_days() {
        let new_years = [
            "2004-01-22",
            "2005-02-09",
            "2006-01-29",
            "2007-02-18",
            "2008-02-07",
            "2009-01-26",
            "2010-02-14",
            "2011-02-03",
            "2012-01-23",
            "2013-02-10",
            "2014-01-31",
            "2015-02-19",
            "2016-02-08",
            "2017-01-28",
            "2018-02-16",
            "2019-02-05",
            "2020-01-25",
            "2021-02-12",
            "2022-02-01",
            "2023-01-22",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2028-01-26",
            "2029-02-13",
            "2030-02-03",
        ];
        let autumns = [
            "2008-09-14",
            "2009-10-03",
            "2010-09-22",
            "2011-09-12",
            "2012-09-30",
            "2013-09-19",
            "2014-09-08",
            "2015-09-27",
            "2016-09-15",
            "2017-10-04",
            "2018-09-24",
            "2019-09-13",
            "2020-10-01",
            "2021-09-21",
            "2022-09-10",
            "2023-09-29",
            "2024-09-17",
            "2025-10-06",
            "2026-09-25",
        ];
        let check = |text: &str, month, day| {
            let expected: Date = text.parse().unwrap();
            assert_eq!(lunar(expected.year(), month, day), Some(expected));
        };
        new_years.iter().for_each(|d| check(d, 1, 1));
        autumns.iter().for_each(|d| check(d, 8, 15));
    }
}
