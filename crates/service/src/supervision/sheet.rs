//! A table of figures, as pages, files, API and command line show it alike. Numbers stay numbers until they are written.

use domain::supervision::{Channel, Decimal, Kind, Ratio, Week};
use domain::text::{Lang, Text};
use serde_json::{Map, Value, json};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Words(Text),
    /// A whole number.
    Count(i64),
    /// Per cent, rounded; `None` where there is nothing to divide by.
    PerCent(Option<Decimal>),
    /// A number with decimals; `None` where there is none.
    Number(Option<Decimal>),
    /// At least this many.
    AtLeast(i64),
}

impl Cell {
    /// Words that are the same in both languages.
    pub fn name(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell::Words(Text::new(text.clone(), text))
    }

    /// A share or growth with so many decimals.
    pub fn ratio(own: Option<Ratio>, decimals: u32) -> Cell {
        Cell::PerCent(own.and_then(|own| own.per_cent(decimals)))
    }

    /// As a page prints it; a dash where there is nothing.
    pub fn print(&self, lang: Lang) -> String {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
        match self {
            Cell::Words(text) => text.get(lang).to_owned(),
            Cell::Count(n) => n.to_string(),
            Cell::PerCent(own) => or_dash(own.map(|own| format!("{own}%"))),
            Cell::Number(own) => or_dash(own.map(|own| own.to_string())),
            Cell::AtLeast(n) => format!("≥{n}"),
        }
    }

    /// As a program reads it: per cent as a number, `108.2`; null where there is nothing.
    pub fn value(&self) -> Value {
        match self {
            Cell::Words(text) => json!(text),
            Cell::Count(n) => json!(n),
            Cell::PerCent(own) | Cell::Number(own) => json!(own.map(Decimal::value)),
            Cell::AtLeast(n) => json!({ "at_least": n }),
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name for programs.
    pub id: &'static str,
    /// Its heading.
    pub label: Text,
    /// It holds numbers.
    pub numeric: bool,
    /// They are per cent.
    pub per_cent: bool,
    /// The figure whose cases can be listed: `received`, `late-limit`.
    pub behind: Option<&'static str>,
}

impl Column {
    /// A column of words.
    pub fn words(id: &'static str, zh: &str, en: &str) -> Column {
        Column { id, label: Text::new(zh, en), numeric: false, per_cent: false, behind: None }
    }

    /// A column of numbers.
    pub fn number(id: &'static str, zh: &str, en: &str) -> Column {
        Column { numeric: true, ..Column::words(id, zh, en) }
    }

    /// A column of shares or growth.
    pub fn per_cent(id: &'static str, zh: &str, en: &str) -> Column {
        Column { per_cent: true, ..Column::number(id, zh, en) }
    }

    /// A column of numbers with cases behind them.
    pub fn cases(id: &'static str, behind: &'static str, zh: &str, en: &str) -> Column {
        Column { behind: Some(behind), ..Column::number(id, zh, en) }
    }
}

/// Of which cases a line speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The week in which they were received.
    pub week: Option<Week>,
    /// Id of the place; [`super::NOWHERE`] for those of none.
    pub place: Option<String>,
    /// How they came.
    pub channel: Option<Channel>,
    /// How the applicants were served.
    pub kind: Option<Kind>,
}

/// One line; the first cell says what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The cells, in the order of the columns.
    pub cells: Vec<Cell>,
    /// Of which cases; `None` where there are none behind it.
    pub about: Option<About>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name in addresses and files.
    pub id: &'static str,
    /// Its heading.
    pub title: Text,
    /// What it says, and how it is counted.
    pub note: Text,
    /// The columns.
    pub columns: Vec<Column>,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Sheet {
    /// The lines for programs: an object each, by the names of the columns.
    pub fn rows(&self) -> Vec<Map<String, Value>> {
        let row = |line: &Line| {
            let cells = self.columns.iter().zip(&line.cells);
            cells.map(|(column, cell)| (column.id.to_owned(), cell.value())).collect()
        };
        self.lines.iter().map(row).collect()
    }
}
