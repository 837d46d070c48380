//! Licences: one's own as cards, and the public check that anyone may use.
//!
//! `mine.rs` what holders see (`paper.rs` of what a window took from paper), `look_up.rs` the form of the public check, `public.rs` its answers, `trust.rs` what a
//! verifier needs to check without us, `offline.rs` the check without a network, `share.rs` what holders give to others, `shown.rs` what
//! these see.

mod look_up;
mod mine;
mod offline;
mod paper;
mod public;
mod share;
mod shown;
mod trust;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use mine::{picture, standing_tag};

/// `/licences`, `/use`, `/s`, `/v`, `/trust` and the script that checks without a network.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/licences", get(mine::list))
        .route("/licences/{id}", get(mine::show))
        .route("/licences/paper/{id}", get(paper::show))
        .route("/licences/{id}/proof", get(mine::proof))
        .route("/licences/{id}/share", get(share::page).post(share::give))
        .route("/licences/{id}/shares/{share}/withdraw", post(share::withdraw))
        .route("/licences/{id}/{form}", get(mine::rendered))
        .route("/licences/{id}/renew", post(mine::begin_renewal))
        .route("/use", get(shown::enter).post(shown::redeem))
        .route("/use/{share}/{form}", get(shown::copy_of_used))
        .route("/s/{secret}", get(shown::link))
        .route("/s/{secret}/{form}", get(shown::copy_of_link))
        .route("/v", get(look_up::page).post(look_up::check))
        .route("/v/offline", get(offline::page))
        .route("/v/{public_id}", get(public::page))
        .route("/v/{public_id}/proof", get(public::proof))
        .route("/verify-worker.js", get(offline::worker))
        .route("/trust/qr.json", get(trust::qr))
        .route("/trust/roots.pem", get(trust::roots))
        .route("/trust/status/{list}", get(trust::status))
        // The check reads a whole licence file and limits it itself.
        .layer(DefaultBodyLimit::disable())
}
