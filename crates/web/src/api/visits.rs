//! `/api/v1/appointments` and `/api/v1/tickets`: visits that other systems and terminals arrange.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::halls::{Appointment, Ticket, TicketSource};
use serde::{Deserialize, Serialize};
use service::ServiceError;
use service::accounts::Scope;
use service::halls::{self, Book, Take, ahead};
use utoipa::ToSchema;

use super::caller::Caller;
use super::cases::{PartyBody, key};
use super::query::body;
use crate::app::{App, Failure};

/// An appointment to be booked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppointmentWish {
    /// Id of a slot.
    slot: String,
    /// For whom.
    applicant: PartyBody,
    /// Slug of the matter; without it the appointment is for the counter.
    #[serde(default)]
    matter: String,
    /// Slots of the matter's materials that are ready.
    #[serde(default)]
    prepared: Vec<String>,
}

/// An appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppointmentBody {
    id: String,
    /// Six digits to say at the reception.
    code: String,
    /// `booked`, `arrived`, `missed` or `cancelled`.
    state: String,
    slot: String,
    place: String,
    counter: String,
    /// RFC 3339.
    start: String,
    /// RFC 3339.
    end: String,
    /// Slug of the matter; empty when it was not said.
    matter: String,
}

fn appointment_body(own: &Appointment) -> AppointmentBody {
    AppointmentBody {
        id: own.id.to_string(),
        code: own.code.clone(),
        state: own.state.name().to_owned(),
        slot: own.slot.clone(),
        place: own.place.clone(),
        counter: own.counter.clone(),
        start: own.start.rfc3339(),
        end: own.end.rfc3339(),
        matter: own.matter.clone(),
    }
}

/// 201 with the address of what was made.
fn made<T: Serialize>(address: String, body: T) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let Ok(address) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}

/// Books a place in a slot. One open appointment for a person, a matter and a day.
#[utoipa::path(post, path = "/api/v1/appointments", tag = "visits", request_body = AppointmentWish,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AppointmentBody), (status = 404, description = "no such slot"),
              (status = 409, description = "taken, past, not released, booked already, or barred, with the reason"),
              (status = 422, description = "invalid, or the key was used with another body")))]
pub async fn book(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    halls::permit(&caller.actor)?;
    let key = key(&headers, &caller, "/api/v1/appointments", &bytes)?;
    let wish: AppointmentWish = body(&headers, &bytes)?;
    let wish = Book {
        slot: wish.slot,
        matter: wish.matter,
        applicant: wish.applicant.into(),
        prepared: wish.prepared,
        key: Some(key),
    };
    let own = halls::book(&app.city, &caller.actor, wish).await?;
    Ok(made(format!("/api/v1/appointments/{}", own.id), appointment_body(&own)))
}

/// An appointment that the system has booked.
#[utoipa::path(get, path = "/api/v1/appointments/{id}", tag = "visits", params(("id" = String, Path)),
    responses((status = 200, body = AppointmentBody), (status = 404)))]
pub async fn appointment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AppointmentBody>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    Ok(Json(appointment_body(&halls::appointment(&app.city, &caller.actor, &id).await?)))
}

/// Gives an appointment back.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/cancel", tag = "visits",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AppointmentBody), (status = 404),
              (status = 409, description = "refused, with state, command and reason")))]
pub async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Json<AppointmentBody>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let key = key(&headers, &caller, &format!("/api/v1/appointments/{id}/cancel"), &bytes)?;
    Ok(Json(appointment_body(&halls::cancel(&app.city, &caller.actor, &id, Some(key)).await?)))
}

/// A wish for a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketWish {
    /// Id of the place.
    place: String,
    /// Id of the counter; without it the first that takes the matter.
    #[serde(default)]
    counter: String,
    /// Slug of the matter.
    #[serde(default)]
    matter: String,
}

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketBody {
    id: String,
    /// As it is called: `A012`.
    number: String,
    place: String,
    counter: String,
    /// `waiting`, `called`, `serving`, `held`, `done`, `missed`, `cancelled` or `expired`.
    state: String,
    /// `returned`, `assisted`, `appointment` or `ordinary`.
    class: String,
    /// Window to which it is called.
    window: Option<String>,
    /// How many go before it; null unless it waits.
    ahead: Option<usize>,
    /// How long it will wait, in minutes; null unless it waits.
    minutes: Option<u32>,
}

async fn ticket_body(app: &App, own: &Ticket) -> Result<TicketBody, ServiceError> {
    let wait = ahead(&app.city, own).await?;
    Ok(TicketBody {
        id: own.id.to_string(),
        number: own.number.clone(),
        place: own.place.clone(),
        counter: own.counter.clone(),
        state: own.state.name().to_owned(),
        class: own.class.as_str().to_owned(),
        window: own.state.window().map(str::to_owned),
        ahead: wait.map(|wait| wait.ahead),
        minutes: wait.map(|wait| wait.minutes),
    })
}

/// Takes a ticket for somebody who stands at a terminal.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "visits", request_body = TicketWish,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = TicketBody), (status = 404, description = "no such place or counter"),
              (status = 409, description = "closed now"),
              (status = 422, description = "invalid, or the key was used with another body")))]
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    halls::permit(&caller.actor)?;
    let key = key(&headers, &caller, "/api/v1/tickets", &bytes)?;
    let wish: TicketWish = body(&headers, &bytes)?;
    let wish = Take {
        place: wish.place,
        counter: wish.counter,
        matter: wish.matter,
        assisted: false,
        code: String::new(),
        source: TicketSource::System,
        key: Some(key),
    };
    let own = halls::take(&app.city, &caller.actor, wish).await?;
    Ok(made(format!("/api/v1/tickets/{}", own.id), ticket_body(&app, &own).await?))
}

/// A ticket that the system has taken, with how many go before it.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "visits", params(("id" = String, Path)),
    responses((status = 200, body = TicketBody), (status = 404)))]
pub async fn ticket(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<TicketBody>, Failure> {
    caller.needs_any(&[Scope::Cases, Scope::Staff])?;
    let own = halls::ticket(&app.city, &caller.actor, &id).await?;
    Ok(Json(ticket_body(&app, &own).await?))
}
