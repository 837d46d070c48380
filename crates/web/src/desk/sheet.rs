//! All questions of a form on one page, for the window where a clerk types what the applicant says.

use domain::catalog::{Field as Question, FieldError, FieldKind, Form, Group, Widget};
use serde_json::Value;

use crate::i18n::T;
use crate::kit::{Choice, Field, Html, Repeat};

/// More options than this fold into a list.
const FEW: usize = 6;

/// What the questions are drawn from.
pub(super) struct Sheet<'a> {
    /// Words.
    pub t: T,
    /// The form.
    pub form: &'a Form,
    /// Answers so far; may hold text that was typed and is not valid.
    pub data: &'a Value,
    /// What is wrong.
    pub errors: &'a [FieldError],
    /// The group that gets one more row.
    pub more: &'a str,
}

/// One topic.
pub(super) struct Topic {
    /// Heading.
    pub title: String,
    /// Its visible questions.
    pub asked: Vec<Html>,
}

impl Sheet<'_> {
    /// Every step with a visible question.
    pub(super) fn topics(&self) -> Vec<Topic> {
        let steps = self.form.steps().iter().map(|step| Topic {
            title: self.t.of(&step.title).to_owned(),
            asked: self
                .form
                .visible_fields(Some(&step.id), self.data)
                .into_iter()
                .map(|question| self.draw(question))
                .collect(),
        });
        steps.filter(|topic| !topic.asked.is_empty()).collect()
    }

    fn error(&self, name: &str) -> String {
        let found = self.errors.iter().find(|error| error.field == name);
        found.map_or_else(String::new, |error| self.t.of(&error.message).to_owned())
    }

    fn draw(&self, question: &Question) -> Html {
        let value = self.data.get(&question.name);
        match &question.kind {
            FieldKind::Group(group) => Html::of(&self.group(question, group, value)),
            _ => Html::of(&self.one(question, &question.name, value)),
        }
    }

    fn group(&self, question: &Question, group: &Group, value: Option<&Value>) -> Repeat {
        let t = self.t;
        let rows: &[Value] = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let more = usize::from(self.more == question.name);
        let count = (rows.len() + more).max(group.min_items).min(group.max_items.max(rows.len()));
        let mut repeat = Repeat::new(t, question.name.as_str(), t.of(&question.label), t.of(&group.item))
            .limits(group.min_items, group.max_items)
            .hint(question.help.as_ref().map_or("", |help| t.of(help)))
            .error(self.error(&question.name));
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
        let label = t.of(&question.label);
        let mut field = match &question.kind {
            FieldKind::Choice(options) => {
                let few = options.len() <= FEW && question.widget != Widget::Select;
                let choices = options.iter().map(|own| Choice::new(own.value.as_str(), t.of(&own.label))).collect();
                if few { Field::radio(t, name, label, choices) } else { Field::select(t, name, label, choices) }
            }
            FieldKind::Boolean => {
                let choices = vec![Choice::new("true", t.cases_yes()), Choice::new("false", t.cases_no())];
                Field::radio(t, name, label, choices)
            }
            FieldKind::Phone => Field::phone(t, name, label).autocomplete("off"),
            // Dates as text: clerks type 20260301 faster than a picker opens, and the form reads every usual way.
            FieldKind::Date => Field::text(t, name, label).width("m"),
            FieldKind::Uscc | FieldKind::CitizenId => Field::text(t, name, label).width("m").max_length(40),
            FieldKind::Integer => Field::text(t, name, label).input_mode("numeric").width("s"),
            FieldKind::Number => Field::text(t, name, label).input_mode("decimal").width("s"),
            FieldKind::Text if question.widget == Widget::Textarea => Field::textarea(t, name, label).rows(3),
            FieldKind::Text | FieldKind::Group(_) => Field::text(t, name, label),
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
        let typed = match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        field.value(typed).error(self.error(name))
    }
}
