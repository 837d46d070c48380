//! Reminding a holder that a licence is about to expire: one due row a licence, set anew when it was carried out.

use domain::licences::{Licence, LicenceFact, next_reminder};
use domain::time::Timestamp;
use store::{Change, CounterStep, DueOp, Expected};

use super::read::by_subject;
use super::{row, subject};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Kind of the due rows.
pub(crate) const EXPIRING: &str = "licence.expiring";

/// The due row of the first reminder after a moment.
pub(super) fn next(licence: &Licence, after: Timestamp) -> Option<DueOp> {
    let (at, _) = next_reminder(licence.valid_from, licence.last_day()?, after)?;
    Some(DueOp::Add { at, kind: EXPIRING.into(), subject: subject(licence) })
}

/// Takes the reminder of a licence that has ended away.
pub(super) fn none(licence: &Licence) -> DueOp {
    DueOp::Remove { kind: EXPIRING.into(), subject: subject(licence) }
}

/// Carries out a due row. Whose licence has ended, or who holds a later one of the same kind, is not reminded.
pub(crate) async fn remind(city: &City, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let (licence, version) = by_subject(city, subject).await?;
    let now = city.now();
    // A suspended licence runs out like any other, and its holder may want to have it renewed.
    let last = licence.last_day().filter(|_| licence.standing_on(now.date()).lives());
    let Some(last) = last.filter(|_| !licence.is_erased()) else { return skip(city, claim).await };
    if has_later(city, &licence).await? {
        return skip(city, claim).await;
    }
    let left = (Timestamp::start_of(last).micros() - Timestamp::start_of(now.date()).micros()) / 86_400_000_000;
    let fact = LicenceFact::Reminded { days: left };
    let row = row(city, &licence, Expected::Version(version), &[fact], "system")?;
    let mut change = Change::new(city.region(), now).row(row);
    change.due.push(claim);
    change.due.extend(next(&licence, now));
    city.store().commit(change).await?;
    Ok(())
}

async fn skip(city: &City, claim: DueOp) -> Result<(), ServiceError> {
    let step = CounterStep { name: "reminder-skipped".into(), key: EXPIRING.into(), by: 1 };
    claim_only(city, claim, step).await
}

/// Whether the holder has one of the same kind that lasts longer.
async fn has_later(city: &City, licence: &Licence) -> Result<bool, ServiceError> {
    let held = super::on_file(city, &licence.holder.code).await?;
    Ok(held.iter().any(|own| {
        own.valid
            && own.licence.licence_type == licence.licence_type
            && own.licence.last_day().is_none_or(|last| licence.last_day().is_some_and(|mine| last > mine))
    }))
}
