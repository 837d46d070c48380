//! Mandates 授权委托: the legal representative of an organisation lets a person act for it as authorised clerk 经办人, as far and as
//! long as the mandate says.
//!
//! Civil Code 165: a mandate names the agent, what for, the powers and the term. It begins to count when the person has accepted it:
//! whoever acts for somebody answers for it and keeps out of that body's affairs in office, so nobody gets into it without
//! knowing, least of all by a mistyped number. Civil Code 173: it ends with its term, when it is taken back, and when the person gives it up.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::permission::Action;
use super::role::Party;
use crate::ids::MandateId;
use crate::text::Text;
use crate::time::Timestamp;

/// Most matters that a mandate names.
pub const MAX_MANDATE_MATTERS: usize = 20;

/// What a clerk may be allowed to do. Granting mandates is none of it: a clerk appoints no clerks (Civil Code 169).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// Look at licences and download them.
    Look,
    /// Let others see licences: use codes, links, marked copies. Whoever shares sees what is shared.
    Share,
    /// Apply, follow the cases, book and take numbers, rate.
    Apply,
}

impl Power {
    /// All of them.
    pub const ALL: [Power; 3] = [Power::Look, Power::Share, Power::Apply];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Power::Look => "look",
            Power::Share => "share",
            Power::Apply => "apply",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Power> {
        Power::ALL.into_iter().find(|power| power.as_str() == name)
    }

    /// Whether it lets a clerk do this.
    pub fn allows(self, action: Action) -> bool {
        match self {
            Power::Look => action == Action::ViewLicence,
            Power::Share => matches!(action, Action::ViewLicence | Action::ShareLicence),
            Power::Apply => matches!(action, Action::Apply | Action::ViewCase | Action::Visit | Action::Rate),
        }
    }
}

/// How a mandate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MandateEnd {
    /// Civil Code 173(2): it was taken back.
    Revoked,
    /// Civil Code 173(2): the clerk gave it up, or did not want it.
    Resigned,
    /// Civil Code 173(1): its term is over.
    Over,
    /// The clerk's data was erased (PIPL 47).
    Erased,
}

/// A mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Its id.
    pub id: MandateId,
    /// The organisation for which the clerk acts.
    pub principal: Party,
    /// The clerk, by the name and number of an identity document.
    pub clerk: Party,
    /// What the clerk may do.
    pub powers: BTreeSet<Power>,
    /// Slugs of the only matters for which [`Power::Apply`] counts; all when empty.
    pub matters: Vec<String>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// The account that granted it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// When the clerk accepted it, and the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<(Timestamp, String)>,
    /// How and when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(MandateEnd, Timestamp)>,
}

/// Under which mandate somebody acted, as a case names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandateRef {
    /// Its id.
    pub id: MandateId,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

/// What happened to a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum MandateFact {
    /// The legal representative granted it.
    Granted {
        /// All of it.
        mandate: Box<Mandate>,
    },
    /// The clerk accepted it.
    Accepted {
        /// The account.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// It was taken back.
    Revoked {
        /// When.
        at: Timestamp,
    },
    /// The clerk gave it up, or did not want it.
    Resigned {
        /// When.
        at: Timestamp,
    },
    /// Its last day is over.
    Ended {
        /// When this was recorded.
        at: Timestamp,
    },
    /// The clerk's personal data was erased at the clerk's request (PIPL 47).
    Erased,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MandateRefusal {
    /// It has ended.
    #[error("the mandate has ended")]
    Ended,
    /// It was accepted already.
    #[error("the mandate is accepted already")]
    Accepted,
    /// Its last day is not over.
    #[error("the term of the mandate is not over")]
    NotOver,
    /// Nothing is allowed by it.
    #[error("a mandate names what the clerk may do")]
    NoPower,
    /// Matters are named, but the clerk may not apply.
    #[error("matters are named, but the clerk may not apply")]
    MattersWithoutApply,
    /// Too many matters are named.
    #[error("too many matters are named")]
    TooManyMatters,
    /// It begins in the past, ends before it begins, or lasts too long.
    #[error("the term is past or too long")]
    Term,
    /// The clerk is the one who grants it.
    #[error("nobody is their own clerk")]
    Oneself,
}

impl MandateRefusal {
    /// The sentence for the person.
    pub fn explain(&self) -> Text {
        let (zh, en) = match self {
            MandateRefusal::Ended => ("这份授权已经结束。", "This mandate has ended."),
            MandateRefusal::Accepted => ("这份授权已经接受过了。", "This mandate is accepted already."),
            MandateRefusal::NotOver => ("这份授权还没有到期。", "The term of this mandate is not over."),
            MandateRefusal::NoPower => ("请至少选择一项授权内容。", "Choose at least one thing that the clerk may do."),
            MandateRefusal::MattersWithoutApply => (
                "限定事项只对“申请和跟进办件”有意义，请一并勾选，或者不限定事项。",
                "Named matters only narrow applications. Tick that as well, or name no matters.",
            ),
            MandateRefusal::TooManyMatters => ("限定的事项太多，最多 20 个。", "Too many matters: name at most 20."),
            MandateRefusal::Term => (
                "起止日期不对：不能早于今天，止日不能早于起日，也不能超过允许的最长期限。",
                "Check the days: from today on, the last not before the first, and within the longest term allowed.",
            ),
            MandateRefusal::Oneself => {
                ("您就是法定代表人，无须授权给自己。", "You are the legal representative and need no mandate.")
            }
        };
        Text::new(zh, en)
    }
}

impl MandateFact {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            MandateFact::Granted { .. } => "mandate.granted",
            MandateFact::Accepted { .. } => "mandate.accepted",
            MandateFact::Revoked { .. } => "mandate.revoked",
            MandateFact::Resigned { .. } => "mandate.resigned",
            MandateFact::Ended { .. } => "mandate.ended",
            MandateFact::Erased => "erased",
        }
    }
}

/// The latest last day of a mandate that begins on `first` and lasts at most so many months: the day before the day of the same
/// number, or the last of the month where it lacks that day (Civil Code 202). `None` beyond the calendar.
pub fn latest_end(first: Date, months: u32) -> Option<Date> {
    let end = first.checked_add(Span::new().try_months(months).ok()?).ok()?;
    if end.day() < first.day() { Some(end) } else { end.yesterday().ok() }
}

impl Mandate {
    /// The fact that it is granted, for at most so many months.
    pub fn grant(self, months: u32, now: Timestamp) -> Result<MandateFact, MandateRefusal> {
        if self.powers.is_empty() {
            return Err(MandateRefusal::NoPower);
        }
        if !self.matters.is_empty() && !self.powers.contains(&Power::Apply) {
            return Err(MandateRefusal::MattersWithoutApply);
        }
        if self.matters.len() > MAX_MANDATE_MATTERS {
            return Err(MandateRefusal::TooManyMatters);
        }
        let latest = latest_end(self.first, months);
        let fits = self.first >= now.date() && self.last >= self.first && latest.is_some_and(|day| self.last <= day);
        if !fits {
            return Err(MandateRefusal::Term);
        }
        Ok(MandateFact::Granted { mandate: Box::new(self) })
    }

    /// The clerk accepts it.
    pub fn accept(&self, by: String, now: Timestamp) -> Result<MandateFact, MandateRefusal> {
        self.open(now)?;
        if self.accepted.is_some() {
            return Err(MandateRefusal::Accepted);
        }
        Ok(MandateFact::Accepted { by, at: now })
    }

    /// It is taken back, from now on.
    pub fn revoke(&self, now: Timestamp) -> Result<MandateFact, MandateRefusal> {
        self.open(now)?;
        Ok(MandateFact::Revoked { at: now })
    }

    /// The clerk gives it up, or does not want it.
    pub fn resign(&self, now: Timestamp) -> Result<MandateFact, MandateRefusal> {
        self.open(now)?;
        Ok(MandateFact::Resigned { at: now })
    }

    /// Its last day is over, which is put on record; it counts for nothing since then, recorded or not.
    pub fn end(&self, now: Timestamp) -> Result<MandateFact, MandateRefusal> {
        if self.ended.is_some() {
            return Err(MandateRefusal::Ended);
        }
        if now < Timestamp::end_of(self.last) {
            return Err(MandateRefusal::NotOver);
        }
        Ok(MandateFact::Ended { at: now })
    }

    fn open(&self, now: Timestamp) -> Result<(), MandateRefusal> {
        if self.is_open(now) { Ok(()) } else { Err(MandateRefusal::Ended) }
    }

    /// Whether it is offered or accepted, and its term is not over.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < Timestamp::end_of(self.last)
    }

    /// Whether the clerk may act by it now.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.is_open(now) && self.accepted.is_some() && now.date() >= self.first
    }

    /// Whether it lets the clerk do this, in a matter where one is named. Where matters are listed, what is about none of them is not
    /// allowed.
    pub fn allows(&self, action: Action, matter: Option<&str>) -> bool {
        let named = |power: &Power| {
            *power != Power::Apply
                || self.matters.is_empty()
                || matter.is_some_and(|matter| self.matters.iter().any(|own| own == matter))
        };
        self.powers.iter().any(|power| power.allows(action) && named(power))
    }

    /// Whether it lets the clerk do this in some matter.
    pub fn ever_allows(&self, action: Action) -> bool {
        self.powers.iter().any(|power| power.allows(action))
    }

    /// As a case names it.
    pub fn reference(&self) -> MandateRef {
        MandateRef { id: self.id, first: self.first, last: self.last }
    }

    /// The stored name of how it stands, by which rows are found: the date is not in it.
    pub fn state(&self) -> &'static str {
        match (&self.ended, &self.accepted) {
            (Some(_), _) => "ended",
            (None, Some(_)) => "accepted",
            (None, None) => "offered",
        }
    }

    /// The mandate after one fact; `None` only before it was granted.
    pub fn evolve(mandate: Option<Mandate>, fact: MandateFact) -> Option<Mandate> {
        match (mandate, fact) {
            (None, MandateFact::Granted { mandate }) => Some(*mandate),
            (Some(mut own), fact) => {
                match fact {
                    MandateFact::Granted { .. } => {}
                    MandateFact::Accepted { by, at } => own.accepted = Some((at, by)),
                    MandateFact::Revoked { at } => own.ended = Some((MandateEnd::Revoked, at)),
                    MandateFact::Resigned { at } => own.ended = Some((MandateEnd::Resigned, at)),
                    MandateFact::Ended { at } => own.ended = Some((MandateEnd::Over, at)),
                    MandateFact::Erased => own.erase(),
                }
                Some(own)
            }
            (None, _) => None,
        }
    }

    /// What remains says that there was a mandate, of whom, for what and how long.
    fn erase(&mut self) {
        self.clerk.name.clear();
        self.clerk.code = "erased".into();
        self.ended.get_or_insert((MandateEnd::Erased, self.at));
    }

    /// Whether the clerk's data was erased.
    pub fn is_erased(&self) -> bool {
        self.clerk.name.is_empty()
    }
}
