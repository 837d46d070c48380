//! A use code is taken: once, by the verifier that it names, within its minutes.

use domain::accounts::{Action, Actor, Subject, may, reset};
use domain::licences::{Share, ShareEnd};
use domain::text::Text;
use store::{Change, Idempotency, StoreError};

use super::super::uses::{self, How};
use super::{Shown, after, id_of, licence_of, load, words};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// A code as it was given.
#[derive(Debug, Clone, Copy)]
pub struct UseCode<'a> {
    /// As typed; blanks, hyphens and small letters do not matter.
    pub code: &'a str,
    /// The verifier that the holder named.
    pub verifier: &'a str,
}

/// Takes a code and shows the licence. That it is used once is kept by the commit: of two who bring it at the same time, one has
/// read a version of its row that is gone. The use is a fact of the journal and a look that the holder reads, both durable before
/// anything is shown. The same request again (`key`) gets the same answer.
///
/// # Errors
/// `code` is invalid when it is wrong, too old, used, taken back or made for somebody else; all are told alike.
pub async fn use_code(
    city: &City,
    actor: &Actor,
    given: &UseCode<'_>,
    key: Option<RequestKey>,
) -> Result<Shown, ServiceError> {
    may(actor, Action::UseLicence, &Subject::default())?;
    if let Some((token, name, body_hash)) = &key
        && let Some(id) = city.store().lookup(city.region(), token, name, body_hash).await?
    {
        return again(city, actor, &id).await;
    }
    let (share, version) = load(city, &id_of(&reset::typed(given.code))).await?.ok_or_else(wrong)?;
    let now = city.now();
    let fact = share.redeem(given.verifier, &actor.label(), now).map_err(|_| wrong())?;
    let view = match licence_of(city, &share).await {
        Err(ServiceError::NotFound(_)) => return Err(wrong()),
        found => found?,
    };
    let row = after(city, share.clone(), version, fact.clone(), &actor.label())?;
    let mut change = Change::new(city.region(), now).row(row);
    let id = share.id.clone();
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: id });
    match city.store().commit(change).await {
        Ok(_) => {}
        Err(StoreError::Conflict { .. }) => return Err(wrong()),
        Err(StoreError::IdempotencyReplay { result }) => return again(city, actor, &result).await,
        Err(other) => return Err(other.into()),
    }
    let share = Share::evolve(Some(share), fact).ok_or_else(|| ServiceError::internal("a share cannot vanish"))?;
    uses::note(city, &actor.label(), &view.licence, How::Code, &words(&share)).await?;
    Ok(Shown { view, share })
}

/// The first answer once more, to whom it was given; it is a look of its own.
async fn again(city: &City, actor: &Actor, id: &str) -> Result<Shown, ServiceError> {
    let (share, _) = load(city, id).await?.ok_or_else(wrong)?;
    let own = matches!(&share.ended, Some(ShareEnd::Used { by, .. }) if *by == actor.label());
    if !own || !share.was_just_used_by(&actor.label(), city.now()) {
        return Err(wrong());
    }
    let view = licence_of(city, &share).await?;
    uses::note(city, &actor.label(), &view.licence, How::Code, &words(&share)).await?;
    Ok(Shown { view, share })
}

fn wrong() -> ServiceError {
    let text = Text::new(
        "用证码不对、已经用过、过期、被收回，或者不是出示给这个使用者的。请核对使用者名称，或请持证人重新生成。",
        "The code is wrong, used, too old, taken back, or was made for somebody else. Check the name, or ask the holder for a new one.",
    );
    ServiceError::field("code", &text.zh, &text.en)
}
