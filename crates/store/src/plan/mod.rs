//! The pure middle of the write core: given what the database says ([`View`]), decide each piece of work and turn it into
//! [`Writes`].
//!
//! Both engines load a view, plan, and write. SQLite does so for one change at a time inside a savepoint; PostgreSQL
//! for a whole batch under the region's lock. Since both use this code, a conflict, a failed guard or a replay is
//! the same on both, and the hash chain is computed in one place.

mod apply;
mod check;
mod needs;
mod writes;

pub(crate) use needs::{Needs, RowHead, View, int_columns};
pub(crate) use writes::{AggregateRow, FactRow, PlainOp, PlainRow, Writes};

use crate::access::Access;
use crate::chain::{self, Hash};
use crate::change::{Change, Committed, Expected, NewFact};
use crate::checkpoint::SignedCheckpoint;
use crate::error::StoreError;
use crate::table::Table;
use crate::value::Value;

/// Last position of a region's journal and the link of the fact there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub position: i64,
    pub link: Hash,
}

impl Head {
    pub(crate) const EMPTY: Head = Head { position: 0, link: chain::NOTHING };
}

/// A piece of work for the writer. All work of a batch shares one durable commit.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Change(Box<Prepared>),
    Reserve { region: String, series: String, count: i64 },
    Access { region: String, entries: Vec<Access> },
    Checkpoint(Box<SignedCheckpoint>),
    ForgetIdempotency { region: String, before: i64 },
}

impl Work {
    pub(crate) fn region(&self) -> &str {
        match self {
            Work::Change(p) => &p.change.region,
            Work::Reserve { region, .. } | Work::Access { region, .. } | Work::ForgetIdempotency { region, .. } => {
                region
            }
            Work::Checkpoint(c) => &c.checkpoint.region,
        }
    }
}

/// What became of a piece of work.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Committed(Committed),
    First(i64),
    Done,
}

/// A change whose hashes that do not depend on others are computed already, on the caller's thread.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub change: Change,
    pub rows: Vec<PreparedRow>,
}

#[derive(Debug, Clone)]
pub(crate) struct PreparedRow {
    pub table: &'static Table,
    pub id: String,
    pub stream: String,
    pub expected: Expected,
    pub columns: Vec<Value>,
    pub doc: String,
    pub digest: Hash,
    pub facts: Vec<(NewFact, Hash)>,
}

impl Prepared {
    pub(crate) fn new(mut change: Change) -> Result<Prepared, StoreError> {
        change.validate()?;
        let rows = std::mem::take(&mut change.rows);
        let rows = rows.into_iter().map(|row| prepare_row(&change.region, row)).collect();
        Ok(Prepared { change, rows })
    }
}

fn prepare_row(region: &str, row: crate::RowWrite) -> PreparedRow {
    let named: Vec<_> = row.table.columns.iter().map(|c| c.name).zip(&row.columns).collect();
    let digest = chain::row_digest(region, row.table.name, &row.id, &named, &row.doc);
    let with_commitment = |fact: NewFact| {
        let commitment = chain::commitment(&fact.salt, &fact.body);
        (fact, commitment)
    };
    PreparedRow {
        table: row.table,
        stream: row.table.stream(&row.id),
        id: row.id,
        expected: row.expected,
        columns: row.columns,
        doc: row.doc,
        digest,
        facts: row.facts.into_iter().map(with_commitment).collect(),
    }
}

/// Decides one piece of work against the view. On success its effects are added to `view` and `writes`; on refusal
/// neither is touched.
pub(crate) fn plan(view: &mut View, writes: &mut Writes, work: &Work) -> Result<Outcome, StoreError> {
    match work {
        Work::Change(prepared) => {
            check::check(view, prepared)?;
            Ok(Outcome::Committed(apply::apply(view, writes, prepared)))
        }
        Work::Reserve { series, count, .. } => {
            let first = view.blocks.get(series).copied().unwrap_or(1);
            let next =
                first.checked_add(*count).ok_or_else(|| StoreError::Invalid(format!("series {series} is used up")))?;
            view.blocks.insert(series.clone(), next);
            writes.blocks.insert(series.clone(), next);
            Ok(Outcome::First(first))
        }
        Work::Access { entries, .. } => {
            writes.access.extend(entries.iter().cloned());
            Ok(Outcome::Done)
        }
        Work::Checkpoint(checkpoint) => {
            writes.checkpoints.push(checkpoint.as_ref().clone());
            Ok(Outcome::Done)
        }
        Work::ForgetIdempotency { before, .. } => {
            writes.forget_before = writes.forget_before.max(Some(*before));
            Ok(Outcome::Done)
        }
    }
}
