//! The clocks of a case that run now, each as a lamp with its date.

use domain::cases::answer_by;
use domain::time::{ClockState, Light as Stand, Timestamp};
use service::City;
use service::cases::CaseView;

use super::frame::Lights;
use crate::i18n::T;
use crate::kit::{Html, Lamp, Light};

/// One clock.
pub(super) struct Reading {
    /// Which.
    pub label: String,
    /// How it stands.
    pub lamp: Html,
    /// Its last day, in words.
    pub day: String,
}

impl Reading {
    fn new(label: impl Into<String>, lamp: Html, day: String) -> Reading {
        Reading { label: label.into(), lamp, day }
    }
}

fn clock(t: T, city: &City, label: &str, stand: &ClockState) -> Reading {
    let light = city.law().lamps(city.now().date()).ok().map(|lamps| stand.light(&lamps));
    let light = match light {
        Some(Stand::Paused) => Light::Paused,
        Some(Stand::Warning | Stand::Yellow) => Light::Near,
        Some(Stand::Red) => Light::Late,
        Some(Stand::Green) | None => Light::OnTime,
    };
    let (detail, day) = match stand {
        ClockState::Running { deadline, working_days_left } => {
            (t.desk_left(*working_days_left), t.cases_due(t.day(deadline.date)))
        }
        ClockState::Overdue { deadline, working_days_over } => {
            (t.desk_over(*working_days_over), t.cases_due(t.day(deadline.date)))
        }
        ClockState::Paused { remaining } => (t.desk_left(remaining.number), String::new()),
    };
    Reading::new(label, Html::of(&Lamp::new(t, light).detail(detail)), day)
}

/// The clocks that run now: of acceptance before it, of the decision after it.
pub(super) fn clocks(t: T, city: &City, found: &CaseView) -> Vec<Reading> {
    let case = &found.case;
    let mut readings = Vec::new();
    if case.accepted.is_none()
        && case.state.name() == "filed"
        && let Ok(due) = answer_by(case, &city.calendar(), city.law())
    {
        let lamp = Lights::new(t, city).lamp("accept", Some(due.at));
        readings.push(Reading::new(t.cases_clock_answer(), lamp, t.cases_due(t.day(due.date))));
    }
    if let Some(notice) = case.notices().last().filter(|_| case.state.name() == "correction") {
        let lamp = Html::of(&Lamp::new(t, Light::Paused));
        readings.push(Reading::new(t.desk_event("correction-requested"), lamp, t.cases_due(t.day(notice.until))));
    }
    let owed = case.outstanding().next().is_some() && !case.state.is_final();
    if let Some(notice) = case.gap_notice.as_ref().filter(|_| owed) {
        let lamp = Lights::new(t, city).lamp("accept", Some(Timestamp::end_of(notice.until)));
        readings.push(Reading::new(t.desk_gap_slot(), lamp, t.cases_due(t.day(notice.until))));
    }
    if case.decision.is_none() && !case.state.is_final() {
        if let Some(stand) = &found.promised {
            readings.push(clock(t, city, t.cases_clock_promised(), stand));
        }
        if let Some(stand) = &found.statutory {
            readings.push(clock(t, city, t.cases_clock_statutory(), stand));
        }
    }
    for check in case.checks.iter().filter(|check| check.result.is_none()) {
        let lamp = Lights::new(t, city).lamp("check", Some(check.due));
        readings.push(Reading::new(t.desk_check(super::forms::check_name(check.kind)), lamp, String::new()));
    }
    readings
}
