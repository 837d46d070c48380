//! The watch: how the clocks stand, department by department down to the case, and figures from counters.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::accounts::{Action, Role, Subject, may};
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use service::cases::{self, CaseRow, Inbox, Lit};
use service::halls::devices::troubled;
use service::{City, ServiceError, statistics};

use super::frame::{self, Lights};
use super::rows::Rows;
use crate::app::{Failure, Visit};
use crate::i18n::{T, grouped};
use crate::kit::{Column, Crumbs, Empty, Html, Icon, Row, Tab, Table, Tabs, Tag, Tone};
use crate::layout::{Page, respond};

/// Days that the page shows.
const DAYS: i64 = 14;
/// Counters by day, in the order of the columns.
const DAILY: [&str; 6] = ["filed", "accepted", "granted", "automatic", "refused", "deemed"];
/// Counters by department, in the order of the columns.
const OFFICES: [&str; 5] = ["opened-by-department", "late-promise", "late-limit", "late-delivery", "check-due"];
/// Piles whose cases have a clock.
const CLOCKED: [&str; 6] = ["accept", "review", "inspect", "decide", "deliver", "check"];
/// Lights in the order of urgency.
const LIGHTS: [&str; 4] = ["late", "near", "on-time", "paused"];
/// Cases of each pile that the list of a department reads.
const LISTED: i64 = 100;

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
    /// The four lights of the whole city.
    lights: Vec<(Tag, String)>,
    late: bool,
    days: Table,
    offices: Table,
    /// Departments with nothing open, in words.
    calm: Vec<String>,
    bars: Vec<Bar>,
    summary: String,
    top: i64,
    totals: Vec<(String, String)>,
    /// How many devices need somebody, in words.
    terminals: String,
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

/// How many of a light.
fn of_light(lit: &Lit, light: &str) -> i64 {
    match light {
        "late" => lit.late,
        "near" => lit.near,
        "on-time" => lit.on_time,
        _ => lit.paused,
    }
}

fn light_tag(t: T, light: &str) -> Tag {
    match light {
        "late" => Tag::new(Tone::Bad, t.light_late()),
        "near" => Tag::new(Tone::Act, t.light_near()),
        "on-time" => Tag::new(Tone::Good, t.light_on_time()),
        _ => Tag::new(Tone::Paused, t.light_paused()),
    }
}

/// The lights of every department, and whether some with time left were not counted.
async fn lit(visit: &Visit) -> Result<(BTreeMap<String, Lit>, bool), Failure> {
    let (city, lights) = (visit.city(), Lights::new(visit.t(), visit.city()));
    let piles: Vec<(&str, Timestamp)> = CLOCKED.iter().map(|pile| (*pile, lights.near_until(pile))).collect();
    Ok(cases::lights(city, visit.staff()?, &piles).await?)
}

/// `GET /watch`.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    may(visit.staff()?, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let (city, t) = (visit.city(), visit.t());
    let (by_office, more) = lit(&visit).await?;
    let mut whole = Lit::default();
    by_office.values().for_each(|own| whole += *own);
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
    let page = frame::page(&visit, "/watch").await?;
    let (offices, calm) = offices(&visit, &read(city, &OFFICES).await?, &by_office);
    let number = |light: &str| {
        let plus = if more && light == "on-time" { "+" } else { "" };
        format!("{}{plus}", grouped(of_light(&whole, light)))
    };
    let troubled = troubled(city, visit.staff()?).await?.devices.len();
    let view = WatchPage {
        t,
        page: &page,
        terminals: t.kiosk_desk_watch(troubled),
        lights: LIGHTS.iter().map(|light| (light_tag(t, light), number(light))).collect(),
        late: whole.late > 0,
        days: table,
        offices,
        calm,
        bars,
        summary: t.desk_chart(total("filed"), total("granted")),
        top,
        totals: DAILY.iter().map(|name| (t.desk_figure(name), grouped(total(name)))).collect(),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The departments with open cases, the latest first, and the names of the others.
fn offices(
    visit: &Visit,
    counters: &BTreeMap<(String, String), i64>,
    lit: &BTreeMap<String, Lit>,
) -> (Table, Vec<String>) {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let mut columns = vec![Column::new(t.desk_col_department())];
    columns.extend(LIGHTS.iter().map(|light| Column::new(t.desk_light(light)).numeric()));
    columns.extend(OFFICES.iter().map(|name| Column::new(t.desk_figure(name)).numeric()));
    let mut table = Table::new(t.desk_watch_offices(), columns);
    let (mut open, calm): (Vec<_>, Vec<_>) = shelf.departments().partition(|office| lit.contains_key(&office.id));
    let lit_of = |id: &str| lit.get(id).copied().unwrap_or_default();
    open.sort_by_key(|office| std::cmp::Reverse((lit_of(&office.id).late, lit_of(&office.id).near)));
    // Who sees figures need not be allowed to see cases.
    let sees = visit.has(Role::Supervisor);
    for office in open {
        let own = lit_of(&office.id);
        let name = t.of(&office.name);
        let href = format!("/watch/{}", office.id);
        let mut cells: Vec<Html> = vec![if sees { Html::link(&href, name) } else { Html::text(name) }];
        cells.extend(LIGHTS.iter().map(|light| match of_light(&own, light) {
            0 => Html::text("0"),
            n if sees => Html::link(&format!("{href}?light={light}"), &grouped(n)),
            n => Html::text(grouped(n)),
        }));
        let count = |name: &str| counters.get(&(name.to_owned(), office.id.clone())).copied().unwrap_or(0);
        cells.extend(OFFICES.iter().map(|name| Html::text(grouped(count(name)))));
        let row = Row::new(cells);
        table = table.row(if own.late > 0 { row.marked() } else { row });
    }
    (table, calm.into_iter().map(|office| t.of(&office.name).to_owned()).collect())
}

#[derive(Template)]
#[template(path = "desk/office.html")]
struct OfficePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    name: &'a str,
    tabs: Tabs,
    rows: Rows,
    empty: Empty,
}

/// `GET /watch/{department}?light=`: the cases of a department whose clocks show a light, the most urgent first.
pub(super) async fn office(
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let actor = visit.staff()?;
    may(actor, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let (t, city) = (visit.t(), visit.city());
    let shelf = city.shelf();
    let office = shelf.department(&id)?;
    let wanted = query.get("light").map_or("", String::as_str);
    let light = LIGHTS.into_iter().find(|own| *own == wanted).unwrap_or("late");
    let lights = Lights::new(t, city);
    let mut rows: Vec<CaseRow> = Vec::new();
    for pile in CLOCKED {
        let inbox = Inbox { pile: pile.to_owned(), department: Some(id.clone()), limit: LISTED, ..Inbox::default() };
        let found = cases::inbox(city, actor, &inbox).await?;
        rows.extend(found.items.into_iter().filter(|row| lights.word(pile, row.deadline) == light));
    }
    rows.sort_by_key(|row| (row.deadline, row.id.clone()));
    let lit = lit(&visit).await?.0.get(&id).copied().unwrap_or_default();
    let tabs = LIGHTS.iter().map(|own| {
        let href = format!("/watch/{id}?light={own}");
        Tab { label: t.desk_light(own), href, current: *own == light, count: Some(of_light(&lit, own)) }
    });
    let page = frame::page(&visit, "/watch").await?;
    let view = OfficePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.desk_watch(), "/watch"),
        name: t.of(&office.name),
        tabs: Tabs::new(t.desk_watch_lights(), tabs.collect()),
        rows: Rows::new(&visit, "accept", &rows, ""),
        empty: Empty::new(Icon::CheckCircle, t.desk_light_none(), t.desk_light_none_text())
            .action(t.desk_watch(), "/watch"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// A cell of a CSV file: quoted, and never a formula for the spreadsheet that opens it.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// `GET /watch/departments.csv`: the table of departments for a spreadsheet, with the mark that makes it read UTF-8.
pub(super) async fn export(visit: Visit) -> Result<Response, Failure> {
    may(visit.staff()?, Action::Supervise, &Subject::default()).map_err(ServiceError::from)?;
    let (t, city) = (visit.t(), visit.city());
    let (lit, _) = lit(&visit).await?;
    let counters = read(city, &OFFICES).await?;
    let mut head = vec![cell(t.desk_col_department())];
    head.extend(LIGHTS.iter().map(|light| cell(&t.desk_light(light))));
    head.extend(OFFICES.iter().map(|name| cell(&t.desk_figure(name))));
    let mut csv = format!("\u{feff}{}\r\n", head.join(","));
    for office in city.shelf().departments() {
        let own = lit.get(&office.id).copied().unwrap_or_default();
        let mut line = vec![cell(t.of(&office.name))];
        line.extend(LIGHTS.iter().map(|light| of_light(&own, light).to_string()));
        let count = |name: &str| counters.get(&(name.to_owned(), office.id.clone())).copied().unwrap_or(0);
        line.extend(OFFICES.iter().map(|name| count(name).to_string()));
        csv.push_str(&line.join(","));
        csv.push_str("\r\n");
    }
    let mut response = csv.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"departments.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_spreadsheet_computes_nothing_that_somebody_wrote() {
        for (text, csv) in [
            ("行政审批局", "\"行政审批局\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
        ] {
            assert_eq!(cell(text), csv);
        }
    }
}
