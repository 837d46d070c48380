//! What a carrier says of its items: read from its reports, noted once however often it is said.

use std::collections::BTreeMap;

use domain::accounts::Actor;
use domain::post::{Event, Mailing};

use super::{commit, load};
use crate::city::City;
use crate::error::ServiceError;

/// How far in the future a carrier's clock may lie, in seconds.
const AHEAD_SECONDS: i64 = 3_600;

/// Notes one report. Answers the item as it is then; `None` when nothing was known of it that could change: an unknown number, a posting
/// that has ended, something said before.
///
/// # Errors
/// What the store says; [`ServiceError::Changed`] when somebody else wrote the item at the same time.
pub async fn report(city: &City, by: &Actor, number: &str, event: Event) -> Result<Option<Mailing>, ServiceError> {
    if event.at > city.now().plus_seconds(AHEAD_SECONDS) {
        return Ok(None);
    }
    let sql = "SELECT id FROM mailing WHERE region = $1 AND number = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), number.into()]).await? else { return Ok(None) };
    let own = load(city, row.text(0)?).await?;
    match own.0.report(event) {
        Ok(Some(fact)) => commit(city, &by.label(), own, fact).await.map(Some),
        Ok(None) | Err(_) => Ok(None),
    }
}

/// Takes what the carrier has to report. Answers how many items are somewhere else now; call again while there are any.
///
/// # Errors
/// What the store says. Reports that were not noted whole come again.
pub async fn take_reports(city: &City) -> Result<usize, ServiceError> {
    let carrier = city.carrier();
    let mut count = 0;
    for reports in carrier.reports().map_err(ServiceError::Internal)? {
        let mut ignored: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, event) in &reports.events {
            match report(city, &Actor::system(), number, event.clone()).await? {
                Some(_) => count += 1,
                None => *ignored.entry(event.kind.as_str()).or_default() += 1,
            }
        }
        if !reports.faults.is_empty() || !ignored.is_empty() {
            tracing::warn!(file = reports.name, faults = ?reports.faults, ?ignored, "reports of the carrier that change nothing");
        }
        carrier.taken(&reports).map_err(ServiceError::Internal)?;
    }
    Ok(count)
}
