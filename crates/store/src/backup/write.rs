//! Making a backup.

use super::BackupError;
use super::cipher::{BackupRandom, Sealer};
use super::record::{self, End, Head, TableHead};
use crate::migrate;
use crate::shape::{Shape, shapes};
use crate::store::{Snapshot, Store};
use domain::time::Timestamp;
use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

/// Rows of one query.
const CHUNK: i64 = 500;
/// Table of the migrations; it is written by the migrations themselves.
pub(super) const LEDGER: &str = "schema_migration";

/// What goes through the channel to the thread that encrypts.
enum Part {
    Plain(Vec<u8>),
    File(String, PathBuf),
}

impl Store {
    /// Writes an encrypted backup of all tables, and of the files under `files`, to `out`, beside a live server.
    ///
    /// The file appears under its name only when it is complete and on the disk. `random` must be fresh.
    pub async fn backup(
        &self,
        out: &Path,
        files: Option<&Path>,
        passphrase: &[u8],
        random: BackupRandom,
        at: Timestamp,
    ) -> Result<(), BackupError> {
        let (sender, receiver) = mpsc::channel(8);
        let part = out.with_extension("part");
        let (target, secret) = (part.clone(), Zeroizing::new(passphrase.to_vec()));
        let writer = tokio::task::spawn_blocking(move || write(&target, &secret, &random, receiver));
        let sent = self.send(&sender, files, at).await;
        drop(sender);
        let written = writer.await.map_err(|e| BackupError::Key(e.to_string()))?;
        // If the writer failed, sending failed only because of that.
        let result = match (written, sent) {
            (Err(e), _) | (Ok(()), Err(e)) => Err(e),
            (Ok(()), Ok(())) => std::fs::rename(&part, out).and_then(|()| sync_folder(out)).map_err(BackupError::from),
        };
        if result.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        result
    }

    async fn send(&self, to: &mpsc::Sender<Part>, files: Option<&Path>, at: Timestamp) -> Result<(), BackupError> {
        let snapshot = self.walk().await?;
        let sql = format!("SELECT CAST(max(number) AS BIGINT) FROM {LEDGER}");
        let version = snapshot.query(&sql, &[]).await?.first().map_or(Ok(0), |row| row.int(0))?;
        let mut end = End::default();
        let mut out = Vec::new();
        let head = Head { format: 1, schema_version: version.min(migrate::wanted()), at: at.micros() };
        record::put_json(&mut out, b'H', &head)?;
        for shape in shapes(&snapshot).await?.into_iter().filter(|s| s.name != LEDGER) {
            end.tables += 1;
            end.rows += table(&snapshot, &shape, to, &mut out).await?;
        }
        send(to, &mut out).await?;
        if let Some(root) = files {
            for (name, path) in walk(root)? {
                end.files += 1;
                to.send(Part::File(name, path)).await.map_err(|_| stopped())?;
            }
        }
        record::put_json(&mut out, b'E', &end)?;
        send(to, &mut out).await
    }
}

fn stopped() -> BackupError {
    BackupError::Io(std::io::Error::other("the writer has stopped"))
}

async fn send(to: &mpsc::Sender<Part>, out: &mut Vec<u8>) -> Result<(), BackupError> {
    to.send(Part::Plain(std::mem::take(out))).await.map_err(|_| stopped())
}

/// Writes one table, in order of its primary key, and returns the number of rows.
async fn table(
    snapshot: &Snapshot,
    shape: &Shape,
    to: &mpsc::Sender<Part>,
    out: &mut Vec<u8>,
) -> Result<u64, BackupError> {
    let foreign = || BackupError::ForeignTable(shape.name.clone());
    let typed = |(name, kind): &(String, Option<_>)| Some((name.clone(), record::kind_name((*kind)?).to_owned()));
    let columns: Vec<(String, String)> = shape.columns.iter().map(typed).collect::<Option<_>>().ok_or_else(foreign)?;
    if shape.key.is_empty() {
        return Err(foreign());
    }
    // The key comes once more at the end of each row, to go on from.
    let names: Vec<&str> =
        columns.iter().map(|(name, _)| name.as_str()).chain(shape.key.iter().map(String::as_str)).collect();
    let key = shape.key.join(", ");
    let places: Vec<String> = (2..shape.key.len() + 2).map(|n| format!("${n}")).collect();
    let select = format!("SELECT {} FROM {}", names.join(", "), shape.name);
    let first = format!("{select} ORDER BY {key} LIMIT $1");
    let next = format!("{select} WHERE ({key}) > ({}) ORDER BY {key} LIMIT $1", places.join(", "));
    record::put_json(out, b'T', &TableHead { name: shape.name.clone(), columns })?;
    let mut params = vec![CHUNK.into()];
    let mut count = 0;
    loop {
        let rows = snapshot.query(if count == 0 { &first } else { &next }, &params).await?;
        for row in &rows {
            record::put_row(out, row.values().get(..shape.columns.len()).unwrap_or_default())?;
            if out.len() > 256 * 1024 {
                send(to, out).await?;
            }
        }
        count += rows.len() as u64;
        let Some(last) = rows.last() else { return Ok(count) };
        params.truncate(1);
        params.extend(last.values().iter().skip(shape.columns.len()).cloned());
    }
}

/// All regular files under a folder, with their relative path.
fn walk(root: &Path) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry
                .file_name()
                .into_string()
                .map_err(|_| BackupError::Io(std::io::Error::other("a file name is not UTF-8")))?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((format!("{prefix}{name}/"), entry.path()));
            } else if kind.is_file() {
                found.push((format!("{prefix}{name}"), entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The thread that encrypts and writes.
fn write(
    path: &Path,
    passphrase: &[u8],
    random: &BackupRandom,
    mut parts: mpsc::Receiver<Part>,
) -> Result<(), BackupError> {
    let mut sealer = Sealer::new(BufWriter::new(private_file(path)?), passphrase, random)?;
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Plain(bytes) => sealer.write(&bytes)?,
            Part::File(name, path) => file(&mut sealer, &name, &path)?,
        }
    }
    let out = sealer.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    out.sync_all()?;
    Ok(())
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> Result<File, BackupError> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?)
}

fn file<W: std::io::Write>(sealer: &mut Sealer<W>, name: &str, path: &Path) -> Result<(), BackupError> {
    let mut input = File::open(path)?;
    let size = input.metadata()?.len();
    let mut head = Vec::new();
    record::put_file(&mut head, name, size)?;
    sealer.write(&head)?;
    let mut part = vec![0; 65_536];
    let mut left = size;
    while left > 0 {
        let n = input.read(&mut part)?.min(usize::try_from(left).unwrap_or(usize::MAX));
        if n == 0 {
            return Err(BackupError::Io(std::io::Error::other(format!("{name} became shorter while it was read"))));
        }
        sealer.write(part.get(..n).unwrap_or_default())?;
        left -= n as u64;
    }
    Ok(())
}

/// Makes a rename survive a power failure.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}
