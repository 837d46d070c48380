//! Copies of a licence that say for whom, for what and when they were made 加注件. They are drawn anew each time and kept nowhere.

use domain::accounts::Actor;

use super::super::render::{CopyForm, Mark, Rendering, marked};
use super::super::uses::{self, How};
use super::give::{of_holder, said};
use super::{Shown, licence_of, link, load, words};
use crate::city::City;
use crate::error::ServiceError;

/// A copy that the holder makes to hand it over in another way.
///
/// # Errors
/// As for [`super::give_share`].
pub async fn copy_of_own(
    city: &City,
    actor: &Actor,
    id: &str,
    (user, purpose): (&str, &str),
    form: CopyForm,
) -> Result<Rendering, ServiceError> {
    let own = of_holder(city, actor, id).await?;
    let faults = said(city, user, purpose)?;
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let mark = Mark { user: user.trim().to_owned(), purpose: purpose.trim().to_owned(), date: city.now().date() };
    marked(city, own, mark, form).await
}

/// A copy for whoever was given the link. It is a look of its own.
///
/// # Errors
/// As for [`super::open_link`].
pub async fn copy_of_link(city: &City, secret: &str, form: CopyForm) -> Result<Rendering, ServiceError> {
    let shown = link::open_link(city, secret).await?;
    copy_of_shown(city, shown, form).await
}

/// A copy for the account that has just used a code, as long as the code would have lived.
///
/// # Errors
/// `NotFound` for everybody else, and afterwards.
pub async fn copy_of_used(city: &City, actor: &Actor, share: &str, form: CopyForm) -> Result<Rendering, ServiceError> {
    let found = load(city, share).await?.filter(|(share, _)| share.was_just_used_by(&actor.label(), city.now()));
    let (share, _) = found.ok_or(ServiceError::NotFound("share"))?;
    let view = licence_of(city, &share).await?;
    uses::note(city, &actor.label(), &view.licence, How::Code, &words(&share)).await?;
    copy_of_shown(city, Shown { view, share }, form).await
}

/// A copy of what was shown just now; the look is recorded already.
///
/// # Errors
/// A character that no font has.
pub async fn copy_of_shown(city: &City, shown: Shown, form: CopyForm) -> Result<Rendering, ServiceError> {
    let Shown { view, share } = shown;
    marked(city, view, Mark { user: share.user, purpose: share.purpose, date: city.now().date() }, form).await
}
