//! Which times the law of a matter knows: what stops the clock, what extends it, what closes a case.

use jiff::civil::Date;

use super::application::CorrectionNotice;
use super::case::Case;
use crate::catalog::{Matter, SpecialKind};
use crate::time::{Calendar, CaseClocks, LawTable, PauseKind, Period, Timestamp};

/// When silence after a notice closes the case (AC-4): only where the city's rule is in force on the day of the notice
/// and the notice announced it.
pub(super) fn closing_at(notice: &CorrectionNotice, calendar: &Calendar, law: &LawTable) -> Option<Timestamp> {
    notice.closing.as_ref()?;
    let grace = law.get("correction-closing", notice.at.date()).ok()?.period();
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
pub fn is_extensible(case: &Case, matter: &Matter, law: &LawTable, on: Date) -> bool {
    let statutory = case.clocks.as_ref().and_then(|clocks| clocks.statutory.as_ref());
    let more = extension_of(matter, law, on);
    statutory.zip(more).is_some_and(|(clock, more)| clock.period.unit == more.unit && clock.extension.is_none())
}
