//! Excluded time 扣除时间: when the clock of an authority stands still (行政许可法 第四十五条).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Why the clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseKind {
    /// 听证.
    Hearing,
    /// 招标.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验: a product or installation is inspected.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// 现场核查、踏勘; by local lists only.
    SiteVisit,
    /// 公示; by local lists only.
    Publicity,
    /// 考试、体检; by local lists only.
    Examination,
}

impl PauseKind {
    /// True for the closed list of 行政许可法 第四十五条. The others are excluded from the promise alone, where the matter says
    /// so: a city cannot lengthen the limit of the law.
    pub fn is_statutory(self) -> bool {
        match self {
            PauseKind::Hearing
            | PauseKind::Tender
            | PauseKind::Auction
            | PauseKind::Inspection
            | PauseKind::Testing
            | PauseKind::Quarantine
            | PauseKind::Appraisal
            | PauseKind::ExpertReview => true,
            PauseKind::SiteVisit | PauseKind::Publicity | PauseKind::Examination => false,
        }
    }
}

/// One stretch of excluded time. The applicant must have been told its expected length in writing (T-4); the case checks that.
///
/// For periods in days the excluded legal days are those in `(from, to]`: the day on which the pause begins is still used
/// up by the authority, the day on which it ends is not, and the remaining days resume on the next day (a working day for
/// periods in working days). A pause that begins and ends on the same day excludes nothing. For periods in hours exactly
/// the time between the two instants is excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Why.
    pub kind: PauseKind,
    /// Since when.
    pub from: Timestamp,
    /// Until when; absent = still standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Pause {
    /// True when the clock stands at `now` because of this pause.
    pub fn covers(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }
}

/// A stretch `(from, to]` of days or `[from, to)` of instants; `to` absent = open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch<T> {
    pub from: T,
    pub to: Option<T>,
}

/// The union of the pauses since `start` in order, without overlaps, measured by `unit`.
fn union<T: Ord + Copy>(pauses: &[Pause], start: Timestamp, unit: impl Fn(Timestamp) -> T) -> Vec<Stretch<T>> {
    let begin = unit(start);
    let mut all: Vec<Stretch<T>> = pauses
        .iter()
        .map(|p| Stretch { from: unit(p.from).max(begin), to: p.to.map(&unit) })
        .filter(|s| s.to.is_none_or(|to| to > s.from))
        .collect();
    all.sort_by_key(|s| s.from);
    let mut merged: Vec<Stretch<T>> = Vec::new();
    for next in all {
        match merged.last_mut() {
            Some(last) if last.to.is_none_or(|to| next.from <= to) => {
                last.to = last.to.and_then(|a| next.to.map(|b| a.max(b)));
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// The union in legal days.
pub(super) fn by_days(pauses: &[Pause], start: Timestamp) -> Vec<Stretch<Date>> {
    union(pauses, start, Timestamp::date)
}

/// The union in instants.
pub(super) fn by_instants(pauses: &[Pause], start: Timestamp) -> Vec<Stretch<Timestamp>> {
    union(pauses, start, |at| at)
}
