//! Filing an application: complete, checked, decided by rules where they can, sealed, and durable in one commit.

use domain::accounts::{Action, Actor, MandateRef, Party, Subject, may};
use domain::cases::{
    Application, Case, Context, CreditStanding, GapPromise, LicenceRef, Opening, Origin, Reason, RuleDecision,
    SignedPledge, State,
};
use domain::ids::{CaseId, LicenceId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::cases::DRAFT;
use store::{Change, Idempotency, PlainDelete, StoreError};

use super::by_rules::after_filing;
use super::credit;
use super::materials;
use super::party::{check_applicant, plain_names, refuse_out_of_effect};
use super::record::{RuleRecord, rule_record};
use super::seal_documents;
use super::write::{self, Draughted};
use crate::catalog::{self, Published, Shelf};
use crate::city::City;
use crate::error::{Boxed, FieldError, ServiceError};
use crate::licences::{self, OnFile};
use crate::numbers;
use crate::post::{self, Delivery};

/// How often a filing is decided anew when something it rested on was changed before its commit. Each time another filing
/// of the same holder or for the same name went through.
const ATTEMPTS: u32 = 16;

/// One material as given.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GivenMaterial {
    /// Slot of the matter.
    pub slot: String,
    /// Uploads, in page order.
    #[serde(default)]
    pub uploads: Vec<String>,
    /// What a clerk saw on paper; only at a window.
    #[serde(default)]
    pub paper: Option<String>,
}

/// The pledge as given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PledgeGiven {
    /// Version of the notice that was shown.
    pub version: String,
    /// The applicant accepted it.
    pub accepted: bool,
}

/// The promise to hand in secondary materials later, as given.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GapsGiven {
    /// Slots of what follows; one with files was given as an image.
    pub slots: Vec<String>,
    /// The applicant accepted what is promised.
    pub accepted: bool,
}

/// An application to be filed.
#[derive(Debug, Clone)]
pub struct Submit {
    /// Slug of the matter.
    pub matter: String,
    /// Who applies.
    pub applicant: Party,
    /// Who acts for the applicant.
    pub agent: Option<Party>,
    /// The form.
    pub form: serde_json::Value,
    /// The materials.
    pub materials: Vec<GivenMaterial>,
    /// The pledge, when chosen.
    pub pledge: Option<PledgeGiven>,
    /// What follows later 容缺, when chosen.
    pub gaps: Option<GapsGiven>,
    /// How it comes in.
    pub origin: Origin,
    /// Id of the place whose terminal sends it, when one does.
    pub terminal_at: Option<String>,
    /// Ask for feedback before filing.
    pub pre_review: bool,
    /// Key of the request.
    pub key: Option<RequestKey>,
    /// The licence that it is to renew (AL 50).
    pub renews: Option<LicenceId>,
    /// Draft that this came from; it goes away with the same commit.
    pub draft: Option<String>,
    /// How the result is wanted.
    pub delivery: Delivery,
}

/// Key of a request: id of the sender, the sender's key, SHA-256 of the request.
pub type RequestKey = (String, String, [u8; 32]);

/// Whether rules decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Approved by rules.
    Approved,
    /// Left to people.
    Manual,
}

/// What the sender gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// 办件编号.
    pub number: String,
    /// State name.
    pub state: String,
    /// Who decides.
    pub outcome: Outcome,
    /// What the rules said, when they ran.
    pub decision: Option<RuleDecision>,
    /// The same with every cell.
    pub record: Option<RuleRecord>,
    /// The licence, when one was issued.
    pub licence: Option<LicenceRef>,
}

/// What is kept of an answer under the key of its request: nothing about a person. The rest comes from the case.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    number: String,
    state: String,
    outcome: Outcome,
}

/// The first answer once more.
async fn repeated(city: &City, result: &str) -> Result<Submitted, ServiceError> {
    let Kept { number, state, outcome } = serde_json::from_str(result).map_err(ServiceError::internal)?;
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND number = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), number.as_str().into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("case"))?;
    let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    // What people decided later is no part of the first answer.
    let licence = case.licence.clone().filter(|_| outcome == Outcome::Approved);
    let record = rule_record(city, &case).await?;
    Ok(Submitted { number, state, outcome, decision: case.rules, record, licence })
}

/// Files an application.
pub fn submit<'a>(city: &'a City, actor: &'a Actor, submit: Submit) -> Boxed<'a, Submitted> {
    Box::pin(submitted(city, actor, submit))
}

async fn submitted(city: &City, actor: &Actor, submit: Submit) -> Result<Submitted, ServiceError> {
    if let Some((token, key, body_hash)) = &submit.key {
        // A repeated request gets its first answer before any number is used up; the commit checks once more.
        if let Some(result) = city.store().lookup(city.region(), token, key, body_hash).await? {
            return repeated(city, &result).await;
        }
    }
    loop {
        let shelf = city.shelf();
        match file(city, actor, &shelf, &submit).await {
            // Somebody paused or published the matter elsewhere meanwhile: decided again by what is in force now.
            Err(ServiceError::Changed) if catalog::supersedes(city, &shelf).await? => {}
            answer => return answer,
        }
    }
}

async fn file(city: &City, actor: &Actor, shelf: &Shelf, submit: &Submit) -> Result<Submitted, ServiceError> {
    let action = if submit.origin == Origin::Web { Action::Apply } else { Action::ApplyForOther };
    if action == Action::Apply && actor.person.is_none() {
        return Err(ServiceError::IdentityNeeded);
    }
    let published = shelf.matter(&submit.matter)?.clone();
    let subject = Subject {
        party: Some(&submit.applicant),
        matter: Some(&submit.matter),
        district: Some(&city.settings().district),
        ..Subject::default()
    };
    may(actor, action, &subject)?;
    plain_names(submit)?;
    submit.delivery.checked()?;
    refuse_out_of_effect(city, &published, submit)?;
    check_applicant(city, &published, submit).await?;
    let number = case_number(city, city.now()).await?;
    for _ in 0..ATTEMPTS {
        if let Some(answer) = attempt(city, actor, shelf, &published, submit, &number).await? {
            return Ok(answer);
        }
    }
    Err(ServiceError::Changed)
}

/// Decides on what is on file now and commits it; `None` when what was decided on has changed meanwhile.
async fn attempt(
    city: &City,
    actor: &Actor,
    shelf: &Shelf,
    published: &Published,
    submit: &Submit,
    number: &str,
) -> Result<Option<Submitted>, ServiceError> {
    let now = city.now();
    let on_file = licences::on_file(city, &submit.applicant.code).await?;
    let application = application(city, actor, published, submit, (&on_file, number), now).await?;
    let matter = &published.bundle.matter;
    let (agent, mandate) = agency(actor, submit);
    let opening = Opening {
        id: CaseId::new(now, city.random()),
        number: number.to_owned(),
        matter: matter.slug.clone(),
        matter_version: published.version,
        project_type: matter.project_type,
        department: matter.department.clone(),
        district: city.settings().district.clone(),
        applicant: submit.applicant.clone(),
        agent,
        mandate,
        filed_by: actor.label(),
        origin: submit.origin,
        terminal_at: submit.terminal_at.clone(),
        application,
        renews: licences::wanted(city, submit, published).await?,
        amends: licences::amended(published, &submit.form, &on_file),
        delivery: submit.delivery.way,
    };
    let calendar = city.calendar();
    let ctx = context(city, published, &calendar, &actor.name, now);
    let mut draughted = Draughted::opening(Case::open(opening, !submit.pre_review, &ctx)?)?;
    draughted.premises.extend(shelf.premise(&submit.matter));
    let mut issued = None;
    if draughted.case.state == State::Filed {
        issued = after_filing(city, &mut draughted, published, &on_file, actor).await?;
    }
    let sealed = seal_documents::seal_all(city, &mut draughted, published).await?;
    let mut change = draughted.change(city, &actor.label(), now)?;
    let newer = issued.as_ref().map(|issued| issued.reference.id);
    licences::follow(city, (&draughted.case, &draughted.facts), newer, &actor.label(), &mut change).await?;
    licences::add(&mut change, issued);
    change.plain.extend(sealed);
    change.plain.extend(super::uploads::bind(city, None, &draughted.case).await?);
    if let Some(address) = submit.delivery.checked()? {
        change.rows.push(post::wanted_row(city, actor, &draughted.case, address)?);
    }
    if let Some(draft) = &submit.draft {
        change.deletes.push(PlainDelete { table: &DRAFT, id: draft.clone() });
    }
    // Which licences stand in the place of papers is recorded last, when nothing but the commit itself can refuse the case.
    let (materials, decides) = (&draughted.case.application.materials, matter.department.as_str());
    licences::note_materials(city, (number, decides), &submit.applicant, materials, &[]).await?;
    commit(city, draughted, change, submit.key.clone()).await
}

/// Who acts for the applicant, and by which mandate: a clerk files as agent, whatever was said.
fn agency(actor: &Actor, submit: &Submit) -> (Option<Party>, Option<MandateRef>) {
    if submit.origin != Origin::Web || actor.stands_for(&submit.applicant) {
        return (submit.agent.clone(), None);
    }
    match actor.mandate_for(Action::Apply, &submit.applicant, Some(&submit.matter)) {
        Some(mandate) => (actor.person.clone(), Some(mandate.reference())),
        None => (submit.agent.clone(), None),
    }
}

/// What `decide` needs to know.
pub(super) fn context<'a>(
    city: &'a City,
    published: &'a Published,
    calendar: &'a domain::time::Calendar,
    by: &'a str,
    now: Timestamp,
) -> Context<'a> {
    Context { now, by, matter: &published.bundle.matter, form: &published.bundle.form, calendar, law: city.law() }
}

async fn commit(
    city: &City,
    draughted: Draughted,
    mut change: Change,
    key: Option<RequestKey>,
) -> Result<Option<Submitted>, ServiceError> {
    let case = &draughted.case;
    let approved = case.decision.as_ref().is_some_and(|decision| decision.granted && decision.automatic);
    let answer = Submitted {
        number: case.number.clone(),
        state: case.state.name().to_owned(),
        outcome: if approved { Outcome::Approved } else { Outcome::Manual },
        decision: case.rules.clone(),
        record: draughted.record,
        licence: case.licence.clone(),
    };
    if let Some((token, key, body_hash)) = key {
        let kept = Kept { number: answer.number.clone(), state: answer.state.clone(), outcome: answer.outcome };
        let result = serde_json::to_string(&kept).map_err(ServiceError::internal)?;
        change.idempotency = Some(Idempotency { token, key, body_hash, result });
    }
    match city.store().commit(change).await {
        Ok(_) => Ok(Some(answer)),
        Err(StoreError::IdempotencyReplay { result }) => repeated(city, &result).await.map(Some),
        Err(error) if licences::was_overtaken(&error) => Ok(None),
        Err(error) => Err(write::commit_error(city, case, error).await),
    }
}

async fn application(
    city: &City,
    actor: &Actor,
    published: &Published,
    submit: &Submit,
    (on_file, number): (&[OnFile], &str),
    now: Timestamp,
) -> Result<Application, ServiceError> {
    let bundle = &published.bundle;
    let errors: Vec<FieldError> = bundle
        .form
        .validate(&submit.form, None)
        .into_iter()
        .map(|error| FieldError::new(format!("/form{}", error.pointer), error.message))
        .collect();
    if !errors.is_empty() && submit.origin != Origin::Window {
        return Err(ServiceError::Invalid(errors));
    }
    let pledge = signed_pledge(actor, submit, now)?;
    let mut given = submit.materials.clone();
    if submit.origin != Origin::Window {
        given.iter_mut().for_each(|item| item.paper = None);
    }
    let offers = materials::offers(city, &bundle.matter, &submit.applicant, on_file, number).await?;
    let mut items = materials::collect(city, actor, &bundle.matter, &given, &offers, pledge.is_some()).await?;
    let gaps = promised_gaps(city, actor, submit, now).await?;
    materials::follow_later(&bundle.matter, gaps.as_ref(), &mut items);
    Ok(Application { form: submit.form.clone(), materials: items, pledge, gaps })
}

fn signed_pledge(actor: &Actor, submit: &Submit, now: Timestamp) -> Result<Option<SignedPledge>, ServiceError> {
    match &submit.pledge {
        Some(given) if given.accepted => {
            Ok(Some(SignedPledge { version: given.version.clone(), signed_at: now, signed_by: actor.label() }))
        }
        Some(_) => Err(ServiceError::field(
            "/pledge/accepted",
            "选择告知承诺方式，须勾选同意承诺内容。",
            "To apply by pledge, tick that you accept what is promised.",
        )),
        None => Ok(None),
    }
}

/// RQ-2, RQ-4: what may follow later is promised, and not by whoever broke such a promise before.
async fn promised_gaps(
    city: &City,
    actor: &Actor,
    submit: &Submit,
    now: Timestamp,
) -> Result<Option<GapPromise>, ServiceError> {
    let Some(given) = submit.gaps.as_ref().filter(|given| !given.slots.is_empty()) else { return Ok(None) };
    if !given.accepted {
        return Err(ServiceError::field(
            "/gaps/accepted",
            "选择容缺后补，须勾选同意承诺内容。",
            "To hand things in later, tick that you accept what is promised.",
        ));
    }
    if credit::standing(city, &submit.applicant.code).await? == CreditStanding::Broken {
        let words = Reason::BrokenPromise.explain();
        return Err(ServiceError::field("/gaps", &words.zh, &words.en));
    }
    let mut slots = given.slots.clone();
    slots.sort_unstable();
    slots.dedup();
    Ok(Some(GapPromise { slots, signed_at: now, signed_by: actor.label() }))
}

/// 办件编号: district + date + six digits.
async fn case_number(city: &City, now: Timestamp) -> Result<String, ServiceError> {
    let date = now.date();
    let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let sequence = city.number(&numbers::of_cases(date)).await?;
    Ok(format!("{}{day}{sequence:06}", city.settings().district))
}
