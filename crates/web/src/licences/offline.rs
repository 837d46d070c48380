//! The check without a network: the page that is kept on a device, and the script that keeps it.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use service::ServiceError;

use crate::app::{Failure, Visit};
use crate::assets;
use crate::i18n::T;
use crate::kit::{Field, Icon};
use crate::layout::{Page, Part, respond};

/// What the page is made of beside itself.
const FILES: [&str; 6] = ["app.css", "mark.svg", "js/app.js", "js/prefs.js", "js/copy.js", "js/verify.js"];
const WORKER: &str = "js/verify-worker.js";
/// The script asks the city for keys and lists, and nobody else for anything.
const POLICY: &str = "default-src 'none'; connect-src 'self'";

#[derive(Template)]
#[template(path = "licences/offline.html")]
struct OfflinePage<'a> {
    t: T,
    page: &'a Page,
    what: Field,
    expected: Option<(String, String)>,
}

/// `GET /v/offline`: what a device shows for any licence while it has no network. It is kept there, so it names nobody, whoever
/// is signed in.
pub(super) async fn page(visit: Visit) -> Response {
    let t = visit.t();
    let mut page = visit.page().with_part(Part::Verify);
    page.user = None;
    page.csrf = String::new();
    let what = Field::textarea(t, "what", t.licences_what()).hint(t.licences_what_hint()).rows(4);
    respond(StatusCode::OK, t.lang(), &OfflinePage { t, page: &page, what, expected: None })
}

/// `GET /verify-worker.js`: at the root, because a service worker answers only for addresses below its own.
pub(super) async fn worker() -> Result<Response, Failure> {
    let script = assets::text(WORKER).ok_or_else(|| ServiceError::internal("the service worker is missing"))?;
    let files: Vec<String> = FILES.iter().map(|name| assets::url(name)).collect();
    let head = json!({ "version": assets::version(), "files": files });
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, format!("self.assets = {head};\n{script}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_without_a_network_lacks_nothing() {
        for name in FILES.iter().chain([&WORKER]) {
            assert!(assets::transfer_size(name).is_some(), "{name}");
        }
        // Whatever the kept scripts load when they start is kept too.
        for name in FILES.iter().filter(|name| name.ends_with(".js")) {
            let script = assets::text(name).unwrap_or_default();
            for line in script.lines().filter(|line| line.starts_with("import ")) {
                let other = line.rsplit("\"./").next().and_then(|rest| rest.split('"').next()).unwrap_or_default();
                assert!(FILES.contains(&format!("js/{other}").as_str()), "{name} imports {other}");
            }
        }
    }
}
