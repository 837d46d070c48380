//! Validation of answers: the JSON Schema decides, the sentences are ours.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde::Serialize;
use serde_json::Value;

use super::{Field, FieldKind, Form, Group, Widget, messages};
use crate::text::{Text, hidden_character};

/// Deepest nesting of answers: form, group, row, cell, with one to spare.
const MAX_DEPTH: usize = 5;
/// Most values in the answers to one form.
const MAX_VALUES: usize = 20_000;
/// Most bytes of text in the answers to one form.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Something wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the data: `/staff/1/name`; empty when the whole form is meant.
    pub pointer: String,
    /// The name that the HTML field carries: `staff[1].name`; empty when the whole form is meant.
    pub field: String,
    /// What to do about it.
    pub message: Text,
}

/// An error with its place in the order of the page.
struct Placed {
    order: (usize, usize, usize, usize),
    error: FieldError,
}

impl Form {
    /// Validates answers, of one step or of the whole form. Hidden fields are dropped first, as [`Form::normalise`]
    /// does. Errors come in the order of the page, one for each answer.
    pub fn validate(&self, data: &Value, step: Option<&str>) -> Vec<FieldError> {
        if let Some(error) = too_large(data) {
            return vec![error];
        }
        let data = self.normalise(data);
        let mut placed: Vec<Placed> =
            self.validator.iter_errors(&data).flat_map(|error| self.place(&error, &data)).collect();
        placed.extend(self.hidden(&data));
        placed.sort_by_key(|placed| placed.order);
        let mut errors: Vec<FieldError> = Vec::new();
        for Placed { error, .. } in placed {
            let wanted = step.is_none_or(|step| self.belongs(&error.pointer, step));
            if wanted && errors.iter().all(|seen| seen.pointer != error.pointer) {
                errors.push(error);
            }
        }
        errors
    }

    /// Answers with characters that a person cannot see. They come before what else is wrong with the same answer.
    fn hidden(&self, data: &Value) -> Vec<Placed> {
        let mut found = Vec::new();
        for field in self.fields() {
            let (Some(value), name) = (data.get(&field.name), &field.name) else { continue };
            let FieldKind::Group(group) = &field.kind else {
                if is_hidden(field, value) {
                    let order = (self.order(name), 0, 0, 0);
                    found.push(placed(order, format!("/{name}"), name.clone(), messages::hidden(field)));
                }
                continue;
            };
            for (row, cells) in value.as_array().into_iter().flatten().enumerate() {
                for (at, cell) in group.fields.iter().enumerate() {
                    let wrong = cells.get(&cell.name).is_some_and(|value| is_hidden(cell, value));
                    if wrong {
                        let own = &cell.name;
                        let message = messages::in_row(group, row, messages::hidden(cell));
                        let (pointer, html) = (format!("/{name}/{row}/{own}"), format!("{name}[{row}].{own}"));
                        found.push(placed((self.order(name), row + 1, at, 0), pointer, html, message));
                    }
                }
            }
        }
        found
    }

    fn belongs(&self, pointer: &str, step: &str) -> bool {
        let name = pointer.split('/').nth(1).unwrap_or_default();
        // What is wrong with the whole form, or with a field that no step asks for, belongs to every step.
        self.step_of(name).is_none_or(|owner| owner.id == step)
    }

    fn place(&self, error: &ValidationError<'_>, data: &Value) -> Vec<Placed> {
        let pointer = error.instance_path().to_string();
        let mut tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
        let Some(name) = tokens.next() else { return self.place_root(error) };
        let Some(field) = self.fields.get(&name) else { return vec![unknown(&name)] };
        let order = self.order(&name);
        let FieldKind::Group(group) = &field.kind else {
            let message = messages::invalid(field, error.kind(), error.instance());
            return vec![placed((order, 0, 0, rank(error.kind())), pointer, name, message)];
        };
        let row = tokens.next().and_then(|token| token.parse::<usize>().ok());
        match (row, tokens.next()) {
            (None, _) => {
                let count = data.get(&name).and_then(Value::as_array).map(Vec::len);
                let message =
                    count.map_or_else(|| messages::wrong_type(field), |count| messages::rows(field, group, count));
                vec![placed((order, 0, 0, rank(error.kind())), pointer, name, message)]
            }
            (Some(row), None) => place_row(error, order, group, &name, row),
            (Some(row), Some(cell)) => {
                let Some((at, inner)) = cell_of(group, &cell) else { return vec![unknown(&name)] };
                let message = messages::in_row(group, row, messages::invalid(inner, error.kind(), error.instance()));
                let order = (order, row + 1, at, rank(error.kind()));
                vec![placed(order, pointer, format!("{name}[{row}].{cell}"), message)]
            }
        }
    }

    fn place_root(&self, error: &ValidationError<'_>) -> Vec<Placed> {
        match error.kind() {
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let Some(field) = self.fields.get(name) else { return vec![unknown(name)] };
                let pointer = format!("/{name}");
                vec![placed((self.order(name), 0, 0, 0), pointer, name.to_owned(), messages::missing(field))]
            }
            Kind::AdditionalProperties { unexpected } => unexpected.iter().map(|name| unknown(name)).collect(),
            _ => {
                let message = Text::new("表单数据应为一个对象。", "The form data must be an object.");
                vec![placed((0, 0, 0, 0), String::new(), String::new(), message)]
            }
        }
    }

    fn order(&self, name: &str) -> usize {
        self.fields().position(|field| field.name == name).unwrap_or(usize::MAX)
    }
}

fn is_hidden(field: &Field, value: &Value) -> bool {
    let lines = field.widget == Widget::Textarea;
    value.as_str().is_some_and(|text| hidden_character(text, lines).is_some())
}

fn cell_of<'g>(group: &'g Group, cell: &str) -> Option<(usize, &'g Field)> {
    group.fields.iter().enumerate().find(|(_, field)| field.name == cell)
}

/// Errors of a row as a whole: a missing cell, a cell that does not exist, or something that is no row.
fn place_row(error: &ValidationError<'_>, order: usize, group: &Group, name: &str, row: usize) -> Vec<Placed> {
    match error.kind() {
        Kind::Required { property } => {
            let cell = property.as_str().unwrap_or_default();
            let Some((at, field)) = cell_of(group, cell) else { return vec![unknown(cell)] };
            let message = messages::in_row(group, row, messages::missing(field));
            let (pointer, html) = (format!("/{name}/{row}/{cell}"), format!("{name}[{row}].{cell}"));
            vec![placed((order, row + 1, at, 0), pointer, html, message)]
        }
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|cell| {
                let message = messages::in_row(group, row, unknown_words(cell));
                let (pointer, html) = (format!("/{name}/{row}/{cell}"), format!("{name}[{row}].{cell}"));
                placed((order, row + 1, usize::MAX, 0), pointer, html, message)
            })
            .collect(),
        _ => {
            let message =
                messages::in_row(group, row, Text::new("这一行应为一个对象。", "This row must be an object."));
            vec![placed((order, row + 1, 0, 0), format!("/{name}/{row}"), format!("{name}[{row}]"), message)]
        }
    }
}

/// Which of several errors of one answer is told: what it is comes before how long it is, and that before its form.
fn rank(kind: &Kind) -> usize {
    match kind {
        Kind::Required { .. } => 0,
        Kind::Type { .. } => 1,
        Kind::Enum { .. } => 2,
        Kind::Format { .. } => 3,
        Kind::MinLength { .. } | Kind::MaxLength { .. } => 4,
        _ => 5,
    }
}

fn placed(order: (usize, usize, usize, usize), pointer: String, field: String, message: Text) -> Placed {
    Placed { order, error: FieldError { pointer, field, message } }
}

fn unknown_words(name: &str) -> Text {
    let short: String = name.chars().take(60).collect();
    Text::new(format!("没有“{short}”这一项，请删去。"), format!("There is no field “{short}”; remove it."))
}

fn unknown(name: &str) -> Placed {
    let pointer = format!("/{}", crate::catalog::source::token(name));
    placed((usize::MAX, 0, 0, 0), pointer, name.to_owned(), unknown_words(name))
}

fn too_large(data: &Value) -> Option<FieldError> {
    let mut budget = (MAX_VALUES, MAX_TEXT_BYTES);
    let fits = measure(data, 1, &mut budget);
    (!fits).then(|| FieldError {
        pointer: String::new(),
        field: String::new(),
        message: Text::new(
            "填写的内容过多，请精简后再提交。",
            "There is too much in this form; shorten it and try again.",
        ),
    })
}

fn measure(value: &Value, depth: usize, budget: &mut (usize, usize)) -> bool {
    let mut take = |bytes: usize| match (budget.0.checked_sub(1), budget.1.checked_sub(bytes)) {
        (Some(values), Some(bytes)) => {
            *budget = (values, bytes);
            true
        }
        _ => false,
    };
    if depth > MAX_DEPTH {
        return false;
    }
    match value {
        Value::String(text) => take(text.len()),
        Value::Array(items) => take(0) && items.iter().all(|item| measure(item, depth + 1, budget)),
        Value::Object(object) => {
            take(0) && object.iter().all(|(key, item)| key.len() < 200 && measure(item, depth + 1, budget))
        }
        _ => take(0),
    }
}
