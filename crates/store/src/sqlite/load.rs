//! Reads what a change must be decided on, inside the write transaction.

use super::error;
use crate::chain::Hash;
use crate::error::StoreError;
use crate::plan::{Head, Needs, RowHead, View, int_columns};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Last position and link of a region.
pub(super) fn head(conn: &Connection, region: &str) -> Result<Head, StoreError> {
    let sql = "SELECT position, link FROM fact WHERE region = ?1 ORDER BY position DESC LIMIT 1";
    let mut stmt = conn.prepare_cached(sql).map_err(error)?;
    let found = stmt.query_row([region], |row| Ok(Head { position: row.get(0)?, link: row.get(1)? })).optional();
    Ok(found.map_err(error)?.unwrap_or(Head::EMPTY))
}

/// Everything that `needs` names.
pub(super) fn view(conn: &Connection, region: &str, needs: &Needs, head: Head) -> Result<View, StoreError> {
    let mut view = View::new(head);
    for (table, ids) in &needs.rows {
        let sql = format!("SELECT version, head_hash FROM {table} WHERE region = ?1 AND id = ?2");
        let mut stmt = conn.prepare_cached(&sql).map_err(error)?;
        for id in ids {
            let found = stmt.query_row((region, id), |row| Ok((row.get(0)?, row.get::<_, Hash>(1)?))).optional();
            if let Some((version, hash)) = found.map_err(error)? {
                view.rows.insert((table, id.clone()), RowHead { version, hash });
            }
        }
    }
    cells(conn, region, needs, &mut view)?;
    keys(conn, region, needs, &mut view)?;
    Ok(view)
}

fn cells(conn: &Connection, region: &str, needs: &Needs, view: &mut View) -> Result<(), StoreError> {
    for (name, (table, ids)) in &needs.cells {
        let columns: Vec<&'static str> = int_columns(table).collect();
        let list: Vec<String> = columns.iter().map(|c| format!("COALESCE({c}, 0)")).collect();
        let sql = format!("SELECT {} FROM {name} WHERE region = ?1 AND id = ?2", list.join(", "));
        let mut stmt = conn.prepare_cached(&sql).map_err(error)?;
        for id in ids {
            let found = stmt
                .query_row((region, id), |row| {
                    columns.iter().enumerate().map(|(i, c)| Ok((*c, row.get(i)?))).collect::<Result<HashMap<_, _>, _>>()
                })
                .optional();
            if let Some(cells) = found.map_err(error)? {
                view.cells.insert((name, id.clone()), cells);
            }
        }
    }
    Ok(())
}

fn keys(conn: &Connection, region: &str, needs: &Needs, view: &mut View) -> Result<(), StoreError> {
    for (token, key) in &needs.idempotency {
        let sql = "SELECT body_hash, result FROM idempotency WHERE region = ?1 AND token = ?2 AND key = ?3";
        let mut stmt = conn.prepare_cached(sql).map_err(error)?;
        let found = stmt.query_row((region, token, key), |row| Ok((row.get(0)?, row.get(1)?))).optional();
        if let Some(first) = found.map_err(error)? {
            view.idempotency.insert((token.clone(), key.clone()), first);
        }
    }
    for (at, kind, subject) in &needs.due {
        let sql = "SELECT 1 FROM due WHERE region = ?1 AND at = ?2 AND kind = ?3 AND subject = ?4";
        let mut stmt = conn.prepare_cached(sql).map_err(error)?;
        if stmt.exists((region, at, kind, subject)).map_err(error)? {
            view.due.insert((*at, kind.clone(), subject.clone()));
        }
    }
    for name in &needs.cursors {
        let sql = "SELECT position FROM subscriber WHERE region = ?1 AND name = ?2";
        let mut stmt = conn.prepare_cached(sql).map_err(error)?;
        let found = stmt.query_row((region, name), |row| row.get(0)).optional().map_err(error)?;
        view.cursors.insert(name.clone(), found.unwrap_or(0));
    }
    for series in &needs.blocks {
        let sql = "SELECT next FROM number_block WHERE region = ?1 AND series = ?2";
        let mut stmt = conn.prepare_cached(sql).map_err(error)?;
        let found = stmt.query_row((region, series), |row| row.get(0)).optional().map_err(error)?;
        view.blocks.insert(series.clone(), found.unwrap_or(1));
    }
    Ok(())
}
