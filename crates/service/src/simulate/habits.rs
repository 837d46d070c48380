//! What befalls an application, and when people turn to it. Pure: dice, calendar and instants are parameters.

use domain::catalog::{Matter, ProjectType, SpecialKind};
use domain::time::{Calendar, Timestamp, Unit};
use jiff::ToSpan;
use jiff::civil::Date;

use super::profile::{Profile, chance};
use crate::demo::Dice;

/// What will befall an application. Thrown when it comes in, so that nothing else changes it.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    /// Something is missing, or not in order.
    pub defect: bool,
    /// The applicant never hands in what was asked for.
    pub silent: bool,
    pub withdraw: bool,
    /// Another authority decides.
    pub decline: bool,
    pub refuse: bool,
    pub pause: bool,
    pub extend: bool,
    /// The approver sends it back once.
    pub back: bool,
    /// Everybody forgets it for seven working days.
    pub forgotten: bool,
    pub late: bool,
    pub late_delivery: bool,
    pub asks: bool,
    /// A check that falls due later is done within weeks.
    pub checked: bool,
    /// Credit records hold something against the applicant, so rules leave it to people.
    pub distrusted: bool,
    /// Share of the promised time that it takes, in thousandths.
    pub used: u32,
}

impl Fate {
    /// Of an application for a matter.
    pub fn thrown(profile: &Profile, matter: &Matter, dice: &mut Dice) -> Fate {
        let own = &profile.simulation_assumed;
        let instant = matter.project_type == ProjectType::Instant;
        let of_promise = |share: f64| if instant { 0.0 } else { share };
        let rate = &profile.correction_rate_assumed;
        let defect = chance(dice, if instant { rate.instant } else { rate.promise });
        Fate {
            defect,
            silent: chance(dice, profile.correction_never_supplied_assumed),
            withdraw: chance(dice, profile.withdrawn_assumed),
            decline: chance(dice, profile.refused_acceptance_assumed),
            refuse: chance(dice, profile.refused_decision_assumed),
            pause: chance(dice, of_promise(profile.special_procedure_share_of_promise_assumed)),
            extend: chance(dice, of_promise(profile.extension_share_of_promise_assumed)),
            back: chance(dice, of_promise(own.returned)),
            forgotten: chance(dice, of_promise(own.forgotten)),
            late: chance(dice, of_promise(profile.late_rate_assumed)),
            late_delivery: chance(dice, own.delivered_late),
            asks: chance(dice, own.asks_person),
            checked: chance(dice, own.checked_within_weeks),
            // A clerk sees a defect only in what rules have not decided.
            distrusted: instant && defect,
            used: profile.promise_used(dice),
        }
    }

    /// Working minutes from one step of the examination to the next.
    pub fn step_minutes(&self, matter: &Matter) -> i64 {
        let promised = i64::from(matter.promised.number);
        let whole = match matter.promised.unit {
            Unit::WorkingDay => promised * DESK_MINUTES,
            Unit::CalendarDay => promised * DESK_MINUTES * 5 / 7,
            Unit::Month => promised * DESK_MINUTES * 20,
            Unit::Hour => promised * 60,
        };
        if self.late {
            return whole / 2 + 2 * DESK_MINUTES;
        }
        (whole * i64::from(self.used) / 1000 / STEPS).max(5)
    }
}

/// Steps from acceptance to decision over which the time is spread; some matters have one less.
const STEPS: i64 = 3;
/// Desks work from nine to five.
const OPENS: i64 = 9 * 60;
const CLOSES: i64 = 17 * 60;
const DESK_MINUTES: i64 = CLOSES - OPENS;

fn next(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(day)
}

fn minute_of(at: Timestamp) -> i64 {
    (at.micros() - Timestamp::start_of(at.date()).micros()) / 60_000_000
}

fn is_working(cal: &Calendar, day: Date) -> bool {
    cal.day(day).is_ok_and(|day| day.working)
}

/// The instant after so many minutes at the desks: working days, nine to five.
pub(super) fn after_work(cal: &Calendar, from: Timestamp, minutes: i64) -> Timestamp {
    let (mut day, mut minute, mut left) = (from.date(), minute_of(from), minutes.max(0));
    // No case lies for two years; the calendar ends somewhere.
    for _ in 0..730 {
        let begin = minute.max(OPENS);
        if is_working(cal, day) && begin < CLOSES {
            if begin + left <= CLOSES {
                return Timestamp::start_of(day).plus_seconds((begin + left) * 60);
            }
            left -= CLOSES - begin;
        }
        (day, minute) = (next(day), 0);
    }
    from.plus_seconds(minutes * 60)
}

/// When a clerk first looks at what came in: what is decided on the spot early enough to be decided the same day.
pub(super) fn first_look(cal: &Calendar, from: Timestamp, instant: bool, dice: &mut Dice) -> Timestamp {
    let minutes = i64::from(if instant { dice.between(2, 40) } else { dice.between(10, 600) });
    let at = after_work(cal, from, minutes);
    if instant && minute_of(at) > CLOSES - 90 { next_morning(cal, at, dice) } else { at }
}

/// Between nine and eleven of the next working day.
pub(super) fn next_morning(cal: &Calendar, from: Timestamp, dice: &mut Dice) -> Timestamp {
    let minutes = i64::from(dice.between(0, 120));
    let mut day = next(from.date());
    for _ in 0..30 {
        if is_working(cal, day) {
            break;
        }
        day = next(day);
    }
    Timestamp::start_of(day).plus_seconds((OPENS + minutes) * 60)
}

/// When somebody who finds the door closed comes back: as it opens, else the next working morning.
pub(super) fn comes_back(cal: &Calendar, now: Timestamp, dice: &mut Dice) -> Timestamp {
    const AFTERNOON: i64 = 13 * 60 + 30;
    let (minute, today) = (minute_of(now), Timestamp::start_of(now.date()));
    let soon = i64::from(dice.between(0, 15));
    match minute {
        _ if !is_working(cal, now.date()) => next_morning(cal, now, dice),
        ..OPENS => today.plus_seconds((OPENS + soon) * 60),
        720..AFTERNOON => today.plus_seconds((AFTERNOON + soon) * 60),
        _ => next_morning(cal, now, dice),
    }
}

/// When an applicant sits down to it: some days later, between eight in the morning and nine in the evening.
pub(super) fn in_days(now: Timestamp, days: (u32, u32), dice: &mut Dice) -> Timestamp {
    let day = i64::from(dice.between(days.0, days.1));
    let minutes = i64::from(dice.between(8 * 60, 21 * 60));
    Timestamp::start_of(now.date()).plus_seconds(day * 86_400 + minutes * 60)
}

/// A special procedure whose time the law excludes (AL 45), with its length in working days.
pub(super) fn procedure(matter: &Matter) -> Option<(SpecialKind, u32)> {
    let excluded =
        |kind: SpecialKind| matches!(kind, SpecialKind::Hearing | SpecialKind::Testing | SpecialKind::ExpertReview);
    let own = matter.special_procedures.iter().find(|own| excluded(own.kind))?;
    Some((own.kind, own.working_days))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
        Timestamp::start_of(day).plus_seconds(hour * 3600 + minute * 60)
    }

    #[test]
    fn desks_work_from_nine_to_five_on_working_days() {
        let cal = Calendar::embedded();
        let friday = date(2026, 3, 6);
        let monday = date(2026, 3, 9);
        assert_eq!(after_work(cal, at(friday, 10, 0), 30), at(friday, 10, 30));
        assert_eq!(after_work(cal, at(friday, 16, 50), 30), at(monday, 9, 20));
        assert_eq!(after_work(cal, at(friday, 20, 0), 5), at(monday, 9, 5));
        assert_eq!(after_work(cal, at(friday, 9, 0), 480 + 60), at(monday, 10, 0));
        assert_eq!(after_work(cal, at(friday, 5, 0), 1), at(friday, 9, 1));
    }

    #[test]
    fn whoever_finds_the_door_closed_comes_back_when_it_is_open() {
        let cal = Calendar::embedded();
        let mut dice = Dice::new(1);
        for (from, day) in
            [(at(date(2026, 3, 6), 8, 10), date(2026, 3, 6)), (at(date(2026, 3, 7), 10, 0), date(2026, 3, 9))]
        {
            let back = comes_back(cal, from, &mut dice);
            assert!(back.date() == day && minute_of(back) >= OPENS, "{back}");
        }
        assert!(minute_of(comes_back(cal, at(date(2026, 3, 6), 12, 30), &mut dice)) >= 13 * 60 + 30);
    }
}
