//! What happens to a case without anybody working on it: the clock, a new calendar, the end of its licence.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::{Case, Command, Duty, Reason, decide, duties, gap_names};
use domain::time::date_words;
use store::DueOp;
use store::cases::CASEFILE;

use super::credit;
use super::seal_documents::seal_all;
use super::submit::context;
use super::work::reserve_document;
use super::write::Draughted;
use crate::city::City;
use crate::error::ServiceError;

/// Carries out a command of the clock, taking its due row in the same commit.
pub(crate) async fn apply_system(
    city: &City,
    actor: &Actor,
    case: Case,
    version: i64,
    mut command: Command,
    claim: DueOp,
) -> Result<(), ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    may(actor, Action::RunDuty, &Subject::default())?;
    match reserve_document(city, actor, &case, &published, &mut command).await {
        // The case has moved on since the row was written; the row is only to be taken away.
        Err(ServiceError::Refused(refusal)) if matches!(refusal.reason, Reason::WrongState | Reason::NotAnnounced) => {
            let step = store::CounterStep { name: "duty-obsolete".into(), key: refusal.state.into(), by: 1 };
            return claim_only(city, claim, step).await;
        }
        // The date has moved since the row was written: it waits for the new one.
        Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::TooEarly => {
            return city.store().commit(moved(city, &case, claim)?).await.map(|_| ()).map_err(Into::into);
        }
        other => other?,
    }
    let now = city.now();
    let calendar = city.calendar();
    let ctx = context(city, &published, &calendar, &actor.name, now);
    let mut draughted = Draughted::on(case, version);
    let hands_over = matches!(command, Command::Deliver { .. });
    draughted.add(decide(&draughted.case, command, &ctx)?);
    // What was handed over is closed in the same commit, as at a window.
    if hands_over {
        draughted.add(decide(&draughted.case, Command::Close, &ctx)?);
    }
    let sealed = seal_all(city, &mut draughted, &published).await?;
    let mut change = draughted.change(city, &actor.label(), now)?;
    // The claim stands for the removal of this duty's own row.
    if let DueOp::Claim { kind, .. } = &claim {
        change.due.retain(|op| !matches!(op, DueOp::Remove { kind: own, .. } if own == kind));
    }
    change.due.insert(0, claim);
    change.plain.extend(sealed);
    change.plain.extend(credit::noted(city, &draughted.case, &draughted.facts).await?);
    crate::licences::follow(city, (&draughted.case, &draughted.facts), None, &actor.label(), &mut change).await?;
    city.store().commit(change).await?;
    Ok(())
}

/// The change that takes a due row and sets it anew at the dates that follow from the case now.
fn moved(city: &City, case: &Case, claim: DueOp) -> Result<store::Change, ServiceError> {
    let DueOp::Claim { kind, subject, .. } = &claim else {
        return Err(ServiceError::internal("only a claimed row can be moved"));
    };
    let (calendar, now) = (city.calendar(), city.now());
    let dates = duties(case, &calendar, city.law()).into_iter().filter(|duty| duty.kind.as_str() == kind);
    let rows: Vec<DueOp> = dates
        .filter(|duty| duty.at > now)
        .map(|duty| DueOp::Add { at: duty.at, kind: kind.clone(), subject: subject.clone() })
        .collect();
    let mut change = store::Change::new(city.region(), now);
    change.due.push(claim);
    change.due.extend(rows);
    Ok(change)
}

/// Takes a due row and counts it.
pub(crate) async fn claim_only(city: &City, claim: DueOp, step: store::CounterStep) -> Result<(), ServiceError> {
    city.store().commit(crate::jobs::counted(city, claim, step)).await?;
    Ok(())
}

/// The change that computes a case's deadlines anew; nothing where none is another one. `old` is what its timers say.
pub(crate) async fn recompute(
    city: &City,
    case: Case,
    version: i64,
    old: Vec<Duty>,
) -> Result<Option<store::Change>, ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let (now, calendar, actor) = (city.now(), city.calendar(), Actor::system());
    let ctx = context(city, &published, &calendar, &actor.name, now);
    let mut draughted = Draughted::on(case, version);
    let facts = decide(&draughted.case, Command::RecomputeDeadlines { old: old.clone() }, &ctx)?;
    draughted.add(facts);
    if draughted.is_unmoved() {
        return Ok(None);
    }
    draughted.retimed(city, &actor.label(), now, &old).map(Some)
}

/// Why a case ends for what never came: the notice that announced it, its last day, and what is missing.
pub(crate) async fn gaps_over(city: &City, case: &Case) -> Result<String, ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let slots: Vec<String> = case.outstanding().map(|gap| gap.slot.clone()).collect();
    let names: Vec<String> =
        gap_names(&slots, &published.bundle.matter).iter().map(|name| format!("《{}》", name.zh)).collect();
    let notice = case.accepted.as_ref().map_or("", |accepted| accepted.document.number.as_str());
    let until = case.gap_notice.as_ref().map(|notice| date_words(notice.until).zh).unwrap_or_default();
    Ok(format!(
        "容缺受理通知书（{notice}）载明的补齐期限至{until}止，期满仍未收到：{}。您可以重新申请。",
        names.join("、")
    ))
}

/// The change by which a case learns that its licence has ended; nothing where no check of it is open.
pub(crate) async fn licence_ended(
    city: &City,
    actor: &Actor,
    id: &str,
    reason: &str,
) -> Result<Option<store::Change>, ServiceError> {
    let Some(row) = city.store().load(city.region(), &CASEFILE, id).await? else { return Ok(None) };
    let case: Case = serde_json::from_str(&row.doc).map_err(ServiceError::internal)?;
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let (now, calendar) = (city.now(), city.calendar());
    let ctx = context(city, &published, &calendar, &actor.name, now);
    let mut draughted = Draughted::on(case, row.version);
    match decide(&draughted.case, Command::LicenceEnded { reason: reason.to_owned() }, &ctx) {
        Ok(facts) => draughted.add(facts),
        Err(refusal) if refusal.reason == Reason::WrongState => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    }
    draughted.change(city, &actor.label(), now).map(Some)
}
