//! CMS SignedData (RFC 5652) as PAdES wants it, and RFC 3161 time stamps. Written by hand with [`super::super::asn1`], read back
//! strictly: what was read is written again and compared.

use der::asn1::ObjectIdentifier;
use domain::time::Timestamp;

use super::super::asn1::{
    GENERALIZED, INTEGER, OCTETS, OID, Reader, SEQUENCE, SET, instant, integer, octets, oid, sequence, set_of, time,
    tlv, unsigned,
};
use crate::digest::sha256;
use crate::key::{Alg, KeyError, Signer};
use crate::signed::SealError;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// The policy of the built-in time-stamping authority: an arc of its own below 2.25 (ITU-T X.667), as DER content.
const POLICY: [u8; 20] = [
    0x69, 0x83, 0xc4, 0xd2, 0xb1, 0xe8, 0x95, 0xa7, 0xbf, 0x9c, 0xee, 0x91, 0xd3, 0xa2, 0x86, 0xf7, 0xb5, 0xc8, 0x9d,
    0x1b,
];
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_1: u8 = 0xa1;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A file elsewhere, of which this is the SHA-256.
    Detached([u8; 32]),
    /// A TSTInfo that goes with the signature.
    TimeStamp(Vec<u8>),
}

impl Content {
    fn oid(&self) -> ObjectIdentifier {
        match self {
            Content::Detached(_) => DATA,
            Content::TimeStamp(_) => TST_INFO,
        }
    }

    fn digest(&self) -> [u8; 32] {
        match self {
            Content::Detached(digest) => *digest,
            Content::TimeStamp(info) => sha256(info),
        }
    }
}

/// A SignedData with one signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    pub content: Content,
    /// DER certificates, the signer's first.
    pub certificates: Vec<Vec<u8>>,
    /// What the message says of its certificates: not the same thing once somebody has exchanged one.
    named: Named,
    /// DER of the ECDSA signature.
    pub signature: Vec<u8>,
    /// A time stamp over the signature.
    pub token: Option<Vec<u8>>,
}

/// The certificates as the signer named them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// Issuer and serial number of the signer's, DER.
    signer: Vec<u8>,
    /// SHA-256 of each, the signer's first; these are signed.
    digests: Vec<[u8; 32]>,
}

impl Named {
    fn of(certificates: &[Vec<u8>]) -> Option<Named> {
        let digests = certificates.iter().map(|der| sha256(der)).collect();
        Some(Named { signer: issuer_and_serial(certificates.first()?)?, digests })
    }
}

impl Signed {
    /// Whether the certificates are those with which the message was signed.
    pub fn has_its_certificates(&self) -> bool {
        Named::of(&self.certificates).is_some_and(|named| named == self.named)
    }

    /// What the key signed.
    pub fn attributes(&self) -> Vec<u8> {
        signed_attributes(&self.content, &self.named.digests)
    }
}

/// Signs.
pub(super) fn sign(content: Content, signer: &dyn Signer) -> Result<Signed, SealError> {
    if signer.alg() != Alg::Es256 {
        return Err(SealError::Refused("readers of PDF know P-256, not SM2"));
    }
    let certificates = signer.certificate_chain().to_vec();
    let named = Named::of(&certificates).ok_or(SealError::Refused("the signer has no certificate that can be read"))?;
    let signature = low(&signer.sign(&signed_attributes(&content, &named.digests))?)?;
    Ok(Signed { content, certificates, named, signature, token: None })
}

/// The form of an ECDSA signature with the smaller `s`: of two that are equally right only this one is ours.
fn low(signature: &[u8]) -> Result<Vec<u8>, KeyError> {
    let read = p256::ecdsa::Signature::from_der(signature).map_err(|_| KeyError::BadSignature)?;
    Ok(read.normalize_s().to_der().as_bytes().to_vec())
}

/// Whether a signature is in the form of [`low`].
pub(super) fn is_low(signature: &[u8]) -> bool {
    low(signature).is_ok_and(|low| low == signature)
}

/// The signed attributes as SET OF, which is what is signed.
fn signed_attributes(content: &Content, digests: &[[u8; 32]]) -> Vec<u8> {
    let attribute = |name: ObjectIdentifier, value: Vec<u8>| sequence(&[oid(name), tlv(SET, &value)]);
    // Every certificate is bound by its digest; SHA-256 is the default algorithm and left out.
    let bound: Vec<Vec<u8>> = digests.iter().map(|digest| sequence(&[octets(digest)])).collect();
    set_of(vec![
        attribute(CONTENT_TYPE, oid(content.oid())),
        attribute(MESSAGE_DIGEST, octets(&content.digest())),
        attribute(SIGNING_CERTIFICATE_V2, sequence(&[sequence(&bound)])),
    ])
}

fn algorithm(name: ObjectIdentifier) -> Vec<u8> {
    sequence(&[oid(name)])
}

/// Issuer and serial number of a certificate, as they stand in it.
pub(super) fn issuer_and_serial(certificate: &[u8]) -> Option<Vec<u8>> {
    let mut tbs = Reader::new(certificate).enter(SEQUENCE)?.enter(SEQUENCE)?;
    tbs.take(CONTEXT_0)?;
    let serial = tlv(INTEGER, tbs.take(INTEGER)?);
    tbs.take(SEQUENCE)?;
    let issuer = tlv(SEQUENCE, tbs.take(SEQUENCE)?);
    Some(sequence(&[issuer, serial]))
}

/// Writes a ContentInfo.
pub(super) fn encode(signed: &Signed) -> Option<Vec<u8>> {
    let mut sorted: Vec<&[u8]> = signed.certificates.iter().map(Vec::as_slice).collect();
    sorted.sort_unstable();
    encode_with(signed, &sorted)
}

/// Writes a ContentInfo with its certificates in this order.
fn encode_with(signed: &Signed, certificates: &[&[u8]]) -> Option<Vec<u8>> {
    let Signed { content, named, signature, token, .. } = signed;
    let mut attributes = signed.attributes();
    // In the SignerInfo the same SET stands under an implicit tag.
    *attributes.first_mut()? = CONTEXT_0;
    let mut signer = vec![
        integer(1),
        named.signer.clone(),
        algorithm(SHA256),
        attributes,
        algorithm(ECDSA_WITH_SHA256),
        octets(signature),
    ];
    if let Some(token) = token {
        let attribute = sequence(&[oid(TIME_STAMP_TOKEN), tlv(SET, token)]);
        signer.push(tlv(CONTEXT_1, &attribute));
    }
    let encapsulated = match content {
        Content::Detached(_) => sequence(&[oid(DATA)]),
        Content::TimeStamp(info) => sequence(&[oid(TST_INFO), tlv(CONTEXT_0, &octets(info))]),
    };
    let version = if matches!(content, Content::Detached(_)) { 1 } else { 3 };
    let data = sequence(&[
        integer(version),
        set_of(vec![algorithm(SHA256)]),
        encapsulated,
        tlv(CONTEXT_0, &certificates.concat()),
        set_of(vec![sequence(&signer)]),
    ]);
    Some(sequence(&[oid(SIGNED_DATA), tlv(CONTEXT_0, &data)]))
}

/// Reads a ContentInfo; anything that is not byte for byte what would be written is none. Only the certificates may be others than
/// those that the signer named: whoever verifies says so with [`Signed::has_its_certificates`].
pub(super) fn decode(der: &[u8]) -> Option<Signed> {
    let mut info = Reader::new(der).enter(SEQUENCE)?;
    info.take(OID)?;
    let mut data = info.enter(CONTEXT_0)?.enter(SEQUENCE)?;
    data.take(INTEGER)?;
    data.take(SET)?;
    let mut encapsulated = data.enter(SEQUENCE)?;
    encapsulated.take(OID)?;
    let stamp = match encapsulated.is_empty() {
        true => None,
        false => Some(encapsulated.enter(CONTEXT_0)?.take(OCTETS)?.to_vec()),
    };
    let mut listed = data.enter(CONTEXT_0)?;
    let mut found = Vec::new();
    while !listed.is_empty() {
        found.push(listed.next()?.2);
    }
    let mut signer = data.enter(SET)?.enter(SEQUENCE)?;
    signer.take(INTEGER)?;
    let by = tlv(SEQUENCE, signer.take(SEQUENCE)?);
    signer.take(SEQUENCE)?;
    let mut attributes = signer.enter(CONTEXT_0)?;
    signer.take(SEQUENCE)?;
    let signature = signer.take(OCTETS)?.to_vec();
    let token = match signer.is_empty() {
        true => None,
        false => {
            let mut attribute = signer.enter(CONTEXT_1)?.enter(SEQUENCE)?;
            attribute.take(OID)?;
            Some(attribute.take(SET)?.to_vec())
        }
    };
    let (digest, digests) = read_attributes(&mut attributes)?;
    let certificates = in_order(&found, &digests);
    let content = stamp.map_or(Content::Detached(digest), Content::TimeStamp);
    let signed = Signed { content, certificates, named: Named { signer: by, digests }, signature, token };
    // An exchanged certificate may stand anywhere among the others, and is refused for what it is.
    let again = if signed.has_its_certificates() { encode(&signed) } else { encode_with(&signed, &found) };
    (again? == der).then_some(signed)
}

/// The certificates in the order in which the signature binds them, the signer's first; one that it does not bind takes the place of one
/// that is missing.
fn in_order(found: &[&[u8]], digests: &[[u8; 32]]) -> Vec<Vec<u8>> {
    let of = |digest: &[u8; 32]| found.iter().find(|der| sha256(der) == *digest);
    let mut unbound = found.iter().filter(|der| !digests.contains(&sha256(der)));
    let placed: Vec<Option<&&[u8]>> = digests.iter().map(|digest| of(digest).or_else(|| unbound.next())).collect();
    placed.into_iter().flatten().chain(unbound).map(|der| der.to_vec()).collect()
}

/// The message digest and the digests of the certificates that the signed attributes bind.
fn read_attributes(attributes: &mut Reader<'_>) -> Option<([u8; 32], Vec<[u8; 32]>)> {
    let mut digest = None;
    let mut order = Vec::new();
    while !attributes.is_empty() {
        let mut attribute = attributes.enter(SEQUENCE)?;
        let name = attribute.take(OID)?;
        let mut value = attribute.enter(SET)?;
        if name == MESSAGE_DIGEST.as_bytes() {
            digest = <[u8; 32]>::try_from(value.take(OCTETS)?).ok();
        } else if name == SIGNING_CERTIFICATE_V2.as_bytes() {
            let mut list = value.enter(SEQUENCE)?.enter(SEQUENCE)?;
            while !list.is_empty() {
                order.push(<[u8; 32]>::try_from(list.enter(SEQUENCE)?.take(OCTETS)?).ok()?);
            }
        }
    }
    Some((digest?, order))
}

/// What a time-stamping authority vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// SHA-256 of what is stamped.
    pub digest: [u8; 32],
    /// A number that it gives only once.
    pub serial: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

/// TSTInfo.
pub(super) fn encode_stamp(stamp: &Stamp) -> Vec<u8> {
    sequence(&[
        integer(1),
        tlv(OID, &POLICY),
        sequence(&[algorithm(SHA256), octets(&stamp.digest)]),
        unsigned(&stamp.serial),
        time(stamp.at),
    ])
}

/// Reads TSTInfo; anything that is not byte for byte what would be written is none.
pub(super) fn decode_stamp(der: &[u8]) -> Option<Stamp> {
    let mut info = Reader::new(der).enter(SEQUENCE)?;
    info.take(INTEGER)?;
    info.take(OID)?;
    let mut imprint = info.enter(SEQUENCE)?;
    imprint.take(SEQUENCE)?;
    let digest = <[u8; 32]>::try_from(imprint.take(OCTETS)?).ok()?;
    let serial = info.take(INTEGER)?.to_vec();
    let at = instant(info.take(GENERALIZED)?)?;
    let stamp = Stamp { digest, serial, at };
    (encode_stamp(&stamp) == der).then_some(stamp)
}
