//! `GET /places/{id}`: hours of the coming days, what it takes, and how long one waits now.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::halls::{DayClass, Door, Place, ServiceAt, TerminalService};
use service::halls::{Board, board, place_day, week};

use super::hours::{OpeningRow, door_tag, icon, opening, spans};
use super::nonce;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Choice, Crumbs, Field, Icon, Tag};
use crate::layout::{Page, respond};

struct DayRow {
    day: String,
    kind: String,
    hours: String,
    openings: Vec<OpeningRow>,
    closed: String,
}

struct CounterRow {
    name: String,
    windows: String,
    any: bool,
    matters: Vec<(String, String)>,
    waiting: String,
    from: String,
}

/// What a terminal does besides filing applications, each with its address; `track` is where a case is followed.
pub(super) fn services(t: T, all: &[TerminalService], track: &str) -> Vec<(String, String)> {
    let href = |at: &ServiceAt| match at {
        ServiceAt::Matter(slug) => format!("/matters/{slug}"),
        ServiceAt::Licences => "/licences".to_owned(),
        ServiceAt::Cases => "/cases".to_owned(),
        ServiceAt::Track => track.to_owned(),
    };
    all.iter().map(|own| (t.of(&own.name).to_owned(), href(&own.at))).collect()
}

struct TerminalRow {
    name: String,
    /// What it does, and where the same is done on this page's device.
    services: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "halls/place.html")]
struct PlacePage<'a> {
    t: T,
    page: &'a Page,
    crumbs: Crumbs,
    id: &'a str,
    name: String,
    icon: Icon,
    kind: String,
    door: Tag,
    where_is: String,
    phone: String,
    week: Vec<DayRow>,
    counters: Vec<CounterRow>,
    standard: Vec<String>,
    feature: Vec<String>,
    terminals: Vec<TerminalRow>,
    cells: u32,
    updated: String,
    book: String,
    /// Fields of the form that takes a ticket; none while the place is closed, and for whoever must be known first.
    take: Option<(Field, String)>,
    /// Where whoever is not known yet goes first.
    known_first: String,
    open: bool,
    action: String,
    screen: String,
}

fn class_word(class: DayClass) -> &'static str {
    match class {
        DayClass::Working => "working",
        DayClass::Weekend => "weekend",
        DayClass::Holiday => "holiday",
    }
}

fn days(visit: &Visit, place: &Place) -> Result<Vec<DayRow>, Failure> {
    let t = visit.t();
    let days = week(visit.city(), place, visit.city().now().date())?;
    let row = |day: &domain::halls::DayHours<'_>| DayRow {
        day: t.day(day.date),
        kind: match &day.festival {
            Some(name) => t.of(name).to_owned(),
            None => t.halls_day_class(class_word(day.class)),
        },
        hours: spans(t, day),
        openings: day.openings.iter().map(|own| opening(t, visit.city(), own)).collect(),
        closed: day.closed.as_ref().map_or_else(String::new, |reason| t.of(reason).to_owned()),
    };
    Ok(days.iter().map(row).collect())
}

fn counters(visit: &Visit, place: &Place, board: &Board) -> Vec<CounterRow> {
    let (t, shelf) = (visit.t(), visit.city().shelf());
    let row = |counter: &domain::halls::Counter| {
        let queue = board.queues.iter().find(|queue| queue.counter == counter.id);
        let matters = counter.matters.iter().filter_map(|slug| {
            let name = t.of(&shelf.matter(slug).ok()?.bundle.matter.name).to_owned();
            Some((format!("/matters/{slug}"), name))
        });
        CounterRow {
            name: t.of(&counter.name).to_owned(),
            windows: t.halls_windows(counter.windows.join(t.list_separator())),
            any: counter.matters.is_empty(),
            matters: matters.collect(),
            waiting: queue.map_or_else(String::new, |queue| match queue.waiting {
                0 => t.halls_waiting_none().to_owned(),
                count => format!("{} · {}", t.halls_waiting_count(count), t.halls_waiting_minutes(queue.minutes)),
            }),
            from: queue
                .filter(|queue| queue.waiting > 0)
                .map_or_else(String::new, |queue| t.halls_waiting_from(queue.from)),
        }
    };
    place.counters.iter().map(row).collect()
}

fn take(visit: &Visit, place: &Place) -> (Field, String) {
    let t = visit.t();
    let choices = place.counters.iter().map(|counter| Choice::new(counter.id.as_str(), t.of(&counter.name)));
    let first = place.counters.first().map_or("", |counter| counter.id.as_str());
    (Field::select(t, "counter", t.halls_counter(), choices.collect()).value(first), nonce(visit.city()))
}

/// `GET /places/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let (t, page, city) = (visit.t(), visit.page(), visit.city());
    let shelf = city.shelf();
    let place = shelf.place(&id)?;
    let day = place_day(city, place)?;
    let board = board(city, &id).await?;
    let open = matches!(day.door, Door::Open(_)) && !place.counters.is_empty();
    let known_first = match &visit.signed_in {
        None => format!("/sign-in?next=/places/{id}"),
        Some(signed_in) if signed_in.actor.person.is_none() => "/me/identity".to_owned(),
        Some(_) => String::new(),
    };
    let all = |texts: &[domain::text::Text]| texts.iter().map(|text| t.of(text).to_owned()).collect::<Vec<_>>();
    let view = PlacePage {
        t,
        page: &page,
        crumbs: Crumbs::new(t).link(t.halls_title(), "/places"),
        id: &place.id,
        name: t.of(&place.name).to_owned(),
        icon: icon(place.kind),
        kind: t.halls_kind(place.kind.as_str()),
        door: door_tag(t, day.door, city.now()),
        where_is: format!("{} · {}", t.of(&place.area), t.of(&place.address)),
        phone: place.phone.clone(),
        week: days(&visit, place)?,
        counters: counters(&visit, place, &board),
        standard: all(&place.standard),
        feature: all(&place.feature),
        terminals: place
            .terminals
            .iter()
            .map(|own| TerminalRow { name: t.of(&own.name).to_owned(), services: services(t, &own.services, "/cases") })
            .collect(),
        cells: place.cells,
        updated: t.halls_updated(t.clock(city.now())),
        book: if place.books() { format!("/places/{id}/book") } else { String::new() },
        take: (open && known_first.is_empty()).then(|| take(&visit, place)),
        known_first: if open { known_first } else { String::new() },
        open,
        action: format!("/places/{id}/tickets"),
        screen: if place.counters.is_empty() { String::new() } else { format!("/screen/{id}") },
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
