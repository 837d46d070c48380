//! Two kinds of load. Closed: so many callers, each sends the next request when it has its answer. Open: requests are due at
//! a constant rate whatever the answers do, and a delay counts from the moment at which a request was due, so that a server
//! that stands still is not measured by the few requests that it lets through ("coordinated omission").

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::{Answer, Client};

/// Durations in milliseconds, sorted.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Of durations in any order.
    pub fn of(mut millis: Vec<f64>) -> Times {
        millis.sort_by(f64::total_cmp);
        Times(millis)
    }

    /// The duration that so many percent do not exceed.
    pub fn percent(&self, percent: usize) -> f64 {
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).copied().unwrap_or(f64::NAN)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// What a load did.
#[derive(Debug)]
pub struct Taken {
    /// Requests a second.
    pub rate: f64,
    /// How long each took.
    pub times: Times,
}

/// A request with what its answer must be.
pub struct Load<'a> {
    /// Port of this machine.
    pub port: u16,
    /// The requests, each sent once.
    pub requests: &'a [Vec<u8>],
    /// Says what is wrong with an answer. One wrong answer ends the measurement.
    pub check: &'a (dyn Fn(&Answer) -> Result<(), String> + Sync),
}

impl Load<'_> {
    /// So many callers, each one request after the other.
    pub fn closed(&self, callers: usize) -> Result<Taken> {
        self.run(callers, |_, _| Instant::now())
    }

    /// So many requests a second, on as many connections as that takes but at most `connections`.
    pub fn open(&self, per_second: u32, connections: usize) -> Result<Taken> {
        let gap = Duration::from_secs(1) / per_second.max(1);
        self.run(connections, |begun, place| {
            let due = begun + gap * u32::try_from(place).unwrap_or(u32::MAX);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due
        })
    }

    /// `due` waits until a request may be sent and answers the instant from which its time counts.
    fn run(&self, callers: usize, due: impl Fn(Instant, usize) -> Instant + Sync) -> Result<Taken> {
        let (next, failed, millis) = (AtomicUsize::new(0), Mutex::new(None), Mutex::new(Vec::new()));
        let ready = Barrier::new(callers + 1);
        let begun = Mutex::new(Instant::now());
        thread::scope(|scope| {
            for _ in 0..callers {
                scope.spawn(|| {
                    ready.wait();
                    ready.wait();
                    let begun = *begun.lock().unwrap_or_else(PoisonError::into_inner);
                    match self.caller(&next, &failed, |place| due(begun, place)) {
                        Ok(own) => millis.lock().unwrap_or_else(PoisonError::into_inner).extend(own),
                        Err(why) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(why),
                    }
                });
            }
            // Everybody is there before the clock starts.
            ready.wait();
            *begun.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            ready.wait();
        });
        let elapsed = begun.into_inner().unwrap_or_else(PoisonError::into_inner).elapsed().as_secs_f64();
        if let Some(why) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            bail!("{why}");
        }
        let times = Times::of(millis.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(Taken { rate: times.len() as f64 / elapsed, times })
    }

    fn caller(
        &self,
        next: &AtomicUsize,
        failed: &Mutex<Option<String>>,
        due: impl Fn(usize) -> Instant,
    ) -> Result<Vec<f64>, String> {
        let mut client = Client::new(self.port);
        let mut own = Vec::new();
        while let Some((place, request)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            self.requests.get(place).map(|request| (place, request))
        } {
            if failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                break;
            }
            let since = due(place);
            let answer = client.send(request).map_err(|error| format!("{}: {error}", first_line(request)))?;
            own.push(since.elapsed().as_secs_f64() * 1e3);
            (self.check)(&answer).map_err(|why| format!("{}: {why}", first_line(request)))?;
        }
        Ok(own)
    }
}

fn first_line(request: &[u8]) -> String {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(line).into_owned()
}

/// An answer of this status, else what it was.
pub fn status(answer: &Answer, wanted: u16) -> Result<(), String> {
    if answer.status == wanted {
        return Ok(());
    }
    let text = std::str::from_utf8(&answer.body).unwrap_or("(compressed)");
    Err(format!("status {} instead of {wanted}: {}", answer.status, text.chars().take(400).collect::<String>()))
}

/// One request by itself.
pub fn once(port: u16, request: &[u8], wanted: u16) -> Result<Answer> {
    let answer = Client::new(port).send(request).context("the server does not answer")?;
    match status(&answer, wanted) {
        Ok(()) => Ok(answer),
        Err(why) => bail!("{why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_durations() {
        let times = Times::of((1..=200).rev().map(f64::from).collect());
        assert_eq!((times.percent(50), times.percent(99), times.percent(100)), (100.0, 198.0, 200.0));
        assert!(Times::default().percent(50).is_nan());
    }
}
