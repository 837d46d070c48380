//! The static files of the log, as everybody may fetch them.

use domain::time::Timestamp;
use seal::tlog::checkpoint::{Checkpoint, witnesses};
use seal::tlog::note::VerifierKey;
use seal::tlog::tile::{self, WIDTH, Wanted};

use super::publish::{Kept, kept};
use super::{Rows, kept_tile};
use crate::city::City;
use crate::error::ServiceError;

/// The checkpoint that is published.
#[derive(Debug, Clone)]
pub struct Head {
    /// The tree head.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub note: String,
    /// When the log signed it.
    pub at: Timestamp,
    /// Who countersigned, and when.
    pub witnesses: Vec<(String, Timestamp)>,
}

/// The log's key, or "not found" in a city without one.
pub(super) fn log_key(city: &City) -> Result<VerifierKey, ServiceError> {
    city.keys().log.as_ref().map(|log| log.verifier().clone()).ok_or(ServiceError::NotFound("log"))
}

/// A checkpoint with those of its witnesses that are known by their keys.
pub(super) fn head_of(kept: &Kept, known: &[VerifierKey]) -> Head {
    let seen = witnesses(&kept.note, known).into_iter().map(|(key, at)| (key.name().to_owned(), at)).collect();
    Head { checkpoint: kept.checkpoint.clone(), note: kept.note.to_string(), at: kept.at, witnesses: seen }
}

/// The newest published checkpoint; `None` before the first. Where witnesses are configured, one that none has countersigned is not
/// published.
pub async fn head(city: &City) -> Result<Option<Head>, ServiceError> {
    let all = kept(Rows::of(city), &log_key(city)?).await?;
    let wanted = !city.log_peers().witnesses.is_empty();
    Ok(all.iter().find(|kept| kept.cosigned > 0 || !wanted).map(|kept| head_of(kept, &city.log_peers().witness_keys())))
}

/// A file of the log by its path: `checkpoint`, `keys`, `tile/…`. `keys` names the log's verifier key, then those of its witnesses.
///
/// # Errors
/// [`ServiceError::NotFound`] where there is none.
pub async fn file(city: &City, path: &str) -> Result<Vec<u8>, ServiceError> {
    let nothing = ServiceError::NotFound("file of the log");
    let log = log_key(city)?;
    match path {
        "checkpoint" => Ok(head(city).await?.ok_or(nothing)?.note.into_bytes()),
        "keys" => {
            let keys = std::iter::once(log).chain(city.log_peers().witness_keys());
            Ok(keys.map(|key| format!("{key}\n")).collect::<String>().into_bytes())
        }
        _ => match path.strip_prefix("tile/").and_then(Wanted::parse) {
            Some(Wanted::Hashes(place, width)) => {
                let hashes = kept_tile(Rows::of(city), place).await?.unwrap_or_default();
                let cut = usize::try_from(width).ok().and_then(|width| hashes.get(..width)).ok_or(nothing)?;
                Ok(tile::to_bytes(cut))
            }
            Some(Wanted::Entries(index, width)) => bundle(city, index, width).await?.ok_or(nothing),
            None => Err(nothing),
        },
    }
}

/// A bundle of entries, whole or not at all.
async fn bundle(city: &City, index: u64, width: u64) -> Result<Option<Vec<u8>>, ServiceError> {
    let Some(first) = index.checked_mul(WIDTH).and_then(|first| i64::try_from(first).ok()) else { return Ok(None) };
    let width = i64::try_from(width).map_err(ServiceError::internal)?;
    let sql = "SELECT place, entry FROM log_entry WHERE region = $1 AND place >= $2 AND place < $3 ORDER BY place";
    let params = [city.region().into(), first.into(), first.saturating_add(width).into()];
    let rows = city.store().query(sql, &params).await?;
    let mut entries = Vec::new();
    for (expected, row) in (first..).zip(&rows) {
        if row.int(0)? != expected {
            return Ok(None);
        }
        entries.push(row.text(1)?.as_bytes());
    }
    let whole = i64::try_from(entries.len()).is_ok_and(|count| count == width);
    Ok(if whole { tile::bundle(entries) } else { None })
}
