//! Keys in a device (PKCS #11, OASIS 2.40 and later): a card, an HSM, or a program that acts as one. They are made in it and never
//! leave it. The maker's library is loaded when the city starts; building needs nothing of it.
//!
//! Devices hold the P-256 keys: those that sign PDF files, QR codes and lists for browsers, and that of the time stamps. PKCS #11 has no
//! mechanism for SM2 that makers agree on, so the SM2 keys stay in the encrypted key file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use seal::cert::Certificate;
use seal::digest::sha256;
use seal::key::{Alg, KeyError, PublicKey, Signer, der_signature};
use serde::{Deserialize, Serialize};

/// Names of keys that a device may hold, before the id of the department or `city`.
const PURPOSES: [&str; 2] = ["qr/", "stamp/"];
/// DER of the object identifier of P-256, which PKCS #11 calls the parameters of the key.
const P256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// SubjectPublicKeyInfo of a P-256 key up to its point (RFC 5480).
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3,
    0x42, 0,
];
/// An uncompressed point: 04, then two coordinates.
const POINT_BYTES: usize = 65;

/// A device; an entry of `devices` in `city.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceConfig {
    /// The maker's PKCS #11 library, e.g. `/usr/lib/softhsm/libsofthsm2.so`.
    pub library: PathBuf,
    /// Label of the token in it.
    pub token: String,
    /// File that holds the PIN of the token's user; outside the city's folder, except in a demo city.
    pub pin_file: PathBuf,
    /// Its keys.
    pub keys: Vec<DeviceKey>,
}

/// A key in a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceKey {
    /// What it is for: `qr/<department>` or `stamp/city`. It takes the place of the key of this name in the key file.
    pub name: String,
    /// Its label in the device.
    pub label: String,
    /// Its certificate and those above it, PEM, the key's own first; `keys import` and `keys complete` write it. In the city's
    /// folder unless it is an absolute path.
    pub certificates: PathBuf,
}

impl DeviceConfig {
    /// Refuses keys that a device cannot hold, and a name twice.
    pub fn check(configs: &[DeviceConfig]) -> Result<()> {
        let mut names: Vec<&str> = configs.iter().flat_map(|own| &own.keys).map(|key| key.name.as_str()).collect();
        for name in &names {
            if !PURPOSES.iter().any(|purpose| name.starts_with(purpose)) {
                bail!("{name}: devices hold P-256 keys, which are called qr/<department> and stamp/city");
            }
        }
        names.sort_unstable();
        if let Some([name, _]) = names.windows(2).find(|pair| pair.first() == pair.last()) {
            bail!("two keys in devices are called {name}");
        }
        Ok(())
    }

    /// The device and its key of this name, where there is one.
    pub fn find<'c>(configs: &'c [DeviceConfig], name: &str) -> Option<(&'c DeviceConfig, &'c DeviceKey)> {
        configs.iter().find_map(|own| Some((own, own.keys.iter().find(|key| key.name == name)?)))
    }
}

/// A device that is open and signed in to.
pub struct Device {
    library: Pkcs11,
    config: DeviceConfig,
    pin: AuthPin,
    /// One at a time: a session does one thing after the other, and cards have few of them.
    session: Mutex<Session>,
}

impl Device {
    /// Loads the library and signs in to the token.
    ///
    /// # Errors
    /// The library or the token is missing, or the PIN is wrong. A PIN is tried once: tokens lock themselves after a few.
    pub fn open(config: &DeviceConfig) -> Result<Device> {
        let library = Pkcs11::new(&config.library)
            .with_context(|| format!("cannot load the PKCS #11 library {}", config.library.display()))?;
        match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Another device of the same maker has begun it.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(error).context("the PKCS #11 library does not start"),
        }
        let text = std::fs::read_to_string(&config.pin_file)
            .with_context(|| format!("cannot read the PIN file {}", config.pin_file.display()))?;
        let pin = AuthPin::new(text.trim_end_matches(['\r', '\n']).into());
        let session = session(&library, &config.token, &pin)?;
        Ok(Device { library, config: config.clone(), pin, session: Mutex::new(session) })
    }

    /// Does something with the session. One that was lost, because a card was pulled out or a device restarted, is opened anew.
    fn with<T>(&self, act: impl Fn(&Session) -> cryptoki::error::Result<T>) -> Result<T> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let error = match act(&session) {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if !is_lost(&error) {
            return Err(error.into());
        }
        tracing::warn!(token = self.config.token, %error, "the session with the device was lost");
        *session = self::session(&self.library, &self.config.token, &self.pin)?;
        Ok(act(&session)?)
    }

    /// The public half of a key; `None` when the device has none of this label.
    pub fn public_key(&self, label: &str) -> Result<Option<PublicKey>> {
        let point = self.with(|session| {
            let Some(key) = object(session, ObjectClass::PUBLIC_KEY, label)? else { return Ok(None) };
            let found = session.get_attributes(key, &[AttributeType::EcPoint])?;
            Ok(found.into_iter().find_map(|attribute| match attribute {
                Attribute::EcPoint(point) => Some(point),
                _ => None,
            }))
        })?;
        let Some(wrapped) = point else { return Ok(None) };
        // An OCTET STRING around the point by the standard; some makers leave it out.
        let point = wrapped.get(wrapped.len().saturating_sub(POINT_BYTES)..).unwrap_or_default();
        let key = PublicKey::from_spki(&[&P256_SPKI[..], point].concat());
        Ok(Some(key.with_context(|| format!("the key {label} in the device is not one of P-256"))?))
    }

    /// Makes a key that stays in the device for ever, unless there is one of this label; answers its public half.
    pub fn make_key(&self, label: &str) -> Result<PublicKey> {
        if let Some(key) = self.public_key(label)? {
            return Ok(key);
        }
        let named = || [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec())];
        let public: Vec<Attribute> = named()
            .into_iter()
            .chain([Attribute::Private(false), Attribute::Verify(true), Attribute::EcParams(P256.to_vec())])
            .collect();
        let private: Vec<Attribute> = named()
            .into_iter()
            .chain([
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Sign(true),
            ])
            .collect();
        self.with(|session| session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private))
            .context("the device makes no key")?;
        self.public_key(label)?.context("the device does not show the key that it has made")
    }

    /// Signs a message with a key of the device; DER.
    fn sign(&self, label: &str, message: &[u8]) -> Result<Vec<u8>> {
        let digest = sha256(message);
        let signature = self.with(|session| {
            let key = object(session, ObjectClass::PRIVATE_KEY, label)?;
            key.map(|key| session.sign(&Mechanism::Ecdsa, key, &digest)).transpose()
        })?;
        let raw = signature.with_context(|| format!("the device has no key {label}"))?;
        Ok(der_signature(Alg::Es256, &raw)?)
    }

    /// Signs the message of a certification request and the like.
    pub fn signs(&self, label: &str, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign(label, message).map_err(|error| KeyError::Sign(format!("{error:#}")))
    }
}

fn session(library: &Pkcs11, token: &str, pin: &AuthPin) -> Result<Session> {
    for slot in library.get_slots_with_initialized_token().context("the device lists no tokens")? {
        if library.get_token_info(slot)?.label().trim_end() != token {
            continue;
        }
        let session = library.open_rw_session(slot).with_context(|| format!("the token {token} cannot be opened"))?;
        match session.login(UserType::User, Some(pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => return Ok(session),
            Err(error) => return Err(error).with_context(|| format!("the token {token} refuses the PIN")),
        }
    }
    bail!("the device holds no token called {token}")
}

/// Whether an error says that there is no session any more.
fn is_lost(error: &Error) -> bool {
    use RvError::{DeviceError, DeviceRemoved, SessionClosed, SessionHandleInvalid, TokenNotPresent, UserNotLoggedIn};
    let Error::Pkcs11(error, _) = error else { return false };
    matches!(
        error,
        DeviceError | DeviceRemoved | SessionClosed | SessionHandleInvalid | TokenNotPresent | UserNotLoggedIn
    )
}

fn object(session: &Session, class: ObjectClass, label: &str) -> cryptoki::error::Result<Option<ObjectHandle>> {
    let template = [Attribute::Class(class), Attribute::Label(label.as_bytes().to_vec())];
    Ok(session.find_objects(&template)?.into_iter().next())
}

/// A key in a device with its certificates.
pub struct DeviceSigner {
    device: Arc<Device>,
    label: String,
    chain: Vec<Vec<u8>>,
    certificate: Certificate,
}

impl DeviceSigner {
    /// The key of this name, once it has a certificate; `None` before.
    ///
    /// # Errors
    /// The device has no such key, or the certificate is for another one.
    pub fn new(device: &Arc<Device>, key: &DeviceKey, folder: &Path) -> Result<Option<DeviceSigner>> {
        let path = folder.join(&key.certificates);
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let certificates = super::keys::read_roots(&text).with_context(|| path.display().to_string())?;
        let public = device.public_key(&key.label)?;
        let Some(own) = certificates.first().filter(|own| public.as_ref() == Some(own.public_key())) else {
            bail!("{}: the first certificate is not that of the key {} in the device", path.display(), key.label);
        };
        Ok(Some(DeviceSigner {
            device: Arc::clone(device),
            label: key.label.clone(),
            chain: certificates.iter().map(|certificate| certificate.der().to_vec()).collect(),
            certificate: own.clone(),
        }))
    }
}

impl Signer for DeviceSigner {
    fn alg(&self) -> Alg {
        Alg::Es256
    }

    fn certificate_chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn certificate(&self) -> Option<std::borrow::Cow<'_, Certificate>> {
        Some(std::borrow::Cow::Borrowed(&self.certificate))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.device.signs(&self.label, message)
    }
}
