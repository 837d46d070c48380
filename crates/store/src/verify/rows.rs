//! Third pass: every state row beside the fact that produced it.

use super::{CHUNK, Fault, Report};
use crate::chain;
use crate::error::StoreError;
use crate::shape::Shape;
use crate::store::Snapshot;
use crate::value::Row;

/// Columns of the SELECT before the promoted ones.
const FIXED: usize = 8;

/// Returns the number of rows.
pub(super) async fn verify(
    snapshot: &Snapshot,
    region: &str,
    table: &Shape,
    report: &mut Report,
) -> Result<u64, StoreError> {
    let before = report.rows;
    let name = &table.name;
    let promoted: String = table.promoted().map(|column| format!(", t.{column}")).collect();
    let sql = format!(
        "SELECT t.id, t.version, t.head_hash, t.doc, f.hash, f.row_digest, f.position, n.position{promoted} FROM {name} t \
         LEFT JOIN fact f ON f.region = t.region AND f.stream = '{name}/' || t.id AND f.version = t.version \
         LEFT JOIN fact n ON n.region = t.region AND n.stream = '{name}/' || t.id AND n.version = t.version + 1 \
         WHERE t.region = $1 AND t.id > $2 ORDER BY t.id LIMIT $3"
    );
    let mut id = String::new();
    loop {
        let rows = snapshot.query(&sql, &[region.into(), id.as_str().into(), CHUNK.into()]).await?;
        for row in &rows {
            report.rows += 1;
            if let Err(problem) = check(region, table, row) {
                report.faults.push(Fault {
                    region: region.to_owned(),
                    position: row.opt_int(6).ok().flatten(),
                    stream: row.text(0).ok().map(|id| format!("{name}/{id}")),
                    version: row.int(1).ok(),
                    problem,
                });
            }
        }
        let Some(row) = rows.last().filter(|_| !report.is_full()) else { return Ok(report.rows - before) };
        id = row.text(0)?.to_owned();
    }
}

fn check(region: &str, table: &Shape, row: &Row) -> Result<(), String> {
    let read = |e: StoreError| format!("the state row cannot be read: {e}");
    let (id, doc) = (row.text(0).map_err(read)?, row.text(3).map_err(read)?);
    if row.opt_int(7).map_err(read)?.is_some() {
        return Err("the state row is older than its stream: it was put back".to_owned());
    }
    let (Some(hash), Some(digest)) = (row.opt_bytes(4).map_err(read)?, row.opt_bytes(5).map_err(read)?) else {
        return Err("the state row has a version for which there is no fact".to_owned());
    };
    if row.bytes(2).map_err(read)? != hash {
        return Err("the state row does not carry the hash of its last fact".to_owned());
    }
    let columns: Vec<_> = table.promoted().zip(row.values().iter().skip(FIXED)).collect();
    if chain::row_digest(region, &table.name, id, &columns, doc) != digest {
        return Err("the state row was changed: it does not fit the digest in its last fact".to_owned());
    }
    Ok(())
}

/// Streams whose state row is gone.
pub(super) async fn lost(
    snapshot: &Snapshot,
    region: &str,
    table: &Shape,
    report: &mut Report,
) -> Result<(), StoreError> {
    let name = &table.name;
    let sql = format!(
        "SELECT f.stream, f.position FROM fact f WHERE f.region = $1 AND f.stream >= '{name}/' AND f.stream < '{name}0' \
         AND f.version = 1 AND NOT EXISTS (SELECT 1 FROM {name} t WHERE t.region = f.region AND t.id = substr(f.stream, {})) \
         ORDER BY f.stream LIMIT 100",
        name.len() + 2
    );
    for row in snapshot.query(&sql, &[region.into()]).await? {
        report.faults.push(Fault {
            region: region.to_owned(),
            position: row.opt_int(1).ok().flatten(),
            stream: row.text(0).ok().map(str::to_owned),
            version: None,
            problem: "the state row of this stream is gone".to_owned(),
        });
    }
    Ok(())
}
