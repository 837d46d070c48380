//! Every transition of a case, in the order of the law. This file alone decides what may happen.
//!
//! `AL` is 行政许可法 (2019), `AC`, `DE`, `PR` are statements of the domain rules kept in the book.

use super::application::{Application, CorrectionNotice, NewDefect, Point};
use super::blockers::application_blockers;
use super::case::{Case, DocumentRef, Origin, State};
use super::command::Command;
use super::decision::{AfterCheck, CheckKind, CheckResult, Decision, Opinion, Remedies, RuleDecision};
use super::duties::{DutyKind, duties};
use super::fact::{Fact, NonAcceptance, Opening, Termination};
use super::gaps::{self, GapNotice, all_in, gaps_of};
use super::periods::{answer_by, closing_at, excluded_time, extension_of, open_pause};
use super::recompute::recompute_deadlines;
use super::refusal::{Reason, Refusal};
use super::renewal::deem_renewed;
use crate::catalog::{Form, Matter, SpecialKind, StepKind};
use crate::text::Text;
use crate::time::{Calendar, CaseClocks, ClockError, Deadline, Extension, LawTable, Timestamp};
use jiff::civil::Date;

/// What a decision about a case needs to know beside the case.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// Who acts, as the journal names them.
    pub by: &'a str,
    /// The matter in the version under which the case was sent.
    pub matter: &'a Matter,
    /// Its form.
    pub form: &'a Form,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Numbers of the law.
    pub law: &'a LawTable,
}

pub(super) type Outcome = Result<Vec<Fact>, Reason>;

impl Context<'_> {
    /// The deadline of a period of the procedure, running from `start`, as the law of the case has it.
    pub(super) fn deadline(&self, case: &Case, law: &str, start: Timestamp) -> Result<Deadline, Reason> {
        self.deadline_by(law, case.law_day().unwrap_or(self.now.date()), start)
    }

    /// The same by the law of another day: of the day on which a period begins that is no part of the procedure.
    fn deadline_by(&self, law: &str, on: Date, start: Timestamp) -> Result<Deadline, Reason> {
        let number = self.law.get(law, on).map_err(calendar)?;
        number.period().deadline(self.calendar, start, &[]).map_err(calendar)
    }

    /// AL 32(4): by when the office must have asked for corrections; afterwards the application counts as accepted.
    fn answer_by(&self, case: &Case) -> Result<Timestamp, Reason> {
        case.last_received().ok_or(Reason::WrongState)?;
        Ok(answer_by(case, self.calendar, self.law).map_err(calendar)?.at)
    }

    /// Refuses an application that is not complete, naming what is missing.
    fn complete(&self, application: &Application) -> Result<(), Reason> {
        let missing: Vec<Text> =
            application_blockers(self.matter, self.form, application).into_iter().map(|b| b.text).collect();
        if missing.is_empty() { Ok(()) } else { Err(Reason::Incomplete { missing }) }
    }
}

pub(super) fn calendar(error: impl std::fmt::Display) -> Reason {
    Reason::Calendar { detail: error.to_string() }
}

fn reason_given(text: &str) -> Result<(), Reason> {
    if text.trim().is_empty() { Err(Reason::ReasonMissing) } else { Ok(()) }
}

impl Case {
    /// Opens a case: files it at once, or sends it for feedback first (网上报送).
    ///
    /// An application that comes over the web or from a system must be complete. A window may take an incomplete one,
    /// because AL 32(4) gives the applicant a notice that lists what is missing.
    pub fn open(opening: Opening, file: bool, ctx: &Context<'_>) -> Result<Vec<Fact>, Refusal> {
        let refuse = |reason| Refusal { state: "draft", command: "file", reason };
        if opening.origin != Origin::Window {
            ctx.complete(&opening.application).map_err(refuse)?;
        }
        current_pledge(ctx, &opening.application).map_err(refuse)?;
        let mut facts = vec![Fact::Opened { opening: Box::new(opening) }];
        if file {
            facts.push(Fact::Filed { at: ctx.now, document: None });
        }
        Ok(facts)
    }
}

/// What a command does to a case, or why it may not.
pub fn decide(case: &Case, command: Command, ctx: &Context<'_>) -> Result<Vec<Fact>, Refusal> {
    let (state, name) = (case.state.name(), command.name());
    let outcome = match command {
        Command::GiveFeedback { points } => give_feedback(case, points),
        Command::Revise { application } => revise(case, application),
        Command::File => file(case, ctx),
        Command::CorrectOnSpot { application, note } => correct_on_spot(case, application, note),
        Command::GiveVerdicts { verdicts } => match case.state {
            State::PreReview | State::Filed | State::InReview { .. } => Ok(vec![Fact::VerdictsGiven { verdicts }]),
            _ => Err(Reason::WrongState),
        },
        Command::RequestCorrection { points, document } => request_correction(case, points, document, ctx),
        Command::Resubmit { application } => resubmit(case, application, ctx),
        Command::DeclineAcceptance { ground, reasons, document } => {
            decline_acceptance(case, ground, reasons, document, ctx)
        }
        Command::Accept { document } => accept(case, document, ctx),
        Command::AcceptWithGaps { credit, document } => gaps::accept_with_gaps(case, credit, document, ctx),
        Command::SupplyGaps { items } => gaps::supply(case, items, ctx),
        Command::ReceiveGap { item } => gaps::receive(case, item, ctx),
        Command::CheckGap { slot, verdict } => gaps::check(case, &slot, verdict, ctx),
        Command::RemindGaps => gaps::remind(case, ctx),
        Command::DeemAccepted { document } => deem_accepted(case, document, ctx),
        Command::NoteRules { rules } => match case.state {
            State::Filed => Ok(vec![Fact::RulesRan { rules }]),
            _ => Err(Reason::WrongState),
        },
        Command::DecideByRules { rules, document, sampled } => decide_by_rules(case, rules, document, sampled, ctx),
        Command::GiveOpinion { favourable, text, officers } => give_opinion(case, favourable, text, &officers, ctx),
        Command::Return { reason } => send_back(case, reason, ctx),
        Command::Pause { procedure, working_days, document } => pause(case, procedure, working_days, document, ctx),
        Command::Resume => resume(case, ctx),
        Command::Extend { reason, document } => extend(case, reason, document, ctx),
        Command::Grant { reasons, document } => settle(case, true, reasons, document, ctx),
        Command::Refuse { reasons, document } => settle(case, false, reasons, document, ctx),
        Command::IssueLicence { licence } => match case.state {
            State::Granted if ctx.matter.outcome.licence_type.is_some() => {
                all_in(case).map(|()| vec![Fact::LicenceIssued { licence }])
            }
            _ => Err(Reason::WrongState),
        },
        Command::Deliver { method } => deliver(case, method, ctx),
        Command::Close => match case.state {
            State::Delivered => Ok(vec![Fact::Closed]),
            _ => Err(Reason::WrongState),
        },
        Command::Withdraw { reason } => withdraw(case, reason),
        Command::Terminate { ground, reason, document } => terminate(case, ground, reason, document, ctx),
        Command::AskPerson { reason } => ask_person(case, &reason, ctx),
        Command::LicenceEnded { reason } => licence_ended(case, &reason, ctx),
        Command::AnswerCheck { kind, confirmed, note } => answer_check(case, kind, confirmed, note, ctx),
        Command::RecomputeDeadlines { old } => recompute_deadlines(case, &old, ctx),
        Command::DeemRenewed => deem_renewed(case, ctx),
        Command::NoteLate { duty } => note_late(case, duty, ctx),
    };
    outcome.map_err(|reason| Refusal { state, command: name, reason })
}

// ---- before filing -------------------------------------------------------------------------------------------

fn give_feedback(case: &Case, points: Vec<Point>) -> Outcome {
    match case.state {
        State::PreReview => Ok(vec![Fact::FeedbackGiven { points }]),
        _ => Err(Reason::WrongState),
    }
}

fn revise(case: &Case, application: Box<Application>) -> Outcome {
    match case.state {
        State::Feedback => Ok(vec![Fact::Revised { application }]),
        _ => Err(Reason::WrongState),
    }
}

/// The applicant may file at any moment; feedback is a service, never a hurdle (AL 29, 32).
fn file(case: &Case, ctx: &Context<'_>) -> Outcome {
    match case.state {
        State::PreReview | State::Feedback => {
            ctx.complete(&case.application)?;
            current_pledge(ctx, &case.application)?;
            Ok(vec![Fact::Filed { at: ctx.now, document: None }])
        }
        _ => Err(Reason::WrongState),
    }
}

/// PR-3: the promise must be to the notice that is in force.
fn current_pledge(ctx: &Context<'_>, application: &Application) -> Result<(), Reason> {
    match (&application.pledge, &ctx.matter.pledge) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Reason::not_open("告知承诺", "applying by pledge")),
        (Some(signed), Some(terms)) if signed.version == terms.version => Ok(()),
        _ => Err(Reason::OldPledge),
    }
}

// ---- acceptance: AL 32 ---------------------------------------------------------------------------------------

/// AL 32(3): errors that can be corrected on the spot must be allowed to be corrected there.
fn correct_on_spot(case: &Case, application: Box<Application>, note: String) -> Outcome {
    reason_given(&note)?;
    match case.state {
        State::Filed => Ok(vec![Fact::CorrectedOnSpot { application, note }]),
        _ => Err(Reason::WrongState),
    }
}

/// AL 32(4): within five working days of receipt, otherwise the application counts as accepted.
fn before_deemed(case: &Case, ctx: &Context<'_>) -> Result<(), Reason> {
    if ctx.now >= ctx.answer_by(case)? { Err(Reason::DeemedAccepted) } else { Ok(()) }
}

/// AL 32(4), 72(4): once, listing everything. A second notice may only raise what the applicant's new material
/// brought with it, each point with its reason code (AC-3).
fn request_correction(case: &Case, points: Vec<Point>, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    if case.state != State::Filed {
        return Err(Reason::WrongState);
    }
    before_deemed(case, ctx)?;
    if points.is_empty() || points.iter().any(|point| point.text.trim().is_empty()) {
        return Err(Reason::ReasonMissing);
    }
    let further = case.correction.is_some();
    if further {
        let stale: Vec<String> = points
            .iter()
            .filter(|point| match point.new_defect {
                None => true,
                // A document runs out by itself; the applicant need not have touched it.
                Some(NewDefect::ExpiredMeanwhile) => case.material(&point.about).is_none(),
                Some(_) => !case.changed.contains(&point.about),
            })
            .map(|point| point.about.clone())
            .collect();
        if !stale.is_empty() {
            return Err(Reason::SecondNotice { points: stale });
        }
    }
    let until = ctx.deadline(case, "correction-supply", ctx.now)?;
    let governing = case.law_day().ok_or(Reason::WrongState)?;
    let closing = ctx.law.get("correction-closing", governing).ok().map(|number| number.source.clone());
    let (at, provisional) = (ctx.now, until.provisional);
    let notice = CorrectionNotice { points, at, until: until.date, provisional, closing, document };
    Ok(vec![Fact::CorrectionRequested { notice, further }])
}

/// The applicant may hand in whatever there is; whether it suffices is for the clerk to say with reasons.
fn resubmit(case: &Case, application: Box<Application>, ctx: &Context<'_>) -> Outcome {
    if case.state != State::Correction {
        return Err(Reason::WrongState);
    }
    current_pledge(ctx, &application)?;
    let changed = application.changes_from(&case.application);
    Ok(vec![Fact::Resubmitted { application, changed, at: ctx.now }])
}

/// AL 32(1), 32(2), 78 and AC-3, AC-4: every ground has its own condition; every non-acceptance has reasons.
fn decline_acceptance(
    case: &Case,
    ground: NonAcceptance,
    reasons: String,
    document: DocumentRef,
    ctx: &Context<'_>,
) -> Outcome {
    reason_given(&reasons)?;
    match (&ground, &case.state) {
        (NonAcceptance::NotSupplied, State::Correction) => {
            let notice = case.notices().last().ok_or(Reason::WrongState)?;
            let end = closing_at(case, notice, ctx.calendar, ctx.law).ok_or(Reason::NotAnnounced)?;
            if ctx.now < end {
                return Err(Reason::TooEarly);
            }
        }
        (NonAcceptance::NotSupplied, _) => return Err(Reason::WrongState),
        (NonAcceptance::StillLacking { points }, State::Filed) => {
            before_deemed(case, ctx)?;
            if case.resubmitted_at.is_none() || points.is_empty() {
                return Err(Reason::WrongState);
            }
            let unlisted: Vec<String> =
                points.iter().filter(|p| !case.was_listed(&p.about)).map(|p| p.about.clone()).collect();
            if !unlisted.is_empty() {
                return Err(Reason::NotListed { points: unlisted });
            }
        }
        (NonAcceptance::WrongAuthority { authority }, State::Filed) => {
            before_deemed(case, ctx)?;
            if authority.trim().is_empty() {
                return Err(Reason::AuthorityMissing);
            }
        }
        (NonAcceptance::NotNeeded, State::Filed) => before_deemed(case, ctx)?,
        (NonAcceptance::Barred { since, decision }, State::Filed) => {
            before_deemed(case, ctx)?;
            still_barred(*since, decision, ctx)?;
        }
        _ => return Err(Reason::WrongState),
    }
    let remedies = Some(remedies(ctx)?);
    Ok(vec![Fact::NotAccepted { ground, reasons, document, remedies }])
}

/// AL 78: barred for a year from the decision that found hidden facts or false material; it must be named.
fn still_barred(since: Option<Date>, decision: &str, ctx: &Context<'_>) -> Result<(), Reason> {
    let since = since.filter(|_| !decision.trim().is_empty()).ok_or(Reason::EarlierDecisionMissing)?;
    let today = ctx.now.date();
    let over = ctx.deadline_by("bar-false-material", since, Timestamp::start_of(since))?;
    if since > today || ctx.now >= over.at { Err(Reason::BarOver { until: over.date }) } else { Ok(()) }
}

/// AL 32(5): a complete application must be accepted. After the five working days it is accepted already, complete or
/// not, from the day of receipt (AL 32(4)).
fn accept(case: &Case, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    if case.state != State::Filed {
        return Err(Reason::WrongState);
    }
    if !gaps_of(ctx.matter, &case.application).is_empty() && ctx.now < ctx.answer_by(case)? {
        return Err(Reason::GapsPromised);
    }
    accept_now(case, document, None, ctx)
}

/// What every acceptance asks for: the application is complete, or complete but for what `notice` names, nothing in it was found
/// wanting, and no register is still to answer.
pub(super) fn accept_now(case: &Case, document: DocumentRef, notice: Option<GapNotice>, ctx: &Context<'_>) -> Outcome {
    let received = case.last_received().ok_or(Reason::WrongState)?;
    if ctx.now >= ctx.answer_by(case)? {
        // The law accepted it on the day of receipt; a clerk who comes later can only say so.
        return Ok(vec![accepted(case, received, true, document, None, ctx)]);
    }
    ctx.complete(&case.application)?;
    let name_of = |slot: &str| {
        let own = ctx.matter.materials.iter().find(|material| material.slot == slot);
        own.map_or_else(|| Text::new(slot, slot), |material| material.name.clone())
    };
    let defective: Vec<Text> = case
        .application
        .materials
        .iter()
        .filter(|item| item.verdict.as_ref().is_some_and(|verdict| !verdict.in_order))
        .map(|item| name_of(&item.slot))
        .collect();
    if !defective.is_empty() {
        return Err(Reason::Incomplete { missing: defective });
    }
    unanswered(case, ctx)?;
    Ok(vec![accepted(case, ctx.now, false, document, notice, ctx)])
}

/// Where a register was silent, a person finds the material in order before anything rests on it.
fn unanswered(case: &Case, ctx: &Context<'_>) -> Result<(), Reason> {
    let names = case.unanswered().map(|item| {
        let material = ctx.matter.materials.iter().find(|material| material.slot == item.slot);
        material.map_or_else(|| item.slot.clone(), |material| material.name.zh.clone())
    });
    let materials: Vec<String> = names.collect();
    if materials.is_empty() { Ok(()) } else { Err(Reason::Unanswered { materials }) }
}

/// AL 32(4), last half: silence is acceptance, from the day the materials were received.
fn deem_accepted(case: &Case, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    if case.state != State::Filed {
        return Err(Reason::WrongState);
    }
    let received = case.last_received().ok_or(Reason::WrongState)?;
    if ctx.now < ctx.answer_by(case)? {
        return Err(Reason::TooEarly);
    }
    Ok(vec![accepted(case, received, true, document, None, ctx)])
}

fn accepted(
    case: &Case,
    effective: Timestamp,
    deemed: bool,
    document: DocumentRef,
    gap_notice: Option<GapNotice>,
    ctx: &Context<'_>,
) -> Fact {
    let received = case.last_received().unwrap_or(effective);
    let clocks = CaseClocks::start(ctx.matter.statutory.clone(), ctx.matter.promised.clone(), received, effective);
    let step = step_after(ctx.matter, StepKind::Accept);
    let gaps = gaps_of(ctx.matter, &case.application);
    Fact::Accepted { effective, deemed, document, clocks: Box::new(clocks), step, gaps, gap_notice }
}

/// The next step of the matter's flow that a person acts in; the decision when nothing is left.
fn step_after(matter: &Matter, step: StepKind) -> StepKind {
    let position = matter.flow.iter().position(|s| s.step == step).map_or(0, |i| i + 1);
    matter
        .flow
        .iter()
        .skip(position)
        .map(|s| s.step)
        .find(|s| matches!(s, StepKind::Review | StepKind::Inspect | StepKind::Decide))
        .unwrap_or(StepKind::Decide)
}

// ---- examination and decision: AL 34–48 ----------------------------------------------------------------------

/// AL 34(1): complete and decidable at once; the combined document is acceptance and decision in one.
fn decide_by_rules(
    case: &Case,
    rules: Box<RuleDecision>,
    document: DocumentRef,
    sampled: bool,
    ctx: &Context<'_>,
) -> Outcome {
    if case.state != State::Filed || rules.outcome != "approve" {
        return Err(Reason::WrongState);
    }
    let automation = ctx.matter.automation.as_ref().ok_or_else(|| Reason::not_open("自动审批", "approval by rules"))?;
    ctx.complete(&case.application)?;
    if !gaps_of(ctx.matter, &case.application).is_empty() {
        return Err(Reason::GapsPromised);
    }
    unanswered(case, ctx)?;
    let mut facts = vec![accepted(case, ctx.now, false, document.clone(), None, ctx)];
    let decision = Decision {
        granted: true,
        at: ctx.now,
        by: rules.rule.clone(),
        reasons: rules.reason.clone(),
        automatic: true,
        document,
        remedies: None,
    };
    facts.push(Fact::Decided { decision: Box::new(decision), rules: Some(rules) });
    facts.extend(pledge_check(case, ctx)?);
    if sampled {
        let due = automation.check.deadline(ctx.calendar, ctx.now, &[]).map_err(calendar)?.at;
        facts.push(check_ordered(CheckKind::Sample, due, ctx));
    }
    Ok(facts)
}

/// PR-6: whoever granted on a promise, rules or a person, has it checked in the time that the matter says.
fn pledge_check(case: &Case, ctx: &Context<'_>) -> Result<Option<Fact>, Reason> {
    let (Some(_), Some(terms)) = (&case.application.pledge, &ctx.matter.pledge) else { return Ok(None) };
    let due = terms.check.deadline(ctx.calendar, ctx.now, &[]).map_err(calendar)?.at;
    Ok(Some(check_ordered(CheckKind::Pledge, due, ctx)))
}

fn check_ordered(kind: CheckKind, due: Timestamp, ctx: &Context<'_>) -> Fact {
    Fact::CheckOrdered { check: AfterCheck { kind, due, from: Some(ctx.now), late: false, result: None } }
}

/// DE-5: while a hearing, a test or an expert review runs, nobody has its result to judge by.
fn no_pause_open(case: &Case) -> Result<(), Reason> {
    match case.clocks.as_ref().and_then(open_pause) {
        Some(_) => Err(Reason::ProcedureOpen),
        None => Ok(()),
    }
}

/// AL 34(3): facts verified on site need at least two officers.
fn give_opinion(case: &Case, favourable: bool, text: String, officers: &[String], ctx: &Context<'_>) -> Outcome {
    let State::InReview { step } = case.state else { return Err(Reason::WrongState) };
    if step == StepKind::Decide {
        return Err(Reason::WrongState);
    }
    no_pause_open(case)?;
    reason_given(&text)?;
    let mut by = ctx.by.to_owned();
    if step == StepKind::Inspect {
        let mut named: Vec<&str> = officers.iter().map(|o| o.trim()).filter(|o| !o.is_empty()).collect();
        named.sort_unstable();
        named.dedup();
        if named.len() < 2 {
            return Err(Reason::TwoOfficers);
        }
        by = named.join("、");
    }
    let opinion = Opinion { step, favourable, text, by, at: ctx.now };
    Ok(vec![Fact::OpinionGiven { opinion, next: step_after(ctx.matter, step) }])
}

fn send_back(case: &Case, reason: String, ctx: &Context<'_>) -> Outcome {
    reason_given(&reason)?;
    match case.state {
        State::InReview { step: StepKind::Decide } => {
            let to = step_after(ctx.matter, StepKind::Accept);
            if to == StepKind::Decide {
                let en = "return to review, since it has no step of review";
                return Err(Reason::not_open("退回审核（本事项没有审核环节）", en));
            }
            Ok(vec![Fact::Returned { reason, to }])
        }
        _ => Err(Reason::WrongState),
    }
}

/// AL 45: the time is excluded only when its length was notified in writing, hence the document.
fn pause(case: &Case, procedure: SpecialKind, working_days: u32, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    let (State::InReview { .. }, Some(clocks)) = (&case.state, &case.clocks) else { return Err(Reason::WrongState) };
    let own = ctx.matter.special_procedures.iter().find(|own| own.kind == procedure);
    let own = own.ok_or_else(|| Reason::not_open("该特别程序", "this special procedure"))?;
    let kind = excluded_time(procedure).ok_or_else(|| {
        let en = "stopping the clock for this: article 45 of the Administrative Licensing Law does not list it";
        Reason::not_open("停止计时（行政许可法第四十五条未列明该程序）", en)
    })?;
    if open_pause(clocks).is_some() {
        return Err(Reason::WrongState);
    }
    if !(1..=own.working_days).contains(&working_days) {
        return Err(Reason::PauseTooLong { most: own.working_days });
    }
    let until = ctx.calendar.add_working_days(ctx.now.date(), working_days).map_err(calendar)?.date;
    let mut clocks = Box::new(clocks.clone());
    clocks.pause(kind, ctx.now).map_err(calendar)?;
    Ok(vec![Fact::Paused { procedure, working_days, clocks, document, until: Some(until) }])
}

/// T-4: no more time is excluded than was notified, however late the procedure is declared over.
fn resume(case: &Case, ctx: &Context<'_>) -> Outcome {
    let (State::InReview { .. }, Some(clocks)) = (&case.state, &case.clocks) else { return Err(Reason::WrongState) };
    let kind = open_pause(clocks).ok_or(Reason::WrongState)?;
    let mut clocks = Box::new(clocks.clone());
    let notified = case.paused_until.map(|until| Timestamp::end_of(until).plus_seconds(-1));
    clocks.resume(kind, notified.map_or(ctx.now, |end| end.min(ctx.now))).map_err(calendar)?;
    Ok(vec![Fact::Resumed { clocks }])
}

/// AL 42: once, with the approval of the head of the authority and reasons told to the applicant; how long, says the
/// law of the matter.
fn extend(case: &Case, reason: String, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    reason_given(&reason)?;
    let (State::InReview { .. }, Some(clocks)) = (&case.state, &case.clocks) else { return Err(Reason::WrongState) };
    let governing = case.law_day().ok_or(Reason::WrongState)?;
    let more = extension_of(ctx.matter, ctx.law, governing).ok_or_else(no_extension)?;
    if clocks.statutory.as_ref().is_none_or(|clock| clock.period.unit != more.unit) {
        return Err(no_extension());
    }
    let extension = Extension { number: more.number, reason: reason.clone(), source: more.source };
    let mut clocks = Box::new(clocks.clone());
    clocks.extend(ctx.calendar, ctx.now, extension).map_err(|error| match error {
        ClockError::AlreadyExtended => {
            Reason::not_open("再次延长（期限只能延长一次）", "a second extension: the limit is extended once")
        }
        ClockError::Expired(_) => Reason::not_open("期限届满后的延长", "an extension after the limit has passed"),
        ClockError::NotInDays(_) => no_extension(),
        other => calendar(other),
    })?;
    Ok(vec![Fact::Extended { reason, clocks, document }])
}

fn no_extension() -> Reason {
    Reason::not_open("延长期限（本事项适用的法律没有规定延长）", "an extension: its law knows none")
}

/// AL 37, 38: a written decision; a refusal states reasons and remedies.
fn settle(case: &Case, granted: bool, reasons: String, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    if case.state != (State::InReview { step: StepKind::Decide }) {
        return Err(Reason::WrongState);
    }
    no_pause_open(case)?;
    if granted {
        all_in(case)?;
    }
    let favourable = case.opinions.last().is_none_or(|opinion| opinion.favourable);
    if !granted || !favourable {
        reason_given(&reasons)?;
    }
    let remedies = if granted { None } else { Some(remedies(ctx)?) };
    let decision = Decision {
        granted,
        at: ctx.now,
        by: ctx.by.to_owned(),
        reasons: Text::new(reasons.clone(), reasons),
        automatic: false,
        document,
        remedies,
    };
    let mut facts = vec![Fact::Decided { decision: Box::new(decision), rules: None }];
    if granted {
        facts.extend(pledge_check(case, ctx)?);
    }
    Ok(facts)
}

/// 行政复议法 20, 行政诉讼法 46, from the day the decision is served and by the law of that day: remedies are no part of the procedure.
fn remedies(ctx: &Context<'_>) -> Result<Remedies, Reason> {
    Ok(Remedies {
        reconsideration_until: ctx.deadline_by("reconsideration", ctx.now.date(), ctx.now)?.date,
        lawsuit_until: ctx.deadline_by("lawsuit", ctx.now.date(), ctx.now)?.date,
    })
}

// ---- result and end ------------------------------------------------------------------------------------------

/// AL 44. Without a licence the decision itself is what is handed over.
fn deliver(case: &Case, method: String, ctx: &Context<'_>) -> Outcome {
    match case.state {
        State::Issued => Ok(vec![Fact::Delivered { method }]),
        State::Granted if ctx.matter.outcome.licence_type.is_none() => Ok(vec![Fact::Delivered { method }]),
        _ => Err(Reason::WrongState),
    }
}

fn withdraw(case: &Case, reason: String) -> Outcome {
    match case.state {
        State::PreReview | State::Feedback | State::Filed | State::Correction | State::InReview { .. } => {
            Ok(vec![Fact::Withdrawn { reason }])
        }
        _ => Err(Reason::WrongState),
    }
}

/// AL 34, 37, 38 know a grant or a refusal. Without either a case ends only where nothing is left to decide, on one of
/// the closed [`Termination`] grounds, by a sealed notice that tells the remedies.
fn terminate(case: &Case, ground: Termination, reason: String, document: DocumentRef, ctx: &Context<'_>) -> Outcome {
    reason_given(&reason)?;
    match case.state {
        State::Correction | State::InReview { .. } => {
            if ground == Termination::GapsNotSupplied {
                gaps::may_end(case, ctx)?;
            }
            let remedies = Some(remedies(ctx)?);
            Ok(vec![Fact::Terminated { ground: Some(ground), reason, document: Some(document), remedies }])
        }
        _ => Err(Reason::WrongState),
    }
}

/// PIPL 24(3), DE-12: whoever was decided about by a machine may ask for a person.
fn ask_person(case: &Case, reason: &str, ctx: &Context<'_>) -> Outcome {
    reason_given(reason)?;
    let automatic = case.decision.as_ref().is_some_and(|decision| decision.automatic);
    if !automatic || case.checks.iter().any(|check| check.kind == CheckKind::Asked && check.result.is_none()) {
        return Err(Reason::WrongState);
    }
    let due = ctx.deadline(case, "human-review", ctx.now)?.at;
    Ok(vec![check_ordered(CheckKind::Asked, due, ctx)])
}

fn answer_check(case: &Case, kind: CheckKind, confirmed: bool, note: String, ctx: &Context<'_>) -> Outcome {
    reason_given(&note)?;
    if !case.checks.iter().any(|check| check.kind == kind && check.result.is_none()) {
        return Err(Reason::WrongState);
    }
    let result = CheckResult { confirmed, note, by: ctx.by.to_owned(), at: ctx.now };
    let mut facts = vec![Fact::CheckDone { kind, result }];
    if !confirmed {
        // PR-6, DE-12: what is wrong is put right in time or the decision is withdrawn; nobody may forget it.
        let due = ctx.deadline(case, "rectification", ctx.now)?.at;
        facts.push(check_ordered(CheckKind::FollowUp, due, ctx));
    }
    Ok(facts)
}

/// The licence was revoked or cancelled, which is the other way in which a follow-up ends.
fn licence_ended(case: &Case, reason: &str, ctx: &Context<'_>) -> Outcome {
    let open = case.checks.iter().filter(|check| check.kind == CheckKind::FollowUp && check.result.is_none());
    let result = CheckResult { confirmed: false, note: reason.to_owned(), by: ctx.by.to_owned(), at: ctx.now };
    let facts: Vec<Fact> = open.map(|check| Fact::CheckDone { kind: check.kind, result: result.clone() }).collect();
    if facts.is_empty() { Err(Reason::WrongState) } else { Ok(facts) }
}

/// T-5: breach of the promise is a breach of service, breach of the statutory limit or of AL 44 unlawful. Each is noted once.
fn note_late(case: &Case, duty: DutyKind, ctx: &Context<'_>) -> Outcome {
    if !duty.is_lateness() {
        return Err(Reason::WrongState);
    }
    let owed = duties(case, ctx.calendar, ctx.law);
    let first = owed.iter().filter(|own| own.kind == duty).map(|own| own.at).min().ok_or(Reason::WrongState)?;
    if ctx.now < first {
        return Err(Reason::TooEarly);
    }
    Ok(vec![Fact::BecameLate { duty, due: first, department: case.department.clone() }])
}
