//! `/api/v1/places/{id}/rota`: who is on duty, for systems of the staff.

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::halls::{Duty, DutyFlag, Gap, Swap};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::accounts::Scope;
use service::halls::rota::{Week, week_of};
use utoipa::ToSchema;

use super::caller::Caller;
use crate::app::{App, Failure};

/// A duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaDuty {
    /// Its number in the week.
    id: u32,
    day: String,
    window: String,
    from: String,
    to: String,
    /// Id of the account that is on duty.
    account: String,
    /// `two-windows`, `elsewhere`, `outside-hours`, `not-theirs`.
    flags: Vec<String>,
}

/// A window that is open while nobody is on duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaGap {
    day: String,
    window: String,
    counter: String,
    from: String,
    to: String,
}

/// A swap of duties.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaSwap {
    /// Its number in the week.
    id: u32,
    /// `asked`, `accepted`, `declined`, `withdrawn`, `refused`, `confirmed` or `lapsed`.
    state: String,
    /// The account that asks.
    by: String,
    /// The account that is asked.
    to: String,
    /// Number of the duty that is given.
    duty: u32,
    /// Number of the duty that is taken for it; null when the duty is given away.
    back: Option<u32>,
    /// What would be open afterwards, while it still waits.
    leaves: Vec<RotaGap>,
}

/// A week of a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaBody {
    place: String,
    /// First day of the week.
    week: String,
    duties: Vec<RotaDuty>,
    gaps: Vec<RotaGap>,
    swaps: Vec<RotaSwap>,
}

/// Which week.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RotaQuery {
    week: Option<String>,
}

fn gap(own: &Gap) -> RotaGap {
    RotaGap {
        day: own.day.to_string(),
        window: own.window.clone(),
        counter: own.counter.clone(),
        from: own.from.to_string(),
        to: own.to.to_string(),
    }
}

fn duty(week: &Week<'_>, own: &Duty) -> RotaDuty {
    RotaDuty {
        id: own.id,
        day: own.day.to_string(),
        window: own.window.clone(),
        from: own.from.to_string(),
        to: own.to.to_string(),
        account: own.account.clone(),
        flags: week.flags.of(own.id).iter().map(DutyFlag::name).map(str::to_owned).collect(),
    }
}

fn swap(week: &Week<'_>, own: &Swap) -> RotaSwap {
    let leaves = if own.is_open() { week.left_by(own) } else { Vec::new() };
    RotaSwap {
        id: own.id,
        state: own.state.name().to_owned(),
        by: own.by.clone(),
        to: own.to.clone(),
        duty: own.duty,
        back: own.back,
        leaves: leaves.iter().map(gap).collect(),
    }
}

/// The rota of a place in the week of a day, with what is flagged. Staff tokens only.
#[utoipa::path(get, path = "/api/v1/places/{id}/rota", tag = "places",
    params(("id" = String, Path), ("week" = Option<String>, Query, description = "any day of it, 2026-11-24; today when absent")),
    responses((status = 200, body = RotaBody), (status = 403), (status = 404), (status = 422, description = "no such date")))]
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<RotaQuery>,
) -> Result<Json<RotaBody>, Failure> {
    caller.needs(Scope::Staff)?;
    let day = match query.week.as_deref() {
        None => app.city.now().date(),
        Some(text) => text.parse::<Date>().map_err(|_| {
            ServiceError::field("week", "week 应为 2026-11-24 这样的日期。", "week must be a day such as 2026-11-24.")
        })?,
    };
    service::catalog::refresh(&app.city).await?;
    let shelf = app.city.shelf();
    let place = shelf.place(&id)?;
    let week = week_of(&app.city, &caller.actor, place, day).await?;
    Ok(Json(RotaBody {
        place: place.id.clone(),
        week: week.rota.monday.to_string(),
        duties: week.rota.duties.iter().map(|own| duty(&week, own)).collect(),
        gaps: week.flags.gaps.iter().map(gap).collect(),
        swaps: week.rota.swaps.iter().map(|own| swap(&week, own)).collect(),
    }))
}
