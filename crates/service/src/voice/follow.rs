//! Working on a follow-up: who handles it, who decides about a misrating, and who gets to see the rater.

use domain::accounts::{Action, Actor, Subject, may};
use domain::text::Text;
use domain::voice::{FollowUp, FollowUpCommand, FollowUpFact, Rating, Terms};
use store::{Change, Expected, Idempotency, StoreError};

use super::{order_of, rating, rating_row, rules, step};
use crate::cases::{RequestKey, note_access};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Longest note, reason, evidence or answer, in characters.
const TEXT_CHARS: usize = 1000;

/// A follow-up with its rating, for whoever may see both.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// The follow-up.
    pub order: FollowUp,
    /// The rating, with the rater.
    pub rating: Rating,
    /// Commands that neither the state nor the actor's role rules out.
    pub possible: Vec<&'static str>,
}

/// What the permission matrix looks at.
pub(super) fn subject<'a>(order: &'a FollowUp, rating: &'a Rating) -> Subject<'a> {
    Subject {
        party: rating.rater.party.as_ref(),
        department: Some(&order.department),
        rated: &order.staff,
        ..Subject::default()
    }
}

/// The action that a command is.
fn action(command: &str) -> Action {
    if command == "judge" { Action::JudgeRating } else { Action::FollowRating }
}

async fn load(city: &City, number: &str) -> Result<((FollowUp, i64), (Rating, i64)), ServiceError> {
    let sql = "SELECT id FROM rating_order WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), number.into()]).await?;
    let missing = || ServiceError::NotFound("follow-up");
    let id = row.ok_or_else(missing)?.text(0)?.to_owned();
    let order = order_of(city, &id).await?.ok_or_else(missing)?;
    Ok((order, rating(city, &id).await?.ok_or_else(missing)?))
}

/// One follow-up with its rating and the rater. The look at the rater is recorded before it is shown.
///
/// # Errors
/// [`ServiceError::NotFound`] for one that there is not, and for whoever may not see who has rated: the rated above all.
pub async fn order(city: &City, actor: &Actor, number: &str) -> Result<OrderView, ServiceError> {
    let ((order, _), (rating, _)) = load(city, number).await?;
    let subject = subject(&order, &rating);
    may(actor, Action::SeeRater, &subject).map_err(|_| ServiceError::NotFound("follow-up"))?;
    if let Some(party) = &rating.rater.party {
        note_access(city, actor, &party.code, &format!("view-rating {}", order.number)).await?;
    }
    let claimed_by = order.claim.as_ref().map(|claim| claim.by.clone());
    let own = |name: &&'static str| *name == "judge" && claimed_by.as_deref() == Some(actor.label().as_str());
    let possible = order.possible().into_iter().filter(|name| may(actor, action(name), &subject).is_ok() && !own(name));
    let possible = possible.collect();
    Ok(OrderView { possible, order, rating })
}

/// Words that a command must bring: the field and what is in it.
fn words(command: &FollowUpCommand) -> Option<(&'static str, &str)> {
    match command {
        FollowUpCommand::Contact { note, .. } => Some(("note", note)),
        FollowUpCommand::TakeTime { reason } | FollowUpCommand::Judge { reason, .. } => Some(("reason", reason)),
        FollowUpCommand::Claim { evidence, .. } => Some(("evidence", evidence)),
        FollowUpCommand::Answer { text, .. } => Some(("text", text)),
        _ => None,
    }
}

fn check(command: &FollowUpCommand) -> Result<(), ServiceError> {
    let Some((field, text)) = words(command) else { return Ok(()) };
    let wrong = |zh: String, en: String| Err(ServiceError::Invalid(vec![FieldError::new(field, Text::new(zh, en))]));
    if text.trim().is_empty() {
        return wrong("请写明情况。".into(), "Write down what there is to say.".into());
    }
    if text.chars().count() > TEXT_CHARS {
        return wrong(format!("不超过 {TEXT_CHARS} 字。"), format!("Write at most {TEXT_CHARS} characters."));
    }
    Ok(())
}

/// Gives one command on a follow-up. The same key again answers with it as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], also for whoever may not know of it; [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] for missing
/// words; [`ServiceError::Rating`] names state, command and reason; [`ServiceError::Changed`] when somebody was quicker.
pub async fn follow(
    city: &City,
    actor: &Actor,
    number: &str,
    command: FollowUpCommand,
    key: Option<RequestKey>,
) -> Result<FollowUp, ServiceError> {
    let ((order, version), (rated, rated_version)) = load(city, number).await?;
    may(actor, Action::SeeRater, &subject(&order, &rated)).map_err(|_| ServiceError::NotFound("follow-up"))?;
    may(actor, action(command.name()), &subject(&order, &rated))?;
    if let Some((token, key, body)) = &key
        && city.store().lookup(city.region(), token, key, body).await?.is_some()
    {
        return Ok(order);
    }
    check(&command)?;
    let (now, by, shelf) = (city.now(), actor.label(), city.shelf());
    let rules = rules(shelf.ratings(), order.opened.date())?;
    let longer = Terms::of(city.law(), &city.calendar(), order.opened, true).map_err(ServiceError::internal)?;
    let fact = order.decide(&command, &by, &rules, longer, now)?;
    let mut change = Change::new(city.region(), now);
    if matches!(fact, FollowUpFact::Judged { upheld: true, .. }) {
        let gone = rated.discount(now)?;
        let after = Rating::evolve(Some(rated), gone.clone()).ok_or(ServiceError::NotFound("rating"))?;
        change.rows.push(rating_row(city, &after, Expected::Version(rated_version), &[gone], &by)?);
    }
    let after = step(city, &mut change, (order, version), fact, &by)?;
    let result = after.id.clone();
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result });
    match city.store().commit(change).await {
        Ok(_) => Ok(after),
        Err(StoreError::IdempotencyReplay { .. }) => load(city, number).await.map(|((order, _), _)| order),
        Err(error) => Err(error.into()),
    }
}
