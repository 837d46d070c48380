//! Who stands at the window: the party under a number, and what the registers know about it.

use std::collections::BTreeMap;

use domain::accounts::Party;
use domain::catalog::{ApplicantKind, Prefill, Ref};
use domain::codes::{citizen_id, uscc};
use domain::registry::Answer;
use domain::text::Text;
use serde_json::Value;
use service::catalog::Published;
use service::{City, ServiceError, registry};

use crate::cases::known;
use crate::i18n::T;

/// The party under a number, by the register of persons or of companies.
pub(super) async fn look_up(t: T, city: &City, typed: &str) -> Result<Result<Party, String>, ServiceError> {
    let person = citizen_id::normalise(typed);
    if citizen_id::parse(&person, city.now().date()).is_ok() {
        return Ok(match registry::entry(city, "person", &person).await? {
            Answer::Unavailable => Err(t.desk_walk_silent().to_owned()),
            answer => match answer.at("name").and_then(Value::as_str) {
                Some(name) => Ok(Party {
                    kind: ApplicantKind::Person,
                    name: name.to_owned(),
                    id_type: "citizen-id".into(),
                    code: person,
                }),
                None => Err(t.desk_walk_unknown().to_owned()),
            },
        });
    }
    let company = uscc::normalise(typed);
    if uscc::parse(&company).is_err() {
        return Ok(Err(t.desk_walk_bad_code().to_owned()));
    }
    Ok(match registry::entry(city, "enterprise", &company).await? {
        Answer::Found(doc) => registry::organisation(&company, &doc).ok_or_else(|| t.desk_walk_unknown().to_owned()),
        Answer::Absent => Err(t.desk_walk_unknown().to_owned()),
        Answer::Unavailable => Err(t.desk_walk_silent().to_owned()),
    })
}

/// First values of the form for this applicant and agent, each with its source: the same that the wizard shows to the
/// applicant at home.
pub(super) async fn first_values(
    city: &City,
    published: &Published,
    agent: Option<&Party>,
    applicant: &Party,
    form: &Value,
) -> Result<BTreeMap<String, Prefill>, ServiceError> {
    let context = known::context(city, &published.bundle, agent, applicant, form).await?;
    let mut known = published.bundle.form.prefill(&context);
    for field in published.bundle.form.fields() {
        // At home these come from the account; here the clerk has just looked them up.
        if let (Some(Ref::Applicant(_) | Ref::Agent(_)), Some(first)) = (&field.prefill, known.get_mut(&field.name)) {
            first.source = Text::new("刚才查询的登记信息", "the entry just looked up");
        }
    }
    Ok(known)
}

/// Puts first values where nothing stands, after taking away those of whoever was looked up before: nobody's data may
/// stay in the form of somebody else.
pub(super) fn fill(form: &mut Value, before: &BTreeMap<String, Prefill>, known: &BTreeMap<String, Prefill>) {
    let Some(answers) = form.as_object_mut() else { return };
    answers.retain(|name, value| before.get(name).is_none_or(|old| old.value != *value));
    for (name, first) in known {
        let empty = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if answers.get(name).is_none_or(empty) {
            answers.insert(name.clone(), first.value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known(value: &str) -> BTreeMap<String, Prefill> {
        let first = Prefill { value: json!(value), source: Text::new("登记库", "register") };
        BTreeMap::from([("address".to_owned(), first)])
    }

    #[test]
    fn what_was_typed_stays_and_what_belonged_to_somebody_else_goes() {
        for (form, before, after) in [
            (json!({}), None, json!({"address": "B"})),
            (json!({"address": " "}), None, json!({"address": "B"})),
            (json!({"address": "A", "area": 12}), Some("A"), json!({"address": "B", "area": 12})),
            (json!({"address": "typed"}), Some("A"), json!({"address": "typed"})),
        ] {
            let mut filled = form.clone();
            fill(&mut filled, &before.map(known).unwrap_or_default(), &known("B"));
            assert_eq!(filled, after, "{form}");
        }
    }
}
