//! `yichuang init`: a real city, with its root key taken away from the machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::catalog::{Catalogue, has_errors};
use domain::text::Text;
use seal::keystore::{KdfParams, MIN_PASSPHRASE_BYTES};
use serde_json::json;
use service::Clock;
use service::accounts::provider::ProviderConfig;

use super::catalog::{operator, print, read};
use super::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::folder::{CityConfig, Folder, write_private};
use crate::run::{embedded, keys, open};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the city, to be created.
    #[arg(long, default_value = "city")]
    dir: PathBuf,
    /// The tenant: six digits of GB/T 2260.
    #[arg(long)]
    region: String,
    /// The district: six digits.
    #[arg(long)]
    district: String,
    /// Names of city and district, Chinese and English: `江城市/Jiangcheng`.
    #[arg(long, value_parser = name)]
    city_name: Text,
    /// As `--city-name`.
    #[arg(long, value_parser = name)]
    district_name: Text,
    /// 机关代字 before the kind in the numbers of its documents; by default from the district's name: 海澜政务.
    #[arg(long)]
    document_word: Option<String>,
    /// Address under which citizens reach it: `https://…`.
    #[arg(long)]
    base_url: String,
    /// File that holds the passphrase of the key file; must lie outside the folder.
    #[arg(long)]
    passphrase_file: PathBuf,
    /// File to which the root keys are exported; take it away from this machine.
    #[arg(long)]
    root_key: PathBuf,
    /// Database: `postgres://…`, or an embedded one in the folder.
    #[arg(long, default_value = "city.db")]
    database: String,
    /// File that describes an identity provider, as in `docs/operating.md`; may be given several times.
    #[arg(long = "provider")]
    providers: Vec<PathBuf>,
    /// Catalogue folder; the built-in matters when absent.
    #[arg(long)]
    catalog: Option<PathBuf>,
}

fn name(text: &str) -> Result<Text, String> {
    let (zh, en) = text.split_once('/').ok_or("write it as 中文/English")?;
    Ok(Text::new(zh.trim(), en.trim()))
}

fn provider(path: &Path) -> Result<ProviderConfig> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not describe an identity provider", path.display()))
}

pub async fn run(args: Args, json: bool) -> Result<Answer> {
    let folder = Folder::at(&args.dir);
    if folder.is_city() {
        bail!("{} holds a city already", args.dir.display());
    }
    let config = config(&args)?;
    let passphrase = passphrase(&args)?;
    root_key_place(&args)?;
    let files = args.catalog.as_deref().map(read).transpose()?.unwrap_or_else(embedded::catalogue);
    let findings = service::catalog::check(&files);
    if has_errors(&findings) {
        print(&findings, json);
        return Ok(Answer::No);
    }
    let mut undo = Undo::default();
    let published = found(&args, &folder, &config, &passphrase, &files, &mut undo).await?;
    undo.keep();
    let line = format!(
        "{} created with {published} published parts.\nThe root keys are in {}: take that file away from this machine.",
        args.dir.display(),
        args.root_key.display()
    );
    let value = json!({ "dir": args.dir, "published": published, "root_key": args.root_key });
    say(json, &value, &line);
    Ok(Answer::Yes)
}

/// What stands in `city.json`, refused before anything is written.
fn config(args: &Args) -> Result<CityConfig> {
    let database = &args.database;
    if database.contains("://") && !["postgres://", "postgresql://"].iter().any(|known| database.starts_with(known)) {
        bail!("--database {database}: give postgres://… or the name of a file in the folder");
    }
    let passphrase_file = args
        .passphrase_file
        .canonicalize()
        .with_context(|| format!("cannot read {}", args.passphrase_file.display()))?;
    let config = CityConfig {
        region: args.region.clone(),
        district: args.district.clone(),
        city_name: args.city_name.clone(),
        district_name: args.district_name.clone(),
        base_url: args.base_url.trim_end_matches('/').to_owned(),
        database: database.clone(),
        client_header: None,
        passphrase_file,
        witness_dir: None,
        witnesses: Vec::new(),
        witness_for: Vec::new(),
        log_origin: None,
        providers: args.providers.iter().map(|path| provider(path)).collect::<Result<Vec<_>>>()?,
        seal_version: Default::default(),
        time_authority: None,
        peers: Vec::new(),
        messages: Default::default(),
        devices: Vec::new(),
        document_word: args.document_word.clone(),
        operation: service::Operation::default(),
    };
    open::providers(&config.providers)?;
    config.check()?;
    Ok(config)
}

fn passphrase(args: &Args) -> Result<String> {
    let path = &args.passphrase_file;
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let passphrase = text.trim_end_matches(['\r', '\n']);
    if passphrase.len() < MIN_PASSPHRASE_BYTES {
        bail!("the passphrase in {} is too short: use at least {MIN_PASSPHRASE_BYTES} bytes", path.display());
    }
    if real(path)?.starts_with(real(&args.dir)?) {
        bail!(
            "the passphrase file lies in the city's folder: whoever copies the folder would have both. Move it elsewhere."
        );
    }
    Ok(passphrase.to_owned())
}

/// The root keys are taken away from the machine, so they never begin in the folder that is served and backed up.
fn root_key_place(args: &Args) -> Result<()> {
    let path = &args.root_key;
    if path.exists() {
        bail!("{} exists already: it may hold another city's root keys", path.display());
    }
    let place = real(path)?;
    if place.starts_with(real(&args.dir)?) {
        bail!(
            "--root-key {} lies in the city's folder: root keys must not stay there. Name a place outside it.",
            path.display()
        );
    }
    if !place.parent().is_some_and(Path::is_dir) {
        bail!("--root-key {}: there is no such folder", path.display());
    }
    Ok(())
}

/// Where a path leads, also when its last parts do not exist yet.
fn real(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut present = whole.as_path();
    while let (false, Some(parent), Some(name)) = (present.exists(), present.parent(), present.file_name()) {
        missing.push(name.to_owned());
        present = parent;
    }
    let mut real = present.canonicalize().with_context(|| format!("cannot look at {}", present.display()))?;
    real.extend(missing.into_iter().rev());
    Ok(real)
}

/// Makes keys, database and configuration. The mark in the database comes last: a database without it belongs to no city,
/// and a later `init` may use it.
async fn found(
    args: &Args,
    folder: &Folder,
    config: &CityConfig,
    passphrase: &str,
    files: &BTreeMap<String, String>,
    undo: &mut Undo,
) -> Result<usize> {
    let catalogue = Catalogue::load(files).map_err(|findings| anyhow::anyhow!("the catalogue: {findings:?}"))?;
    let name = format!("{}{}", config.city_name.zh, config.district_name.zh);
    let made = keys::make(&name, catalogue.departments.values(), SystemClock.now())?;
    undo.folder(folder.path());
    folder.create()?;
    if let store::Config::Sqlite(embedded) = open::location(folder, config) {
        for suffix in ["", "-wal", "-shm"] {
            let mut file = embedded.path.clone().into_os_string();
            file.push(suffix);
            undo.file(file.into());
        }
    }
    let database = open::new_database(folder, config).await?;
    if open::is_demo(&database, &config.region).await?.is_some() {
        bail!("the database holds a city of region {} already: name another with --database", config.region);
    }
    for name in [keys::KEY_FILE, keys::ROOTS_FILE, "city.json"] {
        undo.file(folder.file(name));
    }
    undo.file(args.root_key.clone());
    keys::save(folder, &made, passphrase.as_bytes(), KdfParams::RECOMMENDED)?;
    write_private(&args.root_key, made.root_keys.as_bytes())?;
    let city = open::assemble(folder, config, database, false)?;
    let published = service::catalog::import(&city, &operator(), files)
        .await?
        .map_err(|findings| anyhow::anyhow!("the catalogue does not fit what the database holds: {findings:?}"))?;
    folder.write_config(config)?;
    open::mark(city.store(), config, false).await?;
    city.store().close().await;
    Ok(published)
}

/// Takes away what an `init` that failed has made, and nothing that was there before.
#[derive(Default)]
struct Undo {
    files: Vec<PathBuf>,
    folder: Option<PathBuf>,
}

impl Undo {
    /// A file that is about to be made.
    fn file(&mut self, path: PathBuf) {
        if !path.exists() {
            self.files.push(path);
        }
    }

    /// The folder that is about to be made.
    fn folder(&mut self, path: &Path) {
        if !path.exists() {
            self.folder = Some(path.to_owned());
        }
    }

    /// All went well.
    fn keep(mut self) {
        self.files.clear();
        self.folder = None;
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        for file in self.files.drain(..) {
            let _ = std::fs::remove_file(file);
        }
        if let Some(folder) = self.folder.take() {
            // Only when it is empty: whatever else lies there is not ours.
            let _ = std::fs::remove_dir(folder);
        }
    }
}
