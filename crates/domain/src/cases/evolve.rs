//! Folding facts into the state. Nothing here refuses: a fact has happened.

use super::application::{MaterialItem, Verdict};
use super::case::{Acceptance, Case, State};
use super::duties::DutyKind;
use super::fact::{Fact, Opening};
use crate::time::Timestamp;

fn begin(opening: Opening) -> Case {
    Case {
        id: opening.id,
        number: opening.number,
        matter: opening.matter,
        matter_version: opening.matter_version,
        project_type: opening.project_type,
        department: opening.department,
        district: opening.district,
        applicant: opening.applicant,
        agent: opening.agent,
        mandate: opening.mandate,
        filed_by: opening.filed_by,
        origin: opening.origin,
        application: opening.application,
        state: State::PreReview,
        received_at: None,
        resubmitted_at: None,
        feedback: Vec::new(),
        correction: None,
        further_notices: Vec::new(),
        changed: Vec::new(),
        accepted: None,
        clocks: None,
        paused_until: None,
        gaps: Vec::new(),
        gap_notice: None,
        opinions: Vec::new(),
        rules: None,
        decision: None,
        licence: None,
        checks: Vec::new(),
        ended: None,
        renews: opening.renews,
        amends: opening.amends,
        delivery: opening.delivery,
        late: Vec::new(),
    }
}

/// The case after one fact; `None` only before [`Fact::Opened`].
pub fn evolve(case: Option<Case>, fact: Fact) -> Option<Case> {
    match (case, fact) {
        (None, Fact::Opened { opening }) => Some(begin(*opening)),
        (None, _) => None,
        (Some(mut case), fact) => {
            apply(&mut case, fact);
            Some(case)
        }
    }
}

/// The case after all its facts.
pub fn replay(facts: impl IntoIterator<Item = Fact>) -> Option<Case> {
    facts.into_iter().fold(None, evolve)
}

/// Carries one fact into a case that is open; [`evolve`] without giving the case away.
pub fn apply(case: &mut Case, fact: Fact) {
    match fact {
        Fact::Opened { .. } => {}
        Fact::FeedbackGiven { points } => {
            case.feedback.push(points);
            case.state = State::Feedback;
        }
        Fact::Revised { application } => {
            case.application = *application;
            case.state = State::PreReview;
        }
        Fact::Filed { at, .. } => {
            case.received_at = Some(at);
            case.state = State::Filed;
        }
        Fact::CorrectedOnSpot { application, .. } => case.application = *application,
        Fact::VerdictsGiven { verdicts } => {
            for (slot, verdict) in verdicts {
                if let Some(item) = case.application.materials.iter_mut().find(|item| item.slot == slot) {
                    item.verdict = Some(verdict);
                }
            }
        }
        Fact::CorrectionRequested { notice, further } => {
            if further {
                case.further_notices.push(notice);
            } else {
                case.correction = Some(notice);
            }
            case.state = State::Correction;
        }
        Fact::Resubmitted { application, changed, at } => {
            case.application = *application;
            case.changed = changed;
            case.resubmitted_at = Some(at);
            case.state = State::Filed;
        }
        Fact::RulesRan { rules } => case.rules = Some(*rules),
        Fact::CheckOrdered { check } => case.checks.push(check),
        Fact::CheckDone { kind, result } => {
            if let Some(check) = case.checks.iter_mut().find(|c| c.kind == kind && c.result.is_none()) {
                check.result = Some(result);
            }
        }
        Fact::DeadlinesRecomputed { correction_until, provisional, gaps_until, checks, .. } => {
            if let (Some((until, provisional)), Some(notice)) = (gaps_until, case.gap_notice.as_mut()) {
                (notice.until, notice.provisional) = (until, provisional);
            }
            if let Some(until) = correction_until
                && let Some(notice) = case.further_notices.last_mut().or(case.correction.as_mut())
            {
                notice.until = until;
                notice.provisional = provisional;
            }
            for (kind, due) in checks {
                if let Some(check) = case.checks.iter_mut().find(|c| c.kind == kind && c.result.is_none()) {
                    check.due = due;
                }
            }
        }
        Fact::BecameLate { duty: DutyKind::CheckDue, due, .. } => {
            case.checks.iter_mut().filter(|check| check.due == due).for_each(|check| check.late = true);
        }
        Fact::BecameLate { duty, .. } => case.late.push(duty),
        Fact::RenewalDeemed { at } => {
            if let Some(renewal) = &mut case.renews {
                renewal.deemed = Some(at);
            }
        }
        other => apply_procedure(case, other),
    }
}

/// Acceptance, examination, decision and end.
fn apply_procedure(case: &mut Case, fact: Fact) {
    match fact {
        Fact::NotAccepted { reasons, .. } => end(case, State::NotAccepted, reasons),
        Fact::Accepted { effective, deemed, document, clocks, step, gaps, gap_notice } => {
            case.accepted = Some(Acceptance { effective, deemed, document });
            case.gaps = gaps;
            case.gap_notice = gap_notice;
            case.clocks = Some(*clocks);
            case.state = State::InReview { step };
        }
        Fact::GapsSupplied { items, at } => items.into_iter().for_each(|item| take_in(case, item, at)),
        Fact::GapChecked { slot, verdict, .. } => look_at(case, &slot, verdict),
        Fact::GapsReminded { .. } => case.gap_notice.iter_mut().for_each(|notice| notice.reminded = true),
        Fact::OpinionGiven { opinion, next } => {
            case.opinions.push(opinion);
            case.state = State::InReview { step: next };
        }
        Fact::Returned { to, .. } => case.state = State::InReview { step: to },
        Fact::Paused { clocks, until, .. } => {
            case.clocks = Some(*clocks);
            case.paused_until = until;
        }
        Fact::Resumed { clocks } => {
            case.clocks = Some(*clocks);
            case.paused_until = None;
        }
        Fact::Extended { clocks, .. } => case.clocks = Some(*clocks),
        Fact::Decided { decision, rules } => {
            case.state = if decision.granted { State::Granted } else { State::Refused };
            case.decision = Some(*decision);
            if let Some(rules) = rules {
                case.rules = Some(*rules);
            }
        }
        Fact::LicenceIssued { licence } => {
            case.licence = Some(licence);
            case.state = State::Issued;
        }
        Fact::Delivered { .. } => case.state = State::Delivered,
        Fact::Closed => case.state = State::Closed,
        Fact::Withdrawn { reason } => end(case, State::Withdrawn, reason),
        Fact::Terminated { reason, .. } => end(case, State::Terminated, reason),
        _ => {}
    }
}

/// A material that was to follow takes the place of what was there.
fn take_in(case: &mut Case, item: MaterialItem, at: Timestamp) {
    case.gaps.iter_mut().filter(|gap| gap.slot == item.slot).for_each(|gap| gap.supplied = Some(at));
    match case.application.materials.iter_mut().find(|own| own.slot == item.slot) {
        Some(own) => *own = item,
        None => case.application.materials.push(item),
    }
}

/// What is in order closes its gap; what is wanting is owed again.
fn look_at(case: &mut Case, slot: &str, verdict: Verdict) {
    for gap in case.gaps.iter_mut().filter(|gap| gap.slot == slot) {
        gap.closed = verdict.in_order;
        gap.supplied = gap.supplied.filter(|_| verdict.in_order);
    }
    if let Some(item) = case.application.materials.iter_mut().find(|item| item.slot == slot) {
        item.verdict = Some(verdict);
    }
}

fn end(case: &mut Case, state: State, reason: String) {
    case.ended = Some(reason);
    case.state = state;
}
