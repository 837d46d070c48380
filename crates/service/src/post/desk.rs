//! What clerks do: print labels, hand over to the carrier, keep what came back, take in originals.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::State;
use domain::halls::HallReason;
use domain::post::{Direction, MailFact, Mailing};

use super::label::draw;
use super::{case_of, commit, load, may_deliver, read, refused};
use crate::city::City;
use crate::error::ServiceError;
use crate::numbers;

/// Most items that a list shows.
const MOST: i64 = 200;

/// What waits at the desk, by the state of the items.
pub const PILES: [&str; 5] = ["wanted", "labelled", "underway", "returned", "announced"];

/// What waits in a pile, the earliest first. Of what is wanted only that whose result is there.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever hands nothing over.
pub async fn pile(city: &City, actor: &Actor, pile: &str) -> Result<Vec<Mailing>, ServiceError> {
    may(actor, Action::Deliver, &Subject::default())?;
    let sql = "SELECT doc FROM mailing WHERE region = $1 AND pile = $2 ORDER BY id LIMIT $3";
    let found = read(&city.store().query(sql, &[city.region().into(), pile.into(), MOST.into()]).await?)?;
    let mut shown = Vec::new();
    for own in found {
        let case = case_of(city, &own.case).await?;
        let ready = pile != "wanted" || matches!(case.state, State::Granted | State::Issued);
        if ready && may_deliver(actor, &case).is_ok() {
            shown.push(own);
        }
    }
    Ok(shown)
}

async fn permitted(city: &City, actor: &Actor, id: &str) -> Result<(Mailing, i64), ServiceError> {
    may(actor, Action::Deliver, &Subject::default())?;
    let own = load(city, id).await?;
    may_deliver(actor, &case_of(city, &own.0.case).await?)?;
    Ok(own)
}

/// Orders a number of the carrier for what is wanted; the label is there from then on.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] when it has one, or when the case has no result to hand over;
/// [`ServiceError::Internal`] when the carrier gives none.
pub async fn label(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    let own = permitted(city, actor, id).await?;
    let case = case_of(city, &own.0.case).await?;
    if own.0.direction == Direction::Out && !matches!(case.state, State::Granted | State::Issued) {
        return Err(refused(case.state.name(), "label", HallReason::NothingToHandOver));
    }
    // Asked before a number is used up.
    own.0.label(String::new())?;
    let sequence = city.number(numbers::POST_ITEMS).await?;
    let number = city.carrier().order(sequence).map_err(ServiceError::Internal)?;
    let fact = own.0.label(number.clone())?;
    let after = Mailing::evolve(Some(own.0.clone()), fact.clone()).ok_or(ServiceError::NotFound("mailing"))?;
    // The file lies with the carrier before anybody is told of its number.
    let pdf = draw(city, &after, &case)?;
    city.carrier().keep_label(&number, &pdf).map_err(ServiceError::Internal)?;
    commit(city, &actor.label(), own, fact).await
}

/// Notes that the carrier has it.
///
/// # Errors
/// As [`label`].
pub async fn hand_over(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    step(city, actor, id, |own| Ok(own.hand_over(city.now())?)).await
}

/// Notes that it was handed out at the window after all.
///
/// # Errors
/// As [`label`].
pub async fn collect(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    let own = permitted(city, actor, id).await?;
    let case = case_of(city, &own.0.case).await?;
    // A case that was handed over in another way meanwhile has nothing against it.
    if !matches!(case.state, State::Granted | State::Issued | State::Delivered | State::Closed) {
        return Err(refused(case.state.name(), "collect", HallReason::NothingToHandOver));
    }
    let fact = own.0.collect(city.now())?;
    commit(city, &actor.label(), own, fact).await
}

/// Confirms that the originals have arrived.
///
/// # Errors
/// As [`label`].
pub async fn receive(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    step(city, actor, id, |own| Ok(own.receive(city.now())?)).await
}

/// Notes that it will not be posted.
///
/// # Errors
/// As [`label`].
pub async fn cancel(city: &City, actor: &Actor, id: &str) -> Result<Mailing, ServiceError> {
    step(city, actor, id, |own| Ok(own.cancel(city.now())?)).await
}

async fn step(
    city: &City,
    actor: &Actor,
    id: &str,
    then: impl FnOnce(&Mailing) -> Result<MailFact, ServiceError>,
) -> Result<Mailing, ServiceError> {
    let own = permitted(city, actor, id).await?;
    let fact = then(&own.0)?;
    commit(city, &actor.label(), own, fact).await
}
