//! Posted forms, with the two checks against forged requests: where the request came from, and the session's token.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use service::ServiceError;

use super::{App, Failure, Visit};

/// Largest form, in bytes. Files go through the upload address, never through a form.
const MAX_FORM_BYTES: usize = 1 << 20;

/// A posted form, in the order of its fields, from the person of `visit`.
pub struct Posted {
    /// Who posted it.
    pub visit: Visit,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
}

impl Posted {
    /// The first value of a field; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }
}

/// Whether a request that changes something comes from our own pages. Browsers say so themselves in `Sec-Fetch-Site`;
/// older ones at least in `Origin`. A request with neither comes from no browser and carries no cookie of one.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(site), _, _) => site == "same-origin" || site == "none",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, own)| own == host),
        (None, Some(_), None) => false,
        (None, None, _) => true,
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Posted, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        if !same_origin(&parts.headers) {
            return Err(Failure::forged().into_response());
        }
        let bytes = to_bytes(body, MAX_FORM_BYTES)
            .await
            .map_err(|_| Failure::status(StatusCode::PAYLOAD_TOO_LARGE).into_response())?;
        let pairs: Vec<(String, String)> = form_pairs(&bytes);
        let posted = Posted { visit, pairs };
        if let Some(signed_in) = &posted.visit.signed_in
            && posted.get("csrf") != signed_in.csrf
        {
            return Err(Failure::forged().into_response());
        }
        Ok(posted)
    }
}

/// `application/x-www-form-urlencoded`, tolerant: bytes that are no UTF-8 become replacement characters.
fn form_pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Failure {
        Failure::Service(error)
    }
}
