//! The clocks of a case 办件时钟: the statutory and the promised limit, with pauses and the one extension.

use serde::{Deserialize, Serialize};

use super::period::End;
use super::{Calendar, ClockError, Deadline, Pause, PauseKind, Period, Remaining, StartEvent, Timestamp, Unit};

/// More time, granted once by the head of the authority (行政许可法 第四十二条, DE-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// How many units more, in the unit of the clock's period.
    pub number: u32,
    /// The reason, of which the applicant was notified.
    pub reason: String,
    /// Law and article that allow it.
    pub source: String,
}

/// One running limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The period, as it was in force when the clock started.
    pub period: Period,
    /// The start event.
    pub started: Timestamp,
    /// Excluded time so far; may overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The extension, if one was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
}

/// How a clock stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum ClockState {
    /// The limit is ahead.
    Running {
        /// Its end.
        deadline: Deadline,
        /// Working days after today up to and including the last day; 0 on the last day.
        working_days_left: u32,
    },
    /// The clock stands still.
    Paused {
        /// What is left when it resumes.
        remaining: Remaining,
    },
    /// The limit has passed.
    Overdue {
        /// Its end.
        deadline: Deadline,
        /// Working days after the last day up to and including today; 0 on a weekend right after it.
        working_days_over: u32,
    },
}

/// When the lamps of supervision change (T-6). Local configuration, from `lamp-warning` and `lamp-yellow` of the law table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lamps {
    /// Warning 预警 from this many working days left.
    pub warning: u32,
    /// Yellow 黄牌 from this many working days left.
    pub yellow: u32,
}

/// The lamp of a clock 红绿灯, in rising order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// The clock stands still.
    Paused,
    /// Enough time.
    Green,
    /// 预警.
    Warning,
    /// 黄牌.
    Yellow,
    /// 红牌: overdue.
    Red,
}

impl ClockState {
    /// The lamp for this state.
    pub fn light(&self, lamps: &Lamps) -> Light {
        match *self {
            ClockState::Paused { .. } => Light::Paused,
            ClockState::Overdue { .. } => Light::Red,
            ClockState::Running { working_days_left: left, .. } if left <= lamps.yellow => Light::Yellow,
            ClockState::Running { working_days_left: left, .. } if left <= lamps.warning => Light::Warning,
            ClockState::Running { .. } => Light::Green,
        }
    }
}

impl Clock {
    /// A clock that has just started.
    pub fn new(period: Period, started: Timestamp) -> Clock {
        Clock { period, started, pauses: Vec::new(), extension: None }
    }

    /// Units of the period with the extension.
    pub fn total(&self) -> u32 {
        self.period.number.saturating_add(self.extension.as_ref().map_or(0, |e| e.number))
    }

    /// When the limit ends, by all pauses that are recorded.
    ///
    /// # Errors
    /// [`ClockError::Stopped`] while a pause is open; the calendar's refusal where the days are unknown.
    pub fn deadline(&self, cal: &Calendar) -> Result<Deadline, ClockError> {
        match self.period.end(cal, self.total(), self.started, &self.pauses)? {
            End::At(deadline) => Ok(deadline),
            End::Open(remaining) => Err(ClockError::Stopped(remaining)),
        }
    }

    /// How the clock stands at `now`. It looks at nothing later than `now`: a pause whose end is still ahead is open.
    ///
    /// # Errors
    /// The calendar's refusal where the days are unknown.
    pub fn state(&self, cal: &Calendar, now: Timestamp) -> Result<ClockState, ClockError> {
        let known: Vec<Pause> = self
            .pauses
            .iter()
            .filter(|p| p.from <= now)
            .map(|p| Pause { to: p.to.filter(|to| *to <= now), ..p.clone() })
            .collect();
        let today = now.date();
        Ok(match self.period.end(cal, self.total(), self.started, &known)? {
            End::Open(remaining) => ClockState::Paused { remaining },
            End::At(deadline) if now < deadline.at => {
                let working_days_left = cal.working_days_between(today, deadline.date)?.days;
                ClockState::Running { deadline, working_days_left }
            }
            End::At(deadline) => {
                let working_days_over = cal.working_days_between(deadline.date, today)?.days;
                ClockState::Overdue { deadline, working_days_over }
            }
        })
    }

    /// The lamp at `now`.
    ///
    /// # Errors
    /// As [`Clock::state`].
    pub fn light(&self, cal: &Calendar, now: Timestamp, lamps: &Lamps) -> Result<Light, ClockError> {
        Ok(self.state(cal, now)?.light(lamps))
    }

    /// True while a pause is open.
    pub fn is_paused(&self) -> bool {
        self.pauses.iter().any(|p| p.to.is_none())
    }

    /// Stops the clock at `from`. Pauses of different kinds may overlap; the common time counts once.
    ///
    /// # Errors
    /// A pause of this kind is open already, or `from` is before the start; the clock is unchanged then.
    pub fn pause(&mut self, kind: PauseKind, from: Timestamp) -> Result<(), ClockError> {
        if from < self.started {
            return Err(ClockError::TooEarly { at: from, earliest: self.started });
        }
        if self.open(kind).is_some() {
            return Err(ClockError::AlreadyPaused(kind));
        }
        self.pauses.push(Pause { kind, from, to: None });
        Ok(())
    }

    /// Ends the open pause of this kind at `to`.
    ///
    /// # Errors
    /// None is open, or `to` is before its beginning; the clock is unchanged then.
    pub fn resume(&mut self, kind: PauseKind, to: Timestamp) -> Result<(), ClockError> {
        let pause = self.open(kind).ok_or(ClockError::NotPaused(kind))?;
        if to < pause.from {
            return Err(ClockError::TooEarly { at: to, earliest: pause.from });
        }
        pause.to = Some(to);
        Ok(())
    }

    fn open(&mut self, kind: PauseKind) -> Option<&mut Pause> {
        self.pauses.iter_mut().find(|p| p.kind == kind && p.to.is_none())
    }

    /// Grants the extension. It must be granted while the limit has not passed.
    ///
    /// # Errors
    /// One was granted before, the limit has passed at `now`, or the period is not counted in days; the clock is unchanged
    /// then.
    pub fn extend(&mut self, cal: &Calendar, now: Timestamp, extension: Extension) -> Result<(), ClockError> {
        if self.extension.is_some() {
            return Err(ClockError::AlreadyExtended);
        }
        if !matches!(self.period.unit, Unit::WorkingDay | Unit::CalendarDay) {
            return Err(ClockError::NotInDays(self.period.unit));
        }
        if let ClockState::Overdue { deadline, .. } = self.state(cal, now)? {
            return Err(ClockError::Expired(deadline.at));
        }
        self.extension = Some(extension);
        Ok(())
    }
}

/// The two clocks of a case (T-5): only breach of the statutory one is unlawful, breach of the promise is a breach of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClocks {
    /// 法定办结时限; absent where no law sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Clock>,
    /// 承诺办结时限.
    pub promised: Clock,
}

impl CaseClocks {
    /// Each clock starts at the event that its period names: `received` for periods from receipt, `accepted` for all others.
    /// An application that counts as accepted (AL 32(4)) is accepted at its receipt.
    pub fn start(statutory: Option<Period>, promised: Period, received: Timestamp, accepted: Timestamp) -> CaseClocks {
        let clock = |period: Period| {
            let started = if period.start == StartEvent::Receipt { received } else { accepted };
            Clock::new(period, started)
        };
        CaseClocks { statutory: statutory.map(clock), promised: clock(promised) }
    }

    /// True while a pause is open on either clock.
    pub fn is_paused(&self) -> bool {
        self.promised.is_paused() || self.statutory.as_ref().is_some_and(Clock::is_paused)
    }

    /// Stops the promise at `from`, and the statutory limit too where the law excludes this time
    /// ([`PauseKind::is_statutory`]). A clock that is overdue already stays overdue.
    ///
    /// # Errors
    /// As [`Clock::pause`]; both clocks are unchanged then.
    pub fn pause(&mut self, kind: PauseKind, from: Timestamp) -> Result<(), ClockError> {
        self.with_both(|statutory, promised| {
            match statutory {
                Some(clock) if kind.is_statutory() => clock.pause(kind, from)?,
                _ => {}
            }
            promised.pause(kind, from)
        })
    }

    /// Ends the open pause of this kind at `to`, on both clocks.
    ///
    /// # Errors
    /// As [`Clock::resume`]; both clocks are unchanged then.
    pub fn resume(&mut self, kind: PauseKind, to: Timestamp) -> Result<(), ClockError> {
        self.with_both(|statutory, promised| {
            match statutory {
                Some(clock) if kind.is_statutory() => clock.resume(kind, to)?,
                _ => {}
            }
            promised.resume(kind, to)
        })
    }

    /// Grants the one extension of the statutory limit; without a statutory limit, of the promise.
    ///
    /// The promise moves by the same number where it is counted in the same unit and has not passed, since the applicant was
    /// told of the new date. A promise that is overdue stays overdue.
    ///
    /// # Errors
    /// As [`Clock::extend`] for the statutory clock; both clocks are unchanged then.
    pub fn extend(&mut self, cal: &Calendar, now: Timestamp, extension: Extension) -> Result<(), ClockError> {
        self.with_both(|statutory, promised| {
            let Some(statutory) = statutory else { return promised.extend(cal, now, extension) };
            statutory.extend(cal, now, extension.clone())?;
            if statutory.period.unit != promised.period.unit {
                return Ok(());
            }
            match promised.extend(cal, now, extension) {
                Err(ClockError::Expired(_)) => Ok(()),
                other => other,
            }
        })
    }

    /// Changes copies and keeps them only when both changes succeed.
    fn with_both(
        &mut self,
        change: impl FnOnce(Option<&mut Clock>, &mut Clock) -> Result<(), ClockError>,
    ) -> Result<(), ClockError> {
        let mut copy = self.clone();
        change(copy.statutory.as_mut(), &mut copy.promised)?;
        *self = copy;
        Ok(())
    }

    /// The lamps of the statutory clock, where there is one, and of the promise.
    ///
    /// # Errors
    /// As [`Clock::state`].
    pub fn lights(&self, cal: &Calendar, now: Timestamp, lamps: &Lamps) -> Result<(Option<Light>, Light), ClockError> {
        let statutory = self.statutory.as_ref().map(|c| c.light(cal, now, lamps)).transpose()?;
        Ok((statutory, self.promised.light(cal, now, lamps)?))
    }
}
