//! A registered kiosk: the pages that only it shows, in large type and with large targets. Everything else of the city appears in
//! the same frame (`templates/layout/kiosk_bar.html`), so that an application is made at a kiosk as everywhere.
//!
//! * `home.rs` the first page and the list of matters; `device.rs` enrols, connects and hears the device; `end.rs` forgets a visit
//! * `phone.rs` signs in with one's own phone; `ticket.rs`, `track.rs`, `print.rs`, `help.rs` one thing each

mod device;
mod end;
mod help;
mod home;
mod phone;
mod print;
mod ticket;
mod track;

use axum::Router;
use axum::routing::{get, post};
use domain::halls::Device;
use service::ServiceError;

use crate::app::{App, Failure, Visit};

pub(crate) use end::forget_device;

/// `/kiosk` with what lies below it, and the phone's page `/at/{code}`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/kiosk", get(home::page))
        .route("/kiosk/matters", get(home::matters))
        .route("/kiosk/enrol", post(device::enrol))
        .route("/kiosk/challenge", post(device::challenge))
        .route("/kiosk/connect", post(device::connect))
        .route("/kiosk/beat", post(device::beat))
        .route("/kiosk/end", post(end::end))
        .route("/kiosk/help", get(help::page).post(help::send))
        .route("/kiosk/tickets", get(ticket::page).post(ticket::take))
        .route("/kiosk/tickets/{id}", get(ticket::show))
        .route("/kiosk/track", get(track::page).post(track::look_up))
        .route("/kiosk/sign-in", get(phone::page).post(phone::enter))
        .route("/kiosk/sign-in/state", post(phone::state))
        .route("/kiosk/print/{id}", get(print::page))
        .route("/kiosk/print/{id}/pdf", get(print::paper))
        .route("/at/{code}", get(phone::invited).post(phone::accept))
}

/// The kiosk that asks; for everybody else there is no such page.
fn at(visit: &Visit) -> Result<&Device, Failure> {
    visit.kiosk().ok_or_else(|| ServiceError::NotFound("kiosk").into())
}
