//! Forgetting what has expired.

use domain::time::Timestamp;
use store::accounts::{CHALLENGE, OUTBOX, SESSION, TOKEN};
use store::halls::{DEVICE_SESSION, PARCEL_CODE};
use store::{Change, PlainDelete};

use crate::cases::sweep_uploads;
use crate::city::City;
use crate::error::ServiceError;

/// Most rows of a table that one round deletes.
const BATCH: i64 = 500;
/// How long the answer to a request is kept for its repetition, in days.
const KEY_DAYS: i64 = 7;

/// Deletes what nobody can use any more: sessions of people and devices, challenges, tokens and codes that have expired, what went out
/// long ago, keys of requests too old to be repeated, files that were never filed. Answers how many; call again while there are any.
pub async fn sweep(city: &City) -> Result<usize, ServiceError> {
    let mut change = Change::new(city.region(), city.now());
    for table in [&SESSION, &CHALLENGE, &TOKEN, &DEVICE_SESSION, &PARCEL_CODE, &OUTBOX] {
        let sql = format!(
            "SELECT id FROM {} WHERE region = $1 AND expires <= $2 ORDER BY expires, id LIMIT {BATCH}",
            table.name
        );
        for row in city.store().query(&sql, &[city.region().into(), city.now().micros().into()]).await? {
            change.deletes.push(PlainDelete { table, id: row.text(0)?.to_owned() });
        }
    }
    let count = change.deletes.len();
    if count > 0 {
        city.store().commit(change).await?;
    }
    Ok(count + forget_keys(city).await? + sweep_uploads(city).await?)
}

/// Forgets the oldest keys, a part at a time, so that the writer is never held up for long.
async fn forget_keys(city: &City) -> Result<usize, ServiceError> {
    let before = city.now().plus_seconds(-KEY_DAYS * 24 * 3600);
    let sql = format!("SELECT at FROM idempotency WHERE region = $1 AND at < $2 ORDER BY at LIMIT {BATCH}");
    let rows = city.store().query(&sql, &[city.region().into(), before.micros().into()]).await?;
    if let Some(last) = rows.last() {
        let upto = Timestamp::from_micros(last.int(0)?.saturating_add(1));
        city.store().forget_idempotency(city.region(), upto).await?;
    }
    Ok(rows.len())
}
