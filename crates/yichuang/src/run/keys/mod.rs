//! Keys of a city: made at `init`, kept encrypted, loaded at start.

mod guard;
mod make;
mod revocation;

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::catalog::Department;
use domain::time::Timestamp;
use seal::cert::Certificate;
use seal::key::Signer;
use seal::keystore::{KdfParams, KeyStore};
use seal::tlog::note::{NoteSigner, Use, VerifierKey};
use service::Keys;

pub use self::guard::refuse_root_keys;
pub use self::make::{Devices, Made, add_missing, make, put_certificates, rotate, subject_of};
pub use self::revocation::revoke;
use super::clock;
use super::device::{Device, DeviceSigner};
use super::folder::{CityConfig, Folder};

/// Name of the encrypted key file.
pub const KEY_FILE: &str = "keys.json";
/// Name of the trust roots that verifiers use.
pub const ROOTS_FILE: &str = "roots.pem";
/// Certificates that signed QR codes before they were renewed; verifiers in the field go on to trust them.
pub const FORMER_FILE: &str = "former.pem";
/// Revocation lists of the city's authorities, PEM; they go into PDF files with long-term data.
pub const REVOCATION_FILE: &str = "revoked.pem";
/// The verifier key of the city's public log, for commands that have no keys: as much to be trusted as the roots beside it.
pub const LOG_KEY_FILE: &str = "log-key.txt";
/// Name of the key of the public log.
const LOG: &str = "log/city";
/// Name of the key with which the city countersigns the logs of others.
const WITNESS: &str = "witness/city";

/// Keys of a city with one department, for measuring.
pub fn for_bench(department: &Department, since: Timestamp) -> Result<Keys> {
    let made = make("bench", std::iter::once(department), since)?;
    of_store(&made.store, &made.roots, Vec::new(), ("bench.example/log", "bench.example/witness"))
}

/// Encrypts the key file into the folder, with the roots beside it.
pub fn save(folder: &Folder, made: &Made, passphrase: &[u8], kdf: KdfParams) -> Result<()> {
    let sealed = made.store.seal(passphrase, kdf, &mut clock::fill)?;
    folder.write(KEY_FILE, &sealed)?;
    folder.write(ROOTS_FILE, made.roots.as_bytes())
}

/// The certificates of a PEM file, in order.
pub fn read_roots(pem: &str) -> Result<Vec<Certificate>> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut found = Vec::new();
    for part in pem.split_inclusive(END).filter(|part| part.contains("BEGIN CERTIFICATE")) {
        found.push(Certificate::from_pem(part.trim()).context("a trust root cannot be read")?);
    }
    if found.is_empty() {
        bail!("there is no certificate in the file of trust roots");
    }
    Ok(found)
}

/// The PEM blocks of a text, in order.
fn pem_blocks(text: &str) -> impl Iterator<Item = String> {
    const BEGIN: &str = "-----BEGIN";
    text.split(BEGIN).skip(1).filter_map(|part| {
        let (inside, rest) = part.split_once("-----END")?;
        let end = rest.split_once("-----").map_or("", |(label, _)| label);
        Some(format!("{BEGIN}{inside}-----END{end}-----\n"))
    })
}

/// Writes down the verifier key of the public log, unless it is there.
pub fn keep_log_key(folder: &Folder, keys: &Keys) -> Result<()> {
    let Some(log) = &keys.log else { return Ok(()) };
    let line = format!("{}\n", log.verifier());
    if std::fs::read_to_string(folder.file(LOG_KEY_FILE)).is_ok_and(|kept| kept == line) {
        return Ok(());
    }
    folder.write(LOG_KEY_FILE, line.as_bytes())
}

/// The verifier key of the city's public log; `None` before the city was served for the first time.
pub fn log_key(folder: &Folder) -> Result<Option<VerifierKey>> {
    let path = folder.file(LOG_KEY_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let key = VerifierKey::parse(text.trim()).with_context(|| format!("{} holds no verifier key", path.display()))?;
    Ok(Some(key))
}

/// The key file of a city, with the passphrase that opens it.
pub fn open(folder: &Folder) -> Result<(KeyStore, Vec<u8>)> {
    let passphrase = crate::run::open::passphrase(&folder.config()?)?;
    let bytes = std::fs::read(folder.file(KEY_FILE)).context("cannot read the key file")?;
    let store = KeyStore::open(&bytes, &passphrase).context("cannot open the key file: check the passphrase")?;
    Ok((store, passphrase))
}

/// Writes the key file anew, whole or not at all.
pub fn replace(folder: &Folder, store: &KeyStore, passphrase: &[u8]) -> Result<()> {
    let sealed = store.seal(passphrase, KdfParams::RECOMMENDED, &mut clock::fill)?;
    folder.write(KEY_FILE, &sealed)
}

/// Keeps a certificate that was replaced.
pub fn keep_former(folder: &Folder, certificate: &Certificate) -> Result<()> {
    let mut all = former(folder)?;
    if all.contains(certificate) {
        return Ok(());
    }
    all.push(certificate.clone());
    let pem = all.iter().map(Certificate::to_pem).collect::<Result<String, _>>()?;
    folder.write(FORMER_FILE, pem.as_bytes())
}

fn former(folder: &Folder) -> Result<Vec<Certificate>> {
    let path = folder.file(FORMER_FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    read_roots(&std::fs::read_to_string(&path)?).with_context(|| format!("cannot read {}", path.display()))
}

/// Opens the key file of a city and loads every signer. A key whose request still lies with an authority signs nothing yet.
pub fn load(folder: &Folder, config: &CityConfig) -> Result<Keys> {
    let passphrase = crate::run::open::passphrase(config)?;
    let bytes = std::fs::read(folder.file(KEY_FILE)).context("cannot read the key file")?;
    let store = KeyStore::open(&bytes, &passphrase).context("cannot open the key file: check the passphrase")?;
    if store.contains_root() {
        bail!("the key file holds a root key. Keep root keys away from this machine: export it and remove it here.");
    }
    let pem = std::fs::read_to_string(folder.file(ROOTS_FILE)).context("cannot read the trust roots")?;
    let mut keys = of_store(&store, &pem, former(folder)?, (&config.log_origin(), &config.witness_name()))?;
    keys.seal_version = config.seal_version;
    keys.time_authority = config.time_authority()?;
    keys.revocation_lists = revocation::revocation_lists(folder)?;
    add_devices(&mut keys, folder, config)?;
    Ok(keys)
}

/// Puts the keys in devices in the place of those in the key file. One without a certificate signs nothing yet.
fn add_devices(keys: &mut Keys, folder: &Folder, config: &CityConfig) -> Result<()> {
    for config in &config.devices {
        let device = Arc::new(Device::open(config)?);
        for key in &config.keys {
            let Some(signer) = DeviceSigner::new(&device, key, folder.path())? else {
                tracing::warn!(key = key.name, "has no certificate yet: see `keys csr` and `keys complete`");
                continue;
            };
            let signer: Arc<dyn Signer> = Arc::new(signer);
            match key.name.split_once('/') {
                Some(("qr", id)) => drop(keys.qr.insert(id.to_owned(), signer)),
                Some(("stamp", _)) => keys.stamper = Some(signer),
                _ => {}
            }
        }
    }
    Ok(())
}

fn of_store(store: &KeyStore, roots: &str, former: Vec<Certificate>, (origin, witness): (&str, &str)) -> Result<Keys> {
    let mut keys = Keys { roots: read_roots(roots)?, former, ..Keys::default() };
    for name in store.names() {
        if store.get(name).is_none_or(|entry| entry.certs.is_empty()) {
            continue;
        }
        let signer: Arc<dyn Signer> = Arc::new(store.signer(name)?);
        match name.split_once('/') {
            Some(("seal", id)) => {
                keys.signers.insert(id.to_owned(), signer);
            }
            Some(("qr", id)) => {
                keys.qr.insert(id.to_owned(), signer);
            }
            Some(("maker", _)) => keys.maker = Some(signer),
            Some(("stamp", _)) => keys.stamper = Some(signer),
            _ => {}
        }
    }
    let of_log = |name: &str, origin: &str, does: Use| -> Result<Option<Arc<NoteSigner>>> {
        let Some(seed) = store.log_key(name) else { return Ok(None) };
        let bad = || format!("{origin} cannot be the name of a key: set `log_origin` in city.json");
        Ok(Some(Arc::new(NoteSigner::new(origin, does, seed).with_context(bad)?)))
    };
    keys.log = of_log(LOG, origin, Use::Note)?;
    keys.witness = of_log(WITNESS, witness, Use::Cosignature)?;
    Ok(keys)
}
