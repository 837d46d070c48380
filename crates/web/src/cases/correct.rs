//! Handing in corrections, or changing an application after feedback: the listed points first, each beside its
//! question or material; everything else folded below.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Case, Point, Provided, State};
use domain::catalog::{FieldError, Form};
use serde_json::Value;
use service::ServiceError;
use service::cases::{self, CaseView, Changed, GivenMaterial, Work};
use service::catalog::Published;

use super::clocks::marked;
use super::fields::{Asked, Sheet, joined, without_row};
use super::given::{self, Slot};
use super::materials::{files_after, widget};
use super::multipart::Mixed;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Action, Crumbs, ErrorSummary, Field, Html, Icon};
use crate::layout::{Page, Part, respond};

struct Topic {
    title: String,
    points: Vec<String>,
    asked: Vec<Asked>,
}

struct Paper {
    points: Vec<String>,
    current: Vec<(String, String)>,
    upload: Html,
}

#[derive(Template)]
#[template(path = "cases/correct.html")]
struct CorrectPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    lead: String,
    points: usize,
    general: Vec<String>,
    topics: Vec<Topic>,
    papers: Vec<Paper>,
    other_topics: Vec<Topic>,
    other_papers: Vec<Paper>,
    action: String,
    back: String,
    version: i64,
    button: &'static str,
    confirm: Option<Field>,
}

/// One attempt: what is in the form now.
struct Attempt {
    form: Value,
    /// New files by slot.
    files: BTreeMap<String, Vec<String>>,
    errors: Vec<FieldError>,
    file_errors: BTreeMap<String, String>,
    general: Vec<String>,
    more: String,
    /// Listed points that nothing in the form answers; `None` until somebody tries to send it so.
    untouched: Option<Vec<String>>,
}

impl Attempt {
    fn of(case: &Case) -> Attempt {
        Attempt {
            form: case.application.form.clone(),
            files: BTreeMap::new(),
            errors: Vec::new(),
            file_errors: BTreeMap::new(),
            general: Vec::new(),
            more: String::new(),
            untouched: None,
        }
    }
}

async fn open(visit: &Visit, number: &str) -> Result<(CaseView, std::sync::Arc<Published>), Failure> {
    let found = cases::case_by_number(visit.city(), visit.person()?, number).await?;
    let published = service::catalog::version(visit.city(), &found.case.matter, found.case.matter_version).await?;
    Ok((found, published))
}

fn open_for_change(case: &Case) -> bool {
    matches!(case.state, State::Correction | State::Feedback)
}

/// The points that wait for an answer.
fn points(case: &Case) -> &[Point] {
    let noticed = || case.notices().last().map(|notice| notice.points.as_slice());
    match case.state {
        State::Feedback => case.feedback.last().map(Vec::as_slice).unwrap_or_default(),
        _ => noticed().unwrap_or_default(),
    }
}

/// `GET /cases/{number}/correct`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    let (found, published) = open(&visit, &number).await?;
    if !open_for_change(&found.case) {
        return Ok(Redirect::to(&format!("/cases/{number}")).into_response());
    }
    let attempt = Attempt::of(&found.case);
    show(&visit, StatusCode::OK, &found, &published, &attempt).await
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    found: &CaseView,
    published: &Published,
    attempt: &Attempt,
) -> Result<Response, Failure> {
    let case = &found.case;
    let (t, page) = (visit.t(), visit.page().with_part(Part::Cases));
    let listed = points(case);
    let (topics, other_topics) = topics(t, &published.bundle.form, listed, attempt);
    let (papers, other_papers) = papers(visit, case, published, listed, attempt).await?;
    let known = |about: &str| {
        let form = &published.bundle.form;
        about.strip_prefix("form:").is_some_and(|name| form.field(name.trim_start_matches('/')).is_some())
            || published.bundle.matter.materials.iter().any(|material| material.slot == about)
    };
    let correction = case.state == State::Correction;
    let until =
        case.notices().last().filter(|_| correction).map(|notice| marked(t, t.date(notice.until), notice.provisional));
    let view = CorrectPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t)
            .link(t.nav_cases(), "/cases")
            .link(case.number.as_str(), format!("/cases/{}", case.number)),
        errors: summary(t, attempt),
        name: t.of(&published.bundle.matter.name),
        lead: until.map_or_else(|| t.cases_revise_lead().to_owned(), |until| t.cases_correct_lead(until)),
        points: listed.len(),
        general: listed.iter().filter(|point| !known(&point.about)).map(|point| point.text.clone()).collect(),
        topics,
        papers,
        other_topics,
        other_papers,
        action: format!("/cases/{}/correct", case.number),
        back: format!("/cases/{}", case.number),
        version: found.version,
        confirm: attempt.untouched.as_ref().map(|_| Field::tick(t, "confirm", t.cases_correct_confirm())),
        button: if correction { t.cases_do_correct_send() } else { t.cases_do_revise_send() },
    };
    Ok(respond(status, t.lang(), &view))
}

fn summary(t: T, attempt: &Attempt) -> ErrorSummary {
    let mut errors = ErrorSummary::new(t);
    for error in &attempt.errors {
        errors.push(&error.field, t.of(&error.message));
    }
    for (slot, message) in &attempt.file_errors {
        errors.push(slot, message.as_str());
    }
    for message in &attempt.general {
        errors.push_general(message.as_str());
    }
    for point in attempt.untouched.iter().flatten() {
        errors.push("confirm", t.cases_correct_untouched(point));
    }
    errors
}

/// Steps with a listed question, and the others.
fn topics(t: T, form: &Form, listed: &[Point], attempt: &Attempt) -> (Vec<Topic>, Vec<Topic>) {
    let prefill = BTreeMap::new();
    let sheet = Sheet {
        t,
        form,
        data: &attempt.form,
        prefill: &prefill,
        errors: &attempt.errors,
        more: &attempt.more,
        at_window: false,
    };
    let all = form.steps().iter().map(|step| {
        let about = |point: &&Point| {
            let name = point.about.strip_prefix("form:").map(|name| name.trim_start_matches('/'));
            name.is_some_and(|name| step.fields.iter().any(|field| field == name.split('/').next().unwrap_or(name)))
        };
        Topic {
            title: t.of(&step.title).to_owned(),
            points: listed.iter().filter(about).map(|point| point.text.clone()).collect(),
            asked: sheet.step(&step.id),
        }
    });
    // A topic with an error is never folded away.
    let wrong = |topic: &Topic| {
        topic.asked.iter().any(|asked| attempt.errors.iter().any(|error| error.field.starts_with(&asked.name)))
    };
    all.partition(|topic| !topic.points.is_empty() || wrong(topic))
}

async fn papers(
    visit: &Visit,
    case: &Case,
    published: &Published,
    listed: &[Point],
    attempt: &Attempt,
) -> Result<(Vec<Paper>, Vec<Paper>), Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), visit.person()?);
    let (mut wanted, mut others) = (Vec::new(), Vec::new());
    for material in &published.bundle.matter.materials {
        let points: Vec<String> =
            listed.iter().filter(|point| point.about == material.slot).map(|point| point.text.clone()).collect();
        let ids = attempt.files.get(&material.slot).cloned().unwrap_or_default();
        let slot = Slot {
            files: given::complete(city, actor, &ids).await?,
            material: material.clone(),
            ready: None,
            pledged: false,
            needed: false,
        };
        let current = match case.material(&material.slot).map(|item| &item.provided) {
            Some(Provided::Upload { files }) => files
                .iter()
                .map(|file| (format!("/uploads/{}?case={}", file.id, case.number), file.name.clone()))
                .collect(),
            // What a register or a licence gave needs no file, unless somebody asks for one.
            Some(Provided::Licence { .. } | Provided::Register { .. }) if points.is_empty() => continue,
            _ => Vec::new(),
        };
        let open = !points.is_empty() || attempt.file_errors.contains_key(&material.slot);
        let upload = Html::of(&widget(t, &slot, attempt.file_errors.get(&material.slot), None));
        let paper = Paper { points, current, upload };
        if open { wanted.push(paper) } else { others.push(paper) }
    }
    Ok((wanted, others))
}

/// Everything that was posted, laid over what the case holds.
async fn read(mixed: &Mixed, case: &Case, published: &Published) -> Result<Attempt, Failure> {
    let form = &published.bundle.form;
    let mut attempt = Attempt::of(case);
    let action = Action::parse(mixed.get("do"));
    let pairs = match &action {
        Some(Action::Remove(group, row)) => without_row(mixed.pairs.clone(), group, *row),
        _ => mixed.pairs.clone(),
    };
    let mut unreadable = Vec::new();
    for step in form.steps() {
        let (data, errors) = form.parse_post(&step.id, &pairs);
        attempt.form = form.merge(&attempt.form, &step.id, &data);
        unreadable.extend(errors);
    }
    attempt.errors = joined(unreadable, form.validate(&attempt.form, None));
    if let Some(Action::Add(group)) = action {
        attempt.more = group;
    }
    for material in &published.bundle.matter.materials {
        let (files, error) = files_after(mixed, &material.slot, mixed.visit.person()?).await?;
        attempt.files.insert(material.slot.clone(), files);
        if let Some(error) = error {
            attempt.file_errors.insert(material.slot.clone(), error);
        }
    }
    Ok(attempt)
}

/// Listed points about an answer or a material that stands as it was.
fn untouched(case: &Case, published: &Published, attempt: &Attempt) -> Vec<String> {
    let form = &published.bundle.form;
    let (before, after) = (form.normalise(&case.application.form), form.normalise(&attempt.form));
    let stands = |point: &&Point| match point.about.strip_prefix("form:") {
        Some(name) => {
            let name = name.trim_start_matches('/').split('/').next().unwrap_or_default();
            before.get(name) == after.get(name)
        }
        None => attempt.files.get(&point.about).is_some_and(Vec::is_empty),
    };
    points(case).iter().filter(stands).map(|point| point.text.clone()).collect()
}

/// `POST /cases/{number}/correct`.
pub(super) async fn send(Path(number): Path<String>, mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let (found, published) = open(visit, &number).await?;
    if !open_for_change(&found.case) {
        return Ok(Redirect::to(&format!("/cases/{number}")).into_response());
    }
    let mut attempt = read(&mixed, &found.case, &published).await?;
    if mixed.get("do") != "send" {
        attempt.errors.clear();
        let status = if attempt.file_errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return show(visit, status, &found, &published, &attempt).await;
    }
    if !attempt.errors.is_empty() || !attempt.file_errors.is_empty() {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await;
    }
    let missed = untouched(&found.case, &published, &attempt);
    if !missed.is_empty() && mixed.get("confirm").is_empty() {
        // What is handed in without the listed changes is refused by law; so nobody shall do it by mistake.
        attempt.untouched = Some(missed);
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await;
    }
    let changed = Changed {
        form: published.bundle.form.normalise(&attempt.form),
        materials: attempt
            .files
            .iter()
            .filter(|(_, uploads)| !uploads.is_empty())
            .map(|(slot, uploads)| GivenMaterial { slot: slot.clone(), uploads: uploads.clone(), paper: None })
            .collect(),
        pledge: None,
    };
    let work = match found.case.state {
        State::Correction => Work::Resubmit { changed },
        _ => Work::Revise { changed },
    };
    let seen = mixed.get("version").parse().ok();
    match cases::work(visit.city(), visit.person()?, &number, seen, work, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{number}")).into_response()),
        Err(error) => {
            let t = visit.t();
            attempt.general = match error {
                ServiceError::Invalid(fields) => fields.iter().map(|field| t.of(&field.message).to_owned()).collect(),
                ServiceError::Refused(refusal) => vec![t.of(&refusal.reason.explain()).to_owned()],
                other => return Err(other.into()),
            };
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await
        }
    }
}
