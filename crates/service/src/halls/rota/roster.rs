//! Who can be planned at a place.

use domain::accounts::{Action, Actor, Role};
use domain::halls::{Member, Roster};

use super::{is_done, may_at, save_roster};
use crate::accounts;
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// Takes a clerk into the roster of a place, or changes at which counters they may sit; none named = any.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] for a sign-in name that is no clerk's; [`ServiceError::Hall`] for a counter
/// that the place has not.
pub async fn join(
    city: &City,
    actor: &Actor,
    place: &str,
    login: &str,
    counters: Vec<String>,
    key: Option<RequestKey>,
) -> Result<Roster, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let own = super::roster(city, &place.id).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let found = match accounts::find_by_login(city, login).await {
        Ok((account, _)) => Some(account),
        Err(ServiceError::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let clerk = found.filter(|account| account.grants.iter().any(|grant| grant.role == Role::Clerk));
    let account = clerk.ok_or_else(|| {
        ServiceError::field(
            "login",
            "没有这个账号，或它不是窗口人员的账号。请核对账号名。",
            "There is no such account, or it is not a clerk's. Check the sign-in name.",
        )
    })?;
    let fact = own.0.join(place, Member { account: account.id.to_string(), counters })?;
    save_roster(city, actor, own, fact, key).await
}

/// Takes somebody out of the roster.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] when nobody of that account belongs to it.
pub async fn leave(
    city: &City,
    actor: &Actor,
    place: &str,
    account: &str,
    key: Option<RequestKey>,
) -> Result<Roster, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let own = super::roster(city, &place.id).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let fact = own.0.leave(account)?;
    save_roster(city, actor, own, fact, key).await
}
