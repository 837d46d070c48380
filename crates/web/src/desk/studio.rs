//! The studio: which matters are published, and pausing or resuming the automation of one at once.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Actor, Subject, may};
use service::{ServiceError, catalog};

use super::frame;
use crate::accounts::Problems;
use crate::app::{Failure, Posted, Visit};
use crate::i18n::T;
use crate::kit::{Column, Crumbs, ErrorSummary, Fact, Facts, Field, Html, Row, Table, Tag, Tone};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/studio.html")]
struct StudioPage<'a> {
    t: T,
    page: &'a Page,
    lead: String,
    /// Matters with rules.
    table: Table,
    /// Matters that people decide.
    people: Table,
}

fn manager(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::ManageCatalogue, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

/// How a matter is decided: by rules, by rules that are paused, by people.
fn standing(t: T, rules: bool, automatic: bool) -> Tag {
    match (rules, automatic) {
        (true, true) => Tag::new(Tone::Good, t.desk_automatic()),
        (true, false) => Tag::new(Tone::Paused, t.desk_automatic_paused()),
        (false, _) => Tag::new(Tone::Quiet, t.desk_by_people()),
    }
}

/// `GET /studio`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    manager(&visit)?;
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let columns = [t.desk_col_matter(), t.desk_col_automation(), t.desk_col_version(), t.desk_col_department()];
    let list = |caption: &str| Table::new(caption, columns.iter().map(|name| Column::new(*name)).collect());
    let (mut table, mut people) = (list(t.desk_studio_rules()), list(t.desk_by_people()));
    let mut matters: Vec<_> = shelf.matters().collect();
    matters.sort_by_key(|own| (own.bundle.matter.department.clone(), own.bundle.matter.slug.clone()));
    let automatic = matters.iter().filter(|own| shelf.is_automatic(&own.bundle.matter.slug)).count();
    let lead = t.desk_studio_lead(matters.len(), automatic);
    for own in matters {
        let matter = &own.bundle.matter;
        let (rules, automatic) = (own.rules.is_some(), shelf.is_automatic(&matter.slug));
        let base = if rules { "/studio" } else { "/matters" };
        let department = shelf.department(&matter.department).map(|own| t.of(&own.name).to_owned());
        let row = Row::new(vec![
            Html::link(&format!("{base}/{}", matter.slug), t.of(&matter.name)),
            Html::of(&standing(t, rules, automatic)),
            own.version.to_string().into(),
            department.unwrap_or_default().into(),
        ]);
        let table = if rules { &mut table } else { &mut people };
        *table = std::mem::replace(table, list("")).row(row);
    }
    let page = frame::page(&visit, "/studio").await?;
    Ok(respond(StatusCode::OK, t.lang(), &StudioPage { t, page: &page, lead, table, people }))
}

#[derive(Template)]
#[template(path = "desk/switch.html")]
struct SwitchPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    name: &'a str,
    tag: Tag,
    facts: Facts,
    /// The form, when the matter has rules.
    reason: Option<Field>,
    action: String,
    pause: bool,
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    slug: &str,
    typed: &str,
    problems: &Problems,
) -> Result<Response, Failure> {
    manager(visit)?;
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let own = shelf.matter(slug)?;
    let matter = &own.bundle.matter;
    let automatic = shelf.is_automatic(slug);
    let page = frame::page(visit, "/studio").await?;
    let mut facts = vec![
        Fact::new(t.desk_col_version(), own.version.to_string()),
        Fact::new(t.desk_code(), own.code.as_str()),
        Fact::new(t.desk_col_department(), t.of(&shelf.department(&matter.department)?.name)),
    ];
    if let Some(automation) = &matter.automation {
        facts.push(Fact::new(t.desk_share(), t.desk_share_of(automation.check_percent)));
    }
    facts.push(Fact::new(t.desk_guide(), Html::link(&format!("/matters/{slug}"), t.of(&matter.name))));
    let reason = own.rules.is_some().then(|| {
        Field::textarea(t, "reason", t.desk_reason())
            .hint(t.desk_switch_hint())
            .rows(3)
            .max_length(1000)
            .value(typed)
            .error(problems.at(t, "reason"))
    });
    let view = SwitchPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_studio(), "/studio"),
        errors: problems.summary(t, &["reason"]),
        name: t.of(&matter.name),
        tag: standing(t, own.rules.is_some(), automatic),
        facts: Facts::new(t, facts),
        reason,
        action: format!("/studio/{slug}"),
        pause: automatic,
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /studio/{slug}`.
pub(super) async fn matter(visit: Visit, Path(slug): Path<String>) -> Result<Response, Failure> {
    show(&visit, StatusCode::OK, &slug, "", &Problems::default()).await
}

/// `POST /studio/{slug}`: `do=pause` or `do=resume`.
pub(super) async fn switch(Path(slug): Path<String>, posted: Posted) -> Result<Response, Failure> {
    let visit = &posted.visit;
    let actor = manager(visit)?;
    let pause = match posted.get("do") {
        "pause" => true,
        "resume" => false,
        _ => return Err(Failure::status(StatusCode::BAD_REQUEST)),
    };
    let reason = posted.get("reason");
    match catalog::pause_automation(visit.city(), actor, &slug, pause, reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/studio/{slug}")).into_response()),
        Err(error) => show(visit, StatusCode::UNPROCESSABLE_ENTITY, &slug, reason, &Problems::of(error)?).await,
    }
}
