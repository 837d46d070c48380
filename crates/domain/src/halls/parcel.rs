//! What lies in a locker: the result of a case on its way out, or originals on their way in. A cell is kept for it, it is put in, it is
//! taken out, each time with a code; what nobody takes is taken back.

use serde::{Deserialize, Serialize};

use super::locker::LockerRules;
use super::refusal::{HallReason, HallRefusal};
use crate::ids::ParcelId;
use crate::time::Timestamp;

/// Which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// 取件: the result of a case, from the bureau to whoever applied.
    Out,
    /// 存件: originals, from whoever applied to the bureau.
    In,
}

impl Way {
    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Out => "out",
            Way::In => "in",
        }
    }
}

/// For whom a code opens the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum Bearer {
    /// Whoever puts it in.
    Depositor,
    /// Whoever it is for.
    Recipient,
    /// Somebody whom the recipient has named 代取人.
    Proxy {
        /// The name.
        name: String,
    },
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ParcelState {
    /// A cell is kept for it.
    Reserved {
        /// Until when.
        until: Timestamp,
    },
    /// In the cell.
    Stored {
        /// Since when.
        since: Timestamp,
        /// Until when it may lie there.
        due: Timestamp,
    },
    /// In the cell for too long.
    Overdue {
        /// Since when it lies there.
        since: Timestamp,
    },
    /// Taken out by whom it was for, or by a proxy.
    Taken {
        /// When.
        at: Timestamp,
        /// By whom.
        by: Bearer,
    },
    /// Taken out by staff, because nobody came or the cell is broken: it waits at the window.
    Cleared {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Never put in.
    Lapsed {
        /// When.
        at: Timestamp,
    },
}

impl ParcelState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            ParcelState::Reserved { .. } => "reserved",
            ParcelState::Stored { .. } => "stored",
            ParcelState::Overdue { .. } => "overdue",
            ParcelState::Taken { .. } => "taken",
            ParcelState::Cleared { .. } => "cleared",
            ParcelState::Lapsed { .. } => "lapsed",
        }
    }
}

/// What lies in a cell, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its id.
    pub id: ParcelId,
    /// Id of the place.
    pub place: String,
    /// Number of the cell.
    pub cell: u32,
    /// Which way it goes.
    pub way: Way,
    /// Number of the case that it belongs to.
    pub case: String,
    /// Account of the citizen: the recipient of what goes out, the depositor of what comes in.
    pub account: String,
    /// Where it is.
    #[serde(flatten)]
    pub state: ParcelState,
}

/// What happens to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum ParcelFact {
    /// A cell is kept for it.
    Reserved {
        /// All of it.
        parcel: Box<Parcel>,
    },
    /// It was put in.
    Stored {
        /// When.
        at: Timestamp,
        /// Until when it may lie there.
        due: Timestamp,
    },
    /// A code was given for taking it out; codes of the same bearer from before count no more.
    CodeIssued {
        /// For whom. Naming a proxy is the recipient's consent.
        bearer: Bearer,
        /// Until when it works.
        until: Timestamp,
    },
    /// The proxy may take it no more.
    ProxyWithdrawn,
    /// Its recipient was reminded.
    Reminded,
    /// It lies there for too long.
    BecameOverdue {
        /// When.
        at: Timestamp,
    },
    /// The cell does not open: staff were called.
    CellBroken {
        /// When somebody wanted it opened.
        at: Timestamp,
    },
    /// It was taken out.
    Taken {
        /// When.
        at: Timestamp,
        /// By whom.
        by: Bearer,
    },
    /// Staff took it out.
    Cleared {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Nobody put it in.
    Lapsed {
        /// When.
        at: Timestamp,
    },
}

impl ParcelFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            ParcelFact::Reserved { .. } => "parcel.reserved",
            ParcelFact::Stored { .. } => "parcel.stored",
            ParcelFact::CodeIssued { .. } => "parcel.code-issued",
            ParcelFact::ProxyWithdrawn => "parcel.proxy-withdrawn",
            ParcelFact::Reminded => "parcel.reminded",
            ParcelFact::BecameOverdue { .. } => "parcel.became-overdue",
            ParcelFact::CellBroken { .. } => "parcel.cell-broken",
            ParcelFact::Taken { .. } => "parcel.taken",
            ParcelFact::Cleared { .. } => "parcel.cleared",
            ParcelFact::Lapsed { .. } => "parcel.lapsed",
        }
    }
}

fn hours(at: Timestamp, hours: u32) -> Timestamp {
    at.plus_seconds(i64::from(hours) * 3600)
}

impl Parcel {
    /// Whether its cell can hold nothing else.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ParcelState::Reserved { .. } | ParcelState::Stored { .. } | ParcelState::Overdue { .. })
    }

    /// Whether it lies in the cell.
    pub fn is_inside(&self) -> bool {
        matches!(self.state, ParcelState::Stored { .. } | ParcelState::Overdue { .. })
    }

    /// When its recipient is reminded, and when it has lain there too long; nothing while it does not.
    pub fn dates(&self, rules: &LockerRules) -> Option<(Timestamp, Timestamp)> {
        match self.state {
            ParcelState::Stored { due, .. } => Some((due.plus_seconds(-i64::from(rules.remind_hours) * 3600), due)),
            _ => None,
        }
    }

    fn refuse(&self, command: &'static str, reason: HallReason) -> HallRefusal {
        HallRefusal { state: self.state.name(), command, reason }
    }

    /// What the code of a bearer does at the locker. A cell that is broken opens for nobody.
    ///
    /// # Errors
    /// It is not there (any more), or the time for putting it in is over.
    pub fn open(
        &self,
        bearer: &Bearer,
        broken: bool,
        rules: &LockerRules,
        now: Timestamp,
    ) -> Result<ParcelFact, HallRefusal> {
        if self.is_open() && broken {
            return Ok(ParcelFact::CellBroken { at: now });
        }
        match (&self.state, bearer) {
            (ParcelState::Reserved { until }, Bearer::Depositor) if now < *until => {
                Ok(ParcelFact::Stored { at: now, due: hours(now, rules.hold_hours) })
            }
            (ParcelState::Stored { .. } | ParcelState::Overdue { .. }, Bearer::Recipient | Bearer::Proxy { .. }) => {
                Ok(ParcelFact::Taken { at: now, by: bearer.clone() })
            }
            _ => Err(self.refuse("open", HallReason::ParcelCodeGone)),
        }
    }

    /// Gives a code for taking it out.
    ///
    /// # Errors
    /// It does not lie in the cell, or a proxy is named for what goes to the bureau.
    pub fn issue_code(&self, bearer: Bearer, rules: &LockerRules, now: Timestamp) -> Result<ParcelFact, HallRefusal> {
        let named = matches!(bearer, Bearer::Proxy { .. });
        match self.is_inside() && bearer != Bearer::Depositor && !(named && self.way == Way::In) {
            true => Ok(ParcelFact::CodeIssued { bearer, until: hours(now, rules.code_hours) }),
            false => Err(self.refuse("issue-code", HallReason::WrongState)),
        }
    }

    /// The recipient takes the consent to a proxy back.
    ///
    /// # Errors
    /// It does not lie in the cell.
    pub fn withdraw_proxy(&self) -> Result<ParcelFact, HallRefusal> {
        if self.is_inside() {
            Ok(ParcelFact::ProxyWithdrawn)
        } else {
            Err(self.refuse("withdraw-proxy", HallReason::WrongState))
        }
    }

    /// Staff take it out: nobody came, or the cell is broken.
    ///
    /// # Errors
    /// It does not lie in the cell.
    pub fn clear(&self, reason: &str, now: Timestamp) -> Result<ParcelFact, HallRefusal> {
        match self.is_inside() {
            true => Ok(ParcelFact::Cleared { at: now, reason: reason.to_owned() }),
            false => Err(self.refuse("clear", HallReason::WrongState)),
        }
    }

    /// The time is over: what was not put in lapses, what was not taken is overdue. `None` when neither is so.
    pub fn overstay(&self, now: Timestamp) -> Option<ParcelFact> {
        match self.state {
            ParcelState::Reserved { until } if now >= until => Some(ParcelFact::Lapsed { at: now }),
            ParcelState::Stored { due, .. } if now >= due => Some(ParcelFact::BecameOverdue { at: now }),
            _ => None,
        }
    }

    /// The parcel after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Parcel>, fact: ParcelFact) -> Option<Parcel> {
        match (before, fact) {
            (None, ParcelFact::Reserved { parcel }) => Some(*parcel),
            (None, _) => None,
            (Some(own), fact) => Some(own.after(fact)),
        }
    }

    fn after(mut self, fact: ParcelFact) -> Parcel {
        self.state = match (fact, self.state) {
            (ParcelFact::Stored { at, due }, _) => ParcelState::Stored { since: at, due },
            (ParcelFact::BecameOverdue { .. }, ParcelState::Stored { since, .. }) => ParcelState::Overdue { since },
            (ParcelFact::Taken { at, by }, _) => ParcelState::Taken { at, by },
            (ParcelFact::Cleared { at, reason }, _) => ParcelState::Cleared { at, reason },
            (ParcelFact::Lapsed { at }, _) => ParcelState::Lapsed { at },
            (_, own) => own,
        };
        self
    }
}
