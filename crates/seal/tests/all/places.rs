//! Where in a sealed OFD or a signed PDF the bytes of each class lie.

use std::ops::Range;

use crate::city::BUREAU;
use crate::der::{first, inside, members, place};

pub fn position(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

/// The places in the signature's value of an OFD.
pub struct ValuePlaces {
    pub version: Range<usize>,
    pub seal: Range<usize>,
    pub time: Range<usize>,
    pub digest: Range<usize>,
    pub certificate: Range<usize>,
    pub signature: Range<usize>,
}

impl ValuePlaces {
    pub fn of(value: &[u8]) -> ValuePlaces {
        let outer = members(value);
        let signed = members(outer[0]);
        let at = |part: &[u8]| place(value, part);
        ValuePlaces {
            version: at(inside(signed[0])),
            seal: at(signed[1]),
            time: at(inside(signed[2])),
            digest: at(inside(signed[3])),
            certificate: at(inside(outer[1])),
            signature: at(inside(outer[3])),
        }
    }
}

/// The places in a seal.
pub struct SealPlaces {
    pub listed: Range<usize>,
    pub until: Range<usize>,
    pub picture: Range<usize>,
    pub maker: Range<usize>,
    pub signature: Range<usize>,
}

impl SealPlaces {
    pub fn of(seal: &[u8]) -> SealPlaces {
        let outer = members(seal);
        let info = members(outer[0]);
        let property = members(info[2]);
        let at = |part: &[u8]| place(seal, inside(part));
        SealPlaces {
            listed: at(members(property[3])[0]),
            until: at(property[6]),
            picture: at(members(info[3])[1]),
            maker: at(outer[1]),
            signature: at(outer[3]),
        }
    }
}

/// A signed PDF taken apart: the places in its signature's value.
pub struct SignedPdf {
    pub bytes: Vec<u8>,
    /// Where the value's digits begin and end.
    pub digits: Range<usize>,
    /// The value without its padding.
    pub cms: Vec<u8>,
    /// The places in it.
    pub certificate: Range<usize>,
    pub named: Range<usize>,
    pub digest: Range<usize>,
    pub bound: Range<usize>,
    pub signature: Range<usize>,
    pub token: Range<usize>,
}

impl SignedPdf {
    pub fn of(bytes: Vec<u8>) -> SignedPdf {
        let from = position(&bytes, b"/Contents<") + 10;
        let to = from + position(&bytes[from..], b">");
        let all = hex::decode(&bytes[from..to]).unwrap();
        let cms = first(&all).to_vec();
        let data = members(members(members(&cms)[1])[0]);
        let signer = members(members(data[4])[0]);
        let attributes = signer[3];
        let at = |part: &[u8]| place(&cms, part);
        let certificate = members(data[3])[0];
        // The OBJECT IDENTIFIER of messageDigest, then SET and OCTET STRING.
        let digest =
            at(attributes).start + position(attributes, &hex::decode("06092a864886f70d01090431220420").unwrap()) + 15;
        let bound = at(attributes).start + position(attributes, &seal::digest::sha256(certificate));
        SignedPdf {
            certificate: at(certificate),
            named: at(inside(signer[1])),
            digest: digest..digest + 32,
            bound: bound..bound + 32,
            signature: at(inside(signer[5])),
            token: at(inside(members(members(signer[6])[0])[1])),
            digits: from..to,
            cms,
            bytes,
        }
    }

    /// With one bit changed.
    pub fn flipped(&self, at: usize) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[at] ^= 1;
        bytes
    }

    /// With one bit changed in the signature's value.
    pub fn bent(&self, at: usize, bit: u8) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let from = self.digits.start + 2 * at;
        bytes[from..from + 2].copy_from_slice(hex::encode([self.cms[at] ^ bit]).as_bytes());
        bytes
    }
}

/// Where in a certificate the name of the bureau that holds it stands.
pub fn organisation(certificate: &[u8]) -> usize {
    let length = u8::try_from(BUREAU.len()).unwrap();
    let attribute = [&[6, 3, 0x55, 4, 10, 12, length][..], BUREAU.as_bytes()].concat();
    position(certificate, &attribute) + 7
}
