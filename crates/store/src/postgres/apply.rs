//! Turns planned rows into statements over UNNEST arrays: one statement per table, however many rows.

use super::call::{Call, Param, array, column};
use crate::chain::Hash;
use crate::change::Forget;
use crate::plan::{AggregateRow, FactRow, PlainOp, PlainRow, Writes};
use crate::table::{Column, PlainTable, Table};
use crate::value::Value;
use std::collections::BTreeMap;

/// All statements of a batch, in the order in which they must run.
pub(super) fn calls<'a>(region: &'a str, writes: &'a Writes) -> Vec<Call<'a>> {
    let mut out = Vec::new();
    if !writes.facts.is_empty() {
        facts(&mut out, region, &writes.facts);
    }
    let mut tables: BTreeMap<&str, (&'static Table, Vec<&AggregateRow>)> = BTreeMap::new();
    for row in &writes.rows {
        tables.entry(row.table.name).or_insert((row.table, Vec::new())).1.push(row);
    }
    for (table, rows) in tables.into_values() {
        out.push(aggregates(region, table, &rows));
    }
    plain(&mut out, region, &writes.plain);
    small_rows(&mut out, region, writes);
    due(&mut out, region, writes);
    rare(&mut out, region, writes);
    out
}

/// True if each statement that states a number of rows has touched as many.
pub(super) fn counted(calls: &[Call<'_>], done: &[u64]) -> bool {
    calls.iter().zip(done).all(|(call, done)| call.rows.is_none_or(|rows| rows as u64 == *done))
}

fn list<'a, T, U: tokio_postgres::types::ToSql + Sync + Send + 'a>(
    items: &'a [T],
    pick: impl Fn(&'a T) -> U,
) -> Param<'a> {
    Box::new(items.iter().map(pick).collect::<Vec<U>>())
}

fn facts<'a>(out: &mut Vec<Call<'a>>, region: &'a str, facts: &'a [FactRow]) {
    let bytes = |pick: fn(&FactRow) -> &Hash| list(facts, move |f| pick(f).as_slice());
    out.push(Call::new(
        "INSERT INTO fact (region, position, stream, version, kind, actor, at, row_digest, commitment, prev_hash, hash, link) \
         SELECT $1::text, * FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], \
         $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])",
        vec![
            Box::new(region),
            list(facts, |f| f.position),
            list(facts, |f| f.stream.as_str()),
            list(facts, |f| f.version),
            list(facts, |f| f.kind),
            list(facts, |f| f.actor.as_str()),
            list(facts, |f| f.at),
            bytes(|f| &f.row_digest),
            bytes(|f| &f.commitment),
            bytes(|f| &f.prev_hash),
            bytes(|f| &f.hash),
            bytes(|f| &f.link),
        ],
    ));
    out.push(Call::new(
        "INSERT INTO fact_body (region, position, salt, body) \
         SELECT $1::text, * FROM unnest($2::bigint[], $3::bytea[], $4::text[])",
        vec![
            Box::new(region),
            list(facts, |f| f.position),
            list(facts, |f| f.salt.as_slice()),
            list(facts, |f| f.body.as_str()),
        ],
    ));
}

fn aggregates<'a>(region: &'a str, table: &'static Table, rows: &[&'a AggregateRow]) -> Call<'a> {
    let ids: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let versions: Vec<i64> = rows.iter().map(|r| r.version).collect();
    let heads: Vec<&[u8]> = rows.iter().map(|r| r.head_hash.as_slice()).collect();
    let docs: Vec<&str> = rows.iter().map(|r| r.doc.as_str()).collect();
    let mut params: Vec<Param<'a>> =
        vec![Box::new(region), Box::new(ids), Box::new(versions), Box::new(heads), Box::new(docs)];
    params.extend(arrays(table.columns, rows.iter().map(|r| r.columns.as_slice()).collect()));
    let fixed = [("version", "bigint[]"), ("head_hash", "bytea[]"), ("doc", "text[]")];
    Call::new(upsert(table.name, &fixed, table.columns), params)
}

/// One array per column out of the values of many rows.
fn arrays<'a>(columns: &[Column], rows: Vec<&'a [Value]>) -> Vec<Param<'a>> {
    let one = |(place, c): (usize, &Column)| column(c.kind, rows.iter().map(|row| row.get(place)));
    columns.iter().enumerate().map(one).collect()
}

fn upsert(table: &str, fixed: &[(&str, &str)], columns: &[Column]) -> String {
    let typed: Vec<(&str, &str)> =
        fixed.iter().copied().chain(columns.iter().map(|c| (c.name, array(c.kind)))).collect();
    let names: String = typed.iter().map(|(name, _)| format!(", {name}")).collect();
    let places: String = typed.iter().zip(3..).map(|((_, ty), n)| format!(", ${n}::{ty}")).collect();
    let sets: Vec<String> = typed.iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
    let action = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
    format!(
        "INSERT INTO {table} (region, id{names}) SELECT $1::text, * FROM unnest($2::text[]{places}) \
         ON CONFLICT (region, id) DO {action}"
    )
}

/// Ids and values of the rows of one table.
type Upserts<'a> = (&'static PlainTable, Vec<&'a str>, Vec<&'a [Value]>);
/// Ids and what is added, for one column of one table.
type Adds<'a> = (Vec<&'a str>, Vec<i64>);

fn plain<'a>(out: &mut Vec<Call<'a>>, region: &'a str, rows: &'a [PlainRow]) {
    let mut upserts: BTreeMap<&str, Upserts<'a>> = BTreeMap::new();
    let mut deletes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut adds: BTreeMap<(&str, &str), Adds<'a>> = BTreeMap::new();
    for row in rows {
        match &row.op {
            PlainOp::Upsert(values) => {
                let (_, ids, all) = upserts.entry(row.table.name).or_insert((row.table, Vec::new(), Vec::new()));
                ids.push(&row.id);
                all.push(values);
            }
            PlainOp::Delete => deletes.entry(row.table.name).or_default().push(&row.id),
            PlainOp::Add(sums) => {
                for (column, by) in sums {
                    let (ids, all) = adds.entry((row.table.name, column)).or_default();
                    ids.push(&row.id);
                    all.push(*by);
                }
            }
        }
    }
    for (table, ids) in deletes {
        let sql = format!("DELETE FROM {table} WHERE region = $1 AND id = ANY($2)");
        out.push(Call::new(sql, vec![Box::new(region), Box::new(ids)]));
    }
    for (table, ids, values) in upserts.into_values() {
        let mut params: Vec<Param<'a>> = vec![Box::new(region), Box::new(ids)];
        params.extend(arrays(table.columns, values));
        out.push(Call::new(upsert(table.name, &[], table.columns), params));
    }
    for ((table, column), (ids, by)) in adds {
        let sql = format!(
            "UPDATE {table} t SET {column} = COALESCE(t.{column}, 0) + u.by FROM unnest($2::text[], $3::bigint[]) AS u(id, by) \
             WHERE t.region = $1 AND t.id = u.id"
        );
        let rows = Some(ids.len());
        out.push(Call { rows, ..Call::new(sql, vec![Box::new(region), Box::new(ids), Box::new(by)]) });
    }
}

fn small_rows<'a>(out: &mut Vec<Call<'a>>, region: &'a str, writes: &'a Writes) {
    if !writes.counters.is_empty() {
        let names: Vec<&str> = writes.counters.keys().map(|(name, _)| name.as_str()).collect();
        let keys: Vec<&str> = writes.counters.keys().map(|(_, key)| key.as_str()).collect();
        let by: Vec<i64> = writes.counters.values().copied().collect();
        let sql = "INSERT INTO counter (region, name, key, n) \
                   SELECT $1::text, * FROM unnest($2::text[], $3::text[], $4::bigint[]) \
                   ON CONFLICT (region, name, key) DO UPDATE SET n = counter.n + excluded.n";
        out.push(Call::new(sql, vec![Box::new(region), Box::new(names), Box::new(keys), Box::new(by)]));
    }
    if !writes.idempotency.is_empty() {
        let rows = &writes.idempotency;
        let sql = "INSERT INTO idempotency (region, token, key, body_hash, result, at) \
                   SELECT $1::text, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::bigint[])";
        let params: Vec<Param<'a>> = vec![
            Box::new(region),
            list(rows, |r| r.token.as_str()),
            list(rows, |r| r.key.as_str()),
            list(rows, |r| r.body_hash.as_slice()),
            list(rows, |r| r.result.as_str()),
            list(rows, |r| r.at),
        ];
        out.push(Call::new(sql, params));
    }
    let pairs = [
        (&writes.cursors, "subscriber (region, name, position)", "name", "position"),
        (&writes.blocks, "number_block (region, series, next)", "series", "next"),
    ];
    for (map, target, key, value) in pairs.into_iter().filter(|(map, ..)| !map.is_empty()) {
        let keys: Vec<&str> = map.keys().map(String::as_str).collect();
        let values: Vec<i64> = map.values().copied().collect();
        let sql = format!(
            "INSERT INTO {target} SELECT $1::text, * FROM unnest($2::text[], $3::bigint[]) \
             ON CONFLICT (region, {key}) DO UPDATE SET {value} = excluded.{value}"
        );
        out.push(Call::new(sql, vec![Box::new(region), Box::new(keys), Box::new(values)]));
    }
    if !writes.access.is_empty() {
        let sql = "INSERT INTO access (region, subject, at, who, purpose) \
                   SELECT $1::text, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING";
        let subjects: Vec<&str> = writes.access.iter().map(|a| a.subject.as_str()).collect();
        let at: Vec<i64> = writes.access.iter().map(|a| a.at.micros()).collect();
        let who: Vec<&str> = writes.access.iter().map(|a| a.who.as_str()).collect();
        let purposes: Vec<&str> = writes.access.iter().map(|a| a.purpose.as_str()).collect();
        let params: Vec<Param<'a>> =
            vec![Box::new(region), Box::new(subjects), Box::new(at), Box::new(who), Box::new(purposes)];
        out.push(Call::new(sql, params));
    }
}

fn due<'a>(out: &mut Vec<Call<'a>>, region: &'a str, writes: &'a Writes) {
    if !writes.due_removals.is_empty() {
        let kinds: Vec<&str> = writes.due_removals.iter().map(|(kind, _)| kind.as_str()).collect();
        let subjects: Vec<&str> = writes.due_removals.iter().map(|(_, subject)| subject.as_str()).collect();
        let sql = "DELETE FROM due d USING unnest($2::text[], $3::text[]) AS u(kind, subject) \
                   WHERE d.region = $1 AND d.subject = u.subject AND d.kind = u.kind";
        out.push(Call::new(sql, vec![Box::new(region), Box::new(kinds), Box::new(subjects)]));
    }
    let claim = "DELETE FROM due d USING unnest($2::bigint[], $3::text[], $4::text[]) AS u(at, kind, subject) \
                 WHERE d.region = $1 AND d.at = u.at AND d.kind = u.kind AND d.subject = u.subject";
    let add = "INSERT INTO due (region, at, kind, subject) \
               SELECT $1::text, * FROM unnest($2::bigint[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING";
    for (rows, sql) in [(&writes.due_claims, claim), (&writes.due_adds, add)] {
        if !rows.is_empty() {
            let at: Vec<i64> = rows.iter().map(|(at, _, _)| *at).collect();
            let kinds: Vec<&str> = rows.iter().map(|(_, kind, _)| kind.as_str()).collect();
            let subjects: Vec<&str> = rows.iter().map(|(_, _, subject)| subject.as_str()).collect();
            out.push(Call::new(sql, vec![Box::new(region), Box::new(at), Box::new(kinds), Box::new(subjects)]));
        }
    }
}

/// What happens seldom is written one by one.
fn rare<'a>(out: &mut Vec<Call<'a>>, region: &'a str, writes: &'a Writes) {
    for (stream, upto) in &writes.erased {
        let sql = "DELETE FROM fact_body WHERE region = $1 AND position IN \
                   (SELECT position FROM fact WHERE region = $1 AND stream = $2 AND version <= $3)";
        out.push(Call::new(sql, vec![Box::new(region), Box::new(stream.as_str()), Box::new(*upto)]));
    }
    for c in &writes.checkpoints {
        let sql = "INSERT INTO checkpoint (region, position, at, root, peaks, signature, witness) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let params: Vec<Param<'a>> = vec![
            Box::new(region),
            Box::new(c.checkpoint.position),
            Box::new(c.checkpoint.at.micros()),
            Box::new(c.checkpoint.root.as_slice()),
            Box::new(c.peaks.to_bytes()),
            Box::new(c.signature.as_slice()),
            Box::new(c.witness.as_str()),
        ];
        out.push(Call::new(sql, params));
    }
    for forget in &writes.forgets {
        let (sql, key) = match forget {
            Forget::Accesses { subject } => ("DELETE FROM access WHERE region = $1 AND subject = $2", subject),
            Forget::Answers { token } => ("DELETE FROM idempotency WHERE region = $1 AND token = $2", token),
        };
        out.push(Call::new(sql, vec![Box::new(region), Box::new(key.as_str())]));
    }
    if let Some(before) = writes.forget_before {
        let sql = "DELETE FROM idempotency WHERE region = $1 AND at < $2";
        out.push(Call::new(sql, vec![Box::new(region), Box::new(before)]));
    }
}
