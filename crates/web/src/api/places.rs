//! `/api/v1/places`: where one can go, when it is open, and which slots are free.

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::halls::{Door, Place};
use domain::text::Text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use service::halls::{SlotRow, place_day, slots};
use service::{City, ServiceError};
use utoipa::ToSchema;

use super::case_body::Words;
use super::query::{List, ListQuery};
use crate::app::{App, Failure};

/// A counter: windows with one queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct CounterBody {
    /// Its id in the place.
    id: String,
    #[schema(value_type = Words)]
    name: Text,
    windows: Vec<String>,
    /// Slugs of the matters that it takes; empty = any.
    matters: Vec<String>,
    /// Whether appointments are given.
    booking: bool,
}

/// A place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceBody {
    id: String,
    /// `hall`, `centre`, `micro-window`, `bank` or `locker`.
    kind: String,
    #[schema(value_type = Words)]
    name: Text,
    /// Six digits of GB/T 2260.
    district: String,
    #[schema(value_type = Words)]
    address: Text,
    phone: String,
    /// Whether it is open now.
    open: bool,
    /// Until when it is open, or from when next; null when neither is known.
    until: Option<String>,
    /// Hours today, as `09:00-12:00`.
    today: Vec<String>,
    counters: Vec<CounterBody>,
    /// 标准清单.
    #[schema(value_type = Vec<Words>)]
    standard: Vec<Text>,
    /// 特色清单.
    #[schema(value_type = Vec<Words>)]
    feature: Vec<Text>,
    /// Number of self-service terminals.
    terminals: usize,
    /// Number of locker cells.
    cells: u32,
}

fn body(city: &City, place: &Place) -> Result<PlaceBody, ServiceError> {
    let day = place_day(city, place)?;
    let (open, until) = match day.door {
        Door::Open(until) => (true, Some(until.rfc3339())),
        Door::Next(from) => (false, Some(from.rfc3339())),
        Door::Closed => (false, None),
    };
    let counter = |own: &domain::halls::Counter| CounterBody {
        id: own.id.clone(),
        name: own.name.clone(),
        windows: own.windows.clone(),
        matters: own.matters.clone(),
        booking: own.booking.is_some(),
    };
    Ok(PlaceBody {
        id: place.id.clone(),
        kind: place.kind.as_str().to_owned(),
        name: place.name.clone(),
        district: place.district.clone(),
        address: place.address.clone(),
        phone: place.phone.clone(),
        open,
        until,
        today: day.today.spans().iter().map(|(from, to)| format!("{from}-{to}")).collect(),
        counters: place.counters.iter().map(counter).collect(),
        standard: place.standard.clone(),
        feature: place.feature.clone(),
        terminals: place.terminals.len(),
        cells: place.cells,
    })
}

/// Halls, centres, micro windows, terminals and lockers, by id.
#[utoipa::path(get, path = "/api/v1/places", tag = "places", security(()),
    params(("limit" = Option<i64>, Query, description = "1 to 200"), ("after" = Option<String>, Query, description = "cursor")),
    responses((status = 200, body = List<PlaceBody>)))]
pub async fn list(State(app): State<App>, Query(query): Query<ListQuery>) -> Result<Json<List<PlaceBody>>, Failure> {
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    service::catalog::refresh(&app.city).await?;
    let shelf = app.city.shelf();
    let after = query.after.unwrap_or_default();
    let mut found: Vec<&Place> = shelf.places().places.iter().filter(|place| place.id > after).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    let next = found.get(limit).and_then(|_| found.get(limit - 1)).map(|last| last.id.clone());
    let items = found.into_iter().take(limit).map(|place| body(&app.city, place)).collect::<Result<_, _>>()?;
    Ok(Json(List { items, next }))
}

/// A slot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SlotBody {
    /// Send it with `POST /api/v1/appointments`.
    pub(super) id: String,
    /// RFC 3339.
    pub(super) start: String,
    /// RFC 3339.
    pub(super) end: String,
    /// How many places are left.
    pub(super) free: i64,
    /// Id of the counter.
    pub(super) counter: String,
}

/// Which slots.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SlotQuery {
    date: Option<String>,
    matter: Option<String>,
}

/// The slots of a place on a day that have not begun, in order of time; those that take a matter, when one is named.
#[utoipa::path(get, path = "/api/v1/places/{id}/slots", tag = "places", security(()),
    params(("id" = String, Path), ("date" = Option<String>, Query, description = "2026-11-24; today when absent"),
           ("matter" = Option<String>, Query, description = "slug of a matter")),
    responses((status = 200, body = List<SlotBody>), (status = 404), (status = 422, description = "no such date")))]
pub async fn slots_of(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<SlotQuery>,
) -> Result<Json<List<SlotBody>>, Failure> {
    let date = match query.date.as_deref() {
        None => app.city.now().date(),
        Some(text) => text.parse::<Date>().map_err(|_| {
            ServiceError::field("date", "date 应为 2026-11-24 这样的日期。", "date must be a day such as 2026-11-24.")
        })?,
    };
    let item = |slot: SlotRow| SlotBody {
        id: slot.id,
        start: slot.start.rfc3339(),
        end: slot.end.rfc3339(),
        free: slot.free,
        counter: slot.counter,
    };
    let found = slots(&app.city, &id, date, query.matter.as_deref()).await?;
    Ok(Json(List { items: found.into_iter().map(item).collect(), next: None }))
}
