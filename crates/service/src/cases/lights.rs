//! How the clocks of open cases stand, department by department, for those who supervise.

use std::collections::BTreeMap;

use domain::accounts::{Action, Actor, Subject, may};
use domain::time::Timestamp;
use store::Value;

use crate::city::City;
use crate::error::ServiceError;

/// Most cases that are looked at in one pile, the most urgent first: beyond it only those with time left are not counted.
pub const MOST_LOOKED_AT: i64 = 500;
/// Sorts after every date: see `NO_DATE` of the rows.
const FAR: i64 = i64::MAX / 8;

/// How many clocks show which light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lit {
    /// The date has passed.
    pub late: i64,
    /// The date is close.
    pub near: i64,
    /// Time is left.
    pub on_time: i64,
    /// The clock stands still.
    pub paused: i64,
}

impl std::ops::AddAssign for Lit {
    fn add_assign(&mut self, other: Lit) {
        self.late += other.late;
        self.near += other.near;
        self.on_time += other.on_time;
        self.paused += other.paused;
    }
}

/// The lights of each department's open cases, and whether some with time left were not counted. `piles` names those
/// that have clocks, each with the instant up to which a date is close.
pub async fn lights(
    city: &City,
    actor: &Actor,
    piles: &[(&str, Timestamp)],
) -> Result<(BTreeMap<String, Lit>, bool), ServiceError> {
    may(actor, Action::Supervise, &Subject::default())?;
    let sql = "SELECT department, CAST(sum(CASE WHEN deadline <= $3 THEN 1 ELSE 0 END) AS BIGINT), \
               CAST(sum(CASE WHEN deadline > $3 AND deadline <= $4 THEN 1 ELSE 0 END) AS BIGINT), \
               CAST(sum(CASE WHEN deadline > $4 AND deadline < $5 THEN 1 ELSE 0 END) AS BIGINT), \
               CAST(sum(CASE WHEN deadline >= $5 THEN 1 ELSE 0 END) AS BIGINT) \
               FROM (SELECT department, deadline FROM casefile WHERE region = $1 AND pile = $2 \
               ORDER BY deadline LIMIT $6) open_cases GROUP BY department";
    let mut all: BTreeMap<String, Lit> = BTreeMap::new();
    let mut more = false;
    for (pile, near) in piles {
        let params: [Value; 6] = [
            city.region().into(),
            (*pile).into(),
            city.now().micros().into(),
            near.micros().into(),
            FAR.into(),
            MOST_LOOKED_AT.into(),
        ];
        let mut seen = 0;
        for row in city.store().query(sql, &params).await? {
            let lit = Lit { late: row.int(1)?, near: row.int(2)?, on_time: row.int(3)?, paused: row.int(4)? };
            seen += lit.late + lit.near + lit.on_time + lit.paused;
            *all.entry(row.text(0)?.to_owned()).or_default() += lit;
        }
        more |= seen >= MOST_LOOKED_AT;
    }
    Ok((all, more))
}
