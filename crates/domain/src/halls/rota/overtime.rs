//! Extended service 延时服务: what was taken before closing is finished the same day. The time past closing is read from what really
//! happened to tickets; the head grants time off in lieu 调休 for it, and enters what is taken.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::hours::DayTime;
use super::super::refusal::{HallReason, HallRefusal};
use crate::time::Timestamp;

/// How many entries of each kind the row keeps; all of them stay in the journal.
const KEPT: usize = 100;

/// The parts of a service that lie after a closing of the window: between two openings or after the last, up to midnight. A ticket
/// that was taken after that closing counts for nothing; neither does a day on which the window was not open.
pub fn past_closing(
    spans: &[(DayTime, DayTime)],
    day: Date,
    taken: Timestamp,
    from: Timestamp,
    to: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let mut found = Vec::new();
    for (at, (_, closes)) in spans.iter().enumerate() {
        let closing = closes.on(day);
        let opens = spans.get(at + 1).map_or_else(|| Timestamp::end_of(day), |(next, _)| next.on(day));
        let (begin, end) = (from.max(closing), to.min(opens));
        if taken <= closing && begin < end {
            found.push((begin, end));
        }
    }
    found
}

/// Time served past closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtime {
    /// Id of the place.
    pub place: String,
    /// Number of the window.
    pub window: String,
    /// Number of the ticket that was served.
    pub ticket: String,
    /// From.
    pub from: Timestamp,
    /// To.
    pub to: Timestamp,
}

impl Overtime {
    /// How long, in seconds.
    pub fn seconds(&self) -> i64 {
        ((self.to.micros() - self.from.micros()) / 1_000_000).max(0)
    }
}

/// What happened to time off in lieu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LieuKind {
    /// The head has granted it.
    Granted,
    /// It was taken.
    Taken,
}

/// One entry of time off in lieu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lieu {
    /// Granted or taken.
    pub kind: LieuKind,
    /// How much, in minutes.
    pub minutes: u32,
    /// On which day it was taken, or for which day it was granted.
    pub day: Date,
    /// Why, where it had to be said; empty otherwise.
    pub reason: String,
    /// When it was entered.
    pub at: Timestamp,
}

/// Overtime and time off in lieu of one clerk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The account.
    pub account: String,
    /// All overtime, in seconds.
    pub worked_seconds: i64,
    /// All time off that was granted, in minutes.
    pub granted: i64,
    /// All time off that was taken, in minutes.
    pub taken: i64,
    /// The latest overtime, oldest first.
    pub overtime: Vec<Overtime>,
    /// The latest entries of time off, oldest first.
    pub lieu: Vec<Lieu>,
}

/// What happens to a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum LedgerFact {
    /// It was begun.
    Opened {
        /// The account.
        account: String,
    },
    /// Somebody was served past closing.
    Worked {
        /// When and where.
        entry: Overtime,
    },
    /// Time off was granted or taken.
    Entered {
        /// What.
        entry: Lieu,
    },
    /// Reasons were forgotten with the person; the figures stay.
    Erased,
}

impl LedgerFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            LedgerFact::Opened { .. } => "lieu.opened",
            LedgerFact::Worked { .. } => "lieu.worked",
            LedgerFact::Entered { entry: Lieu { kind: LieuKind::Granted, .. } } => "lieu.granted",
            LedgerFact::Entered { entry: Lieu { kind: LieuKind::Taken, .. } } => "lieu.taken",
            LedgerFact::Erased => "erased",
        }
    }
}

impl Ledger {
    /// The ledger of somebody who has none yet.
    pub fn empty(account: &str) -> Ledger {
        let account = account.to_owned();
        Ledger { account, worked_seconds: 0, granted: 0, taken: 0, overtime: Vec::new(), lieu: Vec::new() }
    }

    /// The fact that begins it.
    pub fn opened(&self) -> LedgerFact {
        LedgerFact::Opened { account: self.account.clone() }
    }

    /// All overtime, in whole minutes.
    pub fn worked_minutes(&self) -> i64 {
        self.worked_seconds / 60
    }

    /// Time off that may still be taken, in minutes.
    pub fn balance(&self) -> i64 {
        self.granted - self.taken
    }

    /// Overtime for which nothing was granted yet, in minutes.
    pub fn open_minutes(&self) -> i64 {
        (self.worked_minutes() - self.granted).max(0)
    }

    /// Whether it stands as one would expect, with no reason asked for.
    pub fn state(&self) -> &'static str {
        if self.balance() < 0 { "overdrawn" } else { "in-credit" }
    }

    /// The facts that a service past closing makes. Time that was counted for another ticket counts once.
    pub fn work(&self, entry: &Overtime) -> Vec<LedgerFact> {
        let (mut at, mut facts) = (entry.from, Vec::new());
        let mut known: Vec<&Overtime> = self.overtime.iter().collect();
        known.sort_by_key(|own| own.from);
        let mut add = |from: Timestamp, to: Timestamp| {
            if from < to {
                facts.push(LedgerFact::Worked { entry: Overtime { from, to, ..entry.clone() } });
            }
        };
        for own in known {
            add(at, own.from.min(entry.to));
            at = at.max(own.to);
        }
        add(at, entry.to);
        facts
    }

    /// The head grants time off. More than was worked past closing needs a reason, such as a duty on a weekend.
    ///
    /// # Errors
    /// No time, or more than the overtime without a reason.
    pub fn grant(&self, minutes: u32, day: Date, reason: &str, now: Timestamp) -> Result<LedgerFact, HallRefusal> {
        let entry = Lieu { kind: LieuKind::Granted, minutes, day, reason: reason.trim().to_owned(), at: now };
        self.enter("grant", entry, self.open_minutes())
    }

    /// The head enters time off that was taken. More than the balance needs a reason.
    ///
    /// # Errors
    /// No time, or more than the balance without a reason.
    pub fn take(&self, minutes: u32, day: Date, reason: &str, now: Timestamp) -> Result<LedgerFact, HallRefusal> {
        let entry = Lieu { kind: LieuKind::Taken, minutes, day, reason: reason.trim().to_owned(), at: now };
        self.enter("take", entry, self.balance().max(0))
    }

    /// `most`: how many minutes need no reason.
    fn enter(&self, command: &'static str, entry: Lieu, most: i64) -> Result<LedgerFact, HallRefusal> {
        let no = |reason| Err(HallRefusal { state: self.state(), command, reason });
        if entry.minutes == 0 {
            return no(HallReason::NoTime);
        }
        if i64::from(entry.minutes) > most && entry.reason.is_empty() {
            return no(HallReason::ReasonNeeded { minutes: most });
        }
        Ok(LedgerFact::Entered { entry })
    }

    /// The ledger after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Ledger>, fact: LedgerFact) -> Option<Ledger> {
        match (before, fact) {
            (None, LedgerFact::Opened { account }) => Some(Ledger::empty(&account)),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: LedgerFact) -> Ledger {
        match fact {
            LedgerFact::Opened { .. } => {}
            LedgerFact::Worked { entry } => {
                self.worked_seconds += entry.seconds();
                self.overtime.push(entry);
            }
            LedgerFact::Entered { entry } => {
                match entry.kind {
                    LieuKind::Granted => self.granted += i64::from(entry.minutes),
                    LieuKind::Taken => self.taken += i64::from(entry.minutes),
                }
                self.lieu.push(entry);
            }
            LedgerFact::Erased => self.lieu.iter_mut().for_each(|entry| entry.reason.clear()),
        }
        let (worked, entered) = (self.overtime.len().saturating_sub(KEPT), self.lieu.len().saturating_sub(KEPT));
        self.overtime.drain(..worked);
        self.lieu.drain(..entered);
        self
    }
}
