//! Virtual time, and chance that comes from the seed.

use std::cell::RefCell;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;

use crate::city::{City, Clock, Entropy};
use crate::demo::Dice;

/// A clock that shows what it was turned to.
#[derive(Debug)]
pub(super) struct Hands(AtomicI64);

impl Hands {
    /// Turns the clock forward; it never goes back.
    pub fn turn(&self, to: Timestamp) {
        self.0.fetch_max(to.micros(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

tokio::task_local! {
    /// The dice of whatever is being done. Much is done at the same time, and its order must not change what is thrown.
    pub(super) static DICE: RefCell<Dice>;
}

/// Up to this many bytes come from the seed: tails of ids, the bureau's samples. Longer ones are secrets (salts, public ids) and
/// never do (DESIGN §7); nothing that is reported depends on them.
const LONGEST_THROW: usize = 10;

struct Fate {
    live: City,
    rest: Mutex<Dice>,
}

impl Entropy for Fate {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > LONGEST_THROW {
            for chunk in buffer.chunks_mut(32) {
                let random: [u8; 32] = self.live.random();
                chunk.iter_mut().zip(random).for_each(|(byte, fresh)| *byte = fresh);
            }
            return;
        }
        if DICE.try_with(|dice| dice.borrow_mut().fill(buffer)).is_err() {
            self.rest.lock().unwrap_or_else(PoisonError::into_inner).fill(buffer);
        }
    }
}

/// The same store and keys in virtual time, from `start` on; its shelf is empty.
pub(super) fn virtual_city(live: &City, seed: u64, start: Timestamp) -> (City, Arc<Hands>) {
    let hands = Arc::new(Hands(AtomicI64::new(start.micros())));
    let fate = Fate { live: live.clone(), rest: Mutex::new(Dice::new(seed)) };
    let city = City::new(
        live.settings().clone(),
        live.store().clone(),
        live.keys().clone(),
        live.calendar().as_ref().clone(),
        live.law().clone(),
        hands.clone(),
        Arc::new(fate),
    );
    (city, hands)
}

/// Dice of one thing out of many, which throw the same whatever else happens.
pub(super) fn dice_of(seed: u64, serial: u64, turn: u64) -> Dice {
    let mixed = seed ^ serial.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ turn.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    // The first throws of neighbouring seeds are unlike each other only after one more mixing.
    Dice::new(Dice::new(mixed).throw())
}
