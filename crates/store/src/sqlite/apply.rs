//! Writes the planned rows, one prepared statement each.

use super::error;
use crate::change::Forget;
use crate::error::StoreError;
use crate::plan::{AggregateRow, FactRow, PlainOp, PlainRow, Writes};
use crate::table::Column;
use crate::value::Value;
use rusqlite::{Connection, Params, ToSql, params, params_from_iter};
use std::collections::HashMap;

/// Statement texts by table, so that they are put together once and not for every row.
#[derive(Debug, Default)]
pub(super) struct Texts {
    rows: HashMap<&'static str, String>,
    plain: HashMap<&'static str, String>,
}

/// Writes everything, in an order that suits mixed batches: removals of due rows before additions, erasures after facts.
pub(super) fn apply(conn: &Connection, texts: &mut Texts, region: &str, writes: &Writes) -> Result<(), StoreError> {
    for fact in &writes.facts {
        append(conn, region, fact)?;
    }
    for row in &writes.rows {
        aggregate(conn, texts, region, row)?;
    }
    for row in &writes.plain {
        plain(conn, texts, region, row)?;
    }
    small_rows(conn, region, writes)?;
    due(conn, region, writes)?;
    for (stream, upto) in &writes.erased {
        let sql = "DELETE FROM fact_body WHERE region = ?1 AND position IN \
                   (SELECT position FROM fact WHERE region = ?1 AND stream = ?2 AND version <= ?3)";
        run(conn, sql, params![region, stream, upto])?;
    }
    Ok(())
}

fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    conn.prepare_cached(sql).and_then(|mut stmt| stmt.execute(params)).map_err(error)
}

fn append(conn: &Connection, region: &str, f: &FactRow) -> Result<(), StoreError> {
    run(
        conn,
        "INSERT INTO fact (region, position, stream, version, kind, actor, at, row_digest, commitment, prev_hash, hash, link) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            region,
            f.position,
            f.stream,
            f.version,
            f.kind,
            f.actor,
            f.at,
            f.row_digest,
            f.commitment,
            f.prev_hash,
            f.hash,
            f.link
        ],
    )?;
    run(
        conn,
        "INSERT INTO fact_body (region, position, salt, body) VALUES (?1, ?2, ?3, ?4)",
        params![region, f.position, f.salt, f.body],
    )?;
    Ok(())
}

fn aggregate(conn: &Connection, texts: &mut Texts, region: &str, row: &AggregateRow) -> Result<(), StoreError> {
    let text = texts
        .rows
        .entry(row.table.name)
        .or_insert_with(|| upsert(row.table.name, &["version", "head_hash", "doc"], row.table.columns));
    let fixed: [&dyn ToSql; 5] = [&region, &row.id, &row.version, &row.head_hash, &row.doc];
    let values = fixed.into_iter().chain(row.columns.iter().map(|v| v as &dyn ToSql));
    run(conn, text, params_from_iter(values)).map(|_| ())
}

fn plain(conn: &Connection, texts: &mut Texts, region: &str, row: &PlainRow) -> Result<(), StoreError> {
    let name = row.table.name;
    match &row.op {
        PlainOp::Upsert(values) => {
            let text = texts.plain.entry(name).or_insert_with(|| upsert(name, &[], row.table.columns));
            let key: [&dyn ToSql; 2] = [&region, &row.id];
            let values = key.into_iter().chain(values.iter().map(|v: &Value| v as &dyn ToSql));
            run(conn, text, params_from_iter(values))?;
        }
        PlainOp::Delete => {
            run(conn, &format!("DELETE FROM {name} WHERE region = ?1 AND id = ?2"), params![region, row.id])?;
        }
        PlainOp::Add(sums) => {
            for (column, by) in sums {
                let sql =
                    format!("UPDATE {name} SET {column} = COALESCE({column}, 0) + ?3 WHERE region = ?1 AND id = ?2");
                run(conn, &sql, params![region, row.id, by])?;
            }
        }
    }
    Ok(())
}

fn small_rows(conn: &Connection, region: &str, writes: &Writes) -> Result<(), StoreError> {
    for ((name, key), by) in &writes.counters {
        let sql = "INSERT INTO counter (region, name, key, n) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (region, name, key) DO UPDATE SET n = n + excluded.n";
        run(conn, sql, params![region, name, key, by])?;
    }
    for row in &writes.idempotency {
        let sql = "INSERT INTO idempotency (region, token, key, body_hash, result, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        run(conn, sql, params![region, row.token, row.key, row.body_hash, row.result, row.at])?;
    }
    for (name, position) in &writes.cursors {
        let sql = "INSERT INTO subscriber (region, name, position) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (region, name) DO UPDATE SET position = excluded.position";
        run(conn, sql, params![region, name, position])?;
    }
    for (series, next) in &writes.blocks {
        let sql = "INSERT INTO number_block (region, series, next) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (region, series) DO UPDATE SET next = excluded.next";
        run(conn, sql, params![region, series, next])?;
    }
    for a in &writes.access {
        let sql =
            "INSERT INTO access (region, subject, at, who, purpose) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
        run(conn, sql, params![region, a.subject, a.at.micros(), a.who, a.purpose])?;
    }
    for c in &writes.checkpoints {
        let sql = "INSERT INTO checkpoint (region, position, at, root, peaks, signature, witness) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
        let (cp, peaks) = (&c.checkpoint, c.peaks.to_bytes());
        run(conn, sql, params![region, cp.position, cp.at.micros(), cp.root, peaks, c.signature, c.witness])?;
    }
    for forget in &writes.forgets {
        let (sql, key) = match forget {
            Forget::Accesses { subject } => ("DELETE FROM access WHERE region = ?1 AND subject = ?2", subject),
            Forget::Answers { token } => ("DELETE FROM idempotency WHERE region = ?1 AND token = ?2", token),
        };
        run(conn, sql, params![region, key])?;
    }
    if let Some(before) = writes.forget_before {
        run(conn, "DELETE FROM idempotency WHERE region = ?1 AND at < ?2", params![region, before])?;
    }
    Ok(())
}

fn due(conn: &Connection, region: &str, writes: &Writes) -> Result<(), StoreError> {
    for (kind, subject) in &writes.due_removals {
        let sql = "DELETE FROM due WHERE region = ?1 AND subject = ?2 AND kind = ?3";
        run(conn, sql, params![region, subject, kind])?;
    }
    for (at, kind, subject) in &writes.due_claims {
        let sql = "DELETE FROM due WHERE region = ?1 AND at = ?2 AND kind = ?3 AND subject = ?4";
        run(conn, sql, params![region, at, kind, subject])?;
    }
    for (at, kind, subject) in &writes.due_adds {
        let sql = "INSERT INTO due (region, at, kind, subject) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        run(conn, sql, params![region, at, kind, subject])?;
    }
    Ok(())
}

/// `INSERT … ON CONFLICT (region, id) DO UPDATE` with parameters region, id, `fixed`, `columns`.
fn upsert(table: &str, fixed: &[&str], columns: &[Column]) -> String {
    let names: Vec<&str> = fixed.iter().copied().chain(columns.iter().map(|c| c.name)).collect();
    let places: Vec<String> = (1..=names.len() + 2).map(|n| format!("?{n}")).collect();
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let action = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
    let comma = if names.is_empty() { "" } else { ", " };
    format!(
        "INSERT INTO {table} (region, id{comma}{}) VALUES ({}) ON CONFLICT (region, id) DO {action}",
        names.join(", "),
        places.join(", ")
    )
}
