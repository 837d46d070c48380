//! 规则回放: what a draft of a matter's rules would have decided about every application that rules have seen.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::Case;
use domain::text::Text;
use rules::{Decision, Fact, Facts, Outcome, RuleSet};
use serde::Serialize;

use super::record::rule_record;
use crate::city::City;
use crate::error::ServiceError;

/// Cases read at a time.
const PAGE: i64 = 500;

/// An application about which the draft decides otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// 办件编号.
    pub number: String,
    /// Version of the rule that was applied then.
    pub version: String,
    /// What it said: `approve`, `refuse_proposed` or `manual`.
    pub was: String,
    /// What the draft says.
    pub draft: Outcome,
    /// Rows that fired then.
    pub was_fired: Vec<String>,
    /// Rows of the draft that fire.
    pub draft_fired: Vec<String>,
    /// The draft's sentence for the applicant.
    pub reason: Text,
}

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Applications of the matter that rules have seen.
    pub cases: u64,
    /// Those that would flip, oldest first.
    pub flips: Vec<Flip>,
}

/// Applies a draft to the facts recorded with every past decision of a matter's rules. Nothing is written.
///
/// The facts are those of the day of the decision: registers are not asked again. A fact that only the draft reads was
/// not recorded and so sends the case to a person, which shows as a flip. Reads every case once, in the order of their
/// ids, because each of them is the question; it is meant for the evening before a rule is published.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever may not manage the catalogue.
pub async fn replay(city: &City, by: &Actor, slug: &str, draft: &RuleSet) -> Result<Replayed, ServiceError> {
    may(by, Action::ManageCatalogue, &Subject::default())?;
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND id > $2 AND matter = $3 ORDER BY id LIMIT $4";
    let mut found = Replayed::default();
    let mut after = String::new();
    loop {
        let params = [city.region().into(), after.as_str().into(), slug.into(), PAGE.into()];
        let rows = city.store().query(sql, &params).await?;
        for row in &rows {
            let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
            after = case.id.to_string();
            if let Some(recorded) = rule_record(city, &case).await?.and_then(|record| record.decision()) {
                found.cases += 1;
                found.flips.extend(compare(&case, recorded, draft));
            }
        }
        if i64::try_from(rows.len()).unwrap_or(0) < PAGE {
            return Ok(found);
        }
    }
}

fn compare(case: &Case, recorded: Decision, draft: &RuleSet) -> Option<Flip> {
    let applied = case.rules.as_ref()?;
    let facts: Facts = recorded
        .inputs
        .into_iter()
        .map(|input| (input.field.code.to_string(), Fact { value: input.value, provenance: input.provenance }))
        .collect();
    let decided = draft.evaluate(&facts);
    if decided.outcome.name() == applied.outcome {
        return None;
    }
    Some(Flip {
        number: case.number.clone(),
        version: applied.version.clone(),
        was: applied.outcome.clone(),
        draft: decided.outcome,
        was_fired: applied.fired.clone(),
        draft_fired: decided.fired.iter().map(ToString::to_string).collect(),
        reason: decided.reason,
    })
}
