//! The first page of a kiosk, and the matters that it offers.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::halls::{DeviceKind, offered};
use service::halls::devices::terminal_rules;

use super::super::place::services;
use super::{at, device, end};
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::{Icon, Notice, Tone};
use crate::layout::{Page, respond};

struct Tile {
    href: &'static str,
    icon: Icon,
    name: String,
    text: String,
}

#[derive(Template)]
#[template(path = "halls/kiosk/home.html")]
struct HomePage<'a> {
    t: T,
    page: &'a Page,
    name: String,
    notice: Option<Notice>,
    signed_in: Option<String>,
    tiles: Vec<Tile>,
}

#[derive(Template)]
#[template(path = "halls/kiosk/matters.html")]
struct MattersPage<'a> {
    t: T,
    page: &'a Page,
    /// Look-ups and prints.
    services: Vec<(String, String)>,
    standard: Vec<(String, String)>,
    local: Vec<(String, String)>,
}

/// `GET /kiosk`: the tiles; on a device that is not registered, how to register it.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    // Without scripts the page itself leads here when nobody touches the machine.
    if query.contains_key("end") && visit.kiosk().is_some() {
        return end::forget(&visit).await;
    }
    let Some(own) = &visit.device else { return Ok(device::unknown(&visit, StatusCode::OK, None)) };
    match own.kind {
        DeviceKind::Kiosk | DeviceKind::Locker => tiles(&visit),
        DeviceKind::Screen => Ok(Redirect::to(&format!("/screen/{}", own.place)).into_response()),
        DeviceKind::Printer => Ok(device::connected(&visit, own)),
    }
}

/// What stands on a kiosk whose printer does not print.
pub(super) fn no_printer(t: T, page: &Page) -> Option<Notice> {
    let works = page.kiosk.as_ref().is_none_or(|kiosk| kiosk.prints);
    (!works).then(|| Notice::new(Tone::Act, t.kiosk_no_printer()))
}

fn tiles(visit: &Visit) -> Result<Response, Failure> {
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let (device, mut tiles) = (at(visit)?, Vec::new());
    let place = shelf.place(&device.place)?;
    let tile = |href, icon, name: &str, text: &str| Tile { href, icon, name: name.to_owned(), text: text.to_owned() };
    if device.kind == DeviceKind::Locker {
        tiles.push(tile("/kiosk/locker", Icon::Inbox, t.locker_open_title(), t.locker_tile_text()));
    }
    tiles.push(tile("/kiosk/matters", Icon::Grid, t.kiosk_matters(), t.kiosk_matters_text()));
    if !place.counters.is_empty() {
        tiles.push(tile("/kiosk/tickets", Icon::Queue, t.kiosk_ticket(), t.kiosk_ticket_text()));
    }
    tiles.push(tile("/kiosk/track", Icon::Search, t.kiosk_track(), t.kiosk_track_text()));
    tiles.push(tile("/licences", Icon::Print, t.kiosk_licences(), t.kiosk_licences_text()));
    tiles.push(tile("/cases", Icon::Folder, t.kiosk_cases(), t.kiosk_cases_text()));
    tiles.push(tile("/kiosk/help", Icon::Bell, t.kiosk_help(), t.kiosk_help_text()));
    let view = HomePage {
        t,
        name: t.of(&place.name).to_owned(),
        notice: no_printer(t, &page),
        signed_in: visit.signed_in.as_ref().map(|own| t.kiosk_signed_in(own.actor.name.as_str())),
        tiles,
        page: &page,
    };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}

/// `GET /kiosk/matters`: the standard list, and what the place adds to it.
pub(super) async fn matters(visit: Visit) -> Result<Response, Failure> {
    let device = at(&visit)?;
    let (t, page, shelf) = (visit.t(), visit.page(), visit.city().shelf());
    let rules = terminal_rules(visit.city())?;
    let place = shelf.place(&device.place)?;
    let (standard, local) = offered(&rules, place, &device.terminal);
    let own = place.terminals.iter().find(|own| own.id == device.terminal);
    let services = own.map_or_else(Vec::new, |own| services(t, &own.services, "/kiosk/track"));
    // One that is not published now is not offered.
    let named = |slugs: Vec<&str>| {
        let found = slugs.into_iter().filter_map(|slug| Some((slug, shelf.matter(slug).ok()?)));
        found.map(|(slug, own)| (format!("/matters/{slug}"), t.of(&own.bundle.matter.name).to_owned())).collect()
    };
    let view = MattersPage { t, page: &page, services, standard: named(standard), local: named(local) };
    Ok(respond(StatusCode::OK, t.lang(), &view))
}
