//! From a signer's certificate to a configured root.

use domain::time::Timestamp;
use thiserror::Error;

use super::Certificate;

/// How many certificates a chain may have, the root not counted.
pub const MAX_CHAIN: usize = 4;

/// Why a chain is not believed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ChainError {
    /// No certificate at all, or more than [`MAX_CHAIN`].
    #[error("a chain of {0} certificates")]
    Length(usize),
    /// The first certificate is one of an issuer or may not make signatures.
    #[error("the first certificate is not one of a signer")]
    NotASigner,
    /// A certificate (counted from the signer's = 0, the root last) was not valid at the instant.
    #[error("certificate {0} was not valid at that time")]
    NotValidAt(usize),
    /// A certificate in the middle may not issue, or not at this depth.
    #[error("certificate {0} may not issue this one")]
    MayNotIssue(usize),
    /// The signature of a certificate does not fit the next one's key.
    #[error("certificate {0} is not signed by the next")]
    NotSignedByNext(usize),
    /// The chain does not end at a configured root. Roots inside a file are never believed.
    #[error("the chain does not lead to a trusted root")]
    NoAnchor,
}

/// Checks a chain (signer's certificate first) against the configured roots at one instant, and returns the root used.
///
/// At every step: signature, validity at `at`, basicConstraints, keyUsage, path length. A certificate of the chain that is itself
/// one of the anchors ends the search like any other: it must be reached through a signature, except that a signer is never an anchor.
pub fn verify_chain<'a>(
    chain: &[Certificate],
    anchors: &'a [Certificate],
    at: Timestamp,
) -> Result<&'a Certificate, ChainError> {
    verify(chain, anchors, at, Certificate::may_sign)
}

/// The same for the chain of a time-stamping authority.
pub fn verify_stamp_chain<'a>(
    chain: &[Certificate],
    anchors: &'a [Certificate],
    at: Timestamp,
) -> Result<&'a Certificate, ChainError> {
    verify(chain, anchors, at, Certificate::may_stamp)
}

fn verify<'a>(
    chain: &[Certificate],
    anchors: &'a [Certificate],
    at: Timestamp,
    fit: impl Fn(&Certificate) -> bool,
) -> Result<&'a Certificate, ChainError> {
    let Some(leaf) = chain.first().filter(|_| chain.len() <= MAX_CHAIN) else {
        return Err(ChainError::Length(chain.len()));
    };
    if leaf.is_ca() || !fit(leaf) {
        return Err(ChainError::NotASigner);
    }
    for (depth, certificate) in chain.iter().enumerate() {
        if !certificate.is_valid_at(at) {
            return Err(ChainError::NotValidAt(depth));
        }
        // A renewed root has the name and key of the one before: any that is usable will do.
        let mut unusable = None;
        for anchor in anchors.iter().filter(|anchor| certificate.is_signed_by(anchor)) {
            match usable_issuer(anchor, depth, at) {
                Ok(()) => return Ok(anchor),
                Err(error) => unusable = unusable.or(Some(error)),
            }
        }
        if let Some(error) = unusable {
            return Err(error);
        }
        let Some(next) = chain.get(depth + 1) else {
            return Err(ChainError::NoAnchor);
        };
        if !certificate.is_signed_by(next) {
            return Err(ChainError::NotSignedByNext(depth));
        }
        usable_issuer(next, depth, at)?;
    }
    Err(ChainError::NoAnchor)
}

/// Whether a certificate may issue the one at `depth`: there are `depth` issuing certificates between it and the signer.
fn usable_issuer(issuer: &Certificate, depth: usize, at: Timestamp) -> Result<(), ChainError> {
    if !issuer.is_valid_at(at) {
        return Err(ChainError::NotValidAt(depth + 1));
    }
    let too_deep = issuer.path_len().is_some_and(|limit| depth > usize::from(limit));
    if !issuer.is_ca() || !issuer.may_certify() || too_deep {
        return Err(ChainError::MayNotIssue(depth + 1));
    }
    Ok(())
}
