//! `yichuang serve`, `yichuang migrate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::net::TcpListener;

use super::{Answer, Dir, say};
use crate::run::folder::Folder;
use crate::run::{keys, open, server};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the city.
    #[arg(long, default_value = "city")]
    dir: PathBuf,
    /// Address to listen on, behind a proxy that speaks HTTPS.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// Logs go to standard error; `RUST_LOG` narrows them.
pub fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,tokio_postgres=warn"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

pub async fn run(args: Args) -> Result<Answer> {
    log();
    let folder = Folder::at(args.dir);
    let config = folder.config()?;
    keys::refuse_root_keys(&folder, &config)?;
    let city = open::city(&folder).await?;
    if city.settings().demo {
        bail!(
            "this is a demo city: its documents are specimens. Start it with `yichuang demo`, or create a real city with `yichuang init`."
        );
    }
    city.check_fonts()?;
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    tracing::info!(address = %args.listen, "serving");
    server::serve(city, &config, listener).await?;
    Ok(Answer::Yes)
}

pub async fn migrate(args: Dir, json: bool) -> Result<Answer> {
    let folder = Folder::at(args.dir);
    let store = open::database(&folder, &folder.config()?).await?;
    store.close().await;
    say(json, &json!({ "migrated": true }), "the database has this program's schema");
    Ok(Answer::Yes)
}
