//! What rules were shown about a case and what they said, cell by cell: written once beside the case, named by its digest in
//! the fact of the run.

use domain::cases::{Case, RuleDecision};
use rules::Decision;
use store::PlainWrite;
use store::cases::RULE_RECORD;

use crate::city::City;
use crate::error::ServiceError;

/// The record of one run of rules, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRecord(String);

impl RuleRecord {
    /// Of a decision that has just been made.
    pub(super) fn of(decision: &Decision) -> Result<RuleRecord, ServiceError> {
        serde_json::to_string(decision).map(RuleRecord).map_err(ServiceError::internal)
    }

    /// The JSON.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the JSON, hex.
    pub fn sha256(&self) -> String {
        seal::digest::sha256_hex(self.0.as_bytes())
    }

    /// What the rules said; `None` when it was written in a form that is no longer read.
    pub fn decision(&self) -> Option<Decision> {
        serde_json::from_str(&self.0).ok()
    }

    /// The row that keeps it.
    pub(super) fn row(&self, case: &Case) -> PlainWrite {
        PlainWrite {
            table: &RULE_RECORD,
            id: id(&case.id.to_string(), &self.sha256()),
            columns: vec![self.0.as_str().into()],
        }
    }
}

/// Id of the row of a record.
pub(crate) fn id(case: &str, sha256: &str) -> String {
    format!("{case}/{sha256}")
}

/// The record of the last run of rules on a case; `None` when they have not run, or left none.
pub async fn rule_record(city: &City, case: &Case) -> Result<Option<RuleRecord>, ServiceError> {
    match &case.rules {
        Some(run) => recorded(city, case, run).await,
        None => Ok(None),
    }
}

async fn recorded(city: &City, case: &Case, run: &RuleDecision) -> Result<Option<RuleRecord>, ServiceError> {
    let sql = "SELECT doc FROM rule_record WHERE region = $1 AND id = $2";
    let id = id(&case.id.to_string(), &run.record_sha256);
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| Ok(RuleRecord(row.text(0)?.to_owned()))).transpose()
}
