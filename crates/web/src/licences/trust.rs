//! What anyone needs to check our signatures without asking us.

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use service::ServiceError;
use service::licences::{qr_trust, status_list};

use crate::api::tagged;
use crate::app::{Failure, Visit};

/// How long a verifier may keep the lists, in seconds.
const KEEP: &str = "public, max-age=3600";

/// `GET /trust/qr.json`: `{"keys":[{kid, code, name, spki, not_before, not_after}]}`; `kid` is the key id of the QR codes
/// in hex, `spki` base64 of DER, dates are legal days. Certificates that have been renewed stay in the list: a code is judged by its day of
/// issue.
pub(super) async fn qr(visit: Visit) -> Result<Response, Failure> {
    let mut keys = Vec::new();
    for certificate in qr_trust(visit.city()).await? {
        let spki = certificate.public_key().to_spki().map_err(ServiceError::internal)?;
        keys.push(json!({
            "kid": hex::encode(certificate.kid()),
            "code": certificate.code(),
            "name": certificate.organisation(),
            "spki": STANDARD.encode(spki),
            "not_before": certificate.not_before().date().to_string(),
            "not_after": certificate.not_after().date().to_string(),
        }));
    }
    let body = json!({ "keys": keys }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, KEEP)], body).into_response())
}

/// `GET /trust/roots.pem`: the city's roots, for `yichuang licence verify --roots` and for OpenSSL.
pub(super) async fn roots(visit: Visit) -> Result<Response, Failure> {
    let mut pem = String::new();
    for root in &visit.city().keys().roots {
        pem.push_str(&root.to_pem().map_err(ServiceError::internal)?);
    }
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file"), (header::CACHE_CONTROL, KEEP)], pem).into_response())
}

/// `GET /trust/status/{list}`: a status list in the form that a page checks without a network, see [`seal::status::sign_compact`].
pub(super) async fn status(visit: Visit, Path(list): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let found = status_list(visit.city(), &list).await?;
    let compact = found.compact.ok_or(ServiceError::NotFound("status list"))?;
    Ok(tagged(&headers, "application/cose", &compact))
}
