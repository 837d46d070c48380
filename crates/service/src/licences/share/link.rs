//! A link that the holder has given to somebody is opened.

use super::super::uses::{self, How};
use super::{Shown, id_of, licence_of, load, words};
use crate::city::City;
use crate::error::ServiceError;

/// Who looked, where nobody signed in: whoever was given the link.
pub(super) const BEARER: &str = "link";

/// Opens a link. Each opening is a look that the holder reads, durable before the licence is shown.
///
/// # Errors
/// `NotFound` for a link that never was; [`domain::licences::LicenceRefusal::ShareOver`] for one that has run out or was taken back.
pub async fn open_link(city: &City, secret: &str) -> Result<Shown, ServiceError> {
    if !seal::digest::is_public_id(secret) {
        return Err(ServiceError::NotFound("link"));
    }
    let (share, _) = load(city, &id_of(secret)).await?.ok_or(ServiceError::NotFound("link"))?;
    share.open(city.now())?;
    let view = licence_of(city, &share).await?;
    uses::note(city, BEARER, &view.licence, How::Link, &words(&share)).await?;
    Ok(Shown { view, share })
}
