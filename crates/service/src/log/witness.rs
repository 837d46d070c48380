//! This city as the witness of others' logs (c2sp.org/tlog-witness): it countersigns a checkpoint only if it continues the one
//! that it countersigned before.

use domain::accounts::Actor;
use domain::merkle::Hash;
use seal::digest::sha256_hex;
use seal::tlog::checkpoint::{Checkpoint, cosign};
use seal::tlog::witness::{AddCheckpoint, Refused, Seen};
use serde::{Deserialize, Serialize};
use store::log::WATCHED_LOG;
use store::{Change, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// What is remembered of a log; also the body of the fact.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watched {
    origin: String,
    size: u64,
    #[serde(with = "hex::serde")]
    root: Hash,
    /// The checkpoint with its log's signature: evidence, should the log fork later.
    note: String,
}

/// How often a request is judged anew because another one was countersigned meanwhile.
const PATIENCE: u32 = 3;

/// Countersigns a checkpoint of a watched log; answers the signature line, or why not.
pub async fn add_checkpoint(city: &City, body: &str) -> Result<Result<String, Refused>, ServiceError> {
    let Some(witness) = &city.keys().witness else { return Ok(Err(Refused::UnknownLog)) };
    let judged = AddCheckpoint::parse(body).and_then(|request| {
        let (checkpoint, note) = request.signed(&city.log_peers().watched)?;
        Ok((request, checkpoint, note))
    });
    let (request, checkpoint, note) = match judged {
        Ok(judged) => judged,
        Err(refused) => return Ok(Err(refused)),
    };
    for _ in 0..PATIENCE {
        match record(city, &request, &checkpoint).await {
            Ok(Err(refused)) => return Ok(Err(refused)),
            // It is durable before anybody gets the signature.
            Ok(Ok(())) => {
                let line = cosign(witness, &note.text, city.now()).map_err(ServiceError::internal)?;
                return Ok(Ok(line.line()));
            }
            Err(ServiceError::Changed) => {}
            Err(error) => return Err(error),
        }
    }
    Err(ServiceError::Changed)
}

/// Judges a checkpoint against what was countersigned last and remembers it in the same version of the row.
async fn record(
    city: &City,
    request: &AddCheckpoint,
    checkpoint: &Checkpoint,
) -> Result<Result<(), Refused>, ServiceError> {
    // Origins are free text; ids are short.
    let id = sha256_hex(checkpoint.origin.as_bytes());
    let stored = city.store().load(city.region(), &WATCHED_LOG, &id).await?;
    let last: Option<Watched> = match &stored {
        Some(row) => Some(serde_json::from_str(&row.doc).map_err(ServiceError::internal)?),
        None => None,
    };
    let seen = last.as_ref().map(|last| Seen { size: last.size, root: last.root });
    if let Err(refused) = request.continues(checkpoint, seen) {
        if matches!(refused, Refused::Inconsistent | Refused::Conflict(_))
            && request.old == seen.map_or(0, |seen| seen.size)
        {
            // Signed by the log: evidence of a fork, unless only the proof was wrong.
            tracing::error!(
                origin = checkpoint.origin,
                note = request.checkpoint,
                "a watched log does not continue what it showed before"
            );
        }
        return Ok(Err(refused));
    }
    if seen.is_some_and(|seen| seen.size == checkpoint.size) {
        return Ok(Ok(()));
    }
    let watched = Watched {
        origin: checkpoint.origin.clone(),
        size: checkpoint.size,
        root: checkpoint.root,
        note: request.checkpoint.clone(),
    };
    let size = i64::try_from(checkpoint.size).map_err(ServiceError::internal)?;
    let facts = city.facts(&Actor::system().label(), std::slice::from_ref(&watched), |_| "witness.countersigned")?;
    let change = Change::new(city.region(), city.now()).row(RowWrite {
        table: &WATCHED_LOG,
        id,
        expected: stored.map_or(Expected::New, |row| Expected::Version(row.version)),
        columns: vec![checkpoint.origin.clone().into(), size.into()],
        doc: serde_json::to_string(&watched).map_err(ServiceError::internal)?,
        facts,
    });
    city.store().commit(change).await?;
    Ok(Ok(()))
}
