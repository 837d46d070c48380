//! Time stamps (RFC 3161): the built-in authority, and the checks of what it signed.

use domain::text::Text;
use domain::time::{Timestamp, moment_words};

use super::cms::{self, Content, Signed, Stamp};
use super::outside;
use crate::cert::{Certificate, verify_stamp_chain};
use crate::digest::sha256;
use crate::key::{Alg, Signer};
use crate::signed::SealError;

/// Makes a token over a signature value. The number of the stamp follows from what is stamped and when, so it is given once.
pub(super) fn token(signature: &[u8], at: Timestamp, authority: &dyn Signer) -> Result<Vec<u8>, SealError> {
    let digest = sha256(signature);
    let seed = [&digest[..], &at.micros().to_be_bytes()].concat();
    let mut serial: Vec<u8> = sha256(&seed).into_iter().take(16).collect();
    if let Some(first) = serial.first_mut() {
        // Positive and always of the same length.
        *first = (*first & 0x7f) | 0x40;
    }
    let info = cms::encode_stamp(&Stamp { digest, serial, at });
    let signed = cms::sign(Content::TimeStamp(info), authority)?;
    cms::encode(&signed).ok_or(SealError::Refused("the authority's certificate cannot be read"))
}

/// A token that was read: by the built-in authority in its one form, or by an outside one.
struct Token {
    stamp: Stamp,
    chain: Vec<Certificate>,
    /// Whether the authority's key made the signature, with this very certificate.
    fits: bool,
}

fn read(token: &[u8]) -> Option<Token> {
    let outside =
        || outside::read(token).map(|outside| Token { stamp: outside.stamp, chain: outside.chain, fits: true });
    let Some(signed) = cms::decode(token) else { return outside() };
    let Content::TimeStamp(info) = &signed.content else { return None };
    // The strict reader of whole messages takes outside stamps of the same build; what they say is read leniently then, and so is
    // one that does not bind every certificate that comes with it.
    let Some(stamp) = cms::decode_stamp(info) else { return outside() };
    if !signed.has_its_certificates()
        && let Some(token) = outside()
    {
        return Some(token);
    }
    let chain = chain(&signed)?;
    let fits = signed.has_its_certificates() && fits(&signed, &chain);
    Some(Token { stamp, chain, fits })
}

/// Whether a token is one over this signature by a trusted authority; returns its time.
pub(super) fn check(token: &[u8], signature: &[u8], roots: &[Certificate]) -> (Option<Timestamp>, Result<Text, Text>) {
    let no = |zh: &str, en: &str| (None, Err(Text::new(zh, en)));
    let Some(Token { stamp, chain, fits }) = read(token) else {
        return no("时间戳无法读取", "the time stamp cannot be read");
    };
    if stamp.digest != sha256(signature) {
        return no("时间戳不属于此签名", "the time stamp is over another signature");
    }
    if !fits {
        return no("时间戳签名无效", "the signature of the time stamp does not fit");
    }
    if let Err(error) = verify_stamp_chain(&chain, roots, stamp.at) {
        return no("时间戳证书不受信任", &format!("the time-stamping authority is not trusted: {error}"));
    }
    let moment = moment_words(stamp.at);
    let name = chain.first().and_then(Certificate::common_name).unwrap_or_default();
    let zh = format!("可信时间戳：{}（{name}）", moment.zh);
    (Some(stamp.at), Ok(Text::new(zh, format!("time stamp of {} by {name}", moment.en))))
}

/// The certificates in a token, the authority's own first.
pub(super) fn chain_of_token(token: &[u8]) -> Option<Vec<Certificate>> {
    read(token).map(|token| token.chain)
}

/// The time in a token, whoever made it.
pub(super) fn time_of(token: &[u8]) -> Option<Timestamp> {
    read(token).map(|token| token.stamp.at)
}

/// The certificates of a signature, the signer's first.
pub(super) fn chain(signed: &Signed) -> Option<Vec<Certificate>> {
    signed.certificates.iter().map(|der| Certificate::from_der(der).ok()).collect()
}

/// Whether the signature is that of its first certificate's key, in the one form that is written here. Says nothing about whether that
/// is the certificate that the signer named.
pub(super) fn fits(signed: &Signed, chain: &[Certificate]) -> bool {
    chain.first().is_some_and(|signer| {
        signer.public_key().alg() == Alg::Es256
            && cms::is_low(&signed.signature)
            && signer.public_key().verify(&signed.attributes(), &signed.signature).is_ok()
    })
}
