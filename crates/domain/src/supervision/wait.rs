//! Waiting times as a histogram of fixed classes, which counters can hold: 30 seconds wide up to ten minutes, a minute up to half an
//! hour, five minutes up to two hours, and one class for all that is longer.
//!
//! The value at a rank lies in the class in which the count reaches that rank, so a quantile is wrong by less than the width of its
//! class ([`Quantile::within`]), however many were counted.

/// How many classes there are.
pub const CLASSES: usize = 59;
/// Width in seconds, and up to where.
const BANDS: [(i64, i64); 3] = [(30, 600), (60, 1_800), (300, 7_200)];

/// The class of a wait of so many seconds.
pub fn class_of(seconds: i64) -> usize {
    let seconds = seconds.max(0);
    (0..CLASSES - 1).find(|class| bounds(*class).is_some_and(|(_, to)| seconds < to)).unwrap_or(CLASSES - 1)
}

/// From where and to where a class goes, in seconds; `None` for the last, which is open.
fn bounds(class: usize) -> Option<(i64, i64)> {
    let (mut from, mut left) = (0, i64::try_from(class).ok()?);
    for (width, to) in BANDS {
        let classes = (to - from) / width;
        if left < classes {
            return Some((from + left * width, from + (left + 1) * width));
        }
        (from, left) = (to, left - classes);
    }
    None
}

/// A quantile of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// In seconds.
    pub seconds: i64,
    /// It is wrong by less than so many seconds; `None`: it is at least this long.
    pub within: Option<i64>,
}

/// How many have waited how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    counts: [i64; CLASSES],
}

impl Default for Waits {
    fn default() -> Waits {
        Waits { counts: [0; CLASSES] }
    }
}

impl Waits {
    /// Adds so many to a class; one that does not exist counts as the longest.
    pub fn add(&mut self, class: usize, n: i64) {
        if let Some(count) = self.counts.get_mut(class.min(CLASSES - 1)) {
            *count += n;
        }
    }

    /// How many were counted.
    pub fn total(&self) -> i64 {
        self.counts.iter().sum()
    }

    /// The time that so many of a hundred have not waited longer than; `None` when nobody waited.
    pub fn quantile(&self, per_cent: i64) -> Option<Quantile> {
        let total = self.total();
        if total <= 0 {
            return None;
        }
        // The smallest rank that covers the share.
        let rank = ((total * per_cent + 99) / 100).clamp(1, total);
        let mut below = 0;
        for (class, count) in self.counts.iter().enumerate() {
            if below + count < rank {
                below += count;
                continue;
            }
            let Some((from, to)) = bounds(class) else { break };
            // As if those of a class were spread evenly over it.
            let inside = (to - from) * (2 * (rank - below) - 1) / (2 * count);
            return Some(Quantile { seconds: from + inside, within: Some(to - from) });
        }
        Some(Quantile { seconds: BANDS.last().map_or(0, |(_, to)| *to), within: None })
    }
}
