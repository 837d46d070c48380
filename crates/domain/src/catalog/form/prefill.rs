//! First values of a form from what the government already knows, each with its source named.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Field, FieldKind, Form};
use crate::catalog::refs::{Ref, RefContext};
use crate::text::Text;

/// A value that a page offers for a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefill {
    /// The value, of the type its field wants.
    pub value: Value,
    /// Where it comes from: 市场主体登记库.
    pub source: Text,
}

impl Form {
    /// References that prefilling needs; see [`crate::catalog::required_registers`].
    pub fn prefill_refs(&self) -> Vec<&Ref> {
        self.fields().filter_map(|field| field.prefill.as_ref()).collect()
    }

    /// Known values by field name. A value that does not fit its field is left out, so a person is never shown a
    /// suggestion that the form would then reject.
    pub fn prefill(&self, context: &RefContext) -> BTreeMap<String, Prefill> {
        let known = self.fields().filter_map(|field| {
            let reference = field.prefill.as_ref()?;
            let value = fit(field, reference.resolve(context)?)?;
            let alone = serde_json::json!({ &field.name: value });
            let pointer = format!("/{}", field.name);
            let fits = self.validator.iter_errors(&alone).all(|error| error.instance_path().to_string() != pointer);
            fits.then(|| (field.name.clone(), Prefill { value, source: reference.source_name() }))
        });
        known.collect()
    }
}

fn fit(field: &Field, value: Value) -> Option<Value> {
    match (&field.kind, &value) {
        (FieldKind::Integer | FieldKind::Number, Value::Number(_)) | (FieldKind::Boolean, Value::Bool(_)) => {
            Some(value)
        }
        (FieldKind::Integer | FieldKind::Number | FieldKind::Boolean | FieldKind::Group(_), _) => None,
        (_, Value::String(_)) => Some(value),
        // Lists of phrases, like a scope of business, become one text.
        (FieldKind::Text, Value::Array(items)) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            words.map(|words| words.join("；").into())
        }
        (FieldKind::Text, Value::Number(number)) => Some(number.to_string().into()),
        _ => None,
    }
}
