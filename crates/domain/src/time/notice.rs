//! The yearly notice of the State Council 国务院办公厅关于部分节假日安排的通知 as a CSV file.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a day is by the notice, or by the regulation where there is no notice yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayType {
    /// Monday to Friday with nothing special.
    Workday,
    /// Saturday or Sunday with nothing special.
    Weekend,
    /// A day of a festival 节假日.
    Holiday,
    /// Free in exchange for an adjusted working day 调休.
    InLieuHoliday,
    /// Saturday or Sunday worked 调休上班.
    AdjustedWorkday,
    /// Freed by a special notice, as after the Spring Festival of 2020 延长假期.
    ExtendedHoliday,
}

impl DayType {
    /// True when the day counts for periods in working days (行政许可法 第八十二条).
    pub fn is_working(self) -> bool {
        matches!(self, DayType::Workday | DayType::AdjustedWorkday)
    }

    /// What a day is when no notice speaks of it.
    pub(super) fn ordinary(date: Date) -> DayType {
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) { DayType::Weekend } else { DayType::Workday }
    }

    fn parse(word: &str) -> Option<DayType> {
        Some(match word {
            "workday" => DayType::Workday,
            "weekend" => DayType::Weekend,
            "holiday" => DayType::Holiday,
            "in_lieu_holiday" => DayType::InLieuHoliday,
            "adjusted_workday" => DayType::AdjustedWorkday,
            "extended_holiday" => DayType::ExtendedHoliday,
            _ => return None,
        })
    }

    /// Whether a day of this type can fall on a weekday or a weekend at all.
    fn fits(self, date: Date) -> bool {
        match self {
            DayType::Workday | DayType::Weekend => self == DayType::ordinary(date),
            DayType::AdjustedWorkday => DayType::ordinary(date) == DayType::Weekend,
            DayType::InLieuHoliday => DayType::ordinary(date) == DayType::Workday,
            DayType::Holiday | DayType::ExtendedHoliday => true,
        }
    }
}

/// A day that the notice speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Special {
    pub kind: DayType,
    pub name: String,
}

/// What is wrong with a line of a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeProblem {
    /// The file is empty or its first line does not name the columns.
    #[error("the first line must name the columns date, kind and name")]
    Header,
    /// More or fewer fields than the first line.
    #[error("{found} fields where the first line has {expected}")]
    Fields {
        /// Fields in the first line.
        expected: usize,
        /// Fields in this line.
        found: usize,
    },
    /// Not a day of the calendar.
    #[error("`{0}` is not a date of the form 2027-01-01")]
    Date(String),
    /// An unknown word in the column kind.
    #[error(
        "`{0}` is not a kind of day; use holiday, in_lieu_holiday, adjusted_workday, extended_holiday, workday or weekend"
    )]
    Kind(String),
    /// A worked weekday, or a free weekend day in exchange for nothing.
    #[error("{date} is a {weekday}, which cannot be {kind}")]
    Weekday {
        /// The day.
        date: Date,
        /// Its day of the week in English.
        weekday: String,
        /// The kind in the file.
        kind: String,
    },
    /// A special day without a name.
    #[error("the name of {0} is missing")]
    Name(Date),
    /// The same day twice.
    #[error("{0} is there twice")]
    Twice(Date),
    /// A field longer than 200 bytes or a file of more than 20,000 lines.
    #[error("the line or the file is too long")]
    TooLong,
}

impl NoticeProblem {
    /// The same in Chinese.
    pub(super) fn zh(&self) -> String {
        match self {
            NoticeProblem::Header => "首行必须写明列名 date,kind,name。".to_owned(),
            NoticeProblem::Fields { expected, found } => format!("首行有 {expected} 列，本行有 {found} 列，请补齐。"),
            NoticeProblem::Date(word) => format!("“{word}”不是日期，请写成 2027-01-01 的形式。"),
            NoticeProblem::Kind(word) => format!(
                "“{word}”不是日期类型，请用 holiday、in_lieu_holiday、adjusted_workday、extended_holiday、workday 或 weekend。"
            ),
            NoticeProblem::Weekday { date, weekday, kind } => {
                format!("{date} 是 {weekday}，与类型 {kind} 矛盾，请核对。")
            }
            NoticeProblem::Name(date) => format!("{date} 没有写节日名称，请补上。"),
            NoticeProblem::Twice(date) => format!("{date} 出现了两次，请只留一行。"),
            NoticeProblem::TooLong => "行或文件过长。".to_owned(),
        }
    }
}

const MAX_LINES: usize = 20_000;
const MAX_FIELD: usize = 200;

/// Reads `date,kind,name` in any column order; other columns are ignored, ordinary days are checked and left out.
/// Errors carry the line, counted from 1.
pub(super) fn parse(csv: &str) -> Result<BTreeMap<Date, Special>, (usize, NoticeProblem)> {
    let mut lines = csv.trim_start_matches('\u{feff}').lines().enumerate();
    let header: Vec<&str> = lines.next().map(|(_, l)| l.split(',').map(str::trim).collect()).unwrap_or_default();
    let column = |name: &str| header.iter().position(|h| *h == name).ok_or((1, NoticeProblem::Header));
    let (date_at, kind_at, name_at) = (column("date")?, column("kind")?, column("name")?);
    let mut seen = BTreeMap::new();
    for (index, line) in lines {
        let number = index + 1;
        if number > MAX_LINES {
            return Err((number, NoticeProblem::TooLong));
        }
        if line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        if fields.len() != header.len() {
            return Err((number, NoticeProblem::Fields { expected: header.len(), found: fields.len() }));
        }
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let (date, special) = row(field(date_at), field(kind_at), field(name_at)).map_err(|p| (number, p))?;
        if seen.insert(date, special).is_some() {
            return Err((number, NoticeProblem::Twice(date)));
        }
    }
    seen.retain(|_, s| !matches!(s.kind, DayType::Workday | DayType::Weekend));
    Ok(seen)
}

fn row(date: &str, kind: &str, name: &str) -> Result<(Date, Special), NoticeProblem> {
    if date.len() > MAX_FIELD || kind.len() > MAX_FIELD || name.len() > MAX_FIELD {
        return Err(NoticeProblem::TooLong);
    }
    // Only the plain form: jiff would also read a date with a time behind it.
    let day: Date =
        date.parse().ok().filter(|d: &Date| d.to_string() == date).ok_or(NoticeProblem::Date(date.into()))?;
    let day_type = DayType::parse(kind).ok_or(NoticeProblem::Kind(kind.into()))?;
    if !day_type.fits(day) {
        let weekday = format!("{:?}", day.weekday());
        return Err(NoticeProblem::Weekday { date: day, weekday, kind: kind.into() });
    }
    if name.is_empty() && !matches!(day_type, DayType::Workday | DayType::Weekend) {
        return Err(NoticeProblem::Name(day));
    }
    Ok((day, Special { kind: day_type, name: name.to_owned() }))
}
