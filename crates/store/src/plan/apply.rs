//! Carries an accepted change into the view and the writes. Cannot fail, so that a change is never half planned.

use super::needs::{RowHead, int_columns};
use super::writes::{AggregateRow, DueRow, FactRow, IdempotencyRow};
use super::{Prepared, PreparedRow, View, Writes};
use crate::chain::{self, Header};
use crate::change::{Change, Committed, DueOp};
use crate::table::PlainTable;
use crate::value::Value;
use std::collections::HashMap;

pub(super) fn apply(view: &mut View, writes: &mut Writes, prepared: &Prepared) -> Committed {
    let change = &prepared.change;
    let mut done = Committed::default();
    for row in &prepared.rows {
        append(view, writes, change, row, &mut done);
    }
    plain(view, writes, change);
    for step in &change.counters {
        *writes.counters.entry((step.name.clone(), step.key.clone())).or_default() += step.by;
    }
    for op in &change.due {
        due(view, writes, op);
    }
    for cursor in &change.cursors {
        view.cursors.insert(cursor.subscriber.clone(), cursor.to);
        writes.cursors.insert(cursor.subscriber.clone(), cursor.to);
    }
    writes.forgets.extend(change.forgets.iter().cloned());
    if let Some(i) = &change.idempotency {
        view.idempotency.insert((i.token.clone(), i.key.clone()), (i.body_hash.to_vec(), i.result.clone()));
        writes.idempotency.push(IdempotencyRow {
            token: i.token.clone(),
            key: i.key.clone(),
            body_hash: i.body_hash,
            result: i.result.clone(),
            at: change.at.micros(),
        });
    }
    done
}

/// Chains the facts of one row and stores its new state.
fn append(view: &mut View, writes: &mut Writes, change: &Change, row: &PreparedRow, done: &mut Committed) {
    let key = (row.table.name, row.id.clone());
    let mut head = view.rows.get(&key).copied().unwrap_or(RowHead { version: 0, hash: chain::NOTHING });
    let erased = change.erasures.iter().any(|e| e.table.name == row.table.name && e.id == row.id);
    if erased {
        writes.erased.push((row.stream.clone(), head.version));
    }
    for (fact, commitment) in &row.facts {
        let version = head.version + 1;
        let header = Header {
            region: &change.region,
            stream: &row.stream,
            version,
            kind: fact.kind,
            actor: &fact.actor,
            at: change.at.micros(),
            row_digest: &row.digest,
        };
        let hash = chain::fact_hash(&head.hash, &header, commitment);
        view.head.position += 1;
        view.head.link = chain::link(&view.head.link, view.head.position, &hash);
        writes.facts.push(FactRow {
            position: view.head.position,
            stream: row.stream.clone(),
            version,
            kind: fact.kind,
            actor: fact.actor.clone(),
            at: change.at.micros(),
            row_digest: row.digest,
            commitment: *commitment,
            prev_hash: head.hash,
            hash,
            link: view.head.link,
            salt: fact.salt,
            body: fact.body.clone(),
        });
        head = RowHead { version, hash };
        done.positions.push(view.head.position);
    }
    done.versions.push(head.version);
    view.rows.insert(key, head);
    writes.put_row(AggregateRow {
        table: row.table,
        id: row.id.clone(),
        version: head.version,
        head_hash: head.hash,
        columns: row.columns.clone(),
        doc: row.doc.clone(),
    });
}

fn plain(view: &mut View, writes: &mut Writes, change: &Change) {
    for row in &change.plain {
        view.cells.insert((row.table.name, row.id.clone()), cells_of(row.table, &row.columns));
        writes.upsert(row.table, &row.id, row.columns.clone());
    }
    for row in &change.deletes {
        view.cells.remove(&(row.table.name, row.id.clone()));
        writes.delete(row.table, &row.id);
    }
    for step in &change.increments {
        if let Some(cells) = view.cells.get_mut(&(step.table.name, step.id.clone())) {
            *cells.entry(step.column).or_default() += step.by;
        }
        writes.increment(step.table, &step.id, step.column, step.by);
    }
}

fn cells_of(table: &'static PlainTable, values: &[Value]) -> HashMap<&'static str, i64> {
    let named = table.columns.iter().zip(values);
    let mut cells: HashMap<_, _> = int_columns(table).map(|name| (name, 0)).collect();
    for (column, value) in named {
        if let Value::Int(n) = value {
            cells.insert(column.name, *n);
        }
    }
    cells
}

/// Removals are written before additions, so an addition that a later removal of the same batch cancels is dropped here.
fn due(view: &mut View, writes: &mut Writes, op: &DueOp) {
    match op {
        DueOp::Add { at, kind, subject } => {
            let row: DueRow = (at.micros(), kind.clone(), subject.clone());
            view.due.insert(row.clone());
            writes.due_adds.insert(row);
        }
        DueOp::Remove { kind, subject } => {
            view.due.retain(|(_, k, s)| k != kind || s != subject);
            writes.due_adds.retain(|(_, k, s)| k != kind || s != subject);
            writes.due_removals.insert((kind.clone(), subject.clone()));
        }
        DueOp::Claim { at, kind, subject } => {
            let row: DueRow = (at.micros(), kind.clone(), subject.clone());
            view.due.remove(&row);
            writes.due_adds.remove(&row);
            writes.due_claims.insert(row);
        }
    }
}
