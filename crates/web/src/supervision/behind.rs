//! The cases behind a figure, page by page.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::supervision::{Channel, Kind, Week};
use service::supervision::{Behind, NOWHERE, behind};

use super::page::asked;
use super::{chosen, query as joined};
use crate::app::{Failure, Visit};
use crate::desk::frame;
use crate::desk::rows::Rows;
use crate::i18n::T;
use crate::kit::{Crumbs, Empty, Icon, Pager};
use crate::layout::{Page, respond};

/// Rows of a page.
const ROWS: i64 = 20;
/// What stands in an address beside the cursor.
const NAMES: [&str; 5] = ["week", "place", "channel", "kind", "figure"];

#[derive(Template)]
#[template(path = "supervision/behind.html")]
struct BehindPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    title: String,
    about: Vec<String>,
    rows: Rows,
    pager: Option<Pager>,
    empty: Empty,
}

/// What was chosen, in words.
fn about(visit: &Visit, query: &BTreeMap<String, String>) -> Vec<String> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let given = |name: &str| query.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let week = given("week").and_then(|text| text.parse::<Week>().ok()).map(|own| t.of(&own.label()).to_owned());
    let place = given("place").map(|id| match shelf.place(id) {
        Ok(place) => t.of(&place.name).to_owned(),
        Err(_) if id == NOWHERE => t.supervision_nowhere().to_owned(),
        Err(_) => id.to_owned(),
    });
    let channel = given("channel").and_then(Channel::parse).map(|own| t.of(&own.label()).to_owned());
    let kind = given("kind").and_then(Kind::parse).map(|own| t.of(&own.label()).to_owned());
    [week, place, channel, kind].into_iter().flatten().collect()
}

/// `GET /watch/figures/cases?week=&place=&channel=&kind=&figure=&after=`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), visit.staff()?);
    let wanted = Behind {
        asked: asked(&query),
        channel: query.get("channel").cloned(),
        kind: query.get("kind").cloned(),
        figure: query.get("figure").cloned(),
        after: query.get("after").cloned(),
        limit: ROWS,
    };
    let found = behind(city, actor, &wanted).await?;
    let figure = query.get("figure").map(String::as_str).filter(|name| !name.is_empty()).unwrap_or("received");
    let title = t.supervision_behind(figure);
    let kept = joined(NAMES.iter().filter_map(|name| Some((*name, query.get(*name)?.as_str()))));
    let first = format!("/watch/figures/cases?{kept}");
    let next = found.next.as_ref().map_or_else(String::new, |next| format!("{first}&after={next}"));
    let first = if wanted.after.is_some() { first } else { String::new() };
    let back = match chosen(&wanted.asked).as_str() {
        "" => "/watch/figures".to_owned(),
        query => format!("/watch/figures?{query}"),
    };
    let page = frame::page(&visit, "/watch").await?;
    let view = BehindPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_watch(), "/watch").link(t.supervision_title(), back.as_str()),
        about: about(&visit, &query),
        rows: Rows::new(&visit, "accept", &found.items, "").named(title.clone()),
        pager: (!next.is_empty() || !first.is_empty()).then(|| Pager::new(t, first, next)),
        empty: Empty::new(Icon::Folder, t.supervision_none(), t.supervision_none_text())
            .action(t.supervision_title(), back),
        title,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
