//! The life of a swap 调班: asked, accepted by the colleague, confirmed by the head. Nobody is at two windows at once afterwards:
//! whoever takes a duty leaves what overlaps it, and what that leaves open is said before.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::super::hours::DayTime;
use super::super::place::Place;
use super::super::refusal::{HallReason, HallRefusal};
use super::duty::{Duty, Rota, RotaFact};
use super::flag::Busy;
use super::roster::Roster;
use crate::time::Timestamp;

/// Where a swap stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum SwapState {
    /// Waits for the colleague.
    Asked,
    /// Waits for the head.
    Accepted {
        /// Since when.
        at: Timestamp,
    },
    /// The colleague has declined.
    Declined {
        /// When.
        at: Timestamp,
    },
    /// Whoever asked has taken it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// The head has refused it.
    Refused {
        /// When.
        at: Timestamp,
    },
    /// It counts.
    Confirmed {
        /// Since when.
        at: Timestamp,
    },
    /// A duty of it is no more.
    Lapsed {
        /// Since when.
        at: Timestamp,
    },
}

impl SwapState {
    /// The stored name.
    pub fn name(&self) -> &'static str {
        match self {
            SwapState::Asked => "asked",
            SwapState::Accepted { .. } => "accepted",
            SwapState::Declined { .. } => "declined",
            SwapState::Withdrawn { .. } => "withdrawn",
            SwapState::Refused { .. } => "refused",
            SwapState::Confirmed { .. } => "confirmed",
            SwapState::Lapsed { .. } => "lapsed",
        }
    }
}

/// A duty changes hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Number within the week.
    pub id: u32,
    /// Number of the duty that is given.
    pub duty: u32,
    /// That duty when it was asked for, which stays readable after the swap.
    pub given: Duty,
    /// Number of the duty that is taken for it; none when the duty is given away.
    pub back: Option<u32>,
    /// That duty when it was asked for.
    pub returned: Option<Duty>,
    /// The account that asks.
    pub by: String,
    /// The account of the colleague.
    pub to: String,
    /// When it was asked for.
    pub asked: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: SwapState,
}

impl Swap {
    /// Whether somebody still has to answer.
    pub fn is_open(&self) -> bool {
        matches!(self.state, SwapState::Asked | SwapState::Accepted { .. })
    }

    /// Whether one of these duties is part of it.
    pub fn names(&self, ids: &[u32]) -> bool {
        ids.contains(&self.duty) || self.back.is_some_and(|back| ids.contains(&back))
    }

    fn refuse(&self, command: &'static str, reason: HallReason) -> HallRefusal {
        HallRefusal { state: self.state.name(), command, reason }
    }
}

/// What decides about a swap beside the week itself.
#[derive(Debug, Clone, Copy)]
pub struct SwapAbout<'a> {
    /// The place.
    pub place: &'a Place,
    /// Its staff.
    pub roster: &'a Roster,
    /// Duties of the two at other places.
    pub elsewhere: &'a [Busy],
    /// Now.
    pub now: Timestamp,
}

/// What a swap does to the duties of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Numbers of the duties that are no more.
    pub dropped: Vec<u32>,
    /// The duties in their stead.
    pub added: Vec<Duty>,
}

/// What is left of a duty beside a time in which its holder is needed elsewhere.
fn beside(own: &Duty, from: DayTime, to: DayTime) -> impl Iterator<Item = Duty> {
    let before = (own.from < from).then(|| Duty { to: from, ..own.clone() });
    let after = (to < own.to).then(|| Duty { from: to, ..own.clone() });
    before.into_iter().chain(after)
}

impl Rota {
    /// What a swap would do: both duties change hands, and whoever takes one leaves what they had at that time. Nothing when one of
    /// the duties is no more.
    pub fn effect(&self, swap: &Swap) -> Option<Effect> {
        let given = self.duty(swap.duty)?;
        let back = match swap.back {
            Some(id) => Some(self.duty(id)?),
            None => None,
        };
        let moved: Vec<(&Duty, &str)> =
            std::iter::once((given, swap.to.as_str())).chain(back.map(|own| (own, swap.by.as_str()))).collect();
        let mut dropped: Vec<u32> = moved.iter().map(|(duty, _)| duty.id).collect();
        let mut added: Vec<Duty> =
            moved.iter().map(|(duty, taker)| Duty { account: (*taker).to_owned(), ..(*duty).clone() }).collect();
        let parts = dropped.clone();
        for (duty, taker) in &moved {
            let left = self
                .duties
                .iter()
                .filter(|own| own.account == *taker && !parts.contains(&own.id) && own.overlaps(duty));
            for own in left {
                dropped.push(own.id);
                added.extend(beside(own, duty.from, duty.to));
            }
        }
        for (id, duty) in (self.next..).zip(added.iter_mut()) {
            duty.id = id;
        }
        Some(Effect { dropped, added })
    }

    /// The week as it would be after a swap.
    pub fn swapped(&self, swap: &Swap) -> Rota {
        let mut after = self.clone();
        if let Some(effect) = self.effect(swap) {
            after.duties.retain(|duty| !effect.dropped.contains(&duty.id));
            after.duties.extend(effect.added);
        }
        after
    }

    /// A clerk asks to swap a duty for a colleague's, or to give it away.
    ///
    /// # Errors
    /// The duty is not the clerk's, has begun, or waits for another answer; the colleague is not on the roster, may not sit there,
    /// or is on duty at another place then; the duty asked for is not the colleague's.
    pub fn ask(
        &self,
        by: &str,
        duty: u32,
        to: &str,
        back: Option<u32>,
        about: &SwapAbout<'_>,
    ) -> Result<RotaFact, HallRefusal> {
        let no = |reason| HallRefusal { state: "planned", command: "swap", reason };
        let find = |id| self.duty(id).cloned().ok_or_else(|| no(HallReason::NoSuchDuty));
        let given = find(duty)?;
        let returned = back.map(find).transpose()?;
        if given.account != by || returned.as_ref().is_some_and(|own| own.account != to) {
            return Err(no(HallReason::NotYourDuty));
        }
        if by == to || about.roster.member(to).is_none() {
            return Err(no(HallReason::NotOnRoster));
        }
        let parts: Vec<u32> = std::iter::once(duty).chain(back).collect();
        if self.swaps.iter().any(|other| other.is_open() && other.names(&parts)) {
            return Err(no(HallReason::SwapWaits));
        }
        let swap = Swap {
            id: self.next,
            duty,
            given,
            back,
            returned,
            by: by.to_owned(),
            to: to.to_owned(),
            asked: about.now,
            state: SwapState::Asked,
        };
        self.check(&swap, about).map_err(no)?;
        Ok(RotaFact::SwapAsked { swap })
    }

    /// What stands against a swap now, whoever asks.
    fn check(&self, swap: &Swap, about: &SwapAbout<'_>) -> Result<(), HallReason> {
        let parts = std::iter::once((swap.duty, &swap.to)).chain(swap.back.map(|id| (id, &swap.by)));
        for (id, taker) in parts {
            let duty = self.duty(id).ok_or(HallReason::NoSuchDuty)?;
            if duty.begins() <= about.now {
                return Err(HallReason::DutyBegun);
            }
            if !about.roster.may_take(about.place, taker, &duty.window) {
                return Err(HallReason::NotTheirWindow { window: duty.window.clone() });
            }
            if let Some(busy) = about.elsewhere.iter().find(|busy| busy.account == *taker && busy.overlaps(duty)) {
                return Err(HallReason::OnDutyElsewhere { place: busy.name.clone() });
            }
        }
        Ok(())
    }

    fn known(&self, id: u32, command: &'static str) -> Result<&Swap, HallRefusal> {
        let gone = HallRefusal { state: "planned", command, reason: HallReason::NoSuchDuty };
        self.swap(id).ok_or(gone)
    }

    /// The colleague accepts. Where the head need not confirm, it counts at once.
    ///
    /// # Errors
    /// It does not wait for this colleague, or something stands against it now.
    pub fn accept(
        &self,
        id: u32,
        who: &str,
        head_confirms: bool,
        about: &SwapAbout<'_>,
    ) -> Result<Vec<RotaFact>, HallRefusal> {
        let swap = self.asked_of(id, who, "accept")?;
        self.check(swap, about).map_err(|reason| swap.refuse("accept", reason))?;
        let accepted = RotaFact::SwapAccepted { swap: id, at: about.now };
        if head_confirms {
            return Ok(vec![accepted]);
        }
        let effect = self.effect(swap).ok_or_else(|| swap.refuse("accept", HallReason::NoSuchDuty))?;
        Ok(vec![accepted, confirmed(id, effect, about.now)])
    }

    /// The colleague declines.
    ///
    /// # Errors
    /// It does not wait for this colleague.
    pub fn decline(&self, id: u32, who: &str, now: Timestamp) -> Result<RotaFact, HallRefusal> {
        self.asked_of(id, who, "decline").map(|_| RotaFact::SwapDeclined { swap: id, at: now })
    }

    fn asked_of(&self, id: u32, who: &str, command: &'static str) -> Result<&Swap, HallRefusal> {
        let swap = self.known(id, command)?;
        match (&swap.state, swap.to == who) {
            (_, false) => Err(swap.refuse(command, HallReason::NotYourDuty)),
            (SwapState::Asked, true) => Ok(swap),
            _ => Err(swap.refuse(command, HallReason::WrongState)),
        }
    }

    /// Whoever asked takes it back before it counts.
    ///
    /// # Errors
    /// It is somebody else's, or was answered for good.
    pub fn withdraw(&self, id: u32, who: &str, now: Timestamp) -> Result<RotaFact, HallRefusal> {
        let swap = self.known(id, "withdraw")?;
        match (swap.by == who, swap.is_open()) {
            (false, _) => Err(swap.refuse("withdraw", HallReason::NotYourDuty)),
            (true, false) => Err(swap.refuse("withdraw", HallReason::WrongState)),
            (true, true) => Ok(RotaFact::SwapWithdrawn { swap: id, at: now }),
        }
    }

    /// The head confirms what the colleague has accepted.
    ///
    /// # Errors
    /// The colleague has not accepted, or something stands against it now.
    pub fn confirm(&self, id: u32, about: &SwapAbout<'_>) -> Result<RotaFact, HallRefusal> {
        let swap = self.known(id, "confirm")?;
        if !matches!(swap.state, SwapState::Accepted { .. }) {
            return Err(swap.refuse("confirm", HallReason::WrongState));
        }
        self.check(swap, about).map_err(|reason| swap.refuse("confirm", reason))?;
        let effect = self.effect(swap).ok_or_else(|| swap.refuse("confirm", HallReason::NoSuchDuty))?;
        Ok(confirmed(id, effect, about.now))
    }

    /// The head refuses it.
    ///
    /// # Errors
    /// It was answered for good.
    pub fn refuse_swap(&self, id: u32, now: Timestamp) -> Result<RotaFact, HallRefusal> {
        let swap = self.known(id, "refuse")?;
        match swap.is_open() {
            true => Ok(RotaFact::SwapRefused { swap: id, at: now }),
            false => Err(swap.refuse("refuse", HallReason::WrongState)),
        }
    }

    /// The duties of somebody in the week, in order of time.
    pub fn duties_of(&self, account: &str) -> Vec<&Duty> {
        let mut own: Vec<&Duty> = self.duties.iter().filter(|duty| duty.account == account).collect();
        own.sort_by_key(|duty| (duty.day, duty.from));
        own
    }

    /// The duties of a day, by window and time.
    pub fn duties_on(&self, day: Date) -> Vec<&Duty> {
        let mut own: Vec<&Duty> = self.duties.iter().filter(|duty| duty.day == day).collect();
        own.sort_by(|a, b| (a.from, &a.window).cmp(&(b.from, &b.window)));
        own
    }
}

fn confirmed(swap: u32, effect: Effect, at: Timestamp) -> RotaFact {
    RotaFact::SwapConfirmed { swap, dropped: effect.dropped, added: effect.added, at }
}
