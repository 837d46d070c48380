//! What the figures make of the journal. A case is counted where it was received: by week, place, channel and kind. Where a clerk sits is
//! known from the ticket served last, so a case that the clerk types belongs to that place.

use std::collections::BTreeMap;

use domain::cases::Fact;
use domain::halls::{AppointmentFact, Ticket, TicketFact};
use domain::supervision::{Channel, Kind, Seat, Stage, Standing, Timely, Week, class_of};
use store::supervision::{FIGURE_CASE, FIGURE_SEAT};
use store::{Change, CounterStep, PlainWrite, Row, StoreError};

use super::NOWHERE;
use crate::city::City;
use crate::error::ServiceError;
use crate::journal::News;

/// Name of the subscriber whose cursor stands behind the figures. A city of an earlier version is counted from its beginning.
pub const SUBSCRIBER: &str = "figures";

/// Of the whole city: `week/channel/kind/measure`.
pub(super) const CITY: &str = "figures-city";
/// Of one place: `place/week/channel/kind/measure`.
pub(super) const CELL: &str = "figures-cell";
/// Of all places in a week: `week/measure/place`.
pub(super) const PLACE: &str = "figures-place";
/// Waiting times of all places in a week: `week/place/class`.
pub(super) const WAIT: &str = "figures-wait";

/// A seat with the day and the ticket that it is known from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    day: String,
    ticket: String,
    seat: Seat,
}

/// What one reading of the journal has changed so far.
struct Follower<'c> {
    city: &'c City,
    cases: BTreeMap<String, Option<Standing>>,
    seats: BTreeMap<String, Option<Known>>,
    steps: BTreeMap<(&'static str, String), i64>,
}

/// Counts what is new, and remembers what later facts will need.
pub(crate) async fn follow(city: &City, news: &[News], change: &mut Change) -> Result<(), ServiceError> {
    let mut own = Follower { city, cases: BTreeMap::new(), seats: BTreeMap::new(), steps: BTreeMap::new() };
    for news in news {
        if let Some(id) = news.entry.stream.strip_prefix("casefile/") {
            own.of_case(id, news).await?;
        } else if let Some(id) = news.entry.stream.strip_prefix("ticket/") {
            own.of_ticket(id, &news.entry).await?;
        } else if news.entry.stream.starts_with("appointment/") {
            own.of_appointment(&news.entry);
        }
    }
    own.write(change);
    Ok(())
}

/// Whether a fact can move a figure; the others need nothing read.
fn concerns(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Opened { .. }
            | Fact::Filed { .. }
            | Fact::Accepted { .. }
            | Fact::NotAccepted { .. }
            | Fact::Decided { .. }
            | Fact::Closed
            | Fact::Withdrawn { .. }
            | Fact::Terminated { .. }
            | Fact::BecameLate { .. }
    )
}

impl Follower<'_> {
    async fn of_case(&mut self, id: &str, news: &News) -> Result<(), ServiceError> {
        let Some(fact) = news.fact.as_ref().filter(|fact| concerns(fact)) else { return Ok(()) };
        if let Fact::Opened { opening } = fact {
            let day = news.entry.at.date().to_string();
            let known = self.seat(&news.entry.actor).await?.filter(|known| known.day == day);
            let standing = Standing::opened(opening, known.as_ref().map(|known| &known.seat));
            self.cases.insert(id.to_owned(), Some(standing));
            return Ok(());
        }
        if !self.cases.contains_key(id) {
            let loaded = load_case(self.city, id).await?;
            self.cases.insert(id.to_owned(), loaded);
        }
        // A case whose opening was erased before it was read is not counted.
        let Some(Some(standing)) = self.cases.get_mut(id) else { return Ok(()) };
        let moved = standing.apply(fact);
        let Some(week) = standing.week else { return Ok(()) };
        let place = if standing.place.is_empty() { NOWHERE } else { &standing.place };
        let (channel, kind) = (standing.channel.as_str(), standing.kind.as_str());
        for measure in moved {
            let name = measure.as_str();
            for (counter, key) in [
                (CITY, format!("{week}/{channel}/{kind}/{name}")),
                (CELL, format!("{place}/{week}/{channel}/{kind}/{name}")),
                (PLACE, format!("{week}/{name}/{place}")),
            ] {
                *self.steps.entry((counter, key)).or_default() += 1;
            }
        }
        Ok(())
    }

    async fn seat(&mut self, clerk: &str) -> Result<Option<Known>, ServiceError> {
        if let Some(known) = self.seats.get(clerk) {
            return Ok(known.clone());
        }
        let known = load_seat(self.city, clerk).await?;
        self.seats.insert(clerk.to_owned(), known.clone());
        Ok(known)
    }

    async fn of_ticket(&mut self, id: &str, entry: &store::Fact) -> Result<(), ServiceError> {
        let Some(fact) = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) else { return Ok(()) };
        let week = Week::of(entry.at.date());
        match fact {
            TicketFact::Began { .. } => {
                let Some(ticket) = load_ticket(self.city, id).await? else { return Ok(()) };
                let seat = Seat { place: ticket.place, appointment: ticket.appointment.is_some() };
                let known = Known { day: entry.at.date().to_string(), ticket: id.to_owned(), seat };
                self.seats.insert(entry.actor.clone(), Some(known));
            }
            TicketFact::Finished { place, waited, .. } => {
                self.visit(week, &place, "served");
                let class = class_of(waited);
                *self.steps.entry((WAIT, format!("{week}/{place}/{class:02}"))).or_default() += 1;
                *self.steps.entry((CELL, format!("{place}/{week}/-/-/wait-{class:02}"))).or_default() += 1;
                *self.steps.entry((CITY, format!("{week}/-/-/wait-{class:02}"))).or_default() += 1;
                self.stand_up(&entry.actor, id).await?;
            }
            TicketFact::Held { .. } => self.stand_up(&entry.actor, id).await?,
            _ => {}
        }
        Ok(())
    }

    /// Nobody with an appointment is at the window any more.
    async fn stand_up(&mut self, clerk: &str, ticket: &str) -> Result<(), ServiceError> {
        if let Some(mut known) = self.seat(clerk).await?.filter(|known| known.ticket == ticket) {
            known.seat.appointment = false;
            self.seats.insert(clerk.to_owned(), Some(known));
        }
        Ok(())
    }

    fn of_appointment(&mut self, entry: &store::Fact) {
        let Some(fact) = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) else { return };
        if let AppointmentFact::Arrived { place, .. } = fact {
            self.visit(Week::of(entry.at.date()), &place, "kept");
        }
    }

    /// Something that is counted by place alone.
    fn visit(&mut self, week: Week, place: &str, measure: &str) {
        *self.steps.entry((PLACE, format!("{week}/{measure}/{place}"))).or_default() += 1;
    }

    fn write(self, change: &mut Change) {
        for (id, standing) in self.cases {
            change.plain.extend(standing.map(|own| PlainWrite { table: &FIGURE_CASE, id, columns: columns(&own) }));
        }
        for (id, known) in self.seats {
            change.plain.extend(known.map(|own| PlainWrite {
                table: &FIGURE_SEAT,
                id,
                columns: vec![
                    own.day.into(),
                    own.seat.place.into(),
                    own.ticket.into(),
                    i64::from(own.seat.appointment).into(),
                ],
            }));
        }
        let step = |((name, key), by): ((&'static str, String), i64)| CounterStep { name: name.into(), key, by };
        change.counters.extend(self.steps.into_iter().map(step));
    }
}

const STATUTORY: i64 = 1;
const PROMISE_SETTLED: i64 = 2;
const LIMIT_SETTLED: i64 = 4;

fn columns(own: &Standing) -> Vec<store::Value> {
    let mark = |set: bool, mark: i64| if set { mark } else { 0 };
    let marks = mark(own.statutory, STATUTORY)
        + mark(own.promise.settled, PROMISE_SETTLED)
        + mark(own.limit.settled, LIMIT_SETTLED);
    vec![
        own.week.map(|week| week.to_string()).unwrap_or_default().into(),
        own.place.clone().into(),
        own.channel.as_str().into(),
        own.kind.as_str().into(),
        own.stage.as_str().into(),
        i64::from(own.promise.late).into(),
        i64::from(own.limit.late).into(),
        marks.into(),
    ]
}

fn standing(row: &Row) -> Result<Option<Standing>, StoreError> {
    let marks = row.int(7)?;
    let (Some(channel), Some(kind), Some(stage)) =
        (Channel::parse(row.text(2)?), Kind::parse(row.text(3)?), Stage::parse(row.text(4)?))
    else {
        return Ok(None);
    };
    Ok(Some(Standing {
        week: row.text(0)?.parse().ok(),
        place: row.text(1)?.to_owned(),
        channel,
        kind,
        stage,
        statutory: marks & STATUTORY != 0,
        promise: Timely { settled: marks & PROMISE_SETTLED != 0, late: row.int(5)? != 0 },
        limit: Timely { settled: marks & LIMIT_SETTLED != 0, late: row.int(6)? != 0 },
    }))
}

async fn load_case(city: &City, id: &str) -> Result<Option<Standing>, ServiceError> {
    let sql = "SELECT week, place, channel, kind, stage, late_promise, late_limit, marks FROM figure_case \
               WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    Ok(row.map_or(Ok(None), |row| standing(&row))?)
}

async fn load_seat(city: &City, clerk: &str) -> Result<Option<Known>, ServiceError> {
    let sql = "SELECT day, place, ticket, appointment FROM figure_seat WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), clerk.into()]).await?;
    let known = |row: Row| {
        let seat = Seat { place: row.text(1)?.to_owned(), appointment: row.int(3)? != 0 };
        Ok::<Known, StoreError>(Known { day: row.text(0)?.to_owned(), ticket: row.text(2)?.to_owned(), seat })
    };
    Ok(row.map(known).transpose()?)
}

async fn load_ticket(city: &City, id: &str) -> Result<Option<Ticket>, ServiceError> {
    let sql = "SELECT doc FROM ticket WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    row.map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).transpose()
}
