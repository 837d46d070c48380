//! What is wrong with a week. It is computed from duties, calendar and roster whenever somebody looks, and never stored: a closure
//! that is published today makes last month's plan wrong today.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::hours::{DayHours, DayTime};
use super::super::place::Place;
use super::duty::{Duty, Rota};
use super::roster::Roster;
use super::swap::Swap;
use crate::text::Text;

/// A window that is open while nobody sits there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The day.
    pub day: Date,
    /// Number of the window.
    pub window: String,
    /// From.
    pub from: DayTime,
    /// To.
    pub to: DayTime,
    /// Id of the counter.
    pub counter: String,
}

/// A duty of somebody at another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// The account.
    pub account: String,
    /// The day.
    pub day: Date,
    /// From.
    pub from: DayTime,
    /// To.
    pub to: DayTime,
    /// Name of the other place.
    pub name: Text,
}

impl Busy {
    /// Whether it lies at the same time, at least in part.
    pub fn overlaps(&self, duty: &Duty) -> bool {
        self.day == duty.day && self.from < duty.to && duty.from < self.to
    }
}

/// What is wrong with a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyFlag {
    /// The member sits at another window at the same time.
    TwoWindows {
        /// Number of the other window.
        window: String,
    },
    /// The member is on duty at another place at the same time.
    Elsewhere {
        /// Name of the place.
        place: Text,
    },
    /// The window is not open through all of it.
    OutsideHours,
    /// The member may not take the duties of this window, or does not belong to the roster any more.
    NotTheirs,
}

impl DutyFlag {
    /// Name in addresses and programs.
    pub fn name(&self) -> &'static str {
        match self {
            DutyFlag::TwoWindows { .. } => "two-windows",
            DutyFlag::Elsewhere { .. } => "elsewhere",
            DutyFlag::OutsideHours => "outside-hours",
            DutyFlag::NotTheirs => "not-theirs",
        }
    }
}

/// What is wrong with a week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// Windows without anybody, in order of time.
    pub gaps: Vec<Gap>,
    /// What is wrong with duties, by their number.
    pub duties: BTreeMap<u32, Vec<DutyFlag>>,
}

impl Flags {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.gaps.len() + self.duties.values().map(Vec::len).sum::<usize>()
    }

    /// Those of a duty.
    pub fn of(&self, duty: u32) -> &[DutyFlag] {
        self.duties.get(&duty).map_or(&[], Vec::as_slice)
    }
}

/// What is left of a span beside others.
fn without(span: (DayTime, DayTime), covers: &[(DayTime, DayTime)]) -> Vec<(DayTime, DayTime)> {
    let mut sorted = covers.to_vec();
    sorted.sort_unstable();
    let (mut at, mut left) = (span.0, Vec::new());
    for (from, to) in sorted {
        if from > at && at < span.1 {
            left.push((at, from.min(span.1)));
        }
        at = at.max(to);
    }
    if at < span.1 {
        left.push((at, span.1));
    }
    left
}

/// The windows that the calendar says are open while nobody is planned there.
pub fn gaps(rota: &Rota, place: &Place, days: &[DayHours<'_>]) -> Vec<Gap> {
    let mut found = Vec::new();
    for day in days {
        for counter in &place.counters {
            for window in &counter.windows {
                let here = rota.duties.iter().filter(|duty| duty.day == day.date && duty.window == *window);
                let covers: Vec<_> = here.map(|duty| (duty.from, duty.to)).collect();
                let spans = day.spans_at(&counter.id, window).into_iter().flat_map(|span| without(span, &covers));
                found.extend(spans.map(|(from, to)| Gap {
                    day: day.date,
                    window: window.clone(),
                    from,
                    to,
                    counter: counter.id.clone(),
                }));
            }
        }
    }
    found
}

/// The gaps that a swap would leave and that are not there without it.
pub fn left_by(rota: &Rota, swap: &Swap, place: &Place, days: &[DayHours<'_>]) -> Vec<Gap> {
    let before = gaps(rota, place, days);
    let mut left = Vec::new();
    for gap in gaps(&rota.swapped(swap), place, days) {
        let known = before.iter().filter(|own| own.day == gap.day && own.window == gap.window);
        let known: Vec<_> = known.map(|own| (own.from, own.to)).collect();
        let fresh = without((gap.from, gap.to), &known).into_iter();
        left.extend(fresh.map(|(from, to)| Gap { from, to, ..gap.clone() }));
    }
    left
}

fn of_duty(duty: &Duty, rota: &Rota, day: Option<&DayHours<'_>>, place: &Place, roster: &Roster) -> Vec<DutyFlag> {
    let mut found = Vec::new();
    let clashes = |own: &&Duty| own.id != duty.id && own.account == duty.account && own.overlaps(duty);
    if let Some(other) = rota.duties.iter().find(clashes) {
        found.push(DutyFlag::TwoWindows { window: other.window.clone() });
    }
    let spans = match (day, place.counter_of_window(&duty.window)) {
        (Some(day), Some(counter)) => day.spans_at(&counter.id, &duty.window),
        _ => Vec::new(),
    };
    if !without((duty.from, duty.to), &spans).is_empty() {
        found.push(DutyFlag::OutsideHours);
    }
    if !roster.may_take(place, &duty.account, &duty.window) {
        found.push(DutyFlag::NotTheirs);
    }
    found
}

/// Everything that is wrong with a week; `elsewhere` are duties of its people at other places.
pub fn flags(rota: &Rota, place: &Place, days: &[DayHours<'_>], roster: &Roster, elsewhere: &[Busy]) -> Flags {
    let mut duties: BTreeMap<u32, Vec<DutyFlag>> = BTreeMap::new();
    for duty in &rota.duties {
        let day = days.iter().find(|day| day.date == duty.day);
        let mut own = of_duty(duty, rota, day, place, roster);
        let other = elsewhere.iter().find(|busy| busy.account == duty.account && busy.overlaps(duty));
        own.extend(other.map(|busy| DutyFlag::Elsewhere { place: busy.name.clone() }));
        if !own.is_empty() {
            duties.insert(duty.id, own);
        }
    }
    Flags { gaps: gaps(rota, place, days), duties }
}
