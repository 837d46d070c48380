//! The life of an appointment 预约: booked, then kept, missed or cancelled.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::booking::BookingRules;
use super::refusal::{HallReason, HallRefusal};
use crate::accounts::Party;
use crate::ids::AppointmentId;
use crate::time::Timestamp;

/// Where an appointment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AppointmentState {
    /// Somebody will come.
    Booked,
    /// Somebody came and has a ticket.
    Arrived {
        /// When.
        at: Timestamp,
        /// Id of the ticket.
        ticket: String,
    },
    /// Nobody came.
    Missed {
        /// When the slot and its grace were over.
        at: Timestamp,
    },
    /// Given back by whoever booked it.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

impl AppointmentState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            AppointmentState::Booked => "booked",
            AppointmentState::Arrived { .. } => "arrived",
            AppointmentState::Missed { .. } => "missed",
            AppointmentState::Cancelled { .. } => "cancelled",
        }
    }
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// Six digits that its holder says at the reception; unique among those of a place and day.
    pub code: String,
    /// Id of the slot.
    pub slot: String,
    /// Id of the place.
    pub place: String,
    /// Id of the counter.
    pub counter: String,
    /// Slug of the matter.
    pub matter: String,
    /// Begin of the slot.
    pub start: Timestamp,
    /// End of the slot.
    pub end: Timestamp,
    /// The account that booked it.
    pub account: String,
    /// For whom; `None` once erased.
    pub applicant: Option<Party>,
    /// Slots of the matter's materials that its holder says are ready 预约即办.
    #[serde(default)]
    pub prepared: Vec<String>,
    /// When it was booked.
    pub booked: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: AppointmentState,
}

/// What happens to an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum AppointmentFact {
    /// It was booked.
    Booked {
        /// All of it.
        appointment: Box<Appointment>,
    },
    /// Its holder was reminded.
    Reminded,
    /// Somebody came.
    Arrived {
        /// In which place.
        place: String,
        /// When.
        at: Timestamp,
        /// Id of the ticket.
        ticket: String,
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
        /// In which place.
        place: String,
        /// When.
        at: Timestamp,
    },
    /// The person was erased.
    Erased,
}

impl AppointmentFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            AppointmentFact::Booked { .. } => "appointment.booked",
            AppointmentFact::Reminded => "appointment.reminded",
            AppointmentFact::Arrived { .. } => "appointment.arrived",
            AppointmentFact::Missed { .. } => "appointment.missed",
            AppointmentFact::Cancelled { .. } => "appointment.cancelled",
            AppointmentFact::Erased => "erased",
        }
    }
}

/// Digest of person, matter and day: one appointment may be open for each.
pub fn open_key(person: &str, matter: &str, start: Timestamp) -> String {
    let day = start.date().to_string();
    let mut hash = Sha256::new();
    for part in [person, matter, &day] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

impl Appointment {
    /// Whether somebody is still expected.
    pub fn is_open(&self) -> bool {
        self.state == AppointmentState::Booked
    }

    fn open_for(&self, command: &'static str) -> Result<(), HallRefusal> {
        if self.is_open() { Ok(()) } else { Err(self.refuse(command, HallReason::WrongState)) }
    }

    /// A refusal of this command.
    pub fn refuse(&self, command: &'static str, reason: HallReason) -> HallRefusal {
        HallRefusal { state: self.state.name(), command, reason }
    }

    /// Gives the slot back.
    ///
    /// # Errors
    /// One that is not open, or whose slot has begun.
    pub fn cancel(&self, now: Timestamp) -> Result<AppointmentFact, HallRefusal> {
        self.open_for("cancel")?;
        if now >= self.start {
            return Err(self.refuse("cancel", HallReason::SlotPast));
        }
        Ok(AppointmentFact::Cancelled { place: self.place.clone(), at: now })
    }

    /// Its holder has come and gets a ticket: on the day of the slot, until the grace is over.
    ///
    /// # Errors
    /// One that is not open, or for another time.
    pub fn arrive(&self, rules: &BookingRules, ticket: &str, now: Timestamp) -> Result<AppointmentFact, HallRefusal> {
        self.open_for("arrive")?;
        if now.date() != self.start.date() || now >= self.kept_until(rules) {
            return Err(self.refuse("arrive", HallReason::OtherTime { start: self.start }));
        }
        Ok(AppointmentFact::Arrived { place: self.place.clone(), at: now, ticket: ticket.to_owned() })
    }

    /// The slot and its grace are over, and nobody came.
    ///
    /// # Errors
    /// One that is not open, or that may still be kept.
    pub fn miss(&self, rules: &BookingRules, now: Timestamp) -> Result<AppointmentFact, HallRefusal> {
        self.open_for("miss")?;
        if now < self.kept_until(rules) {
            return Err(self.refuse("miss", HallReason::OtherTime { start: self.start }));
        }
        Ok(AppointmentFact::Missed { place: self.place.clone(), at: now })
    }

    /// Until when it is kept.
    pub fn kept_until(&self, rules: &BookingRules) -> Timestamp {
        self.end.plus_seconds(i64::from(rules.grace_minutes) * 60)
    }

    /// When its holder is reminded; `None` when that is past already at booking.
    pub fn remind_at(&self, rules: &BookingRules) -> Option<Timestamp> {
        let at = self.start.plus_seconds(-i64::from(rules.remind_hours) * 3600);
        (at > self.booked).then_some(at)
    }

    /// The appointment after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Appointment>, fact: AppointmentFact) -> Option<Appointment> {
        let (mut own, state) = match (before, fact) {
            (None, AppointmentFact::Booked { appointment }) => return Some(*appointment),
            (Some(own), AppointmentFact::Reminded) => return Some(own),
            (Some(mut own), AppointmentFact::Erased) => {
                own.applicant = None;
                own.account = String::new();
                own.prepared = Vec::new();
                return Some(own);
            }
            (Some(own), AppointmentFact::Arrived { at, ticket, .. }) => (own, AppointmentState::Arrived { at, ticket }),
            (Some(own), AppointmentFact::Missed { at, .. }) => (own, AppointmentState::Missed { at }),
            (Some(own), AppointmentFact::Cancelled { at, .. }) => (own, AppointmentState::Cancelled { at }),
            (before, _) => return before,
        };
        own.state = state;
        Some(own)
    }
}
