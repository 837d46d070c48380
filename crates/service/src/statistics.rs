//! Counters fed from the journal, see [`crate::journal`].

use std::collections::BTreeMap;

use domain::cases::{DutyKind, Fact};
use serde::Serialize;
use store::{Change, CounterStep};

use crate::city::City;
use crate::error::ServiceError;
use crate::journal::News;
use crate::{halls, voice};

/// Name of the subscriber whose cursor stands behind what was counted.
pub const SUBSCRIBER: &str = "statistics";

/// Adds what is new to the counters.
pub(crate) fn count(news: &[News], change: &mut Change) {
    let mut steps: BTreeMap<(&'static str, String), i64> = BTreeMap::new();
    for News { entry, fact } in news {
        let day = entry.at.date().to_string();
        for (name, key, by) in halls::counted(entry, &day).into_iter().chain(voice::counted(entry)) {
            *steps.entry((name, key)).or_default() += by;
        }
        for step in fact.iter().flat_map(|fact| counted(fact, &day)) {
            *steps.entry(step).or_default() += 1;
        }
    }
    change.counters = steps.into_iter().map(|((name, key), by)| CounterStep { name: name.into(), key, by }).collect();
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
