//! One company of the demo city has a clerk.

use std::collections::BTreeSet;

use domain::accounts::Power;

use super::accounts::Cast;
use crate::accounts::{Answer, MandateWish, answer_mandate, grant_mandate, mandate_terms};
use crate::city::City;
use crate::error::ServiceError;
use crate::registry;

/// Sign-in names of the legal representative and of the clerk.
const OFFICER: &str = "zhang.officer";
const CLERK: &str = "qian.home";

/// The representative lets the clerk look at licences, apply and follow cases; sharing licences stays the representative's.
pub(super) async fn appoint(city: &City, cast: &Cast) -> Result<(), ServiceError> {
    let (Some((who, officer)), Some((other, clerk))) = (cast.citizens.get(OFFICER), cast.citizens.get(CLERK)) else {
        return Err(ServiceError::NotFound("account"));
    };
    let officer = officer.actor(registry::acts_for(city, &who.person.code).await?);
    let terms = mandate_terms(city);
    let wish = MandateWish {
        principal: who.party().code,
        name: other.person.party().name,
        code: other.person.code.clone(),
        powers: BTreeSet::from([Power::Look, Power::Apply]),
        matters: Vec::new(),
        first: Some(terms.today),
        last: Some(terms.latest),
        key: None,
    };
    let id = grant_mandate(city, &officer, wish).await?;
    answer_mandate(city, &clerk.actor(Vec::new()), &id, Answer::Accept).await
}
