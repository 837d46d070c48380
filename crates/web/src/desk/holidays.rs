//! Importing the holidays of a year: what is published, the upload, and what the import has changed.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action, Actor, Subject, may};
use domain::text::Text;
use service::calendar::{self, Imported};
use service::{City, ServiceError};

use super::frame;
use crate::accounts::Problems;
use crate::app::{Failure, Visit};
use crate::cases::Mixed;
use crate::i18n::T;
use crate::kit::{Crumbs, ErrorSummary, Fact, Facts, Field, Icon};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "desk/holidays.html")]
struct HolidaysPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    /// What the import has just done.
    done: Option<Facts>,
    facts: Facts,
    source: Field,
    file_error: String,
}

fn manager(visit: &Visit) -> Result<&Actor, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::ManageCatalogue, &Subject::default()).map_err(ServiceError::from)?;
    Ok(actor)
}

/// What the city knows: published years, provisional years, and the notices that were imported.
async fn known(t: T, city: &City) -> Result<Facts, Failure> {
    let calendar = city.calendar();
    let mut facts = Vec::new();
    if let (Some((first, last)), Some((_, end))) = (calendar.published_years(), calendar.range()) {
        facts.push(Fact::new(t.desk_holidays_published(), format!("{first}–{last}")));
        facts.push(Fact::new(t.desk_holidays_provisional(), format!("{}–{}", last + 1, end.year())));
    }
    for (source, at) in calendar::imported(city).await? {
        facts.push(Fact::new(t.desk_holidays_imported(at.date().to_string()), source));
    }
    Ok(Facts::new(t, facts))
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    typed: &str,
    problems: &Problems,
    done: Option<Imported>,
) -> Result<Response, Failure> {
    let t = visit.t();
    let page = frame::page(visit, "/studio").await?;
    let done = done.map(|done| {
        let years = Fact::new(t.desk_holidays_last(), done.last.to_string());
        Facts::new(t, vec![years, Fact::new(t.desk_holidays_moved(), done.moved.to_string())])
    });
    let view = HolidaysPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_studio(), "/studio"),
        errors: problems.summary(t, &["source", "file"]),
        done,
        facts: known(t, visit.city()).await?,
        source: Field::text(t, "source", t.desk_holidays_source())
            .hint(t.desk_holidays_source_hint())
            .max_length(200)
            .value(typed)
            .error(problems.at(t, "source")),
        file_error: problems.at(t, "file"),
    };
    Ok(respond(status, t.lang(), &view))
}

/// `GET /studio/calendar`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    manager(&visit)?;
    show(&visit, StatusCode::OK, "", &Problems::default(), None).await
}

/// `POST /studio/calendar`: `source` and the file.
pub(super) async fn send(mixed: Mixed) -> Result<Response, Failure> {
    let visit = &mixed.visit;
    let actor = manager(visit)?;
    let typed = mixed.get("source");
    let csv = mixed.files.iter().find(|file| file.field == "file").map(|file| String::from_utf8(file.bytes.clone()));
    let problem = |zh: &str, en: &str| Problems::one("file", Text::new(zh, en));
    let problems = match csv {
        None => problem("请选择节假日安排文件（CSV）。", "Choose the file with the holidays (CSV)."),
        Some(Err(_)) => problem("文件不是 UTF-8 文本，请另存为 UTF-8 的 CSV。", "Save the file as CSV in UTF-8."),
        Some(Ok(csv)) => match calendar::import(visit.city(), actor, typed, &csv).await {
            Ok(done) => return show(visit, StatusCode::OK, "", &Problems::default(), Some(done)).await,
            Err(error) => Problems::of(error)?,
        },
    };
    show(visit, StatusCode::UNPROCESSABLE_ENTITY, typed, &problems, None).await
}
