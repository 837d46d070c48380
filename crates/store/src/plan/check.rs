//! May this change be committed now? Reads the view and changes nothing.

use super::needs::int_columns;
use super::{Prepared, View};
use crate::change::{Change, DueOp, Expected};
use crate::error::StoreError;
use crate::value::Value;
use std::collections::{HashMap, HashSet};

pub(super) fn check(view: &View, prepared: &Prepared) -> Result<(), StoreError> {
    let change = &prepared.change;
    // First, because a repeated request must get its first answer even though its rows have moved on since.
    idempotency(view, change)?;
    versions(view, prepared)?;
    premises(view, change)?;
    cursors(view, change)?;
    claims(view, change)?;
    guards(view, change)
}

fn idempotency(view: &View, change: &Change) -> Result<(), StoreError> {
    let Some(wanted) = &change.idempotency else { return Ok(()) };
    match view.idempotency.get(&(wanted.token.clone(), wanted.key.clone())) {
        None => Ok(()),
        Some((body_hash, result)) if body_hash.as_slice() == wanted.body_hash => {
            Err(StoreError::IdempotencyReplay { result: result.clone() })
        }
        Some(_) => Err(StoreError::IdempotencyMismatch),
    }
}

fn versions(view: &View, prepared: &Prepared) -> Result<(), StoreError> {
    for row in &prepared.rows {
        let found = view.rows.get(&(row.table.name, row.id.clone())).map_or(0, |head| head.version);
        let fits = match row.expected {
            Expected::New => found == 0,
            Expected::Version(version) => found == version && found > 0,
            Expected::Any => true,
        };
        if !fits {
            return Err(StoreError::Conflict {
                table: row.table.name,
                id: row.id.clone(),
                expected: row.expected,
                found,
            });
        }
    }
    Ok(())
}

fn premises(view: &View, change: &Change) -> Result<(), StoreError> {
    for premise in &change.premises {
        let found = view.rows.get(&(premise.table.name, premise.id.clone())).map_or(0, |head| head.version);
        if found != premise.version {
            return Err(StoreError::Conflict {
                table: premise.table.name,
                id: premise.id.clone(),
                expected: Expected::Version(premise.version),
                found,
            });
        }
    }
    Ok(())
}

fn cursors(view: &View, change: &Change) -> Result<(), StoreError> {
    for cursor in &change.cursors {
        let found = view.cursors.get(&cursor.subscriber).copied().unwrap_or(0);
        if found != cursor.from {
            return Err(StoreError::CursorMoved {
                subscriber: cursor.subscriber.clone(),
                expected: cursor.from,
                found,
            });
        }
    }
    Ok(())
}

fn claims(view: &View, change: &Change) -> Result<(), StoreError> {
    let mut taken = HashSet::new();
    for op in &change.due {
        if let DueOp::Claim { at, kind, subject } = op {
            let key = (at.micros(), kind.clone(), subject.clone());
            if !view.due.contains(&key) || !taken.insert(key) {
                return Err(StoreError::DueGone { kind: kind.clone(), subject: subject.clone() });
            }
        }
    }
    Ok(())
}

/// Walks through the increments on a copy of the cells they touch, after the rows that the change itself writes or deletes.
fn guards(view: &View, change: &Change) -> Result<(), StoreError> {
    let mut cells: HashMap<(&str, &str, &str), i64> = HashMap::new();
    for step in &change.increments {
        let missing = || StoreError::NoSuchRow { table: step.table.name, id: step.id.clone() };
        let failed = || StoreError::GuardFailed { table: step.table.name, id: step.id.clone(), column: step.column };
        let key = (step.table.name, step.id.as_str(), step.column);
        let before = match cells.get(&key) {
            Some(n) => *n,
            None => cell_before(view, change, key).ok_or_else(missing)?,
        };
        let after = before.checked_add(step.by).ok_or_else(failed)?;
        if step.guard.is_some_and(|least| after < least) {
            return Err(failed());
        }
        cells.insert(key, after);
    }
    Ok(())
}

fn cell_before(view: &View, change: &Change, (table, id, column): (&str, &str, &str)) -> Option<i64> {
    if change.deletes.iter().any(|d| d.table.name == table && d.id == id) {
        return None;
    }
    if let Some(row) = change.plain.iter().rev().find(|w| w.table.name == table && w.id == id) {
        let place = row.table.columns.iter().position(|c| c.name == column)?;
        return match row.columns.get(place) {
            Some(Value::Int(n)) => Some(*n),
            _ => Some(0),
        };
    }
    let table = change.increments.iter().find(|s| s.table.name == table)?.table;
    let cells = view.cells.get(&(table.name, id.to_owned()))?;
    let column = int_columns(table).find(|name| *name == column)?;
    Some(cells.get(column).copied().unwrap_or(0))
}
