//! Ending a licence: 撤销 (AL 69) and 注销 (AL 70).

use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{Licence, LicenceFact};
use store::{Change, Expected};

use super::{LicenceView, read, remind, row, suspend};
use crate::cases;
use crate::city::City;
use crate::error::ServiceError;

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// 撤销.
    Revoke,
    /// 注销.
    Cancel,
}

/// A licence for somebody who may take it out of force.
pub(super) async fn governed(city: &City, actor: &Actor, id: &str) -> Result<LicenceView, ServiceError> {
    let found = read::view(city, actor, id).await?;
    let (department, holder) = (Some(found.licence.department.as_str()), Some(&found.licence.holder));
    let subject = Subject { department, party: holder, ..Subject::default() };
    may(actor, Action::RevokeLicence, &subject)?;
    Ok(found)
}

/// The licence after a fact.
pub(super) fn after(licence: &Licence, fact: &LicenceFact) -> Result<Licence, ServiceError> {
    let after = Licence::evolve(Some(licence.clone()), fact.clone());
    after.ok_or_else(|| ServiceError::internal("a licence cannot vanish"))
}

/// Ends a licence; verifiers see it at once.
pub async fn end(city: &City, actor: &Actor, id: &str, ending: Ending, reason: &str) -> Result<Licence, ServiceError> {
    let found = governed(city, actor, id).await?;
    let now = city.now();
    let fact = match ending {
        Ending::Revoke => found.licence.revoke(reason.to_owned(), now)?,
        Ending::Cancel => found.licence.cancel(reason.to_owned(), now)?,
    };
    let after = after(&found.licence, &fact)?;
    // What a check of the case still waited for is settled with the licence.
    let settled = cases::licence_ended(city, actor, &after.case.to_string(), reason).await?;
    let expected = Expected::Version(found.version);
    let mut change = settled.unwrap_or_else(|| Change::new(city.region(), now)).row(row(
        city,
        &after,
        expected,
        &[fact],
        &actor.label(),
    )?);
    change.due.extend([remind::none(&after), suspend::none(&after)]);
    city.store().commit(change).await?;
    Ok(after)
}
