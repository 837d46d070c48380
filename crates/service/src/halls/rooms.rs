//! What this server remembers of the queues: who waits for news of a place, and the board that was read last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;
use jiff::civil::Date;
use tokio::sync::watch;

use super::board::Board;

/// How long a board that was read counts as fresh though nothing was heard, in microseconds: another server may have called.
const FRESH_MICROS: i64 = 2_000_000;

/// The board that was read last, after which news and when. Read by one at a time; the others take what it has read.
pub(super) type Reading = Arc<tokio::sync::Mutex<Option<(u64, Timestamp, Arc<Board>)>>>;

/// One place.
struct Room {
    news: watch::Sender<u64>,
    reading: Reading,
    /// Numbers are given out one after the other.
    giving: Arc<tokio::sync::Mutex<()>>,
}

impl Default for Room {
    fn default() -> Room {
        Room { news: watch::Sender::new(0), reading: Arc::default(), giving: Arc::default() }
    }
}

/// All places.
#[derive(Default)]
pub(crate) struct Rooms {
    rooms: Mutex<HashMap<String, Room>>,
    /// The shelf's stamp and the last day whose slots are known to be released.
    released: Mutex<Option<(i64, Date)>>,
}

impl Rooms {
    fn with<T>(&self, place: &str, read: impl FnOnce(&Room) -> T) -> T {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        read(rooms.entry(place.to_owned()).or_default())
    }

    /// Tells whoever watches a place that its queue has moved.
    pub(super) fn moved(&self, place: &str) {
        self.with(place, |room| room.news.send_modify(|count| *count += 1));
    }

    /// News of a place.
    pub(super) fn news(&self, place: &str) -> watch::Receiver<u64> {
        self.with(place, |room| room.news.subscribe())
    }

    /// Held while a number is given out, so that two requests of one server do not compute the same one.
    pub(super) fn giving(&self, place: &str) -> Arc<tokio::sync::Mutex<()>> {
        self.with(place, |room| room.giving.clone())
    }

    /// The board that was read last, for whoever finds it fresh or reads it anew.
    pub(super) fn reading(&self, place: &str) -> (u64, Reading) {
        self.with(place, |room| (*room.news.borrow(), room.reading.clone()))
    }

    /// Whether the slots up to this day are known to be released.
    pub(super) fn is_released(&self, stamp: i64, last: Date) -> bool {
        let released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        released.is_some_and(|(own, day)| own == stamp && day >= last)
    }

    /// Remembers it.
    pub(super) fn note_released(&self, stamp: i64, last: Date) {
        *self.released.lock().unwrap_or_else(PoisonError::into_inner) = Some((stamp, last));
    }
}

/// Whether a board that was read after that news, at that instant, may still be shown.
pub(super) fn is_fresh(news: u64, read: u64, at: Timestamp, now: Timestamp) -> bool {
    news == read && (0..FRESH_MICROS).contains(&(now.micros() - at.micros()))
}
