//! Forms 表单: one JSON Schema per matter, compiled into steps and typed fields.
//!
//! The schema is the only definition of what is asked: the pages, the validation, the API and the sample all read it.
//! Repeating groups are arrays of flat objects; conditional fields carry `x-when` and a matching `if`/`then`.

mod compile;
mod conditions;
mod display;
mod formats;
mod messages;
mod normalise;
mod post;
mod prefill;
mod validate;

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::Validator;
use serde::Serialize;
use serde_json::{Number, Value};

use super::matter::When;
use super::refs::Ref;
use crate::text::Text;

pub(crate) use conditions::unknown_value;
pub use post::{MAX_PAIRS, MAX_VALUE_CHARS};
pub use prefill::Prefill;
pub use validate::FieldError;

/// Rows that a repeating group may have when its schema sets no `maxItems`.
pub const MAX_ROWS: usize = 500;

/// A compiled form.
#[derive(Debug, Clone)]
pub struct Form {
    steps: Vec<Step>,
    fields: BTreeMap<String, Field>,
    schema: Value,
    validator: Arc<Validator>,
}

/// One page of the form: one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Name in addresses: `premises`.
    pub id: String,
    /// Heading of the page.
    pub title: Text,
    /// Names of its fields, in order.
    pub fields: Vec<String>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Name in the data and in the HTML form: `area`.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: FieldKind,
    /// The question or label.
    pub label: Text,
    /// A hint below the label.
    pub help: Option<Text>,
    /// Unit of a number: 平方米.
    pub unit: Option<Text>,
    /// Where a first value comes from.
    pub prefill: Option<Ref>,
    /// Shown only when this holds.
    pub when: Option<When>,
    /// How it is drawn.
    pub widget: Widget,
    /// Must be answered whenever it is shown.
    pub required: bool,
    /// Limits of the answer.
    pub constraints: Constraints,
}

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Free text.
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// 统一社会信用代码.
    Uscc,
    /// 居民身份证号.
    CitizenId,
    /// Mobile or fixed telephone number of the mainland.
    Phone,
    /// One of a list.
    Choice(Vec<Choice>),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// Rows of flat objects.
    Group(Group),
}

/// One option of a [`FieldKind::Choice`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The stored value.
    pub value: String,
    /// Its words.
    pub label: Text,
}

/// A repeating group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// What one row is: 从业人员.
    pub item: Text,
    /// Fields of a row, in the order in which the author wrote them. None of them is a group or conditional.
    pub fields: Vec<Field>,
    /// Fewest rows.
    pub min_items: usize,
    /// Most rows.
    pub max_items: usize,
}

/// How a field is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Widget {
    /// One line.
    Input,
    /// Several lines.
    Textarea,
    /// Radio buttons.
    Radio,
    /// A drop-down list.
    Select,
    /// Rows that can be added and removed.
    Group,
}

/// Limits of an answer, as the schema states them. Lengths count characters.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Constraints {
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// Regular expression (ECMA 262) the text must match.
    pub pattern: Option<String>,
    /// Smallest number.
    pub minimum: Option<Number>,
    /// Largest number.
    pub maximum: Option<Number>,
    /// The number must be larger than this.
    pub exclusive_minimum: Option<Number>,
    /// The number must be smaller than this.
    pub exclusive_maximum: Option<Number>,
    /// The number must be a multiple of this.
    pub multiple_of: Option<Number>,
}

impl Form {
    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// One step.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// One top-level field.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    /// All top-level fields, in the order of the steps.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| step.fields.iter()).filter_map(|name| self.fields.get(name))
    }

    /// The step that asks for a field.
    pub fn step_of(&self, field: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.fields.iter().any(|name| name == field))
    }

    /// The JSON Schema itself, for the API.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// Fields of one step that `data` makes visible; all steps when `step` is `None`.
    pub fn visible_fields(&self, step: Option<&str>, data: &Value) -> Vec<&Field> {
        let steps = self.steps.iter().filter(|candidate| step.is_none_or(|id| candidate.id == id));
        let names = steps.flat_map(|candidate| candidate.fields.iter());
        names.filter_map(|name| self.fields.get(name)).filter(|field| self.is_visible(field, data)).collect()
    }

    /// Whether `data` makes a field visible: its condition holds and so does that of the field it depends on.
    pub fn is_visible(&self, field: &Field, data: &Value) -> bool {
        let mut when = field.when.as_ref();
        // A chain cannot be longer than the form; the bound also ends a circle, which the compiler refuses anyway.
        for _ in 0..=self.fields.len() {
            let Some(condition) = when else { return true };
            if !condition.holds(data) {
                return false;
            }
            when = self.fields.get(&condition.field).and_then(|field| field.when.as_ref());
        }
        false
    }
}

impl When {
    /// Whether the condition holds for the data of a form. An unanswered field satisfies no condition.
    pub fn holds(&self, data: &Value) -> bool {
        data.get(&self.field).is_some_and(|value| self.any_of.contains(value))
    }
}
