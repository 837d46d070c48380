//! Applying for something and following it: drafts, the wizard, one's cases, why they were decided as they were.
//!
//! * `wizard.rs` a draft with everything that its pages need; `begin.rs`, `tasks.rs`, `step.rs`, `materials.rs`,
//!   `pledge.rs`, `check.rs`, `receipt.rs` are its pages, in the order in which one meets them
//! * `fields.rs` draws the questions of a form; `multipart.rs` reads forms that carry files; `uploads.rs` takes files
//!   in pieces
//! * `list.rs`, `show.rs`, `events.rs`, `clocks.rs`, `why.rs`, `document.rs`, `correct.rs`, `gaps.rs`, `act.rs`, `messages.rs`
//!   belong to what has been sent

mod act;
mod begin;
mod check;
mod clocks;
mod correct;
mod document;
mod events;
pub(crate) mod fields;
mod gaps;
mod given;
pub(crate) mod known;
mod list;
mod materials;
mod messages;
mod multipart;
mod pledge;
mod receipt;
mod show;
mod step;
mod tasks;
mod uploads;
mod why;
mod wizard;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use clocks::marked;
pub(crate) use given::complete;
pub(crate) use list::{paused_tag, state_tag, tone};
pub(crate) use materials::{files_after, upload_field};
pub(crate) use multipart::Mixed;
pub(crate) use tasks::{Drawn, qr};
pub(crate) use uploads::download;

/// Everything from `/apply/{slug}` to `/cases/{number}/why`, documents, messages and uploads.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/apply/{slug}", get(begin::page).post(begin::begin))
        .route("/drafts/{id}", get(tasks::page))
        .route("/drafts/{id}/applicant", get(begin::change_page).post(begin::change))
        .route("/drafts/{id}/sample", post(tasks::fill_sample))
        .route("/drafts/{id}/delete", get(tasks::delete_page).post(tasks::delete))
        .route("/drafts/{id}/materials", get(materials::page).post(materials::save))
        .route("/drafts/{id}/pledge", get(pledge::page).post(pledge::sign))
        .route("/drafts/{id}/check", get(check::page).post(check::send))
        .route("/drafts/{id}/{step}", get(step::page).post(step::save))
        .route("/cases", get(list::page))
        .route("/cases/{number}", get(show::page))
        .route("/cases/{number}/receipt", get(receipt::page))
        .route("/cases/{number}/why", get(why::page))
        .route("/cases/{number}/ask", post(act::ask))
        .route("/cases/{number}/file", get(act::file_page).post(act::file))
        .route("/cases/{number}/withdraw", get(act::withdraw_page).post(act::withdraw))
        .route("/cases/{number}/gaps", get(gaps::page).post(gaps::send))
        .route("/cases/{number}/correct", get(correct::page).post(correct::send))
        .route("/documents/{id}", get(document::page))
        .route("/documents/{id}/file", get(document::file))
        .route("/messages", get(messages::page).post(messages::read))
        .route("/uploads", post(uploads::begin))
        .route("/uploads/{id}", get(uploads::open).head(uploads::offset).patch(uploads::append))
        // Every handler here limits its own body; the general limit would cut files off.
        .layer(DefaultBodyLimit::disable())
}
