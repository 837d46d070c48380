//! What every page has around it: language and display choices, the header, navigation, the tab bar of phones, the
//! demo strip and the footer (`page.rs`, `prefs.rs`). A page template extends `layout/base.html` (the hall, for citizens) or
//! `layout/desk.html` (staff) and holds a [`Page`] named `page` and a [`T`] named `t`.

mod page;
mod prefs;

use crate::i18n::T;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::text::Lang;

pub use page::{City, CsrfField, Kiosk, NavItem, Page, Part, User};
pub use prefs::{Contrast, Prefs, Size, Theme};

/// Everything comes from our own origin and nothing is inline, hence no nonce. `blob:` and `data:` are for previews
/// of pictures that the person has just chosen.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A local address to go back to, or `/`: never another site.
pub fn safe_back(path: &str) -> &str {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if local { path } else { "/" }
}

/// `GET /display`: all display choices on one page, for phones and for those who look for them.
#[derive(Debug, Template)]
#[template(path = "layout/display.html")]
pub struct DisplayPage<'a> {
    /// Words.
    pub t: T,
    /// Layout.
    pub page: &'a Page,
}

/// Renders a page with its status and the headers that every page carries.
pub fn respond(status: StatusCode, lang: Lang, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, html).into_response();
            let headers = response.headers_mut();
            for (name, value) in [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::REFERRER_POLICY, "same-origin"),
                (header::CACHE_CONTROL, "no-store"),
                (header::CONTENT_LANGUAGE, lang.tag()),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (path, safe) in
            [("/matters?q=a", "/matters?q=a"), ("//evil.example", "/"), ("https://x", "/"), ("/\\x", "/")]
        {
            assert_eq!(safe_back(path), safe);
        }
    }
}
