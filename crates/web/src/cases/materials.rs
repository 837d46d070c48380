//! The materials of a draft: most need nothing, the others are uploaded.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::Material;
use domain::law::Confidence;
use service::ServiceError;
use service::cases::{GivenMaterial, MAX_FILE_BYTES, Upload as Sent};

use super::given::{self, Slot};
use super::multipart::{Mixed, keep};
use super::wizard::{Help, Wizard};
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Field, Html, Icon, Steps, Upload, UploadedFile};
use crate::layout::{Page, respond};

/// What is wrong with the files of each slot.
type SlotErrors = BTreeMap<String, String>;

struct Ready {
    name: String,
    source: String,
}

struct Asked {
    upload: Html,
    basis: String,
    optional: bool,
    later: Option<Field>,
}

#[derive(Template)]
#[template(path = "cases/materials.html")]
struct MaterialsPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    name: &'a str,
    ready: Vec<Ready>,
    pledged: Vec<String>,
    asked: Vec<Asked>,
    pledge_hint: String,
    action: String,
    back: String,
    help: Help,
    saved: String,
}

/// `GET /drafts/{id}/materials`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    if wizard.applicant.is_none() {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    }
    let slots = given::slots(&visit, &wizard).await?;
    Ok(show(&visit, StatusCode::OK, &wizard, &slots, &SlotErrors::new()))
}

/// The upload widget of a slot.
pub(super) fn widget(t: T, slot: &Slot, error: Option<&String>, case: Option<&str>) -> Upload {
    upload_field(t, &slot.material, &slot.files, error, case)
}

/// The upload widget of a material with the files that are there; `case` is the number of the case that holds them.
pub(crate) fn upload_field(
    t: T,
    material: &Material,
    files: &[Sent],
    error: Option<&String>,
    case: Option<&str>,
) -> Upload {
    let mut upload = Upload::new(t, material.slot.as_str(), t.of(&material.name), "/uploads")
        .hint(t.of(&material.standard))
        .limits(&material.formats, MAX_FILE_BYTES)
        .many();
    if let Some(error) = error {
        upload = upload.error(error.as_str());
    }
    for file in files {
        upload = upload.file(UploadedFile {
            id: file.id.clone(),
            name: file.name.clone(),
            size: u64::try_from(file.size).unwrap_or(0),
            href: match case {
                Some(number) => format!("/uploads/{}?case={number}", file.id),
                None => format!("/uploads/{}", file.id),
            },
        });
    }
    upload
}

fn show(visit: &Visit, status: StatusCode, wizard: &Wizard, slots: &[Slot], wrong: &SlotErrors) -> Response {
    let (t, page) = (visit.t(), wizard.page(visit));
    let mut errors = ErrorSummary::new(t);
    for (slot, message) in wrong {
        errors.push(slot, message.as_str());
    }
    let asks: Vec<&Slot> = slots.iter().filter(|slot| slot.asks()).collect();
    let could_pledge = asks.iter().filter(|slot| slot.material.pledgeable).count();
    let view = MaterialsPage {
        t,
        page: &page,
        crumbs: wizard.crumbs(t, true),
        steps: wizard.steps(t, "materials", false),
        errors,
        name: t.of(&wizard.matter().name),
        ready: slots
            .iter()
            .filter_map(|slot| {
                let (_, source) = slot.ready.as_ref()?;
                Some(Ready { name: t.of(&slot.material.name).to_owned(), source: t.of(source).to_owned() })
            })
            .collect(),
        pledged: slots.iter().filter(|slot| slot.pledged).map(|slot| t.of(&slot.material.name).to_owned()).collect(),
        asked: asks
            .iter()
            .map(|slot| Asked {
                upload: Html::of(&widget(t, slot, wrong.get(&slot.material.slot), None)),
                basis: basis(slot),
                optional: !slot.needed,
                later: slot.may_follow.then(|| {
                    Field::tick(t, format!("{}.later", slot.material.slot), t.cases_material_later())
                        .hint(t.cases_material_later_hint())
                        .value(if slot.later { "true" } else { "" })
                }),
            })
            .collect(),
        pledge_hint: match could_pledge {
            0 => String::new(),
            n if wizard.matter().pledge.is_some() => t.cases_materials_pledge(n),
            _ => String::new(),
        },
        action: wizard.href("materials"),
        back: wizard.href(""),
        help: wizard.help(visit, "materials"),
        saved: wizard.saved(t),
    };
    respond(status, t.lang(), &view)
}

/// The article that allows the city to ask for it.
fn basis(slot: &Slot) -> String {
    let basis = &slot.material.basis;
    let mark = if basis.basis == Confidence::L { "*" } else { "" };
    format!("《{}》{}{mark}", basis.law, basis.article)
}

/// Files of one slot after a post: those listed, without the dropped one, with the new ones.
pub(crate) async fn files_after(
    mixed: &Mixed,
    slot: &str,
    actor: &domain::accounts::Actor,
) -> Result<(Vec<String>, Option<String>), Failure> {
    let city = mixed.visit.city();
    let dropped = mixed.get("do").strip_prefix("drop:");
    let mut ids = mixed.all(&format!("{slot}.upload"));
    ids.retain(|id| Some(id.as_str()) != dropped);
    let mut wrong = None;
    for file in mixed.files.iter().filter(|file| file.field == slot) {
        match keep(city, actor, file).await {
            Ok(id) => ids.push(id),
            Err(ServiceError::Invalid(errors)) => {
                let words = errors.first().map(|error| mixed.visit.t().of(&error.message).to_owned());
                wrong = Some(format!("{}: {}", file.name, words.unwrap_or_default()));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let files = given::complete(city, actor, &ids).await?;
    Ok((files.into_iter().map(|file| file.id).collect(), wrong))
}

/// `POST /drafts/{id}/materials`.
pub(super) async fn save(Path(id): Path<String>, mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let actor = visit.person()?;
    let mut wizard = Wizard::open(visit, &id).await?;
    let mut wrong = SlotErrors::new();
    for slot in given::slots(visit, &wizard).await?.iter().filter(|slot| slot.asks()) {
        let name = slot.material.slot.as_str();
        let (uploads, error) = files_after(&mixed, name, actor).await?;
        wizard.draft.materials.retain(|given| given.slot != name);
        if !uploads.is_empty() {
            wizard.draft.materials.push(GivenMaterial { slot: name.to_owned(), uploads, paper: None });
        }
        if let Some(error) = error {
            wrong.insert(name.to_owned(), error);
        }
        wizard.draft.later.retain(|own| own != name);
        if slot.may_follow && !mixed.get(&format!("{name}.later")).is_empty() {
            wizard.draft.later.push(name.to_owned());
        }
    }
    wizard.save(visit).await?;
    let wanted = mixed.get("do");
    if wanted == "autosave" {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let slots = given::slots(visit, &wizard).await?;
    let t = visit.t();
    if wanted == "next" {
        for slot in slots.iter().filter(|slot| slot.is_missing()) {
            let name = slot.material.slot.clone();
            wrong.entry(name).or_insert_with(|| t.cases_material_missing(t.of(&slot.material.name)));
        }
    }
    if !wrong.is_empty() {
        return Ok(show(visit, StatusCode::UNPROCESSABLE_ENTITY, &wizard, &slots, &wrong));
    }
    let to = match wanted {
        "next" => wizard.after("materials", false),
        "save" => wizard.href(""),
        _ => wizard.href("materials"),
    };
    Ok(Redirect::to(&to).into_response())
}
