//! Status lists as they are published: signed, for a day, and made anew as soon as a licence of theirs was suspended, resumed or ended.
//!
//! A verifier who takes a whole list tells nobody which licence it asks about, and goes on offline until `next_update`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;
use seal::signed::Issuer;
use seal::status::{CompactList, Status, StatusBits, StatusListData, sign_compact, sign_status_list};

use crate::city::City;
use crate::error::ServiceError;

/// Until when a published list may be relied on, in seconds.
const GOOD_FOR: i64 = 24 * 3_600;
/// A list that nothing has changed in is signed anew after so many seconds, so that whoever fetches it has nearly a day.
const SIGNED_AGAIN: i64 = 3_600;

/// A list as it was published last.
#[derive(Debug, Clone)]
pub struct PublishedList {
    /// The signed file, canonical bytes.
    pub bytes: Arc<Vec<u8>>,
    /// The same for pages, see [`sign_compact`]; `None` in a city without keys for QR codes.
    pub compact: Option<Arc<Vec<u8>>>,
    /// As of when it is right.
    pub issued_at: Timestamp,
    /// Until when it may be relied on.
    pub next_update: Timestamp,
    taken: Vec<(i64, String)>,
}

/// The lists that this process has published last, by name.
#[derive(Debug, Default)]
pub(crate) struct Lists(Mutex<HashMap<String, PublishedList>>);

/// Names of the lists that licences stand in, as texts ascend, behind `after` (empty: from the first), at most `limit`.
pub async fn status_lists(city: &City, after: &str, limit: i64) -> Result<Vec<String>, ServiceError> {
    let sql = "SELECT list FROM status_list WHERE region = $1 AND list > $2 ORDER BY list LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), after.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// The list of this name, signed now or a short while ago; what is suspended or has ended by now stands in it.
pub async fn status_list(city: &City, name: &str) -> Result<PublishedList, ServiceError> {
    let known = "SELECT id FROM status_list WHERE region = $1 AND list = $2";
    let key = [city.region().into(), name.into()];
    city.store().query_opt(known, &key).await?.ok_or(ServiceError::NotFound("status list"))?;
    let sql = "SELECT status_index, recorded FROM licence \
               WHERE region = $1 AND status_list = $2 AND recorded <> 'active' ORDER BY status_index";
    let rows = city.store().query(sql, &key).await?;
    let taken: Vec<(i64, String)> =
        rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?.to_owned()))).collect::<Result<_, ServiceError>>()?;
    let now = city.now();
    let kept = city.lists().0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    if let Some(list) = kept.filter(|list| list.taken == taken && now < list.issued_at.plus_seconds(SIGNED_AGAIN)) {
        return Ok(list);
    }
    let list = sign(city, name, now, taken).await?;
    city.lists().0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), list.clone());
    Ok(list)
}

async fn sign(
    city: &City,
    name: &str,
    now: Timestamp,
    taken: Vec<(i64, String)>,
) -> Result<PublishedList, ServiceError> {
    let bits = bits(name, &taken)?;
    // Lists are the city's, not one bureau's; the first of its bureaus signs them, as it signs checkpoints.
    let (department, signer) = city.keys().signers.iter().next().ok_or_else(|| ServiceError::internal("no key"))?;
    let issuer = {
        let shelf = city.shelf();
        let bureau = shelf.department(department)?;
        Issuer { name: bureau.name.zh.clone(), uscc: bureau.uscc.clone() }
    };
    let next_update = now.plus_seconds(GOOD_FOR);
    let data = StatusListData::new(name, issuer, now, next_update, &bits);
    let bytes = sign_status_list(&data, signer.as_ref()).map_err(ServiceError::internal)?;
    let compact = match city.keys().qr.keys().next() {
        Some(department) => super::qr::signer(city, department).await?,
        None => None,
    };
    let list = CompactList { id: name.to_owned(), issued_at: now, next_update, bits };
    let compact = compact.map(|signer| sign_compact(&list, signer.as_ref())).transpose();
    let compact = compact.map_err(ServiceError::internal)?.map(Arc::new);
    Ok(PublishedList { bytes: Arc::new(bytes), compact, issued_at: now, next_update, taken })
}

fn bits(name: &str, taken: &[(i64, String)]) -> Result<StatusBits, ServiceError> {
    let mut bits = StatusBits::new();
    for (place, recorded) in taken {
        let place = u32::try_from(*place).map_err(ServiceError::internal)?;
        // Whatever else may come to be recorded, it is not in force.
        let status = match recorded.as_str() {
            "suspended" => Status::Suspended,
            "superseded" => Status::Superseded,
            _ => Status::Ended,
        };
        if !bits.set(place, status) {
            return Err(ServiceError::Internal(format!("place {place} is beyond the status list {name}")));
        }
    }
    Ok(bits)
}
