//! Work on a case: every command that a person gives after filing.

use domain::accounts::{Action, Actor, may};
use domain::cases::{
    Application, Case, CheckKind, Command, DocumentRef, MaterialItem, NonAcceptance, Point, Provided, State,
    Termination, Verdict, action_of, decide,
};
use domain::catalog::SpecialKind;
use domain::ids::DocumentId;
use serde::{Deserialize, Serialize};

use super::by_rules::{after_filing, hand_over};
use super::checked;
use super::credit;
use super::materials;
use super::read::{self, CaseView};
use super::seal_documents::{reserve, seal_all};
use super::submit::{GivenMaterial, PledgeGiven, RequestKey, context};
use super::write::{self, Draughted};
use crate::catalog::Published;
use crate::city::City;
use crate::error::{Boxed, ServiceError};
use crate::licences::{self, Seen};
use store::{Idempotency, StoreError};

/// A new version of the application, as the applicant gives it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Changed {
    /// The form.
    pub form: serde_json::Value,
    /// Materials that are given anew; slots not named keep what they had.
    #[serde(default)]
    pub materials: Vec<GivenMaterial>,
    /// The pledge: given, taken back (`accepted: false`), or left as it is.
    #[serde(default)]
    pub pledge: Option<PledgeGiven>,
}

/// What a person wants done. Numbers and documents are added by the platform.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each variant is the domain command of the same name, where it is documented")]
pub enum Work {
    GiveFeedback {
        points: Vec<Point>,
    },
    Revise {
        changed: Changed,
    },
    File,
    CorrectOnSpot {
        changed: Changed,
        note: String,
    },
    GiveVerdicts {
        verdicts: Vec<(String, Verdict)>,
    },
    RequestCorrection {
        points: Vec<Point>,
    },
    Resubmit {
        changed: Changed,
    },
    DeclineAcceptance {
        ground: NonAcceptance,
        reasons: String,
    },
    Accept,
    AcceptWithGaps,
    SupplyGaps {
        materials: Vec<GivenMaterial>,
    },
    ReceiveGap {
        slot: String,
        note: String,
    },
    CheckGap {
        slot: String,
        in_order: bool,
        #[serde(default)]
        note: String,
    },
    GiveOpinion {
        favourable: bool,
        text: String,
        #[serde(default)]
        officers: Vec<String>,
    },
    Return {
        reason: String,
    },
    Pause {
        procedure: SpecialKind,
        working_days: u32,
    },
    Resume,
    Extend {
        reason: String,
    },
    Grant {
        #[serde(default)]
        reasons: String,
    },
    Refuse {
        reasons: String,
    },
    Deliver {
        method: String,
    },
    Close,
    Withdraw {
        #[serde(default)]
        reason: String,
    },
    Terminate {
        ground: Termination,
        reason: String,
    },
    AskPerson {
        reason: String,
    },
    AnswerCheck {
        kind: CheckKind,
        confirmed: bool,
        note: String,
    },
}

/// Carries out one command on the case of that number. `version` is what the person saw, when the client says so.
pub fn work<'a>(
    city: &'a City,
    actor: &'a Actor,
    number: &'a str,
    version: Option<i64>,
    work: Work,
    key: Option<RequestKey>,
) -> Boxed<'a, CaseView> {
    Box::pin(worked(city, actor, number, version, (work, key)))
}

async fn worked(
    city: &City,
    actor: &Actor,
    number: &str,
    version: Option<i64>,
    (work, key): (Work, Option<RequestKey>),
) -> Result<CaseView, ServiceError> {
    if let Some(key) = &key
        && let Some(found) = repeated(city, actor, number, key).await?
    {
        return Ok(found);
    }
    let found = read::case_by_number(city, actor, number).await?;
    if version.is_some_and(|version| version != found.version) {
        return Err(ServiceError::Changed);
    }
    run(city, actor, found.case, found.version, work, key).await?;
    read::after_command(city, actor, number).await
}

/// The case as it stands now, when a request with this key has been carried out already: its version has moved on since,
/// so the repetition must be found before versions are compared.
///
/// # Errors
/// [`ServiceError::KeyReused`] when the key belongs to another request.
pub async fn repeated(
    city: &City,
    actor: &Actor,
    number: &str,
    (token, key, body_hash): &RequestKey,
) -> Result<Option<CaseView>, ServiceError> {
    match city.store().lookup(city.region(), token, key, body_hash).await? {
        None => Ok(None),
        Some(_) => read::case_by_number(city, actor, number).await.map(Some),
    }
}

/// Carries out one command on a case that was read with its version.
pub fn run<'a>(
    city: &'a City,
    actor: &'a Actor,
    case: Case,
    version: i64,
    work: Work,
    key: Option<RequestKey>,
) -> Boxed<'a, Case> {
    Box::pin(carried_out(city, actor, (case, version), work, key))
}

async fn carried_out(
    city: &City,
    actor: &Actor,
    (case, version): (Case, i64),
    work: Work,
    key: Option<RequestKey>,
) -> Result<Case, ServiceError> {
    let published = crate::catalog::version(city, &case.matter, case.matter_version).await?;
    let mut command = command(city, actor, &case, &published, work).await?;
    permit(actor, &case, command.name())?;
    reserve_document(city, actor, &case, &published, &mut command).await?;
    loop {
        let shelf = city.shelf();
        match apply(city, actor, case.clone(), version, &published, command.clone(), key.clone()).await {
            // Somebody paused the rules elsewhere while they looked at what was handed in: without them this time.
            Err(ServiceError::Changed) if crate::catalog::supersedes(city, &shelf).await? => {}
            answer => return answer,
        }
    }
}

/// Whether somebody may give a command, by its name, on a case of any state.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub fn permit(actor: &Actor, case: &Case, command: &str) -> Result<(), ServiceError> {
    let passed_on = actor.account.is_some_and(|own| own.to_string() == case.filed_by);
    let (action, subject) = (action_of(command), read::subject(case));
    match may(actor, action, &subject) {
        // Whoever passed an application on also passes on what its applicant answers: corrections, a withdrawal.
        Err(_) if action == Action::Apply && passed_on => Ok(may(actor, Action::ApplyForOther, &subject)?),
        answer => Ok(answer?),
    }
}

/// Gives the command's document its number, once the command is known to be lawful.
pub(super) async fn reserve_document(
    city: &City,
    actor: &Actor,
    case: &Case,
    published: &Published,
    command: &mut Command,
) -> Result<(), ServiceError> {
    let calendar = city.calendar();
    let ctx = context(city, published, &calendar, &actor.name, city.now());
    decide(case, command.clone(), &ctx)?;
    if let Some((kind, document)) = command.document_mut() {
        *document = reserve(city, kind).await?;
    }
    Ok(())
}

/// Decides, hands over what was granted, seals, commits.
pub(super) async fn apply(
    city: &City,
    actor: &Actor,
    case: Case,
    version: i64,
    published: &Published,
    command: Command,
    key: Option<RequestKey>,
) -> Result<Case, ServiceError> {
    let now = city.now();
    let calendar = city.calendar();
    let ctx = context(city, published, &calendar, &actor.name, now);
    let mut draughted = Draughted::on(case, version);
    draughted.add(decide(&draughted.case, command, &ctx)?);
    let mut issued = None;
    match draughted.case.state {
        State::Granted => {
            let on_file = licences::on_file(city, &draughted.case.applicant.code).await?;
            let seen = Seen::before(city, &draughted.case, published, &on_file).await?;
            licences::refuse_taken(city, &draughted.case, published).await?;
            issued = hand_over(city, &mut draughted, published, &ctx, &actor.label(), seen).await?;
        }
        State::Filed if newly_received(&draughted) => {
            let on_file = licences::on_file(city, &draughted.case.applicant.code).await?;
            issued = after_filing(city, &mut draughted, published, &on_file, actor).await?;
        }
        State::Delivered => draughted.add(decide(&draughted.case, Command::Close, &ctx)?),
        _ => {}
    }
    let sealed = seal_all(city, &mut draughted, published).await?;
    let mut change = draughted.change(city, &actor.label(), now)?;
    let newer = issued.as_ref().map(|issued| issued.reference.id);
    licences::follow(city, (&draughted.case, &draughted.facts), newer, &actor.label(), &mut change).await?;
    licences::add(&mut change, issued);
    change.plain.extend(sealed);
    let before = draughted.before.as_ref().map(|(case, _)| case);
    change.plain.extend(super::uploads::bind(city, before, &draughted.case).await?);
    change.plain.extend(credit::noted(city, &draughted.case, &draughted.facts).await?);
    if let Some((token, key, body_hash)) = key {
        change.idempotency = Some(Idempotency { token, key, body_hash, result: draughted.case.number.clone() });
    }
    match city.store().commit(change).await {
        Ok(_) | Err(StoreError::IdempotencyReplay { .. }) => Ok(draughted.case),
        Err(error) => Err(write::commit_error(city, &draughted.case, error).await),
    }
}

/// Filed or resubmitted by this very command, so that rules look at it once, not at every clerk's remark.
fn newly_received(draughted: &Draughted) -> bool {
    use domain::cases::Fact;
    draughted.facts.iter().any(|fact| matches!(fact, Fact::Filed { .. } | Fact::Resubmitted { .. }))
}

/// Turns a wish into a command: resolves materials; the document's number follows in [`reserve_document`].
pub(super) async fn command(
    city: &City,
    actor: &Actor,
    case: &Case,
    published: &Published,
    work: Work,
) -> Result<Command, ServiceError> {
    let document = DocumentRef::new(DocumentId::new(city.now(), [0; 10]), "");
    Ok(match work {
        Work::GiveFeedback { points } => {
            checked::points(&points, &published.bundle.matter, &published.bundle.form)?;
            Command::GiveFeedback { points }
        }
        Work::File => Command::File,
        Work::GiveVerdicts { verdicts } => Command::GiveVerdicts { verdicts },
        Work::Resume => Command::Resume,
        Work::Return { reason } => Command::Return { reason },
        Work::Deliver { method } => Command::Deliver { method },
        Work::Close => Command::Close,
        Work::Withdraw { reason } => Command::Withdraw { reason },
        Work::Terminate { ground, reason } => Command::Terminate { ground, reason, document },
        Work::AskPerson { reason } => Command::AskPerson { reason },
        Work::GiveOpinion { favourable, text, officers } => Command::GiveOpinion { favourable, text, officers },
        Work::AnswerCheck { kind, confirmed, note } => Command::AnswerCheck { kind, confirmed, note },
        Work::Revise { changed } => {
            Command::Revise { application: Box::new(application(city, actor, case, published, changed).await?) }
        }
        Work::Resubmit { changed } => {
            Command::Resubmit { application: Box::new(application(city, actor, case, published, changed).await?) }
        }
        Work::CorrectOnSpot { changed, note } => {
            let application = Box::new(application(city, actor, case, published, changed).await?);
            Command::CorrectOnSpot { application, note }
        }
        Work::RequestCorrection { points } => {
            checked::points(&points, &published.bundle.matter, &published.bundle.form)?;
            Command::RequestCorrection { points, document }
        }
        Work::DeclineAcceptance { ground, reasons } => Command::DeclineAcceptance { ground, reasons, document },
        Work::Accept => Command::Accept { document },
        Work::AcceptWithGaps => {
            Command::AcceptWithGaps { credit: credit::standing(city, &case.applicant.code).await?, document }
        }
        Work::SupplyGaps { materials } => {
            Command::SupplyGaps { items: supplied(city, actor, case, published, materials).await? }
        }
        Work::ReceiveGap { slot, note } => {
            Command::ReceiveGap { item: MaterialItem { slot, provided: Provided::Paper { note }, verdict: None } }
        }
        Work::CheckGap { slot, in_order, note } => Command::CheckGap { slot, verdict: Verdict { in_order, note } },
        Work::Pause { procedure, working_days } => Command::Pause { procedure, working_days, document },
        Work::Extend { reason } => Command::Extend { reason, document },
        Work::Grant { reasons } => Command::Grant { reasons, document },
        Work::Refuse { reasons } => Command::Refuse { reasons, document },
    })
}

/// The files that were handed in later.
async fn supplied(
    city: &City,
    actor: &Actor,
    case: &Case,
    published: &Published,
    given: Vec<GivenMaterial>,
) -> Result<Vec<MaterialItem>, ServiceError> {
    // Paper is taken at a window, with a command of its own.
    let given: Vec<GivenMaterial> = given
        .into_iter()
        .filter(|item| !item.uploads.is_empty())
        .map(|item| GivenMaterial { paper: None, ..item })
        .collect();
    let matter = &published.bundle.matter;
    let on_file = licences::on_file(city, &case.applicant.code).await?;
    let offers = materials::offers(city, matter, &case.applicant, &on_file, &case.number).await?;
    let offered = |slot: &str| case.open_gaps().any(|gap| gap.slot == slot && !gap.image);
    // What has come to the registers or on file meanwhile fills its gap as well as a file does.
    let offers: Vec<_> = offers.into_iter().filter(|offer| offered(&offer.slot)).collect();
    let items = materials::collect(city, actor, matter, &given, &offers, false).await?;
    let before = &case.application.materials;
    licences::note_materials(city, (case.number.as_str(), case.department.as_str()), &case.applicant, &items, before)
        .await?;
    Ok(items)
}

/// The application after a change: what is not given anew stays.
async fn application(
    city: &City,
    actor: &Actor,
    case: &Case,
    published: &Published,
    changed: Changed,
) -> Result<Application, ServiceError> {
    checked::replacing_form(&published.bundle.form, case, &changed.form)?;
    let matter = &published.bundle.matter;
    let on_file = licences::on_file(city, &case.applicant.code).await?;
    let offers = materials::offers(city, matter, &case.applicant, &on_file, &case.number).await?;
    let pledge = match changed.pledge {
        Some(given) if given.accepted => Some(domain::cases::SignedPledge {
            version: given.version,
            signed_at: city.now(),
            signed_by: actor.label(),
        }),
        Some(_) => None,
        None => case.application.pledge.clone(),
    };
    let given: Vec<GivenMaterial> = changed
        .materials
        .into_iter()
        .filter(|item| !item.uploads.is_empty() || item.paper.is_some())
        .map(|item| GivenMaterial { paper: item.paper.filter(|_| actor.is_staff()), ..item })
        .collect();
    let mut items = materials::collect(city, actor, matter, &given, &offers, pledge.is_some()).await?;
    for old in &case.application.materials {
        let replaced = given.iter().any(|item| item.slot == old.slot);
        match items.iter_mut().find(|item| item.slot == old.slot) {
            // A register that was silent may answer by now.
            Some(item) if replaced || answered(&old.provided, &item.provided) => {}
            // What was to follow has come to a register or on file meanwhile.
            Some(_) if matches!(old.provided, Provided::Later) => {}
            Some(item) => *item = old.clone(),
            // Who takes the promise back hands in what it stood for.
            None if matches!(old.provided, Provided::Pledge) && pledge.is_none() => {}
            None => items.push(old.clone()),
        }
    }
    // What is handed in now need not follow later.
    let gaps = case.application.gaps.clone().and_then(|mut promise| {
        promise.slots.retain(|slot| given.iter().all(|item| item.slot != *slot));
        (!promise.slots.is_empty()).then_some(promise)
    });
    let before = &case.application.materials;
    licences::note_materials(city, (case.number.as_str(), case.department.as_str()), &case.applicant, &items, before)
        .await?;
    Ok(Application { form: changed.form, materials: items, pledge, gaps })
}

fn answered(old: &Provided, new: &Provided) -> bool {
    matches!(old, Provided::Unanswered { .. }) && !matches!(new, Provided::Unanswered { .. })
}
