//! `/watch/ratings`: departments compared, star lists of windows and clerks, for supervisors.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::accounts::{Action, Subject, may};
use service::voice::{self, About, Figures, Starred};
use service::{City, ServiceError};

use super::{department_name, month_words, months, percent, points, rules, standing, window_name};
use crate::app::{Failure, Visit};
use crate::desk::frame;
use crate::i18n::{T, grouped};
use crate::kit::{Column, Crumbs, Html, Row, Tab, Table, Tabs};
use crate::layout::{Page, respond};

#[derive(Template)]
#[template(path = "voice/watch.html")]
struct WatchPage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    months: Tabs,
    departments: Table,
    windows: Table,
    clerks: Table,
    csv: String,
}

/// One department of the month.
struct Line {
    id: String,
    name: String,
    figures: Figures,
    average: String,
    stars: String,
}

async fn lines(visit: &Visit, month: &str) -> Result<Vec<Line>, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let rules = rules(city)?;
    let mut lines = Vec::new();
    for id in voice::tallies(city, About::Department, month).await?.into_keys() {
        let figures = voice::figures(city, About::Department, &id, month).await?;
        let (average, stars) = standing(t, &figures.tally, &rules);
        lines.push(Line { name: department_name(city, t, &id), id, figures, average, stars });
    }
    Ok(lines)
}

/// The figures of a line, in the order of the columns.
fn cells(line: &Line) -> Vec<String> {
    let own = &line.figures;
    let share = |share: Option<i64>| share.map_or_else(|| "—".to_owned(), percent);
    vec![
        grouped(own.tally.total()),
        share(own.tally.rated_share()),
        line.average.clone(),
        line.stars.clone(),
        grouped(own.tally.of(1) + own.tally.of(2)),
        grouped(own.orders),
        grouped(own.in_time),
        grouped(own.too_late),
        grouped(own.late),
        grouped(own.dismissed),
        share(own.in_time_share()),
    ]
}

fn heads(t: T) -> Vec<String> {
    let heads: [&str; 11] = [
        t.voice_count(),
        t.voice_rated_share(),
        t.voice_average(),
        t.voice_star_level(),
        t.voice_bad(),
        t.voice_orders(),
        t.voice_orders_in_time(),
        t.voice_orders_too_late(),
        t.voice_orders_late(),
        t.voice_orders_dismissed(),
        t.voice_in_time(),
    ];
    heads.map(str::to_owned).to_vec()
}

fn departments(t: T, lines: &[Line]) -> Table {
    let mut columns = vec![Column::new(t.desk_col_department())];
    columns.extend(heads(t).into_iter().map(|head| Column::new(head).numeric()));
    lines.iter().fold(Table::new(t.voice_departments(), columns), |table, line| {
        let mut row = vec![Html::link(&format!("/ratings/departments/{}", line.id), &line.name)];
        row.extend(cells(line).into_iter().map(Html::text));
        let row = Row::new(row);
        table.row(if line.figures.late > 0 { row.marked() } else { row })
    })
}

fn stars(t: T, caption: &str, names: &[String], list: &[Starred]) -> Table {
    let columns = vec![
        Column::new(caption),
        Column::new(t.voice_count()).numeric(),
        Column::new(t.voice_average()).numeric(),
        Column::new(t.voice_star_level()),
    ];
    list.iter().zip(names).fold(Table::new(caption, columns), |table, (own, name)| {
        let stars = own.stars.map_or_else(|| "—".to_owned(), |stars| t.voice_stars(u32::from(stars)));
        let cells = [name.clone(), grouped(own.tally.total()), points(own.average), stars]
            .into_iter()
            .map(Html::text)
            .collect();
        table.row(Row::new(cells))
    })
}

async fn clerk_names(city: &City, list: &[Starred]) -> Result<Vec<String>, ServiceError> {
    let mut names = Vec::new();
    for own in list {
        names.push(match service::accounts::load(city, &own.id).await {
            Ok((account, _)) => account.name,
            Err(ServiceError::NotFound(_)) => own.id.clone(),
            Err(other) => return Err(other),
        });
    }
    Ok(names)
}

/// `GET /watch/ratings?month=`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let (t, city) = (visit.t(), visit.city());
    let (month, all) = months(city, query.get("month"));
    let windows = voice::starred(city, actor, About::Window, &month).await?;
    let clerks = voice::starred(city, actor, About::Clerk, &month).await?;
    let window_names: Vec<String> = windows.iter().map(|own| window_name(city, t, &own.id)).collect();
    let names = clerk_names(city, &clerks).await?;
    let tabs = all.iter().map(|own| Tab {
        label: month_words(t, own),
        href: format!("/watch/ratings?month={own}"),
        current: *own == month,
        count: None,
    });
    let page = frame::page(&visit, "/watch").await?;
    let view = WatchPage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_watch(), "/watch"),
        months: Tabs::new(t.voice_months(), tabs.collect()),
        departments: departments(t, &lines(&visit, &month).await?),
        windows: stars(t, t.voice_windows(), &window_names, &windows),
        clerks: stars(t, t.voice_clerks(), &names, &clerks),
        csv: format!("/watch/ratings.csv?month={month}"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /watch/ratings.csv?month=`: the table of departments for a spreadsheet.
pub(super) async fn export(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    may(visit.staff()?, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let t = visit.t();
    let (month, _) = months(visit.city(), query.get("month"));
    let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let head: Vec<String> = [t.desk_col_department().to_owned()].into_iter().chain(heads(t)).collect();
    let mut csv = format!("\u{feff}{}\r\n", head.iter().map(quoted).collect::<Vec<_>>().join(","));
    for line in lines(&visit, &month).await? {
        // Digits stay together: a spreadsheet would read the grouped ones as text.
        let cells = cells(&line).into_iter().map(|cell| cell.replace(',', ""));
        let row: Vec<String> = [line.name.clone()].into_iter().chain(cells).collect();
        csv.push_str(&row.iter().map(quoted).collect::<Vec<_>>().join(","));
        csv.push_str("\r\n");
    }
    let mut response = csv.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ratings.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
