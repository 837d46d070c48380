//! What anyone may know who holds a licence's public id: whether it is valid, and masked fields.

use domain::licences::{Deemed, Licence, Standing};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
use seal::licence::{LicenceFile, verify_licence};
use store::Store;

use crate::city::City;
use crate::error::ServiceError;

/// The public answer.
#[derive(Debug, Clone)]
pub struct PublicView {
    /// Standing today.
    pub standing: Standing,
    /// When it was suspended, revoked or cancelled, if it is so.
    pub since: Option<Timestamp>,
    /// The last day of a suspension that has one.
    pub suspended_until: Option<Date>,
    /// Silence has renewed it (AL 50(2)).
    pub deemed: Option<Deemed>,
    /// What the signed file says; pages mask the holder.
    pub file: LicenceFile,
    /// What was checked just now, with each result.
    pub checks: Vec<(Text, bool)>,
    /// All checks passed.
    pub genuine: bool,
    /// When.
    pub checked_at: Timestamp,
}

/// Looks a licence up by its public id and verifies its signature anew.
pub async fn public_view(city: &City, public_id: &str) -> Result<PublicView, ServiceError> {
    if !seal::digest::is_public_id(public_id) {
        return Err(ServiceError::NotFound("licence"));
    }
    let sql = "SELECT doc FROM licence WHERE region = $1 AND public_id = $2";
    let rows = city.store().query(sql, &[city.region().into(), public_id.into()]).await?;
    let row = rows.first().ok_or(ServiceError::NotFound("licence"))?;
    let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    if licence.is_erased() {
        return Err(ServiceError::NotFound("licence"));
    }
    let now = city.now();
    let report = verify_licence(licence.signed.as_bytes(), &city.keys().roots, city.moment());
    let mut checks: Vec<(Text, bool)> = report.checks.iter().map(|check| (check.detail.clone(), check.ok)).collect();
    let logged = crate::log::in_log(city, &licence).await?;
    let genuine = report.valid && logged.as_ref().is_none_or(|(_, ok)| *ok);
    checks.extend(logged);
    let file = report.content.ok_or_else(|| ServiceError::internal("a stored licence cannot be read"))?;
    Ok(PublicView {
        standing: licence.standing_on(now.date()),
        since: licence.recorded.taken().map(|(at, _)| at),
        suspended_until: licence.recorded.suspended_until(),
        deemed: licence.deemed.clone(),
        file,
        checks,
        genuine,
        checked_at: now,
    })
}

/// What a city has on record under a licence identifier; `None` when it never issued it. Needs no keys, so that whoever
/// holds the database can ask.
pub async fn recorded(store: &Store, region: &str, identifier: &str) -> Result<Option<Licence>, ServiceError> {
    let sql = "SELECT doc FROM licence WHERE region = $1 AND identifier = $2";
    let row = store.query_opt(sql, &[region.into(), identifier.into()]).await?;
    row.map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).transpose()
}

/// Whether a city holds a sealed document of this number.
pub async fn is_document_on_record(store: &Store, region: &str, number: &str) -> Result<bool, ServiceError> {
    let sql = "SELECT id FROM document WHERE region = $1 AND number = $2";
    Ok(store.query_opt(sql, &[region.into(), number.into()]).await?.is_some())
}
