//! The working-day calendar 工作日历: published years, provisional years, and counting in them.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::festivals;
use super::notice::{self, DayType, NoticeProblem, Special};
use crate::text::Text;

/// How many years beyond the last notice are computed from the regulation alone.
const PROVISIONAL_YEARS: i16 = 2;

/// Why the calendar cannot answer. It never guesses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day lies before the first year of the calendar.
    #[error("{date} is before the first day of the working-day calendar, {first}")]
    BeforeFirst {
        /// The day asked for.
        date: Date,
        /// First day that is known.
        first: Date,
    },
    /// The day, or the end of the count, lies beyond the last year that can be foretold.
    #[error(
        "counting from {from} leaves the working-day calendar, which ends on {last}; import the next yearly notice"
    )]
    BeyondHorizon {
        /// The day asked for, or from which days were counted.
        from: Date,
        /// Last day that is known at least provisionally.
        last: Date,
    },
    /// An interval whose end lies before its start.
    #[error("{to} is before {from}")]
    EndBeforeStart {
        /// Start of the interval.
        from: Date,
        /// Its end.
        to: Date,
    },
    /// A line of an imported notice is wrong.
    #[error("line {line}: {problem}")]
    Line {
        /// Line of the file, from 1.
        line: usize,
        /// What is wrong with it.
        problem: NoticeProblem,
    },
    /// A file without any whole year: none of its lines makes a 1 January a holiday.
    #[error("the file covers no year: a year is recognised by its 1 January as a holiday")]
    NoYear,
    /// A year is missing between the calendar and the file.
    #[error("the notice of {expected} must be imported before that of {year}")]
    Gap {
        /// Year of the file.
        year: i16,
        /// First year that is missing.
        expected: i16,
    },
    /// A day outside the years of the file; only December before them may be touched.
    #[error("{0} lies outside the years that the file covers")]
    Stray(Date),
    /// A notice that makes a statutory festival a working day is incomplete.
    #[error("{date} ({name}) is a statutory holiday but the file leaves it a working day; is the file complete?")]
    Festival {
        /// The festival day.
        date: Date,
        /// Its Chinese name.
        name: String,
    },
}

impl CalendarError {
    /// What is wrong with an imported file and what to do, for the administrator.
    pub fn explain(&self) -> Text {
        let zh = match self {
            CalendarError::Line { line, problem } => format!("第 {line} 行：{}", problem.zh()),
            CalendarError::NoYear => {
                "文件没有覆盖任何一个年度：年度以其 1 月 1 日为 holiday 识别。请导入整年的安排。".to_owned()
            }
            CalendarError::Gap { year, expected } => {
                format!("文件是 {year} 年的安排，请先导入 {expected} 年的安排。")
            }
            CalendarError::Stray(date) => {
                format!("{date} 不在文件覆盖的年度内（只可以涉及上一年 12 月），请删去这一行或补全该年度。")
            }
            CalendarError::Festival { date, name } => {
                format!("{date} 是法定节日（{name}），文件却按工作日处理。请核对文件是否完整。")
            }
            CalendarError::BeforeFirst { date, first } => {
                format!("{date} 早于工作日历的第一天 {first}，请删去。")
            }
            CalendarError::BeyondHorizon { from, last } => {
                format!("{from} 超出工作日历的范围（到 {last} 为止）。")
            }
            CalendarError::EndBeforeStart { from, to } => format!("{to} 早于 {from}。"),
        };
        Text::new(zh, self.to_string())
    }
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayKind {
    /// True when periods in working days count it.
    pub working: bool,
    /// True when the notice of its year is not loaded yet.
    pub provisional: bool,
    /// The finer kind.
    pub kind: DayType,
    /// Festival or reason, absent on ordinary days.
    pub name: Option<Text>,
}

/// A date that the law gives, and whether it may still move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalDate {
    /// The legal day.
    pub date: Date,
    /// True when it rests on a year whose notice is not loaded: say so wherever it is shown.
    pub provisional: bool,
}

/// A number of working days, and whether it may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Working days.
    pub days: u32,
    /// True when it rests on a year whose notice is not loaded.
    pub provisional: bool,
}

/// The working-day calendar (T-3: 全国年节及纪念日放假办法 and the yearly notices).
///
/// Counting is O(log n) in the days of the calendar: a running count of working days is kept.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// First and last year with a notice; `None` knows no day at all.
    published: Option<(i16, i16)>,
    special: BTreeMap<Date, Special>,
    /// Festivals of the provisional years.
    festivals: BTreeMap<Date, Text>,
    /// `counts[i]` = working days among the first `i` days; one more entry than days.
    counts: Vec<u32>,
}

/// A broken file would give a calendar that answers every question with an error; a test keeps the file whole.
static EMBEDDED: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::default().extend(include_str!("../../data/calendar_cn.csv")).unwrap_or_default());

impl Calendar {
    /// The calendar that comes with the program: 2004 to 2026 as published, 2027 and 2028 provisional.
    pub fn embedded() -> &'static Calendar {
        &EMBEDDED
    }

    /// A new calendar with the notices of `csv` added; a year that is already there is replaced as a whole.
    ///
    /// Columns `date,kind,name`; a year counts as covered when its 1 January is a `holiday`. December of the year before
    /// may be touched as well, because notices have moved working days there (30 December 2006, 29 December 2018).
    ///
    /// # Errors
    /// The line and what is wrong with it; a gap between the years; a statutory festival that stays a working day.
    pub fn extend(&self, csv: &str) -> Result<Calendar, CalendarError> {
        let rows = notice::parse(csv).map_err(|(line, problem)| CalendarError::Line { line, problem })?;
        let years: BTreeSet<i16> = rows
            .iter()
            .filter(|(d, s)| d.month() == 1 && d.day() == 1 && s.kind == DayType::Holiday)
            .map(|(d, _)| d.year())
            .collect();
        let published = self.published_with(&years)?;
        for date in rows.keys() {
            let december = date.month() == 12 && years.contains(&(date.year() + 1)) && date.year() >= published.0;
            if !years.contains(&date.year()) && !december {
                return Err(CalendarError::Stray(*date));
            }
        }
        let mut special: BTreeMap<Date, Special> =
            self.special.iter().filter(|(d, _)| !years.contains(&d.year())).map(|(d, s)| (*d, s.clone())).collect();
        special.extend(rows);
        let mut calendar =
            Calendar { published: Some(published), special, festivals: BTreeMap::new(), counts: Vec::new() };
        calendar.check_festivals(&years)?;
        calendar.rebuild();
        Ok(calendar)
    }

    /// First and last published year after adding `years`, which must follow each other without a gap.
    fn published_with(&self, years: &BTreeSet<i16>) -> Result<(i16, i16), CalendarError> {
        let mut published = self.published;
        for &year in years {
            published = Some(match published {
                None => (year, year),
                Some((first, _)) if year < first => {
                    return Err(CalendarError::BeforeFirst { date: date(year, 1, 1), first: date(first, 1, 1) });
                }
                Some((_, last)) if year > last + 1 => return Err(CalendarError::Gap { year, expected: last + 1 }),
                Some((first, last)) => (first, last.max(year)),
            });
        }
        published.filter(|_| !years.is_empty()).ok_or(CalendarError::NoYear)
    }

    /// A truncated file must not turn Spring Festival into working days unnoticed.
    fn check_festivals(&self, years: &BTreeSet<i16>) -> Result<(), CalendarError> {
        for (date, festival) in years.iter().filter_map(|y| festivals::of_year(*y)).flatten() {
            if self.kind_of(date).is_working() {
                return Err(CalendarError::Festival { date, name: festival.name.zh.clone() });
            }
        }
        Ok(())
    }

    /// Computes the provisional festivals and the running count.
    fn rebuild(&mut self) {
        let Some((first, last)) = self.published else { return };
        let mut end = last;
        for year in last + 1..=last + PROVISIONAL_YEARS {
            // A year whose festivals cannot be computed ends the horizon: no guess.
            let Some(days) = festivals::of_year(year) else { break };
            for (day, festival) in days {
                let both = self.festivals.get(&day).map(|first| join(first, &festival.name));
                self.festivals.insert(day, both.unwrap_or_else(|| festival.name.clone()));
            }
            end = year;
        }
        let mut total = 0;
        self.counts = vec![0];
        let mut day = date(first, 1, 1);
        while day.year() <= end {
            total += u32::from(self.kind_of(day).is_working());
            self.counts.push(total);
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
    }

    fn kind_of(&self, date: Date) -> DayType {
        match self.special.get(&date) {
            Some(special) => special.kind,
            None if self.festivals.contains_key(&date) => DayType::Holiday,
            None => DayType::ordinary(date),
        }
    }

    /// First day of the calendar and last day that is known at least provisionally; `None` for an empty calendar.
    pub fn range(&self) -> Option<(Date, Date)> {
        let first = date(self.published?.0, 1, 1);
        Some((first, self.date_at(self.counts.len().checked_sub(2)?)?))
    }

    /// First and last year whose notice is loaded.
    pub fn published_years(&self) -> Option<(i16, i16)> {
        self.published
    }

    /// True when the notice of the day's year is not loaded.
    fn is_provisional(&self, date: Date) -> bool {
        self.published.is_none_or(|(_, last)| date.year() > last)
    }

    fn index(&self, date: Date) -> Result<usize, CalendarError> {
        let Some((first, last)) = self.range() else {
            return Err(CalendarError::BeyondHorizon { from: date, last: Date::MIN });
        };
        if date < first {
            return Err(CalendarError::BeforeFirst { date, first });
        }
        let days = date.since(first).ok().and_then(|span| usize::try_from(span.get_days()).ok());
        days.filter(|d| d + 1 < self.counts.len()).ok_or(CalendarError::BeyondHorizon { from: date, last })
    }

    fn date_at(&self, index: usize) -> Option<Date> {
        date(self.published?.0, 1, 1).checked_add(i64::try_from(index).ok()?.days()).ok()
    }

    /// Working days from the start of the calendar to the end of the day at `index`.
    fn count_to_end_of(&self, index: usize) -> u32 {
        self.counts.get(index + 1).copied().unwrap_or_default()
    }

    /// The day that is the `count`-th working day of the calendar.
    fn nth(&self, count: u32, from: Date) -> Result<LegalDate, CalendarError> {
        let last = self.range().map_or(Date::MIN, |(_, last)| last);
        let beyond = CalendarError::BeyondHorizon { from, last };
        let entry = self.counts.partition_point(|c| *c < count);
        if entry >= self.counts.len() {
            return Err(beyond);
        }
        let date = entry.checked_sub(1).and_then(|index| self.date_at(index)).ok_or(beyond)?;
        Ok(LegalDate { date, provisional: self.is_provisional(date.max(from)) })
    }

    /// What a day is.
    ///
    /// # Errors
    /// Days before the first published year and beyond the horizon.
    pub fn day(&self, date: Date) -> Result<DayKind, CalendarError> {
        self.index(date)?;
        let kind = self.kind_of(date);
        let name = match self.special.get(&date) {
            Some(special) => Some(english(&special.name, kind)),
            None => self.festivals.get(&date).cloned(),
        };
        Ok(DayKind { working: kind.is_working(), provisional: self.is_provisional(date), kind, name })
    }

    /// The `n`-th working day after `from`, which itself is not counted (T-2). `n` = 0 gives `from`.
    ///
    /// # Errors
    /// A start outside the calendar or an end beyond its horizon.
    pub fn add_working_days(&self, from: Date, n: u32) -> Result<LegalDate, CalendarError> {
        let index = self.index(from)?;
        if n == 0 {
            return Ok(LegalDate { date: from, provisional: self.is_provisional(from) });
        }
        self.nth(self.count_to_end_of(index).saturating_add(n), from)
    }

    /// The `n`-th working day before `from`, for periods that the law counts backwards (行政许可法 第四十八条, 第五十条).
    ///
    /// # Errors
    /// A start outside the calendar or an end before its first working day.
    pub fn subtract_working_days(&self, from: Date, n: u32) -> Result<LegalDate, CalendarError> {
        let index = self.index(from)?;
        if n == 0 {
            return Ok(LegalDate { date: from, provisional: self.is_provisional(from) });
        }
        let before = self.counts.get(index).copied().unwrap_or_default();
        let first = self.range().map_or(from, |(first, _)| first);
        let count = before.checked_sub(n - 1).filter(|c| *c > 0);
        self.nth(count.ok_or(CalendarError::BeforeFirst { date: from, first })?, from)
    }

    /// Working days in `(from, to]`: the start is not counted, the end is.
    ///
    /// # Errors
    /// Days outside the calendar; `to` before `from`.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<Count, CalendarError> {
        if to < from {
            return Err(CalendarError::EndBeforeStart { from, to });
        }
        let days = self.count_to_end_of(self.index(to)?) - self.count_to_end_of(self.index(from)?);
        Ok(Count { days, provisional: self.is_provisional(to) })
    }

    /// The day itself when it is a working day, else the next one (民法典 第二百零三条).
    ///
    /// # Errors
    /// Days outside the calendar.
    pub fn next_working_day_on_or_after(&self, date: Date) -> Result<LegalDate, CalendarError> {
        let index = self.index(date)?;
        self.nth(self.counts.get(index).copied().unwrap_or_default() + 1, date)
    }
}

/// Two festivals on one day, as on 3 October 2028.
fn join(first: &Text, second: &Text) -> Text {
    Text::new(format!("{}、{}", first.zh, second.zh), format!("{}, {}", first.en, second.en))
}

/// The published files carry Chinese names only; festivals have an English name in the table of the regulation.
fn english(name: &str, kind: DayType) -> Text {
    let festival = festivals::table().iter().find(|f| name.starts_with(&f.name.zh)).map(|f| f.name.en.as_str());
    let en = match (kind, festival) {
        (DayType::AdjustedWorkday, Some(f)) => format!("working day in exchange for {f}"),
        (DayType::AdjustedWorkday, None) => format!("working day in exchange ({name})"),
        (DayType::ExtendedHoliday, Some(f)) => format!("{f}, extended"),
        (_, Some(f)) => f.to_owned(),
        (_, None) => format!("holiday by special notice ({name})"),
    };
    Text::new(name, en)
}
