//! The city in the past: the same store and keys under a clock whose hands the seeding turns.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;

use crate::catalog;
use crate::city::{City, Clock, Entropy};
use crate::demo::random::Dice;
use crate::error::ServiceError;

/// A clock that shows what it was set to.
#[derive(Debug)]
pub(super) struct Hands(AtomicI64);

impl Hands {
    /// Turns the clock forward; it never goes back.
    pub(super) fn turn(&self, to: Timestamp) {
        self.0.fetch_max(to.micros(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Up to this many bytes are thrown from the seed: tails of ids, samples for checking, places in status lists. Longer ones
/// are secrets (salts, public ids) and never come from the seed (DESIGN §7).
const LONGEST_THROW: usize = 10;

struct Fate {
    live: City,
    dice: Mutex<Dice>,
}

impl Entropy for Fate {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() <= LONGEST_THROW {
            self.dice.lock().unwrap_or_else(PoisonError::into_inner).fill(buffer);
            return;
        }
        for chunk in buffer.chunks_mut(32) {
            let random: [u8; 32] = self.live.random();
            for (byte, fresh) in chunk.iter_mut().zip(random) {
                *byte = fresh;
            }
        }
    }
}

/// The same city as it was at `start`, with the hands of its clock.
pub(super) async fn past(live: &City, seed: u64, start: Timestamp) -> Result<(City, Arc<Hands>), ServiceError> {
    let hands = Arc::new(Hands(AtomicI64::new(start.micros())));
    let fate = Fate { live: live.clone(), dice: Mutex::new(Dice::new(seed)) };
    let city = City::new(
        live.settings().clone(),
        live.store().clone(),
        live.keys().clone(),
        live.calendar().as_ref().clone(),
        live.law().clone(),
        hands.clone(),
        Arc::new(fate),
    );
    catalog::load(&city).await?;
    Ok((city, hands))
}
