//! The members of staff whom a place can plan. The roster names accounts only: a name is read from its account, so that it is gone
//! with the account.

use serde::{Deserialize, Serialize};

use super::super::place::Place;
use super::super::refusal::{HallReason, HallRefusal};

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The account.
    pub account: String,
    /// Ids of the counters at which this member may sit; empty = any.
    pub counters: Vec<String>,
}

impl Member {
    /// Whether the duties of a counter may be taken.
    pub fn may_take(&self, counter: &str) -> bool {
        self.counters.is_empty() || self.counters.iter().any(|own| own == counter)
    }
}

/// Who can be planned at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Id of the place.
    pub place: String,
    /// Its staff, in the order in which they joined.
    pub members: Vec<Member>,
}

/// What happens to a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum RosterFact {
    /// The place keeps a roster from now on.
    Opened {
        /// Id of the place.
        place: String,
    },
    /// Somebody belongs to it, or may sit at other counters from now on.
    Joined {
        /// Who, and where.
        member: Member,
    },
    /// Somebody belongs to it no more.
    Left {
        /// The account.
        account: String,
    },
}

impl RosterFact {
    /// Name in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            RosterFact::Opened { .. } => "roster.opened",
            RosterFact::Joined { .. } => "roster.joined",
            RosterFact::Left { .. } => "roster.left",
        }
    }
}

impl Roster {
    /// The roster of a place that has none yet.
    pub fn empty(place: &str) -> Roster {
        Roster { place: place.to_owned(), members: Vec::new() }
    }

    /// A member.
    pub fn member(&self, account: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.account == account)
    }

    /// Whether an account may sit at a window.
    pub fn may_take(&self, place: &Place, account: &str, window: &str) -> bool {
        let counter = place.counter_of_window(window);
        counter.is_some_and(|own| self.member(account).is_some_and(|member| member.may_take(&own.id)))
    }

    /// Takes somebody in, or changes where they may sit.
    ///
    /// # Errors
    /// A counter that the place has not.
    pub fn join(&self, place: &Place, member: Member) -> Result<RosterFact, HallRefusal> {
        match member.counters.iter().all(|id| place.counter(id).is_some()) {
            true => Ok(RosterFact::Joined { member }),
            false => Err(HallRefusal { state: "kept", command: "join", reason: HallReason::NoSuchCounter }),
        }
    }

    /// Somebody leaves. Duties that were planned stay and are flagged, so that nobody overlooks them.
    ///
    /// # Errors
    /// Nobody of that account belongs to it.
    pub fn leave(&self, account: &str) -> Result<RosterFact, HallRefusal> {
        match self.member(account) {
            Some(_) => Ok(RosterFact::Left { account: account.to_owned() }),
            None => Err(HallRefusal { state: "kept", command: "leave", reason: HallReason::NotOnRoster }),
        }
    }

    /// The roster after a fact; replaying its facts gives the row.
    pub fn evolve(before: Option<Roster>, fact: RosterFact) -> Option<Roster> {
        match (before, fact) {
            (None, RosterFact::Opened { place }) => Some(Roster::empty(&place)),
            (None, _) => None,
            (Some(mut own), fact) => {
                match fact {
                    RosterFact::Opened { .. } => {}
                    RosterFact::Joined { member } => {
                        match own.members.iter_mut().find(|known| known.account == member.account) {
                            Some(known) => *known = member,
                            None => own.members.push(member),
                        }
                    }
                    RosterFact::Left { account } => own.members.retain(|member| member.account != account),
                }
                Some(own)
            }
        }
    }
}
