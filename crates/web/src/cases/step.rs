//! One topic of the form on one page. Every post is saved first, whatever is wrong with it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::FieldError;

use super::fields::{Asked, Sheet, joined, without_row};
use super::wizard::{Help, Wizard};
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Action, Crumbs, ErrorSummary, Icon, Notice, Steps, Tone, anchor};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "cases/step.html")]
struct StepPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    name: &'a str,
    title: &'a str,
    notice: Option<Notice>,
    asked: Vec<Asked>,
    controls: String,
    action: String,
    back: String,
    help: Help,
    from: &'a str,
    saved: String,
}

/// What the address asks for besides the page itself.
#[derive(Default)]
struct Wish<'a> {
    more: &'a str,
    from: &'a str,
    grown: bool,
}

/// `GET /drafts/{id}/{step}`. `more` names a group that gets an empty row; `from=check` leads back there.
pub(super) async fn page(
    visit: Visit,
    Path((id, part)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let wizard = Wizard::open(&visit, &id).await?;
    if wizard.applicant.is_none() {
        return Ok(Redirect::to(&wizard.href("applicant")).into_response());
    }
    let asked = |name: &str| query.get(name).map_or("", String::as_str);
    let wish = Wish { more: asked("more"), from: asked("from"), grown: query.contains_key("grown") };
    show(&visit, StatusCode::OK, &wizard, &part, &[], &wish)
}

fn show(
    visit: &Visit,
    status: StatusCode,
    wizard: &Wizard,
    part: &str,
    errors: &[FieldError],
    wish: &Wish<'_>,
) -> Result<Response, Failure> {
    let step = wizard.step_at(part).ok_or(Failure::status(StatusCode::NOT_FOUND))?;
    let (t, page) = (visit.t(), wizard.page(visit));
    let sheet = Sheet {
        t,
        form: wizard.form(),
        data: &wizard.draft.form,
        prefill: &wizard.prefill,
        errors,
        more: wish.more,
        at_window: false,
    };
    let view = StepPage {
        t,
        page: &page,
        crumbs: wizard.crumbs(t, true),
        steps: wizard.steps(t, &step.id, true),
        errors: sheet.summary(),
        name: t.of(&wizard.matter().name),
        title: t.of(&step.title),
        notice: wish.grown.then(|| Notice::new(Tone::Running, t.cases_grown_title()).body(t.cases_grown_text())),
        asked: sheet.step(&step.id),
        controls: sheet.controls(&step.id),
        action: wizard.step_href(step),
        back: wizard.href(""),
        help: wizard.help(visit, ""),
        from: wish.from,
        saved: wizard.saved(t),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `POST /drafts/{id}/{step}`.
pub(super) async fn save(Path((id, part)): Path<(String, String)>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let mut wizard = Wizard::open(visit, &id).await?;
    let step = wizard.step_at(&part).ok_or(Failure::status(StatusCode::NOT_FOUND))?.clone();
    let (wanted, action) = (posted.get("do"), Action::parse(posted.get("do")));
    let pairs = match &action {
        Some(Action::Remove(group, row)) => without_row(posted.pairs.clone(), group, *row),
        _ => posted.pairs.clone(),
    };
    let (data, unreadable) = wizard.form().parse_post(&step.id, &pairs);
    wizard.draft.form = wizard.form().merge(&wizard.draft.form, &step.id, &data);
    let from = posted.get("from");
    let here = wizard.href(&part);
    let seen = posted.all("shown");
    let visible = wizard.form().visible_fields(Some(&step.id), &wizard.draft.form);
    let grown: Option<String> =
        visible.iter().find(|field| !seen.contains(&field.name.as_str())).map(|field| field.name.clone());
    let mut errors = joined(unreadable, wizard.form().validate(&wizard.draft.form, Some(&step.id)));
    let whole = errors.is_empty();
    // A question that was not on the page yet cannot have been answered.
    errors.retain(|error| error.field.is_empty() || seen.iter().any(|name| belongs(&error.field, name)));
    wizard.mark(&step.id, whole);
    wizard.save(visit).await?;
    let to = |address: &str| Ok(Redirect::to(address).into_response());
    match (action, wanted) {
        (Some(Action::Add(group)), _) => {
            let rows = wizard.draft.form.get(&group).and_then(|value| value.as_array()).map_or(0, Vec::len);
            let first = wizard.form().field(&group).and_then(first_cell).unwrap_or_default();
            to(&format!("{here}?more={group}&from={from}#{}", anchor(&format!("{group}[{rows}].{first}"))))
        }
        (Some(Action::Remove(group, _)), _) => to(&format!("{here}?from={from}#{}", anchor(&group))),
        (None, "autosave") => Ok(StatusCode::NO_CONTENT.into_response()),
        (None, "redraw") => show(visit, StatusCode::OK, &wizard, &part, &[], &Wish { from, ..Wish::default() }),
        (None, "save") => to(&wizard.href("")),
        _ if !errors.is_empty() => {
            let wish = Wish { from, ..Wish::default() };
            show(visit, StatusCode::UNPROCESSABLE_ENTITY, &wizard, &part, &errors, &wish)
        }
        _ => match grown {
            Some(name) => to(&format!("{here}?grown=1&from={from}#{}", anchor(&name))),
            None if from == "check" => to(&wizard.href("check")),
            None => to(&wizard.after(&step.id, true)),
        },
    }
}

fn first_cell(field: &domain::catalog::Field) -> Option<String> {
    match &field.kind {
        domain::catalog::FieldKind::Group(group) => group.fields.first().map(|cell| cell.name.clone()),
        _ => None,
    }
}

/// Whether an error's field is `name` or a cell of the group `name`.
fn belongs(field: &str, name: &str) -> bool {
    field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}
