//! `yichuang backup`, `yichuang restore`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use service::Clock;
use store::{BackupRandom, Config};

use super::Answer;
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
    Ok(text.trim_end_matches(['\r', '\n']).as_bytes().to_vec())
}

pub async fn backup(args: BackupArgs) -> Result<Answer> {
    let folder = Folder::at(args.dir);
    let store = open::database(&folder, &folder.config()?).await?;
    let mut random = BackupRandom { salt: [0; 16], nonce: [0; 19] };
    fill(&mut random.salt);
    fill(&mut random.nonce);
    let files = folder.file("uploads");
    let files = files.is_dir().then_some(files);
    let secret = passphrase(&args.passphrase_file)?;
    store.backup(&args.out, files.as_deref(), &secret, random, SystemClock.now()).await?;
    store.close().await;
    println!("{} written", args.out.display());
    Ok(Answer::Yes)
}

pub async fn restore(args: RestoreArgs) -> Result<Answer> {
    let folder = Folder::at(args.dir);
    let config = folder.config()?;
    let url = if config.database.starts_with("postgres") || config.database.starts_with('/') {
        config.database.clone()
    } else {
        folder.file(&config.database).to_string_lossy().into_owned()
    };
    let secret = passphrase(&args.passphrase_file)?;
    let files = folder.file("uploads");
    let restored = store::restore(&Config::from_url(&url), &args.from, Some(&files), &secret).await?;
    println!("{} rows and {} files of {} restored", restored.rows, restored.files, restored.at);
    if !restored.report.is_whole() {
        for fault in &restored.report.faults {
            eprintln!("  {fault}");
        }
        bail!("the restored journal is not whole");
    }
    restored.store.close().await;
    Ok(Answer::Yes)
}
