//! Deleting files: those that were never filed, and those of a person who wants to be forgotten.

use std::collections::BTreeSet;

use domain::time::Timestamp;
use store::cases::UPLOAD;
use store::{Change, PlainDelete, UploadError};

use super::{DAY_SECONDS, SPECIMEN_OWNER, Upload, refused, row, waiting_since};
use crate::city::City;
use crate::error::ServiceError;

/// Most files that one round of [`sweep_uploads`] deletes.
const SWEEP: i64 = 200;

/// Deletes files that were never filed, with their content where no other file has the same. Answers how many; call again
/// while there are any.
pub(crate) async fn sweep_uploads(city: &City) -> Result<usize, ServiceError> {
    let before = waiting_since(city.now()).plus_seconds(-DAY_SECONDS);
    let sql = "SELECT id, sha256 FROM upload WHERE region = $1 AND casefile IS NULL AND created < $2 AND owner <> $3 \
               ORDER BY created, id LIMIT $4";
    let params = [city.region().into(), before.micros().into(), SPECIMEN_OWNER.into(), SWEEP.into()];
    let rows = city.store().query(sql, &params).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut change = Change::new(city.region(), city.now());
    let mut digests = BTreeSet::new();
    let uploads = city.uploads().await?;
    for row in &rows {
        // What has arrived of it goes first: a row without a file is found again, a file without a row is not. One that
        // is being written to at this very moment goes with its age, below.
        match uploads.cancel(row.text(0)?).await {
            Ok(()) | Err(UploadError::Busy) => {}
            Err(error) => return Err(refused(error)),
        }
        change.deletes.push(PlainDelete { table: &UPLOAD, id: row.text(0)?.to_owned() });
        digests.extend(row.opt_text(1)?.map(str::to_owned));
    }
    city.store().commit(change).await?;
    drop_unused(city, digests).await?;
    uploads.sweep(before).await.map_err(refused)?;
    Ok(rows.len())
}

/// Whose files are given up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// Those of a case.
    Case(&'a str),
    /// Those of an account that were never filed.
    Unfiled(&'a str),
}

/// Lets files go in a change: nobody owns them any more, so that [`sweep_uploads`] deletes them with their content, also
/// when the process dies before. Answers how many.
pub(crate) async fn give_up(
    city: &City,
    change: &mut Change,
    whose: Whose<'_>,
    most: i64,
) -> Result<usize, ServiceError> {
    let of_case = "SELECT id, size, sha256, media_type FROM upload WHERE region = $1 AND casefile = $2 LIMIT $3";
    let unfiled = "SELECT id, size, sha256, media_type FROM upload WHERE region = $1 AND owner = $2 \
                   AND casefile IS NULL LIMIT $3";
    let (sql, key) = match whose {
        Whose::Case(id) => (of_case, id),
        Whose::Unfiled(account) => (unfiled, account),
    };
    let rows = city.store().query(sql, &[city.region().into(), key.into(), most.into()]).await?;
    for found in &rows {
        let upload = Upload {
            id: found.text(0)?.to_owned(),
            owner: "erased".into(),
            name: String::new(),
            size: found.int(1)?,
            offset: 0,
            sha256: found.opt_text(2)?.map(str::to_owned),
            media_type: found.opt_text(3)?.map(str::to_owned),
        };
        change.plain.push(row(&upload, None, Timestamp::from_micros(0)));
    }
    Ok(rows.len())
}

/// Deletes content that no file has any more.
async fn drop_unused(city: &City, digests: BTreeSet<String>) -> Result<(), ServiceError> {
    let _shelving = city.shelving().write().await;
    for sha256 in digests {
        let sql = "SELECT id FROM upload WHERE region = $1 AND sha256 = $2 LIMIT 1";
        if city.store().query(sql, &[city.region().into(), sha256.as_str().into()]).await?.is_empty() {
            match city.uploads().await?.delete(&sha256).await {
                Ok(()) | Err(UploadError::Unknown) => {}
                Err(error) => return Err(refused(error)),
            }
        }
    }
    Ok(())
}
