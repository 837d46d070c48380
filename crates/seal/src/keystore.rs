//! The encrypted key file.
//!
//! One JSON object: a header in the clear and the sealed entries. The key comes from the passphrase by argon2id (RFC 9106); the
//! entries are sealed with XChaCha20-Poly1305, with the header as associated data, so neither can be exchanged alone. Writing the file
//! safely (new file, sync, rename, mode 0600) is the caller's work.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Random;
use crate::cert::Certificate;
use crate::jcs::{self, JcsError};
use crate::key::{KeyError, KeySigner, PrivateKey};

const FORMAT: &str = "yichuang.keystore.1";
const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20-poly1305";

/// Bounds on what an unauthenticated header may ask of the machine that opens it.
const MAX_MEMORY_KIB: u32 = 1_048_576;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

/// The shortest passphrase that is accepted when sealing, in bytes.
pub const MIN_PASSPHRASE_BYTES: usize = 8;

/// Why a key file cannot be opened, changed or written.
#[derive(Debug, Error)]
pub enum KeyStoreError {
    /// Not a key file, or of a version that this program does not know.
    #[error("not a key file of this version: {0}")]
    Format(String),
    /// Wrong passphrase, or the file was changed: the two cannot be told apart.
    #[error("the passphrase is wrong or the key file was changed")]
    Sealed,
    /// The passphrase is shorter than [`MIN_PASSPHRASE_BYTES`].
    #[error("the passphrase is too short")]
    PassphraseTooShort,
    /// The parameters of argon2id are out of bounds.
    #[error("the parameters of argon2id are out of bounds")]
    Kdf,
    /// There is no entry of that name.
    #[error("there is no key named {0}")]
    Unknown(String),
    /// There is an entry of that name already; remove it first.
    #[error("there is a key named {0} already")]
    Exists(String),
    /// The first certificate of an entry is not one for its key.
    #[error("the certificate does not belong to the key")]
    WrongCertificate,
    /// The key cannot be written or read.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<JcsError> for KeyStoreError {
    fn from(error: JcsError) -> KeyStoreError {
        KeyStoreError::Format(error.to_string())
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Issues certificates. Must not lie on a machine that serves.
    Root,
    /// Signs licences, documents and status lists.
    Signer,
    /// Signs QR codes.
    Qr,
    /// Signs checkpoints of the public log, or countersigns those of another (Ed25519, without certificate).
    Log,
}

/// How hard argon2id works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParams {
    /// RFC 9106, section 4, second recommendation: 64 MiB, three passes, four lanes.
    pub const RECOMMENDED: KdfParams = KdfParams { memory_kib: 65_536, passes: 3, lanes: 4 };

    /// The least that argon2id allows. For tests only: a file sealed so is open to anyone with patience.
    pub const FOR_TESTS: KdfParams = KdfParams { memory_kib: 8, passes: 1, lanes: 1 };
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    kdf: String,
    kdf_params: KdfParams,
    salt: String,
    cipher: String,
    nonce: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    header: Header,
    sealed: String,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct PlainEntry {
    #[zeroize(skip)]
    role: Role,
    pkcs8: String,
    #[zeroize(skip)]
    certs: Vec<String>,
}

/// A key with its certificates.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is for.
    pub role: Role,
    /// The key.
    pub key: PrivateKey,
    /// DER certificates, the key's own first; without the root unless it is the root's own entry.
    pub certs: Vec<Vec<u8>>,
}

/// The seed of an Ed25519 key (RFC 8032); wiped when dropped.
#[derive(Clone)]
struct Seed(Zeroizing<[u8; 32]>);

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed")
    }
}

/// PKCS #8 of an Ed25519 key without its public half (RFC 8410 §7): these bytes, then the seed.
const ED25519_PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// Named keys in memory; the private halves are wiped when dropped.
#[derive(Debug, Clone, Default)]
pub struct KeyStore {
    entries: BTreeMap<String, Entry>,
    /// Keys of logs, which have no certificates, under names of their own.
    seeds: BTreeMap<String, Seed>,
}

impl KeyStore {
    /// An empty store.
    pub fn new() -> KeyStore {
        KeyStore::default()
    }

    /// Adds a key under a new name.
    ///
    /// Errors: the name is taken, or the first certificate is for another key. A key may come without certificates while its request
    /// lies with a certification authority.
    pub fn insert(&mut self, name: &str, entry: Entry) -> Result<(), KeyStoreError> {
        if self.entries.contains_key(name) || self.seeds.contains_key(name) {
            return Err(KeyStoreError::Exists(name.to_owned()));
        }
        refuse_foreign_certificate(&entry)?;
        self.entries.insert(name.to_owned(), entry);
        Ok(())
    }

    /// Puts other certificates to a key: a renewal, or the answer of a certification authority.
    pub fn set_certificates(&mut self, name: &str, certs: Vec<Vec<u8>>) -> Result<(), KeyStoreError> {
        let unknown = || KeyStoreError::Unknown(name.to_owned());
        let entry = self.entries.get_mut(name).ok_or_else(unknown)?;
        let changed = Entry { certs, ..entry.clone() };
        refuse_foreign_certificate(&changed)?;
        *entry = changed;
        Ok(())
    }

    /// The entry of a name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Adds the key of a log under a new name, by its seed.
    ///
    /// # Errors
    /// The name is taken.
    pub fn insert_log_key(&mut self, name: &str, seed: [u8; 32]) -> Result<(), KeyStoreError> {
        if self.entries.contains_key(name) || self.seeds.contains_key(name) {
            return Err(KeyStoreError::Exists(name.to_owned()));
        }
        self.seeds.insert(name.to_owned(), Seed(Zeroizing::new(seed)));
        Ok(())
    }

    /// The seed of the key of a log.
    pub fn log_key(&self, name: &str) -> Option<&[u8; 32]> {
        self.seeds.get(name).map(|seed| &*seed.0)
    }

    /// All names of keys with certificates, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Takes an entry out, e.g. the root before serving.
    pub fn remove(&mut self, name: &str) -> Option<Entry> {
        self.entries.remove(name)
    }

    /// A signer for the key of a name. A root key never becomes one.
    pub fn signer(&self, name: &str) -> Result<KeySigner, KeyStoreError> {
        match self.entries.get(name) {
            Some(entry) if !is_root(entry) => Ok(KeySigner::new(entry.key.clone(), entry.certs.clone())),
            _ => Err(KeyStoreError::Unknown(name.to_owned())),
        }
    }

    /// The private key of a name as unencrypted PKCS#8 PEM, to carry it to a machine without a network.
    pub fn export_pem(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        let entry = self.entries.get(name).ok_or_else(|| KeyStoreError::Unknown(name.to_owned()))?;
        Ok(entry.key.to_pem()?)
    }

    /// Whether any key here can issue certificates, by its role or by its certificate. A server refuses to start then.
    pub fn contains_root(&self) -> bool {
        self.entries.values().any(is_root)
    }

    /// Encrypts the store; salt and nonce are drawn anew each time.
    pub fn seal(
        &self,
        passphrase: &[u8],
        kdf_params: KdfParams,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyStoreError> {
        if passphrase.len() < MIN_PASSPHRASE_BYTES {
            return Err(KeyStoreError::PassphraseTooShort);
        }
        let (mut salt, mut nonce) = ([0u8; 16], [0u8; 24]);
        random.fill(&mut salt);
        random.fill(&mut nonce);
        let header = Header {
            format: FORMAT.to_owned(),
            kdf: KDF.to_owned(),
            kdf_params,
            salt: STANDARD.encode(salt),
            cipher: CIPHER.to_owned(),
            nonce: STANDARD.encode(nonce),
        };
        let plain = Zeroizing::new(jcs::to_bytes(&self.plain()?)?);
        let aad = jcs::to_bytes(&header)?;
        let cipher = cipher(passphrase, kdf_params, &salt)?;
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &aad })
            .map_err(|_| KeyStoreError::Sealed)?;
        Ok(jcs::to_bytes(&File { header, sealed: STANDARD.encode(sealed) })?)
    }

    /// Decrypts a store.
    pub fn open(bytes: &[u8], passphrase: &[u8]) -> Result<KeyStore, KeyStoreError> {
        let file: File = jcs::parse(bytes)?;
        let header = &file.header;
        if header.format != FORMAT || header.kdf != KDF || header.cipher != CIPHER {
            return Err(KeyStoreError::Format(header.format.clone()));
        }
        let salt: [u8; 16] = fixed(&header.salt)?;
        let nonce: [u8; 24] = fixed(&header.nonce)?;
        let sealed = STANDARD.decode(&file.sealed).map_err(|error| KeyStoreError::Format(error.to_string()))?;
        let aad = jcs::to_bytes(header)?;
        let plain = cipher(passphrase, header.kdf_params, &salt)?
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| KeyStoreError::Sealed)?;
        KeyStore::from_plain(&plain)
    }

    fn plain(&self) -> Result<BTreeMap<&str, PlainEntry>, KeyStoreError> {
        let plain = |entry: &Entry| -> Result<PlainEntry, KeyStoreError> {
            Ok(PlainEntry {
                role: entry.role,
                pkcs8: STANDARD.encode(&*entry.key.to_pkcs8()?),
                certs: entry.certs.iter().map(|der| STANDARD.encode(der)).collect(),
            })
        };
        let of_log = |seed: &Seed| PlainEntry {
            role: Role::Log,
            pkcs8: STANDARD.encode(&*Zeroizing::new([&ED25519_PKCS8[..], &*seed.0].concat())),
            certs: Vec::new(),
        };
        let mut all: BTreeMap<&str, PlainEntry> =
            self.seeds.iter().map(|(name, seed)| (name.as_str(), of_log(seed))).collect();
        for (name, entry) in &self.entries {
            all.insert(name, plain(entry)?);
        }
        Ok(all)
    }

    fn from_plain(bytes: &[u8]) -> Result<KeyStore, KeyStoreError> {
        let format = |error: base64::DecodeError| KeyStoreError::Format(error.to_string());
        let plain: BTreeMap<String, PlainEntry> = serde_json::from_slice(bytes).map_err(JcsError::from)?;
        let mut store = KeyStore::new();
        for (name, entry) in plain {
            let pkcs8 = Zeroizing::new(STANDARD.decode(&entry.pkcs8).map_err(format)?);
            if entry.role == Role::Log {
                let seed = pkcs8.strip_prefix(&ED25519_PKCS8).and_then(|seed| seed.try_into().ok());
                let bad = || KeyStoreError::Format("the key of a log is not one".to_owned());
                store.insert_log_key(&name, seed.ok_or_else(bad)?)?;
                continue;
            }
            let certs =
                entry.certs.iter().map(|text| STANDARD.decode(text)).collect::<Result<_, _>>().map_err(format)?;
            store.insert(&name, Entry { role: entry.role, key: PrivateKey::from_pkcs8(&pkcs8)?, certs })?;
        }
        Ok(store)
    }
}

/// Opens with the old passphrase and seals with the new one, under fresh salt and nonce.
pub fn change_passphrase(
    bytes: &[u8],
    old: &[u8],
    new: &[u8],
    kdf_params: KdfParams,
    random: &mut dyn Random,
) -> Result<Vec<u8>, KeyStoreError> {
    KeyStore::open(bytes, old)?.seal(new, kdf_params, random)
}

fn is_root(entry: &Entry) -> bool {
    entry.role == Role::Root
        || entry
            .certs
            .first()
            .is_some_and(|der| Certificate::from_der(der).is_ok_and(|certificate| certificate.is_ca()))
}

fn refuse_foreign_certificate(entry: &Entry) -> Result<(), KeyStoreError> {
    let Some(first) = entry.certs.first() else { return Ok(()) };
    match Certificate::from_der(first) {
        Ok(certificate) if certificate.public_key() == &entry.key.public_key() => Ok(()),
        _ => Err(KeyStoreError::WrongCertificate),
    }
}

fn cipher(passphrase: &[u8], params: KdfParams, salt: &[u8]) -> Result<XChaCha20Poly1305, KeyStoreError> {
    if params.memory_kib > MAX_MEMORY_KIB || params.passes > MAX_PASSES || params.lanes > MAX_LANES {
        return Err(KeyStoreError::Kdf);
    }
    let params =
        Params::new(params.memory_kib, params.passes, params.lanes, Some(32)).map_err(|_| KeyStoreError::Kdf)?;
    let mut key = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, &mut *key)
        .map_err(|_| KeyStoreError::Kdf)?;
    Ok(XChaCha20Poly1305::new(&Key::from(*key)))
}

fn fixed<const N: usize>(text: &str) -> Result<[u8; N], KeyStoreError> {
    let bytes = STANDARD.decode(text).map_err(|error| KeyStoreError::Format(error.to_string()))?;
    bytes.try_into().map_err(|_| KeyStoreError::Format("a field has the wrong length".to_owned()))
}
