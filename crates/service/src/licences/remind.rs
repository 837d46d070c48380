//! Reminding a holder that a licence is about to expire, and recording that it has: one due row a licence, set anew when it was
//! carried out. The last of them is the end of the last day.

use domain::accounts::Actor;
use domain::cases::{Case, DutyKind, duties};
use domain::licences::{Licence, LicenceFact, next_reminder};
use domain::time::Timestamp;
use store::{Change, CounterStep, DueOp, Expected};

use super::read::by_subject;
use super::renew::renewed_by;
use super::revoke::after;
use super::{row, subject};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Kind of the due rows.
pub(crate) const EXPIRING: &str = "licence.expiring";

/// How long the record of an expiry waits for the silence that is about to renew the licence, in seconds.
const WAIT_SECONDS: i64 = 300;

/// The due row that follows a moment: the next reminder, or the end of the last day. `None` where the expiry is on record.
pub(super) fn next(licence: &Licence, moment: Timestamp) -> Option<DueOp> {
    let last = licence.last_day().filter(|_| licence.expired.is_none())?;
    let reminder = next_reminder(licence.valid_from, last, moment).map(|(at, _)| at);
    Some(due(licence, reminder.unwrap_or_else(|| Timestamp::end_of(last))))
}

fn due(licence: &Licence, at: Timestamp) -> DueOp {
    DueOp::Add { at, kind: EXPIRING.into(), subject: subject(licence) }
}

/// Takes the reminder of a licence that has ended away.
pub(super) fn none(licence: &Licence) -> DueOp {
    DueOp::Remove { kind: EXPIRING.into(), subject: subject(licence) }
}

/// Carries out a due row. Whose licence has ended is not reminded; who holds a later one of the same kind only hears when this
/// one is over.
pub(crate) async fn remind(city: &City, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let (licence, version) = by_subject(city, subject).await?;
    let now = city.now();
    let last = licence.last_day().filter(|_| !licence.is_erased() && !licence.recorded.has_ended());
    let Some(last) = last else { return skip(city, claim).await };
    if Timestamp::end_of(last) <= now {
        return expire(city, (&licence, version), claim).await;
    }
    // A suspended licence runs out like any other, and its holder may want to have it renewed.
    if has_later(city, &licence).await? {
        let end = due(&licence, Timestamp::end_of(last));
        let step = CounterStep { name: "reminder-skipped".into(), key: EXPIRING.into(), by: 1 };
        let mut change = crate::jobs::counted(city, claim, step);
        change.due.push(end);
        city.store().commit(change).await?;
        return Ok(());
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

/// Records that the last day is over. While a renewal that came in time is undecided, silence renews the licence in this very
/// moment (AL 50(2)): its own due row comes first, and where that one was put off, this one waits for it.
async fn expire(city: &City, (licence, version): (&Licence, i64), claim: DueOp) -> Result<(), ServiceError> {
    let now = city.now();
    let mut change = Change::new(city.region(), now);
    change.due.push(claim.clone());
    if awaits_silence(city, licence).await? {
        change.due.push(due(licence, now.plus_seconds(WAIT_SECONDS)));
        city.store().commit(change).await?;
        return Ok(());
    }
    let Ok(fact) = licence.expire(now) else { return skip(city, claim).await };
    let after = after(licence, &fact)?;
    let row = row(city, &after, Expected::Version(version), &[fact], &Actor::system().label())?;
    city.store().commit(change.row(row)).await?;
    Ok(())
}

/// Whether an undecided application is about to renew it by silence.
async fn awaits_silence(city: &City, licence: &Licence) -> Result<bool, ServiceError> {
    let calendar = city.calendar();
    let silent =
        |case: &Case| duties(case, &calendar, city.law()).iter().any(|duty| duty.kind == DutyKind::RenewalDeemed);
    Ok(renewed_by(city, licence).await?.iter().any(silent))
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
