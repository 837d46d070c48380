//! Mandates of organisations for their clerks 经办人: granting, accepting, taking back, and what they let somebody do now.
//!
//! What counts is read anew with each request, so that a mandate that has ended gives nothing in sessions that are open.

mod duties;
mod erase;
mod grant;
mod read;
mod steps;

pub(crate) use duties::{is_duty, run_duty};
pub(super) use erase::erase;
pub use grant::{MandateWish, grant_mandate, mandate_terms};
pub use read::{MandateTerms, given_mandates, in_force, is_clerk_of, my_mandates};
pub(crate) use read::{hears, of_clerk_account, representative};
pub use steps::{Answer, answer_mandate, revoke_mandate};

use domain::accounts::{Mandate, MandateFact};
use store::accounts::MANDATE;
use store::{Change, DueOp, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// Kind of the due rows at the end of the last day.
const OVER: &str = "mandate.over";

fn subject(own: &Mandate) -> String {
    format!("mandate/{}", own.id)
}

/// The row that a mandate and its facts make.
fn row(
    city: &City,
    own: &Mandate,
    expected: Expected,
    facts: &[MandateFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let open = own.ended.is_none();
    Ok(RowWrite {
        table: &MANDATE,
        id: own.id.to_string(),
        expected,
        columns: vec![
            own.principal.code.clone().into(),
            own.clerk.code.clone().into(),
            own.state().into(),
            open.then(|| format!("{}/{}", own.principal.code, own.clerk.code)).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, MandateFact::kind)?,
    })
}

fn parse(doc: &str) -> Result<Mandate, ServiceError> {
    serde_json::from_str(doc).map_err(ServiceError::internal)
}

/// A mandate with the version of its row.
async fn load(city: &City, id: &str) -> Result<(Mandate, i64), ServiceError> {
    let sql = "SELECT doc, version FROM mandate WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("mandate"))?;
    Ok((parse(row.text(0)?)?, row.int(1)?))
}

/// The change that a fact makes; where the mandate has ended by it, without its timer.
fn change(city: &City, by: &str, (own, version): (Mandate, i64), fact: &MandateFact) -> Result<Change, ServiceError> {
    let after = Mandate::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("mandate"))?;
    let row = row(city, &after, Expected::Version(version), std::slice::from_ref(fact), by)?;
    let mut change = Change::new(city.region(), city.now()).row(row);
    if after.ended.is_some() {
        change.due.push(none(&after));
    }
    Ok(change)
}

fn none(own: &Mandate) -> DueOp {
    DueOp::Remove { kind: OVER.into(), subject: subject(own) }
}
