//! Opening the city of a folder.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, bail};
use domain::accounts::Actor;
use domain::ids::Region;
use domain::text::Text;
use domain::time::{Calendar, LawTable};
use serde_json::json;
use service::accounts::provider::{Provider, ProviderConfig};
use service::{City, Settings};
use store::catalog::CITY;
use store::{Change, Config, Expected, NewFact, RowWrite, Store, StoreError};

use super::clock::{SystemClock, SystemEntropy};
use super::folder::{CityConfig, Folder};
use super::keys;

/// Where the database lies that a folder's configuration names.
pub fn location(folder: &Folder, config: &CityConfig) -> Config {
    let named = &config.database;
    if named.starts_with("postgres://") || named.starts_with("postgresql://") || named.starts_with('/') {
        return Config::from_url(named);
    }
    Config::from_url(&folder.file(named).to_string_lossy())
}

/// Opens the database that a folder's configuration names. It is never made here: a city without its database is a city
/// that has lost it.
pub async fn database(folder: &Folder, config: &CityConfig) -> Result<Store> {
    Store::open_existing(&location(folder, config)).await.map_err(unopened)
}

/// Opens it for a city that is being founded, and makes it where there is none.
pub async fn new_database(folder: &Folder, config: &CityConfig) -> Result<Store> {
    Store::open(&location(folder, config)).await.map_err(unopened)
}

/// What an operator can do about it; the store's own sentence speaks to whoever sends requests.
fn unopened(error: StoreError) -> Error {
    match error {
        StoreError::Unavailable(why) => {
            anyhow!("the database cannot be reached ({why}): see that it runs, and that `database` names it")
        }
        other => Error::new(other).context("cannot open the database"),
    }
}

/// Marks a fresh database with what the city is. The mark of a demo city can never be taken away.
pub async fn mark(store: &Store, config: &CityConfig, demo: bool) -> Result<()> {
    let now = service::Clock::now(&SystemClock);
    let mut salt = [0; 16];
    service::Entropy::fill(&SystemEntropy, &mut salt);
    let body = json!({ "fact": "founded", "demo": demo, "district": config.district }).to_string();
    let change = Change::new(&config.region, now).row(RowWrite {
        table: &CITY,
        id: "city".into(),
        expected: Expected::New,
        columns: vec![demo.into()],
        doc: body.clone(),
        facts: vec![NewFact { kind: "city.founded", actor: Actor::operator().label(), body, salt }],
    });
    store.commit(change).await.context("cannot mark the database")?;
    Ok(())
}

/// Whether the database belongs to a demo city; `None` when no city was founded in it.
pub async fn is_demo(store: &Store, region: &str) -> Result<Option<bool>> {
    let sql = "SELECT demo FROM city WHERE region = $1 AND id = 'city'";
    let row = store.query_opt(sql, &[region.into()]).await?;
    Ok(row.map(|row| row.int(0)).transpose()?.map(|demo| demo != 0))
}

/// Where the passphrase of the key file lies: a systemd credential, else the file that the configuration names.
fn passphrase_place(config: &CityConfig) -> PathBuf {
    let credential = std::env::var_os("CREDENTIALS_DIRECTORY").map(|dir| PathBuf::from(dir).join("passphrase"));
    credential.filter(|path| path.is_file()).unwrap_or_else(|| config.passphrase_file.clone())
}

/// The passphrase of the key file.
pub fn passphrase(config: &CityConfig) -> Result<Vec<u8>> {
    let path = passphrase_place(config);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the passphrase file {}", path.display()))?;
    Ok(text.trim_end_matches(['\r', '\n']).as_bytes().to_vec())
}

/// Whoever copies the folder of a real city must not have its passphrase too.
fn refuse_passphrase_inside(folder: &Folder, config: &CityConfig) -> Result<()> {
    let (inside, own) = (passphrase_place(config).canonicalize().ok(), folder.path().canonicalize().ok());
    if inside.zip(own).is_some_and(|(path, own)| path.starts_with(own)) {
        bail!(
            "the passphrase file lies in the data folder: whoever copies the folder would have both. Move it elsewhere."
        );
    }
    Ok(())
}

/// The same for the PINs of its devices.
fn refuse_pins_inside(folder: &Folder, config: &CityConfig) -> Result<()> {
    let own = folder.path().canonicalize().ok();
    let inside =
        |path: &PathBuf| path.canonicalize().ok().zip(own.as_ref()).is_some_and(|(path, own)| path.starts_with(own));
    if let Some(device) = config.devices.iter().find(|device| inside(&device.pin_file)) {
        bail!("the PIN file of the token {} lies in the data folder. Move it elsewhere.", device.token);
    }
    Ok(())
}

/// Opens the city of a folder with its keys and published matters.
pub async fn city(folder: &Folder) -> Result<City> {
    let city = without_matters(folder).await?;
    service::catalog::load(&city).await.context("cannot load the published matters")?;
    Ok(city)
}

/// Opens the city of a folder with an empty shelf, for what must also work when the published matters cannot be loaded:
/// verifying the journal, and importing a catalogue that mends them.
pub async fn without_matters(folder: &Folder) -> Result<City> {
    let config = folder.config()?;
    let store = database(folder, &config).await?;
    let Some(demo) = is_demo(&store, &config.region).await? else {
        bail!("the database holds no city of region {}. Create one with `yichuang init`.", config.region);
    };
    let city = assemble(folder, &config, store, demo)?;
    service::calendar::refresh(&city).await.context("cannot load the imported holidays")?;
    Ok(city)
}

/// Puts a city together from its parts; the shelf is empty.
pub fn assemble(folder: &Folder, config: &CityConfig, store: Store, demo: bool) -> Result<City> {
    if !demo {
        refuse_passphrase_inside(folder, config)?;
        refuse_pins_inside(folder, config)?;
    }
    let keys = keys::load(folder, config)?;
    assemble_with(folder, config, store, demo, keys)
}

/// The same with other keys: none, for what signs nothing.
pub fn assemble_with(
    folder: &Folder,
    config: &CityConfig,
    store: Store,
    demo: bool,
    keys: service::Keys,
) -> Result<City> {
    let settings = Settings {
        region: Region(config.region.clone()),
        district: config.district.clone(),
        name: Text::new(
            format!("{}{}", config.city_name.zh, config.district_name.zh),
            format!("{}, {}", config.district_name.en, config.city_name.en),
        ),
        base_url: config.base_url.clone(),
        demo,
        document_word: config.document_word(),
        operation: config.operation()?,
        dir: folder.path().to_path_buf(),
    };
    let calendar = calendar(folder)?;
    let law = law(folder)?;
    Ok(City::new(settings, store, keys, calendar, law, Arc::new(SystemClock), Arc::new(SystemEntropy)))
}

/// The identity providers of a configuration, with their secrets read. Nothing is asked of them yet.
pub fn providers(configs: &[ProviderConfig]) -> Result<Vec<Provider>> {
    let mut found: Vec<Provider> = Vec::new();
    for config in configs {
        if found.iter().any(|other| other.config().id == config.id) {
            bail!("two identity providers are called {:?}", config.id);
        }
        let read = |path: &std::path::Path| {
            std::fs::read_to_string(path)
                .with_context(|| format!("identity provider {:?}: {}", config.id, path.display()))
        };
        let secret = read(&config.secret_file)?;
        let authority = config.ca_file.as_deref().map(read).transpose()?;
        let provider = Provider::new(config.clone(), &secret, authority.as_deref()).map_err(anyhow::Error::msg)?;
        found.push(provider);
    }
    Ok(found)
}

/// The embedded calendar, extended by `calendar.csv` of the folder when there is one.
pub fn calendar(folder: &Folder) -> Result<Calendar> {
    let path = folder.file("calendar.csv");
    if !path.is_file() {
        return Ok(Calendar::embedded().clone());
    }
    let text = std::fs::read_to_string(&path)?;
    Calendar::embedded().extend(&text).with_context(|| format!("{} cannot be used", path.display()))
}

/// The embedded numbers of the law, overridden by `law.json` of the folder when there is one.
fn law(folder: &Folder) -> Result<LawTable> {
    let path = folder.file("law.json");
    if !path.is_file() {
        return Ok(LawTable::embedded().clone());
    }
    let text = std::fs::read_to_string(&path)?;
    LawTable::embedded().with_overrides(&text).with_context(|| format!("{} cannot be used", path.display()))
}
