//! The QR code of a licence: a proof that can be checked without a network.
//!
//! The symbol holds `https://<host>/v/<public id>#<payload>`. A telephone's camera opens the online page; what stands after `#`
//! never reaches the server, and the page's own script or an app checks it offline. The payload is base64url of a
//! COSE_Sign1 (RFC 9052, tag 18) signed with ES256, because browsers know P-256 and not SM2. It is not compressed: names and
//! digests of this length only grow under zlib.
//!
//! Protected header: 1 (alg) = −7, 4 (kid) = first eight bytes of the SHA-256 of the signer's certificate. Payload, a CBOR map:
//!
//! | key | content |
//! |---|---|
//! | 1 | the identifier's own part `<serial>.<version>.<check>`; root, type and issuer are put before it from 2 and 5 |
//! | 2 | type code |
//! | 3 | holder's name, cut after [`NAME_CHARS`] characters |
//! | 4 | holder's code, masked; never a digest, whose space would be searched in seconds |
//! | 5 | issuer's unified social credit code |
//! | 6, 7, 8 | issue date, valid from, valid to in days since 1970-01-01; valid to is null when without limit |
//! | 9 | SM3 of the licence data |
//! | 10 | `[status list id, index]` |

mod claims;
mod symbol;

pub use claims::{NAME_CHARS, QrClaims};
pub use symbol::{Symbol, symbol};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, RegisteredLabelWithPrivate, TaggedCborSerializable, iana};
use domain::text::Text;
use domain::time::Timestamp;
use thiserror::Error;

use crate::cert::Certificate;
use crate::jcs::JcsError;
use crate::key::{Alg, KeyError, Signer, der_signature, raw_signature};
use crate::licence::{LicenceData, QrPart};
use crate::report::{CheckName, Checks, Report};
use crate::signed::{Moment, SealError};

/// The largest COSE_Sign1 in bytes; more would not print well at 30 mm.
pub const MAX_BYTES: usize = 400;

/// Why a text is not a QR payload of ours, or none can be made.
#[derive(Debug, Error)]
pub enum QrError {
    /// Not base64url, not COSE_Sign1, not in the only form that is written here, or longer than [`MAX_BYTES`].
    #[error("not a licence code: {0}")]
    Malformed(&'static str),
    /// The licence data cannot be written.
    #[error(transparent)]
    Json(#[from] JcsError),
    /// The key refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The symbol cannot hold the text.
    #[error("the text is too long for a QR code")]
    TooLong,
}

/// Signs the claims of a licence and returns the payload and the address that the symbol holds.
///
/// `host` is the authority part of the address, e.g. `zwfw.example.gov.cn` or `localhost:8080`.
pub fn encode(data: &LicenceData, host: &str, signer: &dyn Signer) -> Result<QrPart, SealError> {
    if signer.alg() != Alg::Es256 {
        return Err(SealError::Refused("QR codes are signed with ES256"));
    }
    let Some(certificate) = signer.certificate() else {
        return Err(SealError::Refused("the signer has no certificate"));
    };
    if certificate.code() != Some(data.issuer.uscc.as_str()) {
        return Err(SealError::Refused("the issuer is not the body of the QR signer's certificate"));
    }
    let plain_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(plain_host) {
        return Err(SealError::Refused("the host name is not one"));
    }
    let claims = QrClaims::of(data)?.to_cbor().map_err(|_| SealError::Refused("the licence does not fit a QR code"))?;
    let header = HeaderBuilder::new().algorithm(iana::Algorithm::ES256).key_id(certificate.kid().to_vec()).build();
    let cose = CoseSign1Builder::new()
        .protected(header)
        .payload(claims)
        .try_create_signature(&[], |message| {
            signer.sign(message).and_then(|der| raw_signature(Alg::Es256, &der)).map(|raw| raw.to_vec())
        })?
        .build();
    let bytes = cose.to_tagged_vec().map_err(|_| SealError::Refused("the licence does not fit a QR code"))?;
    if bytes.len() > MAX_BYTES {
        return Err(SealError::Refused("the licence does not fit a QR code"));
    }
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    Ok(QrPart {
        url: format!("https://{host}/v/{}#{payload}", data.public_id),
        certs: signer.certificate_chain().iter().map(|der| STANDARD.encode(der)).collect(),
    })
}

/// The payload of an address; a payload alone is taken as it is.
pub fn payload(text: &str) -> &str {
    text.rsplit_once('#').map_or(text, |(_, payload)| payload)
}

/// Reads a payload (or the whole address) without believing it.
pub fn decode(text: &str) -> Result<QrClaims, QrError> {
    QrClaims::from_cbor(open(text)?.payload.as_deref().unwrap_or_default())
}

/// Verifies a payload (or the whole address) with a trust list of QR certificates, as of `now`, without a network.
///
/// The trust list holds the certificates themselves, not roots: a verifier in the field has fetched it earlier and checked it then.
/// Checks: schema, algorithm, chain (= the key id is on the list and its certificate may sign), signature, signing time (the certificate
/// was valid on the day of issue, and that day is not in the future), issuer.
pub fn verify(text: &str, trust: &[Certificate], at: impl Into<Moment>) -> Report<QrClaims> {
    use CheckName::{Algorithm, Chain, Issuer, Schema, Signature, SigningTime};
    let mut checks = Checks::default();
    let read = open(text).and_then(|cose| {
        let claims = QrClaims::from_cbor(cose.payload.as_deref().unwrap_or_default())?;
        Ok((cose, claims))
    });
    let (cose, claims) = match read {
        Ok(read) => read,
        Err(error) => {
            checks.add(Schema, false, "不是本平台的证照二维码", error.to_string());
            checks.fail_unmade(&[Algorithm, Chain, Signature, SigningTime, Issuer]);
            return checks.report(None);
        }
    };
    checks.add(Schema, true, "二维码内容完整", "the code is complete");
    let es256 = Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ES256));
    let algorithm_ok = cose.protected.header.alg == es256;
    checks.add(Algorithm, algorithm_ok, "签名算法须为 ES256", "the algorithm must be ES256");
    let trusted = trust.iter().find(|cert| {
        cert.kid()[..] == cose.protected.header.key_id[..] && cert.public_key().alg() == Alg::Es256 && cert.may_sign()
    });
    let Some(certificate) = trusted else {
        checks.add(Chain, false, "签名证书不在受信任名单中", "the signer is not on the trust list");
        checks.fail_unmade(&[Signature, SigningTime, Issuer]);
        return checks.report(Some(claims));
    };
    checks.add(Chain, true, "签名证书在受信任名单中", "the signer is on the trust list");
    let fits = cose.verify_signature(&[], |raw, message| {
        certificate.public_key().verify(message, &der_signature(Alg::Es256, raw)?)
    });
    checks.add(
        Signature,
        fits.is_ok(),
        if fits.is_ok() { "签名与内容相符" } else { "签名与内容不符" },
        if fits.is_ok() { "the signature fits" } else { "the signature does not fit" },
    );
    checks.add_text(SigningTime, day_answer(&claims, certificate, at.into()));
    checks.add_text(Issuer, issuer_answer(&claims, certificate));
    checks.report(Some(claims))
}

fn day_answer(claims: &QrClaims, certificate: &Certificate, at: Moment) -> Result<Text, Text> {
    let day = claims.issue_date;
    let start = Timestamp::start_of(day);
    if start > at.latest() {
        return Err(Text::new(format!("颁发日期在未来：{day}"), format!("issued in the future: {day}")));
    }
    let last = Timestamp::end_of(day).plus_seconds(-1);
    if certificate.not_before() > last || certificate.not_after() < start {
        return Err(Text::new(
            format!("颁发当日证书不在有效期内：{day}"),
            format!("the certificate was not valid on the day of issue: {day}"),
        ));
    }
    Ok(Text::new(format!("颁发日期：{day}"), format!("issued {day}")))
}

fn issuer_answer(claims: &QrClaims, certificate: &Certificate) -> Result<Text, Text> {
    let name = certificate.organisation().unwrap_or_default();
    if certificate.code() == Some(claims.issuer_code.as_str()) {
        Ok(Text::new(format!("颁发机构：{name}"), format!("issued by {name}")))
    } else {
        Err(Text::new("颁发机构与签名证书不一致", "the issuer is not the signer"))
    }
}

/// Reads COSE_Sign1 in the only form that [`encode`] writes, so that no two texts mean the same.
fn open(text: &str) -> Result<CoseSign1, QrError> {
    let bytes = URL_SAFE_NO_PAD.decode(payload(text)).map_err(|_| QrError::Malformed("not base64url"))?;
    if bytes.len() > MAX_BYTES {
        return Err(QrError::Malformed("too long"));
    }
    let cose = CoseSign1::from_tagged_slice(&bytes).map_err(|_| QrError::Malformed("not COSE_Sign1"))?;
    let header = &cose.protected.header;
    let only = HeaderBuilder::new().algorithm(iana::Algorithm::ES256).key_id(header.key_id.clone()).build();
    if *header != only || !cose.unprotected.is_empty() || header.key_id.len() != 8 || cose.signature.len() != 64 {
        return Err(QrError::Malformed("unexpected header"));
    }
    let canonical = CoseSign1Builder::new()
        .protected(only)
        .payload(cose.payload.clone().unwrap_or_default())
        .signature(cose.signature.clone())
        .build()
        .to_tagged_vec()
        .map_err(|_| QrError::Malformed("not COSE_Sign1"))?;
    if canonical == bytes { Ok(cose) } else { Err(QrError::Malformed("not in the only form")) }
}
