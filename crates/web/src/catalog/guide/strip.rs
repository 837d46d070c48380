//! The four answers at the top of a guide: how long, how much, how often one must come, what one gets.

use domain::catalog::{Matter, OutcomeKind, SpecialKind};
use domain::time::StartEvent;

use crate::i18n::T;

/// The four answers at the top.
#[derive(Debug, Clone)]
pub struct Strip {
    pub(super) days: String,
    pub(super) at_once: bool,
    pub(super) days_note: Vec<String>,
    pub(super) fee: String,
    pub(super) fee_note: String,
    pub(super) visits: String,
    pub(super) visits_note: String,
    pub(super) result: String,
    pub(super) result_note: Vec<String>,
}

pub(super) fn strip(t: T, matter: &Matter) -> Strip {
    let mut days_note = Vec::new();
    if matter.promised.number > 0 {
        days_note.push(t.catalog_strip_from(start_words(t, matter.promised.start)));
    }
    if let Some(statutory) = &matter.statutory {
        days_note.push(t.catalog_strip_statutory(t.period(statutory)));
    }
    for special in &matter.special_procedures {
        days_note.push(t.catalog_plus_special(special_words(t, special.kind), special.working_days));
    }
    let mut result_note = Vec::new();
    if matter.outcome.kind == OutcomeKind::Licence && matter.online_depth >= 7 {
        result_note.push(t.catalog_electronic().to_owned());
    }
    if let Some(months) = matter.outcome.validity_months {
        let months = i64::from(months);
        result_note.push(if months % 12 == 0 {
            t.catalog_years_valid(months / 12)
        } else {
            t.catalog_months_valid(months)
        });
    }
    Strip {
        days: t.period(&matter.promised),
        at_once: matter.promised.number == 0,
        days_note,
        fee: matter.fee.as_ref().map_or_else(|| t.free().to_owned(), |fee| t.money(fee.amount_fen)),
        fee_note: matter.fee.as_ref().map_or_else(String::new, |fee| t.of(&fee.standard).to_owned()),
        visits: t.catalog_visits_long(matter.visits.count),
        visits_note: matter.visits.reason.as_ref().map_or_else(String::new, |reason| t.of(reason).to_owned()),
        result: match matter.outcome.kind {
            OutcomeKind::None => t.catalog_no_result().to_owned(),
            _ => t.of(&matter.outcome.name).to_owned(),
        },
        result_note,
    }
}

fn special_words(t: T, kind: SpecialKind) -> &'static str {
    match kind {
        SpecialKind::Inspection => t.catalog_special_inspection(),
        SpecialKind::ExpertReview => t.catalog_special_expert_review(),
        SpecialKind::Hearing => t.catalog_special_hearing(),
        SpecialKind::Testing => t.catalog_special_testing(),
        SpecialKind::Publicity => t.catalog_special_publicity(),
        SpecialKind::Examination => t.catalog_special_examination(),
    }
}

/// The event from which a promise runs, in words.
fn start_words(t: T, start: StartEvent) -> &'static str {
    match start {
        StartEvent::Acceptance => t.catalog_start_acceptance(),
        StartEvent::Receipt => t.catalog_start_receipt(),
        StartEvent::Decision => t.catalog_start_decision(),
        StartEvent::Notice => t.catalog_start_notice(),
        StartEvent::Hearing => t.catalog_start_hearing(),
        StartEvent::Expiry => t.catalog_start_expiry(),
    }
}
