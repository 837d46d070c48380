//! Reading the counters of weeks: ranges of keys, a few hundred rows however large the city is.

use std::collections::BTreeMap;

use domain::supervision::{Channel, Kind, Measure, Ratio, Waits, Week};
use domain::text::Text;

use super::NOWHERE;
use super::counted::{CELL, CITY, PLACE, WAIT};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// Most counters that one range answers; five hundred places have some ten thousand in a week.
const MOST: i64 = 50_000;

/// Which figures somebody wants; as typed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Any day of the week: `2026-11-23`; the last whole week when absent.
    pub week: Option<String>,
    /// Id of a place, [`NOWHERE`] for none; the whole city when absent.
    pub place: Option<String>,
}

/// The weeks of which there are figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first one that was counted.
    pub first: Week,
    /// The running one.
    pub last: Week,
}

/// From the first week counted to the running one.
///
/// # Errors
/// What the store says.
pub async fn range(city: &City) -> Result<Range, ServiceError> {
    let sql = "SELECT key FROM counter WHERE region = $1 AND name = $2 ORDER BY key LIMIT 1";
    let row = city.store().query_opt(sql, &[city.region().into(), CITY.into()]).await?;
    let last = Week::of(city.now().date());
    let first = row.map(|row| Ok::<_, ServiceError>(row.text(0)?.to_owned())).transpose()?;
    let first = first.and_then(|key| key.split('/').next()?.parse().ok()).unwrap_or(last);
    Ok(Range { first: first.min(last), last })
}

/// What was asked for, once it is known to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub week: Week,
    pub place: Option<String>,
    pub range: Range,
}

fn invalid(field: &str, zh: String, en: String) -> ServiceError {
    ServiceError::Invalid(vec![FieldError::new(field, Text::new(zh, en))])
}

/// Reads what somebody typed.
pub(super) async fn wanted(city: &City, asked: &Asked) -> Result<Wanted, ServiceError> {
    let range = range(city).await?;
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|own| !own.is_empty()).map(str::to_owned);
    let week = match given(&asked.week) {
        Some(text) => text.parse::<Week>().map_err(|_| {
            invalid(
                "week",
                "week 应为周内的一天，如 2026-11-23。".to_owned(),
                "week must be a day of the week, such as 2026-11-23.".to_owned(),
            )
        })?,
        None if range.first < range.last => range.last.back(1),
        None => range.last,
    };
    if week < range.first || week > range.last {
        let (from, to) = (range.first.monday(), range.last.sunday());
        return Err(invalid(
            "week",
            format!("这一周没有统计数据，请在 {from} 至 {to} 之间选择。"),
            format!("There are no figures of that week. Choose one between {from} and {to}."),
        ));
    }
    let place = given(&asked.place);
    if let Some(id) = place.as_deref().filter(|id| *id != NOWHERE && city.shelf().place(id).is_err()) {
        return Err(invalid(
            "place",
            format!("没有编号为 {id} 的场所，请从列表中选择。"),
            format!("There is no place {id}. Choose one from the list."),
        ));
    }
    Ok(Wanted { week, place, range })
}

/// Counters of a name in a range of keys.
async fn rows(city: &City, name: &str, from: &str, to: &str) -> Result<Vec<(String, i64)>, ServiceError> {
    let sql =
        "SELECT key, n FROM counter WHERE region = $1 AND name = $2 AND key >= $3 AND key < $4 ORDER BY key LIMIT $5";
    let params = [city.region().into(), name.into(), from.into(), to.into(), MOST.into()];
    let rows = city.store().query(sql, &params).await?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}

/// What was counted of some cases, and how people waited.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    cells: BTreeMap<(Channel, Kind, Measure), i64>,
    /// Waiting times of tickets that were served.
    pub waits: Waits,
    /// What is counted by place alone: `served`, `kept`.
    pub visits: BTreeMap<String, i64>,
    /// By measure alone, where that is all that was read.
    plain: BTreeMap<Measure, i64>,
}

impl Counts {
    /// A measure of everything.
    pub fn of(&self, measure: Measure) -> i64 {
        let cells: i64 = self.cells.iter().filter(|((_, _, own), _)| *own == measure).map(|(_, n)| n).sum();
        cells + self.plain.get(&measure).copied().unwrap_or(0)
    }

    /// A measure of one channel or one kind.
    pub fn only(&self, channel: Option<Channel>, kind: Option<Kind>, measure: Measure) -> i64 {
        let fits = |own: &(Channel, Kind, Measure)| {
            own.2 == measure
                && channel.is_none_or(|wanted| wanted == own.0)
                && kind.is_none_or(|wanted| wanted == own.1)
        };
        self.cells.iter().filter(|(own, _)| fits(own)).map(|(_, n)| n).sum()
    }

    /// 办结率: done of accepted.
    pub fn closing(&self) -> Option<Ratio> {
        Ratio::share(self.of(Measure::Closed), self.of(Measure::Accepted))
    }

    /// Decided within the promised or the statutory limit, of those whose outcome is known.
    pub fn on_time(&self, settled: Measure, late: Measure) -> Option<Ratio> {
        Ratio::share(self.of(settled) - self.of(late), self.of(settled))
    }

    /// Takes `channel/kind/measure` or `-/-/wait-07`.
    fn add(&mut self, rest: &str, n: i64) {
        let mut parts = rest.split('/');
        let (channel, kind, measure) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        if let Some(class) = measure.strip_prefix("wait-").and_then(|class| class.parse().ok()) {
            return self.waits.add(class, n);
        }
        let (channel, kind) = (channel.and_then(Channel::parse), kind.and_then(Kind::parse));
        if let (Some(channel), Some(kind), Some(measure)) = (channel, kind, Measure::parse(measure)) {
            *self.cells.entry((channel, kind, measure)).or_default() += n;
        }
    }
}

/// The counts of some weeks, of the city or of one place.
pub(super) async fn weeks(
    city: &City,
    place: Option<&str>,
    (first, last): (Week, Week),
) -> Result<BTreeMap<Week, Counts>, ServiceError> {
    let prefix = place.map_or_else(String::new, |place| format!("{place}/"));
    let (from, to) = (format!("{prefix}{first}/"), format!("{prefix}{last}0"));
    let mut found: BTreeMap<Week, Counts> = BTreeMap::new();
    for (key, n) in rows(city, if place.is_some() { CELL } else { CITY }, &from, &to).await? {
        let Some((week, rest)) = key.strip_prefix(&prefix).and_then(|own| own.split_once('/')) else { continue };
        if let Ok(week) = week.parse() {
            found.entry(week).or_default().add(rest, n);
        }
    }
    Ok(found)
}

/// The counts of all places in a week, by id.
pub(super) async fn places(city: &City, week: Week) -> Result<BTreeMap<String, Counts>, ServiceError> {
    let (from, to) = (format!("{week}/"), format!("{week}0"));
    let mut found: BTreeMap<String, Counts> = BTreeMap::new();
    for (key, n) in rows(city, PLACE, &from, &to).await? {
        let Some((measure, place)) = key.strip_prefix(&from).and_then(|own| own.split_once('/')) else { continue };
        let own = found.entry(place.to_owned()).or_default();
        match Measure::parse(measure) {
            Some(measure) => *own.plain.entry(measure).or_default() += n,
            None => *own.visits.entry(measure.to_owned()).or_default() += n,
        }
    }
    for (key, n) in rows(city, WAIT, &from, &to).await? {
        let Some((place, class)) = key.strip_prefix(&from).and_then(|own| own.split_once('/')) else { continue };
        if let Ok(class) = class.parse() {
            found.entry(place.to_owned()).or_default().waits.add(class, n);
        }
    }
    Ok(found)
}

/// How many cases each place received in a week, by id.
pub(super) async fn received(city: &City, week: Week) -> Result<BTreeMap<String, i64>, ServiceError> {
    let prefix = format!("{week}/{}", Measure::Received.as_str());
    let (from, to) = (format!("{prefix}/"), format!("{prefix}0"));
    let rows = rows(city, PLACE, &from, &to).await?;
    Ok(rows.into_iter().filter_map(|(key, n)| Some((key.strip_prefix(&from)?.to_owned(), n))).collect())
}
