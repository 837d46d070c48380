//! Taking a licence out of force for a time 暂扣, and back into force 恢复: by command, or when the term is over.

use domain::accounts::Actor;
use domain::licences::{self as law, Licence, LicenceFact};
use domain::time::Timestamp;
use jiff::civil::Date;
use store::{Change, CounterStep, DueOp, Expected};

use super::read::by_subject;
use super::revoke::{after, governed};
use super::{row, subject};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Kind of the due rows that end a suspension.
pub(crate) const SUSPENSION_OVER: &str = "licence.suspension-over";

/// Takes away the due row that would end a suspension.
pub(super) fn none(licence: &Licence) -> DueOp {
    DueOp::Remove { kind: SUSPENSION_OVER.into(), subject: subject(licence) }
}

/// Suspends a licence through `until`, or until it is resumed. Verifiers see it at once, and it waives nothing meanwhile.
///
/// # Errors
/// As for [`super::end`]; a term that is past; a licence that is not in force.
pub async fn suspend(
    city: &City,
    actor: &Actor,
    id: &str,
    until: Option<Date>,
    reason: &str,
) -> Result<Licence, ServiceError> {
    let found = governed(city, actor, id).await?;
    let fact = found.licence.suspend(reason.to_owned(), until, city.now())?;
    let due = until.map(|last| DueOp::Add {
        at: Timestamp::end_of(last),
        kind: SUSPENSION_OVER.into(),
        subject: subject(&found.licence),
    });
    write(city, &actor.label(), (&found.licence, found.version), fact, due).await
}

/// Puts a suspended licence back into force before its term, or where it has none.
///
/// # Errors
/// As for [`super::end`]; a licence that is not suspended.
pub async fn resume(city: &City, actor: &Actor, id: &str, reason: &str) -> Result<Licence, ServiceError> {
    let found = governed(city, actor, id).await?;
    let fact = found.licence.resume(reason.to_owned(), city.now())?;
    write(city, &actor.label(), (&found.licence, found.version), fact, Some(none(&found.licence))).await
}

/// Carries out a due row: the term of a suspension is over. One that was meanwhile given another term, or lifted, is left alone.
pub(crate) async fn term_over(city: &City, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let (licence, version) = by_subject(city, subject).await?;
    let now = city.now();
    let over = licence.recorded.suspended_until().filter(|last| Timestamp::end_of(*last) <= now);
    let Some(last) = over.filter(|_| !licence.is_erased()) else {
        let step = CounterStep { name: "suspension-skipped".into(), key: SUSPENSION_OVER.into(), by: 1 };
        return claim_only(city, claim, step).await;
    };
    let fact = licence.resume(law::term_over(last), now)?;
    write(city, &Actor::system().label(), (&licence, version), fact, Some(claim)).await?;
    Ok(())
}

async fn write(
    city: &City,
    by: &str,
    (licence, version): (&Licence, i64),
    fact: LicenceFact,
    due: Option<DueOp>,
) -> Result<Licence, ServiceError> {
    let after = after(licence, &fact)?;
    let row = row(city, &after, Expected::Version(version), &[fact], by)?;
    let mut change = Change::new(city.region(), city.now()).row(row);
    change.due.extend(due);
    city.store().commit(change).await?;
    Ok(after)
}
