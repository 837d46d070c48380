//! The end of a term is put on record when its last day is over. Nobody acts by the mandate since then, recorded or not.

use domain::accounts::{Actor, Mandate};
use domain::time::Timestamp;
use store::{CounterStep, DueOp};

use super::{OVER, change, load, subject};
use crate::cases::claim_only;
use crate::city::City;
use crate::error::ServiceError;

/// Whether a due row is about a mandate.
pub(crate) fn is_duty(kind: &str) -> bool {
    kind == OVER
}

/// The timer of a mandate.
pub(super) fn due(own: &Mandate) -> DueOp {
    DueOp::Add { at: Timestamp::end_of(own.last), kind: OVER.into(), subject: subject(own) }
}

/// Carries out a due row.
pub(crate) async fn run_duty(city: &City, subject: &str, claim: DueOp) -> Result<(), ServiceError> {
    let id = subject.strip_prefix("mandate/").ok_or(ServiceError::NotFound("mandate"))?;
    let (own, version) = load(city, id).await?;
    let Ok(fact) = own.end(city.now()) else {
        let step = CounterStep { name: "duty-obsolete".into(), key: OVER.into(), by: 1 };
        return claim_only(city, claim, step).await;
    };
    let mut change = change(city, &Actor::system().label(), (own, version), &fact)?;
    // The claim stands for the removal of this duty's own row.
    change.due = vec![claim];
    city.store().commit(change).await?;
    Ok(())
}
