//! The piles of the desk: all of mine with their first rows, and each by itself, most urgent first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Forbidden, Role};
use service::ServiceError;
use service::cases::{self, Inbox, MOST_COUNTED, PILES, Waiting};

use super::frame::{self, Frame};
use super::rows::Rows;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Empty, ErrorSummary, Field, Icon, Pager, Tag, Tone};
use crate::layout::{Page, respond};

/// Rows of a pile on the overview.
const FIRST: i64 = 5;
const PER_PAGE: i64 = 30;

struct Heap {
    id: &'static str,
    title: String,
    about: String,
    href: String,
    rows: Rows,
}

/// What waits in one pile, as a tile: a number, a word, its lights.
struct Tile {
    title: String,
    href: String,
    count: String,
    lights: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct Overview<'a> {
    t: T,
    page: &'a Page,
    errors: ErrorSummary,
    name: &'a str,
    day: String,
    number: String,
    tiles: Vec<Tile>,
    heaps: Vec<Heap>,
    empty: Empty,
}

/// A count in words: nobody counts beyond what was read.
fn counted(n: i64) -> String {
    if n >= MOST_COUNTED { format!("{}+", MOST_COUNTED - 1) } else { n.to_string() }
}

fn tile(t: T, pile: &'static str, waits: Waiting) -> Tile {
    let mut lights = Vec::new();
    if waits.late > 0 {
        lights.push(Tag::new(Tone::Bad, t.desk_tile_late(counted(waits.late))));
    }
    if waits.near > 0 {
        lights.push(Tag::new(Tone::Act, t.desk_tile_near(counted(waits.near))));
    }
    Tile { title: t.desk_pile(pile), href: format!("/desk/{pile}"), count: counted(waits.all), lights }
}

/// `GET /desk?number=`: what waits for me; with the number of a case, that case.
pub(super) async fn overview(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    let (t, city) = (visit.t(), visit.city());
    let Frame { page, waiting } = frame::frame(&visit, "/desk").await?;
    if waiting.is_empty() {
        let home = if actor.has(Role::HallHead) && !frame::watches(actor) { "/desk/rota" } else { "/watch" };
        return Ok(Redirect::to(home).into_response());
    }
    let number = query.get("number").map_or("", |number| number.trim()).to_owned();
    let mut errors = ErrorSummary::new(t);
    if !number.is_empty() {
        match cases::case_by_number(city, actor, &number).await {
            Ok(found) => return Ok(Redirect::to(&format!("/desk/cases/{}", found.case.number)).into_response()),
            Err(ServiceError::NotFound(_)) => errors.push("number", t.desk_find_none()),
            Err(other) => return Err(other.into()),
        }
    }
    let mut heaps = Vec::new();
    for (pile, waits) in &waiting {
        if waits.all == 0 {
            continue;
        }
        let wanted = Inbox { pile: (*pile).to_owned(), limit: FIRST, ..Inbox::default() };
        let found = cases::inbox(city, actor, &wanted).await?;
        heaps.push(Heap {
            id: pile,
            title: t.desk_pile(pile),
            about: t.desk_pile_about(pile),
            href: format!("/desk/{pile}"),
            rows: Rows::new(&visit, pile, &found.items, ""),
        });
    }
    let status = if number.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let view = Overview {
        t,
        page: &page,
        errors,
        name: &actor.name,
        day: t.day(city.now().date()),
        number,
        tiles: waiting.into_iter().map(|(pile, waits)| tile(t, pile, waits)).collect(),
        heaps,
        empty: Empty::new(Icon::CheckCircle, t.desk_all_done(), t.desk_all_done_text()),
    };
    Ok(respond(status, t.lang(), &view))
}

#[derive(Template)]
#[template(path = "desk/pile.html")]
struct PilePage<'a> {
    t: T,
    page: &'a Page,
    title: String,
    about: String,
    action: String,
    lights: Vec<Tag>,
    departments: Option<Field>,
    rows: Rows,
    empty: Empty,
    pager: Option<Pager>,
}

/// Departments to choose from: all, or those that an officer is tied to; nothing for who has only one.
fn departments(visit: &Visit, chosen: &str) -> Result<Option<Field>, Failure> {
    let (t, actor, shelf) = (visit.t(), visit.staff()?, visit.city().shelf());
    let staff = |role: Role| matches!(role, Role::Clerk | Role::Reviewer | Role::Approver | Role::Supervisor);
    let own: Vec<Option<&str>> =
        actor.grants.iter().filter(|grant| staff(grant.role)).map(|grant| grant.department.as_deref()).collect();
    let all = own.contains(&None);
    let offered = shelf.departments().filter(|one| all || own.contains(&Some(one.id.as_str())));
    let choices: Vec<Choice> = offered.map(|one| Choice::new(one.id.as_str(), t.of(&one.name))).collect();
    if choices.len() < 2 {
        return Ok(None);
    }
    Ok(Some(Field::select(t, "department", t.desk_filter(), choices).width("l").value(chosen)))
}

/// The pile of that name, if it concerns the actor.
pub(super) fn own_pile(visit: &Visit, name: &str) -> Result<&'static str, Failure> {
    let actor = visit.staff()?;
    let known = PILES.into_iter().find(|own| *own == name).ok_or(ServiceError::NotFound("pile"))?;
    if frame::piles_of(actor).contains(&known) {
        return Ok(known);
    }
    Err(ServiceError::from(Forbidden { actor: actor.label(), action: Action::ViewCase }).into())
}

/// `GET /desk/{pile}?department=&after=`.
pub(super) async fn pile(
    visit: Visit,
    Path(pile): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let known = own_pile(&visit, &pile)?;
    let actor = visit.staff()?;
    let after = query.get("after").filter(|after| !after.is_empty()).cloned();
    let department = query.get("department").filter(|own| !own.is_empty()).cloned();
    let wanted = Inbox { pile, department: department.clone(), after: after.clone(), limit: PER_PAGE };
    let found = cases::inbox(visit.city(), actor, &wanted).await?;
    let address = |after: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(department) = &department {
            query.append_pair("department", department);
        }
        if !after.is_empty() {
            query.append_pair("after", after);
        }
        format!("/desk/{known}?{}", query.finish())
    };
    let first = if after.is_some() { address("") } else { String::new() };
    let next = found.next.as_deref().map_or_else(String::new, address);
    let here = format!("/desk/{known}");
    let (t, Frame { page, waiting }) = (visit.t(), frame::frame(&visit, &here).await?);
    let waits = waiting.iter().find(|(pile, _)| *pile == known).map(|(_, waits)| *waits).unwrap_or_default();
    let view = PilePage {
        t,
        page: &page,
        title: t.desk_pile(known),
        about: t.desk_pile_about(known),
        action: here,
        lights: if department.is_none() { tile(t, known, waits).lights } else { Vec::new() },
        departments: departments(&visit, department.as_deref().unwrap_or(""))?,
        rows: Rows::new(&visit, known, &found.items, ""),
        empty: Empty::new(Icon::CheckCircle, t.desk_pile_empty(), t.desk_pile_empty_text())
            .action(t.desk_home(), "/desk"),
        pager: (!first.is_empty() || !next.is_empty()).then(|| Pager::new(t, first, next)),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
