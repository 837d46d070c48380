//! A public append-only log in the form of C2SP: [`note`] signed notes with Ed25519, [`checkpoint`] tree heads and their
//! cosignatures (`cosignature/v1`), [`tree`] RFC 6962 roots and proofs, [`tile`] the static files, [`proof`] the sidecar of a
//! licence, [`witness`] what a log and its witness say to each other, [`logged`] whether a licence is in the log.
//!
//! Only Ed25519 is written and read: it is what witnesses understand today, and no certificate stands behind it. The licences
//! themselves stay signed with SM2.

pub mod checkpoint;
pub mod logged;
pub mod note;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod witness;

/// Why something of a log cannot be read or believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogError {
    /// It has not the form that its specification gives.
    #[error("not in the form of {0}")]
    Malformed(&'static str),
    /// No signature of a key that was asked for, or one that does not fit.
    #[error("not signed by {0}")]
    Unsigned(String),
    /// A proof that proves nothing.
    #[error("the proof does not hold")]
    NotProved,
    /// The key refused.
    #[error("the key cannot sign")]
    Key,
}

/// A number as the specifications write it: decimal, no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A hash in base64.
pub(crate) fn hash(text: &str) -> Option<domain::merkle::Hash> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    bytes.try_into().ok()
}

/// The base64 of bytes.
pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
