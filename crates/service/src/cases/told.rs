//! Facts of cases as subscribers of the journal need them.

use domain::cases::{Decision, Fact};
use serde::Deserialize;

/// A decision without the record of the rules.
#[derive(Deserialize)]
struct Decided {
    decision: Box<Decision>,
}

/// A case's fact from the journal; `None` for other streams and for erased bodies. A decision comes without the record of its
/// rules, which is by far its largest part and which no subscriber reads; what the rules noted by themselves is left out.
pub(crate) fn told(entry: &store::Fact) -> Option<Fact> {
    let body = entry.body.as_deref()?;
    match entry.kind.as_str() {
        "case.decided" => {
            let Decided { decision } = serde_json::from_str(body).ok()?;
            Some(Fact::Decided { decision, rules: None })
        }
        "case.rules-ran" => None,
        kind if kind.starts_with("case.") => serde_json::from_str(body).ok(),
        _ => None,
    }
}
