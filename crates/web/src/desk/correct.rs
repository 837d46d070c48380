//! 当场更正 (AL 32(3)): errors that the applicant can correct on the spot are corrected on the spot, in the applicant's
//! presence, with the whole form on one page.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::cases::{Case, Provided};
use domain::catalog::FieldError;
use serde_json::Value;
use service::cases::{self, CaseView, Changed, Work};
use service::catalog::{self, Published};

use super::intake::{self, Handed, Slot};
use super::{act, frame};
use crate::app::{Failure, Visit};
use crate::cases::Mixed;
use crate::cases::fields::{Sheet, Topic, joined, without_row};
use crate::i18n::T;
use crate::kit::{Action, Crumbs, ErrorSummary, Field, Icon};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/correct.html")]
struct CorrectPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    applicant: &'a str,
    action: String,
    back: String,
    version: i64,
    pile: &'a str,
    topics: Vec<Topic>,
    slots: Vec<Slot>,
    note: Field,
    incomplete: Option<Field>,
}

/// What is in the form now, and what is wrong with it.
#[derive(Default)]
struct Attempt {
    form: Value,
    handed: Vec<Handed>,
    note: String,
    more: String,
    pile: String,
    errors: Vec<FieldError>,
    note_missing: bool,
    general: Vec<String>,
}

async fn open(visit: &Visit, number: &str) -> Result<(CaseView, std::sync::Arc<Published>), Failure> {
    let actor = visit.staff()?;
    let found = cases::case_by_number(visit.city(), actor, number).await?;
    cases::permit(actor, &found.case, "correct-on-spot")?;
    let published = catalog::version(visit.city(), &found.case.matter, found.case.matter_version).await?;
    Ok((found, published))
}

/// `GET /desk/cases/{number}/correct-on-spot`.
pub(super) async fn page(
    visit: Visit,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let (found, published) = open(&visit, &number).await?;
    if !found.possible.contains(&"correct-on-spot") {
        return Ok(Redirect::to(&format!("/desk/cases/{number}")).into_response());
    }
    let attempt = Attempt {
        form: found.case.application.form.clone(),
        pile: query.get("pile").cloned().unwrap_or_default(),
        ..Attempt::default()
    };
    show(&visit, StatusCode::OK, &found, &published, &attempt).await
}

/// What stands in the case for a material, in words.
fn present(t: T, case: &Case, slot: &str) -> String {
    let item = case.application.materials.iter().find(|item| item.slot == slot);
    match item.map(|item| &item.provided) {
        Some(Provided::Upload { files }) => t.desk_present_files(files.len()),
        Some(Provided::Paper { note }) => t.desk_from_paper(note),
        Some(Provided::Pledge) => t.desk_from_pledge().to_owned(),
        Some(Provided::Later) => t.desk_from_later().to_owned(),
        Some(
            Provided::Licence { .. }
            | Provided::FromPaper { .. }
            | Provided::Elsewhere { .. }
            | Provided::Register { .. }
            | Provided::Unanswered { .. },
        ) => String::new(),
        None => t.desk_present_none().to_owned(),
    }
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    found: &CaseView,
    published: &Published,
    attempt: &Attempt,
) -> Result<Response, Failure> {
    let (t, city, case) = (visit.t(), visit.city(), &found.case);
    let page = frame::page(visit, "/desk/accept").await?;
    let (matter, form) = (&published.bundle.matter, &published.bundle.form);
    let nothing = BTreeMap::new();
    let sheet = Sheet {
        t,
        form,
        data: &attempt.form,
        prefill: &nothing,
        errors: &attempt.errors,
        more: &attempt.more,
        at_window: true,
    };
    let mut errors = sheet.summary();
    let unexplained = if attempt.note_missing { t.desk_write(t.desk_on_spot_note()) } else { String::new() };
    if attempt.note_missing {
        errors.push("note", unexplained.as_str());
    }
    for handed in &attempt.handed {
        if let Some(error) = &handed.error {
            errors.push(&handed.slot, error.as_str());
        }
    }
    for text in &attempt.general {
        errors.push_general(text.as_str());
    }
    let slots = intake::slots(
        (t, city, visit.staff()?),
        &matter.materials,
        (matter, &case.applicant, &case.number),
        &attempt.handed,
        |slot| present(t, case, slot),
    );
    let back = format!("/desk/cases/{}", case.number);
    let note = Field::textarea(t, "note", t.desk_on_spot_note()).hint(t.desk_on_spot_note_hint()).rows(2);
    let view = CorrectPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(case.number.as_str(), back.as_str()),
        errors,
        name: t.of(&matter.name),
        applicant: &case.applicant.name,
        action: format!("{back}/correct-on-spot"),
        version: found.version,
        pile: &attempt.pile,
        topics: sheet.topics(),
        slots: slots.await?,
        note: note.max_length(1000).value(attempt.note.as_str()).error(unexplained),
        incomplete: (!attempt.errors.is_empty()).then(|| Field::tick(t, "incomplete", t.desk_on_spot_incomplete())),
        back,
    };
    Ok(respond(status, t.lang(), &view))
}

/// Reads the whole form over what stands in the case.
async fn read(mixed: &Mixed, case: &Case, published: &Published) -> Result<Attempt, Failure> {
    let visit = &mixed.visit;
    let action = Action::parse(mixed.get("do"));
    let pairs = match &action {
        Some(Action::Remove(group, row)) => without_row(mixed.pairs.clone(), group, *row),
        _ => mixed.pairs.clone(),
    };
    let form = &published.bundle.form;
    let mut attempt = Attempt {
        form: case.application.form.clone(),
        handed: intake::handed(mixed, visit.staff()?, &published.bundle.matter.materials).await?,
        note: mixed.get("note").trim().to_owned(),
        pile: mixed.get("pile").to_owned(),
        ..Attempt::default()
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
    Ok(attempt)
}

/// `POST /desk/cases/{number}/correct-on-spot`: `do=send` corrects, everything else draws the page anew.
pub(super) async fn send(Path(number): Path<String>, mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let (found, published) = open(visit, &number).await?;
    let mut attempt = read(&mixed, &found.case, &published).await?;
    if mixed.get("do") != "send" {
        attempt.errors.clear();
        return show(visit, StatusCode::OK, &found, &published, &attempt).await;
    }
    attempt.note_missing = attempt.note.is_empty();
    let unsent = attempt.handed.iter().any(|own| own.error.is_some());
    let accepted = attempt.errors.is_empty() || !mixed.get("incomplete").is_empty();
    if attempt.note_missing || unsent || !accepted {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await;
    }
    let changed = Changed {
        form: published.bundle.form.normalise(&attempt.form),
        materials: intake::given(&attempt.handed),
        pledge: None,
    };
    let seen = mixed.get("version").parse().unwrap_or(-1);
    let work = Work::CorrectOnSpot { changed, note: attempt.note.clone() };
    match cases::work(visit.city(), visit.staff()?, &number, Some(seen), work, None).await {
        Ok(_) => Ok(act::done(&number, "correct-on-spot", &attempt.pile)),
        Err(error) => {
            let (status, texts) = act::refused(visit.t(), error)?;
            attempt.general = texts;
            show(visit, status, &found, &published, &attempt).await
        }
    }
}
