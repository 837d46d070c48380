//! Who wins a periodic contest, from counters alone.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::figures::Tally;
use super::scheme::{Contest, Every, RatingRules, Ratings};

/// One who enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrant {
    /// Account of a clerk, or `place/window`.
    pub id: String,
    /// Ratings of the period.
    pub tally: Tally,
}

/// One who wins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winner {
    /// Account of a clerk, or `place/window`.
    pub id: String,
    /// Average, in hundredths of a point.
    pub average: i64,
    /// How many ratings.
    pub ratings: i64,
}

/// A period of a contest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// `2026-11`, `2026-Q4`.
    pub name: String,
    /// Its months: `2026-10`.
    pub months: Vec<String>,
    /// Its first day.
    pub first: Date,
}

impl Round {
    /// The last period that was over before a day.
    pub fn before(every: Every, day: Date) -> Round {
        let (year, month) = (day.year(), day.month());
        let length: i8 = if every == Every::Month { 1 } else { 3 };
        let begun = month - (month - 1) % length;
        let (year, first) = if begun == 1 { (year - 1, 13 - length) } else { (year, begun - length) };
        let months = (first..first + length).map(|month| format!("{year:04}-{month:02}")).collect();
        let name = match every {
            Every::Month => format!("{year:04}-{first:02}"),
            Every::Quarter => format!("{year:04}-Q{}", (first + 2) / 3),
        };
        Round { name, months, first: date(year, first, 1) }
    }
}

impl Contest {
    /// Whether a period counts: it lies wholly in the time of the rules.
    pub fn covers(&self, round: &Round, today: Date) -> bool {
        self.valid_from <= round.first && self.valid_to.is_none_or(|last| today <= last || round.first <= last)
    }
}

/// The winners, the best first: by average, then by the number of ratings, then by id, so that counting again gives the same.
pub fn winners(contest: &Contest, ratings: &Ratings, rules: &RatingRules, entrants: &[Entrant]) -> Vec<Winner> {
    let bad = |tally: &Tally| -> i64 {
        ratings.levels.iter().filter(|level| level.bad).map(|level| tally.of(level.stars)).sum()
    };
    let enters = |own: &&Entrant| own.tally.total() >= contest.least && bad(&own.tally) <= contest.bad_allowed;
    let mut found: Vec<Winner> = entrants
        .iter()
        .filter(enters)
        .filter_map(|own| {
            let average = own.tally.average(rules)?;
            Some(Winner { id: own.id.clone(), average, ratings: own.tally.total() })
        })
        .collect();
    found.sort_by(|a, b| (b.average, b.ratings, &a.id).cmp(&(a.average, a.ratings, &b.id)));
    found.truncate(contest.winners);
    found
}
