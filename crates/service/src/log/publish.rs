//! Checkpoints: signed by the log, countersigned by witnesses, and only then published where witnesses are configured.

use domain::time::Timestamp;
use seal::tlog::checkpoint::{Checkpoint, witnesses};
use seal::tlog::note::{Note, NoteSigner, VerifierKey};
use seal::tlog::tree::Tiles;
use seal::tlog::witness::AddCheckpoint;
use store::log::LOG_CHECKPOINT;
use store::{Change, PlainDelete, PlainWrite};

use super::client::{self, Answer};
use super::{Rows, ask, size};
use crate::city::City;
use crate::error::ServiceError;

/// A checkpoint as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub at: Timestamp,
    pub cosigned: i64,
    pub checkpoint: Checkpoint,
    pub note: Note,
}

/// The checkpoints that are kept, newest first: at most two, the last published one and one that waits for its witnesses.
pub(super) async fn kept(rows: Rows<'_>, log: &VerifierKey) -> Result<Vec<Kept>, ServiceError> {
    let sql =
        "SELECT at, cosigned, note FROM log_checkpoint WHERE region = $1 AND size >= $2 ORDER BY size DESC LIMIT 8";
    let all = rows.store.query(sql, &[rows.region.into(), 0_i64.into()]).await?;
    let mut found = Vec::new();
    for row in &all {
        let text = row.text(2)?;
        // Of a log that was begun anew under another origin.
        if text.lines().next() != Some(log.name()) {
            continue;
        }
        let (checkpoint, note) = Checkpoint::open(text, log).map_err(ServiceError::internal)?;
        found.push(Kept { at: Timestamp::from_micros(row.int(0)?), cosigned: row.int(1)?, checkpoint, note });
    }
    Ok(found)
}

/// Signs a checkpoint over what is in the log and has it countersigned; does nothing when the newest one says it all. Answers
/// whether a checkpoint was published.
///
/// # Errors
/// The tables of the log were changed since the last checkpoint: a log that forks signs nothing. Witnesses that do not answer are no
/// error; they are asked again at the next call, and the checkpoint before stays published meanwhile.
pub async fn publish(city: &City) -> Result<bool, ServiceError> {
    let Some(log) = city.keys().log.clone() else { return Ok(false) };
    let size = size(city).await?;
    let before = kept(Rows::of(city), log.verifier()).await?;
    let wanted = !city.log_peers().witnesses.is_empty();
    let newest = before.first();
    if newest.is_some_and(|newest| newest.checkpoint.size == size && (newest.cosigned > 0 || !wanted)) {
        return Ok(false);
    }
    let mut tiles = Tiles::new();
    let mut current = match newest {
        Some(newest) if newest.checkpoint.size == size => newest.clone(),
        _ => sign(city, &log, size, newest, &mut tiles).await?,
    };
    keep(city, &current, &before).await?;
    if wanted && countersign(city, &mut current, &before, &mut tiles).await? {
        keep(city, &current, &before).await?;
    }
    Ok(current.cosigned > 0 || !wanted)
}

/// Signs the tree of this size, which must continue the last one that was signed.
async fn sign(
    city: &City,
    log: &NoteSigner,
    size: u64,
    newest: Option<&Kept>,
    tiles: &mut Tiles,
) -> Result<Kept, ServiceError> {
    if let Some(Kept { checkpoint: last, .. }) = newest {
        let forked = || {
            ServiceError::Internal(format!(
                "the tables of the public log were changed: they do not continue the checkpoint over {} entries, and nothing is \
                 signed. Restore them from a backup that is younger than this checkpoint",
                last.size
            ))
        };
        if last.size > size {
            return Err(forked());
        }
        let again = ask(Rows::of(city), tiles, |tiles| tiles.root(last.size)).await?;
        if again != last.root {
            return Err(forked());
        }
    }
    let root = ask(Rows::of(city), tiles, |tiles| tiles.root(size)).await?;
    let checkpoint = Checkpoint { origin: log.name().to_owned(), size, root };
    let note = log.sign(&checkpoint.text()).map_err(ServiceError::internal)?;
    Ok(Kept { at: city.now(), cosigned: 0, checkpoint, note })
}

/// Keeps a checkpoint, and lets go of those that it replaces: all older ones once it is published, before that only one that waited
/// as well.
async fn keep(city: &City, current: &Kept, before: &[Kept]) -> Result<(), ServiceError> {
    let published = current.cosigned > 0 || city.log_peers().witnesses.is_empty();
    let mut change = Change::new(city.region(), city.now());
    let id = |checkpoint: &Checkpoint| format!("{:012}", checkpoint.size);
    let size = i64::try_from(current.checkpoint.size).map_err(ServiceError::internal)?;
    change.plain.push(PlainWrite {
        table: &LOG_CHECKPOINT,
        id: id(&current.checkpoint),
        columns: vec![
            size.into(),
            current.at.micros().into(),
            current.cosigned.into(),
            current.note.to_string().into(),
        ],
    });
    let replaced = before.iter().filter(|old| old.checkpoint.size < current.checkpoint.size);
    for old in replaced.filter(|old| published || old.cosigned == 0) {
        change.deletes.push(PlainDelete { table: &LOG_CHECKPOINT, id: id(&old.checkpoint) });
    }
    city.store().commit(change).await?;
    Ok(())
}

/// Asks every witness that has not countersigned; answers whether one has now.
async fn countersign(
    city: &City,
    current: &mut Kept,
    before: &[Kept],
    tiles: &mut Tiles,
) -> Result<bool, ServiceError> {
    let mut signed = false;
    for (url, key) in &city.log_peers().witnesses {
        let own = std::slice::from_ref(key);
        if !witnesses(&current.note, own).is_empty() {
            continue;
        }
        let last = before.iter().find(|old| !witnesses(&old.note, own).is_empty());
        let mut old = last.map_or(0, |last| last.checkpoint.size);
        // Once more from where the witness says that it stands.
        for _ in 0..2 {
            let path = ask(Rows::of(city), tiles, |tiles| tiles.consistency(old, current.checkpoint.size)).await?;
            let note = Note {
                text: current.note.text.clone(),
                signatures: current.note.signatures.iter().take(1).cloned().collect(),
            };
            let request = AddCheckpoint { old, path, checkpoint: note.to_string() };
            match client::add_checkpoint(url, key, &request, &current.note.text).await {
                Answer::Signed(line) => {
                    current.note.signatures.push(line);
                    current.cosigned += 1;
                    signed = true;
                }
                Answer::Stands(size) if size != old && size <= current.checkpoint.size => {
                    old = size;
                    continue;
                }
                Answer::Stands(size) => {
                    tracing::error!(
                        witness = key.name(),
                        size,
                        "a witness has countersigned another log under our name"
                    );
                }
                Answer::No(why) => tracing::warn!(witness = key.name(), why, "a witness did not countersign"),
            }
            break;
        }
    }
    Ok(signed)
}
