//! The words on the face of a licence, from the case and from the registers.

use std::collections::BTreeMap;

use domain::cases::Case;
use domain::catalog::{Party, Ref, RefContext, required_registers};
use domain::registry::Answer;
use domain::text::Lang;
use jiff::civil::Date;
use serde_json::Value;

use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;
use crate::registry::{self, Answers};

/// Resolves references to printed Chinese words; what is unknown stays empty and is left off the face.
pub(crate) async fn resolve(
    city: &City,
    case: &Case,
    published: &Published,
    references: &[&Ref],
    validity: (Date, Option<Date>),
) -> Result<Vec<String>, ServiceError> {
    let context = context(city, case, references, validity).await?;
    Ok(references.iter().map(|reference| word(published, reference, &context)).collect())
}

async fn context(
    city: &City,
    case: &Case,
    references: &[&Ref],
    validity: (Date, Option<Date>),
) -> Result<RefContext, ServiceError> {
    let names = required_registers(references.iter().copied());
    let wanted: Vec<(String, String)> = names.iter().map(|name| (name.clone(), case.applicant.code.clone())).collect();
    let mut answers = Answers::default();
    registry::ask(city, &wanted, &mut answers).await?;
    let mut registers = BTreeMap::new();
    for name in names {
        if let Answer::Found(doc) = answers.get(&name, &case.applicant.code) {
            registers.insert(name, doc.clone());
        }
    }
    Ok(RefContext {
        applicant: party(&case.applicant),
        agent: case.agent.as_ref().map(party),
        form: case.application.form.clone(),
        registers,
        today: validity.0,
        decision: Some(validity),
        licence_number: None,
    })
}

/// A party as references see it.
pub(crate) fn party(party: &domain::accounts::Party) -> Party {
    Party { name: party.name.clone(), code: party.code.clone(), kind: party.kind, phone: None }
}

fn word(published: &Published, reference: &Ref, context: &RefContext) -> String {
    let Some(value) = reference.resolve(context) else { return String::new() };
    match reference {
        Ref::Form(field) => match published.bundle.form.field(field) {
            Some(field) => field.display(&value, Lang::Zh),
            None => plain(&value),
        },
        _ => plain(&value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => match text.parse::<Date>() {
            Ok(day) => format!("{}年{:02}月{:02}日", day.year(), day.month(), day.day()),
            Err(_) => text.clone(),
        },
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("；"),
        Value::Bool(true) => "是".into(),
        Value::Bool(false) => "否".into(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
