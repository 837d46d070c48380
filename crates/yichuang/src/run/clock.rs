//! The machine's clock and its randomness. Nothing outside this file reads either.

use domain::time::Timestamp;
use rand::TryRngCore;
use rand::rngs::OsRng;
use service::{Clock, Entropy};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no key and no session is safe; the process must not go on.
        if let Err(error) = OsRng.try_fill_bytes(buffer) {
            eprintln!("yichuang: the operating system gives no random bytes: {error}");
            std::process::abort();
        }
    }
}

/// The same as a closure, for the crates that take one.
pub fn fill(buffer: &mut [u8]) {
    SystemEntropy.fill(buffer);
}
