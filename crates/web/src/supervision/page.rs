//! The tables of a week, of the city or of one place.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action, Subject, may};
use domain::supervision::Week;
use service::ServiceError;
use service::supervision::{Asked, Cell, Figures, NOWHERE, Sheet, figures, published, range};

use super::{chosen, href};
use crate::app::{Failure, Visit};
use crate::desk::frame;
use crate::i18n::{T, grouped};
use crate::kit::{Choice, Column, Crumbs, ErrorSummary, Field, Html, Icon, Row, Table};
use crate::layout::{Page, respond};

/// Most weeks to choose from.
const CHOICES: u32 = 53;
/// Height of the chart's bars.
const HEIGHT: i64 = 150;

/// A figure at the head.
struct Tile {
    label: String,
    value: String,
    beside: String,
}

/// A table with its files.
struct Part {
    id: &'static str,
    title: String,
    note: String,
    table: Option<Table>,
    csv: String,
    xlsx: String,
}

/// One week of the chart, in units of the picture.
struct Bar {
    x: i64,
    received: i64,
    received_y: i64,
    closed: i64,
    closed_y: i64,
    label: String,
}

#[derive(Template)]
#[template(path = "supervision/figures.html")]
struct FiguresPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    errors: ErrorSummary,
    choice: [Field; 2],
    week: String,
    running: bool,
    tiles: Vec<Tile>,
    bars: Vec<Bar>,
    top: i64,
    summary: String,
    parts: Vec<Part>,
    published: Vec<Part>,
}

/// The choice of the whole city: an empty one would ask to choose.
const CITY: &str = "all";

pub(super) fn asked(query: &BTreeMap<String, String>) -> Asked {
    let place = query.get("place").filter(|place| *place != CITY);
    Asked { week: query.get("week").cloned(), place: place.cloned() }
}

/// A cell on a page: figures link to the cases behind them, for whoever may see cases.
fn shown(t: T, cell: &Cell, link: Option<String>) -> Html {
    let text = match cell {
        Cell::Count(n) => grouped(*n),
        other => other.print(t.lang()),
    };
    match link {
        Some(href) if !matches!(cell, Cell::Count(0)) => Html::link(&href, &text),
        _ => Html::text(text),
    }
}

fn table(t: T, sheet: &Sheet, sees: bool) -> Table {
    let columns = sheet.columns.iter().map(|own| {
        let column = Column::new(t.of(&own.label));
        if own.numeric { column.numeric() } else { column }
    });
    let empty = Table::new(t.of(&sheet.title), columns.collect());
    sheet.lines.iter().fold(empty, |table, line| {
        let cells = line.cells.iter().zip(&sheet.columns).map(|(cell, column)| {
            let link =
                line.about.as_ref().filter(|_| sees).zip(column.behind).map(|(about, figure)| href(about, figure));
            shown(t, cell, link)
        });
        table.row(Row::new(cells.collect()))
    })
}

fn part(t: T, sheet: &Sheet, sees: bool, chosen: &str) -> Part {
    let file = |form: &str| match chosen {
        "" => format!("/watch/figures/{}/{form}", sheet.id),
        query => format!("/watch/figures/{}/{form}?{query}", sheet.id),
    };
    Part {
        id: sheet.id,
        title: t.of(&sheet.title).to_owned(),
        note: t.of(&sheet.note).to_owned(),
        table: (!sheet.lines.is_empty()).then(|| table(t, sheet, sees)),
        csv: file("csv"),
        xlsx: file("xlsx"),
    }
}

fn bars(points: &[(Week, i64, i64)]) -> (Vec<Bar>, i64) {
    let top = points.iter().map(|(_, received, closed)| *received.max(closed)).max().unwrap_or(0).max(1);
    let bar = |(at, (week, received, closed)): (i64, &(Week, i64, i64))| {
        let (received, closed) = (received * HEIGHT / top, closed * HEIGHT / top);
        let (month, day) = (week.monday().month(), week.monday().day());
        let label = format!("{month}/{day}");
        Bar { x: 40 + at * 70, received, received_y: 160 - received, closed, closed_y: 160 - closed, label }
    };
    ((0..).zip(points).map(bar).collect(), top)
}

fn tiles(t: T, own: &Figures) -> Vec<Tile> {
    let print = |cell: &Cell| match cell {
        Cell::Count(n) => grouped(*n),
        other => other.print(t.lang()),
    };
    own.headlines
        .iter()
        .map(|own| Tile {
            label: t.of(&own.label).to_owned(),
            value: print(&own.cell),
            beside: own
                .beside
                .as_ref()
                .map_or_else(String::new, |(label, cell)| format!("{} {}", t.of(label), print(cell))),
        })
        .collect()
}

/// The weeks and the places to choose from.
async fn choice(visit: &Visit, own: &Figures, errors: &BTreeMap<String, String>) -> Result<[Field; 2], Failure> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let all = range(visit.city()).await?;
    let weeks = (0..CHOICES).map(|back| all.last.back(back)).take_while(|week| *week >= all.first);
    let mut weeks: Vec<Week> = weeks.collect();
    if !weeks.contains(&own.week) {
        weeks.push(own.week);
    }
    let weeks = weeks.into_iter().map(|week| {
        let words = t.of(&week.label()).to_owned();
        let words = if week == all.last { t.supervision_running_week(words) } else { words };
        Choice::new(week.to_string(), words)
    });
    let mut places = vec![Choice::new(CITY, t.supervision_whole_city())];
    places.extend(shelf.places().places.iter().map(|place| Choice::new(place.id.as_str(), t.of(&place.name))));
    places.push(Choice::new(NOWHERE, t.supervision_nowhere()));
    let error = |name: &str| errors.get(name).cloned().unwrap_or_default();
    Ok([
        Field::select(t, "week", t.supervision_week(), weeks.collect())
            .value(own.week.to_string())
            .error(error("week")),
        Field::select(t, "place", t.supervision_place(), places)
            .value(own.place.as_deref().unwrap_or(CITY))
            .error(error("place")),
    ])
}

/// `GET /watch/figures?week=&place=`. What does not exist is said, and the page shows the last week instead.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (t, city, actor) = (visit.t(), visit.city(), visit.staff()?);
    let mut asked = asked(&query);
    let (mut errors, mut wrong) = (ErrorSummary::new(t), BTreeMap::new());
    let own = match figures(city, actor, &asked).await {
        Err(ServiceError::Invalid(fields)) => {
            for field in fields {
                errors.push(&field.field, t.of(&field.message));
                wrong.insert(field.field.clone(), t.of(&field.message).to_owned());
            }
            asked = Asked::default();
            figures(city, actor, &asked).await?
        }
        other => other?,
    };
    let sees = may(actor, Action::ViewCase, &Subject::default()).is_ok();
    let (bars, top) = bars(&own.chart);
    let (received, closed) = own.chart.iter().fold((0, 0), |sum, own| (sum.0 + own.1, sum.1 + own.2));
    let link = chosen(&Asked { week: Some(own.week.to_string()), ..asked.clone() });
    let page = frame::page(&visit, "/watch").await?;
    let view = FiguresPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_watch(), "/watch"),
        choice: choice(&visit, &own, &wrong).await?,
        week: t.of(&own.week.label()).to_owned(),
        running: own.running,
        tiles: tiles(t, &own),
        summary: t.supervision_chart(own.chart.len(), received, closed),
        bars,
        top,
        parts: own.sheets.iter().map(|sheet| part(t, sheet, sees, &link)).collect(),
        published: published(city, actor).await?.iter().map(|sheet| part(t, sheet, sees, "")).collect(),
        errors,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(respond(status, t.lang(), &view))
}
