//! Handing in corrections, or changing an application after feedback: the listed points first, each beside its
//! question or material; everything else folded below. `attempt.rs` is what was posted, `listed.rs` what is shown.

mod attempt;
mod listed;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Case, State};
use service::ServiceError;
use service::cases::{self, CaseView, Changed, GivenMaterial, Work};
use service::catalog::Published;

use super::clocks::marked;
use super::multipart::Mixed;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Field, Icon};
use crate::layout::{Page, Part, respond};
use attempt::{Attempt, points, read, untouched};
use listed::{Paper, Topic, papers, topics};

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

async fn open(visit: &Visit, number: &str) -> Result<(CaseView, std::sync::Arc<Published>), Failure> {
    let found = cases::case_by_number(visit.city(), visit.person()?, number).await?;
    let published = service::catalog::version(visit.city(), &found.case.matter, found.case.matter_version).await?;
    Ok((found, published))
}

fn open_for_change(case: &Case) -> bool {
    matches!(case.state, State::Correction | State::Feedback)
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
