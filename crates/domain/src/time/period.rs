//! A period of the law as data: number + unit + start event + source + validity, and the instant at which it ends.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::pause::{Stretch, by_days, by_instants};
use super::{Calendar, CalendarError, Pause, Timestamp};

/// Unit of a period 时限单位.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// 工作日.
    WorkingDay,
    /// 自然日.
    CalendarDay,
    /// 月.
    Month,
    /// 小时.
    Hour,
}

/// The event from which a period runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartEvent {
    /// 受理.
    Acceptance,
    /// 收到 (申请材料、全部有效文件).
    Receipt,
    /// 决定.
    Decision,
    /// 通知.
    Notice,
    /// 举行听证; the period is counted backwards from it.
    Hearing,
    /// 有效期届满; the period is counted backwards from it.
    Expiry,
}

/// A period with its source. T-1: numbers of the law are data, never code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many units; 0 = at once 当场.
    pub number: u32,
    /// Of what.
    pub unit: Unit,
    /// From when.
    pub start: StartEvent,
    /// Law and article, or the document of the bureau that promised it: `行政许可法 第四十二条`.
    pub source: String,
    /// How sure we are of the source.
    pub basis: crate::law::Confidence,
    /// First legal day on which it applies.
    pub valid_from: Date,
    /// Last legal day on which it applies; absent = still in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

/// The end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last legal day.
    pub date: Date,
    /// The instant from which the period is over: 24:00 of the last day, exact for hours.
    pub at: Timestamp,
    /// True when it rests on a year whose notice is not loaded: say so wherever it is shown.
    pub provisional: bool,
}

/// What is left of a period whose clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remaining {
    /// How many units, of which a begun hour counts as one.
    pub number: u32,
    /// Of what; periods in months leave calendar days.
    pub unit: Unit,
}

/// Why a period has no end, or a clock refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The calendar cannot answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The clock stands still, so the end is not known yet.
    #[error("the clock stands still with {} of {:?} left, so it has no deadline", .0.number, .0.unit)]
    Stopped(Remaining),
    /// The period ends beyond every calendar.
    #[error("a period of {number} {unit:?} from {from} is too long to have an end")]
    TooLong {
        /// Units asked for.
        number: u32,
        /// Of what.
        unit: Unit,
        /// From when.
        from: Timestamp,
    },
    /// A pause of the same kind is open.
    #[error("a pause for {0:?} is open already")]
    AlreadyPaused(super::PauseKind),
    /// No pause of that kind is open.
    #[error("no pause for {0:?} is open")]
    NotPaused(super::PauseKind),
    /// A pause before the clock started, or one that ends before it begins.
    #[error("{at} is before {earliest}")]
    TooEarly {
        /// The instant given.
        at: Timestamp,
        /// The earliest that is possible.
        earliest: Timestamp,
    },
    /// 行政许可法 第四十二条 allows one extension only.
    #[error("the period has been extended already, and the law allows one extension only")]
    AlreadyExtended,
    /// Extensions are days; a period in months or hours has none.
    #[error("a period in {0:?} cannot be extended by days")]
    NotInDays(Unit),
    /// The period is over, so it can no longer be extended.
    #[error("the period ended at {0} and can no longer be extended")]
    Expired(Timestamp),
}

/// The end of a period, or what is left of it where a pause is open.
pub(super) enum End {
    At(Deadline),
    Open(Remaining),
}

impl Period {
    /// When a period that started at `start` ends, with `pauses` left out.
    ///
    /// * Number 0, whatever the unit: 24:00 of the legal day of `start` (当场).
    /// * Working days: the start day is not counted (T-2), excluded days (see [`Pause`]) are not counted.
    /// * Calendar days and months: the start day is not counted; excluded days are added; an end on a day that is not a
    ///   working day moves to the next working day (民法典 第二百零一条 to 第二百零三条). A month ends on the day of the same
    ///   number, or on the last of the month where there is none (第二百零二条).
    /// * Hours: exact, excluded time added, no moving.
    ///
    /// A pause that begins on the last day, while the period still runs, leaves nothing of it; the period then ends on the
    /// day on which the pause ends (or the next working day), never while the clock stands. A pause that begins after the
    /// end changes nothing.
    ///
    /// # Errors
    /// [`ClockError::Stopped`] while a pause is open; the calendar's refusal where the days are unknown.
    pub fn deadline(&self, cal: &Calendar, start: Timestamp, pauses: &[Pause]) -> Result<Deadline, ClockError> {
        match self.end(cal, self.number, start, pauses)? {
            End::At(deadline) => Ok(deadline),
            End::Open(remaining) => Err(ClockError::Stopped(remaining)),
        }
    }

    /// The end of `number` units of this period's kind.
    pub(super) fn end(
        &self,
        cal: &Calendar,
        number: u32,
        start: Timestamp,
        pauses: &[Pause],
    ) -> Result<End, ClockError> {
        let too_long = ClockError::TooLong { number, unit: self.unit, from: start };
        match self.unit {
            Unit::Hour if number > 0 => end_in_hours(cal, number, start, &by_instants(pauses, start), too_long),
            Unit::WorkingDay => end_in_working_days(cal, number, start.date(), &by_days(pauses, start)),
            Unit::Hour | Unit::CalendarDay => {
                let span = Span::new().try_days(number).map_err(|_| too_long.clone())?;
                let last = start.date().checked_add(span).map_err(|_| too_long)?;
                end_in_calendar_days(cal, start.date(), last, &by_days(pauses, start))
            }
            Unit::Month => {
                let span = Span::new().try_months(number).map_err(|_| too_long.clone())?;
                let last = start.date().checked_add(span).map_err(|_| too_long)?;
                end_in_calendar_days(cal, start.date(), last, &by_days(pauses, start))
            }
        }
    }
}

fn end_of_day(legal: super::LegalDate) -> End {
    End::At(Deadline { date: legal.date, at: Timestamp::end_of(legal.date), provisional: legal.provisional })
}

fn end_in_working_days(cal: &Calendar, number: u32, start: Date, pauses: &[Stretch<Date>]) -> Result<End, ClockError> {
    let (mut from, mut left, mut resumed) = (start, number, false);
    let end = |from: Date, left: u32, resumed: bool| match left {
        0 if resumed => cal.next_working_day_on_or_after(from),
        _ => cal.add_working_days(from, left),
    };
    for pause in pauses {
        if end(from, left, resumed)?.date < pause.from {
            break;
        }
        left = left.saturating_sub(cal.working_days_between(from, pause.from.max(from))?.days);
        let Some(to) = pause.to else { return Ok(End::Open(Remaining { number: left, unit: Unit::WorkingDay })) };
        (from, resumed) = (to, true);
    }
    Ok(end_of_day(end(from, left, resumed)?))
}

fn end_in_calendar_days(cal: &Calendar, start: Date, last: Date, pauses: &[Stretch<Date>]) -> Result<End, ClockError> {
    let mut last = last;
    let mut resumed = false;
    // At once means today, also on a Sunday; every other end moves to a working day.
    let end = |last: Date, resumed: bool| match last == start && !resumed {
        true => cal.add_working_days(last, 0),
        false => cal.next_working_day_on_or_after(last),
    };
    for pause in pauses {
        if end(last, resumed)?.date < pause.from {
            break;
        }
        let left = days_between(pause.from, last);
        let Some(to) = pause.to else { return Ok(End::Open(Remaining { number: left, unit: Unit::CalendarDay })) };
        last = Span::new().try_days(left).and_then(|span| to.checked_add(span)).unwrap_or(Date::MAX);
        resumed = true;
    }
    Ok(end_of_day(end(last, resumed)?))
}

fn days_between(from: Date, to: Date) -> u32 {
    to.since(from).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;

fn end_in_hours(
    cal: &Calendar,
    number: u32,
    start: Timestamp,
    pauses: &[Stretch<Timestamp>],
    too_long: ClockError,
) -> Result<End, ClockError> {
    let length = i64::from(number).checked_mul(MICROS_PER_HOUR);
    let mut at = length.and_then(|l| start.micros().checked_add(l)).ok_or_else(|| too_long.clone())?;
    for pause in pauses {
        // From the deadline on the period is over, so a pause that begins at that instant is too late.
        if at <= pause.from.micros() {
            break;
        }
        let left = at - pause.from.micros();
        let Some(to) = pause.to else {
            let number = u32::try_from((left + MICROS_PER_HOUR - 1) / MICROS_PER_HOUR).unwrap_or(u32::MAX);
            return Ok(End::Open(Remaining { number, unit: Unit::Hour }));
        };
        at = to.micros().checked_add(left).ok_or_else(|| too_long.clone())?;
    }
    let at = Timestamp::from_micros(at);
    // Beyond the calendar an hour would be exact, but nothing else about the case would be; and the date saturates.
    cal.day(at.date())?;
    Ok(End::At(Deadline { date: at.date(), at, provisional: false }))
}
