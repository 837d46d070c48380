//! What a hall screen and the page of a place show: numbers that were called, who waits, and how long it will take.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use domain::halls::{Estimate, Place, Ticket, TicketState, estimate};
use domain::time::Timestamp;
use serde::Serialize;

use super::rooms::is_fresh;
use super::{room, sequence};
use crate::city::City;
use crate::error::ServiceError;

/// How many numbers a screen shows.
const SHOWN: i64 = 8;
/// From how many of the people served last a counter's time is taken.
const SERVED: usize = 20;
/// A window that has finished nobody for so long counts no more, in seconds.
const ACTIVE_SECONDS: i64 = 1800;

/// A number that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallShown {
    /// The number.
    pub number: String,
    /// To which window.
    pub window: String,
    /// For the how-manieth time; a screen says it aloud again when this rises.
    pub times: u32,
}

/// The queue of a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// Id of the counter.
    pub counter: String,
    /// How many wait.
    pub waiting: usize,
    /// How long whoever comes now will wait, in minutes.
    pub minutes: u32,
    /// From how many people served today the time is taken; 0 = from the counter's usual time.
    pub from: usize,
    /// How many windows work, at least.
    pub windows: usize,
}

/// A place as its screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Id of the place.
    pub place: String,
    /// Numbers called last, the latest first.
    pub called: Vec<CallShown>,
    /// Its queues, in the order of its counters.
    pub queues: Vec<Queue>,
}

impl Board {
    /// How many wait in the whole place.
    pub fn waiting(&self) -> usize {
        self.queues.iter().map(|queue| queue.waiting).sum()
    }
}

/// The board of a place. Whoever asks while it is being read gets what was read; nothing older than two seconds is shown.
///
/// # Errors
/// [`ServiceError::NotFound`] for a place that there is not.
pub async fn board(city: &City, place: &str) -> Result<Arc<Board>, ServiceError> {
    let shelf = city.shelf();
    let own = shelf.place(place)?;
    let (_, reading) = city.rooms().reading(place);
    let mut kept = reading.lock().await;
    // Asked again after the wait: news that came meanwhile are in what is read now.
    let (news, _) = city.rooms().reading(place);
    let now = city.now();
    if let Some((read, at, board)) = kept.as_ref()
        && is_fresh(news, *read, *at, now)
    {
        return Ok(board.clone());
    }
    let board = Arc::new(read(city, own, now).await?);
    *kept = Some((news, now, board.clone()));
    Ok(board)
}

/// News of a place's queue: a number that rises with each movement on this server. Other servers' movements are seen by asking
/// for the board again.
///
/// # Errors
/// [`ServiceError::NotFound`] for a place that there is not.
pub fn watch(city: &City, place: &str) -> Result<tokio::sync::watch::Receiver<u64>, ServiceError> {
    city.shelf().place(place)?;
    Ok(city.rooms().news(place))
}

async fn read(city: &City, place: &Place, now: Timestamp) -> Result<Board, ServiceError> {
    let key = room(&place.id, now.date());
    let called = called(city, &key).await?;
    let waiting = counts(city, &key).await?;
    let (served, active) = served(city, &key, now).await?;
    let queue = |counter: &domain::halls::Counter| {
        let count = waiting.get(&counter.id).copied().unwrap_or(0);
        let times = served.get(&counter.id).map_or(&[][..], Vec::as_slice);
        let working = counter.windows.iter().filter(|window| active.contains(*window)).count().max(1);
        let Estimate { ahead, minutes, from } = estimate(count, times, working, counter.usual_minutes);
        Queue { counter: counter.id.clone(), waiting: ahead, minutes, from, windows: working }
    };
    Ok(Board { place: place.id.clone(), called, queues: place.counters.iter().map(queue).collect() })
}

async fn called(city: &City, room: &str) -> Result<Vec<CallShown>, ServiceError> {
    let sql =
        "SELECT doc FROM ticket WHERE region = $1 AND room = $2 AND state = 'called' ORDER BY moved DESC LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), room.into(), SHOWN.into()]).await?;
    let mut shown = Vec::new();
    for row in &rows {
        let own: Ticket = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        if let TicketState::Called { window, times, .. } = own.state {
            shown.push(CallShown { number: own.number, window, times });
        }
    }
    Ok(shown)
}

async fn counts(city: &City, room: &str) -> Result<BTreeMap<String, usize>, ServiceError> {
    let sql = "SELECT counter, CAST(COUNT(*) AS BIGINT) FROM ticket WHERE region = $1 AND room = $2 \
               AND state = 'waiting' GROUP BY counter";
    let rows = city.store().query(sql, &[city.region().into(), room.into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), usize::try_from(row.int(1)?).unwrap_or(0)))).collect()
}

/// How long the people served last took, by counter, and the windows that work.
async fn served(
    city: &City,
    room: &str,
    now: Timestamp,
) -> Result<(BTreeMap<String, Vec<i64>>, BTreeSet<String>), ServiceError> {
    let done = "SELECT counter, served, desk, moved FROM ticket WHERE region = $1 AND room = $2 AND state = 'done' \
                ORDER BY moved DESC LIMIT 200";
    let busy =
        "SELECT desk FROM ticket WHERE region = $1 AND room = $2 AND state = 'serving' ORDER BY moved DESC LIMIT 200";
    let params = [city.region().into(), room.into()];
    let (mut times, mut active): (BTreeMap<String, Vec<i64>>, BTreeSet<String>) = Default::default();
    for row in city.store().query(done, &params).await? {
        let own = times.entry(row.text(0)?.to_owned()).or_default();
        if let (Some(seconds), true) = (row.opt_int(1)?, own.len() < SERVED) {
            own.push(seconds);
        }
        let lately = row.time(3)?.plus_seconds(ACTIVE_SECONDS) >= now;
        active.extend(row.opt_text(2)?.filter(|_| lately).map(str::to_owned));
    }
    for row in city.store().query(busy, &params).await? {
        active.extend(row.opt_text(0)?.map(str::to_owned));
    }
    Ok((times, active))
}

/// How long a ticket will wait: how many go before it, and for how long that lasts. `None` for one that does not wait.
///
/// # Errors
/// What the store says.
pub async fn ahead(city: &City, own: &Ticket) -> Result<Option<Estimate>, ServiceError> {
    if own.state != TicketState::Waiting {
        return Ok(None);
    }
    let (now, key) = (city.now(), room(&own.place, own.day));
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket WHERE region = $1 AND room = $2 AND state = 'waiting' \
               AND counter = $3 AND (rank, seq) < ($4, $5)";
    let (counter, seq) = (own.counter.as_str(), sequence(own)?);
    let params = [city.region().into(), key.as_str().into(), counter.into(), own.rank().into(), seq.into()];
    let count = city.store().query_opt(sql, &params).await?.map_or(Ok(0), |row| row.int(0))?;
    let shelf = city.shelf();
    let place = shelf.place(&own.place)?;
    let Some(counter) = place.counter(&own.counter) else { return Ok(None) };
    let (served, active) = served(city, &key, now).await?;
    let working = counter.windows.iter().filter(|window| active.contains(*window)).count().max(1);
    let times = served.get(&counter.id).map_or(&[][..], Vec::as_slice);
    Ok(Some(estimate(usize::try_from(count).unwrap_or(0), times, working, counter.usual_minutes)))
}

/// What was counted today in a place, from the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Tickets taken.
    pub taken: i64,
    /// People served.
    pub served: i64,
    /// Numbers passed over.
    pub missed: i64,
    /// Appointments kept.
    pub kept: i64,
    /// Appointments that nobody kept.
    pub not_kept: i64,
    /// Minutes that those served have waited on average, rounded up.
    pub waited_minutes: i64,
}

/// The figures of a place today. They follow the queue by about a second.
///
/// # Errors
/// What the store says.
pub async fn figures(city: &City, place: &str) -> Result<Figures, ServiceError> {
    let key = format!("{place}/{}", city.now().date());
    let served = counter(city, "tickets-served", &key).await?;
    let waited = counter(city, "tickets-waited-seconds", &key).await?;
    Ok(Figures {
        taken: counter(city, "tickets-taken", &key).await?,
        served,
        missed: counter(city, "tickets-missed", &key).await?,
        kept: counter(city, "appointments-kept", &key).await?,
        not_kept: counter(city, "appointments-missed", &key).await?,
        waited_minutes: if served > 0 { (waited + 60 * served - 1) / (60 * served) } else { 0 },
    })
}

async fn counter(city: &City, name: &str, key: &str) -> Result<i64, ServiceError> {
    Ok(city.store().counter(city.region(), name, key).await?)
}
