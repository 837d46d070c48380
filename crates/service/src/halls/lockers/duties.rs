//! What falls due about a locker: cells that were kept for nothing, reminders, what lies there for too long, and the hand-over of a result
//! that was taken.

use domain::accounts::Actor;
use domain::cases::{Case, Command};
use domain::halls::{Parcel, ParcelFact, ParcelState, Way};
use store::{CounterStep, DueOp};

use super::{change, codes, due, load, locker_rules};
use crate::cases::{apply_system, claim_only};
use crate::city::City;
use crate::error::ServiceError;

const REMIND: &str = "parcel.remind";
const OVER: &str = "parcel.over";
const DELIVERED: &str = "parcel.delivered";

/// Whether a due row is one of these.
pub(in crate::halls) fn is_duty(kind: &str) -> bool {
    [REMIND, OVER, DELIVERED].contains(&kind)
}

/// The timers that follow from a fact.
pub(super) fn after(city: &City, own: &Parcel, fact: &ParcelFact) -> Result<Vec<DueOp>, ServiceError> {
    let subject = format!("parcel/{}", own.id);
    let none = [REMIND, OVER].map(|kind| DueOp::Remove { kind: kind.into(), subject: subject.clone() });
    let mut ops = Vec::new();
    match fact {
        ParcelFact::Reserved { .. } => {
            if let ParcelState::Reserved { until } = own.state {
                ops.push(due(own, OVER, until));
            }
        }
        ParcelFact::Stored { .. } => {
            ops.extend(none);
            if let Some((remind, over)) = own.dates(&locker_rules(city)?) {
                ops.extend([due(own, REMIND, remind), due(own, OVER, over)]);
            }
        }
        ParcelFact::Taken { .. } => {
            ops.extend(none);
            if own.way == Way::Out {
                ops.push(due(own, DELIVERED, city.now()));
            }
        }
        ParcelFact::Cleared { .. } => ops.extend(none),
        _ => {}
    }
    Ok(ops)
}

/// Carries out a due row. What has happened meanwhile is left as it is.
pub(in crate::halls) async fn run_duty(
    city: &City,
    kind: &str,
    subject: &str,
    claim: DueOp,
) -> Result<(), ServiceError> {
    let id = subject.strip_prefix("parcel/").ok_or(ServiceError::NotFound("parcel"))?;
    let own = load(city, id).await?;
    let fact = match kind {
        DELIVERED => return deliver(city, &own.0, claim).await,
        REMIND if matches!(own.0.state, ParcelState::Stored { .. }) => Some(ParcelFact::Reminded),
        OVER => own.0.overstay(city.now()),
        _ => None,
    };
    let Some(fact) = fact else { return obsolete(city, kind, claim).await };
    let (mut change, after) = change(city, &Actor::system().label(), own, &fact)?;
    if matches!(after.state, ParcelState::Lapsed { .. }) {
        codes::forget(city, id, None, &mut change).await?;
    }
    change.due.insert(0, claim);
    city.store().commit(change).await?;
    Ok(())
}

async fn obsolete(city: &City, kind: &str, claim: DueOp) -> Result<(), ServiceError> {
    let step = CounterStep { name: "duty-obsolete".into(), key: kind.to_owned(), by: 1 };
    claim_only(city, claim, step).await
}

/// The result of a case was taken from its cell: the case is handed over (AL 44). One that was handed over in another way meanwhile
/// stays as it is.
async fn deliver(city: &City, own: &Parcel, claim: DueOp) -> Result<(), ServiceError> {
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), own.case.as_str().into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("case"))?;
    let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let command = Command::Deliver { method: "locker".into() };
    match apply_system(city, &Actor::system(), case, row.int(1)?, command, claim.clone()).await {
        Err(ServiceError::Refused(_)) => obsolete(city, DELIVERED, claim).await,
        other => other,
    }
}
