//! `/openapi.json`: the contract, generated from the types.

use axum::Json;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    cases, devices, figures, health, licence_uses, licences, lockers, matters, places, ratings, rotas, status, uploads,
    visits,
};

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
        places::list,
        places::slots_of,
        rotas::show,
        visits::book,
        visits::appointment,
        visits::cancel,
        visits::take,
        visits::ticket,
        ratings::levels,
        ratings::rate,
        ratings::figures,
        figures::figures,
        figures::cases_behind,
        devices::enrol,
        devices::challenge,
        devices::connect,
        devices::beat,
        lockers::open,
        licences::show,
        licences::rendered,
        licences::proof,
        licence_uses::use_code,
        licence_uses::fetch,
        status::of_licence,
        status::lists,
        status::list
    ),
    modifiers(&Bearer, &Named),
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

/// Operations are named with their tag, `cases_list`: clients are generated from names, which must differ (OpenAPI 3.1, 4.8.10).
struct Named;

impl Modify for Named {
    fn modify(&self, document: &mut Document) {
        let items = document.paths.paths.values_mut();
        let operations = items
            .flat_map(|item| [&mut item.get, &mut item.post, &mut item.head, &mut item.patch].into_iter().flatten());
        for operation in operations {
            let tag = operation.tags.as_ref().and_then(|tags| tags.first()).cloned().unwrap_or_default();
            operation.operation_id = operation.operation_id.take().map(|own| format!("{tag}_{own}"));
        }
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
