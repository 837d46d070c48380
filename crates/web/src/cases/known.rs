//! What the registers know about an applicant: first values of a form, and the sample made one's own.

use std::collections::BTreeMap;

use domain::accounts::Party;
use domain::catalog::{self, MatterBundle, Prefill, RefContext, required_registers};
use domain::registry::Answer;
use serde_json::{Map, Value};
use service::{City, ServiceError, registry};

/// Asks the registers that the form's first values and the sample name, and puts together what references need. `agent`
/// is whoever acts, unless that is the applicant.
pub(crate) async fn context(
    city: &City,
    bundle: &MatterBundle,
    agent: Option<&Party>,
    applicant: &Party,
    form: &Value,
) -> Result<RefContext, ServiceError> {
    let mut names = required_registers(bundle.form.prefill_refs());
    names.extend(bundle.sample.required_registers());
    let own = if applicant.id_type == "uscc" { "enterprise" } else { "person" };
    names.insert(own.to_owned());
    let (things, persons): (Vec<String>, Vec<String>) =
        names.iter().cloned().partition(|name| registry::is_of_things(name));
    let wanted: Vec<(String, String)> = persons.into_iter().map(|name| (name, applicant.code.clone())).collect();
    let mut answers = registry::Answers::default();
    registry::ask(city, &wanted, &mut answers).await?;
    let found = |name: &str| match answers.get(name, &applicant.code) {
        Answer::Found(doc) => Some(doc.clone()),
        Answer::Absent | Answer::Unavailable => None,
    };
    let mut registers: BTreeMap<String, Value> =
        names.iter().filter_map(|name| Some((name.clone(), found(name)?))).collect();
    // Projects, land, buildings and vehicles stand under their own numbers and name their owner.
    for name in things {
        if let Answer::Found(doc) = registry::owned(city, &name, &applicant.code).await? {
            registers.insert(name, doc);
        }
    }
    // A premises entry is kept under the address code that the company register gives.
    let premises = registers.get("enterprise").and_then(|doc| doc.get("premises")?.as_str().map(str::to_owned));
    if let Some(key) = premises.filter(|_| names.contains("premises"))
        && let Answer::Found(doc) = registry::entry(city, "premises", &key).await?
    {
        registers.insert("premises".into(), doc);
    }
    let phone = registers.get(own).and_then(|doc| doc.get("phone")?.as_str().map(str::to_owned));
    let party = |party: &Party, phone| catalog::Party {
        name: party.name.clone(),
        code: party.code.clone(),
        kind: party.kind,
        phone,
    };
    let agent = agent.filter(|person| person.code != applicant.code);
    Ok(RefContext {
        applicant: party(applicant, phone),
        agent: agent.map(|person| party(person, None)),
        form: form.clone(),
        registers,
        today: city.now().date(),
        decision: None,
        licence_number: None,
    })
}

/// A form with every first value that is known.
pub(super) fn first_form(prefill: &BTreeMap<String, Prefill>) -> Value {
    Value::Object(prefill.iter().map(|(name, known)| (name.clone(), known.value.clone())).collect())
}

/// The answers of the sample, made the applicant's own. Answers that rest on something unknown are left out, so that
/// nobody finds another's data in a form.
pub(super) fn sample_form(bundle: &MatterBundle, context: &RefContext) -> Value {
    let Some(answers) = bundle.sample.form.as_object() else { return Value::Object(Map::new()) };
    let known = answers.iter().filter_map(|(name, value)| Some((name.clone(), catalog::fill(value, context).ok()?)));
    Value::Object(known.collect())
}

/// The source of a value that still stands as the register gave it; `None` once somebody changed it.
pub(super) fn source_of<'p>(prefill: &'p BTreeMap<String, Prefill>, form: &Value, name: &str) -> Option<&'p Prefill> {
    prefill.get(name).filter(|known| form.get(name) == Some(&known.value))
}
