//! The electronic seal 电子印章 and its signature (GB/T 38540-2020; GM/T 0031-2025 counts itself version 5).

use der::asn1::ObjectIdentifier;
use domain::time::Timestamp;

use super::super::asn1::{
    BITS, GENERALIZED, IA5, OCTETS, OID, Reader, SEQUENCE, UTF8, bits, instant, integer, octets, oid, sequence, text,
    time, tlv,
};
use crate::cert::Certificate;
use crate::digest::sm3;
use crate::key::{Alg, Signer};
use crate::signed::SealError;

const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const VENDOR: &str = "YICHUANG";
const PICTURE: &str = "ofd";

/// The edition of the seal's structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub enum SealVersion {
    /// GB/T 38540-2020.
    #[default]
    V4,
    /// GM/T 0031-2025.
    V5,
}

impl From<SealVersion> for u64 {
    fn from(version: SealVersion) -> u64 {
        version.number()
    }
}

impl TryFrom<u64> for SealVersion {
    type Error = &'static str;

    fn try_from(number: u64) -> Result<SealVersion, &'static str> {
        match number {
            4 => Ok(SealVersion::V4),
            5 => Ok(SealVersion::V5),
            _ => Err("the edition of seals is 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025)"),
        }
    }
}

impl SealVersion {
    /// As it stands in a seal.
    pub fn number(self) -> u64 {
        match self {
            SealVersion::V4 => 4,
            SealVersion::V5 => 5,
        }
    }
}

/// What a seal says.
#[derive(Debug, Clone)]
pub struct SealRequest {
    /// Its number 印章标识, ASCII.
    pub id: String,
    /// The bureau's name, as on the seal.
    pub name: String,
    /// DER certificates of those who may use it.
    pub signers: Vec<Vec<u8>>,
    /// When it was made.
    pub created: Timestamp,
    /// First instant at which it may be used.
    pub valid_from: Timestamp,
    /// Last instant.
    pub valid_to: Timestamp,
    /// Its picture as OFD, see [`super::picture`].
    pub picture: Vec<u8>,
    /// Side of the picture in millimetres.
    pub side: u32,
}

/// A seal that was read; its maker's signature is still to be checked.
#[derive(Debug, Clone)]
pub(super) struct Seal {
    pub version: u64,
    pub request: SealRequest,
    /// What the maker signed.
    pub info: Vec<u8>,
    pub maker: Vec<u8>,
    pub signature: Vec<u8>,
}

/// Makes a seal: the maker 制章人 signs what it says.
///
/// # Errors
/// The maker's key is not SM2, has no certificate, or refuses.
pub fn make_seal(version: SealVersion, request: &SealRequest, maker: &dyn Signer) -> Result<Vec<u8>, SealError> {
    let certificate = first(maker)?;
    if !request.id.is_ascii() || request.signers.is_empty() {
        return Err(SealError::Refused("a seal needs an ASCII number and a signer"));
    }
    let info = seal_info(version.number(), request);
    let signature = maker.sign(&info)?;
    Ok(seal(&info, &certificate, &signature))
}

fn first(signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
    if signer.alg() != Alg::Sm2Sm3 {
        return Err(SealError::Refused("seals are signed with SM2"));
    }
    signer.certificate_chain().first().cloned().ok_or(SealError::Refused("the signer has no certificate"))
}

/// SES_SealInfo.
fn seal_info(version: u64, request: &SealRequest) -> Vec<u8> {
    let certificates: Vec<Vec<u8>> = request.signers.iter().map(|der| octets(der)).collect();
    sequence(&[
        sequence(&[text(IA5, "ES"), integer(version), text(IA5, VENDOR)]),
        text(IA5, &request.id),
        sequence(&[
            integer(1),
            text(UTF8, &request.name),
            integer(1),
            sequence(&certificates),
            time(request.created),
            time(request.valid_from),
            time(request.valid_to),
        ]),
        sequence(&[
            text(IA5, PICTURE),
            octets(&request.picture),
            integer(request.side.into()),
            integer(request.side.into()),
        ]),
    ])
}

/// SESeal.
fn seal(info: &[u8], maker: &[u8], signature: &[u8]) -> Vec<u8> {
    sequence(&[info.to_vec(), octets(maker), oid(SM2_WITH_SM3), bits(signature)])
}

/// Reads a seal; anything that is not byte for byte what would be written is none.
pub(super) fn read_seal(der: &[u8]) -> Option<Seal> {
    let mut outer = Reader::new(der).enter(SEQUENCE)?;
    let (_, content, info) = outer.next()?;
    let mut fields = Reader::new(content);
    let mut header = fields.enter(SEQUENCE)?;
    header.text(IA5)?;
    let version = header.small().filter(|version| [4, 5].contains(version))?;
    let id = fields.text(IA5)?.to_owned();
    let mut property = fields.enter(SEQUENCE)?;
    property.small()?;
    let name = property.text(UTF8)?.to_owned();
    property.small()?;
    let mut list = property.enter(SEQUENCE)?;
    let mut signers = Vec::new();
    while !list.is_empty() {
        signers.push(list.take(OCTETS)?.to_vec());
    }
    let mut moment = || instant(property.take(GENERALIZED)?);
    let (created, valid_from, valid_to) = (moment()?, moment()?, moment()?);
    let mut picture = fields.enter(SEQUENCE)?;
    picture.text(IA5)?;
    let (bytes, side) = (picture.take(OCTETS)?.to_vec(), u32::try_from(picture.small()?).ok()?);
    let request = SealRequest { id, name, signers, created, valid_from, valid_to, picture: bytes, side };
    let maker = outer.take(OCTETS)?.to_vec();
    outer.take(OID)?;
    let signature = outer.bits()?.to_vec();
    let again = seal(&seal_info(version, &request), &maker, &signature);
    (again == der).then(|| Seal { version, request, info: info.to_vec(), maker, signature })
}

/// TBS_Sign: the seal itself, the time, the digest and the path of Signature.xml.
fn to_sign(version: u64, seal: &[u8], at: Timestamp, digest: &[u8]) -> Vec<u8> {
    sequence(&[integer(version), seal.to_vec(), time(at), bits(digest), text(IA5, &format!("/{}", super::SIGNATURE))])
}

fn signed_value(to_sign: &[u8], certificate: &[u8], signature: &[u8]) -> Vec<u8> {
    sequence(&[to_sign.to_vec(), octets(certificate), oid(SM2_WITH_SM3), tlv(BITS, &[&[0], signature].concat())])
}

/// Seals: the value of SignedValue.dat over Signature.xml.
pub(super) fn sign(
    seal: &[u8],
    signature_xml: &[u8],
    at: Timestamp,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SealError> {
    let certificate = first(signer)?;
    let read = read_seal(seal).ok_or(SealError::Refused("the seal cannot be read"))?;
    if !read.request.signers.contains(&certificate) {
        return Err(SealError::Refused("the seal does not list the signer"));
    }
    let inside = read.request.valid_from <= at && at <= read.request.valid_to;
    if !inside || !Certificate::from_der(&certificate)?.is_valid_at(at) {
        return Err(SealError::Refused("the seal or the signer's certificate is not valid at the time of signing"));
    }
    let to_sign = to_sign(read.version, seal, at, &sm3(signature_xml));
    let signature = signer.sign(&to_sign)?;
    Ok(signed_value(&to_sign, &certificate, &signature))
}

/// A signature that was read.
#[derive(Debug, Clone)]
pub(super) struct SignedValue {
    /// The seal inside.
    pub seal: Vec<u8>,
    pub at: Timestamp,
    /// SM3 of Signature.xml.
    pub digest: Vec<u8>,
    /// What was signed.
    pub to_sign: Vec<u8>,
    pub certificate: Vec<u8>,
    pub signature: Vec<u8>,
}

/// Reads SignedValue.dat; anything that is not byte for byte what would be written is none.
pub(super) fn read_signed_value(der: &[u8]) -> Option<SignedValue> {
    let mut outer = Reader::new(der).enter(SEQUENCE)?;
    let (_, content, to_sign_der) = outer.next()?;
    let mut fields = Reader::new(content);
    let version = fields.small()?;
    let (_, _, seal) = fields.next()?;
    let at = instant(fields.take(GENERALIZED)?)?;
    let digest = fields.bits()?.to_vec();
    let certificate = outer.take(OCTETS)?.to_vec();
    outer.take(OID)?;
    let signature = outer.bits()?.to_vec();
    if to_sign(version, seal, at, &digest) != to_sign_der || signed_value(to_sign_der, &certificate, &signature) != der
    {
        return None;
    }
    Some(SignedValue { seal: seal.to_vec(), at, digest, to_sign: to_sign_der.to_vec(), certificate, signature })
}
