//! Printing a licence at a kiosk: the signed PDF itself, in a frame of the page, given to the browser's own printing.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::licences::{self, Form};

use super::{at, home};
use crate::app::{Failure, Visit};
use crate::i18n::T;
use crate::kit::Notice;
use crate::layout::{CONTENT_SECURITY_POLICY, Page, respond};

#[derive(Template)]
#[template(path = "halls/kiosk/print.html")]
struct PrintPage<'a> {
    t: T,
    page: &'a Page,
    name: String,
    paper: String,
    notice: Option<Notice>,
}

/// `GET /kiosk/print/{id}`.
pub(super) async fn page(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    at(&visit)?;
    let own = licences::view(visit.city(), visit.actor()?, &id).await?;
    let (t, page) = (visit.t(), visit.page());
    let view = PrintPage {
        t,
        name: t.of(&own.licence.name).to_owned(),
        paper: format!("/kiosk/print/{id}/pdf"),
        notice: home::no_printer(t, &page),
        page: &page,
    };
    let mut response = respond(StatusCode::OK, t.lang(), &view);
    let policy = format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// `GET /kiosk/print/{id}/pdf`: the file in the frame. Only the page above may show it.
pub(super) async fn paper(visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    at(&visit)?;
    let rendering = licences::render(visit.city(), visit.actor()?, &id, Form::Pdf).await?;
    let mut response = rendering.bytes.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, Form::Pdf.media_type()),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
