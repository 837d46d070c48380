//! Filing an application: complete, checked, decided by rules where they can, sealed, and durable in one commit.

use domain::accounts::{Action, Actor, Party, Subject, may};
use domain::cases::{
    Application, Case, Command, Context, DocumentKind, LicenceRef, Opening, Origin, RuleDecision, SignedPledge, State,
    decide,
};
use domain::ids::CaseId;
use domain::registry::Answer;
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::cases::DRAFT;
use store::{Change, Idempotency, PlainDelete, StoreError};

use super::facts::{self, Knowledge};
use super::materials;
use super::seal_documents;
use super::write::{self, Draughted};
use crate::catalog::{self, Published, Shelf};
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::licences::{self, OnFile};
use crate::registry;

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
    /// How it comes in.
    pub origin: Origin,
    /// Ask for feedback before filing.
    pub pre_review: bool,
    /// Key of the request.
    pub key: Option<RequestKey>,
    /// Draft that this came from; it goes away with the same commit.
    pub draft: Option<String>,
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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Submitted {
    /// 办件编号.
    pub number: String,
    /// State name.
    pub state: String,
    /// Who decides.
    pub outcome: Outcome,
    /// What the rules said, when they ran.
    pub decision: Option<RuleDecision>,
    /// The licence, when one was issued.
    pub licence: Option<LicenceRef>,
}

/// Files an application.
pub async fn submit(city: &City, actor: &Actor, submit: Submit) -> Result<Submitted, ServiceError> {
    if let Some((token, key, body_hash)) = &submit.key {
        // A repeated request gets its first answer before any number is used up; the commit checks once more.
        if let Some(result) = city.store().lookup(city.region(), token, key, body_hash).await? {
            return serde_json::from_str(&result).map_err(ServiceError::internal);
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
    let matter = &published.bundle.matter;
    let subject =
        Subject { party: Some(&submit.applicant), district: Some(&city.settings().district), ..Subject::default() };
    may(actor, action, &subject)?;
    check_applicant(city, &published, submit).await?;
    let now = city.now();
    let on_file = licences::on_file(city, &submit.applicant.code).await?;
    let application = application(city, actor, &published, submit, &on_file, now).await?;
    let case_number = case_number(city, now).await?;
    let opening = Opening {
        id: CaseId::new(now, city.random()),
        number: case_number,
        matter: matter.slug.clone(),
        matter_version: published.version,
        project_type: matter.project_type,
        department: matter.department.clone(),
        district: city.settings().district.clone(),
        applicant: submit.applicant.clone(),
        agent: submit.agent.clone(),
        filed_by: actor.label(),
        origin: submit.origin,
        application,
    };
    let calendar = city.calendar();
    let ctx = context(city, &published, &calendar, &actor.name, now);
    let mut draughted = Draughted::opening(Case::open(opening, !submit.pre_review, &ctx)?)?;
    draughted.premises.extend(shelf.premise(&submit.matter));
    let mut change_rows = Vec::new();
    if draughted.case.state == State::Filed {
        change_rows = after_filing(city, &mut draughted, &published, &on_file, actor).await?;
    }
    let mut change = draughted.change(city, &actor.label(), now)?;
    change.rows.extend(change_rows);
    change.plain.extend(seal_documents::seal_all(city, &draughted, &published).await?);
    change.plain.extend(super::uploads::bind(city, &draughted.case).await?);
    if let Some(draft) = &submit.draft {
        change.deletes.push(PlainDelete { table: &DRAFT, id: draft.clone() });
    }
    commit(city, &draughted.case, change, submit.key.clone()).await
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
    case: &Case,
    mut change: Change,
    key: Option<RequestKey>,
) -> Result<Submitted, ServiceError> {
    let approved = case.decision.as_ref().is_some_and(|decision| decision.granted && decision.automatic);
    let answer = Submitted {
        number: case.number.clone(),
        state: case.state.name().to_owned(),
        outcome: if approved { Outcome::Approved } else { Outcome::Manual },
        decision: case.rules.clone(),
        licence: case.licence.clone(),
    };
    if let Some((token, key, body_hash)) = key {
        let result = serde_json::to_string(&answer).map_err(ServiceError::internal)?;
        change.idempotency = Some(Idempotency { token, key, body_hash, result });
    }
    match city.store().commit(change).await {
        Ok(_) => Ok(answer),
        Err(StoreError::IdempotencyReplay { result }) => serde_json::from_str(&result).map_err(ServiceError::internal),
        Err(error) => Err(write::commit_error(city, case, error).await),
    }
}

/// The kind must be one that the matter serves, and the name must be the registered one.
async fn check_applicant(city: &City, published: &Published, submit: &Submit) -> Result<(), ServiceError> {
    let applicant = &submit.applicant;
    if !published.bundle.matter.applicants.contains(&applicant.kind) {
        return Err(ServiceError::field(
            "/applicant/kind",
            "本事项不面向这类申请人，请换用符合条件的身份办理。",
            "This matter is not open to this kind of applicant. Apply as one of those it is open to.",
        ));
    }
    let register = if applicant.id_type == "uscc" { "enterprise" } else { "person" };
    // A register that is silent or knows nobody does not stop the filing; it keeps rules from approving.
    if let Answer::Found(doc) = registry::entry(city, register, &applicant.code).await?
        && doc.get("name").and_then(|name| name.as_str()) != Some(applicant.name.as_str())
    {
        return Err(ServiceError::field(
            "/applicant/name",
            "名称与登记的不一致，请按登记名称填写。",
            "The name differs from the registered one. Use the registered name.",
        ));
    }
    Ok(())
}

async fn application(
    city: &City,
    actor: &Actor,
    published: &Published,
    submit: &Submit,
    on_file: &[OnFile],
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
    let offers = materials::offers(city, &bundle.matter, &submit.applicant, on_file).await?;
    let items = materials::collect(city, actor, &bundle.matter, &given, &offers, pledge.is_some()).await?;
    Ok(Application { form: submit.form.clone(), materials: items, pledge })
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

/// 办件编号: district + date + six digits.
async fn case_number(city: &City, now: Timestamp) -> Result<String, ServiceError> {
    let date = now.date();
    let day = format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let sequence = city.number(&format!("case/{day}")).await?;
    Ok(format!("{}{day}{sequence:06}", city.settings().district))
}

/// Runs the rules on a case that has just been filed. Approval brings decision, licence and delivery in the same
/// commit; anything else is kept on the case and left to people.
pub(super) async fn after_filing(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
    on_file: &[OnFile],
    actor: &Actor,
) -> Result<Vec<store::RowWrite>, ServiceError> {
    let shelf = city.shelf();
    let Some(rule) = published.rules.as_ref().filter(|_| shelf.is_automatic(&draughted.case.matter)) else {
        return Ok(Vec::new());
    };
    // Whoever pauses the rules stops every decision of theirs that is not committed yet, on whatever server.
    draughted.premises.extend(shelf.premise(&draughted.case.matter));
    let now = city.now();
    let case = &draughted.case;
    let known = Knowledge {
        applicant: &case.applicant,
        agent: case.agent.as_ref(),
        form: &case.application.form,
        pledge: case.application.pledge.as_ref(),
        licences: on_file,
        now,
    };
    let (facts, _) = facts::gather(city, rule, &known).await?;
    let decision = record(&rule.evaluate(&facts), published.version)?;
    let calendar = city.calendar();
    let ctx = context(city, published, &calendar, &actor.name, now);
    if decision.outcome != "approve" {
        let facts = decide(&draughted.case, Command::NoteRules { rules: Box::new(decision) }, &ctx)?;
        draughted.add(facts);
        return Ok(Vec::new());
    }
    let document = seal_documents::reserve(city, DocumentKind::Combined).await?;
    let percent = published.bundle.matter.automation.as_ref().map_or(0, |automation| automation.check_percent);
    let sampled = u32::from_le_bytes(city.random()) % 100 < percent;
    let command = Command::DecideByRules { rules: Box::new(decision), document, sampled };
    draughted.add(decide(&draughted.case, command, &ctx)?);
    hand_over(city, draughted, published, &ctx, "system").await
}

/// Makes the licence of a granted case and, where the result is electronic, delivers it and closes the file.
pub(super) async fn hand_over(
    city: &City,
    draughted: &mut Draughted,
    published: &Published,
    ctx: &Context<'_>,
    actor: &str,
) -> Result<Vec<store::RowWrite>, ServiceError> {
    let mut rows = Vec::new();
    if let Some(issued) = licences::issue(city, &draughted.case, published, ctx.now, actor).await? {
        rows.push(issued.row);
        draughted.add(decide(&draughted.case, Command::IssueLicence { licence: issued.reference }, ctx)?);
    }
    // At a window the result is handed to a person, so it waits for the clerk.
    if draughted.case.origin != Origin::Window {
        draughted.add(decide(&draughted.case, Command::Deliver { method: "download".into() }, ctx)?);
        draughted.add(decide(&draughted.case, Command::Close, ctx)?);
    }
    Ok(rows)
}

/// What the case keeps of a rule's decision.
fn record(decision: &rules::Decision, version: i64) -> Result<RuleDecision, ServiceError> {
    Ok(RuleDecision {
        outcome: decision.outcome.name().to_owned(),
        rule: decision.rule.id.to_string(),
        version: version.to_string(),
        sha256: decision.rule.sha256.to_string(),
        fired: decision.fired.iter().map(ToString::to_string).collect(),
        reason: Text::new(&decision.reason.zh, &decision.reason.en),
        record: serde_json::to_value(decision).map_err(ServiceError::internal)?,
    })
}
