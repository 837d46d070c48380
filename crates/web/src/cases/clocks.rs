//! The clocks of a case as countdowns in working days: running, standing still, over, met.

use domain::cases::{Case, State, answer_by};
use domain::time::{self, Calendar, ClockState as Stand, Deadline, Light, Timestamp, Unit};
use service::City;

use crate::i18n::T;
use crate::kit::{Clock, ClockState, Countdown};

/// `11月27日 周五 24:00 前`, marked where the day rests on a calendar that is not announced yet.
pub(super) fn due(t: T, deadline: &Deadline) -> String {
    marked(t, t.cases_due(t.day(deadline.date)), deadline.provisional)
}

/// What is said of a day, with the mark behind it when the day is provisional (DESIGN §8: wherever it is shown).
pub(crate) fn marked(t: T, words: impl Into<String>, provisional: bool) -> String {
    let words = words.into();
    if provisional { format!("{words}{}", t.cases_provisional()) } else { words }
}

/// The last day of the correction that a case waits for, in full, with its mark.
pub(crate) fn correction_until(t: T, case: &Case) -> Option<String> {
    let notice = case.notices().last().filter(|_| case.state == State::Correction)?;
    Some(marked(t, t.cases_due(t.day(notice.until)), notice.provisional))
}

/// One clock of an accepted case. `ended`: when the decision stopped it. Clocks that are not counted in working days,
/// and those of matters decided on the spot, have no countdown.
fn running(t: T, city: &City, label: &str, clock: &time::Clock, ended: Option<Timestamp>) -> Option<Clock> {
    if clock.period.unit != Unit::WorkingDay || clock.total() == 0 {
        return None;
    }
    let (calendar, now) = (city.calendar(), city.now());
    let limit = clock.total();
    let lamps = city.law().lamps(now.date()).ok()?;
    let stand = clock.state(&calendar, ended.unwrap_or(now)).ok()?;
    let (used, state, deadline) = match stand {
        Stand::Running { deadline, working_days_left } => {
            let near = !matches!(stand.light(&lamps), Light::Green);
            let state = match (ended.is_some(), near) {
                (true, _) => ClockState::Met,
                (false, true) => ClockState::Near,
                (false, false) => ClockState::Running,
            };
            (limit.saturating_sub(working_days_left), state, Some(deadline))
        }
        Stand::Paused { remaining } => (limit.saturating_sub(remaining.number), ClockState::Paused, None),
        Stand::Overdue { deadline, working_days_over } => (limit + working_days_over, ClockState::Late, Some(deadline)),
    };
    Some(Clock {
        label: label.to_owned(),
        limit,
        used,
        state,
        due: deadline.as_ref().map_or_else(String::new, |deadline| t.cases_due(t.day(deadline.date))),
        provisional: deadline.is_some_and(|deadline| deadline.provisional),
    })
}

/// By when the office must say whether it accepts, and within how many working days (行政许可法 第三十二条).
pub(super) fn answer_due(city: &City, case: &Case) -> Option<(Deadline, u32)> {
    let deadline = answer_by(case, &city.calendar(), city.law()).ok()?;
    let number = city.law().get("correction-notice", case.law_day()?).ok()?.number;
    Some((deadline, number))
}

fn answer_clock(t: T, city: &City, case: &Case, calendar: &Calendar) -> Option<Countdown> {
    let (deadline, limit) = answer_due(city, case)?;
    let paused = case.state == State::Correction;
    // While the applicant corrects, the clock shows what it showed when the notice went out.
    let at = case.notices().last().filter(|_| paused).map_or(city.now(), |notice| notice.at);
    let today = at.date();
    let left = calendar.working_days_between(today, deadline.date).map_or(0, |count| count.days);
    let over = today > deadline.date;
    let state = match (paused, over) {
        (true, _) => ClockState::Paused,
        (false, true) => ClockState::Late,
        (false, false) if left <= 1 => ClockState::Near,
        (false, false) => ClockState::Running,
    };
    let clock = Clock {
        label: t.cases_clock_answer().to_owned(),
        limit,
        used: if over { limit } else { limit.saturating_sub(left) },
        state,
        due: if paused { String::new() } else { t.cases_due(t.day(deadline.date)) },
        provisional: deadline.provisional && !paused,
    };
    let note = if paused { t.cases_clock_correction() } else { t.cases_clock_silence() };
    Some(Countdown::new(t, clock).note(note))
}

/// How long the applicant has for the corrections.
fn correction_clock(t: T, city: &City, case: &Case, calendar: &Calendar) -> Option<Countdown> {
    let notice = case.notices().last().filter(|_| case.state == State::Correction)?;
    let limit = calendar.working_days_between(notice.at.date(), notice.until).ok()?.days;
    let today = city.now().date();
    let left = calendar.working_days_between(today, notice.until).ok()?.days;
    let state = match today > notice.until {
        true => ClockState::Late,
        false if left <= 2 => ClockState::Near,
        false => ClockState::Running,
    };
    let clock = Clock {
        label: t.cases_clock_yours().to_owned(),
        limit,
        used: limit.saturating_sub(left),
        state,
        due: t.cases_due(t.day(notice.until)),
        provisional: notice.provisional,
    };
    Some(Countdown::new(t, clock))
}

/// The countdowns of a case, the promise first.
pub(super) fn countdowns(t: T, city: &City, case: &Case) -> Vec<Countdown> {
    let calendar = city.calendar();
    match &case.clocks {
        // Nothing is owed any more once the procedure has ended without a decision.
        Some(_) if matches!(case.state, State::Withdrawn | State::Terminated) => Vec::new(),
        Some(clocks) => {
            let ended = case.decision.as_ref().map(|decision| decision.at);
            let promised = running(t, city, t.cases_clock_promised(), &clocks.promised, ended);
            let statutory = clocks.statutory.as_ref().and_then(|clock| {
                // Once decided in time the promise says it all; the limit of the law is shown while it matters.
                if ended.is_some() { None } else { running(t, city, t.cases_clock_statutory(), clock, ended) }
            });
            let paused = if clocks.is_paused() { t.cases_clock_special() } else { "" };
            promised.into_iter().chain(statutory).map(|clock| Countdown::new(t, clock).note(paused)).collect()
        }
        None if matches!(case.state, State::Filed | State::Correction) => {
            let yours = correction_clock(t, city, case, &calendar);
            yours.into_iter().chain(answer_clock(t, city, case, &calendar)).collect()
        }
        None => Vec::new(),
    }
}
