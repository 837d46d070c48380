//! The watch: figures from counters, day by day and department by department.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action, Subject, may};
use jiff::ToSpan;
use jiff::civil::Date;
use service::{City, ServiceError, statistics};

use super::frame;
use crate::app::{Failure, Visit};
use crate::i18n::{T, grouped};
use crate::kit::{Column, Row, Table};
use crate::layout::{Page, respond};

/// Days that the page shows.
const DAYS: i64 = 14;
/// Counters by day, in the order of the columns.
const DAILY: [&str; 6] = ["filed", "accepted", "granted", "automatic", "refused", "deemed"];
/// Counters by department, in the order of the columns.
const OFFICES: [&str; 4] = ["opened-by-department", "late-promise", "late-limit", "check-due"];

/// One day of the chart, in units of the picture.
struct Bar {
    x: i64,
    filed_y: i64,
    filed: i64,
    granted_y: i64,
    granted: i64,
    label: String,
}

#[derive(Template)]
#[template(path = "desk/watch.html")]
struct WatchPage<'a> {
    t: T,
    page: &'a Page,
    days: Table,
    offices: Table,
    bars: Vec<Bar>,
    summary: String,
    top: i64,
    totals: Vec<(String, String)>,
}

async fn read(city: &City, names: &[&str]) -> Result<BTreeMap<(String, String), i64>, ServiceError> {
    let mut all = BTreeMap::new();
    for name in names {
        for counter in statistics::counters(city, name).await? {
            all.insert((counter.name, counter.key), counter.n);
        }
    }
    Ok(all)
}

fn bars(days: &[Date], count: impl Fn(&str, Date) -> i64) -> (Vec<Bar>, i64) {
    let top = days.iter().map(|day| count("filed", *day).max(count("granted", *day))).max().unwrap_or(0).max(1);
    let height = |n: i64| n * 150 / top;
    let bar = |(at, day): (i64, &Date)| {
        let (filed, granted) = (height(count("filed", *day)), height(count("granted", *day)));
        let label = format!("{}/{}", day.month(), day.day());
        Bar { x: 30 + at * 40, filed, filed_y: 160 - filed, granted, granted_y: 160 - granted, label }
    };
    ((0..).zip(days).map(bar).collect(), top)
}

/// `GET /watch`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    may(visit.staff()?, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let (city, t) = (visit.city(), visit.t());
    let today = city.now().date();
    let days: Vec<Date> = (0..DAYS).rev().filter_map(|back| today.checked_sub(back.days()).ok()).collect();
    let counters = read(city, &DAILY).await?;
    let count = |name: &str, day: Date| counters.get(&(name.to_owned(), day.to_string())).copied().unwrap_or(0);
    let mut columns = vec![Column::new(t.desk_col_day())];
    columns.extend(DAILY.iter().map(|name| Column::new(t.desk_figure(name)).numeric()));
    let mut table = Table::new(t.desk_watch_days(), columns);
    for day in days.iter().rev() {
        let mut cells = vec![t.day(*day).into()];
        cells.extend(DAILY.iter().map(|name| grouped(count(name, *day)).into()));
        table = table.row(Row::new(cells));
    }
    let (bars, top) = bars(&days, count);
    let total = |name: &str| days.iter().map(|day| count(name, *day)).sum::<i64>();
    let page = frame::page(&visit, "/watch")?;
    let view = WatchPage {
        t,
        page: &page,
        days: table,
        offices: offices(&visit, &read(city, &OFFICES).await?),
        bars,
        summary: t.desk_chart(total("filed"), total("granted")),
        top,
        totals: DAILY.iter().map(|name| (t.desk_figure(name), grouped(total(name)))).collect(),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

fn offices(visit: &Visit, counters: &BTreeMap<(String, String), i64>) -> Table {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let mut columns = vec![Column::new(t.desk_col_department())];
    columns.extend(OFFICES.iter().map(|name| Column::new(t.desk_figure(name)).numeric()));
    let mut table = Table::new(t.desk_watch_offices(), columns);
    for office in shelf.departments() {
        let count = |name: &str| counters.get(&(name.to_owned(), office.id.clone())).copied().unwrap_or(0);
        let mut cells = vec![t.of(&office.name).into()];
        cells.extend(OFFICES.iter().map(|name| grouped(count(name)).into()));
        let row = Row::new(cells);
        table = table.row(if count("late-limit") > 0 { row.marked() } else { row });
    }
    table
}
