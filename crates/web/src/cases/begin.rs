//! Before the form: as whom does one apply, and what will it take.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Actor, Party};
use domain::catalog::Matter;
use domain::text::Text;
use service::cases::{self, Draft};

use super::known;
use super::wizard::{Wizard, eligible, party};
use crate::accounts::{Problems, kind_words, role_words, shown_code};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, ErrorSummary, Field, Icon};
use crate::layout::{Page, Part, respond};

#[derive(Template)]
#[template(path = "cases/begin.html")]
struct BeginPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    action: String,
    choice: Option<Field>,
    who: String,
    days: String,
    ready: usize,
    materials: usize,
    drafts: Vec<(String, String)>,
    changing: bool,
}

fn label(t: T, actor: &Actor, party: &Party) -> Choice {
    let role = role_words(t, actor, party).map_or_else(String::new, |role| format!(" · {role}"));
    let hint = format!("{} · {}{role}", kind_words(t, party.kind), shown_code(party));
    Choice::new(party.code.as_str(), party.name.as_str()).hint(hint)
}

fn choice(t: T, visit: &Visit, matter: &Matter, chosen: &str, problems: &Problems) -> Result<Option<Field>, Failure> {
    let actor = visit.person()?;
    let parties = eligible(actor, matter);
    let first = parties.first().map(|party| party.code.clone());
    let only = if parties.len() == 1 { first.unwrap_or_default() } else { String::new() };
    let choices: Vec<Choice> = parties.into_iter().map(|party| label(t, actor, party)).collect();
    if choices.is_empty() {
        return Ok(None);
    }
    let chosen = if chosen.is_empty() { &only } else { chosen };
    Ok(Some(Field::radio(t, "applicant", t.cases_begin_as(), choices).value(chosen).error(problems.at(t, "applicant"))))
}

/// `GET /apply/{slug}`.
pub(super) async fn page(visit: Visit, Path(slug): Path<String>) -> Result<Response, Failure> {
    let shelf = visit.city().shelf();
    let matter = &shelf.matter(&slug)?.bundle.matter;
    let mut drafts = cases::drafts(visit.city(), visit.person()?).await?;
    drafts.retain(|draft| draft.matter == slug);
    show(&visit, StatusCode::OK, matter, None, &drafts, &Problems::default())
}

fn show(
    visit: &Visit,
    status: StatusCode,
    matter: &Matter,
    changing: Option<&Draft>,
    drafts: &[Draft],
    problems: &Problems,
) -> Result<Response, Failure> {
    let (t, page) = (visit.t(), visit.page().with_part(Part::Matters));
    let chosen = changing.map_or("", |draft| draft.applicant.as_str());
    let kinds: Vec<&str> = matter.applicants.iter().map(|kind| kind_words(t, *kind)).collect();
    let view = BeginPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.of(&matter.name), format!("/matters/{}", matter.slug)),
        errors: problems.summary(t, &["applicant"]),
        name: t.of(&matter.name),
        action: match changing {
            Some(draft) => format!("/drafts/{}/applicant", draft.id),
            None => format!("/apply/{}", matter.slug),
        },
        choice: choice(t, visit, matter, chosen, problems)?,
        who: kinds.join(t.list_separator()),
        days: t.period(&matter.promised),
        ready: matter.materials.iter().filter(|material| material.shared_from.is_some()).count(),
        materials: matter.materials.len(),
        drafts: drafts.iter().map(|draft| (format!("/drafts/{}", draft.id), t.moment(draft.updated))).collect(),
        changing: changing.is_some(),
    };
    Ok(respond(status, t.lang(), &view))
}

fn not_chosen() -> Problems {
    Problems::one("applicant", Text::new("请选择以谁的名义申请。", "Choose in whose name you apply."))
}

/// `POST /apply/{slug}`: begins a draft that already holds what is known.
pub(super) async fn begin(Path(slug): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.person()?;
    let published = visit.city().shelf().matter(&slug)?.clone();
    let matter = &published.bundle.matter;
    let chosen = eligible(actor, matter).into_iter().find(|party| party.code == posted.get("applicant"));
    let Some(applicant) = chosen else {
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, matter, None, &[], &not_chosen());
    };
    let mut draft = cases::create_draft(visit.city(), actor, &slug).await?;
    let context =
        known::context(visit.city(), &published.bundle, actor.person.as_ref(), applicant, &draft.form).await?;
    draft.form = known::first_form(&published.bundle.form.prefill(&context));
    draft.applicant = applicant.code.clone();
    let draft = cases::save_draft(visit.city(), actor, draft).await?;
    Ok(Redirect::to(&format!("/drafts/{}", draft.id)).into_response())
}

/// `GET /drafts/{id}/applicant`.
pub(super) async fn change_page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    show(&visit, StatusCode::OK, wizard.matter(), Some(&wizard.draft), &[], &Problems::default())
}

/// `POST /drafts/{id}/applicant`: answers that came from the old applicant's registers give way to the new one's.
pub(super) async fn change(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = visit.person()?;
    let mut wizard = Wizard::open(visit, &id).await?;
    let slug = wizard.matter().slug.clone();
    let chosen = party(actor, posted.get("applicant"), &slug);
    let Some(applicant) = chosen.filter(|party| wizard.matter().applicants.contains(&party.kind)) else {
        let draft = wizard.draft.clone();
        return show(visit, StatusCode::UNPROCESSABLE_ENTITY, wizard.matter(), Some(&draft), &[], &not_chosen());
    };
    let bundle = &wizard.published.bundle;
    let context = known::context(visit.city(), bundle, actor.person.as_ref(), applicant, &wizard.draft.form).await?;
    let new = bundle.form.prefill(&context);
    if let Some(answers) = wizard.draft.form.as_object_mut() {
        answers.retain(|name, value| wizard.prefill.get(name).is_none_or(|old| old.value != *value));
        for (name, known) in new {
            answers.entry(name).or_insert(known.value);
        }
    }
    if wizard.draft.applicant != applicant.code {
        wizard.draft.done.clear();
        wizard.draft.pledge = None;
    }
    wizard.draft.applicant = applicant.code.clone();
    wizard.save(visit).await?;
    Ok(Redirect::to(&wizard.href("")).into_response())
}
