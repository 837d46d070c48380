//! A repeating group: the same fields for each partner, vehicle or device.

use super::{Field, Icon, html_safe};
use crate::i18n::T;
use askama::Template;

/// What a button of a form asks for besides saving. The buttons are named `do`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `add:partners`: one more row at the end.
    Add(String),
    /// `remove:partners:1`: without the row with this index.
    Remove(String, usize),
}

impl Action {
    /// Reads the value of `do`; `None` for anything else (`next`, `save`).
    pub fn parse(value: &str) -> Option<Action> {
        let mut parts = value.split(':');
        let action = match (parts.next()?, parts.next()?) {
            ("add", name) => Action::Add(name.to_owned()),
            ("remove", name) => Action::Remove(name.to_owned(), parts.next()?.parse().ok()?),
            _ => return None,
        };
        parts.next().is_none().then_some(action)
    }
}

/// Rows of fields with buttons to add and remove, which submit the form with [`Action`] and need no JavaScript.
/// Name the fields `partners[0].name`, `partners[1].name` …
#[derive(Debug, Clone, Template)]
#[template(path = "kit/repeat.html")]
pub struct Repeat {
    t: T,
    name: String,
    legend: String,
    item: String,
    hint: String,
    error: String,
    rows: Vec<Vec<Field>>,
    min: usize,
    max: usize,
}

impl Repeat {
    /// `item` is what one row is called: `股东`.
    pub fn new(t: T, name: impl Into<String>, legend: impl Into<String>, item: impl Into<String>) -> Repeat {
        Repeat {
            t,
            name: name.into(),
            legend: legend.into(),
            item: item.into(),
            hint: String::new(),
            error: String::new(),
            rows: Vec::new(),
            min: 0,
            max: usize::MAX,
        }
    }

    /// Adds a row.
    pub fn row(mut self, fields: Vec<Field>) -> Repeat {
        self.rows.push(fields);
        self
    }

    /// Least and greatest number of rows: at the ends the buttons disappear.
    pub fn limits(mut self, min: usize, max: usize) -> Repeat {
        self.min = min;
        self.max = max;
        self
    }

    /// One line under the legend.
    pub fn hint(mut self, hint: impl Into<String>) -> Repeat {
        self.hint = hint.into();
        self
    }

    /// What is wrong with the list as a whole.
    pub fn error(mut self, error: impl Into<String>) -> Repeat {
        self.error = error.into();
        self
    }

    /// The item's word in the middle of a sentence; a word all in capitals stays as it is.
    fn inside(&self) -> String {
        let mut letters = self.item.chars();
        match letters.next() {
            Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
                first.to_lowercase().chain(letters).collect()
            }
            _ => self.item.clone(),
        }
    }

    fn anchor(&self) -> String {
        super::anchor(&self.name)
    }

    fn number(&self, index: &usize) -> usize {
        index + 1
    }

    fn can_add(&self) -> bool {
        self.rows.len() < self.max
    }

    fn can_remove(&self) -> bool {
        self.rows.len() > self.min
    }
}

html_safe!(Repeat);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_say_what_they_do_and_nothing_else_is_taken_for_one() {
        assert_eq!(Action::parse("add:partners"), Some(Action::Add("partners".to_owned())));
        assert_eq!(Action::parse("remove:partners:3"), Some(Action::Remove("partners".to_owned(), 3)));
        for wrong in ["", "next", "add", "remove:partners", "remove:partners:-1", "remove:partners:1:2"] {
            assert_eq!(Action::parse(wrong), None, "{wrong}");
        }
    }
}
