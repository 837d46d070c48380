//! Holding the periodic contests 评比: an hour into the day after a period, from its counters, once for the city.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::accounts::Actor;
use domain::text::Text;
use domain::time::Timestamp;
use domain::voice::{Contest, ContestOf, Entrant, Round, Tally, Winner, winners};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::voice::RATING_CONTEST;
use store::{Change, Expected, RowWrite, StoreError};

use super::{About, rules, tallies};
use crate::city::City;
use crate::error::ServiceError;

/// By then the counters have caught up with the journal, in seconds after midnight.
const SETTLED_SECONDS: i64 = 3600;
/// Most results that a page shows.
const SHOWN: i64 = 12;

/// The day on which everything that was due is known to be held, with the shelf's stamp.
#[derive(Default)]
pub(crate) struct Contests(Mutex<Option<(i64, Date)>>);

/// A contest of a period, as it was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Id of the contest.
    pub contest: String,
    /// Its name then.
    pub name: Text,
    /// Who entered.
    pub of: ContestOf,
    /// The period: `2026-11`, `2026-Q4`.
    pub period: String,
    /// How many had ratings.
    pub entrants: usize,
    /// Who won, the best first; nobody where nobody had enough ratings.
    pub winners: Vec<Winner>,
    /// The rules.
    pub source: String,
    /// When.
    pub at: Timestamp,
}

/// Holds what is due and was not held yet. Answers how many were held; may be called every second.
///
/// # Errors
/// What the store says.
pub async fn hold(city: &City) -> Result<usize, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let today = now.date();
    let key = (shelf.stamp(), today);
    let known = *city.contests().0.lock().unwrap_or_else(PoisonError::into_inner);
    if known == Some(key) || now < Timestamp::start_of(today).plus_seconds(SETTLED_SECONDS) {
        return Ok(0);
    }
    let mut count = 0;
    for contest in &shelf.ratings().contests {
        let round = Round::before(contest.every, today);
        if contest.covers(&round, today) {
            count += usize::from(hold_one(city, contest, &round).await?);
        }
    }
    *city.contests().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key);
    Ok(count)
}

/// The ratings of all months of a period.
async fn entrants(city: &City, contest: &Contest, round: &Round) -> Result<Vec<Entrant>, ServiceError> {
    let about = if contest.of == ContestOf::Clerk { About::Clerk } else { About::Window };
    let mut all: BTreeMap<String, Tally> = BTreeMap::new();
    for month in &round.months {
        for (id, tally) in tallies(city, about, month).await? {
            let sum = all.entry(id).or_default();
            for stars in 1..=5 {
                sum.add(stars, tally.of(stars));
            }
        }
    }
    Ok(all.into_iter().map(|(id, tally)| Entrant { id, tally }).collect())
}

async fn hold_one(city: &City, contest: &Contest, round: &Round) -> Result<bool, ServiceError> {
    let id = format!("{}.{}", contest.id, round.name);
    if city.store().load(city.region(), &RATING_CONTEST, &id).await?.is_some() {
        return Ok(false);
    }
    let (now, shelf) = (city.now(), city.shelf());
    let rules = rules(shelf.ratings(), round.first)?;
    let entrants = entrants(city, contest, round).await?;
    let held = Held {
        contest: contest.id.clone(),
        name: contest.name.clone(),
        of: contest.of,
        period: round.name.clone(),
        winners: winners(contest, shelf.ratings(), &rules, &entrants),
        entrants: entrants.len(),
        source: contest.source.clone(),
        at: now,
    };
    let change = Change::new(city.region(), now).row(RowWrite {
        table: &RATING_CONTEST,
        id,
        expected: Expected::New,
        columns: vec![now.into()],
        doc: serde_json::to_string(&held).map_err(ServiceError::internal)?,
        facts: city.facts(&Actor::system().label(), &[held], |_| "contest.held")?,
    });
    match city.store().commit(change).await {
        Ok(_) => Ok(true),
        // Another server of this city was quicker.
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The contests held last, newest first.
///
/// # Errors
/// What the store says.
pub async fn held(city: &City) -> Result<Vec<Held>, ServiceError> {
    let sql = "SELECT doc FROM rating_contest WHERE region = $1 AND held > 0 ORDER BY held DESC, id DESC LIMIT $2";
    let rows = city.store().query(sql, &[city.region().into(), SHOWN.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}
