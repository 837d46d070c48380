//! The one handle that everything else holds.

use crate::change::{Change, Committed, short_text};
use crate::error::StoreError;
use crate::lane::{self, Lane};
use crate::migrate::{self, Opening};
use crate::plan::{Outcome, Prepared, Work};
use crate::postgres::{self, PostgresConfig};
use crate::sqlite::{self, SqliteConfig};
use crate::table::Table;
use crate::value::{Row, Value};
use domain::time::Timestamp;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Which database, and how it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Config {
    /// An embedded database: the default, enough for a city.
    Sqlite(SqliteConfig),
    /// A PostgreSQL server, for several nodes or a whole country.
    Postgres(PostgresConfig),
}

impl Config {
    /// From a `--database` setting: `postgres://…` or `postgresql://…`, else the path of an embedded database (`sqlite:` may precede it).
    pub fn from_url(url: &str) -> Config {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Config::Postgres(PostgresConfig { url: url.to_owned(), readers: 8 });
        }
        Config::sqlite(url.strip_prefix("sqlite:").unwrap_or(url))
    }

    /// An embedded database at `path`, with four readers and no limit of size.
    pub fn sqlite(path: impl Into<PathBuf>) -> Config {
        Config::Sqlite(SqliteConfig { path: path.into(), readers: 4, max_bytes: None, batch: lane::MAX_BATCH })
    }
}

#[derive(Debug)]
enum Reading {
    Sqlite(sqlite::Readers),
    Postgres(Box<postgres::Readers>),
}

#[derive(Debug)]
enum Writer {
    Thread(std::thread::JoinHandle<()>),
    Task(tokio::task::JoinHandle<()>),
}

#[derive(Debug)]
struct Inner {
    reading: Reading,
    lane: Mutex<Option<Lane>>,
    writer: Mutex<Option<Writer>>,
}

/// A handle to the database; cloning is cheap. The writer ends when the last clone is gone or [`Store::close`] is called.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

impl Store {
    /// Opens the database, creates it where there is none, and runs what migrations it lacks.
    ///
    /// Errors: [`StoreError::WrongSchemaVersion`] for a database of a newer program, [`StoreError::Foreign`] for one of another
    /// program, [`StoreError::Unavailable`] if it cannot be opened or reached.
    pub async fn open(config: &Config) -> Result<Store, StoreError> {
        Store::open_at(config, migrate::wanted()).await
    }

    /// Like [`Store::open`], but never creates one: [`StoreError::NoDatabase`] where there is none.
    pub async fn open_existing(config: &Config) -> Result<Store, StoreError> {
        Store::start(config, migrate::wanted(), Opening::Existing).await
    }

    /// Opens with the schema as it was at version `up_to`; for restoring older backups and for tests of migrations.
    pub(crate) async fn open_at(config: &Config, up_to: i64) -> Result<Store, StoreError> {
        Store::start(config, up_to, Opening::Create).await
    }

    async fn start(config: &Config, up_to: i64, opening: Opening) -> Result<Store, StoreError> {
        let (lane, jobs) = lane::channel();
        let (reading, writer) = match config {
            Config::Sqlite(sqlite) => {
                let settings = sqlite.clone();
                let conn = tokio::task::spawn_blocking(move || sqlite::open_writer(&settings, up_to, opening))
                    .await
                    .map_err(|e| StoreError::Unavailable(e.to_string()))??;
                let writer = sqlite::start(conn, jobs, sqlite.batch)?;
                (Reading::Sqlite(sqlite::Readers::new(&sqlite.path, sqlite.readers)), Writer::Thread(writer))
            }
            Config::Postgres(pg) => {
                let writer = postgres::start(pg, up_to, opening, jobs).await?;
                (Reading::Postgres(Box::new(postgres::Readers::new(pg)?)), Writer::Task(writer))
            }
        };
        Ok(Store(Arc::new(Inner { reading, lane: Mutex::new(Some(lane)), writer: Mutex::new(Some(writer)) })))
    }

    /// Commits a change as a whole or not at all. When this returns `Ok` it is durable.
    ///
    /// Errors name what stands in the way; see [`StoreError`]. After [`StoreError::Unavailable`] it is unknown whether the
    /// change was committed: commit it again with the same idempotency key.
    pub async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        let prepared = Box::new(Prepared::new(change)?);
        match self.submit(Work::Change(prepared)).await? {
            Outcome::Committed(committed) => Ok(committed),
            other => Err(StoreError::Invalid(format!("unexpected outcome {other:?}"))),
        }
    }

    /// Every series of which numbers were reserved; some per day, so for rare occasions such as a restore.
    pub async fn series(&self, region: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT series FROM number_block WHERE region = $1 ORDER BY series";
        self.query(sql, &[region.into()]).await?.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
    }

    /// Reserves `n` consecutive numbers of a series durably and returns the first; the series starts at 1.
    ///
    /// Numbers that appear inside signed bytes come from such blocks. Numbers of a block that is not used up are lost, never reused.
    pub async fn reserve(&self, region: &str, series: &str, n: i64) -> Result<i64, StoreError> {
        short_text("region", region)?;
        short_text("series", series)?;
        if n < 1 {
            return Err(StoreError::Invalid("a block has at least one number".to_owned()));
        }
        let work = Work::Reserve { region: region.to_owned(), series: series.to_owned(), count: n };
        match self.submit(work).await? {
            Outcome::First(first) => Ok(first),
            other => Err(StoreError::Invalid(format!("unexpected outcome {other:?}"))),
        }
    }

    /// Runs a SELECT and returns all of its rows, at most what its LIMIT says. One text serves both engines:
    ///
    /// * parameters are `$1`, `$2`, …, each may occur several times;
    /// * every column is BIGINT, TEXT or BYTEA: `CAST(sum(x) AS BIGINT)`; a comparison comes back as 0 or 1;
    /// * no LIKE on user text without escaping, no engine's own functions; sort with enough columns to be unique.
    pub async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match &self.0.reading {
            Reading::Sqlite(readers) => readers.query(sql, params).await,
            Reading::Postgres(readers) => readers.query(sql, params).await,
        }
    }

    /// Like [`Store::query`], for at most one row.
    pub async fn query_opt(&self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Reads one aggregate row by id.
    pub async fn load(&self, region: &str, table: &Table, id: &str) -> Result<Option<Stored>, StoreError> {
        let names: String = table.columns.iter().map(|c| format!(", {}", c.name)).collect();
        let sql = format!("SELECT version, doc{names} FROM {} WHERE region = $1 AND id = $2", table.name);
        let Some(row) = self.query_opt(&sql, &[region.into(), id.into()]).await? else { return Ok(None) };
        let (version, doc) = (row.int(0)?, row.text(1)?.to_owned());
        Ok(Some(Stored { version, doc, columns: row.into_values().split_off(2) }))
    }

    /// A snapshot: several queries that see one state of the database. Keep it short; while it lives the database cannot clean up.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.open_snapshot(false).await
    }

    /// A snapshot for reading whole tables in order of a key.
    pub(crate) async fn walk(&self) -> Result<Snapshot, StoreError> {
        self.open_snapshot(true).await
    }

    async fn open_snapshot(&self, walk: bool) -> Result<Snapshot, StoreError> {
        Ok(Snapshot(match &self.0.reading {
            Reading::Sqlite(readers) => SnapshotKind::Sqlite(readers.transaction().await?),
            Reading::Postgres(readers) => SnapshotKind::Postgres(readers.transaction(walk).await?),
        }))
    }

    /// The first result of an idempotency key: `Ok(None)` if it was never used, an error if it was used with another body.
    pub async fn lookup(
        &self,
        region: &str,
        token: &str,
        key: &str,
        body_hash: &[u8; 32],
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT body_hash, result FROM idempotency WHERE region = $1 AND token = $2 AND key = $3";
        match self.query_opt(sql, &[region.into(), token.into(), key.into()]).await? {
            None => Ok(None),
            Some(row) if row.bytes(0)? == body_hash => Ok(Some(row.text(1)?.to_owned())),
            Some(_) => Err(StoreError::IdempotencyMismatch),
        }
    }

    /// Forgets idempotency keys used before `before`; clients must not retry after so long.
    pub async fn forget_idempotency(&self, region: &str, before: Timestamp) -> Result<(), StoreError> {
        let work = Work::ForgetIdempotency { region: region.to_owned(), before: before.micros() };
        self.submit(work).await.map(|_| ())
    }

    /// Answers whether reading works and the writer lives, for `/readyz`.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let open = self.lane().is_some_and(|lane| lane.is_open());
        if !open {
            return Err(StoreError::Unavailable("the writer has stopped".to_owned()));
        }
        self.query("SELECT number FROM schema_migration LIMIT 1", &[]).await.map(|_| ())
    }

    /// Ends the writer after what is queued is committed, and waits for it. Later commits answer `Unavailable`.
    pub async fn close(&self) {
        drop(self.0.lane.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        match writer {
            Some(Writer::Thread(thread)) => {
                let _ = tokio::task::spawn_blocking(move || thread.join()).await;
            }
            Some(Writer::Task(task)) => {
                let _ = task.await;
            }
            None => {}
        }
    }

    pub(crate) async fn submit(&self, work: Work) -> Result<Outcome, StoreError> {
        let lane = self.lane().ok_or_else(|| StoreError::Unavailable("the store is closed".to_owned()))?;
        lane.submit(work).await
    }

    fn lane(&self) -> Option<Lane> {
        self.0.lane.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An aggregate row as [`Store::load`] reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its version, to be expected by the next write.
    pub version: i64,
    /// Values of the promoted columns, in the order of [`Table::columns`].
    pub columns: Vec<Value>,
    /// The rest of the state as JSON.
    pub doc: String,
}

/// See [`Store::snapshot`].
#[derive(Debug)]
pub struct Snapshot(SnapshotKind);

#[derive(Debug)]
enum SnapshotKind {
    Sqlite(sqlite::ReadTransaction),
    Postgres(postgres::ReadTransaction),
}

impl Snapshot {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.0, SnapshotKind::Sqlite(_))
    }

    /// Like [`Store::query`], in the state of the snapshot.
    pub async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match &self.0 {
            SnapshotKind::Sqlite(tx) => tx.query(sql, params).await,
            SnapshotKind::Postgres(tx) => tx.query(sql, params).await,
        }
    }
}
