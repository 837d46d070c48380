//! `/api/v1/devices`: terminals without a browser of ours (lockers, printers, kiosks of other makers) enrol, connect and report.
//!
//! A device comes in with its own key: it signs `yichuang-device-enrol.CODE` once and `yichuang-device-session.CHALLENGE` whenever it
//! connects, with ECDSA on P-256 and SHA-256. No call needs a key for repetition: a code and a challenge count once by themselves, and a
//! report says how things are, however often.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::halls::{Device, FaultKind, Reported};
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::halls::devices::{self, Connected, terminal_rules};
use utoipa::ToSchema;

use super::query::body;
use crate::app::{App, Failure, Visit};

/// A device, by the token of its session.
#[derive(Debug, Clone)]
pub struct Terminal(pub(super) Device);

impl FromRequestParts<App> for Terminal {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Terminal, Failure> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, secret) = header.and_then(|value| value.split_once(' ')).ok_or(ServiceError::SignInNeeded)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ServiceError::SignInNeeded.into());
        }
        Ok(Terminal(devices::resolve_device(&app.city, secret.trim()).await?))
    }
}

/// A device that shows its key for the first time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceEnrolment {
    /// The code that the administrator was given.
    code: String,
    /// SubjectPublicKeyInfo of a P-256 key, base64url without padding.
    key: String,
    /// Signature of `yichuang-device-enrol.CODE`, the code in capitals without hyphen: 64 bytes `r‖s` or DER, base64url.
    signature: String,
}

/// A device that proves its key.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceProof {
    /// Id of the device.
    device: String,
    /// As given a moment ago.
    challenge: String,
    /// Signature of `yichuang-device-session.CHALLENGE`, as at the enrolment.
    signature: String,
}

/// What a device signs next.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceChallenge {
    /// Counts once, for five minutes.
    challenge: String,
}

/// A session of a device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceSession {
    /// Id of the device.
    device: String,
    /// Id of the place.
    place: String,
    /// Bearer token.
    token: String,
    /// RFC 3339.
    expires: String,
    /// How often the device is to say that it is alive, in seconds.
    beat_seconds: u32,
}

/// A fault.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultBody {
    /// `paper`, `printer`, `cell`, `reader` or `other`.
    kind: String,
    /// Which part, for instance the number of a cell.
    #[serde(default)]
    part: String,
}

/// A device is alive.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// Everything that is wrong now; what was named before and is named no more is mended. Without it nothing is said of that.
    #[serde(default)]
    faults: Option<Vec<FaultBody>>,
}

/// What is known of a device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceBody {
    /// Id of the device.
    device: String,
    /// Id of the place.
    place: String,
    /// All faults, those that people have reported as well.
    faults: Vec<FaultBody>,
    /// Somebody at it calls for staff.
    calling: bool,
    /// In how many seconds the next beat is expected.
    beat_seconds: u32,
}

fn session(app: &App, own: &Connected) -> Result<Response, Failure> {
    let body = DeviceSession {
        device: own.device.id.to_string(),
        place: own.device.place.clone(),
        token: own.secret.clone(),
        expires: own.expires.rfc3339(),
        beat_seconds: terminal_rules(&app.city)?.beat_seconds,
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Enrols a device with its code; answers with its first session.
#[utoipa::path(post, path = "/api/v1/devices", tag = "devices", security(()), request_body = DeviceEnrolment,
    responses((status = 201, body = DeviceSession), (status = 422, description = "invalid"),
              (status = 409, description = "the code is wrong, used or too old, or the signature does not fit"),
              (status = 429, description = "too many attempts")))]
pub async fn enrol(visit: Visit, headers: HeaderMap, bytes: Bytes) -> Result<Response, Failure> {
    visit.attempt("device-enrol")?;
    let asked: DeviceEnrolment = body(&headers, &bytes)?;
    let own = devices::enrol(visit.city(), &asked.code, &asked.key, &asked.signature).await?;
    session(&visit.app, &own)
}

/// A challenge for a device that wants to connect.
#[utoipa::path(post, path = "/api/v1/devices/challenges", tag = "devices", security(()),
    responses((status = 201, body = DeviceChallenge), (status = 429, description = "too many attempts")))]
pub async fn challenge(visit: Visit) -> Result<Response, Failure> {
    visit.attempt("device-challenge")?;
    let challenge = devices::challenge_device(visit.city()).await?;
    Ok((StatusCode::CREATED, Json(DeviceChallenge { challenge })).into_response())
}

/// Opens a session for a device that has signed a challenge.
#[utoipa::path(post, path = "/api/v1/devices/sessions", tag = "devices", security(()), request_body = DeviceProof,
    responses((status = 201, body = DeviceSession), (status = 422, description = "invalid"),
              (status = 409, description = "the device is not in use, or the signature does not fit"),
              (status = 429, description = "too many attempts")))]
pub async fn connect(visit: Visit, headers: HeaderMap, bytes: Bytes) -> Result<Response, Failure> {
    visit.attempt("device-connect")?;
    let asked: DeviceProof = body(&headers, &bytes)?;
    let own = devices::connect(visit.city(), &asked.device, &asked.challenge, &asked.signature).await?;
    session(&visit.app, &own)
}

fn reported(fault: &FaultBody) -> Result<Reported, ServiceError> {
    let kind = FaultKind::parse(&fault.kind).ok_or_else(|| {
        ServiceError::field(
            "/faults",
            "kind 应为 paper、printer、cell、reader 或 other。",
            "kind is paper, printer, cell, reader or other.",
        )
    })?;
    Ok(Reported { kind, part: fault.part.clone() })
}

/// The device is alive, and says what is wrong with it.
#[utoipa::path(post, path = "/api/v1/devices/heartbeats", tag = "devices", request_body = Heartbeat,
    responses((status = 200, body = DeviceBody), (status = 401, description = "no session, or the device was revoked"),
              (status = 422, description = "invalid")))]
pub async fn beat(
    State(app): State<App>,
    Terminal(device): Terminal,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<DeviceBody>, Failure> {
    let asked: Heartbeat = body(&headers, &bytes)?;
    let faults =
        asked.faults.as_deref().map(|all| all.iter().map(reported).collect::<Result<Vec<_>, _>>()).transpose()?;
    let own = devices::beat(&app.city, &device, faults.as_deref()).await?;
    let fault =
        |own: &domain::halls::Fault| FaultBody { kind: own.what.kind.as_str().to_owned(), part: own.what.part.clone() };
    Ok(Json(DeviceBody {
        device: own.id.to_string(),
        place: own.place.clone(),
        faults: own.faults.iter().map(fault).collect(),
        calling: own.calling.is_some(),
        beat_seconds: terminal_rules(&app.city)?.beat_seconds,
    }))
}
