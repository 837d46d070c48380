//! Issuing certificates: the city's roots, and the signers of its bureaus.

use der::asn1::{Any, BitString, GeneralizedTime, OctetString, SetOfVec, UtcTime};
use der::{DateTime, Decode, Encode, Sequence};
use domain::time::Timestamp;
use std::time::Duration;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use super::{
    AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, COMMON_NAME, COUNTRY, CertError, Certificate, ECDSA_WITH_SHA256,
    EXTENDED_KEY_USAGE, KEY_USAGE, ORGANISATION, SERIAL_NUMBER, SM2_WITH_SM3, SUBJECT_KEY_IDENTIFIER, TIME_STAMPING,
};
use crate::Random;
use crate::digest::sha256;
use crate::key::{Alg, KeyError, PrivateKey, PublicKey};

/// The length of a certificate's own number in bytes: 126 random bits (RFC 5280 asks for at least 64 and at most 20 bytes).
pub const SERIAL_BYTES: usize = 16;

/// X.520's upper bound for names, in characters.
const NAME_CHARS: usize = 64;

/// Who is certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// CN: what the certificate is for, e.g. `青岛市行政审批服务局电子证照签名`; at most 64 characters.
    pub common_name: String,
    /// O: the full name of the body; at most 64 characters.
    pub organisation: String,
    /// serialNumber: the body's unified social credit code, 18 characters; `None` for a root.
    pub code: Option<String>,
}

/// What is asked of the issuer.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who.
    pub subject: Subject,
    /// First instant of validity; cut to whole seconds.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
}

#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Signed {
    tbs: Tbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

#[derive(Sequence)]
struct CsrInfo {
    version: u8,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    attributes: SetOfVec<Any>,
}

#[derive(Sequence)]
struct Csr {
    info: CsrInfo,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// A certification request (PKCS #10, RFC 2986) in PEM, for a licensed certification authority 电子认证服务机构; its answer goes to
/// [`crate::keystore::KeyStore::set_certificates`].
pub fn request_pem(key: &PrivateKey, subject: &Subject) -> Result<String, CertError> {
    request_pem_by(&key.public_key(), subject, |message| key.sign(message))
}

/// The same for a key that lies elsewhere, such as in a device: `sign` answers its DER signature over a message.
pub fn request_pem_by(
    key: &PublicKey,
    subject: &Subject,
    sign: impl Fn(&[u8]) -> Result<Vec<u8>, KeyError>,
) -> Result<String, CertError> {
    let info = CsrInfo {
        version: 0,
        subject: name(subject)?,
        key: SubjectPublicKeyInfoOwned::from_der(&key.to_spki()?)?,
        attributes: SetOfVec::new(),
    };
    let signature = BitString::from_bytes(&sign(&info.to_der()?)?)?;
    let csr = Csr { info, algorithm: algorithm(key.alg()), signature }.to_der()?;
    der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, &csr)
        .map_err(|_| CertError::Request("the request cannot be written"))
}

/// A self-signed root that may issue signers but no further issuers (path length 0).
pub fn self_sign(key: &PrivateKey, request: &Request, random: &mut dyn Random) -> Result<Certificate, CertError> {
    let public = key.public_key();
    let name = name(&request.subject)?;
    let extensions = vec![
        extension(BASIC_CONSTRAINTS, true, &BasicConstraints { ca: true, path_len_constraint: Some(0) })?,
        extension(KEY_USAGE, true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
        extension(SUBJECT_KEY_IDENTIFIER, false, &SubjectKeyIdentifier(key_id(&public)?))?,
    ];
    build(key, name, request, &public, extensions, random)
}

/// A signer's certificate: no issuer itself, keyUsage `digitalSignature` only.
///
/// Errors: the issuing certificate is not this key's or may not issue, or the request has no credit code.
pub fn issue(
    issuer_key: &PrivateKey,
    issuer: &Certificate,
    subject_key: &PublicKey,
    request: &Request,
    random: &mut dyn Random,
) -> Result<Certificate, CertError> {
    issue_for(issuer_key, issuer, subject_key, request, &[], random)
}

/// The certificate of a time-stamping authority, which may do nothing else (RFC 3161, 2.3).
///
/// Errors: as for [`issue`].
pub fn issue_time_stamper(
    issuer_key: &PrivateKey,
    issuer: &Certificate,
    subject_key: &PublicKey,
    request: &Request,
    random: &mut dyn Random,
) -> Result<Certificate, CertError> {
    let purpose = extension(EXTENDED_KEY_USAGE, true, &ExtendedKeyUsage(vec![TIME_STAMPING]))?;
    issue_for(issuer_key, issuer, subject_key, request, &[purpose], random)
}

fn issue_for(
    issuer_key: &PrivateKey,
    issuer: &Certificate,
    subject_key: &PublicKey,
    request: &Request,
    purpose: &[Extension],
    random: &mut dyn Random,
) -> Result<Certificate, CertError> {
    if issuer.public_key() != &issuer_key.public_key() || !issuer.is_ca() || !issuer.may_certify() {
        return Err(CertError::Request("the issuing certificate is not this key's or may not issue"));
    }
    if request.subject.code.is_none() {
        return Err(CertError::Request("a signer needs a unified social credit code"));
    }
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(key_id(issuer.public_key())?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let mut extensions = vec![
        extension(BASIC_CONSTRAINTS, true, &BasicConstraints { ca: false, path_len_constraint: None })?,
        extension(KEY_USAGE, true, &KeyUsage(KeyUsages::DigitalSignature.into()))?,
        extension(SUBJECT_KEY_IDENTIFIER, false, &SubjectKeyIdentifier(key_id(subject_key)?))?,
        extension(AUTHORITY_KEY_IDENTIFIER, false, &authority)?,
    ];
    extensions.extend_from_slice(purpose);
    build(issuer_key, Name::from_der(&issuer.subject)?, request, subject_key, extensions, random)
}

fn build(
    issuer_key: &PrivateKey,
    issuer: Name,
    request: &Request,
    subject_key: &PublicKey,
    extensions: Vec<Extension>,
    random: &mut dyn Random,
) -> Result<Certificate, CertError> {
    if request.not_after <= request.not_before {
        return Err(CertError::Request("the period of validity is empty"));
    }
    let algorithm = algorithm(issuer_key.alg());
    let tbs = Tbs {
        version: 2,
        serial: serial(random)?,
        signature: algorithm.clone(),
        issuer,
        validity: Validity::new(time(request.not_before)?, time(request.not_after)?),
        subject: name(&request.subject)?,
        key: SubjectPublicKeyInfoOwned::from_der(&subject_key.to_spki()?)?,
        extensions,
    };
    // The signature in a certificate is the DER form; the builder of x509-cert would put the raw form of the sm2 crate there,
    // which OpenSSL refuses.
    let signature = BitString::from_bytes(&issuer_key.sign(&tbs.to_der()?)?)?;
    Certificate::from_der(&Signed { tbs, algorithm, signature }.to_der()?)
}

fn algorithm(alg: Alg) -> AlgorithmIdentifierOwned {
    let oid = match alg {
        Alg::Sm2Sm3 => SM2_WITH_SM3,
        Alg::Es256 => ECDSA_WITH_SHA256,
    };
    AlgorithmIdentifierOwned { oid, parameters: None }
}

fn serial(random: &mut dyn Random) -> Result<SerialNumber, CertError> {
    let mut bytes = [0u8; SERIAL_BYTES];
    random.fill(&mut bytes);
    if let Some(first) = bytes.first_mut() {
        // Positive and always of the same length.
        *first = (*first & 0x7f) | 0x40;
    }
    Ok(SerialNumber::new(&bytes)?)
}

/// The key identifier of RFC 7093, method 1: the leftmost 160 bits of the SHA-256 of the public key's bits.
fn key_id(key: &PublicKey) -> Result<OctetString, CertError> {
    Ok(OctetString::new(sha256(&key.point()).into_iter().take(20).collect::<Vec<u8>>())?)
}

fn extension(oid: der::asn1::ObjectIdentifier, critical: bool, value: &impl Encode) -> Result<Extension, CertError> {
    Ok(Extension { extn_id: oid, critical, extn_value: OctetString::new(value.to_der()?)? })
}

fn name(subject: &Subject) -> Result<Name, CertError> {
    for part in [&subject.common_name, &subject.organisation] {
        if part.trim().is_empty() || part.chars().count() > NAME_CHARS {
            return Err(CertError::Request("a name is empty or longer than 64 characters"));
        }
    }
    let utf8 = |text: &str| Any::new(der::Tag::Utf8String, text.as_bytes());
    let printable = |text: &str| Any::new(der::Tag::PrintableString, text.as_bytes());
    let mut parts = vec![(COUNTRY, printable("CN")?), (ORGANISATION, utf8(&subject.organisation)?)];
    if let Some(code) = &subject.code {
        if code.len() != 18 || !code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
            return Err(CertError::Request("the code is not a unified social credit code"));
        }
        parts.push((SERIAL_NUMBER, printable(code)?));
    }
    parts.push((COMMON_NAME, utf8(&subject.common_name)?));
    let sets = parts
        .into_iter()
        .map(|(oid, value)| SetOfVec::try_from([AttributeTypeAndValue { oid, value }]))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| CertError::Request("the name cannot be written"))?;
    Ok(Name::from_der(&sets.to_der()?)?)
}

/// UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5).
fn time(at: Timestamp) -> Result<Time, CertError> {
    let seconds = u64::try_from(at.micros() / 1_000_000).map_err(|_| CertError::Request("a time before 1970"))?;
    let date_time = DateTime::from_unix_duration(Duration::from_secs(seconds))?;
    Ok(match UtcTime::from_date_time(date_time) {
        Ok(utc) => Time::UtcTime(utc),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_date_time(date_time)),
    })
}
