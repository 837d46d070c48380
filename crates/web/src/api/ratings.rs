//! `/api/v1/ratings`: levels and tags, rating a service from another system, and the published figures.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use domain::voice::{Channel, grade};
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::accounts::Scope;
use service::voice::{self, About, Entry, Wish, may_publish};
use utoipa::ToSchema;

use super::caller::Caller;
use super::cases::key;
use super::query::body;
use crate::app::{App, Failure};

/// A tag of a level.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagBody {
    /// Three digits.
    code: String,
    #[schema(value_type = Object)]
    text: Text,
}

/// One of the five levels.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelBody {
    /// 5 = very satisfied … 1 = very dissatisfied.
    stars: u8,
    /// GB/T 39046: 1 = very satisfied … 5 = very dissatisfied.
    code: u8,
    #[schema(value_type = Object)]
    name: Text,
    /// It opens a follow-up.
    bad: bool,
    tags: Vec<TagBody>,
}

/// The levels with their national tags.
#[utoipa::path(get, path = "/api/v1/ratings/levels", tag = "ratings", security(()),
    responses((status = 200, body = Vec<LevelBody>)))]
pub async fn levels(State(app): State<App>) -> Json<Vec<LevelBody>> {
    let shelf = app.city.shelf();
    let ratings = shelf.ratings();
    let level = |own: &domain::voice::Level| LevelBody {
        stars: own.stars,
        code: own.code,
        name: own.name.clone(),
        bad: own.bad,
        tags: ratings
            .tags_of(own.stars)
            .map(|tag| TagBody { code: tag.code.clone(), text: tag.text.clone() })
            .collect(),
    };
    Json(ratings.levels.iter().map(level).collect())
}

/// A rating of a service: by its code, or one of the system's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingWish {
    /// The code of a message. One of `code`, `case`, `ticket` and `place` with `number` names the service.
    #[serde(default)]
    code: String,
    /// Number of a case that the system has passed on.
    #[serde(default)]
    case: String,
    /// Id of a ticket that the system has taken.
    #[serde(default)]
    ticket: String,
    /// Id of a place in which a ticket was just served.
    #[serde(default)]
    place: String,
    /// Number of that ticket: `A012`.
    #[serde(default)]
    number: String,
    /// 1 to 5; 5 is the best.
    stars: u8,
    /// Codes of tags of that level.
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    text: String,
    /// Where to call back.
    #[serde(default)]
    phone: String,
    /// `pc`, `mobile`, `qr-code`, `hall-tablet`, `terminal`, `phone` or `message`.
    #[schema(value_type = String)]
    channel: Channel,
}

/// A rating that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingTaken {
    stars: u8,
    /// It is the second one, after an answer.
    again: bool,
    /// Number of the follow-up that it has opened.
    order: Option<String>,
}

fn entry(wish: &RatingWish) -> Result<Entry, Failure> {
    let visit = |place: String| Entry::Visit { place, window: None, number: wish.number.clone() };
    let named = [
        (!wish.code.is_empty()).then(|| Entry::Code(wish.code.clone())),
        (!wish.case.is_empty()).then(|| Entry::Case(wish.case.clone())),
        (!wish.ticket.is_empty()).then(|| Entry::Ticket(wish.ticket.clone())),
        (!wish.place.is_empty()).then(|| visit(wish.place.clone())),
    ];
    let mut named = named.into_iter().flatten();
    match (named.next(), named.next()) {
        (Some(entry), None) => Ok(entry),
        _ => Err(ServiceError::field(
            "code",
            "请用 code、case、ticket 或 place 和 number 中的一种指明评价的服务。",
            "Name the service in one way: code, case, ticket, or place with number.",
        )
        .into()),
    }
}

/// Rates a service, once. A bad rating opens a follow-up.
#[utoipa::path(post, path = "/api/v1/ratings", tag = "ratings", request_body = RatingWish,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = RatingTaken), (status = 404, description = "no such service, or none of the system's"),
              (status = 409, description = "rated already, not finished, or too late, with the reason"),
              (status = 422, description = "invalid, or the key was used with another body")))]
pub async fn rate(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs(Scope::Cases)?;
    let key = key(&headers, &caller, "/api/v1/ratings", &bytes)?;
    let wish: RatingWish = body(&headers, &bytes)?;
    let wish = Wish {
        entry: entry(&wish)?,
        stars: wish.stars,
        tags: wish.tags,
        text: wish.text,
        phone: wish.phone,
        channel: wish.channel,
        key: Some(key),
    };
    let given = voice::rate(&app.city, Some(&caller.actor), wish).await?;
    let taken = RatingTaken { stars: given.stars, again: given.again, order: given.order };
    Ok((StatusCode::CREATED, Json(taken)).into_response())
}

/// Figures of a month. All but the counts are null while so few have rated that they would show who did.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingFigures {
    /// `2026-11`.
    month: String,
    /// Ratings that count.
    ratings: i64,
    /// Services that ended in the month; 0 where that is not known.
    services: i64,
    /// Ratings of one star to five stars.
    by_stars: Option<Vec<i64>>,
    /// Of ten points, in hundredths.
    average_hundredths: Option<i64>,
    stars: Option<u8>,
    /// Follow-ups of bad ratings.
    orders: Option<i64>,
    answered_in_time: Option<i64>,
    answered_late: Option<i64>,
}

/// The published figures of the city, a department (`department=`) or a place (`place=`) in a month (`month=2026-11`).
#[utoipa::path(get, path = "/api/v1/ratings/figures", tag = "ratings", security(()),
    params(("month" = Option<String>, Query), ("department" = Option<String>, Query), ("place" = Option<String>, Query)),
    responses((status = 200, body = RatingFigures), (status = 404, description = "no such department or place"),
              (status = 422, description = "the month cannot be read")))]
pub async fn figures(
    State(app): State<App>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<RatingFigures>, Failure> {
    let (city, shelf) = (&app.city, app.city.shelf());
    let today = city.now().date();
    let month = query.get("month").cloned().unwrap_or_else(|| format!("{:04}-{:02}", today.year(), today.month()));
    if month.len() != 7 || format!("{month}-01").parse::<jiff::civil::Date>().is_err() {
        return Err(ServiceError::field("month", "月份应写作 2026-11。", "Write the month as 2026-11.").into());
    }
    let (about, id) = match (query.get("department"), query.get("place")) {
        (Some(id), _) => (About::Department, shelf.department(id)?.id.clone()),
        (None, Some(id)) => (About::Place, shelf.place(id)?.id.clone()),
        (None, None) => (About::City, "all".to_owned()),
    };
    let rules = shelf.ratings().rules_on(today).ok_or(ServiceError::NotFound("rules of rating"))?;
    let own = voice::figures(city, about, &id, &month).await?;
    let counted = own.tally.counted(rules);
    let shown = may_publish(&own.tally, rules);
    Ok(Json(RatingFigures {
        month,
        ratings: own.tally.total(),
        services: own.tally.services,
        by_stars: shown.then(|| counted.by_stars.to_vec()),
        average_hundredths: counted.average(rules).filter(|_| shown),
        stars: grade(&counted, rules).map(|own| own.stars).filter(|_| shown),
        orders: shown.then_some(own.orders),
        answered_in_time: shown.then_some(own.in_time),
        answered_late: shown.then_some(own.too_late),
    }))
}
