//! What verification does not cover, said openly: which tables, how many rows, and why.

use crate::error::StoreError;
use crate::shape::shapes;
use crate::store::Store;

/// A table that the journal says nothing about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// Its name.
    pub table: String,
    /// Rows of all regions.
    pub rows: i64,
    /// Why it needs no evidence, or whose evidence it is.
    pub why: &'static str,
}

/// Verified with the journal, beside the aggregate tables: by the positions, or by a digest in a fact.
const COVERED: [&str; 6] = ["fact", "fact_body", "checkpoint", "document", "matter_version", "rule_record"];

const REASONS: &[(&str, &str)] = &[
    ("access", "who read whose data: a log of its own, without chain"),
    ("account_secret", "hashes of passwords; one that does not fit its digest in the account's row opens nothing"),
    ("account_link", "ways of signing in; the accounts behind them are covered"),
    ("certificate", "certificates of codes on licences; none is trusted that a root of the city has not signed"),
    ("challenge", "ways of signing in that last minutes"),
    ("counter", "figures counted from the journal; they can be counted again"),
    ("device_seen", "when a device was heard last; what it reported stands in its row, which is covered"),
    ("device_session", "which device is connected now; the key that it proved stands in its row"),
    ("draft", "applications that were not sent"),
    ("due", "timers; they follow from the cases, whose rows are covered"),
    ("figure_case", "what the figures remember of a case; made of the journal"),
    ("figure_seat", "where the last ticket of a clerk was served; made of the journal"),
    ("idempotency", "first answers to repeated requests"),
    ("log_checkpoint", "signed by the log; whoever holds an earlier one sees whether the log was changed"),
    ("log_entry", "the public log is its own evidence: `log audit` checks it from outside"),
    ("log_salt", "salts of commitments in the public log; a wrong one only opens nothing"),
    ("log_tile", "hashes over the entries of the public log; a checkpoint is signed over them"),
    ("message", "notices of what the facts of a case say"),
    ("number_block", "the next free numbers; a number given twice is refused by a unique index"),
    ("outbox", "what goes out by e-mail and gateways; it repeats messages, which repeat facts"),
    ("parcel_code", "codes that open a cell once; who got one and what was taken stands with the parcel"),
    ("rating_code", "codes that messages carry; each only leads to a service that is rated once"),
    (
        "register_entry",
        "answers of other authorities' registers; what a decision read stands in the record of its rules",
    ),
    ("rota_duty", "who is on duty when, by person; it follows from the rotas, whose rows are covered"),
    ("schema_migration", "which schema the database has; compared at every start"),
    ("session", "who is signed in now"),
    ("status_list", "secrets that scatter licences over their lists; the places stand in the licences"),
    ("subscriber", "how far counters, messages and figures have read"),
    ("token", "ways in for systems; only the account behind a token is covered"),
    ("upload", "files as they came in; those of a case are named with their digest in its facts"),
    ("visit_slot", "how many places of a slot are left; the appointments and the release itself are covered"),
];

impl Store {
    /// The tables that [`Store::verify`] and the digests in facts do not cover, with their rows.
    pub async fn uncovered(&self) -> Result<Vec<Uncovered>, StoreError> {
        let snapshot = self.walk().await?;
        let mut found = Vec::new();
        for shape in shapes(&snapshot).await? {
            if shape.is_aggregate() || COVERED.contains(&shape.name.as_str()) {
                continue;
            }
            let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM {}", shape.name);
            let rows = snapshot.query(&sql, &[]).await?.first().map_or(Ok(0), |row| row.int(0))?;
            let why = REASONS.iter().find(|(name, _)| *name == shape.name).map_or(UNKNOWN, |(_, why)| why);
            found.push(Uncovered { table: shape.name, rows, why });
        }
        Ok(found)
    }
}

const UNKNOWN: &str = "rows without facts";
