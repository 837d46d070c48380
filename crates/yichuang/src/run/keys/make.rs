//! Making keys, each certified by one of the city's two roots.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::catalog::Department;
use domain::time::Timestamp;
use seal::cert::{Certificate, Request, Subject, issue, issue_time_stamper, self_sign};
use seal::key::{Alg, PrivateKey, PublicKey};
use seal::keystore::{Entry, KeyStore, Role};

use super::{LOG, WITNESS, pem_blocks};
use crate::run::clock;
use crate::run::device::{Device, DeviceConfig, DeviceKey};
use crate::run::folder::write_private;

/// Name of the seal maker's key.
const MAKER: &str = "maker/city";
/// Name of the time-stamping authority's key.
const STAMPER: &str = "stamp/city";
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

pub(super) struct Root {
    pub(super) key: PrivateKey,
    pub(super) certificate: Certificate,
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
pub(super) fn own_roots(roots: &[Certificate], root_keys: &str) -> Vec<Root> {
    let keys: Vec<PrivateKey> = pem_blocks(root_keys).filter_map(|block| PrivateKey::from_pem(&block).ok()).collect();
    let own = |root: &Certificate| {
        let key = keys.iter().find(|key| key.public_key() == *root.public_key())?;
        Some(Root { key: key.clone(), certificate: root.clone() })
    };
    roots.iter().filter_map(own).collect()
}

pub(super) fn of_alg(own: &[Root], alg: Alg) -> Result<&Root> {
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
