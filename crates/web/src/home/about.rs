//! `/about/access` and `/about/privacy`: what the site promises to everyone who uses it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::Visit;
use crate::layout::{Page, respond};

/// A page of headings and paragraphs.
#[derive(Template)]
#[template(path = "home/about.html")]
struct AboutPage<'a> {
    page: &'a Page,
    title: &'static str,
    lead: &'static str,
    parts: Vec<(&'static str, &'static str)>,
}

/// How the pages can be used by everybody.
pub async fn access(visit: Visit) -> Response {
    let page = visit.page();
    let t = page.t;
    let parts = vec![
        (t.about_access_keys(), t.about_access_keys_text()),
        (t.about_access_size(), t.about_access_size_text()),
        (t.about_access_plain(), t.about_access_plain_text()),
        (t.about_access_help(), t.about_access_help_text()),
    ];
    let view = AboutPage { page: &page, title: t.about_access_title(), lead: t.about_access_lead(), parts };
    respond(StatusCode::OK, t.lang(), &view)
}

/// PIPL 17: what is processed, for what, on what basis, how long, and the person's rights.
pub async fn privacy(visit: Visit) -> Response {
    let page = visit.page();
    let t = page.t;
    let parts = vec![
        (t.about_privacy_what(), t.about_privacy_what_text()),
        (t.about_privacy_why(), t.about_privacy_why_text()),
        (t.about_privacy_who(), t.about_privacy_who_text()),
        (t.about_privacy_auto(), t.about_privacy_auto_text()),
        (t.about_privacy_rights(), t.about_privacy_rights_text()),
    ];
    let view = AboutPage { page: &page, title: t.about_privacy_title(), lead: t.about_privacy_lead(), parts };
    respond(StatusCode::OK, t.lang(), &view)
}
