//! The piles of the desk: all of mine with their first rows, and each by itself, most urgent first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::{Action, Forbidden, Role};
use service::ServiceError;
use service::cases::{self, CaseRow, Inbox};

use super::frame::{self, Lights, PILES};
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Cell, Choice, Column, Empty, Field, Html, Icon, Pager, Row, Table};
use crate::layout::{Page, respond};

/// Rows of a pile on the overview; one more is asked for to know whether there are others.
const FIRST: i64 = 5;
const PER_PAGE: i64 = 30;

struct Heap {
    id: &'static str,
    title: String,
    about: String,
    href: String,
    table: Table,
}

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct Overview<'a> {
    t: T,
    page: &'a Page,
    hello: String,
    heaps: Vec<Heap>,
    quiet: Vec<Heap>,
    empty: Empty,
}

fn table(visit: &Visit, pile: &'static str, rows: &[CaseRow]) -> Table {
    let (t, city) = (visit.t(), visit.city());
    let (shelf, lights) = (city.shelf(), Lights::new(t, city));
    let columns = [
        t.desk_col_number(),
        t.desk_col_lamp(),
        t.desk_col_matter(),
        t.desk_col_applicant(),
        t.desk_col_received(),
        t.desk_col_deadline(),
        t.desk_col_department(),
    ];
    let mut table = Table::new(t.desk_pile(pile), columns.into_iter().map(Column::new).collect());
    for row in rows {
        let matter = shelf.matter(&row.matter).map(|own| t.of(&own.bundle.matter.name).to_owned());
        let department = shelf.department(&row.department).map(|own| t.of(&own.name).to_owned());
        let late = row.deadline.is_some_and(|deadline| city.now() >= deadline);
        let cells: Vec<Cell> = vec![
            Html::link(&format!("/desk/cases/{}", row.number), &row.number),
            lights.lamp(pile, row.deadline),
            matter.unwrap_or_else(|_| row.matter.clone()).into(),
            frame::masked(&row.applicant).into(),
            row.received.map_or_else(|| "—".to_owned(), |at| t.day(at.date())).into(),
            frame::day(t, row.deadline).into(),
            department.unwrap_or_else(|_| row.department.clone()).into(),
        ];
        let row = Row::new(cells);
        table = table.row(if late { row.marked() } else { row });
    }
    table
}

/// `GET /desk`.
pub(super) async fn overview(visit: Visit) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    let piles = frame::piles_of(actor);
    if piles.is_empty() {
        return Ok(Redirect::to("/watch").into_response());
    }
    let (t, page) = (visit.t(), frame::page(&visit, "/desk")?);
    let mut heaps = Vec::new();
    for pile in piles {
        let wanted = Inbox { pile: pile.to_owned(), limit: FIRST, ..Inbox::default() };
        let found = cases::inbox(visit.city(), actor, &wanted).await?;
        heaps.push(Heap {
            id: pile,
            title: t.desk_pile(pile),
            about: t.desk_pile_about(pile),
            href: format!("/desk/{pile}"),
            table: table(&visit, pile, &found.items),
        });
    }
    let (quiet, heaps) = heaps.into_iter().partition(|heap: &Heap| heap.table.is_empty());
    let view = Overview {
        t,
        page: &page,
        hello: t.desk_hello(&actor.name, t.day(visit.city().now().date())),
        heaps,
        quiet,
        empty: Empty::new(Icon::CheckCircle, t.desk_all_done(), t.desk_all_done_text()),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

#[derive(Template)]
#[template(path = "desk/pile.html")]
struct PilePage<'a> {
    t: T,
    page: &'a Page,
    title: String,
    about: String,
    action: String,
    departments: Option<Field>,
    table: Table,
    empty: Empty,
    pager: Option<Pager>,
}

/// Departments to choose from, for those who are not tied to one.
fn departments(visit: &Visit, chosen: &str) -> Result<Option<Field>, Failure> {
    let (t, actor, shelf) = (visit.t(), visit.staff()?, visit.city().shelf());
    let staff = |role: Role| matches!(role, Role::Clerk | Role::Reviewer | Role::Approver | Role::Supervisor);
    if !actor.grants.iter().any(|grant| staff(grant.role) && grant.department.is_none()) {
        return Ok(None);
    }
    let choices = shelf.departments().map(|own| Choice::new(own.id.as_str(), t.of(&own.name))).collect();
    Ok(Some(Field::select(t, "department", t.desk_filter(), choices).optional().width("l").value(chosen)))
}

/// `GET /desk/{pile}?department=&after=`.
pub(super) async fn pile(
    visit: Visit,
    Path(pile): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    let known = PILES.into_iter().find(|own| *own == pile).ok_or(ServiceError::NotFound("pile"))?;
    if !frame::piles_of(actor).contains(&known) {
        return Err(ServiceError::from(Forbidden { actor: actor.label(), action: Action::ViewCase }).into());
    }
    let after = query.get("after").filter(|after| !after.is_empty()).cloned();
    let department = query.get("department").filter(|own| !own.is_empty()).cloned();
    let wanted = Inbox { pile: pile.clone(), department: department.clone(), after: after.clone(), limit: PER_PAGE };
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
    let (t, page) = (visit.t(), frame::page(&visit, &here)?);
    let view = PilePage {
        t,
        page: &page,
        title: t.desk_pile(known),
        about: t.desk_pile_about(known),
        action: here,
        departments: departments(&visit, department.as_deref().unwrap_or(""))?,
        table: table(&visit, known, &found.items),
        empty: Empty::new(Icon::CheckCircle, t.desk_pile_empty(), t.desk_pile_empty_text())
            .action(t.desk_home(), "/desk"),
        pager: (!first.is_empty() || !next.is_empty()).then(|| Pager::new(t, first, next)),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
