//! Second pass: every fact in order of stream and version.

use super::{CHUNK, Fault, Report};
use crate::chain;
use crate::change::ERASED;
use crate::error::StoreError;
use crate::shape::Shape;
use crate::store::Snapshot;
use crate::value::Row;
use std::collections::HashMap;

const FACTS: &str = "SELECT f.stream, f.version, f.position, f.kind, f.prev_hash, f.hash, \
                     CASE WHEN b.position IS NULL THEN 0 ELSE 1 END FROM fact f \
                     LEFT JOIN fact_body b ON b.region = f.region AND b.position = f.position \
                     WHERE f.region = $1 AND (f.stream, f.version) > ($2, $3) ORDER BY f.stream, f.version LIMIT $4";

/// Where the walk stands.
struct Last {
    stream: String,
    version: i64,
    position: i64,
    hash: Vec<u8>,
    /// Facts of this stream whose body is gone and for which no erasure has been seen yet.
    bare: Vec<(i64, i64)>,
}

/// Returns the number of streams of each table.
pub(super) async fn verify(
    snapshot: &Snapshot,
    region: &str,
    tables: &[Shape],
    report: &mut Report,
) -> Result<HashMap<String, u64>, StoreError> {
    let mut counts = HashMap::new();
    let mut last = Last::start(String::new());
    // The key to go on from is what was read, even where a fact is damaged; `Last` follows what can be understood.
    let (mut stream, mut version) = (String::new(), 0);
    loop {
        let key = [region.into(), stream.as_str().into(), version.into(), CHUNK.into()];
        let rows = snapshot.query(FACTS, &key).await?;
        for row in &rows {
            let Ok(name) = row.text(0) else { continue };
            if name != last.stream {
                last.end(region, report);
                last = Last::start(name.to_owned());
                let table = name.split_once('/').map_or(name, |(table, _)| table);
                *counts.entry(table.to_owned()).or_default() += 1;
                if !tables.iter().any(|t| t.name == table) {
                    report.faults.push(last.fault(region, 1, None, format!("there is no table {table}")));
                }
            }
            last.step(region, row, report);
        }
        let Some(row) = rows.last().filter(|_| !report.is_full()) else { break };
        (stream, version) = (row.text(0)?.to_owned(), row.int(1)?);
    }
    last.end(region, report);
    Ok(counts)
}

impl Last {
    fn start(stream: String) -> Last {
        Last { stream, version: 0, position: 0, hash: chain::NOTHING.to_vec(), bare: Vec::new() }
    }

    fn step(&mut self, region: &str, row: &Row, report: &mut Report) {
        let (Ok(version), Ok(position), Ok(kind)) = (row.int(1), row.int(2), row.text(3)) else {
            // The first pass has named this fact.
            return;
        };
        if version != self.version + 1 {
            let problem = format!("version {} is missing in the stream", self.version + 1);
            report.faults.push(self.fault(region, self.version + 1, None, problem));
        } else if row.bytes(4).unwrap_or_default() != self.hash {
            let problem =
                "the fact does not follow the one before it in its stream: one of them was changed".to_owned();
            report.faults.push(self.fault(region, version, Some(position), problem));
        } else if position <= self.position {
            let problem = "the fact has an earlier position than the one before it in its stream".to_owned();
            report.faults.push(self.fault(region, version, Some(position), problem));
        }
        if kind == ERASED {
            self.bare.clear();
        }
        if row.int(6) == Ok(0) {
            self.bare.push((version, position));
        }
        (self.version, self.position) = (version, position);
        self.hash = row.bytes(5).unwrap_or_default().to_vec();
    }

    /// A body that is gone and no erasure after it.
    fn end(&self, region: &str, report: &mut Report) {
        for (version, position) in &self.bare {
            let problem = "the body of the fact is gone, and no erasure says so".to_owned();
            report.faults.push(self.fault(region, *version, Some(*position), problem));
        }
    }

    fn fault(&self, region: &str, version: i64, position: Option<i64>, problem: String) -> Fault {
        Fault {
            region: region.to_owned(),
            position,
            stream: Some(self.stream.clone()),
            version: Some(version),
            problem,
        }
    }
}
