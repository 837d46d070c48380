//! `/openapi.json`: the contract, generated from the types.

use axum::Json;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{cases, health, licences, matters, status, uploads};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yichuang 一窗",
        description = "One window for a city: matters, cases, licences. Failures are problem+json (RFC 9457)."
    ),
    paths(
        matters::list,
        matters::show,
        health::alive,
        health::ready,
        health::metrics,
        uploads::begin,
        uploads::offset,
        uploads::show,
        uploads::append,
        cases::create,
        cases::list,
        cases::show,
        cases::timeline,
        cases::command,
        licences::show,
        licences::rendered,
        status::of_licence,
        status::lists,
        status::list
    ),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Api;

/// The one way in: a token of `yichuang token create`.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let text = "A token with its scopes, made by `yichuang token create`: Authorization: Bearer <token>.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The OpenAPI document.
pub fn document() -> Document {
    Api::openapi()
}

/// `GET /openapi.json`.
pub async fn show() -> Json<Document> {
    Json(document())
}
