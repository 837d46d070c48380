//! Which times the law of a matter knows: what stops the clock, what extends it, what closes a case.

use jiff::civil::Date;

use super::application::CorrectionNotice;
use super::case::Case;
use crate::catalog::{Matter, SpecialKind};
use crate::time::{Calendar, CaseClocks, ClockError, Deadline, LawError, LawTable, PauseKind, Period, Timestamp};

/// Why a date of the procedure is not known.
#[derive(Debug, thiserror::Error)]
pub enum Undated {
    /// The case was not received yet.
    #[error("the case was not received yet")]
    NotReceived,
    /// The law of the case's day has no such number.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The calendar does not reach so far.
    #[error(transparent)]
    Calendar(#[from] ClockError),
}

/// AL 32(4): the last day for the one-time notice, counted from the last receipt.
///
/// # Errors
/// A case that was not received, a number not in force, a day that the calendar does not know.
pub fn answer_by(case: &Case, calendar: &Calendar, law: &LawTable) -> Result<Deadline, Undated> {
    let (received, on) = case.last_received().zip(case.law_day()).ok_or(Undated::NotReceived)?;
    Ok(law.get("correction-notice", on)?.period().deadline(calendar, received, &[])?)
}

/// When silence after a notice closes the case (AC-4): only where the city's rule is in force on the day of receipt
/// and the notice announced it.
pub(super) fn closing_at(
    case: &Case,
    notice: &CorrectionNotice,
    calendar: &Calendar,
    law: &LawTable,
) -> Option<Timestamp> {
    notice.closing.as_ref()?;
    let grace = law.get("correction-closing", case.law_day()?).ok()?.period();
    Some(grace.deadline(calendar, Timestamp::start_of(notice.until), &[]).ok()?.at)
}

/// AL 45 closes the list of procedures whose time is excluded; a visit on site and a public notice are not on it.
pub(super) fn excluded_time(procedure: SpecialKind) -> Option<PauseKind> {
    match procedure {
        SpecialKind::Hearing => Some(PauseKind::Hearing),
        SpecialKind::Testing => Some(PauseKind::Testing),
        SpecialKind::ExpertReview => Some(PauseKind::ExpertReview),
        SpecialKind::Inspection | SpecialKind::Publicity | SpecialKind::Examination => None,
    }
}

/// The pause that is open now.
pub fn open_pause(clocks: &CaseClocks) -> Option<PauseKind> {
    clocks.promised.pauses.iter().find(|pause| pause.to.is_none()).map(|pause| pause.kind)
}

/// The extension that the law of a matter knows, with the article that allows it. The matter names it; only where its
/// limit is the one of AL 42(1) itself, the extension of that paragraph applies.
pub fn extension_of(matter: &Matter, law: &LawTable, on: Date) -> Option<Period> {
    let statutory = matter.statutory.as_ref()?;
    if let Some(own) = &matter.extension {
        return Some(own.clone()).filter(|own| own.unit == statutory.unit);
    }
    let general = law.get("decision", on).ok()?;
    let is_general = statutory.unit == general.unit && general.source.starts_with(statutory.source.trim());
    if is_general { Some(law.get("decision-extension", on).ok()?.period()) } else { None }
}

/// Whether the limit of a case can be extended at all: its law knows an extension, and it has had none yet.
pub fn is_extensible(case: &Case, matter: &Matter, law: &LawTable) -> bool {
    let statutory = case.clocks.as_ref().and_then(|clocks| clocks.statutory.as_ref());
    let more = case.law_day().and_then(|on| extension_of(matter, law, on));
    statutory.zip(more).is_some_and(|(clock, more)| clock.period.unit == more.unit && clock.extension.is_none())
}
