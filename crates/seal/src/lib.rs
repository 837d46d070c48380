//! What the city signs, and how anyone can check it.
//!
//! Keys and certificates (SM2 with SM3 for what the law asks, P-256 for what a browser can check), licences 证照 and
//! documents 文书 as signed canonical JSON, the QR code of a licence, the status list, and the picture of a licence.
//!
//! This crate is pure: bytes in, bytes out. It reads no clock and no random source:
//!
//! * **time** is a [`domain::time::Timestamp`] parameter;
//! * **randomness** is a [`Random`] parameter, needed only to make keys, certificates' serial numbers and the salts of
//!   the key file. Signing needs none: nonces follow RFC 6979, so the same bytes signed twice by one key at one instant are the
//!   same file.
//!
//! Where to look: [`jcs`] the bytes that are signed, [`key`] keys and the [`key::Signer`] trait behind which a certified
//! device can stand, [`cert`] certificates and chains, [`keystore`] the encrypted key file, [`signed`] the envelope that
//! [`licence`], [`document`] and [`status`] share, [`qr`] the offline proof, [`page`] and [`render`] the
//! pages of a licence, [`stamp`] the seal of a document,
//! [`passkey`] what a person's own authenticator signs, [`jose`] what an identity provider signs, [`tlog`] the public log.

pub mod cert;
pub mod digest;
pub mod document;
mod identifier;
pub mod jcs;
pub mod jose;
pub mod key;
pub mod keystore;
pub mod licence;
pub mod page;
pub mod passkey;
pub mod qr;
pub mod render;
pub mod report;
mod rsa;
pub mod signed;
pub mod stamp;
pub mod status;
mod text;
pub mod tlog;

/// A source of unpredictable bytes, given by the caller: the operating system's in the binary, a seeded one in tests.
///
/// Every `FnMut(&mut [u8])` is one, so this crate depends on no version of any random-number crate:
/// `let mut random = |bytes: &mut [u8]| rng.fill_bytes(bytes);`
pub trait Random {
    /// Fills the whole slice. The bytes must be fit for making keys.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Random for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}
