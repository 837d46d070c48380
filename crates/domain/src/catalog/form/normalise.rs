//! Data as it is validated and stored: without hidden fields, empty answers and nulls.

use serde_json::{Map, Value};

use super::{FieldKind, Form};

impl Form {
    /// Drops what counts as "not answered" (null, blank text) and every field whose condition does not
    /// hold. Answers themselves are not altered, not even their Unicode form.
    pub fn normalise(&self, data: &Value) -> Value {
        let Some(object) = data.as_object() else { return data.clone() };
        let mut kept: Map<String, Value> =
            object.iter().filter_map(|(name, value)| Some((name.clone(), self.answer(name, value)?))).collect();
        let visible = Value::Object(kept.clone());
        kept.retain(|name, _| self.fields.get(name).is_none_or(|field| self.is_visible(field, &visible)));
        Value::Object(kept)
    }

    /// One step's answers put into a draft: what the step asks for is replaced, also by nothing; the rest stays.
    pub fn merge(&self, draft: &Value, step: &str, posted: &Value) -> Value {
        let mut merged = draft.as_object().cloned().unwrap_or_default();
        for name in self.step(step).into_iter().flat_map(|step| step.fields.iter()) {
            match posted.get(name) {
                Some(value) => merged.insert(name.clone(), value.clone()),
                None => merged.remove(name),
            };
        }
        Value::Object(merged)
    }

    fn answer(&self, name: &str, value: &Value) -> Option<Value> {
        if is_blank(value) {
            return None;
        }
        match (self.fields.get(name).map(|field| &field.kind), value) {
            (Some(FieldKind::Group(_)), Value::Array(rows)) => Some(rows.iter().map(row).collect()),
            _ => Some(value.clone()),
        }
    }
}

/// A row without its blank answers. A wholly blank row stays: its errors then carry the number that its sender knows.
fn row(row: &Value) -> Value {
    let Some(cells) = row.as_object() else { return row.clone() };
    cells.iter().filter(|(_, value)| !is_blank(value)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
