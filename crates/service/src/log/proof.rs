//! The sidecar of a licence, and what the public page says about its place in the log.

use domain::accounts::Actor;
use domain::licences::{Licence, LogEntry};
use domain::text::Text;
use seal::signed::Moment;
use seal::tlog::logged::{Bound, LogTrust, Opening, commitment, signed_at, verify_logged, without_proof};
use seal::tlog::proof::Proof;
use seal::tlog::tree::Tiles;
use store::Store;

use super::publish::kept;
use super::show::{Head, head, head_of, log_key};
use super::{Rows, ask};
use crate::city::City;
use crate::error::ServiceError;
use crate::licences::view;

/// The answer of a check, and whether it is good.
pub type Judged = (Text, bool);

/// A proof as a file.
#[derive(Debug, Clone)]
pub struct Sidecar {
    /// Name of the file.
    pub name: String,
    /// c2sp.org/tlog-proof@v1.
    pub text: String,
}

/// Most events of one licence that are looked through for the one that made its present data.
const MAX_EVENTS: i64 = 1000;

/// The proof that a licence is in the published log, for somebody who may see all of the licence.
///
/// # Errors
/// As for [`view`]; [`ServiceError::NotFound`] while it is not in the published log yet.
pub async fn proof(city: &City, actor: &Actor, id: &str) -> Result<Sidecar, ServiceError> {
    let licence = view(city, actor, id).await?.licence;
    as_file(city, &licence).await
}

/// The same for whoever knows its public id, as everybody does who was given the licence: the proof says nothing of its holder.
///
/// # Errors
/// [`ServiceError::NotFound`] without such a licence, and while it is not in the published log yet.
pub async fn public_proof(city: &City, public_id: &str) -> Result<Sidecar, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND public_id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), public_id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("licence"))?;
    let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    as_file(city, &licence).await
}

async fn as_file(city: &City, licence: &Licence) -> Result<Sidecar, ServiceError> {
    let text = published_proof(city, licence).await?.ok_or(ServiceError::NotFound("proof of the log"))?;
    Ok(Sidecar { name: format!("{}.tlog-proof", licence.public_id), text })
}

/// The proof of a licence under the newest published checkpoint; `None` until the licence is in that tree, and in a city whose log has
/// not begun.
pub async fn published_proof(city: &City, licence: &Licence) -> Result<Option<String>, ServiceError> {
    let published = match head(city).await {
        Err(ServiceError::NotFound(_)) => None,
        found => found?,
    };
    match published {
        Some(head) => sidecar(Rows::of(city), licence, &head).await,
        None => Ok(None),
    }
}

/// Whether there is a proof of a licence to fetch.
pub async fn is_proved(city: &City, licence: &Licence) -> Result<bool, ServiceError> {
    Ok(published_proof(city, licence).await?.is_some())
}

/// The proof of a licence under a checkpoint; `None` if it is not in that tree.
async fn sidecar(rows: Rows<'_>, licence: &Licence, head: &Head) -> Result<Option<String>, ServiceError> {
    let id = licence.id.to_string();
    let sql = "SELECT salt FROM log_salt WHERE region = $1 AND id = $2";
    let Some(row) = rows.store.query_opt(sql, &[rows.region.into(), id.as_str().into()]).await? else {
        return Ok(None);
    };
    let salt: [u8; 16] = row.bytes(0)?.try_into().map_err(ServiceError::internal)?;
    let data = commitment(Bound::Data, &salt, licence.signed.as_bytes());
    let size = head.checkpoint.size;
    let sql = "SELECT place, entry FROM log_entry WHERE region = $1 AND licence = $2 AND place < $3 \
               ORDER BY place DESC LIMIT $4";
    let end = i64::try_from(size).map_err(ServiceError::internal)?;
    let params = [rows.region.into(), id.as_str().into(), end.into(), MAX_EVENTS.into()];
    for row in rows.store.query(sql, &params).await? {
        let entry: LogEntry = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        if entry.data.as_deref() != Some(data.as_str()) {
            continue;
        }
        let index = u64::try_from(row.int(0)?).map_err(ServiceError::internal)?;
        let path = ask(rows, &mut Tiles::new(), |tiles| tiles.inclusion(index, size)).await?;
        let opening = Opening { entry: row.text(1)?.to_owned(), salt: hex::encode(salt) };
        let extra = seal::jcs::to_bytes(&opening).map_err(ServiceError::internal)?;
        let proof = Proof { extra: Some(extra), index, path, checkpoint: head.note.clone() };
        return Ok(Some(proof.text()));
    }
    Ok(None)
}

/// Whether our log holds this signed data of the licence with this public id, as a check with its answer; `None` for a licence that is
/// not ours, and in a city whose log has not begun.
pub async fn holds(city: &City, public_id: &str, data: &[u8]) -> Result<Option<Judged>, ServiceError> {
    let Ok(log) = log_key(city) else { return Ok(None) };
    let Some(licence) = with_data(Rows::of(city), public_id, data).await? else { return Ok(None) };
    judged(Rows::of(city), &licence, LogTrust { log, witnesses: city.log_peers().witness_keys() }, city.moment()).await
}

/// The same for whoever holds the database and the log's verifier key, without the keys of the city.
pub async fn held_beside(
    (store, region): (&Store, &str),
    (public_id, data): (&str, &[u8]),
    trust: LogTrust,
    at: Moment,
) -> Result<Option<Judged>, ServiceError> {
    let rows = Rows { store, region };
    let Some(licence) = with_data(rows, public_id, data).await? else { return Ok(None) };
    judged(rows, &licence, trust, at).await
}

/// Whether a licence of ours is in our log, as a check with its answer; `None` in a city whose log has not begun.
pub(crate) async fn in_log(city: &City, licence: &Licence) -> Result<Option<Judged>, ServiceError> {
    let Ok(log) = log_key(city) else { return Ok(None) };
    judged(Rows::of(city), licence, LogTrust { log, witnesses: city.log_peers().witness_keys() }, city.moment()).await
}

/// A licence by its public id, with signed data that need not be its latest: an earlier version is in the log as well.
async fn with_data(rows: Rows<'_>, public_id: &str, data: &[u8]) -> Result<Option<Licence>, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND public_id = $2";
    let Some(row) = rows.store.query_opt(sql, &[rows.region.into(), public_id.into()]).await? else {
        return Ok(None);
    };
    let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let signed = String::from_utf8_lossy(data).into_owned();
    Ok(Some(licence).filter(|own| !own.is_erased()).map(|own| Licence { signed, ..own }))
}

/// What the newest checkpoint says of a licence, also one that still waits for its witnesses: that they are away takes nobody's licence
/// away. Witnesses are named, not demanded.
async fn judged(
    rows: Rows<'_>,
    licence: &Licence,
    LogTrust { log, witnesses }: LogTrust,
    at: Moment,
) -> Result<Option<Judged>, ServiceError> {
    let Some(newest) = kept(rows, &log).await?.first().map(|kept| head_of(kept, &witnesses)) else { return Ok(None) };
    let Some(text) = sidecar(rows, licence, &newest).await? else {
        let check = without_proof(signed_at(licence.signed.as_bytes()), at);
        return Ok(Some((check.detail, check.ok)));
    };
    let trust = LogTrust { log, witnesses: Vec::new() };
    let report = verify_logged(licence.signed.as_bytes(), &licence.public_id, &text, &trust, at);
    let Some(logged) = report.content.filter(|_| report.valid) else {
        let words = Text::new("公开日志中的记载与这份证照不符", "what the public log says does not fit this licence");
        return Ok(Some((words, false)));
    };
    let (index, size) = (logged.index, newest.checkpoint.size);
    let names: Vec<&str> = newest.witnesses.iter().map(|(name, _)| name.as_str()).collect();
    let (zh, en) = match names.is_empty() {
        true => ("尚无外部见证方会签".to_owned(), "no outside witness has countersigned yet".to_owned()),
        false => (format!("由 {} 会签", names.join("、")), format!("countersigned by {}", names.join(", "))),
    };
    Ok(Some((
        Text::new(
            format!("已载入公开日志：第 {index} 号，共 {size} 条，{zh}"),
            format!("in the public log: entry {index} of {size}, {en}"),
        ),
        true,
    )))
}
