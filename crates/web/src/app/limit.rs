//! Limits on attempts per client address, in memory: enough to stop guessing, and nothing to operate.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::time::Timestamp;

/// How often one address may try something in a window of time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Attempts in the window.
    pub attempts: u32,
    /// Length of the window in seconds.
    pub window_seconds: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { attempts: 20, window_seconds: 300 }
    }
}

/// Most addresses and tokens that are remembered; when it is full, windows that are over are dropped.
const MAX_ADDRESSES: usize = 50_000;
/// The longest window, in seconds: after it nothing needs to be remembered.
const LONGEST_WINDOW: i64 = 3_600;

/// What was tried from where, or by whose token: since when, and how often.
type Seen = HashMap<(&'static str, String), (Timestamp, u32)>;

/// Counts attempts.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    seen: Mutex<Seen>,
}

impl Limiter {
    /// With these limits.
    pub fn new(limits: Limits) -> Limiter {
        Limiter { limits, seen: Mutex::new(HashMap::new()) }
    }

    /// Counts one attempt. `Err` holds the seconds to wait.
    pub fn attempt(&self, what: &'static str, from: impl ToString, now: Timestamp) -> Result<(), u64> {
        self.within(self.limits, what, from, now)
    }

    /// The same with limits of its own, for what systems do with a token. `Err` holds the seconds to wait.
    pub fn within(&self, limits: Limits, what: &'static str, from: impl ToString, now: Timestamp) -> Result<(), u64> {
        let window = limits.window_seconds;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_ADDRESSES {
            seen.retain(|_, (since, _)| {
                now < since.plus_seconds(window.max(self.limits.window_seconds).min(LONGEST_WINDOW))
            });
        }
        let entry = seen.entry((what, from.to_string())).or_insert((now, 0));
        if now >= entry.0.plus_seconds(window) {
            *entry = (now, 0);
        }
        if entry.1 >= limits.attempts {
            let left = (entry.0.plus_seconds(window).micros() - now.micros()) / 1_000_000 + 1;
            return Err(u64::try_from(left).unwrap_or(1));
        }
        entry.1 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    #[test]
    fn the_next_attempt_after_the_last_waits_for_the_window() {
        let limiter = Limiter::new(Limits { attempts: 2, window_seconds: 60 });
        let (a, b): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        assert_eq!(limiter.attempt("x", a, at(0)), Ok(()));
        assert_eq!(limiter.attempt("x", a, at(1)), Ok(()));
        assert_eq!(limiter.attempt("x", a, at(2)), Err(59));
        assert_eq!(limiter.attempt("x", b, at(2)), Ok(()));
        assert_eq!(limiter.attempt("y", a, at(2)), Ok(()));
        assert_eq!(limiter.attempt("x", a, at(60)), Ok(()));
        let narrow = Limits { attempts: 1, window_seconds: 10 };
        assert_eq!(limiter.within(narrow, "z", "token", at(60)), Ok(()));
        assert_eq!(limiter.within(narrow, "z", "token", at(61)), Err(10));
        assert_eq!(limiter.within(narrow, "z", "other", at(61)), Ok(()));
    }
}
