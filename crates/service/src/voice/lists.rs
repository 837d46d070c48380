//! Lists of follow-ups: the piles of the desk, and the answers that the public reads.

use domain::accounts::{Action, Actor, Grant, Subject, may};
use domain::time::Timestamp;
use domain::voice::{FollowUp, Outcome, Rating};

use super::follow::subject;
use super::rating;
use crate::cases::Page;
use crate::city::City;
use crate::error::ServiceError;

/// Piles in the order of the work: to be talked to, to be answered, to be decided by a second person.
pub const PILES: [&str; 3] = ["contact", "answer", "judge"];
/// Most rows of a page.
const MOST: i64 = 200;
/// Most answers that a page of figures shows.
const SHOWN: i64 = 20;

/// The action that a pile waits for.
fn action(pile: &str) -> Action {
    if pile == "judge" { Action::JudgeRating } else { Action::FollowRating }
}

/// The departments for which a grant of the actor covers an action; `None` = all of them.
fn departments(actor: &Actor, action: Action) -> Vec<Option<String>> {
    let alone = |grant: &Grant| Actor { grants: vec![grant.clone()], ..actor.clone() };
    let covers = |grant: &&Grant| {
        let department = grant.department.as_deref();
        may(&alone(grant), action, &Subject { department, ..Subject::default() }).is_ok()
    };
    let mut found: Vec<Option<String>> =
        actor.grants.iter().filter(covers).map(|grant| grant.department.clone()).collect();
    found.sort();
    found.dedup();
    if found.contains(&None) { vec![None] } else { found }
}

/// The piles that concern the actor.
pub fn piles(actor: &Actor) -> Vec<&'static str> {
    PILES.into_iter().filter(|pile| !departments(actor, action(pile)).is_empty()).collect()
}

/// One pile, most urgent first, by keyset. What the actor may not know of is left out: follow-ups of their own work.
///
/// # Errors
/// [`ServiceError::Forbidden`]; a cursor that no page has given.
pub async fn inbox(
    city: &City,
    actor: &Actor,
    pile: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<FollowUp>, ServiceError> {
    let action = action(pile);
    may(actor, action, &Subject::default())?;
    let limit = limit.clamp(1, MOST);
    let (from, id): (i64, &str) = match after {
        None => (-1, ""),
        Some(after) => {
            let (from, id) = after.split_once('/').ok_or_else(ServiceError::bad_cursor)?;
            (from.parse().map_err(|_| ServiceError::bad_cursor())?, id)
        }
    };
    let mut rows: Vec<(i64, FollowUp)> = Vec::new();
    for department in departments(actor, action) {
        let region = city.region();
        let found = match &department {
            None => {
                let sql = "SELECT deadline, doc FROM rating_order WHERE region = $1 AND pile = $2 \
                           AND (deadline, id) > ($3, $4) ORDER BY deadline, id LIMIT $5";
                let params = [region.into(), pile.into(), from.into(), id.into(), (limit + 1).into()];
                city.store().query(sql, &params).await?
            }
            Some(own) => {
                let sql = "SELECT deadline, doc FROM rating_order WHERE region = $1 AND department = $2 AND pile = $3 \
                           AND (deadline, id) > ($4, $5) ORDER BY deadline, id LIMIT $6";
                let params =
                    [region.into(), own.as_str().into(), pile.into(), from.into(), id.into(), (limit + 1).into()];
                city.store().query(sql, &params).await?
            }
        };
        for row in &found {
            rows.push((row.int(0)?, serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?));
        }
    }
    rows.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map(|(deadline, own)| format!("{deadline}/{}", own.id));
    let mut items = Vec::new();
    for (_, own) in rows {
        let Some((rated, _)) = rating(city, &own.id).await? else { continue };
        if may(actor, action, &subject(&own, &rated)).is_ok() {
            items.push(own);
        }
    }
    Ok(Page { items, next })
}

/// An answer that the public reads: what was criticised by level and tags, never in the rater's words.
#[derive(Debug, Clone)]
pub struct Published {
    /// The level.
    pub stars: u8,
    /// Codes of tags.
    pub tags: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The answer.
    pub text: String,
    /// When it was answered.
    pub at: Timestamp,
}

/// The latest published answers of a department, newest first.
///
/// # Errors
/// What the store says.
pub async fn published(city: &City, department: &str) -> Result<Vec<Published>, ServiceError> {
    let sql = "SELECT o.doc, r.doc FROM rating_order o JOIN rating r ON r.region = o.region AND r.id = o.id \
               WHERE o.region = $1 AND o.department = $2 AND o.published > 0 \
               ORDER BY o.published DESC, o.id DESC LIMIT $3";
    let params = [city.region().into(), department.into(), SHOWN.into()];
    let mut shown = Vec::new();
    for row in city.store().query(sql, &params).await? {
        let order: FollowUp = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        let rated: Rating = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        let Some(answer) = order.answer else { continue };
        let (stars, tags) = (rated.voice.stars, rated.voice.tags);
        shown.push(Published { stars, tags, outcome: answer.outcome, text: answer.text, at: answer.at });
    }
    Ok(shown)
}
