//! Licences: one's own as cards, and the public check that anyone may use.
//!
//! `mine.rs` what holders see, `look_up.rs` the form of the public check, `public.rs` its answers, `trust.rs` what a
//! verifier needs to check without us.

mod look_up;
mod mine;
mod public;
mod trust;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use mine::{picture, standing_tag};

/// `/licences`, `/v` and `/trust`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/licences", get(mine::list))
        .route("/licences/{id}", get(mine::show))
        .route("/licences/{id}/proof", get(mine::proof))
        .route("/licences/{id}/{form}", get(mine::rendered))
        .route("/licences/{id}/renew", post(mine::begin_renewal))
        .route("/v", get(look_up::page).post(look_up::check))
        .route("/v/{public_id}", get(public::page))
        .route("/trust/qr.json", get(trust::qr))
        .route("/trust/roots.pem", get(trust::roots))
        // The check reads a whole licence file and limits it itself.
        .layer(DefaultBodyLimit::disable())
}
