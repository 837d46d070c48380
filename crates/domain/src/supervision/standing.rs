//! What the figures remember of a case, and which counters a fact of it moves.
//!
//! Everything is counted in the week in which the case was received, so that a figure and the cases behind it are the same, whenever
//! they were decided.

use super::{Channel, Kind, Measure, Week};
use crate::cases::{DutyKind, Fact, Opening, Origin};

/// Where a clerk sits on a day: the place of the ticket that was served last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Id of the place.
    pub place: String,
    /// Whoever is at the window came with an appointment.
    pub appointment: bool,
}

/// How far a case has come, as far as figures care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Received and not accepted yet.
    Received,
    /// Accepted and not done.
    Accepted,
    /// Accepted and done 办结.
    Closed,
    /// Over without ever being accepted.
    Ended,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 4] = [Stage::Received, Stage::Accepted, Stage::Closed, Stage::Ended];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Accepted => "accepted",
            Stage::Closed => "closed",
            Stage::Ended => "ended",
        }
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|own| own.as_str() == name)
    }

    /// The stages whose cases a figure counts; empty for a figure that no stage says.
    pub fn behind(figure: &str) -> &'static [Stage] {
        match figure {
            "received" => &Stage::ALL,
            "accepted" => &[Stage::Accepted, Stage::Closed],
            "open" => &[Stage::Accepted],
            "closed" => &[Stage::Closed],
            _ => &[],
        }
    }
}

/// One of the two clocks, as figures see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timely {
    /// It is known whether the decision came in time.
    pub settled: bool,
    /// It did not.
    pub late: bool,
}

/// What the figures remember of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The week in which it was received; `None` while it is being pre-checked.
    pub week: Option<Week>,
    /// Id of the place at which it was filed; empty where there was none, or none is known.
    pub place: String,
    /// How it came.
    pub channel: Channel,
    /// How the applicant was served.
    pub kind: Kind,
    /// How far it has come.
    pub stage: Stage,
    /// Whether a law sets a limit.
    pub statutory: bool,
    /// The promised clock 承诺时限.
    pub promise: Timely,
    /// The statutory clock 法定时限.
    pub limit: Timely,
}

impl Standing {
    /// A case as it is opened, by somebody who sits there.
    pub fn opened(opening: &Opening, seat: Option<&Seat>) -> Standing {
        let (channel, kind) = match opening.origin {
            Origin::Api => (Channel::Api, Kind::Online),
            Origin::Web if opening.terminal_at.is_some() => (Channel::Kiosk, Kind::Online),
            Origin::Web => (Channel::Web, Kind::Online),
            Origin::Window if seat.is_some_and(|seat| seat.appointment) => (Channel::Window, Kind::Appointment),
            Origin::Window => (Channel::Window, Kind::Assisted),
        };
        let at_window = seat.filter(|_| channel == Channel::Window).map(|seat| seat.place.clone());
        Standing {
            week: None,
            place: opening.terminal_at.clone().or(at_window).unwrap_or_default(),
            channel,
            kind,
            stage: Stage::Received,
            statutory: false,
            promise: Timely::default(),
            limit: Timely::default(),
        }
    }

    /// Carries a fact into it. Answers what is counted once more for it.
    pub fn apply(&mut self, fact: &Fact) -> Vec<Measure> {
        match fact {
            Fact::Filed { at, .. } if self.week.is_none() => {
                self.week = Some(Week::of(at.date()));
                vec![Measure::Received]
            }
            Fact::Accepted { clocks, .. } if self.stage == Stage::Received => {
                self.stage = Stage::Accepted;
                self.statutory = clocks.statutory.is_some();
                vec![Measure::Accepted]
            }
            Fact::Decided { decision, .. } => {
                let mut steps = self.settle();
                if !decision.granted {
                    steps.extend(self.end());
                }
                steps
            }
            Fact::NotAccepted { .. } | Fact::Closed | Fact::Withdrawn { .. } | Fact::Terminated { .. } => self.end(),
            Fact::BecameLate { duty: DutyKind::PromiseBroken, .. } => {
                broken(&mut self.promise, Measure::SettledPromise, Measure::LatePromise)
            }
            Fact::BecameLate { duty: DutyKind::LimitBroken, .. } => {
                broken(&mut self.limit, Measure::SettledLimit, Measure::LateLimit)
            }
            _ => Vec::new(),
        }
    }

    /// It is decided: each clock that was not broken before was kept.
    fn settle(&mut self) -> Vec<Measure> {
        let mut steps = Vec::new();
        if !std::mem::replace(&mut self.promise.settled, true) {
            steps.push(Measure::SettledPromise);
        }
        if self.statutory && !std::mem::replace(&mut self.limit.settled, true) {
            steps.push(Measure::SettledLimit);
        }
        steps
    }

    fn end(&mut self) -> Vec<Measure> {
        match self.stage {
            Stage::Accepted => {
                self.stage = Stage::Closed;
                vec![Measure::Closed]
            }
            Stage::Received => {
                self.stage = Stage::Ended;
                Vec::new()
            }
            Stage::Closed | Stage::Ended => Vec::new(),
        }
    }
}

/// A limit has passed without a decision.
fn broken(clock: &mut Timely, settled: Measure, late: Measure) -> Vec<Measure> {
    let mut steps = Vec::new();
    if !std::mem::replace(&mut clock.settled, true) {
        steps.push(settled);
    }
    if !std::mem::replace(&mut clock.late, true) {
        steps.push(late);
    }
    steps
}
