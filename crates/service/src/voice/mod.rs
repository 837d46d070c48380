//! Rating 好差评: giving a rating, following a bad one up, figures, stars and contests.
//!
//! * `find.rs` finds the service that somebody wants to rate, by case, ticket, code or window; `rate.rs` takes the rating
//! * `follow.rs` works on follow-ups; `lists.rs` finds them; `duties.rs` is what the clock does with them
//! * `ended.rs` sees services end in the journal: it counts them and gives out the codes that messages carry
//! * `counted.rs` says which figures a fact moves; `figures.rs` reads them; `contest.rs` holds the contests; `erase.rs` forgets a
//!   person

mod contest;
mod counted;
mod duties;
mod ended;
mod erase;
mod figures;
mod find;
mod follow;
mod lists;
mod rate;

pub(crate) use contest::Contests;
pub use contest::{Held, held, hold};
pub(crate) use counted::counted;
pub(crate) use duties::{is_duty, recompute, run_duty};
pub(crate) use ended::{Ended, ended, told_rater};
pub(crate) use erase::erase_ratings;
pub use figures::{About, Figures, Starred, figures, may_publish, own_tally, starred, tallies};
pub use find::{Entry, Rateable, Standing, rateable};
pub use follow::{OrderView, follow, order};
pub use lists::{PILES, Published, inbox, piles, published};
pub use rate::{Given, Wish, rate};

use domain::time::Timestamp;
use domain::voice::{FollowUp, FollowUpFact, Rating, RatingFact, RatingReason, RatingRefusal, RatingRules, Ratings};
use jiff::civil::Date;
use store::voice::{RATING, RATING_ORDER};
use store::{DueOp, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// Sorts after every real date: nobody must act by a date.
const NO_DATE: i64 = i64::MAX / 4;

/// The rules in force on a day.
fn rules(ratings: &Ratings, day: Date) -> Result<RatingRules, ServiceError> {
    ratings.rules_on(day).cloned().ok_or(ServiceError::NotFound("rules of rating"))
}

fn refused(state: &'static str, command: &'static str, reason: RatingReason) -> ServiceError {
    ServiceError::Rating(RatingRefusal { state, command, reason })
}

/// `2026-11`.
pub(crate) fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The row that a rating and its facts make.
fn rating_row(
    city: &City,
    own: &Rating,
    expected: Expected,
    facts: &[RatingFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let person = own.rater.party.as_ref().map(|party| party.code.clone());
    Ok(RowWrite {
        table: &RATING,
        id: own.id.clone(),
        expected,
        columns: vec![
            own.scope.department.clone().into(),
            i64::from(own.stars()).into(),
            own.rater.account.clone().into(),
            person.into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, RatingFact::kind)?,
    })
}

/// The row that a follow-up and its facts make.
fn order_row(
    city: &City,
    own: &FollowUp,
    expected: Expected,
    facts: &[FollowUpFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let published = own.answer.as_ref().filter(|answer| answer.public).map(|answer| answer.at.micros());
    Ok(RowWrite {
        table: &RATING_ORDER,
        id: own.id.clone(),
        expected,
        columns: vec![
            own.number.clone().into(),
            own.department.clone().into(),
            own.state.name().into(),
            own.pile().map(str::to_owned).into(),
            own.next_date().map_or(NO_DATE, Timestamp::micros).into(),
            published.into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, FollowUpFact::kind)?,
    })
}

/// The timers of a follow-up as it stands now, in the place of those before.
fn timers(own: &FollowUp) -> Vec<DueOp> {
    let subject = format!("rating_order/{}", own.id);
    let gone = domain::voice::FOLLOW_UP_DUTIES.map(|duty| (duty.kind(), subject.clone()));
    let gone = gone.into_iter().map(|(kind, subject)| DueOp::Remove { kind: kind.into(), subject });
    let owed = own.duties().into_iter().map(|(at, duty)| DueOp::Add {
        at,
        kind: duty.kind().into(),
        subject: subject.clone(),
    });
    gone.chain(owed).collect()
}

/// A rating with the version of its row.
async fn rating(city: &City, id: &str) -> Result<Option<(Rating, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM rating WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))).transpose()
}

/// The follow-up of a rating with the version of its row.
async fn order_of(city: &City, id: &str) -> Result<Option<(FollowUp, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM rating_order WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))).transpose()
}

/// Puts one fact of a follow-up into a change, with its timers.
fn step(
    city: &City,
    change: &mut store::Change,
    (own, version): (FollowUp, i64),
    fact: FollowUpFact,
    by: &str,
) -> Result<FollowUp, ServiceError> {
    let after = FollowUp::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("follow-up"))?;
    change.rows.push(order_row(city, &after, Expected::Version(version), &[fact], by)?);
    change.due.extend(timers(&after));
    Ok(after)
}
