//! Licences: one's own as cards, and the public check that anyone may use.
//!
//! `mine.rs` what holders see, `look_up.rs` the form of the public check, `public.rs` its answers, `trust.rs` what a
//! verifier needs to check without us, `offline.rs` the check without a network.

mod look_up;
mod mine;
mod offline;
mod public;
mod trust;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use mine::{picture, standing_tag};

/// `/licences`, `/v`, `/trust` and the script that checks without a network.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/licences", get(mine::list))
        .route("/licences/{id}", get(mine::show))
        .route("/licences/{id}/proof", get(mine::proof))
        .route("/licences/{id}/{form}", get(mine::rendered))
        .route("/licences/{id}/renew", post(mine::begin_renewal))
        .route("/v", get(look_up::page).post(look_up::check))
        .route("/v/offline", get(offline::page))
        .route("/v/{public_id}", get(public::page))
        .route("/verify-worker.js", get(offline::worker))
        .route("/trust/qr.json", get(trust::qr))
        .route("/trust/roots.pem", get(trust::roots))
        .route("/trust/status/{list}", get(trust::status))
        // The check reads a whole licence file and limits it itself.
        .layer(DefaultBodyLimit::disable())
}
