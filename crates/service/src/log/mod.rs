//! The public log of licences: every issue and every change of status, in the order of the journal, append-only and provable
//! (C2SP tlog-tiles). What an entry says stands in [`domain::licences::LogEntry`].
//!
//! `append.rs` turns facts into entries and tiles, `publish.rs` signs checkpoints and has them countersigned, `show.rs` serves the
//! static files, `proof.rs` the sidecar of a licence, `witness.rs` is the other side: countersigning for other cities; `audit.rs`
//! looks at any log from outside.
//!
//! ```text
//! journal ─ advance ─▶ entries, tiles, cursor (one commit) ─ publish ─▶ checkpoint, signed ─ witnesses ─▶ published
//! ```

mod append;
mod audit;
mod client;
mod proof;
mod publish;
mod show;
mod witness;

pub use append::{SUBSCRIBER, advance};
pub use audit::{Asked, Audited, CouldNot, Finding, Source, State, audit};
pub use client::Remote;
pub(crate) use proof::in_log;
pub use proof::{Judged, Sidecar, held_beside, holds, is_proved, proof, public_proof, published_proof};
pub use publish::publish;
pub use show::{Head, file, head};
pub use witness::add_checkpoint;

use domain::merkle::Hash;
use seal::tlog::note::{Use, VerifierKey};
use seal::tlog::tile::{self, Place};
use seal::tlog::tree::Tiles;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::city::City;
use crate::error::ServiceError;

/// An outside witness, in `city.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// Submission prefix: `add-checkpoint` is posted below it. Of another city of this program `https://host/witness`.
    pub url: String,
    /// Its verifier key, `name+key id+base64`, compared with what its operator publishes.
    pub key: String,
}

/// Who countersigns for this city, and for whom it countersigns.
#[derive(Debug, Default)]
pub struct Peers {
    witnesses: Vec<(String, VerifierKey)>,
    watched: Vec<VerifierKey>,
}

impl Peers {
    /// From the configuration; the error is a sentence for the operator.
    pub fn new(witnesses: &[WitnessConfig], watched: &[String]) -> Result<Peers, String> {
        let mut peers = Peers::default();
        for config in witnesses {
            let key = VerifierKey::parse(&config.key).map_err(|error| format!("witness {}: {error}", config.url))?;
            if key.does() != Use::Cosignature {
                return Err(format!("witness {}: the key is not that of a witness (type 04)", config.url));
            }
            if !(config.url.starts_with("https://") || config.url.starts_with("http://")) {
                return Err(format!("witness {}: write https://…", config.url));
            }
            peers.witnesses.push((config.url.trim_end_matches('/').to_owned(), key));
        }
        for text in watched {
            let key = VerifierKey::parse(text).map_err(|error| format!("witness_for {text}: {error}"))?;
            if key.does() != Use::Note {
                return Err(format!("witness_for {text}: the key is not that of a log (type 01)"));
            }
            peers.watched.push(key);
        }
        Ok(peers)
    }

    /// Keys of the witnesses.
    pub fn witness_keys(&self) -> Vec<VerifierKey> {
        self.witnesses.iter().map(|(_, key)| key.clone()).collect()
    }
}

/// Number of entries.
async fn size(city: &City) -> Result<u64, ServiceError> {
    let sql = "SELECT place FROM log_entry WHERE region = $1 AND place >= $2 ORDER BY place DESC LIMIT 1";
    let row = city.store().query_opt(sql, &[city.region().into(), 0_i64.into()]).await?;
    let last = row.map(|row| row.int(0)).transpose()?;
    u64::try_from(last.map_or(0, |last| last + 1)).map_err(ServiceError::internal)
}

/// Key of a tile's row: level and place, each of fixed width, so that they stand in order.
fn tile_id(place: Place) -> String {
    format!("{:02}/{:016}", place.level, place.index)
}

/// The log's rows in a database: of a city that is served, or beside it for a command that has no keys.
#[derive(Clone, Copy)]
struct Rows<'a> {
    store: &'a Store,
    region: &'a str,
}

impl Rows<'_> {
    fn of(city: &City) -> Rows<'_> {
        Rows { store: city.store(), region: city.region() }
    }
}

/// A tile as it is kept: with all hashes that there are.
async fn kept_tile(rows: Rows<'_>, place: Place) -> Result<Option<Vec<Hash>>, ServiceError> {
    let sql = "SELECT hashes FROM log_tile WHERE region = $1 AND id = $2";
    let Some(row) = rows.store.query_opt(sql, &[rows.region.into(), tile_id(place).into()]).await? else {
        return Ok(None);
    };
    let hashes = tile::from_bytes(row.bytes(0)?).ok_or_else(|| ServiceError::internal("a damaged tile of the log"))?;
    Ok(Some(hashes))
}

/// Asks a tree for a root or a proof, reading the tiles that it needs.
async fn ask<T>(rows: Rows<'_>, tiles: &mut Tiles, what: impl Fn(&mut Tiles) -> Option<T>) -> Result<T, ServiceError> {
    loop {
        if let Some(answer) = what(tiles) {
            return Ok(answer);
        }
        let missed = tiles.missed();
        if missed.is_empty() {
            return Err(ServiceError::internal("the log has no such proof"));
        }
        for place in missed {
            let missing = || ServiceError::Internal(format!("the log has lost its tile {}", tile_id(place)));
            let hashes = kept_tile(rows, place).await?.ok_or_else(missing)?;
            tiles.put(place, hashes);
        }
    }
}
