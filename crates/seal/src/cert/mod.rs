//! X.509 certificates (RFC 5280) with SM2 and P-256 keys: reading, issuing, and checking chains.

mod chain;
mod crl;
mod issue;

pub use chain::{ChainError, MAX_CHAIN, verify_chain, verify_stamp_chain};
pub use crl::{RevocationList, Revoked, revocation_list, revoked};
pub use issue::{Request, SERIAL_BYTES, Subject, issue, issue_time_stamper, request_pem, request_pem_by, self_sign};

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode, DecodePem, Encode, EncodePem, Tag, Tagged};
use domain::time::Timestamp;
use thiserror::Error;
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::digest::sha256;
use crate::key::{Alg, KeyError, PublicKey};

const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// Why something is not a certificate that we read or can issue.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CertError {
    /// Not DER, not X.509 version 3, or not byte for byte what DER prescribes.
    #[error("not a certificate: {0}")]
    Malformed(String),
    /// A key or signature algorithm other than SM2 with SM3 or P-256 with SHA-256.
    #[error("the certificate uses an algorithm that is not accepted")]
    Algorithm,
    /// A critical extension that this platform does not understand; RFC 5280 demands refusal.
    #[error("unknown critical extension {0}")]
    UnknownCritical(String),
    /// Names longer than X.520 allows, a credit code that does not fit its field, an end before the beginning.
    #[error("the request cannot be certified: {0}")]
    Request(&'static str),
    /// The key could not be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<der::Error> for CertError {
    fn from(error: der::Error) -> CertError {
        CertError::Malformed(error.to_string())
    }
}

/// A certificate, read strictly. What is in it is not to be believed before [`verify_chain`].
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    signature_alg: Alg,
    public_key: PublicKey,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    common_name: Option<String>,
    organisation: Option<String>,
    code: Option<String>,
    not_before: Timestamp,
    not_after: Timestamp,
    constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    purposes: Vec<ObjectIdentifier>,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Certificate) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads DER; refuses anything that would not be written again as the same bytes.
    pub fn from_der(bytes: &[u8]) -> Result<Certificate, CertError> {
        let parsed = x509_cert::Certificate::from_der(bytes)?;
        if parsed.to_der()? != bytes {
            return Err(CertError::Malformed("not in DER".into()));
        }
        let tbs = parsed.tbs_certificate();
        if tbs.version() != Version::V3 {
            return Err(CertError::Malformed("not version 3".into()));
        }
        if tbs.signature() != parsed.signature_algorithm() || tbs.signature().parameters.is_some() {
            return Err(CertError::Algorithm);
        }
        refuse_unknown_critical(tbs.extensions().map_or(&[][..], Vec::as_slice))?;
        let spki = tbs.subject_public_key_info().to_der()?;
        Ok(Certificate {
            der: bytes.to_vec(),
            tbs: tbs.to_der()?,
            signature: parsed.signature().as_bytes().ok_or(CertError::Algorithm)?.to_vec(),
            signature_alg: signature_alg(tbs.signature().oid)?,
            public_key: PublicKey::from_spki(&spki).map_err(|_| CertError::Algorithm)?,
            issuer: tbs.issuer().to_der()?,
            subject: tbs.subject().to_der()?,
            common_name: attribute(tbs.subject(), COMMON_NAME),
            organisation: attribute(tbs.subject(), ORGANISATION),
            code: attribute(tbs.subject(), SERIAL_NUMBER),
            not_before: instant(tbs.validity().not_before),
            not_after: instant(tbs.validity().not_after),
            constraints: tbs.get_extension::<BasicConstraints>()?.map(|(_, value)| value),
            key_usage: tbs.get_extension::<KeyUsage>()?.map(|(_, value)| value),
            purposes: tbs.get_extension::<ExtendedKeyUsage>()?.map(|(_, value)| value.0).unwrap_or_default(),
        })
    }

    /// Reads one PEM block `CERTIFICATE`.
    pub fn from_pem(pem: &str) -> Result<Certificate, CertError> {
        Certificate::from_der(&x509_cert::Certificate::from_pem(pem.as_bytes())?.to_der()?)
    }

    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// PEM with LF line ends.
    pub fn to_pem(&self) -> Result<String, CertError> {
        Ok(x509_cert::Certificate::from_der(&self.der)?.to_pem(der::pem::LineEnding::LF)?)
    }

    /// The certified key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// CN of the subject.
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// O of the subject: the full name of the body.
    pub fn organisation(&self) -> Option<&str> {
        self.organisation.as_deref()
    }

    /// serialNumber of the subject (2.5.4.5): the unified social credit code of the body. Not the certificate's own
    /// number.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// First instant of validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last second of validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether the instant lies in the period of validity, both ends included (RFC 5280, 4.1.2.5).
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.not_before <= at && at < self.not_after.plus_seconds(1)
    }

    /// Whether it may issue certificates (basicConstraints).
    pub fn is_ca(&self) -> bool {
        self.constraints.as_ref().is_some_and(|constraints| constraints.ca)
    }

    /// How many issuing certificates may follow below this one; `None` = no limit.
    pub fn path_len(&self) -> Option<u8> {
        self.constraints.as_ref().and_then(|constraints| constraints.path_len_constraint)
    }

    /// Whether keyUsage says `digitalSignature`, for files and not for time stamps.
    pub fn may_sign(&self) -> bool {
        self.key_usage.as_ref().is_some_and(KeyUsage::digital_signature) && !self.purposes.contains(&TIME_STAMPING)
    }

    /// Whether it is a time-stamping authority's: made for that and for nothing else (RFC 3161, 2.3).
    pub fn may_stamp(&self) -> bool {
        self.key_usage.as_ref().is_some_and(KeyUsage::digital_signature) && self.purposes == [TIME_STAMPING]
    }

    /// Whether keyUsage says `keyCertSign`.
    pub fn may_certify(&self) -> bool {
        self.key_usage.as_ref().is_some_and(KeyUsage::key_cert_sign)
    }

    /// The key identifier in COSE: the first eight bytes of the SHA-256 of the certificate.
    pub fn kid(&self) -> [u8; 8] {
        let mut kid = [0; 8];
        kid.iter_mut().zip(sha256(&self.der)).for_each(|(to, from)| *to = from);
        kid
    }

    /// Whether `issuer` is named as the issuer and its key made the signature. Says nothing about trust.
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        self.issuer == issuer.subject
            && self.signature_alg == issuer.public_key.alg()
            && issuer.public_key.verify(&self.tbs, &self.signature).is_ok()
    }
}

fn refuse_unknown_critical(extensions: &[x509_cert::ext::Extension]) -> Result<(), CertError> {
    let known = [KEY_USAGE, BASIC_CONSTRAINTS, SUBJECT_KEY_IDENTIFIER, AUTHORITY_KEY_IDENTIFIER, EXTENDED_KEY_USAGE];
    match extensions.iter().find(|extension| extension.critical && !known.contains(&extension.extn_id)) {
        Some(extension) => Err(CertError::UnknownCritical(extension.extn_id.to_string())),
        None => Ok(()),
    }
}

fn signature_alg(oid: ObjectIdentifier) -> Result<Alg, CertError> {
    match oid {
        SM2_WITH_SM3 => Ok(Alg::Sm2Sm3),
        ECDSA_WITH_SHA256 => Ok(Alg::Es256),
        _ => Err(CertError::Algorithm),
    }
}

/// The value of a subject attribute that occurs exactly once; twice would have two readings.
fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let mut values = name.iter().filter(|attribute| attribute.oid == oid);
    match (values.next(), values.next()) {
        (Some(only), None) => text(&only.value),
        _ => None,
    }
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString => String::from_utf8(value.value().to_vec()).ok(),
        _ => None,
    }
}

fn instant(time: Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX / 1_000_000);
    Timestamp::from_micros(0).plus_seconds(seconds)
}
