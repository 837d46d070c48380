//! What follows the grant: the clerk's answer, and taking it back.

use domain::accounts::{Action, Actor, Mandate, Subject, may};

use super::{change, load};
use crate::city::City;
use crate::error::ServiceError;

/// What a clerk says to a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It counts from now on.
    Accept,
    /// It is not wanted, or not any more (Civil Code 173(2)).
    Resign,
}

/// Whether a mandate is for this very person: number and name were both proved.
pub(super) fn is_for(actor: &Actor, own: &Mandate) -> bool {
    let same = |person: &domain::accounts::Party| {
        person.code == own.clerk.code && person.id_type == own.clerk.id_type && person.name == own.clerk.name
    };
    actor.person.as_ref().is_some_and(same)
}

/// The clerk accepts a mandate, or gives it up.
///
/// # Errors
/// [`ServiceError::IdentityNeeded`]; [`ServiceError::NotFound`] for a mandate of somebody else; [`ServiceError::Mandate`] for one
/// that has ended or was accepted already.
pub async fn answer_mandate(city: &City, actor: &Actor, id: &str, answer: Answer) -> Result<(), ServiceError> {
    if actor.person.is_none() {
        return Err(ServiceError::IdentityNeeded);
    }
    let (own, version) = load(city, id).await?;
    if !is_for(actor, &own) {
        return Err(ServiceError::NotFound("mandate"));
    }
    let fact = match answer {
        Answer::Accept => own.accept(actor.label(), city.now())?,
        Answer::Resign => own.resign(city.now())?,
    };
    city.store().commit(change(city, &actor.label(), (own, version), &fact)?).await?;
    Ok(())
}

/// The legal representative takes a mandate back; nobody acts by it from then on, in open sessions neither.
///
/// # Errors
/// [`ServiceError::IdentityNeeded`]; [`ServiceError::NotFound`] for a mandate of another organisation;
/// [`ServiceError::Mandate`] for one that has ended.
pub async fn revoke_mandate(city: &City, actor: &Actor, id: &str) -> Result<(), ServiceError> {
    if actor.person.is_none() {
        return Err(ServiceError::IdentityNeeded);
    }
    let (own, version) = load(city, id).await?;
    // Whether an organisation has clerks is itself not to be known.
    let subject = Subject { party: Some(&own.principal), ..Subject::default() };
    may(actor, Action::GrantMandate, &subject).map_err(|_| ServiceError::NotFound("mandate"))?;
    let fact = own.revoke(city.now())?;
    city.store().commit(change(city, &actor.label(), (own, version), &fact)?).await?;
    Ok(())
}
