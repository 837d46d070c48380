//! `yichuang demo`: a city that can be tried at once, and never mistaken for a real one.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::accounts::{Grant, Role};
use domain::catalog::Catalogue;
use domain::text::Text;
use domain::time::Timestamp;
use seal::keystore::KdfParams;
use service::accounts::{NewAccount, Scope, open_account, token_from_secret};
use service::{City, Clock};
use tokio::net::TcpListener;

use super::Answer;
use super::catalog::operator;
use super::serve::log;
use crate::run::clock::{SystemClock, fill};
use crate::run::folder::{CityConfig, Folder};
use crate::run::{embedded, keys, open, server};

/// Name of the file with the tokens of the demo's systems.
const TOKENS: &str = "demo-tokens.json";
const PASSPHRASE: &str = "demo-passphrase";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port on the loopback interface.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder that keeps all state.
    #[arg(long, default_value = "demo")]
    dir: PathBuf,
    /// Database instead of the embedded one: `postgres://…`.
    #[arg(long)]
    database: Option<String>,
    /// Same seed and date, same city (secrets excepted).
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub async fn run(args: Args) -> Result<Answer> {
    log();
    let folder = Folder::at(&args.dir);
    // Bound before anything is created: a port in use must not leave half a city behind.
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("port {} is in use: choose another with --port", args.port))?;
    let port = listener.local_addr()?.port();
    if !folder.is_city() {
        create(&folder, &args, port).await?;
    }
    let config = folder.config()?;
    let city = open::city(&folder).await?;
    if !city.settings().demo {
        bail!("{} holds a real city: `yichuang demo` will not touch it", args.dir.display());
    }
    city.check_fonts()?;
    println!("Yichuang 一窗 · demo city on http://127.0.0.1:{port}  (state in {})", args.dir.display());
    server::serve(city, &config, listener).await?;
    Ok(Answer::Yes)
}

/// Builds the city in a folder beside and moves it into place, so that an interrupted start begins anew.
async fn create(folder: &Folder, args: &Args, port: u16) -> Result<()> {
    let files = embedded::catalogue();
    let since = Timestamp::start_of(service::demo::history_start(SystemClock.now().date())).plus_seconds(-86_400);
    let config = found(folder, &format!("http://127.0.0.1:{port}"), args.database.as_deref(), since).await?;
    folder.write_config(&config)?;
    if let Err(error) = fill_city(folder, &files, args.seed).await {
        // Without its configuration the folder counts as empty, and the next start begins anew.
        let _ = std::fs::remove_file(folder.file("city.json"));
        return Err(error);
    }
    Ok(())
}

/// Founds an empty demo city in a folder: keys that are valid `since`, and a database that is marked for ever. The configuration is
/// not written yet, so the folder counts as empty until it is.
pub(super) async fn found(
    folder: &Folder,
    base_url: &str,
    database: Option<&str>,
    since: Timestamp,
) -> Result<CityConfig> {
    let files = embedded::catalogue();
    let catalogue = Catalogue::load(&files).map_err(|findings| anyhow::anyhow!("built-in catalogue: {findings:?}"))?;
    folder.create()?;
    // What an interrupted start left behind has no configuration and so was never a city.
    for left in ["city.db", "city.db-wal", "city.db-shm"] {
        let _ = std::fs::remove_file(folder.file(left));
    }
    let mut secret = [0; 24];
    fill(&mut secret);
    let passphrase = URL_SAFE_NO_PAD.encode(secret);
    folder.write(PASSPHRASE, passphrase.as_bytes())?;
    let made = keys::make("演示城市 DEMO", catalogue.departments.values(), since)?;
    keys::save(folder, &made, passphrase.as_bytes(), KdfParams { memory_kib: 8192, passes: 1, lanes: 1 })?;
    let config = CityConfig {
        region: "370200".into(),
        district: "370211".into(),
        city_name: Text::new("江城市", "Jiangcheng"),
        district_name: Text::new("海澜区", "Hailan District"),
        base_url: base_url.to_owned(),
        database: database.unwrap_or("city.db").to_owned(),
        client_header: None,
        passphrase_file: folder.file(PASSPHRASE).canonicalize()?,
        witness_dir: Some(folder.file("witness")),
        witnesses: Vec::new(),
        witness_for: Vec::new(),
        log_origin: None,
        providers: Vec::new(),
        seal_version: Default::default(),
        time_authority: None,
        peers: Vec::new(),
        messages: Default::default(),
        devices: Vec::new(),
        document_word: None,
        operation: service::Operation::default(),
    };
    let store = open::new_database(folder, &config).await?;
    match open::is_demo(&store, &config.region).await? {
        Some(false) => bail!("the database holds a real city: `yichuang demo` will not touch it"),
        Some(true) => bail!("the database holds a demo city already: start it with the --dir it was made with"),
        None => open::mark(&store, &config, true).await?,
    }
    store.close().await;
    Ok(config)
}

async fn fill_city(folder: &Folder, files: &BTreeMap<String, String>, seed: u64) -> Result<()> {
    let city = open::city(folder).await?;
    if let Err(findings) = service::catalog::import(&city, &operator(), files).await? {
        bail!("built-in catalogue: {findings:?}");
    }
    service::demo::seed(&city, seed, SystemClock.now().date()).await.context("cannot fill the demo city")?;
    tokens(folder, &city).await?;
    city.store().close().await;
    Ok(())
}

/// Systems that may call the API, each with a token; stable over restarts because the file stays.
async fn tokens(folder: &Folder, city: &City) -> Result<()> {
    let staff = [Scope::Cases, Scope::Staff, Scope::Read];
    let systems: [(&str, Role, &[Scope]); 4] = [
        ("integrator", Role::Integrator, &[Scope::Cases, Scope::Licences, Scope::Read]),
        ("clerk", Role::Clerk, &staff),
        ("approver", Role::Approver, &staff),
        ("reviewer", Role::Reviewer, &staff),
    ];
    let mut written = BTreeMap::new();
    for (name, role, scopes) in systems {
        let account = open_account(
            city,
            &operator(),
            NewAccount {
                login: format!("system-{name}"),
                password: None,
                name: format!("演示系统 {name}"),
                grants: vec![Grant { role, department: None, district: None }],
                person: None,
            },
        )
        .await?;
        let mut bytes = [0; 32];
        fill(&mut bytes);
        let secret = format!("yct_{}", URL_SAFE_NO_PAD.encode(bytes));
        token_from_secret(city, &secret, &account, scopes, None, "demo").await?;
        written.insert(name, secret);
    }
    folder.write(TOKENS, serde_json::to_string_pretty(&written)?.as_bytes())
}
