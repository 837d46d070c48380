//! Do the published matters stand as they were published: each version beside the digest in the fact that published it.

use std::collections::BTreeMap;

use store::{Fault, Report, Store};

use super::import::MatterFact;
use crate::error::ServiceError;

/// Versions read at once; each holds all files of a matter.
const CHUNK: i64 = 50;
/// Before 2026-11-23 a version had its time from a clock that was read again, up to this much later than the fact's; microseconds.
const READ_TWICE: i64 = 10_000_000;

/// Adds what is wrong with the published versions to the report, and their number to its rows.
///
/// # Errors
/// Only that the search could not be done.
pub async fn verify(store: &Store, region: &str, report: &mut Report) -> Result<(), ServiceError> {
    let snapshot = store.snapshot().await?;
    let sql = "SELECT f.position, f.stream, f.version, b.body, f.at FROM fact f \
               JOIN fact_body b ON b.region = f.region AND b.position = f.position \
               WHERE f.region = $1 AND f.stream >= 'matter/' AND f.stream < 'matter0' ORDER BY f.stream, f.version";
    let mut published = BTreeMap::new();
    for row in snapshot.query(sql, &[region.into()]).await? {
        // What cannot be read was named when the journal itself was verified.
        let Ok(MatterFact::Published { version, digest }) = serde_json::from_str(row.text(3)?) else { continue };
        let stream = row.text(1)?.to_owned();
        let id = format!("{}/{version}", stream.trim_start_matches("matter/"));
        let fault = Fault {
            region: region.to_owned(),
            position: Some(row.int(0)?),
            stream: Some(stream),
            version: Some(row.int(2)?),
            problem: String::new(),
        };
        published.insert(id, (digest, row.int(4)?, fault));
    }
    let sql = "SELECT id, doc, at FROM matter_version WHERE region = $1 AND id > $2 ORDER BY id LIMIT $3";
    let mut id = String::new();
    loop {
        let rows = snapshot.query(sql, &[region.into(), id.as_str().into(), CHUNK.into()]).await?;
        let Some(last) = rows.last() else { break };
        last.text(0)?.clone_into(&mut id);
        for row in &rows {
            report.rows += 1;
            let (id, digest) = (row.text(0)?, seal::digest::sha256_hex(row.text(1)?.as_bytes()));
            match published.remove(id) {
                Some((own, _, fault)) if own != digest => {
                    let problem = format!("matter_version {id} was changed: it does not fit the digest in its fact");
                    report.faults.push(Fault { problem, ..fault });
                }
                Some((_, at, fault)) if !(0..READ_TWICE).contains(&(row.int(2)? - at)) => {
                    let problem = format!("matter_version {id} bears another time than the fact that published it");
                    report.faults.push(Fault { problem, ..fault });
                }
                Some(_) => {}
                None => {
                    let problem = format!("matter_version {id}: no fact says that it was published");
                    report.faults.push(Fault { region: region.to_owned(), problem, ..Fault::default() });
                }
            }
        }
    }
    for (id, (_, _, fault)) in published {
        report.faults.push(Fault { problem: format!("matter_version {id} is gone"), ..fault });
    }
    Ok(())
}
