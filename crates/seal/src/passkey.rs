//! Passkeys 通行密钥: what a person's authenticator says when it is registered and when it signs in (Web Authentication
//! Level 3, §7.1 and §7.2). Attestation is not asked for, so an attestation statement is never believed nor stored.
//!
//! Every check of the standard that this house relies on is here; whether a challenge is fresh and whose it is, the
//! caller knows.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use coset::iana::{Algorithm, EllipticCurve, EnumI64, KeyType};
use coset::{AsCborValue, CoseKey, KeyType as AnyKeyType, Label, RegisteredLabelWithPrivate};
use serde::Deserialize;

use crate::digest::sha256;
use crate::rsa;

/// Longest identifier of a credential, in bytes (§4, credential ID).
const MAX_ID_BYTES: usize = 1023;
/// Longest message of an authenticator that is looked at, in bytes; real ones stay below two thousand.
const MAX_BYTES: usize = 16 << 10;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

/// Whose passkeys these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// A domain name: the scope in which an authenticator keeps its keys.
    pub id: String,
    /// The one origin from which requests come: `https://host`, without a trailing slash.
    pub origin: String,
}

/// Why a passkey is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// Something is cut off, oversized or not of the standard's form.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// Made for another ceremony.
    #[error("made for another ceremony")]
    WrongType,
    /// Another challenge was signed.
    #[error("another challenge was signed")]
    WrongChallenge,
    /// The page was another site's, or inside one.
    #[error("made on a page of another origin")]
    WrongOrigin,
    /// The key belongs to another site.
    #[error("the key belongs to another site")]
    WrongRelyingParty,
    /// Nobody touched the authenticator.
    #[error("nobody was present")]
    NotPresent,
    /// The authenticator did not ask for fingerprint, face or PIN.
    #[error("the user was not verified")]
    NotVerified,
    /// Neither ES256 on P-256 nor RS256.
    #[error("unsupported kind of key")]
    UnsupportedKey,
    /// The signature is wrong.
    #[error("wrong signature")]
    BadSignature,
    /// The counter did not advance: there may be a copy of the key.
    #[error("the counter did not advance from {stored} to more: {found}")]
    CounterWentBack {
        /// As it was.
        stored: u32,
        /// As signed.
        found: u32,
    },
}

/// A key that an authenticator made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its identifier, chosen by the authenticator.
    pub id: Vec<u8>,
    /// The public key as a COSE_Key.
    pub key: Vec<u8>,
    /// The signature counter; 0 for authenticators without one.
    pub count: u32,
}

/// What an authenticator answers at signing in.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// `clientDataJSON`.
    pub client_data: &'a [u8],
    /// `authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// `signature`.
    pub signature: &'a [u8],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

fn client_data(bytes: &[u8]) -> Result<ClientData, PasskeyError> {
    let small = (bytes.len() <= MAX_BYTES).then_some(bytes).ok_or(PasskeyError::Malformed("client data"))?;
    serde_json::from_slice(small).map_err(|_| PasskeyError::Malformed("client data"))
}

/// The challenge that the client says it signed; the caller looks up what it was given out for.
pub fn challenge_of(bytes: &[u8]) -> Result<Vec<u8>, PasskeyError> {
    let data = client_data(bytes)?;
    URL_SAFE_NO_PAD.decode(data.challenge).map_err(|_| PasskeyError::Malformed("challenge"))
}

fn check_client(party: &RelyingParty, kind: &str, challenge: &[u8], bytes: &[u8]) -> Result<(), PasskeyError> {
    let data = client_data(bytes)?;
    if data.kind != kind {
        return Err(PasskeyError::WrongType);
    }
    if URL_SAFE_NO_PAD.decode(&data.challenge).ok().as_deref() != Some(challenge) {
        return Err(PasskeyError::WrongChallenge);
    }
    if data.origin != party.origin || data.cross_origin {
        return Err(PasskeyError::WrongOrigin);
    }
    Ok(())
}

/// Authenticator data (§6.1).
struct Authenticator<'a> {
    flags: u8,
    count: u32,
    rest: &'a [u8],
}

fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Result<&'a [u8], PasskeyError> {
    let (head, tail) = bytes.split_at_checked(n).ok_or(PasskeyError::Malformed("authenticator data"))?;
    *bytes = tail;
    Ok(head)
}

fn authenticator<'a>(party: &RelyingParty, mut bytes: &'a [u8]) -> Result<Authenticator<'a>, PasskeyError> {
    if bytes.len() > MAX_BYTES {
        return Err(PasskeyError::Malformed("authenticator data"));
    }
    if take(&mut bytes, 32)? != sha256(party.id.as_bytes()) {
        return Err(PasskeyError::WrongRelyingParty);
    }
    let flags = take(&mut bytes, 1)?.first().copied().unwrap_or(0);
    let count = take(&mut bytes, 4)?.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
    if flags & USER_PRESENT == 0 {
        return Err(PasskeyError::NotPresent);
    }
    if flags & USER_VERIFIED == 0 {
        return Err(PasskeyError::NotVerified);
    }
    if flags & BACKED_UP != 0 && flags & BACKUP_ELIGIBLE == 0 {
        return Err(PasskeyError::Malformed("backup flags"));
    }
    Ok(Authenticator { flags, count, rest: bytes })
}

/// One CBOR item; the bytes after it stay in `bytes`.
fn cbor(bytes: &mut &[u8], what: &'static str) -> Result<Value, PasskeyError> {
    ciborium::de::from_reader_with_recursion_limit(bytes, 16).map_err(|_| PasskeyError::Malformed(what))
}

/// After the parts that are read there may be extensions if the flag says so, and nothing else.
fn check_rest(flags: u8, mut rest: &[u8]) -> Result<(), PasskeyError> {
    if flags & EXTENDED != 0 && !cbor(&mut rest, "extensions")?.is_map() {
        return Err(PasskeyError::Malformed("extensions"));
    }
    if rest.is_empty() { Ok(()) } else { Err(PasskeyError::Malformed("authenticator data")) }
}

/// Registration (§7.1): `client` is `clientDataJSON`, `attestation` the attestation object.
pub fn register(
    party: &RelyingParty,
    challenge: &[u8],
    client: &[u8],
    attestation: &[u8],
) -> Result<Registered, PasskeyError> {
    check_client(party, "webauthn.create", challenge, client)?;
    if attestation.len() > MAX_BYTES {
        return Err(PasskeyError::Malformed("attestation"));
    }
    let mut left = attestation;
    let object = cbor(&mut left, "attestation")?;
    let members = object.as_map().filter(|_| left.is_empty()).ok_or(PasskeyError::Malformed("attestation"))?;
    let data = members.iter().find(|(name, _)| name.as_text() == Some("authData"));
    let data = data.and_then(|(_, value)| value.as_bytes()).ok_or(PasskeyError::Malformed("attestation"))?;
    let said = authenticator(party, data)?;
    if said.flags & ATTESTED == 0 {
        return Err(PasskeyError::Malformed("attested credential data"));
    }
    let mut rest = said.rest;
    take(&mut rest, 16)?;
    let length = take(&mut rest, 2)?.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    if length == 0 || length > MAX_ID_BYTES {
        return Err(PasskeyError::Malformed("credential id"));
    }
    let id = take(&mut rest, length)?.to_vec();
    let before = rest;
    cbor(&mut rest, "public key")?;
    let key = before.get(..before.len() - rest.len()).unwrap_or_default().to_vec();
    check_rest(said.flags, rest)?;
    PublicKey::parse(&key)?;
    Ok(Registered { id, key, count: said.count })
}

/// Signing in (§7.2) with a key as [`register`] returned it and the counter that was last seen; answers the new counter.
pub fn assert(
    party: &RelyingParty,
    challenge: &[u8],
    key: &[u8],
    count: u32,
    assertion: &Assertion<'_>,
) -> Result<u32, PasskeyError> {
    check_client(party, "webauthn.get", challenge, assertion.client_data)?;
    let said = authenticator(party, assertion.authenticator_data)?;
    if said.flags & ATTESTED != 0 {
        return Err(PasskeyError::Malformed("authenticator data"));
    }
    check_rest(said.flags, said.rest)?;
    let message = [assertion.authenticator_data, &sha256(assertion.client_data)].concat();
    if !PublicKey::parse(key)?.verify(&message, assertion.signature) {
        return Err(PasskeyError::BadSignature);
    }
    if (count != 0 || said.count != 0) && said.count <= count {
        return Err(PasskeyError::CounterWentBack { stored: count, found: said.count });
    }
    Ok(said.count)
}

/// The kinds of key that are asked for, best first, as COSE numbers. RS256 is there for older Windows Hello.
pub const ALGORITHMS: [i64; 2] = [-7, -257];

enum PublicKey {
    Es256(p256::PublicKey),
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    fn parse(mut bytes: &[u8]) -> Result<PublicKey, PasskeyError> {
        let value = cbor(&mut bytes, "public key")?;
        let key = CoseKey::from_cbor_value(value).map_err(|_| PasskeyError::Malformed("public key"))?;
        let part = |label: i64| key.params.iter().find(|(own, _)| *own == Label::Int(label)).map(|(_, value)| value);
        let bytes = |label: i64| part(label).and_then(Value::as_bytes).ok_or(PasskeyError::Malformed("public key"));
        let is = |kind: KeyType, alg: Algorithm| {
            key.kty == AnyKeyType::Assigned(kind) && key.alg == Some(RegisteredLabelWithPrivate::Assigned(alg))
        };
        if is(KeyType::EC2, Algorithm::ES256) {
            let curve = part(-1).and_then(Value::as_integer).map(i128::from);
            if curve != Some(EllipticCurve::P_256.to_i64().into()) {
                return Err(PasskeyError::UnsupportedKey);
            }
            let point = [[4].as_slice(), bytes(-2)?, bytes(-3)?].concat();
            let point = p256::PublicKey::from_sec1_bytes(&point).map_err(|_| PasskeyError::Malformed("public key"))?;
            return Ok(PublicKey::Es256(point));
        }
        if is(KeyType::RSA, Algorithm::RS256) {
            return Ok(PublicKey::Rs256 { n: bytes(-1)?.clone(), e: bytes(-2)?.clone() });
        }
        Err(PasskeyError::UnsupportedKey)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::Es256(key) => crate::key::PublicKey::P256(*key).verify(message, signature).is_ok(),
            PublicKey::Rs256 { n, e } => rsa::verify(n, e, message, signature),
        }
    }
}
