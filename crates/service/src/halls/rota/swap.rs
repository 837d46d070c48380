//! Swaps: a clerk asks, the colleague answers, the head confirms.

use std::collections::BTreeSet;

use domain::accounts::{Action, Actor};
use domain::halls::{Rota, RotaFact, SwapAbout, monday_of};
use jiff::civil::Date;

use super::week::{busy, head_confirms};
use super::{is_done, load, may_at, roster, save};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// What a clerk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwapWish {
    /// Number of the clerk's own duty.
    pub duty: u32,
    /// The colleague's account, when the duty is given away; otherwise whoever has the duty asked for.
    pub to: String,
    /// Number of the colleague's duty that is taken for it.
    pub back: Option<u32>,
}

/// What somebody says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The colleague accepts.
    Accept,
    /// The colleague declines.
    Decline,
    /// Whoever asked takes it back.
    Withdraw,
    /// The head confirms.
    Confirm,
    /// The head refuses.
    Refuse,
}

impl Answer {
    /// From its name in forms.
    pub fn parse(name: &str) -> Option<Answer> {
        Some(match name {
            "accept" => Answer::Accept,
            "decline" => Answer::Decline,
            "withdraw" => Answer::Withdraw,
            "confirm" => Answer::Confirm,
            "refuse" => Answer::Refuse,
            _ => return None,
        })
    }
}

/// A clerk asks for a swap of one of their own duties in the week of a day.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] names state, command and reason; [`ServiceError::Changed`] when somebody was
/// quicker.
pub async fn ask_swap(
    city: &City,
    actor: &Actor,
    place: &str,
    day: Date,
    wish: SwapWish,
    key: Option<RequestKey>,
) -> Result<Rota, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::WorkRota, place)?;
    let own = load(city, &place.id, monday_of(day)).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let holder = wish.back.and_then(|id| own.0.duty(id)).map(|duty| duty.account.clone());
    let to = holder.unwrap_or(wish.to);
    let by = actor.label();
    let (roster, _) = roster(city, &place.id).await?;
    let elsewhere = busy(city, &place.id, own.0.monday, &BTreeSet::from([by.clone(), to.clone()])).await?;
    let about = SwapAbout { place, roster: &roster, elsewhere: &elsewhere, now: city.now() };
    let fact = own.0.ask(&by, wish.duty, &to, wish.back, &about)?;
    save(city, actor, own, vec![fact], key).await
}

/// Answers a request of the week of a day.
///
/// # Errors
/// As [`ask_swap`].
pub async fn answer_swap(
    city: &City,
    actor: &Actor,
    place: &str,
    day: Date,
    (swap, answer): (u32, Answer),
    key: Option<RequestKey>,
) -> Result<Rota, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    let action = match answer {
        Answer::Accept | Answer::Decline | Answer::Withdraw => Action::WorkRota,
        Answer::Confirm | Answer::Refuse => Action::PlanRota,
    };
    may_at(actor, action, place)?;
    let own = load(city, &place.id, monday_of(day)).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let (roster, _) = roster(city, &place.id).await?;
    let two = own.0.swap(swap).map(|known| BTreeSet::from([known.by.clone(), known.to.clone()])).unwrap_or_default();
    let elsewhere = busy(city, &place.id, own.0.monday, &two).await?;
    let about = SwapAbout { place, roster: &roster, elsewhere: &elsewhere, now: city.now() };
    let facts = facts(city, &own.0, &actor.label(), (swap, answer), &about)?;
    save(city, actor, own, facts, key).await
}

fn facts(
    city: &City,
    own: &Rota,
    who: &str,
    (swap, answer): (u32, Answer),
    about: &SwapAbout<'_>,
) -> Result<Vec<RotaFact>, ServiceError> {
    Ok(match answer {
        Answer::Accept => own.accept(swap, who, head_confirms(city, own.monday), about)?,
        Answer::Decline => vec![own.decline(swap, who, about.now)?],
        Answer::Withdraw => vec![own.withdraw(swap, who, about.now)?],
        Answer::Confirm => vec![own.confirm(swap, about)?],
        Answer::Refuse => vec![own.refuse_swap(swap, about.now)?],
    })
}
