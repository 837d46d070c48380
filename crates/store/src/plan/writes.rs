//! The rows to write, merged: each row of the database is touched once a batch, however many changes touch it.

use crate::access::Access;
use crate::chain::Hash;
use crate::change::Forget;
use crate::checkpoint::SignedCheckpoint;
use crate::table::{PlainTable, Table};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Debug, Clone)]
pub(crate) struct FactRow {
    pub position: i64,
    pub stream: String,
    pub version: i64,
    pub kind: &'static str,
    pub actor: String,
    pub at: i64,
    pub row_digest: Hash,
    pub commitment: Hash,
    pub prev_hash: Hash,
    pub hash: Hash,
    pub link: Hash,
    pub salt: [u8; 16],
    pub body: String,
}

#[derive(Debug, Clone)]
pub(crate) struct AggregateRow {
    pub table: &'static Table,
    pub id: String,
    pub version: i64,
    pub head_hash: Hash,
    pub columns: Vec<Value>,
    pub doc: String,
}

/// What finally happens to a row without journal.
#[derive(Debug, Clone)]
pub(crate) enum PlainOp {
    Upsert(Vec<Value>),
    Delete,
    Add(BTreeMap<&'static str, i64>),
}

#[derive(Debug, Clone)]
pub(crate) struct PlainRow {
    pub table: &'static PlainTable,
    pub id: String,
    pub op: PlainOp,
}

#[derive(Debug, Clone)]
pub(crate) struct IdempotencyRow {
    pub token: String,
    pub key: String,
    pub body_hash: Hash,
    pub result: String,
    pub at: i64,
}

/// (at, kind, subject)
pub(crate) type DueRow = (i64, String, String);

/// Everything a batch of one region writes, in the order in which the engines write it.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    pub facts: Vec<FactRow>,
    pub rows: Vec<AggregateRow>,
    row_places: HashMap<(&'static str, String), usize>,
    pub plain: Vec<PlainRow>,
    plain_places: HashMap<(&'static str, String), usize>,
    pub counters: BTreeMap<(String, String), i64>,
    pub due_removals: BTreeSet<(String, String)>,
    pub due_claims: BTreeSet<DueRow>,
    pub due_adds: BTreeSet<DueRow>,
    pub idempotency: Vec<IdempotencyRow>,
    pub cursors: BTreeMap<String, i64>,
    pub blocks: BTreeMap<String, i64>,
    pub access: BTreeSet<Access>,
    pub checkpoints: Vec<SignedCheckpoint>,
    /// Streams and the last version whose body goes.
    pub erased: Vec<(String, i64)>,
    pub forget_before: Option<i64>,
    pub forgets: Vec<Forget>,
}

impl Writes {
    /// The last state of a row wins; its facts are all kept.
    pub(super) fn put_row(&mut self, row: AggregateRow) {
        let key = (row.table.name, row.id.clone());
        match self.row_places.get(&key).and_then(|place| self.rows.get_mut(*place)) {
            Some(earlier) => *earlier = row,
            None => {
                self.row_places.insert(key, self.rows.len());
                self.rows.push(row);
            }
        }
    }

    pub(super) fn upsert(&mut self, table: &'static PlainTable, id: &str, columns: Vec<Value>) {
        self.plain_op(table, id).op = PlainOp::Upsert(columns);
    }

    pub(super) fn delete(&mut self, table: &'static PlainTable, id: &str) {
        self.plain_op(table, id).op = PlainOp::Delete;
    }

    pub(super) fn increment(&mut self, table: &'static PlainTable, id: &str, column: &'static str, by: i64) {
        match &mut self.plain_op(table, id).op {
            PlainOp::Add(sums) => *sums.entry(column).or_default() += by,
            PlainOp::Upsert(values) => {
                let place = table.columns.iter().position(|c| c.name == column);
                if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                    let before = if let Value::Int(n) = value { *n } else { 0 };
                    *value = Value::Int(before + by);
                }
            }
            // The check has refused to count on a deleted row.
            PlainOp::Delete => {}
        }
    }

    fn plain_op(&mut self, table: &'static PlainTable, id: &str) -> &mut PlainRow {
        let next = self.plain.len();
        let place = *self.plain_places.entry((table.name, id.to_owned())).or_insert(next);
        if place == next {
            self.plain.push(PlainRow { table, id: id.to_owned(), op: PlainOp::Add(BTreeMap::new()) });
        }
        #[expect(clippy::indexing_slicing, reason = "the place was taken from, or just pushed to, this very vector")]
        &mut self.plain[place]
    }
}
