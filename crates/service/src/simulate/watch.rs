//! What must hold at each step, as pure questions about what a step left behind, and the books in which the answers stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::cases::{Case, DutyKind, State, dates, open_pause};
use domain::time::{Calendar, Clock, ClockState, LawTable, Timestamp};
use serde::Serialize;

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invariant {
    /// What was acknowledged is there.
    NoLostCase,
    /// Clocks never run backwards, never stand twice at the same time, and start with their event.
    Clocks,
    /// A slot takes no more people than it has places; a person has one open appointment for a matter and day.
    Slots,
    /// Each notice is told once, and corrections are asked for once.
    Notices,
    /// Replaying the facts gives the row.
    Replay,
    /// No licence without a grant.
    LicenceAfterGrant,
    /// What the law or the permission matrix does not allow is refused, and leaves no trace.
    UnlawfulRefused,
    /// What is lawful is done.
    LawfulDone,
    /// What falls due is carried out.
    Duties,
    /// Numbers are given once and called in order, one at a window.
    Queue,
    /// Chains of the journal, sealed documents and records of rules are whole.
    Evidence,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Invariant; 11] = [
        Invariant::NoLostCase,
        Invariant::Clocks,
        Invariant::Slots,
        Invariant::Notices,
        Invariant::Replay,
        Invariant::LicenceAfterGrant,
        Invariant::UnlawfulRefused,
        Invariant::LawfulDone,
        Invariant::Duties,
        Invariant::Queue,
        Invariant::Evidence,
    ];

    /// Name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Invariant::NoLostCase => "no-lost-case",
            Invariant::Clocks => "clocks",
            Invariant::Slots => "slots",
            Invariant::Notices => "notices",
            Invariant::Replay => "replay",
            Invariant::LicenceAfterGrant => "licence-after-grant",
            Invariant::UnlawfulRefused => "unlawful-refused",
            Invariant::LawfulDone => "lawful-done",
            Invariant::Duties => "duties",
            Invariant::Queue => "queue",
            Invariant::Evidence => "evidence",
        }
    }
}

/// Something that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Violation {
    /// Virtual time, RFC 3339.
    pub at: String,
    /// What should have held.
    pub invariant: Invariant,
    /// About what: `application 12, food-operation`.
    pub about: String,
    /// What was found.
    pub what: String,
}

/// Violations that are kept word for word; the others are counted.
const MOST_KEPT: usize = 100;

/// What was done and found: adding up, in whatever order, gives the same.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<(&'static str, String), u64>,
    spans: BTreeMap<&'static str, BTreeMap<u32, u64>>,
    checks: BTreeMap<Invariant, u64>,
    violations: BTreeSet<Violation>,
    pub violated: u64,
}

impl Tally {
    /// Counts something once more.
    pub fn add(&mut self, name: &'static str, key: impl Into<String>) {
        *self.counts.entry((name, key.into())).or_default() += 1;
    }

    /// Keeps how long something took.
    pub fn span(&mut self, name: &'static str, length: u32) {
        *self.spans.entry(name).or_default().entry(length).or_default() += 1;
    }

    /// Asks a question; `what` is said when the answer is no.
    pub fn check(
        &mut self,
        invariant: Invariant,
        holds: bool,
        (at, about): (Timestamp, &str),
        what: impl FnOnce() -> String,
    ) {
        *self.checks.entry(invariant).or_default() += 1;
        if holds {
            return;
        }
        self.violated += 1;
        if self.violations.len() < MOST_KEPT {
            let (at, about, what) = (at.rfc3339(), about.to_owned(), what());
            self.violations.insert(Violation { at, invariant, about, what });
        }
    }

    /// So many questions at once that were all answered with yes.
    pub fn held(&mut self, invariant: Invariant, times: u64) {
        *self.checks.entry(invariant).or_default() += times;
    }

    /// Adds another.
    pub fn merge(&mut self, other: Tally) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (name, spans) in other.spans {
            let own = self.spans.entry(name).or_default();
            spans.into_iter().for_each(|(length, count)| *own.entry(length).or_default() += count);
        }
        for (invariant, count) in other.checks {
            *self.checks.entry(invariant).or_default() += count;
        }
        self.violated += other.violated;
        let room = MOST_KEPT.saturating_sub(self.violations.len());
        self.violations.extend(other.violations.into_iter().take(room));
    }

    /// How often something was counted.
    pub fn count(&self, name: &'static str, key: &str) -> u64 {
        self.counts.get(&(name, key.to_owned())).copied().unwrap_or(0)
    }

    /// Everything counted under a name, by key.
    pub fn by_key(&self, name: &'static str) -> BTreeMap<String, u64> {
        self.counts.iter().filter(|((own, _), _)| *own == name).map(|((_, key), count)| (key.clone(), *count)).collect()
    }

    /// All that was counted under a name.
    pub fn total(&self, name: &'static str) -> u64 {
        self.by_key(name).values().sum()
    }

    /// The length that so many percent do not exceed, and how many there are.
    pub fn percentile(&self, name: &'static str, percent: u64) -> (Option<u32>, u64) {
        let Some(spans) = self.spans.get(name) else { return (None, 0) };
        let all: u64 = spans.values().sum();
        let wanted = (all * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = spans.iter().find(|(_, count)| {
            seen += **count;
            seen >= wanted
        });
        (found.map(|(length, _)| *length), all)
    }

    /// Checks by invariant.
    pub fn checks(&self) -> BTreeMap<&'static str, u64> {
        let of = |own: Invariant| (own.as_str(), self.checks.get(&own).copied().unwrap_or(0));
        Invariant::ALL.into_iter().map(of).collect()
    }

    /// What did not hold, in order of time; the first hundred.
    pub fn violations(&self) -> Vec<Violation> {
        self.violations.iter().cloned().collect()
    }
}

/// Looks at a case as a step has left it.
pub(super) fn case(case: &Case, now: Timestamp, about: &str, (cal, law): (&Calendar, &LawTable), tally: &mut Tally) {
    let place = (now, about);
    clocks(case, now, about, cal, tally);
    let granted = case.decision.as_ref().is_some_and(|decision| decision.granted);
    let past_grant = matches!(case.state, State::Granted | State::Issued | State::Delivered | State::Closed);
    tally.check(Invariant::LicenceAfterGrant, granted || (case.licence.is_none() && !past_grant), place, || {
        format!("in state {} with licence {}, but nothing was granted", case.state.name(), case.licence.is_some())
    });
    let numbers: BTreeSet<&str> = case.notices().map(|notice| notice.document.number.as_str()).collect();
    let again = case.further_notices.is_empty() || case.resubmitted_at.is_some();
    tally.check(Invariant::Notices, numbers.len() == case.notices().count() && again, place, || {
        format!("{} notices with {} numbers, resubmitted: {}", case.notices().count(), numbers.len(), !again)
    });
    // Whatever has a date has a timer, unless the date was noted as passed; the timers themselves are looked at when the day ends.
    let dated = dates(case, cal, law);
    let undated = matches!(case.state, State::Filed) && !dated.iter().any(|duty| duty.kind == DutyKind::DeemAccepted);
    tally.check(Invariant::Duties, !undated, place, || "received, and no date from which silence is acceptance".into());
}

/// T-4, T-5: what both clocks must be whatever has happened.
fn clocks(case: &Case, now: Timestamp, about: &str, cal: &Calendar, tally: &mut Tally) {
    let place = (now, about);
    let received = case.received_at;
    let accepted = case.accepted.as_ref().map(|own| own.effective);
    let decided = case.decision.as_ref().map(|own| own.at);
    let in_order = [received, accepted, decided, Some(now)].into_iter().flatten().collect::<Vec<_>>();
    tally.check(Invariant::Clocks, in_order.is_sorted(), place, || {
        "receipt, acceptance and decision are out of order".into()
    });
    let Some(clocks) = &case.clocks else {
        let none = !matches!(case.state, State::InReview { .. });
        return tally.check(Invariant::Clocks, none, place, || "under examination without a clock".into());
    };
    for clock in clocks.statutory.iter().chain([&clocks.promised]) {
        let fault = fault_of(clock, cal, now);
        tally.check(Invariant::Clocks, fault.is_none(), place, || fault.unwrap_or_default());
    }
    let stands = open_pause(clocks).is_some() && matches!(case.state, State::InReview { .. });
    let told = case.paused_until.is_some() || !matches!(case.state, State::InReview { .. });
    tally.check(Invariant::Clocks, !stands || told, place, || "it stands still, and nobody was told until when".into());
}

/// What is wrong with a clock.
fn fault_of(clock: &Clock, cal: &Calendar, now: Timestamp) -> Option<String> {
    if clock.started > now {
        return Some(format!("it starts at {}, which lies ahead", clock.started));
    }
    if clock.pauses.iter().filter(|pause| pause.to.is_none()).count() > 1 {
        return Some("it stands still twice at the same time".into());
    }
    let mut last = clock.started;
    for pause in &clock.pauses {
        if pause.from < last || pause.to.is_some_and(|to| to < pause.from) {
            return Some(format!("a pause from {} that ends before it begins or overlaps another", pause.from));
        }
        last = pause.to.unwrap_or(pause.from);
    }
    match clock.state(cal, now) {
        Ok(ClockState::Running { deadline, .. } | ClockState::Overdue { deadline, .. })
            if deadline.at < clock.started =>
        {
            Some(format!("it ends at {}, before it starts", deadline.at))
        }
        Ok(ClockState::Paused { remaining })
            if remaining.number > clock.total() && clock.period.unit == remaining.unit =>
        {
            Some(format!("{} left of {}", remaining.number, clock.total()))
        }
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use domain::law::Confidence;
    use domain::time::{Pause, PauseKind, Period, StartEvent, Unit};
    use jiff::civil::date;

    use super::*;

    fn at(day: i8, hour: i64) -> Timestamp {
        Timestamp::start_of(date(2026, 3, day)).plus_seconds(hour * 3600)
    }

    fn clock(pauses: &[(i8, Option<i8>)]) -> Clock {
        let period = Period {
            number: 5,
            unit: Unit::WorkingDay,
            start: StartEvent::Acceptance,
            source: "test".into(),
            basis: Confidence::L,
            valid_from: date(2026, 1, 1),
            valid_to: None,
        };
        let mut clock = Clock::new(period, at(2, 10));
        let kind = PauseKind::ExpertReview;
        clock.pauses =
            pauses.iter().map(|(from, to)| Pause { kind, from: at(*from, 12), to: to.map(|to| at(to, 12)) }).collect();
        clock
    }

    #[test]
    fn a_clock_that_errs_is_seen() {
        let fault = |pauses: &[(i8, Option<i8>)]| fault_of(&clock(pauses), Calendar::embedded(), at(9, 9)).is_some();
        assert!(!fault(&[]));
        assert!(!fault(&[(3, Some(4)), (5, None)]));
        assert!(fault(&[(3, None), (4, None)]), "paused twice");
        assert!(fault(&[(4, Some(3))]), "ends before it begins");
        assert!(fault(&[(3, Some(5)), (4, Some(6))]), "overlaps");
        assert!(fault(&[(1, Some(3))]), "before the start");
        assert!(fault_of(&clock(&[]), Calendar::embedded(), at(1, 9)).is_some(), "starts in the future");
    }

    #[test]
    fn percentiles_count_every_length() {
        let mut tally = Tally::default();
        for length in 1..=100 {
            tally.span("wait", length);
        }
        tally.span("wait", 1000);
        assert_eq!(tally.percentile("wait", 50), (Some(51), 101));
        assert_eq!(tally.percentile("wait", 100), (Some(1000), 101));
        assert_eq!(tally.percentile("none", 50), (None, 0));
    }
}
