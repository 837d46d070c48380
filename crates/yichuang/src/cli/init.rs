//! `yichuang init`: a real city, with its root key taken away from the machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use domain::catalog::Catalogue;
use domain::text::Text;
use seal::keystore::KdfParams;
use service::Clock;
use service::accounts::provider::ProviderConfig;

use super::Answer;
use super::catalog::{operator, print, read};
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

pub async fn run(args: Args) -> Result<Answer> {
    let folder = Folder::at(&args.dir);
    if folder.is_city() {
        bail!("{} holds a city already", args.dir.display());
    }
    if args.root_key.exists() {
        bail!("{} exists already: it may hold another city's root keys", args.root_key.display());
    }
    for (what, code) in [("region", &args.region), ("district", &args.district)] {
        domain::codes::division::get(code).with_context(|| format!("--{what} {code}"))?;
    }
    let passphrase = std::fs::read_to_string(&args.passphrase_file)
        .with_context(|| format!("cannot read {}", args.passphrase_file.display()))?;
    let files = args.catalog.as_deref().map(read).transpose()?.unwrap_or_else(embedded::catalogue);
    let catalogue = match Catalogue::load(&files) {
        Ok(catalogue) => catalogue,
        Err(findings) => {
            print(&findings, false);
            return Ok(Answer::No);
        }
    };
    let providers = args.providers.iter().map(|path| provider(path)).collect::<Result<Vec<_>>>()?;
    open::providers(&providers)?;
    folder.create()?;
    let name = format!("{}{}", args.city_name.zh, args.district_name.zh);
    let made = keys::make(&name, catalogue.departments.values(), SystemClock.now())?;
    keys::save(&folder, &made, passphrase.trim_end_matches(['\r', '\n']).as_bytes(), KdfParams::RECOMMENDED)?;
    write_private(&args.root_key, made.root_keys.as_bytes())?;
    let config = CityConfig {
        region: args.region,
        district: args.district,
        city_name: args.city_name,
        district_name: args.district_name,
        base_url: args.base_url.trim_end_matches('/').to_owned(),
        database: args.database,
        client_header: None,
        passphrase_file: args.passphrase_file.canonicalize()?,
        witness_dir: None,
        providers,
    };
    folder.write_config(&config)?;
    let store = open::database(&folder, &config).await?;
    open::mark(&store, &config, false).await?;
    store.close().await;
    let city = open::city(&folder).await?;
    let published = match service::catalog::import(&city, &operator(), &files).await? {
        Ok(published) => published,
        Err(findings) => {
            print(&findings, false);
            return Ok(Answer::No);
        }
    };
    city.store().close().await;
    println!("{} created with {published} published parts.", args.dir.display());
    println!("The root keys are in {}: take that file away from this machine.", args.root_key.display());
    Ok(Answer::Yes)
}
