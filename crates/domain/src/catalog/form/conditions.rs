//! `x-when` draws the page, `if`/`then` makes the answer compulsory: both must say the same, or a person is asked for
//! something the page never showed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Field;
use super::compile::strings;
use crate::catalog::finding::Finding;
use crate::catalog::matter::When;
use crate::catalog::source::{Source, token};
use crate::text::Text;

/// Which field requires another one, and for which of its values.
type Requirements = BTreeMap<String, BTreeMap<String, Vec<Value>>>;

pub(super) fn check(source: &Source<'_>, fields: &BTreeMap<String, Field>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let requirements = requirements(source, fields, &mut findings);
    let always = strings(source.value.get("required"));
    for field in fields.values() {
        let pointer = format!("/properties/{}", token(&field.name));
        match &field.when {
            Some(when) => {
                condition(source, fields, field, when, &mut findings);
                if always.contains(&field.name) {
                    let message = Text::new(
                        format!("“{}”有显示条件，却在根部 required 中。", field.name),
                        format!("“{}” is conditional but stands in the root's required.", field.name),
                    );
                    let fix = Text::new("请移到 allOf 的 if/then 中。", "Move it into an if/then of allOf.");
                    findings.push(source.error(&pointer, "form-when", message, fix));
                }
                agreement(source, field, when, &requirements, &mut findings);
            }
            None if requirements.contains_key(&field.name) => {
                let message = Text::new(
                    format!("“{}”由 if/then 要求，却没有 x-when。", field.name),
                    format!("“{}” is required by an if/then but has no x-when.", field.name),
                );
                let fix = Text::new("请补上相同条件的 x-when。", "Add an x-when with the same condition.");
                findings.push(source.error(&pointer, "form-when", message, fix));
            }
            None => {}
        }
    }
    findings
}

/// The field and the values that a condition names must exist, and conditions must not go round in a circle.
fn condition(
    source: &Source<'_>,
    fields: &BTreeMap<String, Field>,
    field: &Field,
    when: &When,
    findings: &mut Vec<Finding>,
) {
    let pointer = format!("/properties/{}/x-when", token(&field.name));
    let problem = match fields.get(&when.field) {
        None => Some(Text::new(
            format!("条件中的字段“{}”不存在。", when.field),
            format!("The condition names an unknown field “{}”.", when.field),
        )),
        Some(_) if circular(fields, field) => {
            Some(Text::new("显示条件互相依赖，成了循环。", "These conditions depend on each other in a circle."))
        }
        Some(other) => unknown_value(other, when),
    };
    if let Some(message) = problem {
        let fix = Text::new("请改正条件中的字段或取值。", "Correct the field or the values of the condition.");
        findings.push(source.error(&pointer, "form-when", message, fix));
    }
}

/// A sentence when a condition names a value that its field can never have.
pub(crate) fn unknown_value(field: &Field, when: &When) -> Option<Text> {
    use super::FieldKind::{Boolean, Choice, Date, Group, Integer, Number};
    let fits = |value: &Value| match &field.kind {
        Choice(choices) => choices.iter().any(|choice| Some(choice.value.as_str()) == value.as_str()),
        Boolean => value.is_boolean(),
        Integer => value.is_i64() || value.is_u64(),
        Number => value.is_number(),
        Group(_) | Date => false,
        _ => value.is_string(),
    };
    if when.any_of.is_empty() {
        return Some(Text::new("条件的 any_of 是空的。", "The any_of of this condition is empty."));
    }
    let value = when.any_of.iter().find(|value| !fits(value))?;
    Some(Text::new(
        format!("条件取值 {value} 不是“{}”可能的答案。", field.name),
        format!("The value {value} is no possible answer to “{}”.", field.name),
    ))
}

fn circular(fields: &BTreeMap<String, Field>, field: &Field) -> bool {
    let mut next = field.when.as_ref();
    for _ in 0..=fields.len() {
        let Some(when) = next else { return false };
        next = fields.get(&when.field).and_then(|field| field.when.as_ref());
    }
    true
}

fn agreement(
    source: &Source<'_>,
    field: &Field,
    when: &When,
    requirements: &Requirements,
    findings: &mut Vec<Finding>,
) {
    let pointer = format!("/properties/{}", token(&field.name));
    let Some(required) = requirements.get(&field.name) else {
        if field.required {
            let message = Text::new(
                format!("“{}”有 x-when，但没有 if/then 使它在显示时必填。", field.name),
                format!("“{}” has an x-when but no if/then that requires it when shown.", field.name),
            );
            let fix = Text::new(
                "请在 allOf 中补上 if/then；确属选填的，加 \"x-optional\": true。",
                "Add the if/then to allOf, or \"x-optional\": true if it may stay empty.",
            );
            findings.push(source.error(&pointer, "form-when", message, fix));
        }
        return;
    };
    let same = required.len() == 1
        && required.get(&when.field).is_some_and(|values| {
            values.iter().all(|value| when.any_of.contains(value))
                && when.any_of.iter().all(|value| values.contains(value))
        });
    if !same {
        let message = Text::new(
            format!("“{}”的 x-when 与 if/then 不一致。", field.name),
            format!("The x-when and the if/then of “{}” disagree.", field.name),
        );
        let fix = Text::new("请使两处的字段和取值完全相同。", "Give both the same field and the same values.");
        findings.push(source.error(&pointer, "form-when", message, fix));
    }
}

/// Reads `allOf`: each entry is `{if: {properties: {f: {const|enum}}, required: [f]}, then: {required: […]}}`.
fn requirements(source: &Source<'_>, fields: &BTreeMap<String, Field>, findings: &mut Vec<Finding>) -> Requirements {
    let mut requirements = Requirements::new();
    let entries = source.value.get("allOf").and_then(Value::as_array);
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        let Some((field, values, required)) = requirement(entry) else {
            let message = Text::new("看不懂的 allOf 条件。", "This entry of allOf is not understood.");
            let fix = Text::new(
                "请写成 {\"if\":{\"properties\":{字段:{\"enum\":[…]}},\"required\":[字段]},\"then\":{\"required\":[…]}}。",
                "Write {\"if\":{\"properties\":{f:{\"enum\":[…]}},\"required\":[f]},\"then\":{\"required\":[…]}}.",
            );
            findings.push(source.error(&format!("/allOf/{index}"), "form-when", message, fix));
            continue;
        };
        for name in required {
            if !fields.contains_key(&name) {
                let message =
                    Text::new(format!("字段“{name}”没有定义。"), format!("The field “{name}” is not defined."));
                let fix = Text::new("请改正字段名。", "Correct the name.");
                findings.push(source.error(&format!("/allOf/{index}/then"), "form-unknown-field", message, fix));
            }
            requirements.entry(name).or_default().entry(field.clone()).or_default().extend(values.iter().cloned());
        }
    }
    requirements
}

fn requirement(entry: &Value) -> Option<(String, Vec<Value>, Vec<String>)> {
    let condition = entry.get("if")?.as_object()?;
    let properties = condition.get("properties")?.as_object()?;
    let (field, test) = properties.iter().next().filter(|_| properties.len() == 1)?;
    let values = match (test.get("const"), test.get("enum")) {
        (Some(value), None) => vec![value.clone()],
        (None, Some(Value::Array(values))) => values.clone(),
        _ => return None,
    };
    // Without `required`, an absent field satisfies the `if` and everything behind it becomes compulsory.
    if strings(condition.get("required")) != [field.as_str()] || condition.len() != 2 || test.as_object()?.len() != 1 {
        return None;
    }
    let then = entry.get("then")?.as_object()?;
    let required = strings(then.get("required"));
    (then.len() == 1 && !required.is_empty() && entry.as_object()?.len() == 2)
        .then(|| (field.clone(), values, required))
}
