//! Signed tokens of others (RFC 7515, 7517, 7518) in their compact form, with RS256 and ES256. We make none ourselves.
//!
//! The key set says which algorithm a key is for, by its kind; what the token says of itself must agree, and "none" is no
//! algorithm.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::key::{Alg, PublicKey, der_signature};
use crate::rsa;

/// Longest token that is looked at, in bytes.
const MAX_BYTES: usize = 32 << 10;

/// Why a token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a compact token of three parts, or oversized.
    #[error("malformed token")]
    Malformed,
    /// Neither RS256 nor ES256.
    #[error("unsupported algorithm {0}")]
    Algorithm(String),
    /// The key set has no key of this name and kind.
    #[error("no such key")]
    UnknownKey,
    /// The signature is wrong.
    #[error("wrong signature")]
    BadSignature,
}

/// The public keys of an issuer; kinds of key that are not ours are skipped.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct KeySet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

fn bytes(text: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError::Malformed)
}

/// The claims of a token, once one of the keys has been found to have signed it.
pub fn verify(token: &str, keys: &KeySet) -> Result<Value, TokenError> {
    if token.len() > MAX_BYTES {
        return Err(TokenError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (head, body) = signed.split_once('.').filter(|(_, body)| !body.contains('.')).ok_or(TokenError::Malformed)?;
    let header: Header = serde_json::from_slice(&bytes(head)?).map_err(|_| TokenError::Malformed)?;
    // An extension that must be understood is one that we do not (RFC 7515, 4.1.11).
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let kind = match header.alg.as_str() {
        "RS256" => "RSA",
        "ES256" => "EC",
        _ => return Err(TokenError::Algorithm(header.alg)),
    };
    let signature = bytes(signature)?;
    let known = keys.keys.iter().filter_map(|key| Key::deserialize(key).ok());
    let mut fitting = known
        .filter(|key| key.kty == kind && key.purpose.as_deref().is_none_or(|purpose| purpose == "sig"))
        .filter(|key| key.alg.as_ref().is_none_or(|alg| *alg == header.alg))
        .filter(|key| header.kid.is_none() || key.kid == header.kid)
        .peekable();
    if fitting.peek().is_none() {
        return Err(TokenError::UnknownKey);
    }
    if !fitting.any(|key| key.signed(signed.as_bytes(), &signature).unwrap_or(false)) {
        return Err(TokenError::BadSignature);
    }
    serde_json::from_slice(&bytes(body)?).map_err(|_| TokenError::Malformed)
}

impl Key {
    /// Whether this key made the signature; `None` when the key itself is broken.
    fn signed(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let part = |part: &Option<String>| part.as_deref().and_then(|text| bytes(text).ok());
        if self.kty == "RSA" {
            return Some(rsa::verify(&part(&self.n)?, &part(&self.e)?, message, signature));
        }
        if self.crv.as_deref() != Some("P-256") {
            return None;
        }
        let point = [[4].as_slice(), &part(&self.x)?, &part(&self.y)?].concat();
        let key = PublicKey::P256(p256::PublicKey::from_sec1_bytes(&point).ok()?);
        let signature = der_signature(Alg::Es256, signature).ok()?;
        Some(key.verify(message, &signature).is_ok())
    }
}
