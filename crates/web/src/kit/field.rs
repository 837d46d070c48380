//! Form fields.

use super::{Icon, anchor, html_safe};
use crate::i18n::T;
use askama::Template;

/// One option of a select, radio or checkbox field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// Words.
    pub label: String,
    /// A line that explains it; empty shows nothing.
    pub hint: String,
}

impl Choice {
    /// An option without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = hint.into();
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    Input(&'static str),
    Select,
    Radio,
    Checkboxes,
    Tick,
    Textarea,
}

/// One question of a form: label, hint, the source of a prefilled value, error, control, unit.
///
/// ```text
/// Field::number(t, "area", "经营面积").hint("按不动产权证填写").unit("平方米").value("86")
/// Field::radio(t, "pledge", "怎么办", vec![Choice::new("yes", "签承诺书，当场拿证")]).error("请选一项")
/// ```
#[derive(Debug, Clone, Template)]
#[template(path = "kit/field.html")]
pub struct Field {
    t: T,
    name: String,
    id: String,
    label: String,
    control: Control,
    choices: Vec<Choice>,
    values: Vec<String>,
    hint: String,
    unit: String,
    error: String,
    source: String,
    optional: bool,
    locked: bool,
    width: &'static str,
    input_mode: &'static str,
    autocomplete: &'static str,
    max_length: Option<usize>,
    min: String,
    max: String,
    step: String,
    rows: usize,
    big: bool,
}

impl Field {
    fn new(t: T, name: impl Into<String>, label: impl Into<String>, control: Control) -> Field {
        let name = name.into();
        Field {
            t,
            id: anchor(&name),
            name,
            label: label.into(),
            control,
            choices: Vec::new(),
            values: Vec::new(),
            hint: String::new(),
            unit: String::new(),
            error: String::new(),
            source: String::new(),
            optional: false,
            locked: false,
            width: "",
            input_mode: "",
            autocomplete: "",
            max_length: None,
            min: String::new(),
            max: String::new(),
            step: String::new(),
            rows: 4,
            big: false,
        }
    }

    /// One line of text.
    pub fn text(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(t, name, label, Control::Input("text"))
    }

    /// A password.
    pub fn password(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(t, name, label, Control::Input("password"))
    }

    /// A number. Sent as typed; `step("any")` allows fractions.
    pub fn number(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        let mut field = Field::new(t, name, label, Control::Input("number"));
        field.input_mode = "decimal";
        field.step = "any".to_owned();
        field.width("s")
    }

    /// A telephone number.
    pub fn phone(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        let mut field = Field::new(t, name, label, Control::Input("tel"));
        field.autocomplete = "tel";
        field.width("m")
    }

    /// A legal day, sent as `2026-11-22`.
    pub fn date(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(t, name, label, Control::Input("date")).width("m")
    }

    /// One of many, folded.
    pub fn select(t: T, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        let mut field = Field::new(t, name, label, Control::Select);
        field.choices = choices;
        field
    }

    /// One of a few, all in sight.
    pub fn radio(t: T, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        let mut field = Field::new(t, name, label, Control::Radio);
        field.choices = choices;
        field
    }

    /// Any of a few; the name is sent once for each.
    pub fn checkboxes(t: T, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        let mut field = Field::new(t, name, label, Control::Checkboxes);
        field.choices = choices;
        field
    }

    /// One box to tick, sent as `true`.
    pub fn tick(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(t, name, label, Control::Tick)
    }

    /// Several lines of text.
    pub fn textarea(t: T, name: impl Into<String>, label: impl Into<String>) -> Field {
        Field::new(t, name, label, Control::Textarea)
    }

    /// Whether there is anything to choose.
    pub fn is_offered(&self) -> bool {
        !self.choices.is_empty()
    }

    /// What it holds now. For checkboxes call once per ticked value.
    pub fn value(mut self, value: impl Into<String>) -> Field {
        let value = value.into();
        if !value.is_empty() {
            self.values.push(value);
        }
        self
    }

    /// One line under the label: how to answer, an example.
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    /// Unit after the control: `平方米`.
    pub fn unit(mut self, unit: impl Into<String>) -> Field {
        self.unit = unit.into();
        self
    }

    /// What is wrong; empty = nothing.
    pub fn error(mut self, error: impl Into<String>) -> Field {
        self.error = error.into();
        self
    }

    /// Where a prefilled value comes from: `市场主体登记库`.
    pub fn source(mut self, source: impl Into<String>) -> Field {
        self.source = source.into();
        self
    }

    /// May stay empty; the label says so.
    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    /// Shown and sent, but not to be changed here (`readonly`; choices are disabled except the chosen one).
    pub fn locked(mut self) -> Field {
        self.locked = true;
        self
    }

    /// The label is the question of the page (`<h1>` size).
    pub fn big(mut self) -> Field {
        self.big = true;
        self
    }

    /// Width of the control as a hint to the length of the answer: `xs` 6, `s` 10, `m` 16, `l` 26 characters; empty = full.
    pub fn width(mut self, width: &'static str) -> Field {
        self.width = width;
        self
    }

    /// `inputmode`: `numeric` for codes.
    pub fn input_mode(mut self, mode: &'static str) -> Field {
        self.input_mode = mode;
        self
    }

    /// `autocomplete` token: `name`, `street-address`, `one-time-code` (WCAG 1.3.5).
    pub fn autocomplete(mut self, token: &'static str) -> Field {
        self.autocomplete = token;
        self
    }

    /// Longest answer, in characters.
    pub fn max_length(mut self, characters: usize) -> Field {
        self.max_length = Some(characters);
        self
    }

    /// Least and greatest number or day; empty = none.
    pub fn range(mut self, min: impl Into<String>, max: impl Into<String>) -> Field {
        self.min = min.into();
        self.max = max.into();
        self
    }

    /// Step of a number: `1` for whole numbers.
    pub fn step(mut self, step: impl Into<String>) -> Field {
        self.step = step.into();
        self
    }

    /// Height of a textarea in lines.
    pub fn rows(mut self, rows: usize) -> Field {
        self.rows = rows;
        self
    }

    /// `id` of the control.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radio | Control::Checkboxes)
    }

    fn single(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|held| held == value)
    }

    /// The first option carries the field's own id, so that links from the error summary land on it.
    fn choice_id(&self, index: &usize) -> String {
        if *index == 0 { self.id.clone() } else { format!("{}-{index}", self.id) }
    }

    fn described_by(&self) -> String {
        let parts = [(&self.hint, "hint"), (&self.source, "source"), (&self.error, "error")];
        let ids: Vec<_> =
            parts.iter().filter(|(text, _)| !text.is_empty()).map(|(_, part)| format!("{}-{part}", self.id)).collect();
        ids.join(" ")
    }
}

html_safe!(Field);
