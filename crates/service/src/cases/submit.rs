//! Filing an application: complete, checked, decided by rules where they can, sealed, and durable in one commit.

use std::sync::Arc;

use domain::accounts::{Action, Actor, Party, Subject, may};
use domain::cases::{
    Application, Case, Command, Context, DocumentKind, LicenceRef, Opening, Origin, Provided, RuleDecision,
    SignedPledge, State, application_blockers, decide,
};
use domain::catalog::ApplicantKind;
use domain::codes::document::{self, IdKind};
use domain::codes::uscc;
use domain::ids::CaseId;
use domain::registry::{Answer, register};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::civil::Date;
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
use crate::licences::{self, Issued, OnFile, Seen};
use crate::registry;

/// The outcome of a rule that alone decides without a person.
const APPROVE: &str = "approve";
/// The `id_type` of everybody who is not a person.
const USCC: &str = "uscc";
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
    let subject =
        Subject { party: Some(&submit.applicant), district: Some(&city.settings().district), ..Subject::default() };
    may(actor, action, &subject)?;
    plain_names(submit)?;
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
    let application = application(city, actor, published, submit, &on_file, now).await?;
    let matter = &published.bundle.matter;
    let opening = Opening {
        id: CaseId::new(now, city.random()),
        number: number.to_owned(),
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
    let ctx = context(city, published, &calendar, &actor.name, now);
    let mut draughted = Draughted::opening(Case::open(opening, !submit.pre_review, &ctx)?)?;
    draughted.premises.extend(shelf.premise(&submit.matter));
    let mut issued = None;
    if draughted.case.state == State::Filed {
        issued = after_filing(city, &mut draughted, published, &on_file, actor).await?;
    }
    let sealed = seal_documents::seal_all(city, &mut draughted, published).await?;
    let mut change = draughted.change(city, &actor.label(), now)?;
    licences::add(&mut change, issued);
    change.plain.extend(sealed);
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
) -> Result<Option<Submitted>, ServiceError> {
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
        Ok(_) => Ok(Some(answer)),
        Err(StoreError::IdempotencyReplay { result }) => {
            serde_json::from_str(&result).map(Some).map_err(ServiceError::internal)
        }
        Err(error) if licences::was_overtaken(&error) => Ok(None),
        Err(error) => Err(write::commit_error(city, case, error).await),
    }
}

/// No name holds characters that cannot be seen or that turn the text around: it is printed in sealed papers.
fn plain_names(submit: &Submit) -> Result<(), ServiceError> {
    let agent = submit.agent.as_ref().map(|agent| ("/agent/name", agent));
    let errors: Vec<FieldError> = [("/applicant/name", &submit.applicant)]
        .into_iter()
        .chain(agent)
        .filter_map(|(field, party)| {
            let error = domain::codes::name::check_organisation(&party.name).err()?;
            Some(FieldError::new(field, error.explain()))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(errors)) }
}

/// The kind must be one that the matter serves, the code one that can exist for it, and the name the registered one.
async fn check_applicant(city: &City, published: &Published, submit: &Submit) -> Result<(), ServiceError> {
    let applicant = &submit.applicant;
    let today = city.now().date();
    let mut errors = party_errors(applicant, "/applicant", today);
    errors.extend(submit.agent.iter().flat_map(|agent| party_errors(agent, "/agent", today)));
    if !errors.is_empty() {
        return Err(ServiceError::Invalid(errors));
    }
    if !published.bundle.matter.applicants.contains(&applicant.kind) {
        return Err(ServiceError::field(
            "/applicant/kind",
            "本事项不面向这类申请人，请换用符合条件的身份办理。",
            "This matter is not open to this kind of applicant. Apply as one of those it is open to.",
        ));
    }
    let register = if applicant.id_type == USCC { "enterprise" } else { "person" };
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

/// What is wrong with the numbers of a party; `at` is where it stands in the request.
fn party_errors(party: &Party, at: &str, today: Date) -> Vec<FieldError> {
    let error = |field: &str, text: Text| vec![FieldError::new(format!("{at}/{field}"), text)];
    if party.kind != ApplicantKind::Person {
        if party.id_type != USCC {
            let text = Text::new(
                "单位和个体工商户的证件类型应为 uscc（统一社会信用代码）。",
                "Organisations and individual businesses use the id_type uscc (unified social credit code).",
            );
            return error("id_type", text);
        }
        return uscc::parse(&party.code).err().map_or_else(Vec::new, |wrong| error("code", wrong.explain()));
    }
    let Ok(kind) = party.id_type.parse::<IdKind>() else {
        let known: Vec<&str> = IdKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let known = known.join(", ");
        let text = Text::new(
            format!("个人的证件类型应为以下之一：{known}。"),
            format!("The id_type of a person is one of: {known}."),
        );
        return error("id_type", text);
    };
    let wrong = document::parse(kind, &party.code, today).err();
    wrong.map_or_else(Vec::new, |wrong| error("code", wrong.explain()))
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
) -> Result<Option<Issued>, ServiceError> {
    let shelf = city.shelf();
    let Some(rule) = published.rules.as_ref().filter(|_| shelf.is_automatic(&draughted.case.matter)) else {
        return Ok(None);
    };
    // Whoever pauses the rules stops every decision of theirs that is not committed yet, on whatever server.
    draughted.premises.extend(shelf.premise(&draughted.case.matter));
    let now = city.now();
    let case = &draughted.case;
    // What a window takes or an applicant hands in anew may have gaps (AL 32(4)). It is received all the same, and a
    // clerk tells what is missing; rules decide on complete applications only.
    let bundle = &published.bundle;
    if !application_blockers(&bundle.matter, &bundle.form, &case.application).is_empty() {
        return Ok(None);
    }
    let seen = Seen::before(city, case, published, on_file).await?;
    let known = Knowledge {
        applicant: &case.applicant,
        agent: case.agent.as_ref(),
        form: &case.application.form,
        pledge: case.application.pledge.as_ref(),
        licences: on_file,
        now,
    };
    let (facts, _) = facts::gather(city, rule, &known).await?;
    let mut decision = record(&rule.evaluate(&facts), published.version)?;
    if let Some(reason) = silent(case).filter(|_| decision.outcome == APPROVE) {
        decision.outcome = rules::Outcome::Manual.name().to_owned();
        decision.reason = reason;
    }
    let calendar = city.calendar();
    let ctx = context(city, published, &calendar, &actor.name, now);
    if decision.outcome != APPROVE {
        let facts = decide(&draughted.case, Command::NoteRules { rules: Box::new(decision) }, &ctx)?;
        draughted.add(facts);
        return Ok(None);
    }
    let document = seal_documents::reserve(city, DocumentKind::Combined).await?;
    let percent = published.bundle.matter.automation.as_ref().map_or(0, |automation| automation.check_percent);
    let sampled = u32::from_le_bytes(city.random()) % 100 < percent;
    let command = Command::DecideByRules { rules: Box::new(decision), document, sampled };
    draughted.add(decide(&draughted.case, command, &ctx)?);
    hand_over(city, draughted, published, &ctx, "system", seen).await
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
    // At a window the result is handed to a person, so it waits for the clerk.
    if draughted.case.origin != Origin::Window {
        draughted.add(decide(&draughted.case, Command::Deliver { method: "download".into() }, ctx)?);
        draughted.add(decide(&draughted.case, Command::Close, ctx)?);
    }
    Ok(issued)
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
        record: Arc::new(serde_json::to_value(decision).map_err(ServiceError::internal)?),
    })
}
