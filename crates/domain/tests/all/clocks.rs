//! The two clocks of a case.

use domain::law::Confidence;
use domain::time::{
    Calendar, CaseClocks, Clock, ClockError, ClockState, Extension, Lamps, Light, PauseKind, Period, StartEvent,
    Timestamp, Unit,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const LAMPS: Lamps = Lamps { warning: 5, yellow: 1 };

fn cal() -> &'static Calendar {
    Calendar::embedded()
}

fn period(number: u32, unit: Unit, start: StartEvent) -> Period {
    Period {
        number,
        unit,
        start,
        source: "行政许可法 第四十二条".into(),
        basis: Confidence::V,
        valid_from: date(2004, 7, 1),
        valid_to: None,
    }
}

fn days(number: u32) -> Period {
    period(number, Unit::WorkingDay, StartEvent::Acceptance)
}

fn at(d: Date, hour: i64) -> Timestamp {
    Timestamp::start_of(d).plus_seconds(hour * 3600)
}

fn nov(d: i8) -> Date {
    date(2026, 11, d)
}

fn extension(number: u32) -> Extension {
    Extension { number, reason: "案情复杂".into(), source: "行政许可法 第四十二条".into() }
}

#[test]
fn a_clock_runs_to_midnight_of_its_last_day() {
    let clock = Clock::new(days(10), at(nov(9), 16));
    let look = |d: Date, hour: i64| {
        let state = clock.state(cal(), at(d, hour)).unwrap();
        let light = state.light(&LAMPS);
        match state {
            ClockState::Running { deadline, working_days_left } => (deadline.date, i64::from(working_days_left), light),
            ClockState::Overdue { deadline, working_days_over } => {
                (deadline.date, -i64::from(working_days_over), light)
            }
            ClockState::Paused { .. } => panic!("not paused"),
        }
    };
    assert_eq!(look(nov(9), 16), (nov(23), 10, Light::Green));
    assert_eq!(look(nov(13), 9), (nov(23), 6, Light::Green));
    assert_eq!(look(nov(16), 0), (nov(23), 5, Light::Warning));
    assert_eq!(look(nov(20), 0), (nov(23), 1, Light::Yellow));
    assert_eq!(look(nov(21), 0), (nov(23), 1, Light::Yellow));
    assert_eq!(look(nov(23), 23), (nov(23), 0, Light::Yellow));
    assert_eq!(look(nov(24), 0), (nov(23), -1, Light::Red));
    assert_eq!(look(nov(29), 0), (nov(23), -4, Light::Red));
    // Overdue on the weekend after a Friday, though no working day is over yet.
    let friday = Clock::new(days(5), at(nov(13), 9));
    assert!(matches!(friday.state(cal(), at(nov(21), 0)).unwrap(), ClockState::Overdue { working_days_over: 0, .. }));
}

#[test]
fn a_paused_clock_keeps_what_is_left() {
    let mut clock = Clock::new(days(5), at(nov(20), 9));
    clock.pause(PauseKind::Hearing, at(nov(24), 10)).unwrap();
    let paused = |clock: &Clock, now| match clock.state(cal(), now).unwrap() {
        ClockState::Paused { remaining } => remaining.number,
        other => panic!("{other:?}"),
    };
    assert_eq!(paused(&clock, at(nov(24), 10)), 3);
    assert_eq!(paused(&clock, at(date(2026, 12, 20), 10)), 3);
    assert!(clock.is_paused() && clock.deadline(cal()).is_err());
    assert_eq!(clock.light(cal(), at(nov(27), 9), &LAMPS).unwrap(), Light::Paused);
    // A second pause of another kind overlaps; both must end.
    clock.pause(PauseKind::ExpertReview, at(nov(25), 10)).unwrap();
    clock.resume(PauseKind::Hearing, at(nov(26), 10)).unwrap();
    assert!(clock.is_paused());
    clock.resume(PauseKind::ExpertReview, at(nov(30), 10)).unwrap();
    assert_eq!(clock.deadline(cal()).unwrap().date, date(2026, 12, 3));
    // Looking back before the pause, nothing of it is known.
    let before = clock.state(cal(), at(nov(23), 9)).unwrap();
    assert!(matches!(before, ClockState::Running { deadline, working_days_left: 4 } if deadline.date == nov(27)));
    // While it lasted it was open.
    assert_eq!(paused(&clock, at(nov(28), 10)), 3);
}

#[test]
fn refusals_leave_the_clock_as_it_was() {
    let mut clock = Clock::new(days(5), at(nov(20), 9));
    clock.pause(PauseKind::Hearing, at(nov(24), 10)).unwrap();
    let before = clock.clone();
    let early = ClockError::TooEarly { at: at(nov(19), 9), earliest: at(nov(20), 9) };
    assert_eq!(clock.pause(PauseKind::Tender, at(nov(19), 9)), Err(early));
    assert_eq!(clock.pause(PauseKind::Hearing, at(nov(25), 9)), Err(ClockError::AlreadyPaused(PauseKind::Hearing)));
    assert_eq!(clock.resume(PauseKind::Tender, at(nov(25), 9)), Err(ClockError::NotPaused(PauseKind::Tender)));
    assert!(matches!(clock.resume(PauseKind::Hearing, at(nov(24), 9)), Err(ClockError::TooEarly { .. })));
    assert_eq!(clock, before);
}

#[test]
fn one_extension_in_time() {
    let mut clock = Clock::new(days(20), at(nov(2), 9));
    let end = clock.deadline(cal()).unwrap();
    assert_eq!(end.date, nov(30));
    let mut late = clock.clone();
    assert_eq!(late.extend(cal(), end.at, extension(10)), Err(ClockError::Expired(end.at)));
    clock.extend(cal(), at(nov(30), 23), extension(10)).unwrap();
    assert_eq!(clock.deadline(cal()).unwrap().date, date(2026, 12, 14));
    assert_eq!(clock.extend(cal(), at(nov(30), 23), extension(10)), Err(ClockError::AlreadyExtended));
    let mut months = Clock::new(period(2, Unit::Month, StartEvent::Acceptance), at(nov(2), 9));
    assert_eq!(months.extend(cal(), at(nov(3), 9), extension(10)), Err(ClockError::NotInDays(Unit::Month)));
    // A clock that stands still can be extended: its limit has not passed.
    let mut paused = Clock::new(days(2), at(nov(2), 9));
    paused.pause(PauseKind::Tender, at(nov(3), 9)).unwrap();
    assert_eq!(paused.extend(cal(), at(nov(20), 9), extension(10)), Ok(()));
}

#[test]
fn two_clocks_stop_together_where_the_law_says_so() {
    let mut clocks = CaseClocks::start(Some(days(20)), days(5), at(nov(2), 9), at(nov(3), 9));
    let ends = |c: &CaseClocks| {
        (c.statutory.as_ref().unwrap().deadline(cal()).unwrap().date, c.promised.deadline(cal()).unwrap().date)
    };
    assert_eq!(ends(&clocks), (date(2026, 12, 1), nov(10)));
    clocks.pause(PauseKind::Testing, at(nov(4), 9)).unwrap();
    assert!(clocks.is_paused());
    clocks.resume(PauseKind::Testing, at(nov(6), 9)).unwrap();
    assert_eq!(ends(&clocks), (date(2026, 12, 3), nov(12)));
    // A visit on site is not in AL 45: it stops the promise only.
    clocks.pause(PauseKind::SiteVisit, at(nov(9), 9)).unwrap();
    assert!(clocks.promised.is_paused() && !clocks.statutory.as_ref().unwrap().is_paused());
    clocks.resume(PauseKind::SiteVisit, at(nov(10), 9)).unwrap();
    assert_eq!(ends(&clocks), (date(2026, 12, 3), nov(13)));
    let before = clocks.clone();
    assert!(clocks.resume(PauseKind::Testing, at(nov(10), 9)).is_err());
    assert!(clocks.pause(PauseKind::Testing, at(nov(1), 9)).is_err());
    assert_eq!(clocks, before);
    clocks.extend(cal(), at(nov(13), 9), extension(10)).unwrap();
    assert_eq!(ends(&clocks), (date(2026, 12, 17), nov(27)));
    assert_eq!(clocks.extend(cal(), at(nov(13), 9), extension(10)), Err(ClockError::AlreadyExtended));
}

#[test]
fn a_broken_promise_stays_broken() {
    let mut clocks = CaseClocks::start(Some(days(20)), days(1), at(nov(2), 9), at(nov(2), 9));
    let now = at(nov(5), 9);
    assert_eq!(clocks.lights(cal(), now, &LAMPS).unwrap(), (Some(Light::Green), Light::Red));
    clocks.extend(cal(), now, extension(10)).unwrap();
    assert!(clocks.promised.extension.is_none());
    clocks.pause(PauseKind::Hearing, now).unwrap();
    assert_eq!(clocks.lights(cal(), now, &LAMPS).unwrap(), (Some(Light::Paused), Light::Red));
    let mut promise_only = CaseClocks::start(None, days(1), at(nov(2), 9), at(nov(2), 9));
    assert!(matches!(promise_only.extend(cal(), now, extension(1)), Err(ClockError::Expired(_))));
}

#[test]
fn each_clock_starts_at_its_own_event() {
    let receipt = period(20, Unit::WorkingDay, StartEvent::Receipt);
    let clocks = CaseClocks::start(Some(receipt), days(5), at(nov(2), 9), at(nov(6), 9));
    assert_eq!(clocks.statutory.as_ref().unwrap().started, at(nov(2), 9));
    assert_eq!(clocks.promised.started, at(nov(6), 9));
}

#[test]
fn clocks_survive_storage() {
    let mut clocks = CaseClocks::start(Some(days(20)), days(5), at(nov(2), 9), at(nov(2), 9));
    clocks.pause(PauseKind::Hearing, at(nov(4), 9)).unwrap();
    clocks.extend(cal(), at(nov(4), 10), extension(10)).unwrap();
    let json = serde_json::to_string(&clocks).unwrap();
    assert_eq!(serde_json::from_str::<CaseClocks>(&json).unwrap(), clocks);
    let state = clocks.promised.state(cal(), at(nov(5), 9)).unwrap();
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(json, r#"{"state":"paused","remaining":{"number":13,"unit":"working-day"}}"#);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Wait(i64),
    Pause(usize),
    Resume(usize),
    Extend,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1i64..100).prop_map(Step::Wait),
        2 => (0usize..3).prop_map(Step::Pause),
        2 => (0usize..3).prop_map(Step::Resume),
        1 => Just(Step::Extend),
    ]
}

/// How far the clock has come: what is left falls, what is over rises; a paused clock stands.
fn position(state: ClockState) -> i64 {
    match state {
        ClockState::Running { working_days_left, .. } => -i64::from(working_days_left),
        ClockState::Paused { remaining } => -i64::from(remaining.number),
        ClockState::Overdue { working_days_over, .. } => i64::from(working_days_over),
    }
}

proptest! {
    #[test]
    fn a_clock_never_runs_backwards(steps in prop::collection::vec(step(), 1..40), n in 0u32..25, hour in 0i64..24) {
        const KINDS: [PauseKind; 3] = [PauseKind::Hearing, PauseKind::Testing, PauseKind::ExpertReview];
        let mut now = at(date(2026, 9, 21), hour);
        let mut clock = Clock::new(days(n), now);
        let mut last = clock.state(cal(), now).unwrap();
        let mut overdue = false;
        for step in steps {
            let mut extended = false;
            match step {
                Step::Wait(hours) => now = now.plus_seconds(hours * 3600),
                Step::Pause(kind) => { let _ = clock.pause(KINDS[kind], now); }
                Step::Resume(kind) => { let _ = clock.resume(KINDS[kind], now); }
                Step::Extend => extended = clock.extend(cal(), now, extension(10)).is_ok(),
            }
            let state = clock.state(cal(), now).unwrap();
            // Nothing left of a paused clock is still part of a day: it resumes for the rest of that day, or of the next working one.
            let rest = matches!((last, state), (
                ClockState::Paused { remaining }, ClockState::Running { working_days_left: 0..=1, .. }
            ) if remaining.number == 0);
            prop_assert!(extended || rest || position(state) >= position(last), "{last:?} -> {state:?} at {now} by {step:?}");
            let late = matches!(state, ClockState::Overdue { .. });
            prop_assert!(late || !overdue, "no command mends a breach");
            if let ClockState::Running { deadline, .. } = state {
                prop_assert!(now < deadline.at);
                prop_assert_eq!(clock.deadline(cal()).unwrap(), deadline);
            }
            (last, overdue) = (state, late);
        }
    }
}
