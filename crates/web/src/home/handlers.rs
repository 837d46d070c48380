//! `GET /`, `GET|POST /display`.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::catalog::{ApplicantKind, Matter};
use serde::Deserialize;
use service::cases;

use super::{HomePage, Todo, about};
use crate::app::{App, Failure, Visit};
use crate::cases::{marked, paused_tag, state_tag, tone};
use crate::catalog::{Audience, MatterRow, tiles};
use crate::kit::{Tag, Tone};
use crate::layout::{DisplayPage, Part, respond, safe_back};

/// Addresses of the home page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/display", get(display))
        .route("/about/access", get(about::access))
        .route("/about/privacy", get(about::privacy))
}

const TILES: usize = 8;

async fn home(visit: Visit) -> Result<Response, Failure> {
    let page = visit.page().with_part(Part::Home);
    let t = page.t;
    let shelf = visit.city().shelf();
    let all: Vec<&Matter> = shelf.matters().map(|published| &published.bundle.matter).collect();
    let examples = shelf
        .front()
        .examples
        .iter()
        .map(|example| {
            let words = t.of(example);
            let query: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
            (words.to_owned(), format!("/matters?q={query}"))
        })
        .collect();
    let top = shelf
        .front()
        .top
        .iter()
        .filter_map(|slug| shelf.matter(slug).ok())
        .map(|published| {
            let matter = &published.bundle.matter;
            let department = shelf.department(&matter.department).map(|d| t.of(&d.name).to_owned());
            MatterRow::new(t, matter, &department.unwrap_or_default())
        })
        .collect();
    let todos = todos(&visit).await?;
    let home = HomePage {
        t,
        page: &page,
        examples,
        todos,
        matter_count: i64::try_from(all.len()).unwrap_or(0),
        for_person: tiles(t, Audience::Person, &counts(&all, true), TILES),
        for_company: tiles(t, Audience::Company, &counts(&all, false), TILES),
        top,
        hall: None,
    };
    Ok(respond(StatusCode::OK, t.lang(), &home))
}

/// How many matters of each topic people, or companies, may apply for.
fn counts(matters: &[&Matter], person: bool) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for matter in matters {
        let fits = matter.applicants.iter().any(|kind| (*kind == ApplicantKind::Person) == person);
        for topic in matter.topics.iter().filter(|_| fits) {
            *counts.entry(topic.clone()).or_default() += 1;
        }
    }
    counts.into_iter().collect()
}

/// What waits for the person: cases that cannot go on without them, and drafts.
async fn todos(visit: &Visit) -> Result<Vec<Todo>, Failure> {
    let Some(signed_in) = &visit.signed_in else { return Ok(Vec::new()) };
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let name = |slug: &str| {
        shelf.matter(slug).map(|published| t.of(&published.bundle.matter.name).to_owned()).unwrap_or_default()
    };
    let rows = cases::mine(visit.city(), &signed_in.actor, None, 20).await?.items;
    let standings = cases::standings(visit.city(), &rows).await?;
    let mut todos = Vec::new();
    for row in rows {
        // What is closed may still lie in a pile of the office; it is no business of the citizen's any more.
        let must_act = match tone(&row.state) {
            Tone::Act => true,
            Tone::Running => false,
            Tone::Paused | Tone::Bad | Tone::Good | Tone::Quiet => continue,
        };
        let standing = standings.get(&row.id).copied().unwrap_or_default();
        todos.push(Todo {
            title: name(&row.matter),
            text: if standing.paused { t.cases_next_paused().to_owned() } else { t.cases_next(&row.state) },
            href: format!("/cases/{}", row.number),
            tag: if standing.paused { paused_tag(t) } else { state_tag(t, &row.state) },
            due: standing
                .correct_until
                .map_or_else(String::new, |(day, provisional)| marked(t, t.cases_due(t.day(day)), provisional)),
            must_act,
        });
    }
    for draft in cases::drafts(visit.city(), &signed_in.actor).await? {
        todos.push(Todo {
            title: name(&draft.matter),
            text: t.home_todo_draft(t.moment(draft.updated)),
            href: format!("/drafts/{}", draft.id),
            tag: Tag::new(Tone::Act, t.home_todo_continue()),
            due: String::new(),
            must_act: true,
        });
    }
    todos.sort_by_key(|todo| !todo.must_act);
    Ok(todos)
}

#[derive(Debug, Deserialize)]
struct DisplayQuery {
    set: Option<String>,
    back: Option<String>,
}

/// Changes a display choice and goes back, or shows all choices. Changes nothing but the person's own cookie, so GET
/// is enough and it works without JavaScript.
async fn display(visit: Visit, Query(query): Query<DisplayQuery>) -> Response {
    if let Some(word) = query.set {
        let prefs = visit.prefs.with(&word);
        let mut response = Redirect::to(safe_back(query.back.as_deref().unwrap_or("/"))).into_response();
        if let Ok(cookie) = HeaderValue::from_str(&prefs.set_cookie()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
    }
    let mut page = visit.page();
    page.path = safe_back(query.back.as_deref().unwrap_or("/")).to_owned();
    respond(StatusCode::OK, page.t.lang(), &DisplayPage { t: page.t, page: &page })
}
