//! The questions of a form, drawn with the kit: one control for each field of the schema. The wizard draws a step, a
//! window draws all of them.

use std::collections::BTreeMap;

use domain::catalog::{Field as Question, FieldError, FieldKind, Form, Group, Prefill, Widget};
use jiff::civil::Date;
use serde_json::Value;

use super::known::source_of;
use crate::i18n::T;
use crate::kit::{Choice, ErrorSummary, Field, Html, Repeat};

/// More options than this fold into a list unless the author says otherwise.
const FEW: usize = 6;

/// What questions are drawn from.
pub(crate) struct Sheet<'a> {
    /// Words.
    pub t: T,
    /// The form.
    pub form: &'a Form,
    /// Answers so far; may hold text that was typed and is not valid yet.
    pub data: &'a Value,
    /// First values with their sources.
    pub prefill: &'a BTreeMap<String, Prefill>,
    /// What is wrong.
    pub errors: &'a [FieldError],
    /// The repeating group that gets one more empty row.
    pub more: &'a str,
    /// A clerk types what somebody else says: days are typed, because 20260301 is quicker than a picker, and the browser
    /// offers nothing of its own.
    pub at_window: bool,
}

/// A question with its name, for the page's own markup around it.
pub(crate) struct Asked {
    /// Name of the field.
    pub name: String,
    /// The control.
    pub html: Html,
}

/// One topic of a form with its visible questions.
pub(crate) struct Topic {
    /// Heading.
    pub title: String,
    /// Its visible questions.
    pub asked: Vec<Asked>,
}

impl Sheet<'_> {
    /// Every step with a visible question.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        let steps = self.form.steps().iter();
        let topics = steps.map(|step| Topic { title: self.t.of(&step.title).to_owned(), asked: self.step(&step.id) });
        topics.filter(|topic| !topic.asked.is_empty()).collect()
    }

    /// The visible questions of one step, in order.
    pub(crate) fn step(&self, step: &str) -> Vec<Asked> {
        let visible = self.form.visible_fields(Some(step), self.data);
        visible.into_iter().map(|question| Asked { name: question.name.clone(), html: self.draw(question) }).collect()
    }

    /// Names in the step on which other questions of the step depend: changing one draws the page anew.
    pub(super) fn controls(&self, step: &str) -> String {
        let fields = self.form.step(step).map(|step| step.fields.as_slice()).unwrap_or_default();
        let mut names: Vec<&str> = fields
            .iter()
            .filter_map(|name| Some(self.form.field(name)?.when.as_ref()?.field.as_str()))
            .filter(|name| fields.iter().any(|own| own == name))
            .collect();
        names.dedup();
        names.join(" ")
    }

    /// The summary above the form.
    pub(crate) fn summary(&self) -> ErrorSummary {
        let mut summary = ErrorSummary::new(self.t);
        for error in self.errors {
            let message = self.t.of(&error.message);
            if error.field.is_empty() {
                summary.push_general(message);
            } else {
                summary.push(&error.field, message);
            }
        }
        summary
    }

    fn error(&self, name: &str) -> String {
        let found = self.errors.iter().find(|error| error.field == name);
        found.map_or_else(String::new, |error| self.t.of(&error.message).to_owned())
    }

    fn draw(&self, question: &Question) -> Html {
        let value = self.data.get(&question.name);
        match &question.kind {
            FieldKind::Group(group) => Html::of(&self.group(question, group, value)),
            _ => {
                let mut field = self.one(question, &question.name, value);
                if let Some(known) = source_of(self.prefill, self.data, &question.name) {
                    field = field.source(self.t.of(&known.source));
                }
                Html::of(&field)
            }
        }
    }

    fn group(&self, question: &Question, group: &Group, value: Option<&Value>) -> Repeat {
        let t = self.t;
        let rows: &[Value] = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let more = usize::from(self.more == question.name);
        let count = (rows.len() + more).max(group.min_items).min(group.max_items.max(rows.len()));
        let mut repeat = Repeat::new(t, question.name.as_str(), t.of(&question.label), t.of(&group.item))
            .limits(group.min_items, group.max_items)
            .error(self.error(&question.name));
        if let Some(help) = &question.help {
            repeat = repeat.hint(t.of(help));
        }
        for at in 0..count {
            let cells = group.fields.iter().map(|cell| {
                let name = format!("{}[{at}].{}", question.name, cell.name);
                self.one(cell, &name, rows.get(at).and_then(|row| row.get(&cell.name)))
            });
            repeat = repeat.row(cells.collect());
        }
        repeat
    }

    fn one(&self, question: &Question, name: &str, value: Option<&Value>) -> Field {
        let t = self.t;
        let typed = value.map_or_else(String::new, raw);
        let label = t.of(&question.label);
        let mut field = match &question.kind {
            FieldKind::Choice(options) => choice(t, question, name, label, options),
            FieldKind::Boolean => Field::radio(
                t,
                name,
                label,
                vec![Choice::new("true", t.cases_yes()), Choice::new("false", t.cases_no())],
            ),
            // A browser's own day picker would drop a text that is no day; then a plain field keeps what was typed.
            FieldKind::Date if !self.at_window && (typed.is_empty() || typed.parse::<Date>().is_ok()) => {
                Field::date(t, name, label)
            }
            FieldKind::Date => Field::text(t, name, label).width("m"),
            FieldKind::Phone if self.at_window => Field::phone(t, name, label).autocomplete("off"),
            FieldKind::Phone => Field::phone(t, name, label),
            FieldKind::Uscc => Field::text(t, name, label).width("m").max_length(40),
            FieldKind::CitizenId => Field::text(t, name, label).width("m").max_length(40),
            // Not type=number: it swallows 1,200 and 68 平方米, which the form reads.
            FieldKind::Integer => Field::text(t, name, label).input_mode("numeric").width("s"),
            FieldKind::Number => Field::text(t, name, label).input_mode("decimal").width("s"),
            FieldKind::Text if question.widget == Widget::Textarea => Field::textarea(t, name, label),
            FieldKind::Text | FieldKind::Group(_) => {
                let field = Field::text(t, name, label);
                if question.constraints.max_length.is_some_and(|most| most <= 20) { field.width("m") } else { field }
            }
        };
        if let Some(help) = &question.help {
            field = field.hint(t.of(help));
        }
        if let Some(unit) = &question.unit {
            field = field.unit(t.of(unit));
        }
        if !question.required {
            field = field.optional();
        }
        field.value(typed).error(self.error(name))
    }
}

fn choice(t: T, question: &Question, name: &str, label: &str, options: &[domain::catalog::Choice]) -> Field {
    let choices: Vec<Choice> =
        options.iter().map(|option| Choice::new(option.value.as_str(), t.of(&option.label))).collect();
    let few = options.len() <= FEW;
    match question.widget {
        Widget::Radio => Field::radio(t, name, label, choices),
        Widget::Select => Field::select(t, name, label, choices),
        _ if few => Field::radio(t, name, label, choices),
        _ => Field::select(t, name, label, choices),
    }
}

/// An answer as it stands in a control.
fn raw(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Errors of reading a post, then those of the rules, one for each answer: what could not be read comes first.
pub(crate) fn joined(read: Vec<FieldError>, rules: Vec<FieldError>) -> Vec<FieldError> {
    let mut all = read;
    for error in rules {
        if all.iter().all(|seen| seen.pointer != error.pointer) {
            all.push(error);
        }
    }
    all
}

/// Pairs of a post without one row of a repeating group.
pub(crate) fn without_row(pairs: Vec<(String, String)>, group: &str, row: usize) -> Vec<(String, String)> {
    let prefix = format!("{group}[{row}].");
    pairs.into_iter().filter(|(name, _)| !name.starts_with(&prefix)).collect()
}
