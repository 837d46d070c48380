//! Comparing what is stored with what was done: a case when it ends, a day when it is over, everything at the end.

use std::collections::{BTreeMap, BTreeSet};

use domain::cases::{Case, Duty, Fact, duties};
use domain::ids::MessageId;
use domain::time::Timestamp;
use jiff::civil::Date;
use store::cases::CASEFILE;

use super::faults::{self, Fault};
use super::watch::{Invariant, Tally};
use super::world::World;
use crate::city::City;
use crate::error::ServiceError;
use crate::messages::Message;
use crate::{evidence, numbers};

/// Rows read at a time.
const PAGE: i64 = 500;

/// A case as it is stored, with its version.
pub(super) async fn load(city: &City, number: &str) -> Result<Option<(Case, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), number.into()]).await?;
    row.map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))).transpose()
}

/// Folds the facts of a case anew and compares them with its row.
pub(super) async fn replay(city: &City, number: &str, about: &str, tally: &mut Tally) -> Result<(), ServiceError> {
    let found = load(city, number).await?;
    let place = (city.now(), about);
    tally.check(Invariant::NoLostCase, found.is_some(), place, || "it has gone".into());
    let Some((case, version)) = found else { return Ok(()) };
    let stream = CASEFILE.stream(&case.id.to_string());
    let (mut folded, mut last) = (None, 0);
    while last < version {
        let facts = city.store().read_stream(city.region(), &stream, last, PAGE).await?;
        let Some(end) = facts.last().map(|fact| fact.version) else { break };
        last = end;
        for entry in facts {
            let fact: Fact =
                serde_json::from_str(entry.body.as_deref().unwrap_or_default()).map_err(ServiceError::internal)?;
            folded = domain::cases::evolve(folded, fact);
        }
    }
    let same = last == version && folded.as_ref() == Some(&case);
    tally.check(Invariant::Replay, same, place, || format!("{last} facts do not give the row of version {version}"));
    Ok(())
}

/// What an application owes next by law, to be looked at when the day is over.
pub(super) fn next_duty(city: &City, case: &Case) -> Option<Duty> {
    duties(case, &city.calendar(), city.law()).into_iter().min()
}

/// What must be true of the day that has just ended. `filed` is how many filings were acknowledged on it.
pub(super) async fn day(world: &World, day: Date, filed: u64, tally: &mut Tally) -> Result<(), ServiceError> {
    let city = &world.city;
    let about = format!("the day {day}");
    let place = (city.now(), about.as_str());
    let due = city.store().due_before(city.region(), city.now(), 1).await?;
    tally.check(Invariant::Duties, due.is_empty(), place, || format!("still to be done: {}", kinds(&due)));
    let failed: i64 =
        city.store().counters(city.region(), "duty-failed", "", "~").await?.iter().map(|(_, count)| count).sum();
    tally.check(Invariant::Duties, failed == 0, place, || format!("{failed} were put off because something broke"));
    let stored = filed_on(city, day).await?;
    tally.check(Invariant::NoLostCase, stored == filed, place, || {
        format!("{filed} were acknowledged, {stored} are there")
    });
    if world.waits() == Some(Fault::RepeatNotice) {
        faults::repeat_notice(world, day).await?;
    }
    notices(city, day, tally).await
}

fn kinds(due: &[store::Due]) -> String {
    due.iter().map(|due| due.kind.as_str()).collect::<Vec<_>>().join(", ")
}

/// Cases that got their number on a day.
async fn filed_on(city: &City, day: Date) -> Result<u64, ServiceError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM casefile WHERE region = $1 AND number >= $2 AND number < $3";
    let series = numbers::of_cases(day);
    let date = series.trim_start_matches("case/");
    let from = format!("{}{date}", city.settings().district);
    // Digits follow the date; `:` follows `9` in ASCII.
    let params = [city.region().into(), from.as_str().into(), format!("{from}:").into()];
    let count = city.store().query_opt(sql, &params).await?.map_or(Ok(0), |row| row.int(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What applicants must be told about one thing that happened at one instant.
#[derive(Default)]
struct News {
    accepted: bool,
    decided: bool,
    others: u64,
}

/// Each notice about a case once: as many as the facts of the day call for, and none of them twice.
async fn notices(city: &City, day: Date, tally: &mut Tally) -> Result<(), ServiceError> {
    let (from, to) = (Timestamp::start_of(day), Timestamp::end_of(day));
    let called_for = called_for(city, from, to).await?;
    let sql = "SELECT id, account, doc FROM message WHERE region = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4";
    let (mut after, end) = (MessageId::new(from, [0; 10]).to_string(), MessageId::new(to, [0; 10]).to_string());
    let (mut told, mut seen) = (0, BTreeSet::new());
    let about = format!("the day {day}");
    loop {
        let params = [city.region().into(), after.as_str().into(), end.as_str().into(), PAGE.into()];
        let rows = city.store().query(sql, &params).await?;
        let Some(last) = rows.last() else { break };
        last.text(0)?.clone_into(&mut after);
        for row in &rows {
            let message: Message = serde_json::from_str(row.text(2)?).map_err(ServiceError::internal)?;
            if message.case.is_empty() || message.licence.is_some() {
                continue;
            }
            told += 1;
            let key = (row.text(1)?.to_owned(), message.case, message.at, message.title.en.clone());
            let title = message.title.en;
            let first = seen.insert(key);
            tally.check(Invariant::Notices, first, (to, &about), || format!("told twice: {title}"));
        }
    }
    tally.check(Invariant::Notices, told == called_for, (to, &about), || {
        format!("{called_for} notices were called for, {told} were given")
    });
    Ok(())
}

/// How many notices the facts of a day call for, counted without the words that are used for them.
async fn called_for(city: &City, from: Timestamp, to: Timestamp) -> Result<u64, ServiceError> {
    let mut news: BTreeMap<(String, i64), News> = BTreeMap::new();
    let mut after = first_position(city, from).await?;
    let sql = "SELECT position, stream, kind, at FROM fact WHERE region = $1 AND position > $2 AND position <= $3 \
               ORDER BY position";
    let last = city.store().last_position(city.region()).await?;
    while after < last {
        let params = [city.region().into(), after.into(), (after + 4 * PAGE).into()];
        for row in &city.store().query(sql, &params).await? {
            let (stream, kind, at) = (row.text(1)?, row.text(2)?, row.time(3)?);
            if !stream.starts_with("casefile/") || at < from || at >= to {
                continue;
            }
            let own = news.entry((stream.to_owned(), at.micros())).or_default();
            match kind {
                "case.accepted" => own.accepted = true,
                "case.decided" => own.decided = true,
                "case.correction-requested"
                | "case.not-accepted"
                | "case.paused"
                | "case.extended"
                | "case.terminated"
                | "case.check-done" => own.others += 1,
                "case.became-late" => own.others += told_late(city, row.int(0)?).await?,
                _ => {}
            }
        }
        after += 4 * PAGE;
    }
    // A decision on the spot is one piece of news with its acceptance and its licence.
    Ok(news.values().map(|own| own.others + u64::from(own.decided || own.accepted)).sum())
}

/// Positions rise with time by days, so the first of a day is found by halving.
async fn first_position(city: &City, from: Timestamp) -> Result<i64, ServiceError> {
    let sql = "SELECT at FROM fact WHERE region = $1 AND position = $2";
    let (mut low, mut high) = (0, city.store().last_position(city.region()).await?);
    while low < high {
        let middle = low + (high - low) / 2;
        let row = city.store().query_opt(sql, &[city.region().into(), (middle + 1).into()]).await?;
        match row.map(|row| row.time(0)).transpose()? {
            Some(at) if at < from => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Applicants hear of a limit that has passed, not of what the bureau owes itself.
async fn told_late(city: &City, position: i64) -> Result<u64, ServiceError> {
    let sql = "SELECT body FROM fact_body WHERE region = $1 AND position = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), position.into()]).await?;
    let body = row.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default();
    let Ok(Fact::BecameLate { duty, .. }) = serde_json::from_str(&body) else { return Ok(0) };
    Ok(u64::from(matches!(duty, domain::cases::DutyKind::PromiseBroken | domain::cases::DutyKind::LimitBroken)))
}

/// A case whose date has passed: nothing that was owed by then is still owed.
pub(super) async fn overdue(
    city: &City,
    number: &str,
    about: &str,
    tally: &mut Tally,
) -> Result<Option<Duty>, ServiceError> {
    let Some((case, _)) = load(city, number).await? else { return Ok(None) };
    let next = next_duty(city, &case);
    let now = city.now();
    let done = next.is_none_or(|duty| duty.at > now);
    tally.check(Invariant::Duties, done, (now, about), || {
        let owed = next.map_or(String::new(), |duty| format!("{} of {}", duty.kind.as_str(), duty.at));
        format!("its date has passed and nobody has noted it: {owed}")
    });
    Ok(next.filter(|_| done))
}

/// The evidence as a whole: chains and rows, and at a small size documents and records too.
pub(super) async fn evidence(world: &World, tally: &mut Tally) -> Result<(), ServiceError> {
    let city = &world.city;
    if world.waits() == Some(Fault::SwapDocument) {
        faults::swap_document(world).await?;
    }
    let report = match world.plan.thorough {
        true => evidence::verify(city, None).await?.journal,
        false => city.store().verify(None).await?,
    };
    let place = (city.now(), "the evidence");
    tally.held(Invariant::Evidence, report.facts + report.rows);
    for fault in &report.faults {
        let problem = fault.problem.clone();
        tally.check(Invariant::Evidence, false, place, || problem);
    }
    Ok(())
}
