//! What the credit record says of an applicant who promises something for later, and what a broken promise writes into it
//! (RQ-3, RQ-4).

use domain::cases::{Case, CreditStanding, Fact, Termination};
use domain::registry::Answer;
use serde_json::{Map, Value, json};
use store::PlainWrite;

use crate::city::City;
use crate::error::ServiceError;
use crate::registry::{Entry, entry};

/// Stored name of the register.
const CREDIT: &str = "credit";
/// The member that counts promises which were broken and not made good; whoever repairs a record lowers it.
const BROKEN: &str = "broken_pledges";

/// Whether somebody may promise to hand things in later. A record that knows nothing of them holds nothing against them.
pub(super) async fn standing(city: &City, code: &str) -> Result<CreditStanding, ServiceError> {
    Ok(match entry(city, CREDIT, code).await? {
        Answer::Unavailable => CreditStanding::Unknown,
        Answer::Absent => CreditStanding::Clear,
        Answer::Found(doc) => {
            let dishonest = doc.get("serious_dishonesty").and_then(Value::as_bool).unwrap_or(false);
            if dishonest || broken(&doc) > 0 { CreditStanding::Broken } else { CreditStanding::Clear }
        }
    })
}

fn broken(doc: &Value) -> i64 {
    doc.get(BROKEN).and_then(Value::as_i64).unwrap_or(0)
}

/// The entry that a case makes in the credit record when it ended for what was promised and never came.
pub(super) async fn noted(city: &City, case: &Case, facts: &[Fact]) -> Result<Option<PlainWrite>, ServiceError> {
    let ended = |fact: &Fact| matches!(fact, Fact::Terminated { ground: Some(Termination::GapsNotSupplied), .. });
    if !facts.iter().any(ended) {
        return Ok(None);
    }
    let code = &case.applicant.code;
    let sql = "SELECT doc FROM register_entry WHERE region = $1 AND id = $2";
    let found = city.store().query_opt(sql, &[city.region().into(), format!("{CREDIT}/{code}").into()]).await?;
    let kept = found.as_ref().map(|row| row.text(0)).transpose()?;
    let mut doc: Map<String, Value> = kept.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let before = broken(&Value::Object(doc.clone()));
    doc.insert(BROKEN.into(), json!(before.saturating_add(1)));
    doc.insert("last_broken".into(), json!({ "case": case.number, "on": city.now().date() }));
    Ok(Some(Entry { register: CREDIT.into(), key: code.clone(), doc: Value::Object(doc) }.write()))
}
