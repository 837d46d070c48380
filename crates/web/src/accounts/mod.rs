//! Accounts: signing up, in and out, a forgotten password, one's own page, ways of signing in and of being told, proof of identity, and
//! who looked at one's data.

mod access;
mod asked;
mod contacts;
mod demo;
mod identity;
mod mandates;
mod me;
mod passkeys;
mod problems;
mod providers;
mod reset;
mod rows;
mod sign;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use access::{office, used};
pub(crate) use mandates::role_words;
pub(crate) use me::{kind_words, party_facts, shown_code};
pub(crate) use problems::Problems;
pub(crate) use sign::{document, enter};

/// `/sign-in`, `/sign-up`, `/sign-out` and `/me` with what lies below them.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign::sign_in_page).post(sign::sign_in))
        .route("/sign-in/passkey", post(sign::sign_in_with_passkey))
        .route("/sign-in/passkey/challenge", post(sign::ask_passkey))
        .route("/sign-in/reset", get(reset::page).post(reset::set))
        .route("/sign-in/with/{provider}", get(providers::leave))
        .route("/sign-in/with/{provider}/back", get(providers::back))
        .route("/sign-up", get(sign::sign_up_page).post(sign::sign_up))
        .route("/sign-out", post(sign::sign_out))
        .route("/me", get(me::profile))
        .route("/me/identity", get(identity::identity_page).post(identity::prove))
        .route("/me/access", get(access::access))
        .route("/me/contacts", get(contacts::page))
        .route("/me/contacts/{channel}", post(contacts::ask))
        .route("/me/contacts/{channel}/confirm", post(contacts::confirm))
        .route("/me/contacts/{channel}/remove", post(contacts::remove))
        .route("/me/mandates", get(mandates::list).post(mandates::grant))
        .route("/me/mandates/new", get(mandates::new_page))
        .route("/me/mandates/{id}/accept", post(mandates::accept))
        .route("/me/mandates/{id}/resign", post(mandates::resign))
        .route("/me/mandates/{id}/revoke", post(mandates::revoke))
        .route("/me/links/{provider}", post(providers::bind))
        .route("/me/links/{provider}/remove", post(providers::remove))
        .route("/me/passkeys", post(passkeys::add))
        .route("/me/passkeys/challenge", post(passkeys::begin))
        .route("/me/passkeys/{id}", get(passkeys::page).post(passkeys::rename))
        .route("/me/passkeys/{id}/remove", post(passkeys::remove))
}
