//! `yichuang keys csr`, `yichuang keys import`: certificates of a licensed certification authority 电子认证服务机构 (DESIGN §7);
//! `yichuang keys complete`: keys that the city lacks, certified by its own roots; `yichuang keys rotate`: new keys in the place of those
//! in use. Keys in devices (`devices` in `city.json`) are named like those in the key file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use domain::time::Timestamp;
use seal::cert::{Certificate, ChainError, Subject, request_pem, request_pem_by, verify_chain};
use seal::key::{Alg, PrivateKey, PublicKey};
use seal::keystore::{Entry, KeyStore, Role};
use serde_json::json;
use service::Clock;
use service::licences;

use super::catalog::operator;
use super::{Answer, say};
use crate::run::clock::{SystemClock, fill};
use crate::run::device::{Device, DeviceConfig, DeviceKey};
use crate::run::folder::{CityConfig, Folder, write_private};
use crate::run::keys::{self, Devices, ROOTS_FILE, read_roots, subject_of};
use crate::run::open;

/// A file larger than this is none of keys or certificates.
const LARGEST_PEM: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Purpose {
    /// SM2: licences and documents.
    Seal,
    /// P-256: QR codes.
    Qr,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Seal => "seal",
            Purpose::Qr => "qr",
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a certification request (PKCS #10) for a bureau's key; a bureau without a key gets one.
    Csr {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Id of the department in the catalogue.
        #[arg(long)]
        department: String,
        /// Which of its keys.
        #[arg(long, value_enum, default_value = "seal")]
        purpose: Purpose,
        /// File to write.
        #[arg(long)]
        out: PathBuf,
        /// For a new key, which takes the place of the present one when its certificate is imported.
        #[arg(long)]
        new_key: bool,
    },
    /// Put the authority's certificate to the bureau's key. Restart the server afterwards.
    Import {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Id of the department in the catalogue.
        #[arg(long)]
        department: String,
        /// Which of its keys.
        #[arg(long, value_enum, default_value = "seal")]
        purpose: Purpose,
        /// The certificate, PEM.
        #[arg(long)]
        cert: PathBuf,
        /// The authorities between it and a root of the city, PEM, the nearest first.
        #[arg(long)]
        chain: Option<PathBuf>,
    },
    /// Make the keys that the city lacks: those of departments that came with a later catalogue, and the seal maker's and the
    /// time stamps' where an earlier version founded the city. Restart the server afterwards.
    Complete {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// The root keys that `init` exported, brought to this machine for as long as this takes.
        #[arg(long)]
        root_key: PathBuf,
    },
    /// Put new keys in the place of those in use, certified by the city's own roots. What was signed before stays valid: its
    /// certificates are kept. Restart the servers afterwards.
    Rotate {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Names of keys, as `keys list` shows them: `seal/approval`, `qr/approval`, `maker/city`, `stamp/city`.
        #[arg(long = "key", required = true)]
        names: Vec<String>,
        /// The root keys that `init` exported, brought to this machine for as long as this takes.
        #[arg(long)]
        root_key: PathBuf,
    },
    /// Sign a revocation list of the city's P-256 root: what readers of PDF ask for when they validate a signature years later.
    Crl {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// The root keys that `init` exported, brought to this machine for as long as this takes.
        #[arg(long)]
        root_key: PathBuf,
        /// A certificate whose key was lost or stolen, PEM: it counts no more from now on. May be given several times.
        #[arg(long)]
        revoke: Vec<PathBuf>,
        /// Until when the list may be relied on, in days.
        #[arg(long, default_value_t = 366)]
        days: u32,
    },
    /// Show the bureaus' electronic seals, or the latest uses of one.
    Seals {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Number of a seal: who used it when.
        #[arg(long)]
        uses: Option<String>,
        /// How many uses, at most.
        #[arg(long, default_value_t = 100)]
        limit: u16,
    },
    /// Show every key: where it lies, whose it is, and until when its certificate is valid.
    List {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Csr { dir, department, purpose, out, new_key } => {
            csr(&Folder::at(dir), &department, (purpose, new_key), &out, json).await
        }
        Command::Import { dir, department, purpose, cert, chain } => {
            import(&Folder::at(dir), &format!("{}/{department}", purpose.name()), &cert, chain.as_deref(), json)
        }
        Command::Complete { dir, root_key } => complete(&Folder::at(dir), &root_key, json).await,
        Command::Rotate { dir, names, root_key } => rotate(&Folder::at(dir), &names, &root_key, json),
        Command::Crl { dir, root_key, revoke, days } => crl(&Folder::at(dir), &root_key, &revoke, days, json),
        Command::Seals { dir, uses, limit } => match uses {
            None => seals(&Folder::at(dir), json).await,
            Some(seal) => seal_uses(&Folder::at(dir), &seal, limit.into(), json).await,
        },
        Command::List { dir } => list(&Folder::at(dir), json),
    }
}

async fn csr(
    folder: &Folder,
    department: &str,
    (purpose, new_key): (Purpose, bool),
    out: &Path,
    json: bool,
) -> Result<Answer> {
    if out.exists() {
        bail!("{} exists already: name another file", out.display());
    }
    let name = format!("{}/{department}", purpose.name());
    let config = folder.config()?;
    let (mut store, passphrase) = keys::open(folder)?;
    let own = Own::find(folder, &config, &store, &name)?;
    let subject = match &own.certificate {
        Some(certificate) => subject_of(certificate),
        None => subject_of_department(folder, department).await?,
    };
    let request = match own.device {
        Some(_) if new_key => bail!(
            "{name} lies in a device: give it another `label` and file of certificates in city.json, then ask without --new-key"
        ),
        Some((device, key)) => {
            let device = Device::open(device)?;
            let public = device.make_key(&key.label)?;
            request_pem_by(&public, &subject, |message| device.signs(&key.label, message))?
        }
        None => {
            let place = if new_key { next(&name) } else { name.clone() };
            request_pem(&key_of_store(folder, (&mut store, &passphrase), &place, purpose)?, &subject)?
        }
    };
    write_private(out, request.as_bytes())?;
    let line = format!("{} written; put the answer back with `yichuang keys import`", out.display());
    say(json, &json!({ "written": out, "subject": subject.organisation, "key": name }), &line);
    Ok(Answer::Yes)
}

/// Under which name a key waits until its certificate comes.
fn next(name: &str) -> String {
    format!("next/{name}")
}

/// The key of a name in the key file, made where there is none.
fn key_of_store(
    folder: &Folder,
    (store, passphrase): (&mut KeyStore, &[u8]),
    name: &str,
    purpose: Purpose,
) -> Result<PrivateKey> {
    if let Some(entry) = store.get(name) {
        return Ok(entry.key.clone());
    }
    let (alg, role) = match purpose {
        Purpose::Seal => (Alg::Sm2Sm3, Role::Signer),
        Purpose::Qr => (Alg::Es256, Role::Qr),
    };
    let key = PrivateKey::generate(alg, &mut fill);
    store.insert(name, Entry { role, key: key.clone(), certs: Vec::new() })?;
    keys::replace(folder, store, passphrase)?;
    Ok(key)
}

/// A key of the city, wherever it lies.
struct Own<'c> {
    device: Option<(&'c DeviceConfig, &'c DeviceKey)>,
    /// Under which it signs now.
    certificate: Option<Certificate>,
}

impl<'c> Own<'c> {
    fn find(folder: &Folder, config: &'c CityConfig, store: &KeyStore, name: &str) -> Result<Own<'c>> {
        let device = DeviceConfig::find(&config.devices, name);
        let file = device.map(|(_, key)| folder.path().join(&key.certificates)).filter(|path| path.exists());
        let certificate = match file {
            Some(path) => certificates(&path)?.into_iter().next(),
            None => {
                let der = store.get(name).and_then(|entry| entry.certs.first());
                der.map(|der| Certificate::from_der(der)).transpose()?
            }
        };
        Ok(Own { device, certificate })
    }
}

async fn subject_of_department(folder: &Folder, id: &str) -> Result<Subject> {
    let city = open::city(folder).await?;
    let shelf = city.shelf();
    let Ok(department) = shelf.department(id) else {
        let known: Vec<&str> = shelf.departments().map(|department| department.id.as_str()).collect();
        bail!("there is no department {id} in the published catalogue; there are {}", known.join(", "));
    };
    Ok(Subject {
        common_name: department.name.zh.clone(),
        organisation: department.name.zh.clone(),
        code: Some(department.uscc.clone()),
    })
}

fn import(folder: &Folder, name: &str, cert: &Path, chain: Option<&Path>, json: bool) -> Result<Answer> {
    let mut given = certificates(cert)?;
    if let Some(path) = chain {
        given.extend(certificates(path)?);
    }
    let roots = read_roots(&pem(&folder.file(ROOTS_FILE))?)?;
    // Roots are configured, never taken along.
    given.retain(|certificate| !roots.contains(certificate));
    let config = folder.config()?;
    let (mut store, passphrase) = keys::open(folder)?;
    let own = Own::find(folder, &config, &store, name)?;
    let waiting = store.get(&next(name)).map(|entry| entry.key.public_key());
    // A new key whose certificate has come takes the place of the present one.
    let takes_over = waiting.is_some() && waiting.as_ref() == given.first().map(Certificate::public_key);
    let public = match own.device {
        Some((device, key)) => Device::open(device)?.public_key(&key.label)?,
        None if takes_over => waiting,
        None => store.get(name).map(|entry| entry.key.public_key()),
    };
    let Some(public) = public else {
        bail!("there is no key {name} in this city: make it with `yichuang keys csr`");
    };
    let now = SystemClock.now();
    if let Err(why) = check((&public, own.certificate.as_ref()), &given, &roots, now) {
        say(json, &json!({ "error": why }), &why);
        return Ok(Answer::No);
    }
    let until = given.first().map_or(now, Certificate::not_after);
    // First what verifiers must go on to believe, then the new certificate.
    if let Some(former) = own.certificate.filter(|former| given.first() != Some(former)) {
        keys::keep_former(folder, &former)?;
    }
    if let Some((_, key)) = own.device {
        keys::put_certificates(folder.path(), key, &given)?;
        // The key in the file has done its work: what it signed is verified with its certificate.
        if store.remove(name).is_some() {
            keys::replace(folder, &store, &passphrase)?;
        }
    } else {
        if takes_over {
            store.remove(name);
            let entry = store.remove(&next(name)).with_context(|| format!("the new key {name} is gone"))?;
            store.insert(name, entry)?;
        }
        store.set_certificates(name, given.iter().map(|certificate| certificate.der().to_vec()).collect())?;
        keys::replace(folder, &store, &passphrase)?;
    }
    let line = format!("the key {name} has its certificate, valid until {until}; restart the server to use it");
    say(json, &json!({ "key": name, "valid_to": until.rfc3339() }), &line);
    Ok(Answer::Yes)
}

async fn complete(folder: &Folder, root_key: &Path, json: bool) -> Result<Answer> {
    let root_keys = pem(root_key)?;
    let config = folder.config()?;
    let roots = read_roots(&pem(&folder.file(ROOTS_FILE))?)?;
    let (mut store, passphrase) = keys::open(folder)?;
    let shelf = open::city(folder).await?.shelf();
    let departments: Vec<_> = shelf.departments().collect();
    let devices = Devices { configs: &config.devices, folder: folder.path().to_path_buf() };
    let made = keys::add_missing(&mut store, &roots, &root_keys, &departments, &devices, SystemClock.now())
        .with_context(|| root_key.display().to_string())?;
    // What a device has taken over is taken out of the file; its certificate stays believed.
    for name in made.iter().filter(|name| DeviceConfig::find(&config.devices, name).is_some()) {
        if let Some(der) = store.remove(name).and_then(|entry| entry.certs.first().cloned()) {
            keys::keep_former(folder, &Certificate::from_der(&der)?)?;
        }
    }
    if !made.is_empty() {
        keys::replace(folder, &store, &passphrase)?;
    }
    let line = match made.is_empty() {
        true => "the city has all its keys".to_owned(),
        false => format!("made {}; restart the server, and take the root keys away again", made.join(", ")),
    };
    say(json, &json!({ "made": made }), &line);
    Ok(Answer::Yes)
}

fn rotate(folder: &Folder, names: &[String], root_key: &Path, json: bool) -> Result<Answer> {
    let config = folder.config()?;
    if let Some(name) = names.iter().find(|name| DeviceConfig::find(&config.devices, name).is_some()) {
        bail!(
            "{name} lies in a device: give it another `label` and file of certificates in city.json, then run `keys complete`"
        );
    }
    let roots = read_roots(&pem(&folder.file(ROOTS_FILE))?)?;
    let (mut store, passphrase) = keys::open(folder)?;
    let former = keys::rotate(&mut store, &roots, &pem(root_key)?, names, SystemClock.now())
        .with_context(|| root_key.display().to_string())?;
    // First what verifiers must go on to believe, then the new keys.
    for certificate in &former {
        keys::keep_former(folder, certificate)?;
    }
    keys::replace(folder, &store, &passphrase)?;
    let line = format!("new keys for {}; restart the servers, and take the root keys away again", names.join(", "));
    say(json, &json!({ "rotated": names }), &line);
    Ok(Answer::Yes)
}

fn crl(folder: &Folder, root_key: &Path, revoke: &[PathBuf], days: u32, json: bool) -> Result<Answer> {
    let roots = read_roots(&pem(&folder.file(ROOTS_FILE))?)?;
    let mut revoked = Vec::new();
    for path in revoke {
        let certificate = certificates(path)?.into_iter().next();
        revoked.push(certificate.with_context(|| path.display().to_string())?);
    }
    let now = SystemClock.now();
    let next = now.plus_seconds(i64::from(days) * 86_400);
    keys::revoke(folder, &roots, &pem(root_key)?, &revoked, (now, next))?;
    let line = format!("{} written, good until {next}; take the root keys away again", keys::REVOCATION_FILE);
    say(json, &json!({ "written": keys::REVOCATION_FILE, "next_update": next.rfc3339() }), &line);
    Ok(Answer::Yes)
}

async fn seals(folder: &Folder, json: bool) -> Result<Answer> {
    let city = open::city(folder).await?;
    for seal in licences::seals(&city, &operator()).await? {
        let state = seal.retired.map_or_else(|| "in use".to_owned(), |at| format!("retired {at}"));
        let line = format!(
            "{}\t{}\t{} mm\tversion {}\tuntil {}\t{state}",
            seal.id, seal.name, seal.side, seal.edition, seal.valid_to
        );
        let retired = seal.retired.map(|at| at.rfc3339());
        let row = json!({
            "seal": seal.id, "department": seal.department, "holder": seal.name, "side_mm": seal.side,
            "version": seal.edition, "valid_from": seal.valid_from.rfc3339(), "valid_to": seal.valid_to.rfc3339(),
            "signer_sha256": seal.signer, "picture_sha256": seal.picture, "retired_at": retired,
        });
        say(json, &row, &line);
    }
    Ok(Answer::Yes)
}

async fn seal_uses(folder: &Folder, seal: &str, limit: i64, json: bool) -> Result<Answer> {
    let city = open::city(folder).await?;
    let latest = city.now().plus_seconds(1);
    let (_, uses) = licences::seal_uses(&city, &operator(), seal, latest, limit).await?;
    for own in uses {
        let line = format!("{}\t{}\t{}\t{}", own.at, own.who, own.form, own.licence);
        let row = json!({ "at": own.at.rfc3339(), "who": own.who, "form": own.form, "licence": own.licence });
        say(json, &row, &line);
    }
    Ok(Answer::Yes)
}

fn list(folder: &Folder, json: bool) -> Result<Answer> {
    let config = folder.config()?;
    let (store, _) = keys::open(folder)?;
    let in_devices = config.devices.iter().flat_map(|device| device.keys.iter().map(|key| key.name.clone()));
    let names: BTreeSet<String> = store.names().map(str::to_owned).chain(in_devices).collect();
    for name in names {
        let own = Own::find(folder, &config, &store, &name)?;
        let alg = store.get(&name).map_or(Alg::Es256, |entry| entry.key.alg()).name();
        let place = own.device.map_or_else(|| "key file".to_owned(), |(device, _)| format!("token {}", device.token));
        let holder = own.certificate.as_ref().and_then(Certificate::organisation).unwrap_or_default().to_owned();
        let until = own.certificate.as_ref().map(Certificate::not_after);
        let words = until.map_or_else(|| "no certificate yet".to_owned(), |until| format!("until {until}"));
        let line = format!("{name}\t{alg}\t{place}\t{holder}\t{words}");
        let until = until.map(|until| until.rfc3339());
        say(json, &json!({ "key": name, "alg": alg, "place": place, "holder": holder, "valid_to": until }), &line);
    }
    Ok(Answer::Yes)
}

/// The text of a file of keys or certificates.
fn pem(path: &Path) -> Result<String> {
    let size = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?.len();
    if size > LARGEST_PEM {
        bail!("{} is too large for keys or certificates", path.display());
    }
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The certificates of a file, in order.
fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let text = pem(path)?;
    read_roots(&text).with_context(|| format!("{} holds no certificate in PEM that can be used", path.display()))
}

/// Why a certificate cannot be put to a key, with what to do.
fn check(
    (public, present): (&PublicKey, Option<&Certificate>),
    given: &[Certificate],
    roots: &[Certificate],
    now: Timestamp,
) -> Result<(), String> {
    let Some(leaf) = given.first() else {
        return Err("the certificate is one of the city's roots: give the one issued to the bureau".into());
    };
    if leaf.public_key() != public {
        return Err("the certificate is for another key: send the authority the request of `yichuang keys csr`".into());
    }
    if now < leaf.not_before() {
        return Err(format!("the certificate is valid from {} on: import it then", leaf.not_before()));
    }
    if !leaf.is_valid_at(now) {
        return Err(format!("the certificate expired on {}: ask the authority for a new one", leaf.not_after()));
    }
    if leaf.is_ca() || !leaf.may_sign() {
        return Err(
            "the certificate has the wrong usage: it must allow digital signatures and be no authority's".into()
        );
    }
    let named = |own: &Certificate| (own.organisation().map(str::to_owned), own.code().map(str::to_owned));
    if present.is_some_and(|present| named(present) != named(leaf)) || leaf.code().is_none() {
        return Err(
            "the certificate names another body: its organisation (O) and serialNumber, the credit code, must be the \
             bureau's, because licences name it as their issuer"
                .into(),
        );
    }
    match verify_chain(given, roots, now) {
        Ok(_) => Ok(()),
        Err(ChainError::NoAnchor) => Err(
            "the certificate does not lead to a root of this city: give the authorities in between with --chain, and \
             put the authority's root into roots.pem once you have compared its fingerprint"
                .into(),
        ),
        Err(error) => Err(format!("the chain of the certificate does not hold: {error}")),
    }
}
