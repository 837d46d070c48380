//! `yichuang keys csr`, `yichuang keys import`: certificates of a licensed certification authority 电子认证服务机构 (DESIGN §7);
//! `yichuang keys complete`: keys that the city lacks, certified by its own roots.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use domain::time::Timestamp;
use seal::cert::{Certificate, ChainError, Subject, request_pem, verify_chain};
use seal::key::{Alg, PrivateKey};
use seal::keystore::{Entry, Role};
use serde_json::json;
use service::Clock;

use super::{Answer, say};
use crate::run::clock::{SystemClock, fill};
use crate::run::folder::{Folder, write_private};
use crate::run::keys::{self, ROOTS_FILE, read_roots};
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
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Csr { dir, department, purpose, out } => csr(&Folder::at(dir), &department, purpose, &out, json).await,
        Command::Import { dir, department, purpose, cert, chain } => {
            import(&Folder::at(dir), &format!("{}/{department}", purpose.name()), &cert, chain.as_deref(), json)
        }
        Command::Complete { dir, root_key } => complete(&Folder::at(dir), &root_key, json).await,
    }
}

async fn csr(folder: &Folder, department: &str, purpose: Purpose, out: &Path, json: bool) -> Result<Answer> {
    if out.exists() {
        bail!("{} exists already: name another file", out.display());
    }
    let (mut store, passphrase) = keys::open(folder)?;
    let name = format!("{}/{department}", purpose.name());
    let subject = match store.get(&name).and_then(|entry| entry.certs.first()) {
        Some(der) => subject_of(&Certificate::from_der(der)?),
        None => subject_of_department(folder, department).await?,
    };
    let key = match store.get(&name) {
        Some(entry) => entry.key.clone(),
        None => {
            let (alg, role) = match purpose {
                Purpose::Seal => (Alg::Sm2Sm3, Role::Signer),
                Purpose::Qr => (Alg::Es256, Role::Qr),
            };
            let key = PrivateKey::generate(alg, &mut fill);
            store.insert(&name, Entry { role, key: key.clone(), certs: Vec::new() })?;
            keys::replace(folder, &store, &passphrase)?;
            key
        }
    };
    let request = request_pem(&key, &subject)?;
    write_private(out, request.as_bytes())?;
    let line = format!("{} written; put the answer back with `yichuang keys import`", out.display());
    say(json, &json!({ "written": out, "subject": subject.organisation, "key": name }), &line);
    Ok(Answer::Yes)
}

/// The name that the present certificate bears: what licences and documents state as their issuer.
fn subject_of(certificate: &Certificate) -> Subject {
    Subject {
        common_name: certificate.common_name().unwrap_or_default().to_owned(),
        organisation: certificate.organisation().unwrap_or_default().to_owned(),
        code: certificate.code().map(str::to_owned),
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
    let (mut store, passphrase) = keys::open(folder)?;
    let Some(entry) = store.get(name) else {
        bail!("there is no key {name} in this city: make it with `yichuang keys csr`");
    };
    let now = SystemClock.now();
    if let Err(why) = check(entry, &given, &roots, now) {
        say(json, &json!({ "error": why }), &why);
        return Ok(Answer::No);
    }
    let former = entry.certs.first().map(|der| Certificate::from_der(der)).transpose()?;
    let until = given.first().map_or(now, Certificate::not_after);
    store.set_certificates(name, given.iter().map(|certificate| certificate.der().to_vec()).collect())?;
    // First what verifiers must go on to believe, then the new certificate.
    if let Some(former) = former.filter(|former| given.first() != Some(former)) {
        keys::keep_former(folder, &former)?;
    }
    keys::replace(folder, &store, &passphrase)?;
    let line = format!("the key {name} has its certificate, valid until {until}; restart the server to use it");
    say(json, &json!({ "key": name, "valid_to": until.rfc3339() }), &line);
    Ok(Answer::Yes)
}

async fn complete(folder: &Folder, root_key: &Path, json: bool) -> Result<Answer> {
    let root_keys = pem(root_key)?;
    let roots = read_roots(&pem(&folder.file(ROOTS_FILE))?)?;
    let (mut store, passphrase) = keys::open(folder)?;
    let shelf = open::city(folder).await?.shelf();
    let departments: Vec<_> = shelf.departments().collect();
    let made = keys::add_missing(&mut store, &roots, &root_keys, &departments, SystemClock.now())
        .with_context(|| root_key.display().to_string())?;
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
fn check(entry: &Entry, given: &[Certificate], roots: &[Certificate], now: Timestamp) -> Result<(), String> {
    let Some(leaf) = given.first() else {
        return Err("the certificate is one of the city's roots: give the one issued to the bureau".into());
    };
    if *leaf.public_key() != entry.key.public_key() {
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
    let present = entry.certs.first().and_then(|der| Certificate::from_der(der).ok());
    let named = |own: &Certificate| (own.organisation().map(str::to_owned), own.code().map(str::to_owned));
    if present.as_ref().is_some_and(|present| named(present) != named(leaf)) || leaf.code().is_none() {
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
