//! `GET /places`: every place by district, with its hours today; those that take a matter, when one is named.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::codes::division;
use domain::halls::Place;
use service::halls::place_day;

use super::hours::{door_tag, icon, spans};
use super::matter_name;
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Empty, Icon, Tag};
use crate::layout::{Page, respond};

struct PlaceRow {
    href: String,
    name: String,
    icon: Icon,
    kind: String,
    place: String,
    hours: String,
    door: Tag,
    takes: Vec<String>,
    book: String,
}

struct District {
    name: String,
    rows: Vec<PlaceRow>,
}

#[derive(Template)]
#[template(path = "halls/list.html")]
struct ListPage<'a> {
    t: T,
    page: &'a Page,
    lead: String,
    filtered: bool,
    districts: Vec<District>,
    empty: Empty,
}

fn row(visit: &Visit, place: &Place, matter: &str) -> Result<PlaceRow, Failure> {
    let (t, city) = (visit.t(), visit.city());
    let day = place_day(city, place)?;
    let mut takes: Vec<String> = Vec::new();
    for counter in &place.counters {
        let what = match counter.matters.len() {
            0 => t.halls_any_matter().to_owned(),
            count => t.halls_some_matters(count),
        };
        takes.push(format!("{} · {what}", t.of(&counter.name)));
    }
    if !place.terminals.is_empty() {
        takes.push(t.halls_terminals().to_owned());
    }
    if place.cells > 0 {
        takes.push(t.halls_cells_count(place.cells));
    }
    let books = !matter.is_empty() && place.counters_for(matter).any(|counter| counter.booking.is_some());
    Ok(PlaceRow {
        href: format!("/places/{}", place.id),
        name: t.of(&place.name).to_owned(),
        icon: icon(place.kind),
        kind: t.halls_kind(place.kind.as_str()),
        place: format!("{} · {}", t.of(&place.area), t.of(&place.address)),
        hours: spans(t, &day.today),
        door: door_tag(t, day.door, city.now()),
        takes,
        book: if books { format!("/places/{}/book?matter={matter}", place.id) } else { String::new() },
    })
}

/// `GET /places`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let matter = query.get("matter").map_or("", String::as_str);
    if !matter.is_empty() {
        shelf.matter(matter)?;
    }
    let mut districts: Vec<District> = Vec::new();
    let mut last = "";
    let mut places: Vec<&Place> = shelf.places().places.iter().collect();
    // Stable, so that the order of the file stays within a district.
    places.sort_by(|a, b| a.district.cmp(&b.district));
    for place in places {
        if !matter.is_empty() && place.counters_for(matter).next().is_none() {
            continue;
        }
        if place.district != last || districts.is_empty() {
            last = &place.district;
            districts.push(District { name: district(&visit, last), rows: Vec::new() });
        }
        if let Some(own) = districts.last_mut() {
            own.rows.push(row(&visit, place, matter)?);
        }
    }
    let view = ListPage {
        t,
        page: &page,
        lead: match matter {
            "" => t.halls_lead().to_owned(),
            slug => t.halls_lead_matter(matter_name(visit.city(), t, slug)),
        },
        filtered: !matter.is_empty(),
        districts,
        empty: Empty::new(Icon::Pin, t.halls_none(), t.halls_none_text()).action(t.halls_all(), "/places"),
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// The name of a district: the city's own as it is printed, others from the list of divisions.
fn district(visit: &Visit, code: &str) -> String {
    if code == visit.city().settings().district {
        return visit.t().of(&visit.app.options.place.district).to_owned();
    }
    division::get(code).map_or_else(|_| code.to_owned(), |own| own.name().to_owned())
}
