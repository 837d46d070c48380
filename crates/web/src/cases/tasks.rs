//! The task list of a draft: what is done, what is not, the sample, and going on on another device.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use service::cases::{self, GivenMaterial};
use service::demo::specimens;

use super::given;
use super::known;
use super::wizard::{PLEDGE, Wizard};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Confirm, CopyText, Crumbs, Html, Icon, Task, TaskList, TaskSection, TaskState};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "cases/tasks.html")]
struct TasksPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: &'a str,
    applicant: Option<(String, String)>,
    tasks: TaskList,
    go_on: String,
    saved: String,
    base: String,
    address: CopyText,
    qr: Html,
    filled: bool,
    demo: bool,
}

/// A picture that the seal crate has drawn; its text is escaped there.
#[derive(Template)]
#[template(source = "{{ svg|safe }}", ext = "html")]
pub(crate) struct Drawn<'a> {
    /// The SVG.
    pub svg: &'a str,
}

impl askama::filters::HtmlSafe for Drawn<'_> {}

/// A QR symbol of an address; empty when the address does not fit one, since the address stands beside it anyway.
pub(crate) fn qr(address: &str, title: &str) -> Html {
    match seal::qr::symbol(address) {
        Ok(symbol) => Html::of(&Drawn { svg: &symbol.svg(title) }),
        Err(_) => Html::default(),
    }
}

/// `GET /drafts/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    let (t, page) = (visit.t(), wizard.page(&visit));
    let Some(applicant) = &wizard.applicant else {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    };
    let address = format!("{}{}", visit.city().settings().base_url, wizard.href(""));
    let (sections, go_on) = sections(&visit, t, &wizard).await?;
    let view = TasksPage {
        t,
        page: &page,
        crumbs: wizard.crumbs(t, false),
        name: t.of(&wizard.matter().name),
        applicant: Some((applicant.name.clone(), wizard.href("applicant"))),
        tasks: TaskList::new(t, sections),
        go_on,
        saved: wizard.saved(t),
        base: wizard.href(""),
        qr: qr(&address, t.cases_other_device()),
        address: CopyText::new(t, address),
        filled: !wizard.draft.done.is_empty(),
        demo: visit.city().settings().demo,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The sections, and the address of the first task that is not done.
async fn sections(visit: &Visit, t: T, wizard: &Wizard) -> Result<(Vec<TaskSection>, String), Failure> {
    let mut first_open = String::new();
    let mut open = |state: TaskState, href: &str| {
        if first_open.is_empty() && !matches!(state, TaskState::Done | TaskState::Waived) {
            href.clone_into(&mut first_open);
        }
    };
    let mut form = Vec::new();
    for step in wizard.form().steps() {
        let state = step_state(wizard, &step.id);
        let href = wizard.step_href(step);
        open(state, &href);
        let known = step.fields.iter().filter(|name| wizard.prefill.contains_key(*name)).count();
        let mut task = Task::new(t.of(&step.title), href, state);
        if known > 0 && state != TaskState::Done {
            task = task.hint(t.cases_task_known(known));
        }
        form.push(task);
    }
    let mut sections = vec![TaskSection { title: t.cases_section_form().to_owned(), tasks: form }];
    let mut papers = Vec::new();
    if wizard.matter().pledge.is_some() {
        let state = if wizard.pledged() || wizard.is_done(PLEDGE) { TaskState::Done } else { TaskState::Todo };
        open(state, &wizard.href("pledge"));
        papers.push(Task::new(t.cases_part_pledge(), wizard.href("pledge"), state).hint(t.cases_task_pledge()));
    }
    if !wizard.matter().materials.is_empty() {
        let slots = given::slots(visit, wizard).await?;
        let missing = slots.iter().filter(|slot| slot.is_missing()).count();
        let (state, hint) = match missing {
            0 if slots.iter().all(|slot| !slot.asks()) => (TaskState::Waived, t.cases_task_no_materials().to_owned()),
            0 => (TaskState::Done, String::new()),
            n if slots.iter().any(|slot| !slot.files.is_empty()) => (TaskState::Started, t.cases_task_materials(n)),
            n => (TaskState::Todo, t.cases_task_materials(n)),
        };
        open(state, &wizard.href("materials"));
        papers.push(Task::new(t.cases_part_materials(), wizard.href("materials"), state).hint(hint));
    }
    if !papers.is_empty() {
        sections.push(TaskSection { title: t.cases_section_papers().to_owned(), tasks: papers });
    }
    let check = Task::new(t.cases_part_check(), wizard.href("check"), TaskState::Todo).hint(t.cases_task_check());
    sections.push(TaskSection { title: t.cases_section_send().to_owned(), tasks: vec![check] });
    if first_open.is_empty() {
        first_open = wizard.href("check");
    }
    Ok((sections, first_open))
}

fn step_state(wizard: &Wizard, step: &str) -> TaskState {
    let fields = wizard.form().visible_fields(Some(step), &wizard.draft.form);
    let answered = |name: &str| wizard.draft.form.get(name).is_some_and(|value| !value.is_null());
    let own = fields.iter().filter(|field| answered(&field.name) && !wizard.prefill.contains_key(&field.name)).count();
    let errors = wizard.form().validate(&wizard.draft.form, Some(step)).len();
    match (wizard.is_done(step), errors, own) {
        (true, 0, _) => TaskState::Done,
        (true, _, _) => TaskState::Wrong,
        (false, _, 0) => TaskState::Todo,
        (false, _, _) => TaskState::Started,
    }
}

/// `POST /drafts/{id}/sample`: 新手模板, every question answered as in the sample, with the applicant's own data.
pub(super) async fn fill_sample(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let mut wizard = Wizard::open(visit, &id).await?;
    let Some(applicant) = wizard.applicant.clone() else {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    };
    let bundle = wizard.published.bundle.clone();
    let agent = visit.person()?.person.as_ref();
    let context = known::context(visit.city(), &bundle, agent, &applicant, &wizard.draft.form).await?;
    let Value::Object(sample) = known::sample_form(&bundle, &context) else {
        return Ok(Redirect::to(&wizard.href("")).into_response());
    };
    let mut form = wizard.draft.form.as_object().cloned().unwrap_or_default();
    form.extend(sample);
    wizard.draft.form = Value::Object(form);
    for step in bundle.form.steps() {
        let fits = bundle.form.validate(&wizard.draft.form, Some(&step.id)).is_empty();
        wizard.mark(&step.id, fits);
    }
    if visit.city().settings().demo {
        attach_specimens(visit, &mut wizard).await?;
    }
    wizard.save(visit).await?;
    Ok(Redirect::to(&wizard.href("")).into_response())
}

/// In a demo city the sample brings its files too, each marked 演示样本 SPECIMEN, so that the job ends in one go. Nothing
/// that somebody has uploaded is replaced, and what the sample's pledge stands for needs no file.
async fn attach_specimens(visit: &Visit, wizard: &mut Wizard) -> Result<(), Failure> {
    let specimens = specimens(visit.city()).await?;
    let pledges = wizard.matter().pledge.is_some() && wizard.published.bundle.sample.pledge;
    for slot in given::slots(visit, wizard).await?.iter().filter(|slot| slot.is_missing()) {
        let material = &slot.material;
        if material.pledgeable && pledges {
            continue;
        }
        let uploads = vec![specimens.fitting(&material.formats).to_owned()];
        wizard.draft.materials.retain(|given| given.slot != material.slot);
        wizard.draft.materials.push(GivenMaterial { slot: material.slot.clone(), uploads, paper: None });
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "cases/confirm.html")]
struct ConfirmPage<'a> {
    page: &'a Page,
    crumbs: Crumbs,
    title: &'a str,
    confirm: Confirm,
}

/// `GET /drafts/{id}/delete`.
pub(super) async fn delete_page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    let (t, page) = (visit.t(), wizard.page(&visit));
    let title = t.cases_delete_title();
    let confirm =
        Confirm::new(t, title, t.cases_delete_button(), wizard.href("delete"), wizard.href(""), page.csrf.as_str())
            .body(t.cases_delete_text(t.of(&wizard.matter().name)))
            .danger();
    let view = ConfirmPage { page: &page, crumbs: wizard.crumbs(t, true), title, confirm };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `POST /drafts/{id}/delete`.
pub(super) async fn delete(Path(id): Path<String>, posted: Posted) -> Result<Response, Failure> {
    cases::delete_draft(posted.visit.city(), posted.visit.person()?, &id).await?;
    Ok(Redirect::to("/cases").into_response())
}
