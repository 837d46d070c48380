//! Answers in words, for the page on which a person checks them and for documents.

use jiff::civil::Date;
use serde_json::Value;

use super::{Field, FieldKind, Form, Group};
use crate::text::{Lang, Text};
use crate::time::date_words;

impl Form {
    /// An answer in words: the name of a choice, a number with its unit, a date as people write it. An invalid answer
    /// that was kept is shown as typed. Rows of a group are separated by line breaks; see [`Group::cells`] for a table.
    pub fn display(&self, field: &Field, value: &Value, lang: Lang) -> String {
        field.display(value, lang)
    }
}

impl Field {
    /// As [`Form::display`]; works for the cells of a group too.
    pub fn display(&self, value: &Value, lang: Lang) -> String {
        match (&self.kind, value) {
            (_, Value::Null) => String::new(),
            (FieldKind::Choice(choices), Value::String(value)) => choices
                .iter()
                .find(|choice| choice.value == *value)
                .map_or_else(|| value.clone(), |choice| choice.label.get(lang).to_owned()),
            (FieldKind::Boolean, Value::Bool(value)) => yes_no(*value, lang).to_owned(),
            (FieldKind::Date, Value::String(value)) => date_shown(value, lang),
            (FieldKind::Group(group), Value::Array(_)) => group
                .cells(value, lang)
                .iter()
                .map(|row| row.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" · "))
                .collect::<Vec<_>>()
                .join("\n"),
            (_, Value::Number(number)) => number_words(self, &number.to_string()).get(lang).to_owned(),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }
}

impl Group {
    /// The rows as words, one list of cells for each row, in the order of [`Group::fields`].
    pub fn cells(&self, value: &Value, lang: Lang) -> Vec<Vec<String>> {
        let rows = value.as_array().into_iter().flatten();
        rows.map(|row| {
            let cell =
                |field: &Field| row.get(&field.name).map_or_else(String::new, |value| field.display(value, lang));
            self.fields.iter().map(cell).collect()
        })
        .collect()
    }
}

fn yes_no(value: bool, lang: Lang) -> &'static str {
    match (value, lang) {
        (true, Lang::Zh) => "是",
        (false, Lang::Zh) => "否",
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
    }
}

/// A date as people write it; what is no date stays as it was typed.
fn date_shown(text: &str, lang: Lang) -> String {
    match text.parse::<Date>() {
        Ok(date) => date_words(date).get(lang).to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// A number with the unit of its field.
pub(super) fn number_words(field: &Field, number: &str) -> Text {
    let number = number.strip_suffix(".0").unwrap_or(number);
    match &field.unit {
        Some(unit) => Text::new(format!("{number} {}", unit.zh), format!("{number} {}", unit.en)),
        None => Text::new(number, number),
    }
}
