//! What the clock will do if nobody acts: every duty of a case as a due row.
//!
//! Duties are a function of the case, so the rows that a command must add or remove are the difference between the
//! duties before and after it. Nothing polls whole tables, and none can be forgotten.

use serde::{Deserialize, Serialize};

use super::case::{Case, State};
use super::gaps::{ends_at, remind_at};
use super::periods::{answer_by, closing_at, open_pause};
use super::renewal::deemed_at;
use crate::time::{Calendar, LawTable, Timestamp};

/// A kind of duty; the stored name is its kebab-case form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyKind {
    /// AL 32(4): silence is acceptance.
    DeemAccepted,
    /// The time for handing in corrections is over.
    CorrectionOver,
    /// T-4: the notified time of a special procedure is over, and the clock runs again.
    PauseOver,
    /// The promised date has passed.
    PromiseBroken,
    /// The statutory date has passed.
    LimitBroken,
    /// AL 44: the result was not handed over within the time for delivery.
    DeliveryLate,
    /// A check after the decision is due.
    CheckDue,
    /// AL 50(2): silence renews the licence.
    RenewalDeemed,
    /// The applicant is reminded of what is still to come.
    GapReminder,
    /// RQ-3: the last day for what was to follow has passed.
    GapsOver,
}

impl DutyKind {
    /// All of them.
    pub const ALL: [DutyKind; 10] = [
        DutyKind::DeemAccepted,
        DutyKind::CorrectionOver,
        DutyKind::PauseOver,
        DutyKind::PromiseBroken,
        DutyKind::LimitBroken,
        DutyKind::DeliveryLate,
        DutyKind::CheckDue,
        DutyKind::RenewalDeemed,
        DutyKind::GapReminder,
        DutyKind::GapsOver,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            DutyKind::DeemAccepted => "case.deem-accepted",
            DutyKind::CorrectionOver => "case.correction-over",
            DutyKind::PauseOver => "case.pause-over",
            DutyKind::PromiseBroken => "case.promise-broken",
            DutyKind::LimitBroken => "case.limit-broken",
            DutyKind::DeliveryLate => "case.delivery-late",
            DutyKind::CheckDue => "case.check-due",
            DutyKind::RenewalDeemed => "case.renewal-deemed",
            DutyKind::GapReminder => "case.gap-reminder",
            DutyKind::GapsOver => "case.gaps-over",
        }
    }

    /// Whether its date passing means only that somebody is late; the other duties do something.
    pub fn is_lateness(self) -> bool {
        matches!(self, DutyKind::PromiseBroken | DutyKind::LimitBroken | DutyKind::DeliveryLate | DutyKind::CheckDue)
    }

    /// From the stored name.
    pub fn parse(name: &str) -> Option<DutyKind> {
        DutyKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something the clock will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Duty {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: DutyKind,
}

/// The duties of a case as it stands: its dates, without those that were noted as passed. A clock that goes on after a
/// pause does not make a case late a second time.
pub fn duties(case: &Case, calendar: &Calendar, law: &LawTable) -> Vec<Duty> {
    let mut duties = dates(case, calendar, law);
    duties.retain(|duty| !case.is_noted_late(duty.kind, duty.at));
    duties
}

/// Every date at which something falls due, passed or not. A date that the calendar cannot answer yet is left out; importing
/// the year's notice adds it.
pub fn dates(case: &Case, calendar: &Calendar, law: &LawTable) -> Vec<Duty> {
    let mut duties = Vec::new();
    match &case.state {
        State::Filed => {
            let answer = answer_by(case, calendar, law).ok();
            duties.extend(answer.map(|deadline| Duty { at: deadline.at, kind: DutyKind::DeemAccepted }));
        }
        State::Correction => {
            let end = case.notices().last().and_then(|notice| closing_at(case, notice, calendar, law));
            duties.extend(end.map(|at| Duty { at, kind: DutyKind::CorrectionOver }));
        }
        State::InReview { .. } => {
            if let Some(clocks) = case.clocks.as_ref().filter(|clocks| open_pause(clocks).is_none()) {
                let promised = clocks.promised.deadline(calendar).ok();
                let statutory = clocks.statutory.as_ref().and_then(|clock| clock.deadline(calendar).ok());
                duties.extend(promised.map(|d| Duty { at: d.at, kind: DutyKind::PromiseBroken }));
                duties.extend(statutory.map(|d| Duty { at: d.at, kind: DutyKind::LimitBroken }));
            }
            let over = case.paused_until.map(Timestamp::end_of);
            duties.extend(over.map(|at| Duty { at, kind: DutyKind::PauseOver }));
            duties.extend(remind_at(case, calendar, law).map(|at| Duty { at, kind: DutyKind::GapReminder }));
            duties.extend(ends_at(case).map(|at| Duty { at, kind: DutyKind::GapsOver }));
        }
        State::Granted | State::Issued => duties.extend(delivery(case, calendar, law)),
        _ => {}
    }
    duties.extend(deemed_at(case, calendar, law).map(|at| Duty { at, kind: DutyKind::RenewalDeemed }));
    let open = case.checks.iter().filter(|check| check.result.is_none());
    duties.extend(open.map(|check| Duty { at: check.due, kind: DutyKind::CheckDue }));
    duties
}

/// AL 44: what was granted is handed over within ten working days of the decision.
fn delivery(case: &Case, calendar: &Calendar, law: &LawTable) -> Option<Duty> {
    let decided = case.decision.as_ref()?.at;
    let period = law.get("delivery", case.law_day()?).ok()?.period();
    Some(Duty { at: period.deadline(calendar, decided, &[]).ok()?.at, kind: DutyKind::DeliveryLate })
}
