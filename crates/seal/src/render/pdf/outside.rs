//! Time stamps of an outside authority (RFC 3161): what is asked, and what its answer must be. What is accepted is what P-256 authorities
//! such as OpenSSL's make; the token is theirs, so it is not in the only form that is written here, but nothing in it goes unchecked.

use der::asn1::ObjectIdentifier;
use domain::time::Timestamp;

use super::super::asn1::{
    GENERALIZED, INTEGER, OCTETS, OID, Reader, SEQUENCE, SET, instant, integer, octets, oid, sequence, tlv, unsigned,
};
use super::cms::Stamp;
use crate::cert::Certificate;
use crate::digest::sha256;
use crate::key::Alg;
use crate::signed::SealError;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const BOOLEAN: u8 = 0x01;
const CONTEXT_0: u8 = 0xa0;

/// An outside time-stamping authority, reached over the network by whoever implements this.
pub trait TimeAuthority: Send + Sync {
    /// Hands over a request (DER, `application/timestamp-query`) and brings back the answer (`application/timestamp-reply`).
    ///
    /// # Errors
    /// In words for the operator: it does not answer, or not with a reply.
    fn ask(&self, request: &[u8]) -> Result<Vec<u8>, String>;
}

/// Room for a token with its certificates, in bytes.
pub(super) const ROOM: usize = 10_240;

/// A token that was read, its signature checked, its chain not.
pub(super) struct Read {
    pub stamp: Stamp,
    /// The authority's certificates, its own first.
    pub chain: Vec<Certificate>,
    nonce: Option<Vec<u8>>,
}

/// A TimeStampReq over a signature value. The nonce follows from what is stamped and when, so no answer fits two requests.
fn request(signature: &[u8], at: Timestamp) -> (Vec<u8>, Vec<u8>) {
    let imprint = sequence(&[sequence(&[oid(SHA256)]), octets(&sha256(signature))]);
    let seed = sha256(&[signature, &at.micros().to_be_bytes()].concat());
    let nonce = unsigned(seed.get(..8).unwrap_or_default());
    (sequence(&[integer(1), imprint, nonce.clone(), tlv(BOOLEAN, &[0xff])]), nonce)
}

/// Asks an outside authority for a token over a signature value.
///
/// # Errors
/// It does not answer, refuses, or answers with something that is no token over this very signature.
pub(super) fn token(signature: &[u8], at: Timestamp, authority: &dyn TimeAuthority) -> Result<Vec<u8>, SealError> {
    let (request, nonce) = request(signature, at);
    let failed =
        |error: String| SealError::Key(crate::key::KeyError::Sign(format!("time-stamping authority: {error}")));
    let answer = authority.ask(&request).map_err(failed)?;
    let token = granted(&answer).ok_or_else(|| failed("it grants no time stamp".to_owned()))?;
    let read = read(token).ok_or_else(|| failed("its token cannot be read, or is not signed with P-256".to_owned()))?;
    if read.stamp.digest != sha256(signature) || read.nonce.as_ref() != Some(&nonce) {
        return Err(failed("its token is not for this request".to_owned()));
    }
    if token.len() > ROOM {
        return Err(failed("its token is too long".to_owned()));
    }
    Ok(token.to_vec())
}

/// The token of a TimeStampResp that grants one.
fn granted(answer: &[u8]) -> Option<&[u8]> {
    let mut response = Reader::new(answer).enter(SEQUENCE)?;
    // 0 granted, 1 granted with modifications.
    response.enter(SEQUENCE)?.small().filter(|status| *status <= 1)?;
    response.next().map(|(_, _, token)| token)
}

/// Reads a token; `None` unless it is whole, signed by the P-256 key of its own first certificate, and holds nothing besides.
pub(super) fn read(token: &[u8]) -> Option<Read> {
    let mut whole = Reader::new(token);
    let mut info = whole.enter(SEQUENCE)?;
    let named = |reader: &mut Reader<'_>, name: ObjectIdentifier| {
        reader.take(OID).filter(|found| *found == name.as_bytes()).map(drop)
    };
    named(&mut info, SIGNED_DATA)?;
    let mut data = info.enter(CONTEXT_0)?.enter(SEQUENCE)?;
    data.small().filter(|version| *version == 3)?;
    is_sha256(&mut data.enter(SET)?)?;
    let mut encapsulated = data.enter(SEQUENCE)?;
    named(&mut encapsulated, TST_INFO)?;
    let content = encapsulated.enter(CONTEXT_0)?.take(OCTETS)?;
    let mut found = data.enter(CONTEXT_0)?;
    let mut certificates = Vec::new();
    while !found.is_empty() {
        certificates.push(Certificate::from_der(found.next()?.2).ok()?);
    }
    let mut signers = data.enter(SET)?;
    let mut signer = signers.enter(SEQUENCE)?;
    signer.small().filter(|version| *version == 1)?;
    let by = tlv(SEQUENCE, signer.take(SEQUENCE)?);
    is_sha256(&mut signer)?;
    let attributes = signer.take(CONTEXT_0)?;
    let mut algorithm = signer.enter(SEQUENCE)?;
    named(&mut algorithm, ECDSA_WITH_SHA256)?;
    let signature = signer.take(OCTETS)?;
    // Anything behind would be unsigned.
    let over =
        [&encapsulated, &algorithm, &signer, &signers, &data, &info, &whole].iter().all(|reader| reader.is_empty());
    let place = certificates.iter().position(|own| super::cms::issuer_and_serial(own.der()).as_ref() == Some(&by))?;
    let chain = chain(certificates.swap_remove(place), certificates)?;
    let own = chain.first()?;
    let fits = over
        && attributes_fit(attributes, content, own)
        && own.public_key().alg() == Alg::Es256
        && own.public_key().verify(&tlv(SET, attributes), signature).is_ok();
    let (stamp, nonce) = stamp(content)?;
    fits.then_some(Read { stamp, chain, nonce })
}

/// One AlgorithmIdentifier of SHA-256, with or without NULL.
fn is_sha256(reader: &mut Reader<'_>) -> Option<()> {
    let mut algorithm = reader.enter(SEQUENCE)?;
    algorithm.take(OID).filter(|found| *found == SHA256.as_bytes())?;
    let null = algorithm.is_empty() || algorithm.next().is_some_and(|(tag, content, _)| tag == 5 && content.is_empty());
    null.then_some(())
}

/// The certificates in the order from the authority's own upwards; `None` when one is left over.
fn chain(own: Certificate, mut others: Vec<Certificate>) -> Option<Vec<Certificate>> {
    let mut chain = vec![own];
    while !others.is_empty() {
        let below = chain.last()?;
        let next = others.iter().position(|other| below.is_signed_by(other))?;
        chain.push(others.swap_remove(next));
    }
    Some(chain)
}

/// Whether the signed attributes are over this content and bind this certificate.
fn attributes_fit(attributes: &[u8], content: &[u8], own: &Certificate) -> bool {
    let (mut kind, mut digest, mut bound) = (false, false, false);
    let mut reader = Reader::new(attributes);
    while let Some(mut attribute) = reader.enter(SEQUENCE) {
        let (Some(name), Some(mut value)) = (attribute.take(OID), attribute.enter(SET)) else { return false };
        if name == CONTENT_TYPE.as_bytes() {
            kind = value.take(OID) == Some(TST_INFO.as_bytes());
        } else if name == MESSAGE_DIGEST.as_bytes() {
            digest = value.take(OCTETS) == Some(&sha256(content)[..]);
        } else if name == SIGNING_CERTIFICATE_V2.as_bytes() {
            let first = value.enter(SEQUENCE).and_then(|mut v| v.enter(SEQUENCE)).and_then(|mut v| v.enter(SEQUENCE));
            bound = first.and_then(|mut first| first.take(OCTETS)) == Some(&sha256(own.der())[..]);
        }
    }
    kind && digest && bound
}

/// TSTInfo: what is stamped, when, and the nonce. The rest of it is signed and of no concern here.
fn stamp(content: &[u8]) -> Option<(Stamp, Option<Vec<u8>>)> {
    let mut info = Reader::new(content).enter(SEQUENCE)?;
    info.small().filter(|version| *version == 1)?;
    info.take(OID)?;
    let mut imprint = info.enter(SEQUENCE)?;
    is_sha256(&mut imprint)?;
    let digest = <[u8; 32]>::try_from(imprint.take(OCTETS)?).ok()?;
    let serial = info.take(INTEGER)?.to_vec();
    // Fractions of a second are cut off: 20261122093000.25Z.
    let digits = info.take(GENERALIZED)?;
    let at = instant(&[digits.get(..14)?, b"Z"].concat()).filter(|_| digits.ends_with(b"Z"))?;
    let mut nonce = None;
    while let Some((tag, _, whole)) = info.next() {
        if tag == INTEGER {
            nonce = Some(whole.to_vec());
        }
    }
    Some((Stamp { digest, serial, at }, nonce))
}
