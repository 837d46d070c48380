//! A status list in the form that a page checks without a network: COSE_Sign1 (RFC 9052, tag 18) with ES256, because browsers know
//! P-256 and not SM2. It says the same as the signed file; the places are packed with zlib (RFC 1950).
//!
//! Protected header: 1 (alg) = −7, 4 (kid) = first eight bytes of the SHA-256 of the signer's certificate. The signature is made with
//! [`AAD`], so that no QR code is ever taken for a list. Payload, a CBOR map: 1 name of the list, 2 as of when it is right and 3 until
//! when it may be relied on, in seconds since 1970, 4 the packed places.

use std::io::{Read, Write};

use ciborium::Value;
use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};
use domain::time::Timestamp;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{BYTES, StatusBits};
use crate::cert::Certificate;
use crate::key::{Alg, Signer, der_signature, raw_signature};
use crate::signed::SealError;

/// What is signed along with a list (external_aad of RFC 9052).
pub const AAD: &[u8] = b"yichuang.status-list.1";

/// What a list in this form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompactList {
    /// Its name, as licences give it.
    pub id: String,
    /// As of when it is right; whole seconds.
    pub issued_at: Timestamp,
    /// Until when it may be relied on; whole seconds.
    pub next_update: Timestamp,
    /// The states.
    pub bits: StatusBits,
}

/// Signs a list.
///
/// # Errors
/// The key is not P-256, has no certificate, or refuses.
pub fn sign_compact(list: &CompactList, signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
    let failed = |_| SealError::Refused("the status list cannot be written");
    if signer.alg() != Alg::Es256 {
        return Err(SealError::Refused("lists for browsers are signed with ES256"));
    }
    let Some(certificate) = signer.certificate() else {
        return Err(SealError::Refused("the signer has no certificate"));
    };
    let header = HeaderBuilder::new().algorithm(iana::Algorithm::ES256).key_id(certificate.kid().to_vec()).build();
    let cose = CoseSign1Builder::new()
        .protected(header)
        .payload(payload(list).ok_or(SealError::Refused("the status list cannot be written"))?)
        .try_create_signature(AAD, |message| {
            signer.sign(message).and_then(|der| raw_signature(Alg::Es256, &der)).map(|raw| raw.to_vec())
        })?
        .build();
    cose.to_tagged_vec().map_err(failed)
}

/// Reads a list that one of these certificates signed while it was valid; `None` for everything else. Whether it is still recent
/// enough is for the reader to say.
pub fn open_compact(bytes: &[u8], trust: &[Certificate]) -> Option<CompactList> {
    let cose = CoseSign1::from_tagged_slice(bytes).ok()?;
    let signer = trust.iter().find(|own| own.kid()[..] == cose.protected.header.key_id[..] && own.may_sign())?;
    let fits = |raw: &[u8], message: &[u8]| signer.public_key().verify(message, &der_signature(Alg::Es256, raw)?);
    cose.verify_signature(AAD, fits).ok()?;
    let list = read(cose.payload.as_deref()?)?;
    signer.is_valid_at(list.issued_at).then_some(list)
}

fn payload(list: &CompactList) -> Option<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&list.bits.0).ok()?;
    let seconds = |at: Timestamp| Value::from(at.micros() / 1_000_000);
    let values = [
        Value::Text(list.id.clone()),
        seconds(list.issued_at),
        seconds(list.next_update),
        Value::Bytes(packer.finish().ok()?),
    ];
    let map = (1u8..).map(Value::from).zip(values).collect();
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(map), &mut bytes).ok()?;
    Some(bytes)
}

fn read(payload: &[u8]) -> Option<CompactList> {
    let map = ciborium::from_reader::<Value, _>(payload).ok()?.into_map().ok()?;
    let mut values = map.into_iter().map(|(_, value)| value);
    let id = values.next()?.into_text().ok()?;
    let mut moment = || {
        let seconds = i64::try_from(values.next()?.into_integer().ok()?).ok()?;
        Some(Timestamp::from_micros(seconds.checked_mul(1_000_000)?))
    };
    let (issued_at, next_update) = (moment()?, moment()?);
    let packed = values.next()?.into_bytes().ok()?;
    let mut bits = Vec::with_capacity(BYTES);
    // One byte more than a list has: whatever unpacks to more is none.
    ZlibDecoder::new(&packed[..]).take(BYTES as u64 + 1).read_to_end(&mut bits).ok()?;
    let whole = bits.len() == BYTES && values.next().is_none();
    whole.then_some(CompactList { id, issued_at, next_update, bits: StatusBits(bits) })
}
