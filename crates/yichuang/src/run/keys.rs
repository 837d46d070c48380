//! Keys of a city: made at `init`, kept encrypted, loaded at start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::catalog::Department;
use domain::time::Timestamp;
use seal::cert::{
    Certificate, Request, RevocationList, Revoked, Subject, issue, issue_time_stamper, revocation_list, self_sign,
};
use seal::key::{Alg, PrivateKey, PublicKey, Signer};
use seal::keystore::{Entry, KdfParams, KeyStore, Role};
use seal::tlog::note::{NoteSigner, Use};
use service::Keys;

use super::clock;
use super::device::{Device, DeviceConfig, DeviceKey, DeviceSigner};
use super::folder::{CityConfig, Folder, write_private};

/// Name of the encrypted key file.
pub const KEY_FILE: &str = "keys.json";
/// Name of the trust roots that verifiers use.
pub const ROOTS_FILE: &str = "roots.pem";

/// A file larger than this is no file of keys.
const LARGEST_PEM: u64 = 1 << 20;
/// Certificates that signed QR codes before they were renewed; verifiers in the field go on to trust them.
pub const FORMER_FILE: &str = "former.pem";
/// Revocation lists of the city's authorities, PEM; they go into PDF files with long-term data.
pub const REVOCATION_FILE: &str = "revoked.pem";
/// Name of the seal maker's key.
const MAKER: &str = "maker/city";
/// Name of the time-stamping authority's key.
const STAMPER: &str = "stamp/city";
/// Name of the key of the public log.
const LOG: &str = "log/city";
/// Name of the key with which the city countersigns the logs of others.
const WITNESS: &str = "witness/city";
const ROOT_YEARS: i64 = 20;
const SIGNER_YEARS: i64 = 10;
const YEAR_SECONDS: i64 = 365 * 86_400;

/// What `init` makes.
pub struct Made {
    /// Signers of every department, without the roots.
    pub store: KeyStore,
    /// Both root certificates as PEM.
    pub roots: String,
    /// Both root keys as PEM, to be taken away from the machine.
    pub root_keys: String,
}

struct Root {
    key: PrivateKey,
    certificate: Certificate,
}

fn root(alg: Alg, name: &str, since: Timestamp) -> Result<Root> {
    let key = PrivateKey::generate(alg, &mut clock::fill);
    let request = Request {
        subject: Subject { common_name: name.to_owned(), organisation: name.to_owned(), code: None },
        not_before: since,
        not_after: since.plus_seconds(ROOT_YEARS * YEAR_SECONDS),
    };
    let certificate = self_sign(&key, &request, &mut clock::fill).context("cannot make a root certificate")?;
    Ok(Root { key, certificate })
}

/// What a key is for: with which root it is certified, and whether it may do nothing but stamp times.
struct Purpose<'r> {
    root: &'r Root,
    words: &'static str,
    role: Role,
    stamps: bool,
}

impl Purpose<'_> {
    /// The certificate of a key in the name of a department.
    fn certify(&self, key: &PublicKey, department: &Department, since: Timestamp) -> Result<Certificate> {
        let subject = Subject {
            // Readers of PDF and OFD show this name as the signer's.
            common_name: format!("{}{}", department.name.zh, self.words),
            organisation: department.name.zh.clone(),
            code: Some(department.uscc.clone()),
        };
        certify(self.root, key, subject, self.stamps, since)
            .with_context(|| format!("cannot make a certificate for {}", department.id))
    }

    /// A new key in the name of a department.
    fn key(&self, department: &Department, since: Timestamp) -> Result<Entry> {
        let key = PrivateKey::generate(self.root.key.alg(), &mut clock::fill);
        let certificate = self.certify(&key.public_key(), department, since)?;
        Ok(Entry { role: self.role, key, certs: vec![certificate.der().to_vec()] })
    }
}

/// A certificate for a key, by the city's own root.
fn certify(root: &Root, key: &PublicKey, subject: Subject, stamps: bool, since: Timestamp) -> Result<Certificate> {
    let not_after = since.plus_seconds(SIGNER_YEARS * YEAR_SECONDS);
    let request = Request { subject, not_before: since, not_after };
    let certify = if stamps { issue_time_stamper } else { issue };
    Ok(certify(&root.key, &root.certificate, key, &request, &mut clock::fill)?)
}

/// The devices of a city, and the folder in which the certificates of their keys lie.
#[derive(Default)]
pub struct Devices<'c> {
    /// As `city.json` names them.
    pub configs: &'c [DeviceConfig],
    /// The city's folder.
    pub folder: PathBuf,
}

/// Puts certificates to a key in a device, the key's own first.
pub fn put_certificates(folder: &Path, key: &DeviceKey, certificates: &[Certificate]) -> Result<()> {
    let pem = certificates.iter().map(Certificate::to_pem).collect::<Result<String, _>>()?;
    write_private(&folder.join(&key.certificates), pem.as_bytes())
}

/// Makes the keys that are not there yet, and returns their names: a signer of data and one of QR codes for every department, and
/// for the city a maker of seals and a time-stamping authority in the name of its first department, and the keys of its public log and
/// of its witness, which no root certifies.
fn complete(
    store: &mut KeyStore,
    (sm2, p256): (&Root, &Root),
    departments: &[&Department],
    devices: &Devices<'_>,
    since: Timestamp,
) -> Result<Vec<String>> {
    let signer = |root, words, role| Purpose { root, words, role, stamps: false };
    let seal = signer(sm2, "", Role::Signer);
    let qr = signer(p256, "", Role::Qr);
    let maker = signer(sm2, "制章人", Role::Signer);
    let stamper = Purpose { root: p256, words: "时间戳", role: Role::Signer, stamps: true };
    let mut wanted = Vec::new();
    for department in departments {
        wanted.push((format!("seal/{}", department.id), &seal, department));
        wanted.push((format!("qr/{}", department.id), &qr, department));
    }
    if let Some(first) = departments.first() {
        wanted.push((MAKER.to_owned(), &maker, first));
        wanted.push((STAMPER.to_owned(), &stamper, first));
    }
    let mut made = Vec::new();
    for (name, purpose, department) in wanted {
        if let Some((config, key)) = DeviceConfig::find(devices.configs, &name) {
            if devices.folder.join(&key.certificates).exists() {
                continue;
            }
            let public = Device::open(config)?.make_key(&key.label)?;
            put_certificates(&devices.folder, key, &[purpose.certify(&public, department, since)?])?;
        } else if store.get(&name).is_none() {
            store.insert(&name, purpose.key(department, since)?)?;
        } else {
            continue;
        }
        made.push(name);
    }
    for name in [LOG, WITNESS].into_iter().filter(|name| store.log_key(name).is_none()).collect::<Vec<_>>() {
        let mut seed = [0; 32];
        clock::fill(&mut seed);
        store.insert_log_key(name, seed)?;
        made.push(name.to_owned());
    }
    Ok(made)
}

/// Makes two roots (SM2 for data, P-256 for what browsers and readers of PDF check), and below them the keys of the departments
/// and of the city, valid `since`: now for a real city, the beginning of its invented past for a demo city.
pub fn make<'d>(name: &str, departments: impl Iterator<Item = &'d Department>, since: Timestamp) -> Result<Made> {
    let sm2 = root(Alg::Sm2Sm3, &format!("{name} SM2 根证书"), since)?;
    let p256 = root(Alg::Es256, &format!("{name} P-256 根证书"), since)?;
    let mut store = KeyStore::new();
    complete(&mut store, (&sm2, &p256), &departments.collect::<Vec<_>>(), &Devices::default(), since)?;
    let roots = format!("{}{}", sm2.certificate.to_pem()?, p256.certificate.to_pem()?);
    let root_keys = format!("{}{}", *sm2.key.to_pem()?, *p256.key.to_pem()?);
    Ok(Made { store, roots, root_keys })
}

/// Makes the keys that a city lacks, because an earlier version founded it or its catalogue has grown, with the root keys that
/// `init` exported. Returns the names of what was made.
///
/// # Errors
/// `root_keys` does not hold both keys of the city's own roots.
pub fn add_missing(
    store: &mut KeyStore,
    roots: &[Certificate],
    root_keys: &str,
    departments: &[&Department],
    devices: &Devices<'_>,
    since: Timestamp,
) -> Result<Vec<String>> {
    let own = own_roots(roots, root_keys);
    complete(store, (of_alg(&own, Alg::Sm2Sm3)?, of_alg(&own, Alg::Es256)?), departments, devices, since)
}

/// The roots of the city whose keys stand in this text.
fn own_roots(roots: &[Certificate], root_keys: &str) -> Vec<Root> {
    let keys: Vec<PrivateKey> = pem_blocks(root_keys).filter_map(|block| PrivateKey::from_pem(&block).ok()).collect();
    let own = |root: &Certificate| {
        let key = keys.iter().find(|key| key.public_key() == *root.public_key())?;
        Some(Root { key: key.clone(), certificate: root.clone() })
    };
    roots.iter().filter_map(own).collect()
}

fn of_alg(own: &[Root], alg: Alg) -> Result<&Root> {
    let found = own.iter().find(|root| root.key.alg() == alg);
    found.with_context(|| format!("the file holds no {} key of a root of this city", alg.name()))
}

/// Puts new keys in the place of these, certified by the city's own root under the names of before. Answers the certificates that
/// were replaced, which stay as good for what they signed as they were.
///
/// # Errors
/// There is no such key with a certificate, or `root_keys` does not hold the key of a root of its kind.
pub fn rotate(
    store: &mut KeyStore,
    roots: &[Certificate],
    root_keys: &str,
    names: &[String],
    since: Timestamp,
) -> Result<Vec<Certificate>> {
    let own = own_roots(roots, root_keys);
    let mut former = Vec::new();
    for name in names {
        let entry = store.get(name).with_context(|| format!("there is no key {name} in this city"))?;
        let der = entry.certs.first().with_context(|| format!("the key {name} has no certificate yet"))?;
        let present = Certificate::from_der(der)?;
        let (role, alg) = (entry.role, entry.key.alg());
        let key = PrivateKey::generate(alg, &mut clock::fill);
        let stamps = name.starts_with("stamp/");
        let root = of_alg(&own, alg)?;
        let certificate = certify(root, &key.public_key(), subject_of(&present), stamps, since)
            .with_context(|| format!("cannot make a certificate for {name}"))?;
        store.remove(name);
        store.insert(name, Entry { role, key, certs: vec![certificate.der().to_vec()] })?;
        former.push(present);
    }
    Ok(former)
}

/// The name that a certificate bears: what licences and documents state as their issuer.
pub fn subject_of(certificate: &Certificate) -> Subject {
    Subject {
        common_name: certificate.common_name().unwrap_or_default().to_owned(),
        organisation: certificate.organisation().unwrap_or_default().to_owned(),
        code: certificate.code().map(str::to_owned),
    }
}

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

/// Refuses a folder in which a root key lies, under whatever name: who gets hold of the folder could found the city anew.
pub fn refuse_root_keys(folder: &Folder, config: &CityConfig) -> Result<()> {
    // Files of citizens, and a checkpoint for every ten minutes: many, and none of them ours to search.
    let others: Vec<PathBuf> = config.witness_dir.iter().cloned().chain([folder.file("uploads")]).collect();
    let pem = std::fs::read_to_string(folder.file(ROOTS_FILE)).context("cannot read the trust roots")?;
    let roots = read_roots(&pem)?;
    let mut folders = vec![folder.path().to_path_buf()];
    while let Some(place) = folders.pop() {
        for entry in std::fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))? {
            let entry = entry?;
            let path = entry.path();
            // What vanishes meanwhile, or leads nowhere, holds no key.
            let Ok(kind) = std::fs::metadata(&path) else { continue };
            if kind.is_dir() {
                if !entry.file_type()?.is_symlink() && !others.contains(&path) {
                    folders.push(path);
                }
            } else if kind.is_file() && kind.len() <= LARGEST_PEM && holds_root_key(&path, &roots) {
                bail!(
                    "{} holds a root key of this city. Take it away from this machine: `serve` does not start beside it.",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

fn holds_root_key(path: &Path, roots: &[Certificate]) -> bool {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    pem_blocks(&text).any(|block| {
        let key = PrivateKey::from_pem(&block).ok();
        key.is_some_and(|key| roots.iter().any(|root| *root.public_key() == key.public_key()))
    })
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

/// The key file of a city, with the passphrase that opens it.
pub fn open(folder: &Folder) -> Result<(KeyStore, Vec<u8>)> {
    let passphrase = super::open::passphrase(&folder.config()?)?;
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
    let passphrase = super::open::passphrase(config)?;
    let bytes = std::fs::read(folder.file(KEY_FILE)).context("cannot read the key file")?;
    let store = KeyStore::open(&bytes, &passphrase).context("cannot open the key file: check the passphrase")?;
    if store.contains_root() {
        bail!("the key file holds a root key. Keep root keys away from this machine: export it and remove it here.");
    }
    let pem = std::fs::read_to_string(folder.file(ROOTS_FILE)).context("cannot read the trust roots")?;
    let mut keys = of_store(&store, &pem, former(folder)?, (&config.log_origin(), &config.witness_name()))?;
    keys.seal_version = config.seal_version;
    keys.time_authority = config.time_authority()?;
    keys.revocation_lists = revocation_lists(folder)?;
    add_devices(&mut keys, folder, config)?;
    Ok(keys)
}

/// The revocation lists of the city's authorities, which `keys crl` and the operator put into the folder.
fn revocation_lists(folder: &Folder) -> Result<Vec<Vec<u8>>> {
    let path = folder.file(REVOCATION_FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let body = |block: String| -> Option<Vec<u8>> {
        let lines: String = block.lines().filter(|line| !line.starts_with("-----")).collect();
        STANDARD.decode(lines).ok()
    };
    pem_blocks(&text).map(|block| body(block).with_context(|| path.display().to_string())).collect()
}

/// Signs a revocation list of the city's P-256 root, which readers of PDF ask for, and puts it into the folder. `revoked` count no more
/// from `now` on.
///
/// # Errors
/// `root_keys` does not hold that root's key, or a certificate is not one that it certified.
pub fn revoke(
    folder: &Folder,
    roots: &[Certificate],
    root_keys: &str,
    revoked: &[Certificate],
    (now, next): (Timestamp, Timestamp),
) -> Result<()> {
    let own = own_roots(roots, root_keys);
    let root = of_alg(&own, Alg::Es256)?;
    if let Some(other) = revoked.iter().find(|certificate| !certificate.is_signed_by(&root.certificate)) {
        bail!("the city's P-256 root has not certified {}", other.common_name().unwrap_or_default());
    }
    // What was revoked before stays so, from when it was.
    let before = revocation_lists(folder)?;
    let lists: Vec<RevocationList> = before.iter().filter_map(|der| RevocationList::from_der(der)).collect();
    let own_lists = lists.iter().filter(|list| list.is_of(&root.certificate));
    let mut all: Vec<Revoked> = own_lists.flat_map(|list| list.entries().to_vec()).collect();
    let new = revoked.iter().filter_map(|certificate| seal::cert::revoked(certificate, now));
    let known: Vec<Vec<u8>> = all.iter().map(|(number, _)| number.clone()).collect();
    all.extend(new.filter(|(number, _)| !known.contains(number)));
    let number = u64::try_from(now.micros() / 1_000_000)?;
    let list = revocation_list(&root.key, &root.certificate, &all, (now, next), number)?;
    // Lists of other authorities stay.
    let others = before
        .into_iter()
        .filter(|der| RevocationList::from_der(der).is_none_or(|list| !list.is_of(&root.certificate)));
    let pem: String = others.chain([list]).map(|der| pem_of_list(&der)).collect();
    folder.write(REVOCATION_FILE, pem.as_bytes())
}

fn pem_of_list(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN X509 CRL-----\n{}\n-----END X509 CRL-----\n", lines.join("\n"))
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
