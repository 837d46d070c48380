//! The life of a ticket 号票: waiting, called, at the window, put aside, done, passed over.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::booking::BookingRules;
use super::place::Place;
use super::refusal::{HallReason, HallRefusal};
use crate::ids::TicketId;
use crate::time::Timestamp;

/// Who goes first. The order of the variants is the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketClass {
    /// Came back with what was missing: goes on where it was put aside.
    Returned,
    /// Older people, people with disabilities, expectant mothers 优先.
    Assisted,
    /// Holds an appointment for this time.
    Appointment,
    /// Everybody else.
    Ordinary,
}

impl TicketClass {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            TicketClass::Returned => "returned",
            TicketClass::Assisted => "assisted",
            TicketClass::Appointment => "appointment",
            TicketClass::Ordinary => "ordinary",
        }
    }
}

/// Where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketSource {
    /// On a page, by its holder.
    Web,
    /// At the reception.
    Reception,
    /// At a terminal of the place.
    Kiosk,
    /// By another system.
    System,
}

impl TicketSource {
    /// Whether the account on the ticket, if there is one, is that of whoever waits.
    pub fn by_its_holder(self) -> bool {
        matches!(self, TicketSource::Web | TicketSource::Kiosk)
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum TicketState {
    /// In the queue.
    Waiting,
    /// Called to a window.
    Called {
        /// Number of the window.
        window: String,
        /// When it was called last.
        at: Timestamp,
        /// How often.
        times: u32,
    },
    /// At the window.
    Serving {
        /// Number of the window.
        window: String,
        /// Since when.
        at: Timestamp,
    },
    /// Put aside: its holder fetches something.
    Held {
        /// Since when.
        at: Timestamp,
    },
    /// Served.
    Done {
        /// Number of the window.
        window: String,
        /// When.
        at: Timestamp,
    },
    /// Passed over: called, and nobody came.
    Missed {
        /// When.
        at: Timestamp,
    },
    /// Given back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// The day was over.
    Expired {
        /// When.
        at: Timestamp,
    },
}

impl TicketState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            TicketState::Waiting => "waiting",
            TicketState::Called { .. } => "called",
            TicketState::Serving { .. } => "serving",
            TicketState::Held { .. } => "held",
            TicketState::Done { .. } => "done",
            TicketState::Missed { .. } => "missed",
            TicketState::Cancelled { .. } => "cancelled",
            TicketState::Expired { .. } => "expired",
        }
    }

    /// The window at which it is.
    pub fn window(&self) -> Option<&str> {
        match self {
            TicketState::Called { window, .. } | TicketState::Serving { window, .. } => Some(window),
            _ => None,
        }
    }
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// As it is called: `A012`.
    pub number: String,
    /// Id of the place.
    pub place: String,
    /// The day.
    pub day: Date,
    /// Id of the counter at which it waits.
    pub counter: String,
    /// Slug of the matter, when it was said.
    pub matter: Option<String>,
    /// Where it was taken.
    pub source: TicketSource,
    /// Who goes first.
    pub class: TicketClass,
    /// The account that took it for itself.
    pub account: Option<String>,
    /// Id of the appointment that it keeps.
    pub appointment: Option<String>,
    /// When it was taken.
    pub taken: Timestamp,
    /// Since when it waits in this queue.
    pub since: Timestamp,
    /// When it was called first.
    pub first_call: Option<Timestamp>,
    /// When it first came to a window.
    pub began: Option<Timestamp>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: TicketState,
}

/// What somebody does with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketCommand {
    /// Calls it to a window 叫号.
    Call {
        /// Number of the window.
        window: String,
    },
    /// Calls it again 重呼.
    Recall {
        /// Number of the window.
        window: String,
    },
    /// Its holder has come to the window 开始办理.
    Serve {
        /// Number of the window.
        window: String,
    },
    /// Sends it to another counter 转号; it keeps its time and its priority.
    Transfer {
        /// Id of the counter.
        counter: String,
    },
    /// Puts it aside 挂起.
    Hold {
        /// Number of the window.
        window: String,
    },
    /// Takes it back into the queue 恢复排队.
    Resume,
    /// It is served 办结.
    Finish {
        /// Number of the window.
        window: String,
    },
    /// Nobody came 过号.
    Miss {
        /// Number of the window.
        window: String,
    },
    /// Its holder gives it back.
    Cancel,
    /// The day is over.
    Expire,
}

impl TicketCommand {
    /// Name in addresses and refusals.
    pub fn name(&self) -> &'static str {
        match self {
            TicketCommand::Call { .. } => "call",
            TicketCommand::Recall { .. } => "recall",
            TicketCommand::Serve { .. } => "serve",
            TicketCommand::Transfer { .. } => "transfer",
            TicketCommand::Hold { .. } => "hold",
            TicketCommand::Resume => "resume",
            TicketCommand::Finish { .. } => "finish",
            TicketCommand::Miss { .. } => "miss",
            TicketCommand::Cancel => "cancel",
            TicketCommand::Expire => "expire",
        }
    }
}

/// What happens to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum TicketFact {
    /// It was taken.
    Taken {
        /// All of it.
        ticket: Box<Ticket>,
    },
    /// It was called.
    Called {
        /// To which window.
        window: String,
        /// When.
        at: Timestamp,
        /// For the how-manieth time.
        times: u32,
    },
    /// Its holder came to the window.
    Began {
        /// Which window.
        window: String,
        /// When.
        at: Timestamp,
    },
    /// It was sent to another counter.
    Transferred {
        /// Which counter.
        counter: String,
        /// When.
        at: Timestamp,
    },
    /// It was put aside.
    Held {
        /// When.
        at: Timestamp,
    },
    /// It is in the queue again.
    Resumed {
        /// Whether it goes before the others: it was put aside and not passed over.
        first: bool,
        /// When.
        at: Timestamp,
    },
    /// It was served.
    Finished {
        /// In which place.
        place: String,
        /// At which window.
        window: String,
        /// When.
        at: Timestamp,
        /// From its taking to its first call, in seconds.
        waited: i64,
        /// From the first time at a window to the end, in seconds.
        served: i64,
    },
    /// Nobody came.
    Missed {
        /// In which place.
        place: String,
        /// When.
        at: Timestamp,
    },
    /// It was given back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// The day was over.
    Expired {
        /// When.
        at: Timestamp,
    },
}

impl TicketFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            TicketFact::Taken { .. } => "ticket.taken",
            TicketFact::Called { .. } => "ticket.called",
            TicketFact::Began { .. } => "ticket.began",
            TicketFact::Transferred { .. } => "ticket.transferred",
            TicketFact::Held { .. } => "ticket.held",
            TicketFact::Resumed { .. } => "ticket.resumed",
            TicketFact::Finished { .. } => "ticket.finished",
            TicketFact::Missed { .. } => "ticket.missed",
            TicketFact::Cancelled { .. } => "ticket.cancelled",
            TicketFact::Expired { .. } => "ticket.expired",
        }
    }
}

/// Seconds from one instant to another, never less than nothing.
fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    ((to.micros() - from.micros()) / 1_000_000).max(0)
}

impl Ticket {
    /// Whether anything may still happen to it today.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            TicketState::Waiting | TicketState::Called { .. } | TicketState::Serving { .. } | TicketState::Held { .. }
        )
    }

    /// Its place in the queue: the smallest goes first. By class, then by the time since which it waits.
    pub fn rank(&self) -> i64 {
        // Microseconds since 1970 stay below this until the year 2286.
        const CLASS: i64 = 10_000_000_000_000_000;
        let class = match self.class {
            TicketClass::Returned => 0,
            TicketClass::Assisted => 1,
            TicketClass::Appointment => 2,
            TicketClass::Ordinary => 3,
        };
        class * CLASS + self.since.micros()
    }

    fn refuse(&self, command: &TicketCommand, reason: HallReason) -> HallRefusal {
        HallRefusal { state: self.state.name(), command: command.name(), reason }
    }

    /// What a command does, or why it may not be.
    ///
    /// # Errors
    /// The refusal names state, command and reason.
    pub fn decide(
        &self,
        command: &TicketCommand,
        place: &Place,
        rules: &BookingRules,
        now: Timestamp,
    ) -> Result<TicketFact, HallRefusal> {
        use TicketCommand as C;
        use TicketState as S;
        let at = now;
        let here = |window: &str, own: &str| match window == own {
            true => Ok(own.to_owned()),
            false => Err(self.refuse(command, HallReason::OtherWindow { window: own.to_owned() })),
        };
        Ok(match (&self.state, command) {
            (S::Waiting, C::Call { window }) => TicketFact::Called { window: window.clone(), at, times: 1 },
            (S::Called { window: own, times, .. }, C::Recall { window }) => {
                TicketFact::Called { window: here(window, own)?, at, times: times + 1 }
            }
            (S::Called { window: own, .. }, C::Serve { window }) => {
                TicketFact::Began { window: here(window, own)?, at }
            }
            (S::Waiting | S::Called { .. } | S::Serving { .. }, C::Transfer { counter }) => {
                self.transfer(command, counter, place, at)?
            }
            (S::Called { window: own, .. } | S::Serving { window: own, .. }, C::Hold { window }) => {
                here(window, own)?;
                TicketFact::Held { at }
            }
            (S::Held { .. }, C::Resume) => TicketFact::Resumed { first: true, at },
            // Who comes back after the number was passed over goes to the end, and no further away than that.
            (S::Missed { .. }, C::Resume) => TicketFact::Resumed { first: false, at },
            (S::Serving { window: own, .. }, C::Finish { window }) => self.finish(here(window, own)?, at),
            (S::Called { window: own, times, .. }, C::Miss { window }) => {
                here(window, own)?;
                if *times < rules.calls {
                    return Err(self.refuse(command, HallReason::CallAgain { called: *times, needed: rules.calls }));
                }
                TicketFact::Missed { place: self.place.clone(), at }
            }
            (S::Waiting | S::Called { .. } | S::Held { .. }, C::Cancel) => TicketFact::Cancelled { at },
            (S::Waiting | S::Called { .. } | S::Serving { .. } | S::Held { .. }, C::Expire) => {
                TicketFact::Expired { at }
            }
            _ => return Err(self.refuse(command, HallReason::WrongState)),
        })
    }

    fn transfer(
        &self,
        command: &TicketCommand,
        counter: &str,
        place: &Place,
        at: Timestamp,
    ) -> Result<TicketFact, HallRefusal> {
        if place.counter(counter).is_none() {
            return Err(self.refuse(command, HallReason::NoSuchCounter));
        }
        if self.counter == counter {
            return Err(self.refuse(command, HallReason::SameCounter));
        }
        Ok(TicketFact::Transferred { counter: counter.to_owned(), at })
    }

    fn finish(&self, window: String, at: Timestamp) -> TicketFact {
        let waited = seconds(self.taken, self.first_call.unwrap_or(at));
        let served = seconds(self.began.unwrap_or(at), at);
        TicketFact::Finished { place: self.place.clone(), window, at, waited, served }
    }

    /// The ticket after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Ticket>, fact: TicketFact) -> Option<Ticket> {
        match (before, fact) {
            (None, TicketFact::Taken { ticket }) => Some(*ticket),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: TicketFact) -> Ticket {
        self.state = match fact {
            TicketFact::Taken { .. } => self.state,
            TicketFact::Called { window, at, times } => {
                self.first_call.get_or_insert(at);
                TicketState::Called { window, at, times }
            }
            TicketFact::Began { window, at } => {
                self.began.get_or_insert(at);
                TicketState::Serving { window, at }
            }
            TicketFact::Transferred { counter, .. } => {
                self.counter = counter;
                TicketState::Waiting
            }
            TicketFact::Held { at } => TicketState::Held { at },
            TicketFact::Resumed { first, at } => {
                // Who was passed over has lost the time of the appointment; whoever needs help still does.
                self.class = match (first, self.class) {
                    (true, _) => TicketClass::Returned,
                    (false, TicketClass::Assisted) => TicketClass::Assisted,
                    (false, _) => TicketClass::Ordinary,
                };
                self.since = if first { self.since } else { at };
                TicketState::Waiting
            }
            TicketFact::Finished { window, at, .. } => TicketState::Done { window, at },
            TicketFact::Missed { at, .. } => TicketState::Missed { at },
            TicketFact::Cancelled { at } => TicketState::Cancelled { at },
            TicketFact::Expired { at } => TicketState::Expired { at },
        };
        self
    }
}
