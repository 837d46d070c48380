//! Error pages: what happened in plain words, what to do, and a reference number where somebody must look it up.

use crate::i18n::T;
use crate::kit::{CopyText, Icon};
use crate::layout::{Page, respond};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

/// An error page. Never shows what went wrong inside.
#[derive(Debug, Template)]
#[template(path = "errors/error.html")]
pub struct ErrorPage<'a> {
    t: T,
    page: &'a Page,
    status: StatusCode,
    title: &'static str,
    text: String,
    reference: String,
    retry_after: Option<u32>,
}

impl<'a> ErrorPage<'a> {
    /// The page of a status; statuses without words of their own look like 500 (or 404, below 500).
    pub fn new(page: &'a Page, status: StatusCode) -> ErrorPage<'a> {
        let t = page.t;
        let (title, text) = match status.as_u16() {
            401 | 403 => (t.errors_403_title(), t.errors_403_text()),
            409 | 412 => (t.errors_409_title(), t.errors_409_text()),
            400 | 413..=415 | 422 | 431 => (t.errors_422_title(), t.errors_422_text()),
            429 => (t.errors_429_title(), t.errors_429_text()),
            503 => (t.errors_503_title(), t.errors_503_text()),
            500.. => (t.errors_500_title(), t.errors_500_text()),
            _ => (t.errors_404_title(), t.errors_404_text()),
        };
        let text = text.to_owned();
        ErrorPage { t, page, status, title, text, reference: String::new(), retry_after: None }
    }

    /// A sentence of the refusal itself, instead of the general one.
    pub fn text(mut self, text: impl Into<String>) -> ErrorPage<'a> {
        self.text = text.into();
        self
    }

    /// The number under which the log has the detail.
    pub fn reference(mut self, reference: impl Into<String>) -> ErrorPage<'a> {
        self.reference = reference.into();
        self
    }

    /// After how many seconds one may try again.
    pub fn retry_after(mut self, seconds: u32) -> ErrorPage<'a> {
        self.retry_after = Some(seconds);
        self
    }

    /// The answer, with its status and `Retry-After`.
    pub fn respond(&self) -> Response {
        let mut response = respond(self.status, self.t.lang(), self);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn icon(&self) -> Icon {
        match self.status.as_u16() {
            401 | 403 => Icon::Lock,
            429 => Icon::Clock,
            404 => Icon::Search,
            500.. => Icon::Refresh,
            _ => Icon::Alert,
        }
    }
}
