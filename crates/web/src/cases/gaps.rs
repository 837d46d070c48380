//! Handing in what was to follow after an acceptance with gaps 容缺.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::Material;
use service::ServiceError;
use service::cases::{self, CaseView, GivenMaterial, Work};
use service::catalog::{self, Published};

use super::clocks::marked;
use super::given::complete;
use super::materials::{files_after, upload_field};
use super::multipart::Mixed;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Html, Icon};
use crate::layout::{Page, Part, respond};

/// One material that is still to come.
struct Owed {
    upload: Html,
    /// What a clerk found wanting when it came before.
    note: String,
    /// An image is in the case already.
    image: bool,
}

#[derive(Template)]
#[template(path = "cases/gaps.html")]
struct GapsPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    until: Option<String>,
    owed: Vec<Owed>,
    action: String,
    back: String,
    version: i64,
}

/// What was posted: files by slot, and what is wrong.
#[derive(Default)]
struct Attempt {
    files: BTreeMap<String, Vec<String>>,
    wrong: BTreeMap<String, String>,
    general: Vec<String>,
}

async fn open(visit: &Visit, number: &str) -> Result<(CaseView, std::sync::Arc<Published>), Failure> {
    let found = cases::case_by_number(visit.city(), visit.person()?, number).await?;
    let published = catalog::version(visit.city(), &found.case.matter, found.case.matter_version).await?;
    Ok((found, published))
}

fn owes(found: &CaseView) -> bool {
    found.possible.contains(&"supply-gaps") && found.case.outstanding().next().is_some()
}

/// The materials that are still to come, in the order of the matter.
fn outstanding<'a>(found: &CaseView, published: &'a Published) -> Vec<&'a Material> {
    let owed = |material: &&Material| found.case.outstanding().any(|gap| gap.slot == material.slot);
    published.bundle.matter.materials.iter().filter(owed).collect()
}

/// `GET /cases/{number}/gaps`.
pub(super) async fn page(visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    let (found, published) = open(&visit, &number).await?;
    if !owes(&found) {
        return Ok(Redirect::to(&format!("/cases/{number}")).into_response());
    }
    show(&visit, StatusCode::OK, &found, &published, &Attempt::default()).await
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    found: &CaseView,
    published: &Published,
    attempt: &Attempt,
) -> Result<Response, Failure> {
    let (t, page, case) = (visit.t(), visit.page().with_part(Part::Cases), &found.case);
    let mut errors = ErrorSummary::new(t);
    for (slot, message) in &attempt.wrong {
        errors.push(slot, message.as_str());
    }
    for message in &attempt.general {
        errors.push_general(message.as_str());
    }
    let mut owed = Vec::new();
    for material in outstanding(found, published) {
        let ids = attempt.files.get(&material.slot).map(Vec::as_slice).unwrap_or_default();
        let files = complete(visit.city(), visit.person()?, ids).await?;
        let upload = upload_field(t, material, &files, attempt.wrong.get(&material.slot), None);
        let verdict = case.material(&material.slot).and_then(|item| item.verdict.as_ref());
        owed.push(Owed {
            upload: Html::of(&upload),
            note: verdict.filter(|own| !own.in_order).map_or_else(String::new, |own| own.note.clone()),
            image: case.outstanding().any(|gap| gap.slot == material.slot && gap.image),
        });
    }
    let until = case.gap_notice.as_ref().map(|notice| marked(t, t.date(notice.until), notice.provisional));
    let back = format!("/cases/{}", case.number);
    let view = GapsPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.nav_cases(), "/cases").link(case.number.as_str(), back.as_str()),
        errors,
        name: t.of(&published.bundle.matter.name),
        until,
        owed,
        action: format!("/cases/{}/gaps", case.number),
        back,
        version: found.version,
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /cases/{number}/gaps`: what is there is handed in; what is not may follow in a second go.
pub(super) async fn send(Path(number): Path<String>, mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let (found, published) = open(visit, &number).await?;
    if !owes(&found) {
        return Ok(Redirect::to(&format!("/cases/{number}")).into_response());
    }
    let (t, mut attempt) = (visit.t(), Attempt::default());
    let materials = outstanding(&found, &published);
    for material in &materials {
        let (files, error) = files_after(&mixed, &material.slot, visit.person()?).await?;
        attempt.files.insert(material.slot.clone(), files);
        attempt.wrong.extend(error.map(|error| (material.slot.clone(), error)));
    }
    let sending = mixed.get("do") == "send";
    if sending && attempt.wrong.is_empty() && attempt.files.values().all(Vec::is_empty) {
        let missing = |own: &&Material| (own.slot.clone(), t.cases_material_missing(t.of(&own.name)));
        attempt.wrong.extend(materials.iter().map(missing));
    }
    if !sending || !attempt.wrong.is_empty() {
        let status = if attempt.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return show(visit, status, &found, &published, &attempt).await;
    }
    let given = attempt.files.iter().filter(|(_, uploads)| !uploads.is_empty());
    let materials = given
        .map(|(slot, uploads)| GivenMaterial { slot: slot.clone(), uploads: uploads.clone(), paper: None })
        .collect();
    let (work, seen) = (Work::SupplyGaps { materials }, mixed.get("version").parse().ok());
    match cases::work(visit.city(), visit.person()?, &number, seen, work, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{number}")).into_response()),
        Err(ServiceError::Invalid(fields)) => {
            attempt.general = fields.iter().map(|field| t.of(&field.message).to_owned()).collect();
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await
        }
        Err(ServiceError::Refused(refusal)) => {
            attempt.general = vec![t.of(&refusal.reason.explain()).to_owned()];
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &published, &attempt).await
        }
        Err(other) => Err(other.into()),
    }
}
