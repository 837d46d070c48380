//! Taking an application at a window: the matter, the applicant by number, the answers, the papers seen; one page.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action as Permission, Actor, Party, Subject, may};
use domain::cases::Origin;
use domain::catalog::{ApplicantKind, FieldError};
use domain::codes::{citizen_id, uscc};
use domain::registry::Answer;
use serde_json::{Map, Value};
use service::cases::{GivenMaterial, PledgeGiven, Submit, offers, submit};
use service::catalog::Published;
use service::{City, ServiceError, licences, registry};

use super::frame;
use super::sheet::{Sheet, Topic};
use crate::accounts::party_facts;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Action, Crumbs, ErrorSummary, Facts, Field, Icon};
use crate::layout::{Page, respond};

struct Hit {
    href: String,
    name: String,
    department: String,
}

struct Slot {
    name: String,
    /// What is there already, else the field for what was seen.
    ready: Option<String>,
    seen: Option<Field>,
}

#[derive(Template)]
#[template(path = "desk/walk_in.html")]
struct WalkIn<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    search: Option<Field>,
    searched: bool,
    hits: Vec<Hit>,
    matter: Option<(String, String)>,
    code: Option<Field>,
    agent: Option<Field>,
    applicant: Option<Facts>,
    topics: Vec<Topic>,
    slots: Vec<Slot>,
    promises: Vec<String>,
    pledge: Option<Field>,
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
    data: Value,
    pairs: Vec<(String, String)>,
    more: String,
    errors: Vec<FieldError>,
    /// Sentences by field of the page itself; an empty name means the whole.
    problems: Vec<(&'static str, String)>,
}

impl Attempt {
    fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    fn problem(&self, name: &str) -> String {
        self.problems.iter().find(|(own, _)| *own == name).map_or_else(String::new, |(_, text)| text.clone())
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
    let city = visit.city();
    match query.get("matter").filter(|slug| !slug.is_empty()) {
        Some(slug) => {
            let published = city.shelf().matter(slug)?.clone();
            show(&visit, StatusCode::OK, &published, &Attempt::default()).await
        }
        None => find(&visit, query.get("q").map_or("", |words| words.trim())),
    }
}

fn find(visit: &Visit, words: &str) -> Result<Response, Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let page = frame::page(visit, "/desk/walk-in")?;
    let found = if words.is_empty() { Vec::new() } else { shelf.search(words, t.lang(), 12) };
    let hits = found.into_iter().map(|own| {
        let matter = &own.bundle.matter;
        let department = shelf.department(&matter.department).map(|office| t.of(&office.name).to_owned());
        Hit {
            href: format!("/desk/walk-in?matter={}", matter.slug),
            name: t.of(&matter.name).to_owned(),
            department: department.unwrap_or_default(),
        }
    });
    let search = Field::text(t, "q", t.desk_walk_search()).hint(t.desk_walk_search_hint()).width("l").value(words);
    let view = WalkIn {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk"),
        errors: ErrorSummary::new(t),
        search: Some(search),
        searched: !words.is_empty(),
        hits: hits.collect(),
        matter: None,
        code: None,
        agent: None,
        applicant: None,
        topics: Vec::new(),
        slots: Vec::new(),
        promises: Vec::new(),
        pledge: None,
        incomplete: None,
        nonce: String::new(),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The party under a number, by the register of persons or of companies.
async fn look_up(t: T, city: &City, typed: &str) -> Result<Result<Party, String>, ServiceError> {
    let person = citizen_id::normalise(typed);
    if citizen_id::parse(&person, city.now().date()).is_ok() {
        return Ok(match registry::entry(city, "person", &person).await? {
            Answer::Unavailable => Err(t.desk_walk_silent().to_owned()),
            answer => match answer.at("name").and_then(Value::as_str) {
                Some(name) => Ok(Party {
                    kind: ApplicantKind::Person,
                    name: name.to_owned(),
                    id_type: "citizen-id".into(),
                    code: person,
                }),
                None => Err(t.desk_walk_unknown().to_owned()),
            },
        });
    }
    let company = uscc::normalise(typed);
    if uscc::parse(&company).is_err() {
        return Ok(Err(t.desk_walk_bad_code().to_owned()));
    }
    Ok(match registry::entry(city, "enterprise", &company).await? {
        Answer::Found(doc) => registry::organisation(&company, &doc).ok_or_else(|| t.desk_walk_unknown().to_owned()),
        Answer::Absent => Err(t.desk_walk_unknown().to_owned()),
        Answer::Unavailable => Err(t.desk_walk_silent().to_owned()),
    })
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    published: &Published,
    attempt: &Attempt,
) -> Result<Response, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let page = frame::page(visit, "/desk/walk-in")?;
    let matter = &published.bundle.matter;
    let mut errors = ErrorSummary::new(t);
    for (name, text) in &attempt.problems {
        if name.is_empty() { errors.push_general(text.as_str()) } else { errors.push(name, text.as_str()) }
    }
    for error in &attempt.errors {
        errors.push(&error.field, t.of(&error.message));
    }
    let form = &published.bundle.form;
    let sheet = Sheet { t, form, data: &attempt.data, errors: &attempt.errors, more: &attempt.more };
    let known = attempt.applicant.is_some();
    let terms = matter.pledge.as_ref().filter(|_| known);
    let incomplete = known && !attempt.errors.is_empty();
    let nonce: [u8; 16] = city.random();
    let view = WalkIn {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_walk_in(), "/desk/walk-in"),
        errors,
        search: None,
        searched: false,
        hits: Vec::new(),
        matter: Some((matter.slug.clone(), t.of(&matter.name).to_owned())),
        code: Some(
            Field::text(t, "code", t.desk_walk_code())
                .width("m")
                .max_length(40)
                .value(attempt.code.as_str())
                .error(attempt.problem("code")),
        ),
        agent: Some(
            Field::text(t, "agent", t.desk_walk_agent())
                .hint(t.desk_walk_agent_hint())
                .optional()
                .width("m")
                .max_length(40)
                .value(attempt.agent_code.as_str())
                .error(attempt.problem("agent")),
        ),
        applicant: attempt.applicant.as_ref().map(|party| Facts::new(t, party_facts(t, party))),
        topics: if known { sheet.topics() } else { Vec::new() },
        slots: slots(t, city, published, attempt).await?,
        promises: terms.map_or_else(Vec::new, |own| own.promise.iter().map(|text| t.of(text).to_owned()).collect()),
        pledge: terms.map(|_| Field::tick(t, "pledge", t.desk_walk_pledge()).value(attempt.get("pledge"))),
        incomplete: incomplete.then(|| Field::tick(t, "incomplete", t.desk_walk_incomplete())),
        nonce: nonce.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// Every material: what needs not be handed in, and a line for each paper that was seen.
async fn slots(t: T, city: &City, published: &Published, attempt: &Attempt) -> Result<Vec<Slot>, Failure> {
    let Some(applicant) = &attempt.applicant else { return Ok(Vec::new()) };
    let matter = &published.bundle.matter;
    let on_file = licences::on_file(city, &applicant.code).await?;
    let offers = offers(city, matter, applicant, &on_file).await?;
    let slots = matter.materials.iter().map(|material| {
        let offer = offers.iter().find(|offer| offer.slot == material.slot && offer.ready.is_some());
        let ready = offer.map(|offer| offer.source.as_ref().map_or_else(String::new, |text| t.of(text).to_owned()));
        let name = t.of(&material.name).to_owned();
        let seen = ready.is_none().then(|| {
            let field = format!("paper.{}", material.slot);
            let value = attempt.get(&field).to_owned();
            Field::text(t, field, name.as_str()).hint(t.desk_walk_paper_hint()).optional().max_length(500).value(value)
        });
        Slot { name, ready, seen }
    });
    Ok(slots.collect())
}

/// Reads what was posted, and looks the numbers up again: a hidden field would be the browser's word for who applies.
async fn read(posted: &Posted, published: &Published) -> Result<Attempt, Failure> {
    let (t, city) = (posted.visit.t(), posted.visit.city());
    let action = Action::parse(posted.get("do"));
    let dropped = match &action {
        Some(Action::Remove(group, row)) => format!("{group}[{row}]."),
        _ => String::new(),
    };
    let mut attempt = Attempt {
        code: posted.get("code").trim().to_owned(),
        agent_code: posted.get("agent").trim().to_owned(),
        pairs: posted
            .pairs
            .iter()
            .filter(|(name, _)| dropped.is_empty() || !name.starts_with(&dropped))
            .cloned()
            .collect(),
        data: Value::Object(Map::new()),
        ..Attempt::default()
    };
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
    let form = &published.bundle.form;
    for step in form.steps() {
        let (data, errors) = form.parse_post(&step.id, &attempt.pairs);
        attempt.data = form.merge(&attempt.data, &step.id, &data);
        attempt.errors.extend(errors);
    }
    for error in form.validate(&attempt.data, None) {
        // What could not be read is reported once, in the words of the reader.
        if attempt.errors.iter().all(|known| known.pointer != error.pointer) {
            attempt.errors.push(error);
        }
    }
    if let Some(Action::Add(group)) = action {
        attempt.more = group;
    }
    Ok(attempt)
}

/// `POST /desk/walk-in`: `do=find` looks up, `do=refresh` and the row buttons draw the page anew, `do=send` files.
pub(super) async fn send(posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = clerk(visit)?;
    let city = visit.city();
    let published = city.shelf().matter(posted.get("matter"))?.clone();
    let mut attempt = read(&posted, &published).await?;
    if posted.get("do") != "send" || attempt.applicant.is_none() {
        attempt.errors.clear();
        let status = if attempt.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return show(visit, status, &published, &attempt).await;
    }
    // 行政许可法 第三十二条: what is incomplete is received too, and answered with the one-time notice. The clerk sees
    // first what is missing and says so.
    if !attempt.problems.is_empty() || (!attempt.errors.is_empty() && !posted.ticked("incomplete")) {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &published, &attempt).await;
    }
    let Some(wanted) = wanted(actor, &posted, &published, &attempt) else {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &published, &attempt).await;
    };
    let t = visit.t();
    let (status, texts) = match submit(city, actor, wanted).await {
        Ok(done) => return Ok(Redirect::to(&format!("/cases/{}/receipt", done.number)).into_response()),
        Err(ServiceError::Invalid(fields)) => {
            let texts = fields.iter().map(|field| t.of(&field.message).to_owned()).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, texts)
        }
        Err(ServiceError::Refused(refusal)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, vec![t.of(&refusal.reason.explain()).to_owned()])
        }
        Err(ServiceError::Duplicate(number)) => (StatusCode::CONFLICT, vec![t.desk_walk_duplicate(number)]),
        Err(other) => return Err(other.into()),
    };
    attempt.problems.extend(texts.into_iter().map(|text: String| ("", text)));
    show(visit, status, &published, &attempt).await
}

/// The application as it is filed.
fn wanted(actor: &Actor, posted: &Posted, published: &Arc<Published>, attempt: &Attempt) -> Option<Submit> {
    let matter = &published.bundle.matter;
    let papers = matter.materials.iter().filter_map(|material| {
        let note = posted.get(&format!("paper.{}", material.slot)).trim();
        let paper = (!note.is_empty()).then(|| note.to_owned())?;
        Some(GivenMaterial { slot: material.slot.clone(), uploads: Vec::new(), paper: Some(paper) })
    });
    let pledge = matter.pledge.as_ref().filter(|_| posted.ticked("pledge"));
    // A double click sends the same page twice and gets the same answer; every page drawn has a key of its own.
    let content: Vec<&(String, String)> = posted.pairs.iter().filter(|(name, _)| name != "csrf").collect();
    let hash = seal::digest::sha256(serde_json::to_string(&content).unwrap_or_default().as_bytes());
    let nonce = posted.get("nonce");
    Some(Submit {
        matter: matter.slug.clone(),
        applicant: attempt.applicant.clone()?,
        agent: attempt.agent.clone(),
        form: published.bundle.form.normalise(&attempt.data),
        materials: papers.collect(),
        pledge: pledge.map(|terms| PledgeGiven { version: terms.version.clone(), accepted: true }),
        origin: Origin::Window,
        pre_review: false,
        key: (nonce.len() == 32).then(|| (actor.label(), nonce.to_owned(), hash)),
        draft: None,
    })
}
