//! Taking an application at a window: the matter, the applicant by number, the answers, the papers seen; one page.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action as Permission, Actor, Party, Subject, may};
use domain::cases::Origin;
use domain::catalog::{FieldError, Matter, Prefill};
use serde_json::{Map, Value};
use service::ServiceError;
use service::cases::{GapsGiven, PledgeGiven, Submit, submit};
use service::catalog::Published;

use super::applicant::{fill, first_values, look_up};
use super::intake::{self, Handed, Slot};
use super::{act, find_matter, frame};
use crate::accounts::party_facts;
use crate::app::{Failure, Visit};
use crate::cases::Mixed;
use crate::cases::fields::{Sheet, Topic, joined, without_row};
use crate::i18n::T;
use crate::kit::{Action, Crumbs, ErrorSummary, Facts, Field, Icon};
use crate::layout::{Page, respond};

/// What is told to other issuers in the place of a case number while a window takes an application in.
const WALK_IN: &str = "walk-in";

#[derive(Template)]
#[template(path = "desk/walk_in.html")]
struct WalkIn<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    slug: &'a str,
    name: &'a str,
    code: Field,
    agent: Field,
    /// The number that the answers below were filled in for.
    filled_for: &'a str,
    applicant: Option<Facts>,
    topics: Vec<Topic>,
    slots: Vec<Slot>,
    promises: Vec<String>,
    pledge: Option<Field>,
    may_follow: Vec<String>,
    later: Option<Field>,
    incomplete: Option<Field>,
    nonce: String,
}

/// One attempt: what has been typed and found so far.
#[derive(Default)]
struct Attempt {
    code: String,
    agent_code: String,
    applicant: Option<Party>,
    agent: Option<Party>,
    known: BTreeMap<String, Prefill>,
    data: Value,
    handed: Vec<Handed>,
    pledged: bool,
    /// What may follow and was not handed in is promised for later.
    later: bool,
    more: String,
    errors: Vec<FieldError>,
    /// Sentences by field of the page itself; an empty name means the whole.
    problems: Vec<(&'static str, String)>,
}

impl Attempt {
    fn problem(&self, name: &str) -> String {
        self.problems.iter().find(|(own, _)| *own == name).map_or_else(String::new, |(_, text)| text.clone())
    }

    /// Something that a tick cannot excuse.
    fn wrong(&self) -> bool {
        !self.problems.is_empty() || self.handed.iter().any(|own| own.error.is_some())
    }
}

fn clerk(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Permission::ApplyForOther, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

/// `GET /desk/walk-in?q=&matter=`: the search, or the empty form of a matter. The number of a person never stands in
/// an address.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    clerk(&visit)?;
    match query.get("matter").filter(|slug| !slug.is_empty()) {
        Some(slug) => {
            let published = visit.city().shelf().matter(slug)?.clone();
            show(&visit, StatusCode::OK, &published, &Attempt::default()).await
        }
        None => find_matter::show(&visit, query.get("q").map_or("", |words| words.trim())).await,
    }
}

fn errors(t: T, attempt: &Attempt) -> ErrorSummary {
    let mut errors = ErrorSummary::new(t);
    for (name, text) in &attempt.problems {
        if name.is_empty() { errors.push_general(text.as_str()) } else { errors.push(name, text.as_str()) }
    }
    for error in &attempt.errors {
        errors.push(&error.field, t.of(&error.message));
    }
    for own in &attempt.handed {
        if let Some(error) = &own.error {
            errors.push(&own.slot, error.as_str());
        }
    }
    errors
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    published: &Published,
    attempt: &Attempt,
) -> Result<Response, Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), clerk(visit)?);
    let page = frame::page(visit, "/desk/walk-in").await?;
    let matter = &published.bundle.matter;
    let sheet = Sheet {
        t,
        form: &published.bundle.form,
        data: &attempt.data,
        prefill: &attempt.known,
        errors: &attempt.errors,
        more: &attempt.more,
        at_window: true,
    };
    let terms = matter.pledge.as_ref().filter(|_| attempt.applicant.is_some());
    let slots = match &attempt.applicant {
        Some(applicant) => {
            let about = (matter, applicant, WALK_IN);
            intake::slots((t, city, actor), &matter.materials, about, &attempt.handed, |_| String::new()).await?
        }
        None => Vec::new(),
    };
    let nonce: [u8; 16] = city.random();
    let number = |name: &'static str, label: &str, value: &str| {
        Field::text(t, name, label)
            .width("m")
            .max_length(40)
            .autocomplete("off")
            .value(value)
            .error(attempt.problem(name))
    };
    let view = WalkIn {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_walk_in(), "/desk/walk-in"),
        errors: errors(t, attempt),
        slug: &matter.slug,
        name: t.of(&matter.name),
        code: number("code", t.desk_walk_code(), &attempt.code),
        agent: number("agent", t.desk_walk_agent(), &attempt.agent_code).hint(t.desk_walk_agent_hint()).optional(),
        filled_for: attempt.applicant.as_ref().map_or("", |party| party.code.as_str()),
        applicant: attempt.applicant.as_ref().map(|party| Facts::new(t, party_facts(t, party))),
        topics: if attempt.applicant.is_some() { sheet.topics() } else { Vec::new() },
        slots,
        promises: terms.map_or_else(Vec::new, |own| own.promise.iter().map(|text| t.of(text).to_owned()).collect()),
        pledge: terms.map(|_| {
            let ticked = if attempt.pledged { "true" } else { "" };
            Field::tick(t, "pledge", t.desk_walk_pledge()).value(ticked)
        }),
        may_follow: matter.gap_able().map(|material| t.of(&material.name).to_owned()).collect(),
        later: matter.gap_able().next().filter(|_| attempt.applicant.is_some()).map(|_| {
            let ticked = if attempt.later { "true" } else { "" };
            Field::tick(t, "later", t.desk_walk_later()).value(ticked)
        }),
        incomplete: (attempt.applicant.is_some() && !attempt.errors.is_empty())
            .then(|| Field::tick(t, "incomplete", t.desk_walk_incomplete())),
        nonce: nonce.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// Looks the numbers up again: a hidden field would be the browser's word for who applies.
async fn people(mixed: &Mixed, published: &Published, attempt: &mut Attempt) -> Result<(), Failure> {
    let (t, city) = (mixed.visit.t(), mixed.visit.city());
    match look_up(t, city, &attempt.code).await? {
        Ok(party) if published.bundle.matter.applicants.contains(&party.kind) => attempt.applicant = Some(party),
        Ok(_) => attempt.problems.push(("code", t.desk_walk_kind().to_owned())),
        Err(text) => attempt.problems.push(("code", text)),
    }
    if !attempt.agent_code.is_empty() {
        match look_up(t, city, &attempt.agent_code).await? {
            Ok(party) => attempt.agent = Some(party),
            Err(text) => attempt.problems.push(("agent", text)),
        }
    }
    Ok(())
}

/// What the registers know goes into the form once, when the applicant is looked up; afterwards only its source is
/// named where it still stands.
async fn knowledge(mixed: &Mixed, published: &Published, attempt: &mut Attempt) -> Result<(), Failure> {
    let (t, city) = (mixed.visit.t(), mixed.visit.city());
    let Some(applicant) = &attempt.applicant else { return Ok(()) };
    let agent = attempt.agent.as_ref();
    attempt.known = first_values(city, published, agent, applicant, &attempt.data).await?;
    let filled_for = mixed.get("for");
    if filled_for == applicant.code && mixed.get("do") != "find" {
        return Ok(());
    }
    let before = match filled_for == applicant.code || filled_for.is_empty() {
        true => BTreeMap::new(),
        false => match look_up(t, city, filled_for).await? {
            Ok(other) => first_values(city, published, agent, &other, &attempt.data).await?,
            Err(_) => BTreeMap::new(),
        },
    };
    fill(&mut attempt.data, &before, &attempt.known);
    Ok(())
}

/// Reads what was posted.
async fn read(mixed: &Mixed, published: &Published) -> Result<Attempt, Failure> {
    let action = Action::parse(mixed.get("do"));
    let pairs = match &action {
        Some(Action::Remove(group, row)) => without_row(mixed.pairs.clone(), group, *row),
        _ => mixed.pairs.clone(),
    };
    let mut attempt = Attempt {
        code: mixed.get("code").trim().to_owned(),
        agent_code: mixed.get("agent").trim().to_owned(),
        data: Value::Object(Map::new()),
        handed: intake::handed(mixed, clerk(&mixed.visit)?, &published.bundle.matter.materials).await?,
        pledged: !mixed.get("pledge").is_empty(),
        later: !mixed.get("later").is_empty(),
        ..Attempt::default()
    };
    people(mixed, published, &mut attempt).await?;
    let form = &published.bundle.form;
    let mut unreadable = Vec::new();
    for step in form.steps() {
        let (data, errors) = form.parse_post(&step.id, &pairs);
        attempt.data = form.merge(&attempt.data, &step.id, &data);
        unreadable.extend(errors);
    }
    knowledge(mixed, published, &mut attempt).await?;
    attempt.errors = joined(unreadable, form.validate(&attempt.data, None));
    if let Some(Action::Add(group)) = action {
        attempt.more = group;
    }
    Ok(attempt)
}

/// `POST /desk/walk-in`: `do=find` looks up, `do=refresh`, the row and the file buttons draw the page anew, `do=send`
/// files.
pub(super) async fn send(mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let actor = clerk(visit)?;
    let city = visit.city();
    let published = city.shelf().matter(mixed.get("matter"))?.clone();
    let mut attempt = read(&mixed, &published).await?;
    if mixed.get("do") != "send" || attempt.applicant.is_none() {
        attempt.errors.clear();
        let status = if attempt.wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return show(visit, status, &published, &attempt).await;
    }
    // 行政许可法 第三十二条: what is incomplete is received too, and answered with the one-time notice. The clerk sees
    // first what is missing and says so.
    if attempt.wrong() || (!attempt.errors.is_empty() && mixed.get("incomplete").is_empty()) {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &published, &attempt).await;
    }
    let Some(wanted) = wanted(actor, &mixed, &published, &attempt) else {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &published, &attempt).await;
    };
    let t = visit.t();
    let (status, texts) = match submit(city, actor, wanted).await {
        Ok(done) => return Ok(act::done(&done.number, "walk-in", "accept")),
        Err(ServiceError::Duplicate(number)) => (StatusCode::CONFLICT, vec![t.desk_walk_duplicate(number)]),
        Err(other) => act::refused(t, other)?,
    };
    attempt.problems.extend(texts.into_iter().map(|text: String| ("", text)));
    show(visit, status, &published, &attempt).await
}

/// Materials that may follow and were not handed in.
fn not_handed_in(matter: &Matter, handed: &[Handed]) -> Vec<String> {
    let given = intake::given(handed);
    let missing = matter.gap_able().filter(|material| given.iter().all(|own| own.slot != material.slot));
    missing.map(|material| material.slot.clone()).collect()
}

/// The application as it is filed.
fn wanted(actor: &Actor, mixed: &Mixed, published: &Arc<Published>, attempt: &Attempt) -> Option<Submit> {
    let matter = &published.bundle.matter;
    let pledge = matter.pledge.as_ref().filter(|_| attempt.pledged);
    // A double click sends the same page twice and gets the same answer; every page drawn has a key of its own.
    let content: Vec<&(String, String)> = mixed.pairs.iter().filter(|(name, _)| name != "csrf").collect();
    let hash = seal::digest::sha256(serde_json::to_string(&content).unwrap_or_default().as_bytes());
    let nonce = mixed.get("nonce");
    Some(Submit {
        matter: matter.slug.clone(),
        applicant: attempt.applicant.clone()?,
        agent: attempt.agent.clone(),
        form: published.bundle.form.normalise(&attempt.data),
        materials: intake::given(&attempt.handed),
        pledge: pledge.map(|terms| PledgeGiven { version: terms.version.clone(), accepted: true }),
        gaps: attempt.later.then(|| GapsGiven { slots: not_handed_in(matter, &attempt.handed), accepted: true }),
        origin: Origin::Window,
        terminal_at: None,
        pre_review: false,
        key: (nonce.len() == 32).then(|| (actor.label(), nonce.to_owned(), hash)),
        renews: None,
        draft: None,
        delivery: Default::default(),
    })
}
