//! Keys, signatures and the trait behind which a certified device can stand.
//!
//! Signatures are DER `SEQUENCE { r, s }` everywhere (GM/T 0009, RFC 3279); only COSE wants `r‖s`, see [`raw_signature`].

use p256::ecdsa;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use serde::{Deserialize, Serialize};
use sm2::dsa::signature::{Signer as _, Verifier as _};
use std::borrow::Cow;
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::Random;
use crate::cert::Certificate;

/// The identity string of the signer in SM2 signatures when nothing else is agreed (GM/T 0009). OpenSSL's own default is
/// the empty string, so it must always be told.
pub const DISTID: &str = "1234567812345678";

/// A signature algorithm with its curve and digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Alg {
    /// SM2 with SM3 (GB/T 32918, GB/T 32905), OID 1.2.156.10197.1.501: licences, documents, status lists.
    #[serde(rename = "SM2-SM3")]
    Sm2Sm3,
    /// ECDSA on P-256 with SHA-256, OID 1.2.840.10045.4.3.2: QR codes, which a browser checks with WebCrypto.
    #[serde(rename = "ES256")]
    Es256,
}

impl Alg {
    /// The name in files: `SM2-SM3`, `ES256`.
    pub fn name(self) -> &'static str {
        match self {
            Alg::Sm2Sm3 => "SM2-SM3",
            Alg::Es256 => "ES256",
        }
    }
}

/// What can go wrong with keys.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// Not a key of a curve that we use, or not its DER or PEM form.
    #[error("not an SM2 or P-256 key")]
    Malformed,
    /// The signer (or the device behind it) refused.
    #[error("could not sign: {0}")]
    Sign(String),
    /// The signature does not belong to these bytes and this key.
    #[error("the signature does not fit")]
    BadSignature,
}

/// Something that signs: a key in memory, later a certified device (HSM, SDF card) or a remote service.
pub trait Signer: Send + Sync {
    /// The algorithm of the key.
    fn alg(&self) -> Alg;

    /// The signer's certificate and those above it, DER, the signer's first. The root is not among them: whoever checks
    /// has the roots already, and embedded certificates are never believed for themselves.
    fn certificate_chain(&self) -> &[Vec<u8>];

    /// The signer's own certificate; `None` without a readable one. Whoever signs often keeps it read.
    fn certificate(&self) -> Option<Cow<'_, Certificate>> {
        self.certificate_chain().first().and_then(|der| Certificate::from_der(der).ok()).map(Cow::Owned)
    }

    /// Signs the message (not its digest) and returns the DER signature.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// A private key in memory; wiped when dropped.
#[derive(Clone)]
pub enum PrivateKey {
    /// On the SM2 curve.
    Sm2(sm2::SecretKey),
    /// On NIST P-256.
    P256(p256::SecretKey),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.alg().name())
    }
}

impl PrivateKey {
    /// A new key from 32 random bytes; takes another 32 in the rare case that they are no scalar of the curve.
    pub fn generate(alg: Alg, random: &mut dyn Random) -> PrivateKey {
        let mut bytes = Zeroizing::new([0u8; 32]);
        loop {
            random.fill(&mut *bytes);
            let key = match alg {
                Alg::Sm2Sm3 => sm2::SecretKey::from_slice(&*bytes).ok().map(PrivateKey::Sm2),
                Alg::Es256 => p256::SecretKey::from_slice(&*bytes).ok().map(PrivateKey::P256),
            };
            if let Some(key) = key {
                return key;
            }
        }
    }

    /// The algorithm it signs with.
    pub fn alg(&self) -> Alg {
        match self {
            PrivateKey::Sm2(_) => Alg::Sm2Sm3,
            PrivateKey::P256(_) => Alg::Es256,
        }
    }

    /// Its public half.
    pub fn public_key(&self) -> PublicKey {
        match self {
            PrivateKey::Sm2(key) => PublicKey::Sm2(key.public_key()),
            PrivateKey::P256(key) => PublicKey::P256(key.public_key()),
        }
    }

    /// Signs a message; SM2 with the default [`DISTID`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_with_distid(DISTID, message)
    }

    /// Signs a message with another SM2 identity string (interoperation with systems that agreed on one); P-256 has none.
    pub fn sign_with_distid(&self, distid: &str, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |error: sm2::dsa::signature::Error| KeyError::Sign(error.to_string());
        match self {
            PrivateKey::Sm2(key) => sm2_signature(&sm2::dsa::SigningKey::new(distid, key).map_err(failed)?, message),
            PrivateKey::P256(key) => p256_signature(&ecdsa::SigningKey::from(key), message),
        }
    }

    /// PKCS#8 DER, unencrypted: for the key store, which encrypts it.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let document = match self {
            PrivateKey::Sm2(key) => key.to_pkcs8_der(),
            PrivateKey::P256(key) => key.to_pkcs8_der(),
        };
        document.map(|d| Zeroizing::new(d.as_bytes().to_vec())).map_err(|_| KeyError::Malformed)
    }

    /// PKCS#8 PEM, unencrypted: for taking the root key out of the machine. OpenSSL reads it.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        match self {
            PrivateKey::Sm2(key) => key.to_pkcs8_pem(LineEnding::LF),
            PrivateKey::P256(key) => key.to_pkcs8_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::Malformed)
    }

    /// Reads PKCS#8 DER of either curve.
    pub fn from_pkcs8(der: &[u8]) -> Result<PrivateKey, KeyError> {
        if let Ok(key) = sm2::SecretKey::from_pkcs8_der(der) {
            return Ok(PrivateKey::Sm2(key));
        }
        p256::SecretKey::from_pkcs8_der(der).map(PrivateKey::P256).map_err(|_| KeyError::Malformed)
    }

    /// Reads PKCS#8 PEM of either curve.
    pub fn from_pem(pem: &str) -> Result<PrivateKey, KeyError> {
        if let Ok(key) = sm2::SecretKey::from_pkcs8_pem(pem) {
            return Ok(PrivateKey::Sm2(key));
        }
        p256::SecretKey::from_pkcs8_pem(pem).map(PrivateKey::P256).map_err(|_| KeyError::Malformed)
    }
}

/// A public key of either curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// On the SM2 curve.
    Sm2(sm2::PublicKey),
    /// On NIST P-256.
    P256(p256::PublicKey),
}

impl PublicKey {
    /// The algorithm of its signatures.
    pub fn alg(&self) -> Alg {
        match self {
            PublicKey::Sm2(_) => Alg::Sm2Sm3,
            PublicKey::P256(_) => Alg::Es256,
        }
    }

    /// Checks a DER signature over a message; SM2 with the default [`DISTID`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        self.verify_with_distid(DISTID, message, signature)
    }

    /// Checks a DER signature made with another SM2 identity string; P-256 has none.
    pub fn verify_with_distid(&self, distid: &str, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        let bad = |_: sm2::dsa::signature::Error| KeyError::BadSignature;
        match self {
            PublicKey::Sm2(key) => {
                let signature = sm2::dsa::Signature::from_der(signature).map_err(bad)?;
                sm2::dsa::VerifyingKey::new(distid, *key).map_err(bad)?.verify(message, &signature).map_err(bad)
            }
            PublicKey::P256(key) => {
                let signature = ecdsa::Signature::from_der(signature).map_err(bad)?;
                ecdsa::VerifyingKey::from(key).verify(message, &signature).map_err(bad)
            }
        }
    }

    /// SubjectPublicKeyInfo DER.
    pub fn to_spki(&self) -> Result<Vec<u8>, KeyError> {
        let document = match self {
            PublicKey::Sm2(key) => key.to_public_key_der(),
            PublicKey::P256(key) => key.to_public_key_der(),
        };
        document.map(|d| d.as_bytes().to_vec()).map_err(|_| KeyError::Malformed)
    }

    /// SubjectPublicKeyInfo PEM, as `openssl pkeyutl -pubin` wants it.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        match self {
            PublicKey::Sm2(key) => key.to_public_key_pem(LineEnding::LF),
            PublicKey::P256(key) => key.to_public_key_pem(LineEnding::LF),
        }
        .map_err(|_| KeyError::Malformed)
    }

    /// Reads SubjectPublicKeyInfo DER of either curve.
    pub fn from_spki(der: &[u8]) -> Result<PublicKey, KeyError> {
        if let Ok(key) = sm2::PublicKey::from_public_key_der(der) {
            return Ok(PublicKey::Sm2(key));
        }
        p256::PublicKey::from_public_key_der(der).map(PublicKey::P256).map_err(|_| KeyError::Malformed)
    }

    /// The uncompressed point, 65 bytes starting with 04.
    pub fn point(&self) -> Vec<u8> {
        match self {
            PublicKey::Sm2(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            PublicKey::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        }
    }
}

fn p256_signature(key: &ecdsa::SigningKey, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let signature: ecdsa::Signature = key.try_sign(message).map_err(|error| KeyError::Sign(error.to_string()))?;
    Ok(signature.to_der().as_bytes().to_vec())
}

fn sm2_signature(key: &sm2::dsa::SigningKey, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let signature: sm2::dsa::Signature = key.try_sign(message).map_err(|error| KeyError::Sign(error.to_string()))?;
    Ok(signature.to_der().as_bytes().to_vec())
}

/// A key made ready to sign: with its public half and, for SM2, the digest of the signer's identity, which cost as much as a
/// signature itself.
#[derive(Clone)]
enum Ready {
    Sm2(sm2::dsa::SigningKey),
    P256(ecdsa::SigningKey),
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ready(..)")
    }
}

/// A key in memory with its certificates: what the service signs with until a device stands in its place.
///
/// Signers live as long as the process, so there is no moment at which the key could be wiped.
#[derive(Debug, Clone)]
pub struct KeySigner {
    ready: Result<Ready, KeyError>,
    alg: Alg,
    chain: Vec<Vec<u8>>,
    certificate: Option<Certificate>,
}

impl KeySigner {
    /// `chain`: DER certificates, the key's own first, without the root.
    pub fn new(key: PrivateKey, chain: Vec<Vec<u8>>) -> KeySigner {
        let alg = key.alg();
        let failed = |error: sm2::dsa::signature::Error| KeyError::Sign(error.to_string());
        let ready = match key {
            PrivateKey::Sm2(key) => sm2::dsa::SigningKey::new(DISTID, &key).map(Ready::Sm2).map_err(failed),
            PrivateKey::P256(key) => Ok(Ready::P256(key.into())),
        };
        let certificate = chain.first().and_then(|der| Certificate::from_der(der).ok());
        KeySigner { ready, alg, chain, certificate }
    }
}

impl Signer for KeySigner {
    fn alg(&self) -> Alg {
        self.alg
    }

    fn certificate_chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn certificate(&self) -> Option<Cow<'_, Certificate>> {
        self.certificate.as_ref().map(Cow::Borrowed)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.ready {
            Ok(Ready::Sm2(key)) => sm2_signature(key, message),
            Ok(Ready::P256(key)) => p256_signature(key, message),
            Err(error) => Err(error.clone()),
        }
    }
}

/// A DER signature as the 64 bytes `r‖s` that COSE and WebCrypto use.
pub fn raw_signature(alg: Alg, der: &[u8]) -> Result<[u8; 64], KeyError> {
    match alg {
        Alg::Sm2Sm3 => sm2::dsa::Signature::from_der(der).map(|s| s.to_bytes().into()),
        Alg::Es256 => ecdsa::Signature::from_der(der).map(|s| s.to_bytes().into()),
    }
    .map_err(|_| KeyError::BadSignature)
}

/// The DER form of `r‖s`.
pub fn der_signature(alg: Alg, raw: &[u8]) -> Result<Vec<u8>, KeyError> {
    match alg {
        Alg::Sm2Sm3 => sm2::dsa::Signature::from_slice(raw).map(|s| s.to_der().as_bytes().to_vec()),
        Alg::Es256 => ecdsa::Signature::from_slice(raw).map(|s| s.to_der().as_bytes().to_vec()),
    }
    .map_err(|_| KeyError::BadSignature)
}
