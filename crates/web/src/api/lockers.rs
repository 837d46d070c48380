//! `/api/v1/lockers`: the controller of a locker asks which cell a code opens.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use domain::halls::DeviceKind;
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::halls::lockers;
use utoipa::ToSchema;

use super::devices::Terminal;
use super::query::body;
use crate::app::{App, Failure};

/// A code that somebody has typed at a locker.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningWish {
    /// Ten signs, with or without hyphen.
    code: String,
}

/// A cell that is to be opened now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opening {
    /// Its number.
    cell: u32,
    /// Something is to be put in; otherwise it is taken out.
    deposit: bool,
}

/// Opens a cell with a code, which is used up by it. Whoever repeats a request whose answer was lost is told that the code is gone: the
/// controller opens a door for one answer only.
#[utoipa::path(post, path = "/api/v1/lockers/openings", tag = "devices", request_body = OpeningWish,
    responses((status = 200, body = Opening), (status = 401, description = "no session of a device"),
              (status = 404, description = "the device is no locker"),
              (status = 409, description = "the code opens nothing here, or the cell is broken and staff were called"),
              (status = 429, description = "too many attempts")))]
pub async fn open(
    State(app): State<App>,
    Terminal(device): Terminal,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<Opening>, Failure> {
    if device.kind != DeviceKind::Locker {
        return Err(ServiceError::NotFound("locker").into());
    }
    let asked: OpeningWish = body(&headers, &bytes)?;
    app.limiter.attempt("locker", device.id, app.city.now()).map_err(ServiceError::TooMany)?;
    let own = lockers::open(&app.city, &device, &asked.code).await?;
    Ok(Json(Opening { cell: own.cell, deposit: own.deposit }))
}
