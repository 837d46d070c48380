//! `/desk/rating-codes`: the codes that hang at the windows of a place, to be printed.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::accounts::{Action, Subject, may};
use service::ServiceError;

use super::window_name;
use crate::app::{Failure, Visit};
use crate::cases::qr;
use crate::desk::frame;
use crate::i18n::T;
use crate::kit::{Choice, Field, Html};
use crate::layout::{Page, respond};

struct WindowCode {
    name: String,
    address: String,
    qr: Html,
}

#[derive(Template)]
#[template(path = "voice/codes.html")]
struct CodesPage<'a> {
    t: T,
    page: &'a Page,
    choice: Field,
    codes: Vec<WindowCode>,
}

/// `GET /desk/rating-codes?place=`.
pub(super) async fn page(visit: Visit, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Failure> {
    may(visit.staff()?, Action::ServeQueue, &Subject::default()).map_err(ServiceError::from)?;
    let (t, city, shelf) = (visit.t(), visit.city(), visit.city().shelf());
    let places: Vec<_> = shelf.places().places.iter().filter(|place| !place.counters.is_empty()).collect();
    let wanted = query.get("place").map_or("", String::as_str);
    let place = places.iter().find(|place| place.id == wanted).or(places.first());
    let choices = places.iter().map(|place| Choice::new(place.id.as_str(), t.of(&place.name))).collect();
    let chosen = place.map_or("", |place| place.id.as_str());
    let windows = place.iter().flat_map(|place| place.counters.iter().flat_map(|counter| &counter.windows));
    let codes = windows.map(|window| {
        let name = window_name(city, t, &format!("{chosen}/{window}"));
        let address = format!("{}/rate/at/{chosen}/{window}", city.settings().base_url);
        WindowCode { qr: qr(&address, &name), name, address }
    });
    let codes = codes.collect();
    let page = frame::page(&visit, "/desk/ratings").await?;
    let choice = Field::select(t, "place", t.halls_queue_place(), choices).value(chosen);
    Ok(respond(StatusCode::OK, t.lang(), &CodesPage { t, page: &page, choice, codes }))
}
