//! `yichuang keys …`: the keys of a city and their certificates. Keys in devices (`devices` in `city.json`) are named like those in the
//! key file.

mod authority;
mod own;
mod seals;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use seal::cert::Certificate;
use seal::key::Alg;
use seal::keystore::KeyStore;
use serde_json::json;

use super::{Answer, say};
use crate::run::device::{DeviceConfig, DeviceKey};
use crate::run::folder::{CityConfig, Folder};
use crate::run::keys::{self, ROOTS_FILE, read_roots};

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
            authority::csr(&Folder::at(dir), &department, (purpose, new_key), &out, json).await
        }
        Command::Import { dir, department, purpose, cert, chain } => authority::import(
            &Folder::at(dir),
            &format!("{}/{department}", purpose.name()),
            &cert,
            chain.as_deref(),
            json,
        ),
        Command::Complete { dir, root_key } => own::complete(&Folder::at(dir), &root_key, json).await,
        Command::Rotate { dir, names, root_key } => own::rotate(&Folder::at(dir), &names, &root_key, json),
        Command::Crl { dir, root_key, revoke, days } => own::crl(&Folder::at(dir), &root_key, &revoke, days, json),
        Command::Seals { dir, uses, limit } => match uses {
            None => seals::seals(&Folder::at(dir), json).await,
            Some(seal) => seals::seal_uses(&Folder::at(dir), &seal, limit.into(), json).await,
        },
        Command::List { dir } => list(&Folder::at(dir), json),
    }
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

/// The roots that verifiers of this city trust.
fn roots(folder: &Folder) -> Result<Vec<Certificate>> {
    read_roots(&pem(&folder.file(ROOTS_FILE))?)
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
