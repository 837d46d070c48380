//! The sidecar of a licence, and what the public page says about its place in the log.

use domain::accounts::Actor;
use domain::licences::{Licence, LogEntry};
use domain::text::Text;
use seal::tlog::logged::{Bound, LogTrust, Opening, commitment, signed_at, verify_logged, without_proof};
use seal::tlog::proof::Proof;
use seal::tlog::tree::Tiles;

use super::ask;
use super::publish::kept;
use super::show::{Head, head, head_of, log_key};
use crate::city::City;
use crate::error::ServiceError;
use crate::licences::view;

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
    let missing = || ServiceError::NotFound("proof of the log");
    let head = head(city).await?.ok_or_else(missing)?;
    let text = sidecar(city, &licence, &head).await?.ok_or_else(missing)?;
    Ok(Sidecar { name: format!("{}.tlog-proof", licence.public_id), text })
}

/// Whether there is a proof of a licence to fetch.
pub async fn is_proved(city: &City, licence: &Licence) -> Result<bool, ServiceError> {
    let published = match head(city).await {
        Err(ServiceError::NotFound(_)) => None,
        found => found?,
    };
    match published {
        Some(head) => Ok(sidecar(city, licence, &head).await?.is_some()),
        None => Ok(false),
    }
}

/// The proof of a licence under a checkpoint; `None` if it is not in that tree.
async fn sidecar(city: &City, licence: &Licence, head: &Head) -> Result<Option<String>, ServiceError> {
    let id = licence.id.to_string();
    let sql = "SELECT salt FROM log_salt WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.as_str().into()]).await? else {
        return Ok(None);
    };
    let salt: [u8; 16] = row.bytes(0)?.try_into().map_err(ServiceError::internal)?;
    let data = commitment(Bound::Data, &salt, licence.signed.as_bytes());
    let size = head.checkpoint.size;
    let sql = "SELECT place, entry FROM log_entry WHERE region = $1 AND licence = $2 AND place < $3 \
               ORDER BY place DESC LIMIT $4";
    let end = i64::try_from(size).map_err(ServiceError::internal)?;
    let params = [city.region().into(), id.as_str().into(), end.into(), MAX_EVENTS.into()];
    for row in city.store().query(sql, &params).await? {
        let entry: LogEntry = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        if entry.data.as_deref() != Some(data.as_str()) {
            continue;
        }
        let index = u64::try_from(row.int(0)?).map_err(ServiceError::internal)?;
        let path = ask(city, &mut Tiles::new(), |tiles| tiles.inclusion(index, size)).await?;
        let opening = Opening { entry: row.text(1)?.to_owned(), salt: hex::encode(salt) };
        let extra = seal::jcs::to_bytes(&opening).map_err(ServiceError::internal)?;
        let proof = Proof { extra: Some(extra), index, path, checkpoint: head.note.clone() };
        return Ok(Some(proof.text()));
    }
    Ok(None)
}

/// Whether our log holds this signed data of the licence with this public id, as a check with its answer; `None` for a licence that is
/// not ours, and in a city whose log has not begun.
pub async fn holds(city: &City, public_id: &str, data: &[u8]) -> Result<Option<(Text, bool)>, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND public_id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), public_id.into()]).await? else {
        return Ok(None);
    };
    let mut licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    if licence.is_erased() {
        return Ok(None);
    }
    // An earlier version of the data is in the log as well.
    licence.signed = String::from_utf8_lossy(data).into_owned();
    in_log(city, &licence).await
}

/// Whether a licence of ours is in our log, as a check with its answer; `None` in a city whose log has not begun. The newest
/// checkpoint counts here, also one that still waits for its witnesses: that they are away takes nobody's licence away.
pub(crate) async fn in_log(city: &City, licence: &Licence) -> Result<Option<(Text, bool)>, ServiceError> {
    let Ok(log) = log_key(city) else { return Ok(None) };
    let Some(newest) = kept(city, &log).await?.first().map(|kept| head_of(city, kept)) else { return Ok(None) };
    let Some(text) = sidecar(city, licence, &newest).await? else {
        let check = without_proof(signed_at(licence.signed.as_bytes()), city.moment());
        return Ok(Some((check.detail, check.ok)));
    };
    let trust = LogTrust { log, witnesses: Vec::new() };
    let report = verify_logged(licence.signed.as_bytes(), &licence.public_id, &text, &trust, city.moment());
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
