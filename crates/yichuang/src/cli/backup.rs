//! `yichuang backup`, `yichuang restore`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use seal::keystore::MIN_PASSPHRASE_BYTES;
use serde_json::json;
use service::Clock;
use store::{BackupRandom, Store};

use super::{Answer, say};
use crate::run::clock::{SystemClock, fill};
use crate::run::folder::{CityConfig, Folder};
use crate::run::open;

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Folder of the city.
    #[arg(long, default_value = "city")]
    dir: PathBuf,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
    /// File that holds the passphrase of the backup.
    #[arg(long)]
    passphrase_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder of a city with its configuration and keys, whose database is empty.
    #[arg(long, default_value = "city")]
    dir: PathBuf,
    /// Backup to read.
    #[arg(long)]
    from: PathBuf,
    /// File that holds the passphrase of the backup.
    #[arg(long)]
    passphrase_file: PathBuf,
    /// How many numbers of every series are left out, because they may stand on papers signed after the backup.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i64).range(0..=900_000))]
    skip_numbers: i64,
}

fn passphrase(path: &PathBuf) -> Result<Vec<u8>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let secret = text.trim_end_matches(['\r', '\n']).as_bytes().to_vec();
    if secret.len() < MIN_PASSPHRASE_BYTES {
        bail!("the passphrase in {} is too short: use at least {MIN_PASSPHRASE_BYTES} bytes", path.display());
    }
    Ok(secret)
}

pub async fn backup(args: BackupArgs, json: bool) -> Result<Answer> {
    if args.out.exists() {
        bail!("{} exists already: name another file, a backup is never written over", args.out.display());
    }
    let secret = passphrase(&args.passphrase_file)?;
    let folder = Folder::at(args.dir);
    let store = open::database(&folder, &folder.config()?).await?;
    let mut random = BackupRandom { salt: [0; 16], nonce: [0; 19] };
    fill(&mut random.salt);
    fill(&mut random.nonce);
    let files = folder.file("uploads");
    let files = files.is_dir().then_some(files);
    let written = store.backup(&args.out, files.as_deref(), &secret, random, SystemClock.now()).await;
    written.with_context(|| format!("cannot write {}", args.out.display()))?;
    store.close().await;
    say(json, &json!({ "written": args.out }), &format!("{} written", args.out.display()));
    Ok(Answer::Yes)
}

pub async fn restore(args: RestoreArgs, json: bool) -> Result<Answer> {
    let folder = Folder::at(args.dir);
    let config = folder.config()?;
    let secret = passphrase(&args.passphrase_file)?;
    let files = folder.file("uploads");
    let restored = store::restore(&open::location(&folder, &config), &args.from, Some(&files), &secret).await?;
    if !restored.report.is_whole() {
        for fault in &restored.report.faults {
            eprintln!("  {fault}");
        }
        bail!("the restored journal is not whole");
    }
    let skipped = skip(&folder, &config, restored.store.clone(), args.skip_numbers).await;
    let series = skipped.context("the rows are restored, but do not serve them: papers may get numbers of others")?;
    restored.store.close().await;
    let line = format!(
        "{} rows and {} files of {} restored; the next {} numbers of {series} series are left out, because papers signed \
         after the backup may bear them",
        restored.rows, restored.files, restored.at, args.skip_numbers
    );
    let value = json!({ "rows": restored.rows, "files": restored.files, "of": restored.at.rfc3339(),
                        "series": series, "numbers_left_out": args.skip_numbers });
    say(json, &value, &line);
    Ok(Answer::Yes)
}

/// Leaves out numbers that were printed after the backup was made. Signs nothing, so it needs no keys.
async fn skip(folder: &Folder, config: &CityConfig, store: Store, margin: i64) -> Result<usize> {
    if margin == 0 {
        return Ok(0);
    }
    let demo = open::is_demo(&store, &config.region).await?.unwrap_or(false);
    let city = open::assemble_with(folder, config, store, demo, service::Keys::default())?;
    if let Err(error) = service::catalog::load(&city).await {
        // The series of licences that were issued are known all the same.
        tracing::warn!(%error, "the published matters cannot be loaded");
    }
    Ok(service::numbers::skip(&city, margin).await?)
}
