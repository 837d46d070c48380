//! Finding the matter that somebody at the window is talking about, in their own words.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::frame;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::Icon;
use crate::layout::{Page, respond};

struct Hit {
    href: String,
    name: String,
    department: String,
}

#[derive(Template)]
#[template(path = "desk/find_matter.html")]
struct FindMatter<'a> {
    t: T,
    page: &'a Page,
    words: &'a str,
    hits: Vec<Hit>,
}

/// The search with what it found.
pub(super) async fn show(visit: &Visit, words: &str) -> Result<Response, Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let page = frame::page(visit, "/desk/walk-in").await?;
    let found = if words.is_empty() { Vec::new() } else { shelf.search(words, t.lang(), 12) };
    let hits = found.into_iter().map(|own| {
        let matter = &own.bundle.matter;
        let department = shelf.department(&matter.department).map(|office| t.of(&office.name).to_owned());
        Hit {
            href: format!("/desk/walk-in?matter={}", matter.slug),
            name: t.of(&matter.name).to_owned(),
            department: department.unwrap_or_default(),
        }
    });
    let view = FindMatter { t, page: &page, words, hits: hits.collect() };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
