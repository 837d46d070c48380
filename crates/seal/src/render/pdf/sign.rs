//! Writing a signed PDF.

use domain::time::Timestamp;

use super::cms::{self, Content};
use super::dss::{self, LongTerm};
use super::outside::{self, TimeAuthority};
use super::update::{Words, prepare};
use super::{PdfError, draw, stamp};
use crate::cert::{Certificate, RevocationList};
use crate::digest::sha256;
use crate::key::{Alg, Signer};
use crate::page::{Fonts, Sheets};
use crate::signed::SealError;

/// What a PDF is signed with.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// The signed licence file, which is attached.
    pub licence: &'a [u8],
    /// The bureau's P-256 key.
    pub signer: &'a dyn Signer,
    /// The time-stamping authority (PAdES B-T); without one the signature is B-B.
    pub authority: Option<&'a dyn Signer>,
    /// When it is signed; cut to whole seconds.
    pub at: Timestamp,
}

/// Adds long-term data to a PDF that [`write()`] has signed: the roots that its certificates lead to, those certificates, and the
/// revocation lists that one of these authorities signed.
///
/// # Errors
/// The bytes are no PDF of ours.
pub fn with_long_term_data(signed: &[u8], roots: &[Certificate], lists: &[Vec<u8>]) -> Result<Vec<u8>, PdfError> {
    let unexpected = || PdfError::Pages("the file is not one that is signed here".to_owned());
    let own = super::verify::certificates_of(signed).ok_or_else(unexpected)?;
    let anchors = roots.iter().filter(|root| own.iter().any(|certificate| certificate.is_signed_by(root)));
    let all: Vec<&Certificate> = own.iter().chain(anchors).collect();
    let of_ours = |der: &&Vec<u8>| {
        RevocationList::from_der(der).is_some_and(|list| all.iter().any(|authority| list.is_of(authority)))
    };
    let data = LongTerm {
        certificates: all.iter().map(|certificate| certificate.der().to_vec()).collect(),
        lists: lists.iter().filter(of_ours).cloned().collect(),
    };
    dss::append(signed, &data).ok_or_else(unexpected)
}

/// Room for a signature or token besides its certificates.
const FRAME_BYTES: usize = 700;

/// Writes the pages and signs them. The seal is the appearance of the signature.
///
/// # Errors
/// The key is not P-256 or its certificate not valid at that time, a key refuses, or the pages cannot be written.
pub fn write(sheets: &Sheets, fonts: &Fonts, signing: &Signing<'_>) -> Result<Vec<u8>, PdfError> {
    write_with(sheets, fonts, signing, None)
}

/// The same with the time stamp of an outside authority in the place of the built-in one's.
///
/// # Errors
/// As for [`write()`], and when the authority does not answer or not with a token over this signature.
pub fn write_stamped_by(
    sheets: &Sheets,
    fonts: &Fonts,
    signing: &Signing<'_>,
    authority: &dyn TimeAuthority,
) -> Result<Vec<u8>, PdfError> {
    write_with(sheets, fonts, signing, Some(authority))
}

fn write_with(
    sheets: &Sheets,
    fonts: &Fonts,
    signing: &Signing<'_>,
    outside: Option<&dyn TimeAuthority>,
) -> Result<Vec<u8>, PdfError> {
    let Signing { licence, signer, authority, at } = *signing;
    let first = signer.certificate_chain().first().ok_or(SealError::Refused("the signer has no certificate"))?;
    let certificate = Certificate::from_der(first).map_err(SealError::from)?;
    if signer.alg() != Alg::Es256 || !certificate.is_valid_at(at) {
        return Err(SealError::Refused("the signer's certificate is not one of P-256 or not valid at this time").into());
    }
    let base = draw::draw(sheets, fonts, Some(licence), at).map_err(PdfError::Pages)?;
    let stamp_room = if outside.is_some() { outside::ROOM } else { authority.map_or(0, room) };
    let room = room(signer) + stamp_room;
    let words = Words { name: certificate.organisation().unwrap_or_default(), at, room };
    let unexpected = || PdfError::Pages("the file has not the expected structure".to_owned());
    let mut prepared = prepare(base, sheets, &words).ok_or_else(unexpected)?;
    let before = prepared.bytes.get(..prepared.open).unwrap_or_default();
    let behind = prepared.bytes.get(prepared.close..).unwrap_or_default();
    let digest = sha256(&[before, behind].concat());
    let mut signed = cms::sign(Content::Detached(digest), signer)?;
    signed.token = match (outside, authority) {
        (Some(outside), _) => Some(outside::token(&signed.signature, at, outside)?),
        (None, Some(authority)) => Some(stamp::token(&signed.signature, at, authority)?),
        (None, None) => None,
    };
    let value = cms::encode(&signed).ok_or(SealError::Refused("the signer's certificate cannot be read"))?;
    let digits = hex::encode(&value);
    let from = prepared.open + 1;
    let too_long = PdfError::Pages("the signature is longer than its room".to_owned());
    if digits.len() + from >= prepared.close {
        return Err(too_long);
    }
    prepared.bytes.get_mut(from..from + digits.len()).ok_or(too_long)?.copy_from_slice(digits.as_bytes());
    Ok(prepared.bytes)
}

/// Enough for a signature of this signer: its certificates, each named and bound, and a frame.
fn room(signer: &dyn Signer) -> usize {
    let chain = signer.certificate_chain();
    let certificates: usize = chain.iter().map(Vec::len).sum();
    let named = chain.first().map_or(0, Vec::len);
    certificates + named + 40 * chain.len() + FRAME_BYTES
}
