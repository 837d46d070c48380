//! Counters fed from the journal: exactly once, because the cursor moves in the same commit.

use std::collections::BTreeMap;

use domain::cases::{DutyKind, Fact};
use serde::Serialize;
use store::{Advance, Change, CounterStep};

use crate::cases;
use crate::city::City;
use crate::error::ServiceError;
use crate::halls;

/// Name of the subscriber whose cursor stands behind what was counted.
pub const SUBSCRIBER: &str = "statistics";
const BATCH: i64 = 500;

/// Reads what is new in the journal and adds it to the counters. Answers how many facts were read.
pub async fn advance(city: &City) -> Result<usize, ServiceError> {
    let from = city.store().subscriber_position(city.region(), SUBSCRIBER).await?;
    let entries = city.store().read_journal(city.region(), from, BATCH).await?;
    let Some(last) = entries.last() else { return Ok(0) };
    let mut steps: BTreeMap<(String, String), i64> = BTreeMap::new();
    for entry in &entries {
        let day = entry.at.date().to_string();
        for (name, key, by) in halls::counted(entry, &day) {
            *steps.entry((name.to_owned(), key)).or_default() += by;
        }
        let Some(fact) = cases::told(entry) else { continue };
        for (name, key) in counted(&fact, &day) {
            *steps.entry((name.to_owned(), key)).or_default() += 1;
        }
    }
    let mut change = Change::new(city.region(), city.now());
    change.counters = steps.into_iter().map(|((name, key), by)| CounterStep { name, key, by }).collect();
    change.cursor = Some(Advance { subscriber: SUBSCRIBER.into(), from, to: last.position });
    city.store().commit(change).await?;
    Ok(entries.len())
}

/// Which counters a fact of a day moves: name and key.
pub fn counted(fact: &Fact, day: &str) -> Vec<(&'static str, String)> {
    match fact {
        Fact::Opened { opening } => vec![
            ("opened", day.to_owned()),
            ("opened-by-matter", opening.matter.clone()),
            ("opened-by-department", opening.department.clone()),
        ],
        Fact::Filed { .. } => vec![("filed", day.to_owned())],
        Fact::Accepted { deemed: true, .. } => vec![("accepted", day.to_owned()), ("deemed", day.to_owned())],
        Fact::Accepted { .. } => vec![("accepted", day.to_owned())],
        Fact::NotAccepted { .. } => vec![("not-accepted", day.to_owned())],
        Fact::CorrectionRequested { .. } => vec![("corrections", day.to_owned())],
        Fact::Decided { decision, .. } => {
            let mut names = vec![(if decision.granted { "granted" } else { "refused" }, day.to_owned())];
            if decision.automatic {
                names.push(("automatic", day.to_owned()));
            }
            names
        }
        Fact::BecameLate { duty, department, .. } => {
            vec![(lateness(*duty), department.clone())]
        }
        Fact::Withdrawn { .. } => vec![("withdrawn", day.to_owned())],
        Fact::Closed => vec![("closed", day.to_owned())],
        _ => Vec::new(),
    }
}

/// The counter of what was owed and not done by its date.
pub fn lateness(duty: DutyKind) -> &'static str {
    match duty {
        DutyKind::PromiseBroken => "late-promise",
        DutyKind::LimitBroken => "late-limit",
        DutyKind::DeliveryLate => "late-delivery",
        _ => "check-due",
    }
}

/// One counter.
#[derive(Debug, Clone, Serialize)]
pub struct Counter {
    /// What is counted.
    pub name: String,
    /// Of which day, matter or department.
    pub key: String,
    /// How many.
    pub n: i64,
}

/// Counters of a name, by key, the latest first; at most 400.
pub async fn counters(city: &City, name: &str) -> Result<Vec<Counter>, ServiceError> {
    let sql = "SELECT name, key, n FROM counter WHERE region = $1 AND name = $2 ORDER BY key DESC LIMIT 400";
    let rows = city.store().query(sql, &[city.region().into(), name.into()]).await?;
    rows.iter()
        .map(|row| Ok(Counter { name: row.text(0)?.to_owned(), key: row.text(1)?.to_owned(), n: row.int(2)? }))
        .collect()
}
