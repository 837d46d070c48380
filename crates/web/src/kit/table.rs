//! Lists: a table that sorts by links, and paging by keyset.

use super::{Html, Icon, html_safe};
use crate::i18n::T;
use askama::Template;

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// Not by this column.
    No,
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    sort: String,
    sorted: Sorted,
    numeric: bool,
}

impl Column {
    /// A column that cannot be sorted.
    pub fn new(label: impl Into<String>) -> Column {
        Column { label: label.into(), sort: String::new(), sorted: Sorted::No, numeric: false }
    }

    /// Makes the heading a link that sorts by this column (or turns the order round).
    pub fn sort(mut self, href: impl Into<String>, sorted: Sorted) -> Column {
        self.sort = href.into();
        self.sorted = sorted;
        self
    }

    /// Aligned right, tabular figures.
    pub fn numeric(mut self) -> Column {
        self.numeric = true;
        self
    }

    fn aria(&self) -> &'static str {
        match self.sorted {
            Sorted::No => "none",
            Sorted::Up => "ascending",
            Sorted::Down => "descending",
        }
    }

    fn icon(&self) -> Icon {
        match self.sorted {
            Sorted::No => Icon::Sort,
            Sorted::Up => Icon::SortUp,
            Sorted::Down => Icon::SortDown,
        }
    }
}

/// One cell: text or a rendered component.
pub type Cell = Html;

/// One row; the first cell is its heading.
#[derive(Debug, Clone)]
pub struct Row {
    cells: Vec<Cell>,
    marked: bool,
}

impl Row {
    /// Cells in the order of the columns.
    pub fn new(cells: Vec<Cell>) -> Row {
        Row { cells, marked: false }
    }

    /// Draws attention to the row (amber edge): the reader must act on it.
    pub fn marked(mut self) -> Row {
        self.marked = true;
        self
    }
}

/// A table. On narrow screens each row becomes a small card with the column names beside the values.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/table.html")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Table {
    /// The caption is read by screen readers; a visible heading stands above the table.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Table {
        Table { caption: caption.into(), columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(mut self, row: Row) -> Table {
        self.rows.push(row);
        self
    }

    /// True without rows: show an [`super::Empty`] instead.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn label(&self, index: &usize) -> &str {
        self.columns.get(*index).map_or("", |column| column.label.as_str())
    }

    fn numeric(&self, index: &usize) -> bool {
        self.columns.get(*index).is_some_and(|column| column.numeric)
    }
}

/// Keyset paging: on to the next page, or back to the first. There are no page numbers, so a page costs the same
/// anywhere in a million rows.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/pager.html")]
pub struct Pager {
    t: T,
    first: String,
    next: String,
}

impl Pager {
    /// Addresses of the first page (empty when on it) and of the next (empty on the last).
    pub fn new(t: T, first: impl Into<String>, next: impl Into<String>) -> Pager {
        Pager { t, first: first.into(), next: next.into() }
    }
}

html_safe!(Table, Pager);
