//! What must be read before work can be decided, and what was read.

use super::{Head, Prepared, Work};
use crate::chain::Hash;
use crate::change::DueOp;
use crate::table::{Kind, PlainTable};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Keys to look up for a batch of one region.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub rows: BTreeMap<&'static str, BTreeSet<String>>,
    pub cells: BTreeMap<&'static str, (&'static PlainTable, BTreeSet<String>)>,
    pub idempotency: BTreeSet<(String, String)>,
    pub due: BTreeSet<(i64, String, String)>,
    pub cursors: BTreeSet<String>,
    pub blocks: BTreeSet<String>,
    /// The journal head is needed, because facts will be appended.
    pub head: bool,
}

impl Needs {
    pub(crate) fn add(&mut self, work: &Work) {
        match work {
            Work::Change(prepared) => self.add_change(prepared),
            Work::Reserve { series, .. } => {
                self.blocks.insert(series.clone());
            }
            Work::Access { .. } | Work::Checkpoint(_) | Work::ForgetIdempotency { .. } => {}
        }
    }

    fn add_change(&mut self, prepared: &Prepared) {
        let change = &prepared.change;
        self.head |= !prepared.rows.is_empty();
        for row in &prepared.rows {
            self.rows.entry(row.table.name).or_default().insert(row.id.clone());
        }
        for premise in &change.premises {
            self.rows.entry(premise.table.name).or_default().insert(premise.id.clone());
        }
        for step in &change.increments {
            let (_, ids) = self.cells.entry(step.table.name).or_insert((step.table, BTreeSet::new()));
            ids.insert(step.id.clone());
        }
        if let Some(i) = &change.idempotency {
            self.idempotency.insert((i.token.clone(), i.key.clone()));
        }
        for op in &change.due {
            if let DueOp::Claim { at, kind, subject } = op {
                self.due.insert((at.micros(), kind.clone(), subject.clone()));
            }
        }
        for cursor in &change.cursors {
            self.cursors.insert(cursor.subscriber.clone());
        }
    }
}

/// Version and head hash of an aggregate row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowHead {
    pub version: i64,
    pub hash: Hash,
}

/// What the database says about the keys of [`Needs`], kept up to date while a batch is planned.
#[derive(Debug)]
pub(crate) struct View {
    pub head: Head,
    pub rows: HashMap<(&'static str, String), RowHead>,
    /// Integer columns of counted rows; a row that does not exist is missing.
    pub cells: HashMap<(&'static str, String), HashMap<&'static str, i64>>,
    pub idempotency: HashMap<(String, String), (Vec<u8>, String)>,
    /// The claimed due rows that exist.
    pub due: HashSet<(i64, String, String)>,
    pub cursors: HashMap<String, i64>,
    pub blocks: HashMap<String, i64>,
}

impl View {
    pub(crate) fn new(head: Head) -> View {
        View {
            head,
            rows: HashMap::new(),
            cells: HashMap::new(),
            idempotency: HashMap::new(),
            due: HashSet::new(),
            cursors: HashMap::new(),
            blocks: HashMap::new(),
        }
    }
}

/// Names of the integer columns of a table, in order.
pub(crate) fn int_columns(table: &PlainTable) -> impl Iterator<Item = &'static str> {
    table.columns.iter().filter(|c| c.kind == Kind::Int).map(|c| c.name)
}
