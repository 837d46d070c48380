//! Does the evidence hold? Finds any byte changed in a fact, a body, the order of facts or a state row, and a missing tail
//! against a checkpoint, and names the place. Works in one snapshot, so it can run beside a live server.
//!
//! | pass | reads | finds |
//! |---|---|---|
//! | positions | facts in order of position | changed header, body or hash; gaps; swapped order; checkpoints that do not fit |
//! | streams | facts in order of stream | broken chain, missing version, a body that is gone without an erasure |
//! | rows | every row of every aggregate table beside its last fact | changed column or doc, wrong version, row without fact |
//! | lost rows | every stream | stream whose row was deleted |
//!
//! What nobody can find from inside alone: that *everything* was recomputed, or that the last facts and their row states
//! were all put back together. That is what a checkpoint held by somebody else is for.

mod positions;
mod rows;
mod streams;
mod uncovered;

pub use uncovered::Uncovered;

use crate::checkpoint::SignedCheckpoint;
use crate::error::StoreError;
use crate::shape::shapes;
use crate::store::{Snapshot, Store};
use std::fmt;

const CHUNK: i64 = 2_000;
/// After so many faults the search ends: the answer is clear.
const MAX_FAULTS: usize = 1_000;

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Regions looked at.
    pub regions: Vec<String>,
    /// Facts looked at.
    pub facts: u64,
    /// Of these, facts whose body was lawfully erased.
    pub erased: u64,
    /// State rows looked at.
    pub rows: u64,
    /// Checkpoints compared, the given one included.
    pub checkpoints: u64,
    /// Everything that is wrong, at most 1,000 entries; empty means whole.
    pub faults: Vec<Fault>,
}

impl Report {
    /// True if nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    fn is_full(&self) -> bool {
        self.faults.len() >= MAX_FAULTS
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// The region; empty if the fault lies in the database file itself.
    pub region: String,
    /// Position in the journal.
    pub position: Option<i64>,
    /// Stream, which is also `<table>/<id>` of its row.
    pub stream: Option<String>,
    /// Version in the stream.
    pub version: Option<i64>,
    /// What is wrong, as a sentence without full stop.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "region {}", self.region)?;
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        }
        if let Some(stream) = &self.stream {
            write!(f, ", {stream}")?;
        }
        if let Some(version) = self.version {
            write!(f, ", version {version}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl Store {
    /// Verifies the journal and the state rows of all regions, the checkpoints that are kept, and `held`, a checkpoint from elsewhere,
    /// whose signature the caller has verified.
    ///
    /// `Err` means that the search could not be done; what it found wrong stands in [`Report::faults`].
    pub async fn verify(&self, held: Option<&SignedCheckpoint>) -> Result<Report, StoreError> {
        let snapshot = self.walk().await?;
        let mut report = Report::default();
        file(&snapshot, &mut report).await?;
        let tables: Vec<_> = shapes(&snapshot).await?.into_iter().filter(|s| s.is_aggregate()).collect();
        let mut regions = regions(&snapshot, "fact").await?;
        for table in &tables {
            regions.extend(self::regions(&snapshot, &table.name).await?);
        }
        regions.extend(held.map(|h| h.checkpoint.region.clone()));
        regions.sort();
        regions.dedup();
        for region in &regions {
            positions::verify(&snapshot, region, held, &mut report).await?;
            let streams = streams::verify(&snapshot, region, &tables, &mut report).await?;
            for table in &tables {
                let faults = report.faults.len();
                let rows = rows::verify(&snapshot, region, table, &mut report).await?;
                // As many rows as streams, and each row with its stream: then none is lost.
                if rows != streams.get(&table.name).copied().unwrap_or(0) || report.faults.len() > faults {
                    rows::lost(&snapshot, region, table, &mut report).await?;
                }
            }
        }
        report.regions = regions;
        report.faults.truncate(MAX_FAULTS);
        Ok(report)
    }
}

/// SQLite can check its own file: an index that no longer fits its table would hide rows from us.
async fn file(snapshot: &Snapshot, report: &mut Report) -> Result<(), StoreError> {
    if !snapshot.is_sqlite() {
        return Ok(());
    }
    for row in snapshot.query("PRAGMA integrity_check(20)", &[]).await? {
        let text = row.text(0)?;
        if text != "ok" {
            let problem = format!("the database file is damaged: {text}");
            report.faults.push(Fault { problem, ..Fault::default() });
        }
    }
    Ok(())
}

/// The regions of a table, by skipping from one to the next along the key.
async fn regions(snapshot: &Snapshot, table: &str) -> Result<Vec<String>, StoreError> {
    let mut out = Vec::new();
    let sql = format!("SELECT region FROM {table} WHERE region > $1 ORDER BY region LIMIT 1");
    let mut last = String::new();
    while let Some(row) = snapshot.query(&sql, &[last.as_str().into()]).await?.into_iter().next() {
        last = row.text(0)?.to_owned();
        out.push(last.clone());
    }
    Ok(out)
}
