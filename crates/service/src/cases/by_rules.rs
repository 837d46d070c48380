//! What rules do with a case that has just been received, and what follows from an approval.

use domain::accounts::Actor;
use domain::cases::{
    Case, Command, Context, DocumentKind, Origin, Provided, RuleDecision, application_blockers, decide,
};
use domain::registry::register;
use domain::text::Text;
use rules::RuleSet;

use super::facts::{self, Knowledge};
use super::record::RuleRecord;
use super::seal_documents;
use super::submit::context;
use super::write::Draughted;
use crate::catalog::Published;
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::licences::{self, Elsewhere, Issued, Need, OnFile, Seen};

/// The outcome of a rule that alone decides without a person.
const APPROVE: &str = "approve";

/// Runs the rules on a case that has just been filed. Approval brings decision, licence and delivery in the same
/// commit; anything else is kept on the case and left to people.
pub(super) async fn after_filing(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
    on_file: &[OnFile],
    actor: &Actor,
) -> Result<Option<Issued>, ServiceError> {
    let shelf = city.shelf();
    let Some(rule) = published.rules.as_ref().filter(|_| shelf.is_automatic(&draughted.case.matter)) else {
        return Ok(None);
    };
    // Whoever pauses the rules stops every decision of theirs that is not committed yet, on whatever server.
    draughted.premises.extend(shelf.premise(&draughted.case.matter));
    let (now, calendar) = (city.now(), city.calendar());
    let ctx = context(city, published, &calendar, &actor.name, now);
    let case = &draughted.case;
    // What a window takes or an applicant hands in anew may have gaps (AL 32(4)). It is received all the same, and a
    // clerk tells what is missing; rules decide on complete applications only, and nothing of a matter that has ended.
    let in_force = ctx.matter.effective.covers(now.date());
    let gaps = case.application.gaps.is_some();
    if !in_force || gaps || !application_blockers(ctx.matter, ctx.form, &case.application).is_empty() {
        return Ok(None);
    }
    let seen = Seen::before(city, case, published, on_file).await?;
    let reads = rule.inputs().any(|field| matches!(field.from, rules::Origin::Licence { .. }));
    let mut papers = if reads { licences::papers_of(city, &case.applicant.code).await? } else { Vec::new() };
    papers.retain(|paper| paper.counts_on(now.date()));
    let elsewhere = elsewhere(city, &draughted.case, published, (rule, on_file)).await?;
    let known = Knowledge {
        applicant: &case.applicant,
        agent: case.agent.as_ref(),
        form: &case.application.form,
        pledge: case.application.pledge.as_ref(),
        licences: on_file,
        papers: &papers,
        elsewhere: &elsewhere,
        now,
    };
    let (facts, _) = facts::gather(city, rule, &known).await?;
    let evaluated = rule.evaluate(&facts);
    let record = RuleRecord::of(&evaluated)?;
    let mut decision = ruled(&evaluated, &record, published.version);
    draughted.record = Some(record);
    if decision.outcome == APPROVE {
        match silent(&draughted.case).or_else(|| suspended(published, on_file)) {
            None => return approve(city, draughted, published, decision, (&ctx, seen)).await,
            Some(reason) => hold_back(&mut decision, reason),
        }
    }
    leave_to_people(draughted, decision, &ctx)?;
    Ok(None)
}

/// What other issuers say about the licences that the rule reads and a material of the matter may be met by; no law lets us ask for
/// others.
async fn elsewhere(
    city: &City,
    case: &Case,
    published: &Published,
    (rule, on_file): (&RuleSet, &[OnFile]),
) -> Result<Elsewhere, ServiceError> {
    let matter = &published.bundle.matter;
    let mut types = licences::asked_for(matter);
    types.retain(|kind| {
        let is_read =
            |from: &rules::Origin| matches!(from, rules::Origin::Licence { licence_type, .. } if licence_type == kind);
        rule.inputs().any(|field| is_read(&field.from))
            && !on_file.iter().any(|own| own.valid && own.licence_type == *kind)
    });
    if types.is_empty() {
        return Ok(Elsewhere::default());
    }
    let need = Need { applicant: &case.applicant, matter, reference: &case.number };
    licences::ask_elsewhere(city, &need, &types).await
}

/// Decides, makes the licence and hands it over.
async fn approve(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
    mut decision: RuleDecision,
    (ctx, seen): (&Context<'_>, Seen),
) -> Result<Option<Issued>, ServiceError> {
    let document = seal_documents::reserve(city, DocumentKind::Combined).await?;
    let percent = ctx.matter.automation.as_ref().map_or(0, |automation| automation.check_percent);
    let sampled = u32::from_le_bytes(city.random()) % 100 < percent;
    let (before, count) = (draughted.case.clone(), draughted.facts.len());
    let command = Command::DecideByRules { rules: Box::new(decision.clone()), document, sampled };
    draughted.add(decide(&draughted.case, command, ctx)?);
    match hand_over(city, draughted, published, ctx, "system", seen).await {
        // A name with a rare character keeps nobody from applying: a person sees to the font, or to how it is written.
        Err(ServiceError::Invalid(faults)) => {
            draughted.case = before;
            draughted.facts.truncate(count);
            hold_back(&mut decision, unmade(&faults));
            leave_to_people(draughted, decision, ctx)?;
            Ok(None)
        }
        answer => answer,
    }
}

/// Turns an approval into a question for people.
fn hold_back(decision: &mut RuleDecision, reason: Text) {
    rules::Outcome::Manual.name().clone_into(&mut decision.outcome);
    decision.reason = reason;
}

/// Keeps on the case what the rules found, for whoever decides.
fn leave_to_people(draughted: &mut Draughted, rules: RuleDecision, ctx: &Context<'_>) -> Result<(), ServiceError> {
    let command = Command::NoteRules { rules: Box::new(rules) };
    draughted.add(decide(&draughted.case, command, ctx)?);
    Ok(())
}

/// Why a licence that the rules would grant cannot be made, for the applicant and for the clerk.
fn unmade(faults: &[FieldError]) -> Text {
    let zh: Vec<String> = faults.iter().map(|fault| format!("{}：{}", fault.field, fault.message.zh)).collect();
    let en: Vec<String> = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message.en)).collect();
    Text::new(
        format!("证照暂时无法制作，由工作人员办理。{}", zh.join("")),
        format!("The licence cannot be made yet, so a person sees to it. {}", en.join(" ")),
    )
}

/// Why rules may not approve although their own facts hold: a register that would answer for a material was silent.
fn silent(case: &Case) -> Option<Text> {
    let Some(Provided::Unanswered { register: stored }) = case.unanswered().next().map(|item| &item.provided) else {
        return None;
    };
    let (zh, en) = register(stored).map_or((stored.as_str(), stored.as_str()), |own| (own.zh, own.en));
    Some(Text::new(
        format!("{zh}暂时没有应答，由工作人员核实后办理。"),
        format!("The {en} does not answer for the moment, so a person checks and decides."),
    ))
}

/// A new licence is no way around a suspension: whoever holds a suspended one of the kind waits for a person's decision.
fn suspended(published: &Published, on_file: &[OnFile]) -> Option<Text> {
    let kind = published.bundle.matter.outcome.licence_type.as_ref()?;
    let own = on_file.iter().find(|own| own.suspended && own.licence_type == *kind)?;
    let number = &own.licence.number;
    Some(Text::new(
        format!("申请人的同类证照 {number} 正在暂扣期间，由工作人员审查。"),
        format!("The applicant’s licence {number} of the same kind is suspended, so a person decides."),
    ))
}

/// Makes the licence of a granted case, guarded by what the decision has seen, and, where the result is electronic, delivers it
/// and closes the file.
pub(super) async fn hand_over(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
    ctx: &Context<'_>,
    actor: &str,
    seen: Seen,
) -> Result<Option<Issued>, ServiceError> {
    let issued = licences::issue(city, &draughted.case, published, ctx.now, actor, seen).await?;
    if let Some(issued) = &issued {
        let licence = issued.reference.clone();
        draughted.add(decide(&draughted.case, Command::IssueLicence { licence }, ctx)?);
    }
    // At a window, by mail and in a locker the result is handed to a person, so it waits for somebody to do that.
    if draughted.case.origin != Origin::Window && draughted.case.delivery.is_download() {
        draughted.add(decide(&draughted.case, Command::Deliver { method: "download".into() }, ctx)?);
        draughted.add(decide(&draughted.case, Command::Close, ctx)?);
    }
    Ok(issued)
}

/// What the case keeps of a rule's decision.
fn ruled(decision: &rules::Decision, record: &RuleRecord, version: i64) -> RuleDecision {
    RuleDecision {
        outcome: decision.outcome.name().to_owned(),
        rule: decision.rule.id.to_string(),
        version: version.to_string(),
        sha256: decision.rule.sha256.to_string(),
        fired: decision.fired.iter().map(ToString::to_string).collect(),
        reason: Text::new(&decision.reason.zh, &decision.reason.en),
        record_sha256: record.sha256(),
    }
}
