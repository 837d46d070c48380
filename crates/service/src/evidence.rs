//! Does everything that the city can be held to still stand: the journal with its state rows, which the store verifies, and the
//! sealed documents and records of rules, whose digests the facts name.

use std::collections::BTreeMap;

use domain::cases::{DocumentRef, Fact};
use domain::time::Timestamp;
use seal::document::verify_document;
use store::{Fault, Report, Row, SignedCheckpoint, Snapshot, Value};

use crate::cases::record;
use crate::city::City;
use crate::error::ServiceError;

/// Facts or documents read at once.
const CHUNK: i64 = 500;

/// What was found.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The journal, the state rows and the checkpoints; faults of documents are among its faults.
    pub journal: Report,
    /// Sealed documents looked at.
    pub documents: u64,
    /// Records of rules looked at.
    pub records: u64,
}

/// A document as a fact names it.
struct Named {
    reference: DocumentRef,
    stream: String,
    version: i64,
    position: i64,
}

/// The record of a run of rules as a fact names it.
struct Recorded {
    id: String,
    sha256: String,
    place: Fault,
}

/// Verifies all of it beside a live server; `held` is a checkpoint from elsewhere whose signature was verified.
///
/// # Errors
/// Only that the search could not be done; what is wrong stands in the report.
pub async fn verify(city: &City, held: Option<&SignedCheckpoint>) -> Result<Evidence, ServiceError> {
    let journal = city.store().verify(held).await?;
    let snapshot = city.store().snapshot().await?;
    let mut evidence = Evidence { journal, documents: 0, records: 0 };
    issued(city, &snapshot, &mut evidence).await?;
    unvouched(city, &snapshot, &mut evidence).await?;
    unvouched_records(city, &snapshot, &mut evidence).await?;
    Ok(evidence)
}

/// Every fact that names a document or a record of rules with its digest, beside what it names.
async fn issued(city: &City, snapshot: &Snapshot, evidence: &mut Evidence) -> Result<(), ServiceError> {
    let sql = "SELECT f.position, f.stream, f.version, b.body FROM fact f \
               JOIN fact_body b ON b.region = f.region AND b.position = f.position \
               WHERE f.region = $1 AND f.position > $2 ORDER BY f.position LIMIT $3";
    let mut after = 0;
    loop {
        let rows = snapshot.query(sql, &[city.region().into(), after.into(), CHUNK.into()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.int(0)?;
        let mut named = BTreeMap::new();
        let mut records = Vec::new();
        for row in &rows {
            let Ok(fact) = serde_json::from_str::<Fact>(row.text(3)?) else { continue };
            records.extend(recorded(city, &fact, row)?);
            let Some(reference) = fact.document().filter(|reference| reference.sha256.is_some()) else { continue };
            let own = Named {
                reference: reference.clone(),
                stream: row.text(1)?.to_owned(),
                version: row.int(2)?,
                position: row.int(0)?,
            };
            named.insert(reference.id.to_string(), own);
        }
        compare(city, snapshot, named, evidence).await?;
        compare_records(city, snapshot, &records, evidence).await?;
    }
}

fn recorded(city: &City, fact: &Fact, row: &Row) -> Result<Option<Recorded>, ServiceError> {
    let Some(run) = fact.rules().filter(|run| !run.record_sha256.is_empty()) else { return Ok(None) };
    let stream = row.text(1)?;
    Ok(Some(Recorded {
        id: record::id(stream.trim_start_matches("casefile/"), &run.record_sha256),
        sha256: run.record_sha256.clone(),
        place: Fault {
            region: city.region().to_owned(),
            position: Some(row.int(0)?),
            stream: Some(stream.to_owned()),
            version: Some(row.int(2)?),
            ..Fault::default()
        },
    }))
}

async fn compare_records(
    city: &City,
    snapshot: &Snapshot,
    records: &[Recorded],
    evidence: &mut Evidence,
) -> Result<(), ServiceError> {
    let sql = "SELECT doc FROM rule_record WHERE region = $1 AND id = $2";
    for own in records {
        let rows = snapshot.query(sql, &[city.region().into(), own.id.as_str().into()]).await?;
        let problem = match rows.first() {
            Some(row) if seal::digest::sha256_hex(row.text(0)?.as_bytes()) == own.sha256 => {
                evidence.records += 1;
                continue;
            }
            Some(_) => "the record of the rules was changed: it does not fit the digest in its fact",
            None => "the record of the rules is gone",
        };
        evidence.journal.faults.push(Fault { problem: problem.to_owned(), ..own.place.clone() });
    }
    Ok(())
}

/// Records of rules that no fact names: somebody put them there.
async fn unvouched_records(city: &City, snapshot: &Snapshot, evidence: &mut Evidence) -> Result<(), ServiceError> {
    let count = "SELECT CAST(count(*) AS BIGINT) FROM rule_record WHERE region = $1";
    let count = snapshot.query(count, &[city.region().into()]).await?.first().map_or(Ok(0), |row| row.int(0))?;
    if u64::try_from(count).ok() == Some(evidence.records) {
        return Ok(());
    }
    let sql = "SELECT id FROM rule_record WHERE region = $1 AND id > $2 ORDER BY id LIMIT $3";
    let mut id = String::new();
    loop {
        let rows = snapshot.query(sql, &[city.region().into(), id.as_str().into(), CHUNK.into()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        for row in &rows {
            let (case, sha256) = row.text(0)?.split_once('/').unwrap_or((row.text(0)?, ""));
            let names = |fact: &Fact| fact.rules().is_some_and(|run| run.record_sha256 == sha256);
            if !has_fact(city, snapshot, case, names).await? {
                evidence.journal.faults.push(Fault {
                    region: city.region().to_owned(),
                    stream: Some(format!("casefile/{case}")),
                    problem: format!("no fact names the record of rules {sha256}"),
                    ..Fault::default()
                });
            }
        }
        id = last.text(0)?.to_owned();
    }
}

async fn compare(
    city: &City,
    snapshot: &Snapshot,
    mut named: BTreeMap<String, Named>,
    evidence: &mut Evidence,
) -> Result<(), ServiceError> {
    if named.is_empty() {
        return Ok(());
    }
    let mut params: Vec<Value> = vec![city.region().into()];
    params.extend(named.keys().map(|id| id.as_str().into()));
    let places: Vec<String> = (2..=params.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT id, casefile, number, doc, kind, at FROM document WHERE region = $1 AND id IN ({}) ORDER BY id",
        places.join(", ")
    );
    for row in snapshot.query(&sql, &params).await? {
        let Some(own) = named.remove(row.text(0)?) else { continue };
        evidence.documents += 1;
        let digest = seal::digest::sha256_hex(row.text(3)?.as_bytes());
        if own.reference.sha256.as_ref() != Some(&digest) {
            evidence.fault(city, &own, "the sealed document was changed: it does not fit the digest in its fact");
        } else if row.text(2)? != own.reference.number || own.stream != format!("casefile/{}", row.text(1)?) {
            evidence.fault(city, &own, "the sealed document stands under another number or case than its fact says");
        } else if !bears(row.text(3)?, row.text(4)?, row.int(5)?) {
            evidence.fault(city, &own, "the sealed document stands under another kind or time than was sealed");
        }
    }
    for own in named.values() {
        evidence.fault(city, own, "the sealed document is gone");
    }
    Ok(())
}

/// Whether a sealed document says this kind and this time, in microseconds. Signatures know whole seconds.
fn bears(sealed: &str, kind: &str, at: i64) -> bool {
    let Ok(file) = serde_json::from_str::<serde_json::Value>(sealed) else { return false };
    let text = |pointer: &str| file.pointer(pointer).and_then(serde_json::Value::as_str);
    let second = Timestamp::from_micros(at - at.rem_euclid(1_000_000));
    text("/document/kind") == Some(kind) && text("/signature/signed_at") == Some(second.rfc3339().as_str())
}

/// Documents that no fact vouches for: those sealed before facts named digests, and those that somebody put there. Their own
/// seal must hold.
async fn unvouched(city: &City, snapshot: &Snapshot, evidence: &mut Evidence) -> Result<(), ServiceError> {
    let count = "SELECT CAST(count(*) AS BIGINT) FROM document WHERE region = $1";
    let count = snapshot.query(count, &[city.region().into()]).await?.first().map_or(Ok(0), |row| row.int(0))?;
    if u64::try_from(count).ok() == Some(evidence.documents) {
        return Ok(());
    }
    let sql = "SELECT d.id, d.casefile, d.number, d.doc FROM document d WHERE d.region = $1 AND d.id > $2 \
               ORDER BY d.id LIMIT $3";
    let mut id = String::new();
    loop {
        let rows = snapshot.query(sql, &[city.region().into(), id.as_str().into(), CHUNK.into()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        last.text(0)?.clone_into(&mut id);
        for row in &rows {
            if is_vouched(city, snapshot, row.text(1)?, row.text(0)?).await? {
                continue;
            }
            evidence.documents += 1;
            let report = verify_document(row.text(3)?.as_bytes(), &city.keys().roots, city.moment());
            let number = report.content.as_ref().map(|file| file.document.number.as_str());
            if !report.valid || number != Some(row.text(2)?) {
                evidence.journal.faults.push(Fault {
                    region: city.region().to_owned(),
                    stream: Some(format!("casefile/{}", row.text(1)?)),
                    problem: format!("document {}: no fact vouches for it and its seal does not hold", row.text(0)?),
                    ..Fault::default()
                });
            }
        }
    }
}

/// Whether a fact of the case names the document with its digest, so that [`issued`] has looked at it.
async fn is_vouched(city: &City, snapshot: &Snapshot, case: &str, id: &str) -> Result<bool, ServiceError> {
    let names = |fact: &Fact| {
        let named = fact.document().filter(|reference| reference.sha256.is_some());
        named.is_some_and(|reference| reference.id.to_string() == id)
    };
    has_fact(city, snapshot, case, names).await
}

async fn has_fact(
    city: &City,
    snapshot: &Snapshot,
    case: &str,
    wanted: impl Fn(&Fact) -> bool,
) -> Result<bool, ServiceError> {
    let sql = "SELECT b.body FROM fact f JOIN fact_body b ON b.region = f.region AND b.position = f.position \
               WHERE f.region = $1 AND f.stream = $2 ORDER BY f.version";
    let rows = snapshot.query(sql, &[city.region().into(), format!("casefile/{case}").into()]).await?;
    for row in &rows {
        if serde_json::from_str::<Fact>(row.text(0)?).is_ok_and(|fact| wanted(&fact)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Evidence {
    fn fault(&mut self, city: &City, own: &Named, problem: &str) {
        self.journal.faults.push(Fault {
            region: city.region().to_owned(),
            position: Some(own.position),
            stream: Some(own.stream.clone()),
            version: Some(own.version),
            problem: format!("document {}: {problem}", own.reference.number),
        });
    }
}
