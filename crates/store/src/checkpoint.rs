//! Checkpoints: a signed Merkle root over all facts of a region up to a position.
//!
//! The chain shows that nothing was changed *inside* the journal; a checkpoint held elsewhere shows that nobody has
//! rewritten or cut off the whole. The store computes, keeps and exports them; who signs and who witnesses is up to the caller.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::merkle::Peaks;
use crate::plan::Work;
use crate::store::{Snapshot, Store};
use crate::value::Row;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

const CHUNK: i64 = 5_000;

/// The state of a region's journal at a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The tenant.
    pub region: String,
    /// Number of facts covered: all positions from 1 to this one.
    pub position: i64,
    /// When it was made.
    pub at: Timestamp,
    /// RFC 6962 tree hash over the fact hashes in order of position, as 64 hex digits in JSON.
    #[serde(with = "hex::serde")]
    pub root: Hash,
}

impl Checkpoint {
    /// The bytes to sign: five lines of ASCII, each ended by a newline.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let (region, position, at, root) = (&self.region, self.position, self.at.micros(), hex::encode(self.root));
        format!("yichuang/checkpoint/1\n{region}\n{position}\n{at}\n{root}\n").into_bytes()
    }
}

/// A checkpoint with its signature: what is handed to a witness, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCheckpoint {
    /// What is signed.
    #[serde(flatten)]
    pub checkpoint: Checkpoint,
    /// Signature over [`Checkpoint::signed_bytes`], in the form that the signer chose; hex in JSON.
    #[serde(with = "hex::serde")]
    pub signature: Vec<u8>,
    /// Who holds a copy, in words.
    pub witness: String,
    /// The perfect subtrees, so that the next checkpoint is cheap. Not part of the export: they follow from the facts.
    #[serde(skip)]
    pub(crate) peaks: Peaks,
}

/// A checkpoint that is computed but not signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What to sign.
    pub checkpoint: Checkpoint,
    peaks: Peaks,
}

impl Store {
    /// Computes the checkpoint of a region at its present end. Reads only the facts since the last one that is kept.
    ///
    /// `Ok(None)` if there is nothing new to attest.
    pub async fn draft_checkpoint(&self, region: &str, at: Timestamp) -> Result<Option<Draft>, StoreError> {
        let snapshot = self.walk().await?;
        let sql = "SELECT position, peaks FROM checkpoint WHERE region = $1 ORDER BY position DESC LIMIT 1";
        let kept = snapshot.query(sql, &[region.into()]).await?;
        let mut peaks =
            kept.first().map_or(Ok(Peaks::default()), |row| Peaks::from_bytes(row.int(0)?, row.bytes(1)?))?;
        let before = peaks.size();
        grow(&snapshot, region, &mut peaks).await?;
        if peaks.size() == before {
            return Ok(None);
        }
        let position = i64::try_from(peaks.size()).map_err(|_| StoreError::Shape("too many facts".to_owned()))?;
        let checkpoint = Checkpoint { region: region.to_owned(), position, at, root: peaks.root() };
        Ok(Some(Draft { checkpoint, peaks }))
    }

    /// Keeps a signed checkpoint and returns it for export to the witness.
    pub async fn keep_checkpoint(
        &self,
        draft: Draft,
        signature: Vec<u8>,
        witness: &str,
    ) -> Result<SignedCheckpoint, StoreError> {
        let signed = SignedCheckpoint {
            checkpoint: draft.checkpoint,
            signature,
            witness: witness.to_owned(),
            peaks: draft.peaks,
        };
        self.submit(Work::Checkpoint(Box::new(signed.clone()))).await?;
        Ok(signed)
    }

    /// The checkpoints of a region after a position, in order, at most `limit`; serialise them to export.
    pub async fn checkpoints(&self, region: &str, after: i64, limit: i64) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let sql = "SELECT region, position, at, root, peaks, signature, witness FROM checkpoint \
                   WHERE region = $1 AND position > $2 ORDER BY position LIMIT $3";
        let rows = self.query(sql, &[region.into(), after.into(), limit.into()]).await?;
        rows.iter().map(signed).collect()
    }
}

/// Adds the facts after the peaks, up to the end of the snapshot.
async fn grow(snapshot: &Snapshot, region: &str, peaks: &mut Peaks) -> Result<(), StoreError> {
    loop {
        let after = i64::try_from(peaks.size()).map_err(|_| StoreError::Shape("too many facts".to_owned()))?;
        let sql = "SELECT position, hash FROM fact WHERE region = $1 AND position > $2 ORDER BY position LIMIT $3";
        let rows = snapshot.query(sql, &[region.into(), after.into(), CHUNK.into()]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for (expected, row) in (after + 1..).zip(&rows) {
            if row.int(0)? != expected {
                return Err(StoreError::Shape(format!(
                    "the journal of {region} has no fact at position {expected}: run `journal verify` before making a checkpoint"
                )));
            }
            peaks.push(row.bytes(1)?);
        }
    }
}

pub(crate) fn signed(row: &Row) -> Result<SignedCheckpoint, StoreError> {
    let position = row.int(1)?;
    Ok(SignedCheckpoint {
        checkpoint: Checkpoint { region: row.text(0)?.to_owned(), position, at: row.time(2)?, root: row.digest(3)? },
        peaks: Peaks::from_bytes(position, row.bytes(4)?)?,
        signature: row.bytes(5)?.to_vec(),
        witness: row.text(6)?.to_owned(),
    })
}
