//! A change: what one command writes, as data.
//!
//! A change is not a closure, so the store can put many into one durable commit, retry one without its neighbours,
//! and a test can look at it without a database.

use crate::error::StoreError;
use crate::table::{Column, PlainTable, Table};
use crate::value::Value;
use domain::time::Timestamp;
use std::collections::BTreeSet;
use std::fmt;

/// Longest `doc`, fact body or idempotency result, in bytes. Larger things are attachments.
pub const MAX_TEXT_BYTES: usize = 4 << 20;
/// Most rows, plain rows, facts, increments, counters or due operations in one change.
pub const MAX_ITEMS: usize = 10_000;
/// Kind of the fact that records an erasure; see [`Erasure`].
pub const ERASED: &str = "erased";

/// The version that a change expects its row to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The row does not exist yet.
    New,
    /// The row exists with this version.
    Version(i64),
    /// Whatever is there; for facts that do not depend on the state, such as notes on a hot stream.
    Any,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::New => f.write_str("new"),
            Expected::Version(v) => write!(f, "at version {v}"),
            Expected::Any => f.write_str("at any version"),
        }
    }
}

/// A fact to append to the stream of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    /// What happened, as a short word: `filed`, `accepted`.
    pub kind: &'static str,
    /// Who did it: an account id or the name of a system, never a personal name (the header cannot be erased).
    pub actor: String,
    /// Details as JSON. Personal data belongs here, because a body can be erased.
    pub body: String,
    /// Sixteen fresh random bytes, so that nobody can guess an erased body from its commitment.
    pub salt: [u8; 16],
}

/// The new state of one aggregate row, with the facts that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowWrite {
    /// Its table.
    pub table: &'static Table,
    /// Its id, unique within region and table.
    pub id: String,
    /// The version that the decision was made on.
    pub expected: Expected,
    /// Values of the promoted columns, in the order of [`Table::columns`].
    pub columns: Vec<Value>,
    /// The rest of the state as JSON.
    pub doc: String,
    /// At least one: every command writes a fact.
    pub facts: Vec<NewFact>,
}

/// A row of a table without journal, inserted or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainWrite {
    /// Its table.
    pub table: &'static PlainTable,
    /// Its id.
    pub id: String,
    /// All column values, in the order of [`PlainTable::columns`].
    pub columns: Vec<Value>,
}

/// A row of a table without journal to delete; it need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainDelete {
    /// Its table.
    pub table: &'static PlainTable,
    /// Its id.
    pub id: String,
}

/// A row that a decision rests on without writing it: the change is refused with [`StoreError::Conflict`] when the row is
/// at another version by the time of the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Premise {
    /// Its table.
    pub table: &'static Table,
    /// Its id.
    pub id: String,
    /// The version on which the decision rests.
    pub version: i64,
}

/// An addition to an integer column, done by the writer, so that hot rows do not conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Increment {
    /// Table of the counted row; without journal, because a journalled row changes only with a fact.
    pub table: &'static PlainTable,
    /// Id of the counted row, which must exist (it may be written by the same change).
    pub id: String,
    /// An integer column. NULL counts as 0.
    pub column: &'static str,
    /// What to add; may be negative.
    pub by: i64,
    /// Least value allowed afterwards: `Some(0)` with `by: -1` takes one of what is left, or refuses.
    pub guard: Option<i64>,
}

/// An addition to a statistics counter, created at 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterStep {
    /// What is counted: `cases_filed`.
    pub name: String,
    /// For whom and when: `370211/2026-11-22`.
    pub key: String,
    /// What to add.
    pub by: i64,
}

/// An operation on the timers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueOp {
    /// Something falls due. Adding the same row twice is no error.
    Add {
        /// When.
        at: Timestamp,
        /// What to do then.
        kind: String,
        /// About what: a stream name.
        subject: String,
    },
    /// Cancels every due row of this kind and subject, whenever it would fall due; none need exist.
    Remove {
        /// Kind of the rows.
        kind: String,
        /// Subject of the rows.
        subject: String,
    },
    /// Takes exactly this due row for execution by this change; [`StoreError::DueGone`] if it does not exist any more.
    Claim {
        /// When it fell due.
        at: Timestamp,
        /// Its kind.
        kind: String,
        /// Its subject.
        subject: String,
    },
}

/// The key under which a request from outside is done at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Who sent it: the id of the token or session, so that keys of different clients cannot meet.
    pub token: String,
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request.
    pub body_hash: [u8; 32],
    /// What to answer if it is sent again.
    pub result: String,
}

/// Moves a subscriber forward together with everything else in the change, which makes its effects exactly-once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// Name of the subscriber.
    pub subscriber: String,
    /// Where it stood when it read.
    pub from: i64,
    /// The last position that it has handled.
    pub to: i64,
}

/// Erases the bodies of all earlier facts of a stream.
///
/// The same change must write the row of that stream with a fact of kind [`ERASED`]: the erasure is itself a fact, and
/// `verify` accepts a missing body only when such a fact follows it. Clearing the row's own `doc` is up to the writer of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Table of the row.
    pub table: &'static Table,
    /// Id of the row.
    pub id: String,
}

/// What the logs beside the journal hold about somebody who is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forget {
    /// Who looked at the data of this subject.
    Accesses {
        /// As in [`crate::Access::subject`].
        subject: String,
    },
    /// The answers to the requests of one sender.
    Answers {
        /// As in [`Idempotency::token`].
        token: String,
    },
}

/// Everything that one command writes. It is committed as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The tenant.
    pub region: String,
    /// The instant of the command, on all of its facts.
    pub at: Timestamp,
    /// Aggregate rows, each at most once.
    pub rows: Vec<RowWrite>,
    /// Rows that are not written but must not have changed: whoever pauses a matter stops the approvals under way.
    pub premises: Vec<Premise>,
    /// Rows without journal. Done before `deletes`, which are done before `increments`.
    pub plain: Vec<PlainWrite>,
    /// Rows without journal to delete.
    pub deletes: Vec<PlainDelete>,
    /// Guarded increments.
    pub increments: Vec<Increment>,
    /// Statistics.
    pub counters: Vec<CounterStep>,
    /// Timers, in order.
    pub due: Vec<DueOp>,
    /// Cursors of the subscribers that this change belongs to.
    pub cursors: Vec<Advance>,
    /// Key of the request that this change answers.
    pub idempotency: Option<Idempotency>,
    /// Streams whose earlier bodies are erased.
    pub erasures: Vec<Erasure>,
    /// What is forgotten with them.
    pub forgets: Vec<Forget>,
}

impl Change {
    /// An empty change of a region at an instant.
    pub fn new(region: impl Into<String>, at: Timestamp) -> Change {
        Change {
            region: region.into(),
            at,
            rows: Vec::new(),
            premises: Vec::new(),
            plain: Vec::new(),
            deletes: Vec::new(),
            increments: Vec::new(),
            counters: Vec::new(),
            due: Vec::new(),
            cursors: Vec::new(),
            idempotency: None,
            erasures: Vec::new(),
            forgets: Vec::new(),
        }
    }

    /// Adds one row.
    pub fn row(mut self, row: RowWrite) -> Change {
        self.rows.push(row);
        self
    }

    /// Refuses what no engine could store, or what would break the journal, before it can reach a batch.
    pub(crate) fn validate(&self) -> Result<(), StoreError> {
        short_text("region", &self.region)?;
        let counts =
            [self.rows.len(), self.plain.len(), self.deletes.len(), self.increments.len(), self.counters.len()];
        if counts.into_iter().chain([self.due.len(), self.premises.len()]).any(|n| n > MAX_ITEMS) {
            return Err(StoreError::Invalid(format!(
                "more than {MAX_ITEMS} items of one sort in one change: split it"
            )));
        }
        let mut seen = BTreeSet::new();
        for row in &self.rows {
            if !seen.insert((row.table.name, row.id.as_str())) {
                return Err(StoreError::Invalid(format!(
                    "{}/{} is written twice in one change",
                    row.table.name, row.id
                )));
            }
            validate_row(row)?;
        }
        for premise in &self.premises {
            short_text("id", &premise.id)?;
        }
        for row in &self.plain {
            short_text("id", &row.id)?;
            columns(row.table.name, row.table.columns, &row.columns)?;
        }
        for step in &self.increments {
            let known = step.table.columns.iter().any(|c| c.name == step.column && c.kind == crate::Kind::Int);
            if !known {
                return Err(StoreError::Invalid(format!("{} has no integer column {}", step.table.name, step.column)));
            }
        }
        self.validate_rest()
    }

    fn validate_rest(&self) -> Result<(), StoreError> {
        for step in &self.counters {
            short_text("counter", &step.name)?;
            short_text("counter key", &step.key)?;
        }
        for op in &self.due {
            let (DueOp::Add { kind, subject, .. }
            | DueOp::Remove { kind, subject }
            | DueOp::Claim { kind, subject, .. }) = op;
            short_text("due kind", kind)?;
            short_text("due subject", subject)?;
        }
        if let Some(i) = &self.idempotency {
            short_text("token", &i.token)?;
            short_text("idempotency key", &i.key)?;
            long_text("idempotency result", &i.result)?;
        }
        for c in &self.cursors {
            short_text("subscriber", &c.subscriber)?;
            if c.to < c.from {
                return Err(StoreError::Invalid(format!("subscriber {} cannot move back", c.subscriber)));
            }
        }
        for Forget::Accesses { subject: key } | Forget::Answers { token: key } in &self.forgets {
            short_text("what is forgotten", key)?;
        }
        for erasure in &self.erasures {
            let told = self.rows.iter().any(|r| {
                r.table.name == erasure.table.name && r.id == erasure.id && r.facts.iter().any(|f| f.kind == ERASED)
            });
            if !told {
                return Err(StoreError::Invalid(format!(
                    "erasing {}/{} needs a row write with a fact of kind `{ERASED}` in the same change",
                    erasure.table.name, erasure.id
                )));
            }
        }
        Ok(())
    }
}

fn validate_row(row: &RowWrite) -> Result<(), StoreError> {
    let name = row.table.name;
    short_text("id", &row.id)?;
    if row.facts.is_empty() || row.facts.len() > MAX_ITEMS {
        return Err(StoreError::Invalid(format!("{name}/{} needs between 1 and {MAX_ITEMS} facts", row.id)));
    }
    columns(name, row.table.columns, &row.columns)?;
    long_text("doc", &row.doc)?;
    for fact in &row.facts {
        short_text("kind", fact.kind)?;
        short_text("actor", &fact.actor)?;
        long_text("body", &fact.body)?;
    }
    Ok(())
}

fn columns(table: &str, wanted: &[Column], given: &[Value]) -> Result<(), StoreError> {
    if wanted.len() != given.len() {
        return Err(StoreError::Invalid(format!("{table} has {} columns, {} values given", wanted.len(), given.len())));
    }
    for (column, value) in wanted.iter().zip(given) {
        if !value.fits(column.kind) {
            return Err(StoreError::Invalid(format!(
                "{table}.{} is {:?}, which {value:?} is not",
                column.name, column.kind
            )));
        }
        if let Value::Text(text) = value {
            long_text(column.name, text)?;
        }
    }
    Ok(())
}

/// Keys: not empty, at most 500 bytes (they are indexed), no U+0000 (PostgreSQL cannot hold it).
pub(crate) fn short_text(what: &str, text: &str) -> Result<(), StoreError> {
    if text.is_empty() || text.len() > 500 || text.contains('\0') {
        return Err(StoreError::Invalid(format!("{what} must be 1 to 500 bytes of text without U+0000")));
    }
    Ok(())
}

fn long_text(what: &str, text: &str) -> Result<(), StoreError> {
    if text.len() > MAX_TEXT_BYTES || text.contains('\0') {
        return Err(StoreError::Invalid(format!("{what} must be at most {MAX_TEXT_BYTES} bytes without U+0000")));
    }
    Ok(())
}

/// What a commit answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Journal positions of all facts, in the order in which the change lists them.
    pub positions: Vec<i64>,
    /// New version of each row, in the order of [`Change::rows`].
    pub versions: Vec<i64>,
}
