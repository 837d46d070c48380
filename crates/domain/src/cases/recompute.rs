//! Deadlines of a case after the calendar has changed.

use super::case::{Case, State};
use super::decision::{AfterCheck, CheckKind};
use super::duties::{Duty, DutyKind, duties};
use super::evolve::evolve;
use super::fact::{Fact, Moved};
use super::gaps::recomputed;
use super::lifecycle::{Context, Outcome, calendar};
use super::refusal::Reason;
use crate::time::Timestamp;

/// The calendar of a year was published or corrected. A period that is over stays over: what the clock has done is done.
pub(super) fn recompute_deadlines(case: &Case, old: &[Duty], ctx: &Context<'_>) -> Outcome {
    // A case that is over may still have a check before it.
    if case.state.is_final() && case.checks.iter().all(|check| check.result.is_some()) {
        return Err(Reason::WrongState);
    }
    let (mut correction_until, mut provisional) = (None, false);
    if let (State::Correction, Some(notice)) = (&case.state, case.notices().last()) {
        let until = ctx.deadline(case, "correction-supply", notice.at)?;
        (correction_until, provisional) = (Some(until.date), until.provisional);
    }
    let mut checks = Vec::new();
    for check in case.checks.iter().filter(|check| check.result.is_none()) {
        let due = check_due(case, check, ctx)?;
        if due != check.due {
            checks.push((check.kind, due));
        }
    }
    let gaps_until = recomputed(case, ctx)?;
    let mut fact = Fact::DeadlinesRecomputed { correction_until, provisional, gaps_until, checks, moved: Vec::new() };
    if let Some(after) = evolve(Some(case.clone()), fact.clone())
        && let Fact::DeadlinesRecomputed { moved, .. } = &mut fact
    {
        *moved = moves(old, &duties(&after, ctx.calendar, ctx.law));
    }
    Ok(vec![fact])
}

/// When an open check falls due under the calendar of now; as it was where its beginning is not known.
fn check_due(case: &Case, check: &AfterCheck, ctx: &Context<'_>) -> Result<Timestamp, Reason> {
    let decided = case
        .decision
        .as_ref()
        .map(|decision| decision.at)
        .filter(|_| !matches!(check.kind, CheckKind::Asked | CheckKind::FollowUp));
    let Some(from) = check.from.or(decided) else { return Ok(check.due) };
    let period = match check.kind {
        CheckKind::Pledge => ctx.matter.pledge.as_ref().map(|terms| &terms.check),
        CheckKind::Sample => ctx.matter.automation.as_ref().map(|automation| &automation.check),
        CheckKind::FollowUp => return Ok(ctx.deadline(case, "rectification", from)?.at),
        CheckKind::Asked => return Ok(ctx.deadline(case, "human-review", from)?.at),
    };
    match period {
        Some(period) => Ok(period.deadline(ctx.calendar, from, &[]).map_err(calendar)?.at),
        None => Ok(check.due),
    }
}

/// The duties that have another last day than before. Each instant is the end of that day, hence the second before it.
fn moves(old: &[Duty], new: &[Duty]) -> Vec<Moved> {
    let day = |duty: &Duty| duty.at.plus_seconds(-1).date();
    let of = |set: &[Duty], kind| set.iter().filter(|duty| duty.kind == kind).map(day).collect::<Vec<_>>();
    let mut moved = Vec::new();
    for duty in DutyKind::ALL {
        for (from, to) in of(old, duty).into_iter().zip(of(new, duty)) {
            if from != to {
                moved.push(Moved { duty, from, to });
            }
        }
    }
    moved
}
