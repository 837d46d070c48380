//! Typing what a paper licence says, and typing it anew.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Party};
use domain::catalog::LicenceType;
use domain::licences::{MAX_ISSUER_CHARS, MAX_LINE_CHARS, MAX_NUMBER_CHARS, PaperLicence};
use domain::text::Text;
use jiff::civil::Date;
use service::ServiceError;
use service::cases::{MAX_FILE_BYTES, Upload as Sent};
use service::licences::{self, PaperChange, PaperWish};

use super::applicant::look_up;
use super::frame;
use super::paper_licences::{HERE, permitted};
use crate::accounts::Problems;
use crate::app::{Failure, Visit};
use crate::cases::{Mixed, complete, files_after};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, ErrorSummary, Field, Html, Upload, UploadedFile};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/paper_entry.html")]
struct EntryPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    title: String,
    /// Where one chooses the type; `None` when it is chosen.
    kinds: Option<Field>,
    action: String,
    kind: String,
    fields: Vec<Field>,
    lines: Vec<Field>,
    scan: Option<Html>,
    correcting: bool,
}

type Typed = BTreeMap<String, String>;

fn line_name(key: &str) -> String {
    format!("line-{key}")
}

/// The fields of the paper itself.
fn fields(t: T, typed: &Typed, problems: &Problems, correcting: bool) -> Vec<Field> {
    let value = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let text = |name: &'static str, label: &str, most: usize| {
        Field::text(t, name, label).max_length(most).autocomplete("off").value(value(name)).error(problems.at(t, name))
    };
    let day =
        |name: &'static str, label: &str| Field::date(t, name, label).value(value(name)).error(problems.at(t, name));
    let mut fields = Vec::new();
    if !correcting {
        fields.push(text("code", t.desk_paper_code(), 40).width("m"));
    }
    fields.push(text("number", t.licences_number(), MAX_NUMBER_CHARS));
    fields.push(text("issuer", t.licences_issuer(), MAX_ISSUER_CHARS));
    fields.push(day("issued", t.desk_paper_issued()));
    fields.push(day("valid_from", t.desk_paper_from()));
    fields.push(day("valid_to", t.desk_paper_to()).hint(t.desk_paper_to_hint()).optional());
    if correcting {
        let reason = Field::textarea(t, "reason", t.desk_paper_reason()).rows(2).max_length(500);
        fields.push(reason.value(value("reason")).error(problems.at(t, "reason")));
    }
    fields
}

fn lines(t: T, kind: &LicenceType, typed: &Typed, problems: &Problems) -> Vec<Field> {
    let one = |line: &domain::catalog::SurfaceLine| {
        let name = line_name(&line.key);
        let value = typed.get(&name).cloned().unwrap_or_default();
        let error = problems.at(t, &name);
        Field::text(t, name, t.of(&line.label)).optional().max_length(MAX_LINE_CHARS).value(value).error(error)
    };
    kind.surface.iter().map(one).collect()
}

fn scan_field(t: T, files: &[Sent], error: &str) -> Html {
    let mut upload = Upload::new(t, "scan", t.desk_paper_scan(), "/uploads").limits(&[], MAX_FILE_BYTES).error(error);
    for file in files {
        upload = upload.file(UploadedFile {
            id: file.id.clone(),
            name: file.name.clone(),
            size: u64::try_from(file.size).unwrap_or(0),
            href: format!("/uploads/{}", file.id),
        });
    }
    Html::of(&upload)
}

/// The page. Without a type it asks for one; with `correcting` it types that one anew.
async fn show(
    visit: &Visit,
    status: StatusCode,
    kind: Option<&LicenceType>,
    (typed, problems): (&Typed, &Problems),
    (scans, correcting): (&[Sent], Option<&PaperLicence>),
) -> Result<Response, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let page = frame::page(visit, HERE).await?;
    let shelf = city.shelf();
    let kinds = kind.is_none().then(|| {
        let choices = shelf.licence_types().map(|own| Choice::new(own.id.as_str(), t.of(&own.name)));
        Field::select(t, "type", t.licences_kind(), choices.collect()).error(problems.at(t, "type"))
    });
    let shown: Vec<String> = ["type", "code", "number", "issuer", "issued", "valid_from", "valid_to", "scan", "reason"]
        .map(str::to_owned)
        .into_iter()
        .chain(kind.iter().flat_map(|kind| kind.surface.iter().map(|line| line_name(&line.key))))
        .collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let view = EntryPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_name(), "/desk").link(t.desk_papers(), HERE),
        errors: problems.summary(t, &shown),
        title: match kind {
            Some(kind) => format!("{} · {}", t.desk_paper_enter(), t.of(&kind.name)),
            None => t.desk_paper_enter().to_owned(),
        },
        kinds,
        action: correcting.map_or_else(|| format!("{HERE}/new"), |own| format!("{HERE}/{}/correct", own.id)),
        kind: kind.map_or_else(String::new, |kind| kind.id.clone()),
        fields: fields(t, typed, problems, correcting.is_some()),
        lines: kind.map_or_else(Vec::new, |kind| lines(t, kind, typed, problems)),
        scan: correcting.is_none().then(|| scan_field(t, scans, &problems.at(t, "scan"))),
        correcting: correcting.is_some(),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /desk/paper-licences/new?type=`.
pub(super) async fn page(visit: Visit, Query(query): Query<Typed>) -> Result<Response, Failure> {
    permitted(&visit, Action::EnterPaperLicence)?;
    let shelf = visit.city().shelf();
    let kind = query.get("type").and_then(|id| shelf.licence_type(id).ok());
    show(&visit, StatusCode::OK, kind, (&Typed::new(), &Problems::default()), (&[], None)).await
}

fn typed(mixed: &Mixed) -> Typed {
    mixed.pairs.iter().filter(|(name, _)| name != "csrf").cloned().collect()
}

/// What was typed, as the use case takes it.
fn wish(kind: &str, typed: &Typed, holder: Party, scan: String) -> Result<PaperWish, Problems> {
    let get = |name: &str| typed.get(name).map_or("", |value| value.trim());
    let day = |name: &str| get(name).parse::<Date>().ok();
    if !get("valid_to").is_empty() && day("valid_to").is_none() {
        return Err(Problems::one("valid_to", Text::new("请照原件填写日期。", "Write the day as printed.")));
    }
    let lines = typed.iter().filter_map(|(name, value)| Some((name.strip_prefix("line-")?.to_owned(), value.clone())));
    Ok(PaperWish {
        licence_type: kind.to_owned(),
        number: get("number").to_owned(),
        holder,
        issuer: get("issuer").to_owned(),
        issued: day("issued"),
        valid_from: day("valid_from"),
        valid_to: day("valid_to"),
        surface: lines.collect(),
        scan,
    })
}

/// `POST /desk/paper-licences/new`: `do=send` enters it, the buttons of the files draw the page anew.
pub(super) async fn enter(mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let actor = permitted(visit, Action::EnterPaperLicence)?;
    let (t, city) = (visit.t(), visit.city());
    let typed = typed(&mixed);
    let shelf = city.shelf();
    let kind = shelf.licence_type(mixed.get("type")).ok();
    let (ids, broken) = files_after(&mixed, "scan", actor).await?;
    let scans = complete(city, actor, &ids).await?;
    let code = typed.get("code").map_or("", |code| code.trim());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let problems = match (kind, broken, mixed.get("do")) {
        (_, Some(words), _) => Problems::one("scan", Text::new(&words, &words)),
        (Some(kind), None, "send") => match look_up(t, city, code).await? {
            Err(words) => Problems::one("code", Text::new(&words, &words)),
            Ok(holder) => match wish(&kind.id, &typed, holder, ids.last().cloned().unwrap_or_default()) {
                Err(problems) => problems,
                Ok(wish) => match licences::enter_paper(city, actor, wish).await {
                    Ok(done) => return Ok(Redirect::to(&format!("{HERE}/{}?done=enter", done.id)).into_response()),
                    Err(error) => Problems::of(error)?,
                },
            },
        },
        (None, None, "send") => Problems::one("type", Text::new("请选择证照类型。", "Choose the type of the licence.")),
        _ => {
            status = StatusCode::OK;
            Problems::default()
        }
    };
    show(visit, status, kind, (&typed, &problems), (&scans, None)).await
}

/// What an entry says, as the form takes it.
fn stands(licence: &PaperLicence) -> Typed {
    let face = &licence.face;
    let mut typed: Typed = face.surface.iter().map(|(key, value)| (line_name(key), value.clone())).collect();
    typed.extend([
        ("number".to_owned(), face.number.clone()),
        ("issuer".to_owned(), face.issuer.clone()),
        ("issued".to_owned(), face.issued.to_string()),
        ("valid_from".to_owned(), face.valid_from.to_string()),
        ("valid_to".to_owned(), face.valid_to.map(|day| day.to_string()).unwrap_or_default()),
    ]);
    typed
}

/// `GET /desk/paper-licences/{id}/correct`.
pub(super) async fn correct_page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let actor = permitted(&visit, Action::EnterPaperLicence)?;
    let licence = licences::paper(visit.city(), actor, &id).await?;
    let shelf = visit.city().shelf();
    let kind = shelf.licence_type(&licence.face.licence_type)?;
    show(&visit, StatusCode::OK, Some(kind), (&stands(&licence), &Problems::default()), (&[], Some(&licence))).await
}

/// `POST /desk/paper-licences/{id}/correct`.
pub(super) async fn correct(Path(id): Path<String>, mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let actor = permitted(visit, Action::EnterPaperLicence)?;
    let city = visit.city();
    let licence = licences::paper(city, actor, &id).await?;
    let typed = typed(&mixed);
    let reason = mixed.get("reason").trim().to_owned();
    let face = &licence.face;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let problems = match wish(&face.licence_type, &typed, face.holder.clone(), String::new()) {
        Err(problems) => problems,
        Ok(_) if reason.is_empty() => Problems::one("reason", Text::new("请写明哪里不对。", "Say what was wrong.")),
        Ok(wish) => {
            let change = PaperChange::Correct { wish: Box::new(wish), reason };
            match licences::work_on_paper(city, actor, &id, change).await {
                Ok(_) => return Ok(Redirect::to(&format!("{HERE}/{id}?done=correct")).into_response()),
                Err(ServiceError::Licence(refusal)) => {
                    status = StatusCode::CONFLICT;
                    Problems::one("", refusal.explain())
                }
                Err(error) => Problems::of(error)?,
            }
        }
    };
    let shelf = city.shelf();
    let kind = shelf.licence_type(&face.licence_type)?;
    show(visit, status, Some(kind), (&typed, &problems), (&[], Some(&licence))).await
}
