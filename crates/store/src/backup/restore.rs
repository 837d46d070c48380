//! Restoring a backup.

use super::BackupError;
use super::cipher::Opener;
use super::load::Loader;
use super::record::{self, End, Head, Record};
use super::write::{LEDGER, sync_folder};
use crate::migrate;
use crate::shape::{Shape, shapes};
use crate::store::{Config, Store};
use crate::table::Kind;
use crate::value::Value;
use crate::verify::Report;
use domain::time::Timestamp;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Component, Path, PathBuf};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

const BATCH: usize = 500;

/// A restored database.
#[derive(Debug)]
pub struct Restored {
    /// The database, open and at the newest schema.
    pub store: Store,
    /// What `verify` says about it. Look at it before you serve it.
    pub report: Report,
    /// When the backup was made.
    pub at: Timestamp,
    /// Number of rows restored.
    pub rows: u64,
    /// Number of files restored.
    pub files: u64,
}

/// What the reading thread hands over.
enum Part {
    Head(Head),
    Rows { table: String, columns: Vec<(String, Kind)>, rows: Vec<Vec<Value>> },
    End(End),
}

/// Restores `archive` into the empty database of `config`, and its files into `files`, then verifies.
///
/// Errors leave the database without rows. If the backup holds files, `files` must be given.
pub async fn restore(
    config: &Config,
    archive: &Path,
    files: Option<&Path>,
    passphrase: &[u8],
) -> Result<Restored, BackupError> {
    let (sender, mut receiver) = mpsc::channel(8);
    let (archive, files) = (archive.to_owned(), files.map(Path::to_owned));
    let secret = Zeroizing::new(passphrase.to_vec());
    let reader = tokio::task::spawn_blocking(move || read(&archive, files.as_deref(), &secret, &sender));
    let loaded = load(config, &mut receiver).await;
    receiver.close();
    // If the reader failed, loading failed only because of that.
    reader.await.map_err(|e| BackupError::Key(e.to_string()))??;
    let (head, end) = loaded?;
    let store = Store::open(config).await?;
    let report = store.verify(None).await?;
    Ok(Restored { store, report, at: Timestamp::from_micros(head.at), rows: end.rows, files: end.files })
}

async fn load(config: &Config, parts: &mut mpsc::Receiver<Part>) -> Result<(Head, End), BackupError> {
    let Some(Part::Head(head)) = parts.recv().await else { return Err(BackupError::Damaged) };
    if head.schema_version > migrate::wanted() {
        return Err(BackupError::TooNew { found: head.schema_version, wanted: migrate::wanted() });
    }
    let known = prepare(config, head.schema_version).await?;
    let mut loader = Loader::begin(config).await?;
    let mut counted = End::default();
    let mut last = String::new();
    while let Some(part) = parts.recv().await {
        match part {
            Part::Head(_) => return Err(BackupError::Damaged),
            Part::Rows { table, columns, rows } => {
                // Names go into SQL, so only those that the database itself has are accepted.
                let shape = known.iter().find(|shape| shape.name == table).ok_or(BackupError::Damaged)?;
                if !columns.iter().all(|(name, kind)| shape.columns.contains(&(name.clone(), Some(*kind)))) {
                    return Err(BackupError::Damaged);
                }
                counted.tables += u64::from(last != table);
                counted.rows += rows.len() as u64;
                last.clone_from(&table);
                if !rows.is_empty() {
                    loader.insert(&table, &columns, rows).await?;
                }
            }
            Part::End(end) => {
                if (end.tables, end.rows) != (counted.tables, counted.rows) {
                    return Err(BackupError::Damaged);
                }
                loader.commit().await?;
                return Ok((head, end));
            }
        }
    }
    Err(BackupError::Damaged)
}

/// Gives an empty database the schema of the backup and returns its tables.
async fn prepare(config: &Config, version: i64) -> Result<Vec<Shape>, BackupError> {
    let store = Store::open_at(config, version).await?;
    let snapshot = store.snapshot().await?;
    let mut known = shapes(&snapshot).await?;
    known.retain(|shape| shape.name != LEDGER);
    for shape in &known {
        let sql = format!("SELECT {} FROM {} LIMIT 1", shape.columns.first().map_or("1", |(name, _)| name), shape.name);
        if !snapshot.query(&sql, &[]).await?.is_empty() {
            return Err(BackupError::NotEmpty(shape.name.clone()));
        }
    }
    drop(snapshot);
    store.close().await;
    Ok(known)
}

/// The thread that reads and decrypts. Files are written at once; rows go to the loader.
fn read(archive: &Path, files: Option<&Path>, passphrase: &[u8], to: &mpsc::Sender<Part>) -> Result<(), BackupError> {
    let mut input = Opener::new(BufReader::new(File::open(archive)?), passphrase)?;
    let mut table: Option<(String, Vec<(String, Kind)>)> = None;
    let mut rows = Vec::new();
    let mut files_read = 0;
    // When the loader has stopped, it has the better error: end quietly.
    let send = |part: Part| to.blocking_send(part).is_ok();
    loop {
        let width = table.as_ref().map_or(0, |(_, columns)| columns.len());
        let record = record::read(&mut input, width)?;
        let flush = !matches!(record, Record::Row(_)) || rows.len() >= BATCH;
        if let Some((name, columns)) = table.as_ref().filter(|_| flush) {
            let part = Part::Rows { table: name.clone(), columns: columns.clone(), rows: std::mem::take(&mut rows) };
            if !send(part) {
                return Ok(());
            }
        }
        match record {
            Record::Head(head) => {
                if !send(Part::Head(head)) {
                    return Ok(());
                }
            }
            Record::Table(head) => {
                let kinds = head.columns.into_iter().map(|(name, kind)| Ok((name, record::kind(&kind)?)));
                table = Some((head.name, kinds.collect::<Result<_, BackupError>>()?));
            }
            Record::Row(values) => rows.push(values),
            Record::File(name, size) => {
                table = None;
                file(&mut input, files, &name, size)?;
                files_read += 1;
            }
            Record::End(end) => {
                input.end()?;
                if end.files != files_read {
                    return Err(BackupError::Damaged);
                }
                send(Part::End(end));
                return Ok(());
            }
        }
    }
}

/// Writes one file below `root`, complete or not at all.
fn file<R: std::io::Read>(
    input: &mut Opener<R>,
    root: Option<&Path>,
    name: &str,
    size: u64,
) -> Result<(), BackupError> {
    let missing = || BackupError::Io(std::io::Error::other("the backup holds files: say where to put them"));
    let path = below(root.ok_or_else(missing)?, name)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = path.with_extension("part");
    let mut out = File::create(&part)?;
    record::read_content(input, size, |bytes| Ok(out.write_all(bytes)?))?;
    out.sync_all()?;
    std::fs::rename(&part, &path)?;
    Ok(sync_folder(&path)?)
}

/// A path of the archive below a folder; nothing that leads out of it.
fn below(root: &Path, name: &str) -> Result<PathBuf, BackupError> {
    let relative = Path::new(name);
    let plain = relative.components().all(|c| matches!(c, Component::Normal(_)));
    if plain && !name.is_empty() { Ok(root.join(relative)) } else { Err(BackupError::Damaged) }
}
