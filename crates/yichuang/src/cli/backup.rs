//! `yichuang backup`, `yichuang restore`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use seal::keystore::MIN_PASSPHRASE_BYTES;
use serde_json::json;
use service::Clock;
use store::BackupRandom;

use super::{Answer, say};
use crate::run::clock::{SystemClock, fill};
use crate::run::folder::Folder;
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
    restored.store.close().await;
    let line = format!("{} rows and {} files of {} restored", restored.rows, restored.files, restored.at);
    let value = json!({ "rows": restored.rows, "files": restored.files, "of": restored.at.rfc3339() });
    say(json, &value, &line);
    Ok(Answer::Yes)
}
