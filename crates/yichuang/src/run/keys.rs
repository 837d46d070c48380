//! Keys of a city: made at `init`, kept encrypted, loaded at start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::catalog::Department;
use domain::time::Timestamp;
use seal::cert::{Certificate, Request, Subject, issue, issue_time_stamper, self_sign};
use seal::key::{Alg, PrivateKey, Signer};
use seal::keystore::{Entry, KdfParams, KeyStore, Role};
use seal::tlog::note::{NoteSigner, Use};
use service::Keys;

use super::clock;
use super::folder::{CityConfig, Folder};

/// Name of the encrypted key file.
pub const KEY_FILE: &str = "keys.json";
/// Name of the trust roots that verifiers use.
pub const ROOTS_FILE: &str = "roots.pem";

/// A file larger than this is no file of keys.
const LARGEST_PEM: u64 = 1 << 20;
/// Certificates that signed QR codes before they were renewed; verifiers in the field go on to trust them.
pub const FORMER_FILE: &str = "former.pem";
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
    /// A new key in the name of a department.
    fn key(&self, department: &Department, since: Timestamp) -> Result<Entry> {
        let root = self.root;
        let key = PrivateKey::generate(root.key.alg(), &mut clock::fill);
        let request = Request {
            subject: Subject {
                // Readers of PDF and OFD show this name as the signer's.
                common_name: format!("{}{}", department.name.zh, self.words),
                organisation: department.name.zh.clone(),
                code: Some(department.uscc.clone()),
            },
            not_before: since,
            not_after: since.plus_seconds(SIGNER_YEARS * YEAR_SECONDS),
        };
        let certify = if self.stamps { issue_time_stamper } else { issue };
        let certificate = certify(&root.key, &root.certificate, &key.public_key(), &request, &mut clock::fill)
            .with_context(|| format!("cannot make a certificate for {}", department.id))?;
        Ok(Entry { role: self.role, key, certs: vec![certificate.der().to_vec()] })
    }
}

/// Makes the keys that are not there yet, and returns their names: a signer of data and one of QR codes for every department, and
/// for the city a maker of seals and a time-stamping authority in the name of its first department, and the keys of its public log and
/// of its witness, which no root certifies.
fn complete(
    store: &mut KeyStore,
    (sm2, p256): (&Root, &Root),
    departments: &[&Department],
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
    wanted.retain(|(name, ..)| store.get(name).is_none());
    for (name, purpose, department) in &wanted {
        store.insert(name, purpose.key(department, since)?)?;
    }
    let mut made: Vec<String> = wanted.into_iter().map(|(name, ..)| name).collect();
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
    complete(&mut store, (&sm2, &p256), &departments.collect::<Vec<_>>(), since)?;
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
    since: Timestamp,
) -> Result<Vec<String>> {
    let keys: Vec<PrivateKey> = pem_blocks(root_keys).filter_map(|block| PrivateKey::from_pem(&block).ok()).collect();
    let root = |alg: Alg| {
        let own = roots.iter().find_map(|root| {
            let key = keys.iter().find(|key| key.alg() == alg && key.public_key() == *root.public_key())?;
            Some(Root { key: key.clone(), certificate: root.clone() })
        });
        own.with_context(|| format!("the file holds no {} key of a root of this city", alg.name()))
    };
    complete(store, (&root(Alg::Sm2Sm3)?, &root(Alg::Es256)?), departments, since)
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
    of_store(&store, &pem, former(folder)?, (&config.log_origin(), &config.witness_name()))
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
