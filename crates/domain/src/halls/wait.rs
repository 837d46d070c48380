//! How long one will wait, from what was served today.

/// Fewer people than this say little about how long the next one takes.
const ENOUGH: usize = 3;

/// An estimate of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// How many people are before.
    pub ahead: usize,
    /// Minutes to wait, rounded up; 0 with nobody before.
    pub minutes: u32,
    /// From how many people served today; 0 = from the counter's usual time.
    pub from: usize,
}

/// The wait behind `ahead` people at `windows` windows. `served` holds how long each of the last people took, in seconds: the
/// median counts, so that one long talk moves nothing. `usual_minutes` stands in until enough were served.
pub fn estimate(ahead: usize, served: &[i64], windows: usize, usual_minutes: u16) -> Estimate {
    let mut sorted: Vec<i64> = served.iter().map(|seconds| (*seconds).max(0)).collect();
    sorted.sort_unstable();
    let known = sorted.len() >= ENOUGH;
    let median = sorted.get(sorted.len() / 2).copied().filter(|_| known);
    let each = median.unwrap_or(i64::from(usual_minutes) * 60);
    let windows = i64::try_from(windows.max(1)).unwrap_or(1);
    let seconds = i64::try_from(ahead).unwrap_or(0).saturating_mul(each) / windows;
    let minutes = u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX);
    Estimate { ahead, minutes, from: if known { sorted.len() } else { 0 } }
}
