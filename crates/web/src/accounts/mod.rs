//! Accounts: signing up, in and out, one's own page, proof of identity, and who looked at one's data.

mod demo;
mod me;
mod problems;
mod sign;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use me::{kind_words, party_facts, shown_code};
pub(crate) use problems::Problems;

/// `/sign-in`, `/sign-up`, `/sign-out`, `/me`, `/me/identity`, `/me/access`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign::sign_in_page).post(sign::sign_in))
        .route("/sign-up", get(sign::sign_up_page).post(sign::sign_up))
        .route("/sign-out", post(sign::sign_out))
        .route("/me", get(me::profile))
        .route("/me/identity", get(me::identity_page).post(me::prove))
        .route("/me/access", get(me::access))
}
