//! `/api/v1/figures`: the figures of a week from counters, the cases behind them, and published figures, for staff systems.

use axum::Json;
use axum::extract::{Query, State};
use domain::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use service::accounts::Scope;
use service::supervision::{self, Asked, Behind, Sheet};
use utoipa::ToSchema;

use super::caller::Caller;
use super::case_body::Words;
use super::cases::CaseItem;
use super::query::{List, ListQuery};
use crate::app::{App, Failure};

/// A column of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureColumn {
    /// Name of the member in each row.
    id: String,
    #[schema(value_type = Words)]
    label: Text,
    /// The members are numbers, or null.
    numeric: bool,
    /// These numbers are per cent: 108.2.
    per_cent: bool,
    /// Send it as `figure` to `GET /api/v1/figures/cases` to list the cases; null where there are none.
    cases: Option<String>,
}

/// A table of figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureTable {
    /// `weeks`, `service`, `kinds`, `channels`, `places`, `matters`, or one that begins with `published-`.
    id: String,
    #[schema(value_type = Words)]
    title: Text,
    #[schema(value_type = Words)]
    note: Text,
    columns: Vec<FigureColumn>,
    /// An object each, with a member for every column.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
}

impl From<&Sheet> for FigureTable {
    fn from(own: &Sheet) -> FigureTable {
        let column = |own: &supervision::Column| FigureColumn {
            id: own.id.to_owned(),
            label: own.label.clone(),
            numeric: own.numeric,
            per_cent: own.per_cent,
            cases: own.behind.map(str::to_owned),
        };
        FigureTable {
            id: own.id.to_owned(),
            title: own.title.clone(),
            note: own.note.clone(),
            columns: own.columns.iter().map(column).collect(),
            rows: own.rows(),
        }
    }
}

/// The figures of a week.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresBody {
    /// Monday of the week.
    week: String,
    /// The week is not over: growth is null.
    running: bool,
    /// Id of the place; null for the whole city.
    place: Option<String>,
    /// Monday of the first week that was counted.
    first_week: String,
    /// Counted by this city.
    tables: Vec<FigureTable>,
    /// Published elsewhere: each row names its source. No part of what this city counts.
    published: Vec<FigureTable>,
}

/// Which figures.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FiguresQuery {
    week: Option<String>,
    place: Option<String>,
    channel: Option<String>,
    kind: Option<String>,
    figure: Option<String>,
    limit: Option<String>,
    after: Option<String>,
}

/// Received, growth, closing rate, on-time rates and waiting times of a week; needs a token with the scope `staff` whose account
/// supervises.
#[utoipa::path(get, path = "/api/v1/figures", tag = "figures",
    params(("week" = Option<String>, Query, description = "any day of the week, 2026-11-23; the last whole week when absent"),
           ("place" = Option<String>, Query, description = "id of a place, - for none; the whole city when absent")),
    responses((status = 200, body = FiguresBody), (status = 403), (status = 422, description = "no such week or place")))]
pub async fn figures(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<FiguresQuery>,
) -> Result<Json<FiguresBody>, Failure> {
    caller.needs(Scope::Staff)?;
    service::catalog::refresh(&app.city).await?;
    let asked = Asked { week: query.week, place: query.place };
    let own = supervision::figures(&app.city, &caller.actor, &asked).await?;
    let published = supervision::published(&app.city, &caller.actor).await?;
    Ok(Json(FiguresBody {
        week: own.week.to_string(),
        running: own.running,
        place: own.place,
        first_week: own.range.first.to_string(),
        tables: own.sheets.iter().map(Into::into).collect(),
        published: published.iter().map(Into::into).collect(),
    }))
}

/// The cases behind a figure, in the order in which they were opened; those that the account may see.
#[utoipa::path(get, path = "/api/v1/figures/cases", tag = "figures",
    params(("week" = Option<String>, Query), ("place" = Option<String>, Query),
           ("channel" = Option<String>, Query, description = "web, kiosk, window or api"),
           ("kind" = Option<String>, Query, description = "online, appointment or assisted"),
           ("figure" = Option<String>, Query, description = "received, accepted, closed, open, late-promise or late-limit"),
           ("limit" = Option<i64>, Query, description = "1 to 200"), ("after" = Option<String>, Query, description = "cursor")),
    responses((status = 200, body = List<CaseItem>), (status = 403), (status = 422)))]
pub async fn cases_behind(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<FiguresQuery>,
) -> Result<Json<List<CaseItem>>, Failure> {
    caller.needs(Scope::Staff)?;
    let limit = ListQuery { limit: query.limit, ..ListQuery::default() }.limit()?;
    let behind = Behind {
        asked: Asked { week: query.week, place: query.place },
        channel: query.channel,
        kind: query.kind,
        figure: query.figure,
        after: query.after,
        limit,
    };
    let page = supervision::behind(&app.city, &caller.actor, &behind).await?;
    Ok(Json(List { items: page.items.into_iter().map(Into::into).collect(), next: page.next }))
}
