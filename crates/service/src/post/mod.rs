//! The post: results that go out by mail with what the carrier says of them, what comes back, and originals that come in.

mod ask;
mod carrier;
mod desk;
mod erase;
mod feed;
mod label;
mod served;

pub(crate) use ask::wanted_row;
pub use ask::{Delivery, again, announce, ask, collect_instead, of_case};
pub use carrier::{Carrier, FolderCarrier, Reports};
pub use desk::{PILES, cancel, collect, hand_over, label, pile, receive};
pub(crate) use erase::erase_mailings;
pub use feed::{report, take_reports};
pub use label::label_pdf;
pub(crate) use served::{is_duty, run_duty};

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::Case;
use domain::halls::{HallReason, HallRefusal};
use domain::post::{Direction, MailFact, MailState, Mailing};
use store::post::MAILING;
use store::{Change, DueOp, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

fn refused(state: &'static str, command: &'static str, reason: HallReason) -> ServiceError {
    ServiceError::Hall(HallRefusal { state, command, reason })
}

/// The row that an item and its facts make.
fn row(city: &City, own: &Mailing, expected: Expected, facts: &[MailFact], by: &str) -> Result<RowWrite, ServiceError> {
    let open = own.is_open();
    let outward = own.number.clone().filter(|_| own.direction == Direction::Out);
    Ok(RowWrite {
        table: &MAILING,
        id: own.id.to_string(),
        expected,
        columns: vec![
            own.case.clone().into(),
            Some(own.person.clone()).filter(|code| !code.is_empty()).into(),
            own.state.name().into(),
            open.then(|| own.state.name()).into(),
            outward.into(),
            open.then(|| format!("{}/{}", own.direction.as_str(), own.case)).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, MailFact::kind)?,
    })
}

/// An item with the version of its row.
async fn load(city: &City, id: &str) -> Result<(Mailing, i64), ServiceError> {
    let sql = "SELECT doc, version FROM mailing WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("mailing"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// A change that holds what a fact makes of an item, and the item as it is then. What was served hands the case over.
fn change(
    city: &City,
    by: &str,
    (own, version): (Mailing, i64),
    fact: MailFact,
) -> Result<(Change, Mailing), ServiceError> {
    let after = Mailing::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("mailing"))?;
    let written = row(city, &after, Expected::Version(version), std::slice::from_ref(&fact), by)?;
    let mut change = Change::new(city.region(), city.now()).row(written);
    if matches!(after.state, MailState::Delivered { .. } | MailState::Collected { .. }) {
        let subject = format!("mailing/{}", after.id);
        change.due.push(DueOp::Add { at: city.now(), kind: served::SERVED.into(), subject });
    }
    Ok((change, after))
}

/// Commits what a fact makes of an item. The carrier's files about a posting that has ended are forgotten.
async fn commit(city: &City, by: &str, own: (Mailing, i64), fact: MailFact) -> Result<Mailing, ServiceError> {
    let number = own.0.number.clone().filter(|_| own.0.direction == Direction::Out);
    let (change, after) = change(city, by, own, fact)?;
    city.store().commit(change).await?;
    if let Some(number) = number.filter(|number| !after.is_open() || after.number.as_ref() != Some(number)) {
        // What is left behind lies with the carrier only; the next end of an item tries its own.
        if let Err(why) = city.carrier().forget(&number) {
            tracing::warn!(number, why, "a label could not be forgotten");
        }
    }
    Ok(after)
}

/// The case of an item.
async fn case_of(city: &City, number: &str) -> Result<Case, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), number.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("case"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}

/// Whether the actor may hand over the result of this case.
fn may_deliver(actor: &Actor, case: &Case) -> Result<(), ServiceError> {
    let subject = Subject { department: Some(&case.department), district: Some(&case.district), ..Subject::default() };
    Ok(may(actor, Action::Deliver, &subject)?)
}

/// Items by a text of the table and one more value, in the order of their ids.
fn read(rows: &[store::Row]) -> Result<Vec<Mailing>, ServiceError> {
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}
