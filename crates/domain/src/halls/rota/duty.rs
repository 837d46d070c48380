//! A week of duties of a place, and what its head does with it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::hours::DayTime;
use super::super::place::Place;
use super::super::refusal::{HallReason, HallRefusal};
use super::roster::Roster;
use super::swap::{Swap, SwapState};
use crate::time::Timestamp;

/// The Monday of the week of a day.
pub fn monday_of(day: Date) -> Date {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day)
}

/// Somebody sits at a window for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Number within the week; never given twice.
    pub id: u32,
    /// The day.
    pub day: Date,
    /// Number of the window.
    pub window: String,
    /// From.
    pub from: DayTime,
    /// To.
    pub to: DayTime,
    /// The account of whoever sits there.
    pub account: String,
}

impl Duty {
    /// Whether both lie at the same time, at least in part.
    pub fn overlaps(&self, other: &Duty) -> bool {
        self.day == other.day && self.from < other.to && other.from < self.to
    }

    /// When it begins.
    pub fn begins(&self) -> Timestamp {
        self.from.on(self.day)
    }
}

/// A duty that is to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The day.
    pub day: Date,
    /// Number of the window.
    pub window: String,
    /// From.
    pub from: DayTime,
    /// To.
    pub to: DayTime,
    /// The account.
    pub account: String,
}

/// A week of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// Id of the place.
    pub place: String,
    /// First day of the week.
    pub monday: Date,
    /// The number that the next duty or swap gets.
    pub next: u32,
    /// The duties, in the order in which they were planned.
    pub duties: Vec<Duty>,
    /// The swaps, in the order in which they were asked for.
    pub swaps: Vec<Swap>,
}

/// What happens to a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum RotaFact {
    /// The week is planned from now on.
    Opened {
        /// Id of the place.
        place: String,
        /// First day of the week.
        monday: Date,
    },
    /// Duties were planned.
    Planned {
        /// Them.
        duties: Vec<Duty>,
        /// Whether they were copied from the week before.
        copied: bool,
        /// When.
        at: Timestamp,
    },
    /// A duty was taken out.
    Removed {
        /// Its number.
        duty: u32,
        /// When.
        at: Timestamp,
    },
    /// A clerk asks for a swap.
    SwapAsked {
        /// All of it.
        swap: Swap,
    },
    /// The colleague accepts.
    SwapAccepted {
        /// Its number.
        swap: u32,
        /// When.
        at: Timestamp,
    },
    /// The colleague declines.
    SwapDeclined {
        /// Its number.
        swap: u32,
        /// When.
        at: Timestamp,
    },
    /// Whoever asked takes it back.
    SwapWithdrawn {
        /// Its number.
        swap: u32,
        /// When.
        at: Timestamp,
    },
    /// The head says no.
    SwapRefused {
        /// Its number.
        swap: u32,
        /// When.
        at: Timestamp,
    },
    /// It counts from now on.
    SwapConfirmed {
        /// Its number.
        swap: u32,
        /// Numbers of the duties that are no more.
        dropped: Vec<u32>,
        /// The duties in their stead.
        added: Vec<Duty>,
        /// When.
        at: Timestamp,
    },
}

impl RotaFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            RotaFact::Opened { .. } => "rota.opened",
            RotaFact::Planned { .. } => "rota.planned",
            RotaFact::Removed { .. } => "rota.removed",
            RotaFact::SwapAsked { .. } => "rota.swap-asked",
            RotaFact::SwapAccepted { .. } => "rota.swap-accepted",
            RotaFact::SwapDeclined { .. } => "rota.swap-declined",
            RotaFact::SwapWithdrawn { .. } => "rota.swap-withdrawn",
            RotaFact::SwapRefused { .. } => "rota.swap-refused",
            RotaFact::SwapConfirmed { .. } => "rota.swap-confirmed",
        }
    }
}

fn refused(state: &'static str, command: &'static str, reason: HallReason) -> HallRefusal {
    HallRefusal { state, command, reason }
}

impl Rota {
    /// A week in which nothing is planned.
    pub fn empty(place: &str, monday: Date) -> Rota {
        Rota { place: place.to_owned(), monday, next: 1, duties: Vec::new(), swaps: Vec::new() }
    }

    /// The fact that begins it.
    pub fn opened(&self) -> RotaFact {
        RotaFact::Opened { place: self.place.clone(), monday: self.monday }
    }

    /// A duty.
    pub fn duty(&self, id: u32) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id == id)
    }

    /// A swap.
    pub fn swap(&self, id: u32) -> Option<&Swap> {
        self.swaps.iter().find(|swap| swap.id == id)
    }

    /// Whether a day belongs to the week.
    pub fn holds(&self, day: Date) -> bool {
        monday_of(day) == self.monday
    }

    /// Plans a duty. What is merely unwise is let through and flagged: a member at two windows, a time outside the hours, a window
    /// whose duties the member may not take.
    ///
    /// # Errors
    /// Another week, no time, a window that the place has not, nobody of the roster, or the same member at the same window twice.
    pub fn plan(
        &self,
        wanted: Wanted,
        place: &Place,
        roster: &Roster,
        now: Timestamp,
    ) -> Result<RotaFact, HallRefusal> {
        let no = |reason| Err(refused("planned", "plan", reason));
        if !self.holds(wanted.day) {
            return no(HallReason::OtherWeek);
        }
        if wanted.from >= wanted.to {
            return no(HallReason::NoTime);
        }
        if place.counter_of_window(&wanted.window).is_none() {
            return no(HallReason::NoSuchWindow);
        }
        if roster.member(&wanted.account).is_none() {
            return no(HallReason::NotOnRoster);
        }
        let Wanted { day, window, from, to, account } = wanted;
        let duty = Duty { id: self.next, day, window, from, to, account };
        let twice = |own: &Duty| own.account == duty.account && own.window == duty.window && own.overlaps(&duty);
        if self.duties.iter().any(twice) {
            return no(HallReason::PlannedAlready);
        }
        Ok(RotaFact::Planned { duties: vec![duty], copied: false, at: now })
    }

    /// Plans the week as another one was; what stands in this one already is left as it is. Nothing when there is nothing new.
    pub fn copy(&self, last: &Rota, now: Timestamp) -> Option<RotaFact> {
        let ahead = (self.monday - last.monday).get_days();
        let mut duties: Vec<Duty> = Vec::new();
        for own in &last.duties {
            let Ok(day) = own.day.checked_add(i64::from(ahead).days()) else { continue };
            let id = self.next.saturating_add(u32::try_from(duties.len()).unwrap_or(u32::MAX));
            let duty = Duty { id, day, ..own.clone() };
            let taken = |known: &Duty| known.window == duty.window && known.overlaps(&duty);
            if !self.duties.iter().any(taken) {
                duties.push(duty);
            }
        }
        (!duties.is_empty()).then_some(RotaFact::Planned { duties, copied: true, at: now })
    }

    /// Takes a duty out.
    ///
    /// # Errors
    /// There is no such duty.
    pub fn remove(&self, duty: u32, now: Timestamp) -> Result<RotaFact, HallRefusal> {
        match self.duty(duty) {
            Some(_) => Ok(RotaFact::Removed { duty, at: now }),
            None => Err(refused("planned", "remove", HallReason::NoSuchDuty)),
        }
    }

    /// The week after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Rota>, fact: RotaFact) -> Option<Rota> {
        match (before, fact) {
            (None, RotaFact::Opened { place, monday }) => Some(Rota::empty(&place, monday)),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: RotaFact) -> Rota {
        match fact {
            RotaFact::Opened { .. } => {}
            RotaFact::Planned { duties, .. } => self.add(duties),
            RotaFact::Removed { duty, at } => self.drop_duties(&[duty], at),
            RotaFact::SwapAsked { swap } => {
                self.next = self.next.max(swap.id.saturating_add(1));
                self.swaps.push(swap);
            }
            RotaFact::SwapAccepted { swap, at } => self.turn(swap, SwapState::Accepted { at }),
            RotaFact::SwapDeclined { swap, at } => self.turn(swap, SwapState::Declined { at }),
            RotaFact::SwapWithdrawn { swap, at } => self.turn(swap, SwapState::Withdrawn { at }),
            RotaFact::SwapRefused { swap, at } => self.turn(swap, SwapState::Refused { at }),
            RotaFact::SwapConfirmed { swap, dropped, added, at } => {
                self.turn(swap, SwapState::Confirmed { at });
                self.drop_duties(&dropped, at);
                self.add(added);
            }
        }
        self
    }

    fn add(&mut self, duties: Vec<Duty>) {
        for duty in duties {
            self.next = self.next.max(duty.id.saturating_add(1));
            self.duties.push(duty);
        }
    }

    fn turn(&mut self, id: u32, state: SwapState) {
        if let Some(swap) = self.swaps.iter_mut().find(|swap| swap.id == id) {
            swap.state = state;
        }
    }

    /// Takes duties out; swaps that still wait for an answer about them lapse.
    fn drop_duties(&mut self, ids: &[u32], at: Timestamp) {
        self.duties.retain(|duty| !ids.contains(&duty.id));
        for swap in self.swaps.iter_mut().filter(|swap| swap.is_open() && swap.names(ids)) {
            swap.state = SwapState::Lapsed { at };
        }
    }
}
