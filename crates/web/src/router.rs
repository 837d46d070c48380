//! The way from an address to its handler: two steps, this file and the folder of the capability.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::{App, Failure, as_page, as_problem, one_host};
use crate::{accounts, api, assets, cases, catalog, desk, halls, home, licences, log, post, supervision, voice};

/// No request may take longer; a client that sends slower than this starts an upload again where it ended.
const LIMIT: Duration = Duration::from_secs(60);

/// Every address of the city.
pub fn router(app: App) -> Router {
    // Inside of the two that give failures their words, so that a request which takes too long is answered in words too.
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LIMIT);
    let pages = Router::new()
        .merge(home::routes())
        .merge(catalog::routes())
        .merge(accounts::routes())
        .merge(cases::routes())
        .merge(licences::routes())
        .merge(log::routes())
        .merge(halls::routes())
        .merge(post::routes())
        .merge(voice::routes())
        .merge(supervision::routes())
        .merge(desk::routes())
        .fallback(|| async { Failure::status(StatusCode::NOT_FOUND) })
        .layer(timeout)
        .layer(from_fn(one_host))
        .layer(from_fn_with_state(app.clone(), as_page));
    let documents =
        api::routes().layer(timeout).layer(from_fn(one_host)).layer(from_fn_with_state(app.clone(), as_problem));
    Router::new()
        .merge(documents)
        .merge(assets::routes())
        .merge(pages)
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .with_state(app)
}
