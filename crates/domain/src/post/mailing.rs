//! The life of a postal item. Outward: asked for, labelled, handed to the carrier, under way, delivered or returned; what came back
//! waits at the window, is sent once more or collected. Inward: announced, received.

use serde::{Deserialize, Serialize};

use super::address::PostAddress;
use crate::halls::{HallReason, HallRefusal};
use crate::ids::MailingId;
use crate::time::Timestamp;

/// Which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// 寄出结果.
    Out,
    /// 寄来原件.
    In,
}

impl Direction {
    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Out => "out",
            Direction::In => "in",
        }
    }
}

/// What a carrier says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// 收寄.
    Accepted,
    /// 运输中.
    InTransit,
    /// 签收.
    Delivered,
    /// 退回寄件人.
    Returned,
}

impl EventKind {
    /// All of them.
    pub const ALL: [EventKind; 4] =
        [EventKind::Accepted, EventKind::InTransit, EventKind::Delivered, EventKind::Returned];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Accepted => "accepted",
            EventKind::InTransit => "in-transit",
            EventKind::Delivered => "delivered",
            EventKind::Returned => "returned",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|own| own.as_str() == name)
    }
}

/// One report of a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When it happened, as the carrier says.
    pub at: Timestamp,
    /// The carrier's words; empty when it has none.
    #[serde(default)]
    pub note: String,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum MailState {
    /// The applicant wants it by post.
    Wanted,
    /// It has a number and a label.
    Labelled,
    /// The carrier has it.
    Underway {
        /// Since when.
        since: Timestamp,
    },
    /// Taken by whom it was for: served.
    Delivered {
        /// When, as the carrier says: the day of service 送达日期.
        at: Timestamp,
    },
    /// Back at the window.
    Returned {
        /// When.
        at: Timestamp,
        /// Why, in the carrier's words.
        reason: String,
    },
    /// Handed out at the window after all.
    Collected {
        /// When.
        at: Timestamp,
    },
    /// Originals that somebody has posted.
    Announced,
    /// They have arrived.
    Received {
        /// When.
        at: Timestamp,
    },
    /// It will not be posted.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

impl MailState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            MailState::Wanted => "wanted",
            MailState::Labelled => "labelled",
            MailState::Underway { .. } => "underway",
            MailState::Delivered { .. } => "delivered",
            MailState::Returned { .. } => "returned",
            MailState::Collected { .. } => "collected",
            MailState::Announced => "announced",
            MailState::Received { .. } => "received",
            MailState::Cancelled { .. } => "cancelled",
        }
    }
}

/// A postal item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// Its id.
    pub id: MailingId,
    /// Which way it goes.
    pub direction: Direction,
    /// Number of the case.
    pub case: String,
    /// Code of the applicant, with whom it is erased; empty once it was.
    pub person: String,
    /// Account of whoever is told.
    pub account: String,
    /// Where it goes; for originals nothing.
    #[serde(default)]
    pub address: PostAddress,
    /// Number of the carrier, once it has one.
    #[serde(default)]
    pub number: Option<String>,
    /// How often it was posted, counted from one.
    pub posting: u32,
    /// What the carrier has said of the present posting, in the order in which it came.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Where it is.
    #[serde(flatten)]
    pub state: MailState,
}

/// What happens to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum MailFact {
    /// It was asked for, or originals were announced.
    Opened {
        /// All of it.
        mailing: Box<Mailing>,
    },
    /// Another address.
    Redirected {
        /// From now on.
        address: PostAddress,
    },
    /// The carrier gave it a number.
    Labelled {
        /// The number.
        number: String,
    },
    /// It was handed to the carrier.
    HandedOver {
        /// When.
        at: Timestamp,
    },
    /// The carrier has said something.
    Reported {
        /// What.
        event: Event,
    },
    /// It is to be posted once more.
    SentAgain {
        /// Where to.
        address: PostAddress,
    },
    /// Handed out at the window.
    Collected {
        /// When.
        at: Timestamp,
    },
    /// The originals have arrived.
    Received {
        /// When.
        at: Timestamp,
    },
    /// It will not be posted.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// Name and address were erased (PIPL 47).
    Erased,
}

impl MailFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            MailFact::Opened { .. } => "mailing.opened",
            MailFact::Redirected { .. } => "mailing.redirected",
            MailFact::Labelled { .. } => "mailing.labelled",
            MailFact::HandedOver { .. } => "mailing.handed-over",
            MailFact::Reported { event } => match event.kind {
                EventKind::Accepted => "mailing.accepted",
                EventKind::InTransit => "mailing.in-transit",
                EventKind::Delivered => "mailing.delivered",
                EventKind::Returned => "mailing.returned",
            },
            MailFact::SentAgain { .. } => "mailing.sent-again",
            MailFact::Collected { .. } => "mailing.collected",
            MailFact::Received { .. } => "mailing.received",
            MailFact::Cancelled { .. } => "mailing.cancelled",
            MailFact::Erased => "erased",
        }
    }
}

type Answer = Result<MailFact, HallRefusal>;

impl Mailing {
    /// Whether something is still to happen to it.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            MailState::Wanted
                | MailState::Labelled
                | MailState::Underway { .. }
                | MailState::Returned { .. }
                | MailState::Announced
        )
    }

    fn refuse(&self, command: &'static str) -> HallRefusal {
        HallRefusal { state: self.state.name(), command, reason: HallReason::WrongState }
    }

    fn when(&self, allowed: bool, command: &'static str, fact: MailFact) -> Answer {
        if allowed { Ok(fact) } else { Err(self.refuse(command)) }
    }

    /// Another address, while it was not handed to the carrier.
    ///
    /// # Errors
    /// It has left, or goes nowhere.
    pub fn redirect(&self, address: PostAddress) -> Answer {
        self.when(self.state == MailState::Wanted, "redirect", MailFact::Redirected { address })
    }

    /// A number of the carrier, for the label.
    ///
    /// # Errors
    /// It has one, or goes nowhere.
    pub fn label(&self, number: String) -> Answer {
        self.when(self.state == MailState::Wanted, "label", MailFact::Labelled { number })
    }

    /// Handed to the carrier.
    ///
    /// # Errors
    /// It has no label, or has left.
    pub fn hand_over(&self, now: Timestamp) -> Answer {
        self.when(self.state == MailState::Labelled, "hand-over", MailFact::HandedOver { at: now })
    }

    /// What the carrier says; `None` when it was said before. A carrier that has accepted what nobody noted as handed over has it all the
    /// same; after an end it changes nothing.
    ///
    /// # Errors
    /// It never had this posting.
    pub fn report(&self, event: Event) -> Result<Option<MailFact>, HallRefusal> {
        if self.events.contains(&event) {
            return Ok(None);
        }
        match self.state {
            MailState::Labelled | MailState::Underway { .. } => Ok(Some(MailFact::Reported { event })),
            _ => Err(self.refuse("report")),
        }
    }

    /// What came back is posted once more.
    ///
    /// # Errors
    /// It did not come back.
    pub fn send_again(&self, address: PostAddress) -> Answer {
        let back = matches!(self.state, MailState::Returned { .. });
        self.when(back, "send-again", MailFact::SentAgain { address })
    }

    /// What came back, or was not labelled yet, is handed out at the window.
    ///
    /// # Errors
    /// It is not at the window.
    pub fn collect(&self, now: Timestamp) -> Answer {
        let there = matches!(self.state, MailState::Returned { .. } | MailState::Wanted);
        self.when(there, "collect", MailFact::Collected { at: now })
    }

    /// The originals have arrived.
    ///
    /// # Errors
    /// None were announced.
    pub fn receive(&self, now: Timestamp) -> Answer {
        self.when(self.state == MailState::Announced, "receive", MailFact::Received { at: now })
    }

    /// It will not be posted.
    ///
    /// # Errors
    /// It has a label, or has ended.
    pub fn cancel(&self, now: Timestamp) -> Answer {
        let early = matches!(self.state, MailState::Wanted | MailState::Announced);
        self.when(early, "cancel", MailFact::Cancelled { at: now })
    }

    /// The item after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Mailing>, fact: MailFact) -> Option<Mailing> {
        match (before, fact) {
            (None, MailFact::Opened { mailing }) => Some(*mailing),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: MailFact) -> Mailing {
        match fact {
            MailFact::Opened { .. } => {}
            MailFact::Redirected { address } => self.address = address,
            MailFact::Labelled { number } => {
                self.number = Some(number);
                self.state = MailState::Labelled;
            }
            MailFact::HandedOver { at } => self.state = MailState::Underway { since: at },
            MailFact::Reported { event } => self.heard(event),
            MailFact::SentAgain { address } => {
                self.address = address;
                self.number = None;
                self.events.clear();
                self.posting += 1;
                self.state = MailState::Wanted;
            }
            MailFact::Collected { at } => self.state = MailState::Collected { at },
            MailFact::Received { at } => self.state = MailState::Received { at },
            MailFact::Cancelled { at } => self.state = MailState::Cancelled { at },
            MailFact::Erased => {
                self.person = String::new();
                self.account = String::new();
                self.address = PostAddress::default();
                self.number = None;
                self.events.iter_mut().for_each(|event| event.note = String::new());
                if let MailState::Returned { reason, .. } = &mut self.state {
                    *reason = String::new();
                }
            }
        }
        self
    }

    fn heard(&mut self, event: Event) {
        self.state = match (event.kind, &self.state) {
            (EventKind::Delivered, _) => MailState::Delivered { at: event.at },
            (EventKind::Returned, _) => MailState::Returned { at: event.at, reason: event.note.clone() },
            (_, MailState::Underway { since }) => MailState::Underway { since: *since },
            (..) => MailState::Underway { since: event.at },
        };
        self.events.push(event);
    }
}
