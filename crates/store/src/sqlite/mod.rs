//! The embedded engine: one writer thread with group commit, and read-only connections for reading.
//!
//! `synchronous=FULL` in WAL mode: a batch is one fsync of the WAL, and what was acknowledged survives `kill -9` and power loss.

mod apply;
mod load;
mod read;
mod writer;

pub(crate) use read::{ReadTransaction, Readers};
pub(crate) use writer::start;

use crate::error::StoreError;
use crate::migrate::{self, Dialect, Opening, Owner};
use crate::value::Value;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// First release without the WAL-reset corruption bug.
const LEAST_VERSION: i32 = 3_051_003;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Where and how an embedded database is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteConfig {
    /// The database file; its folder must exist. `-wal` and `-shm` files lie beside it.
    pub path: PathBuf,
    /// Number of read-only connections.
    pub readers: usize,
    /// Largest size of the database in bytes; a commit beyond it answers [`StoreError::Full`]. None: as the disk allows.
    pub max_bytes: Option<u64>,
    /// Most changes in one durable commit, 1 to 256. Less than 256 only makes it slower; 1 is what group commit is measured against.
    pub batch: usize,
}

/// Opens the connection that writes and brings the schema up to `up_to`. A file of another program is not touched, and
/// no file is made where one must exist.
pub(crate) fn open_writer(config: &SqliteConfig, up_to: i64, opening: Opening) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < LEAST_VERSION {
        return Err(StoreError::Invalid(format!(
            "SQLite {} has the WAL-reset corruption bug; 3.51.3 or newer is needed",
            rusqlite::version()
        )));
    }
    migrate::admit(owner(&config.path)?, opening, &config.path.display().to_string())?;
    let mut conn = open_raw(config)?;
    migrate(&mut conn, up_to)?;
    if let Some(bytes) = config.max_bytes {
        let page: i64 = conn.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(error)?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        conn.pragma_update_and_check(None, "max_page_count", pages.max(1), |_| Ok(())).map_err(error)?;
    }
    Ok(conn)
}

/// Looks into the file without writing to it.
fn owner(path: &Path) -> Result<Owner, StoreError> {
    match std::fs::metadata(path) {
        Ok(file) if file.len() > 0 => {}
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::Unavailable(format!("{} cannot be opened: {e}", path.display())));
        }
        _ => return Ok(Owner::Nobody),
    }
    let conn = open_reader(path)?;
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration' \
                  AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";
    let tables: i64 = conn.query_row(tables, [], |row| row.get(0)).map_err(error)?;
    if tables == 0 {
        return Ok(Owner::Nobody);
    }
    let first = "SELECT count(*) FROM schema_migration WHERE number = 1 AND name = '0001_core'";
    // Without a ledger of our form the question itself fails.
    let ours: i64 = conn.query_row(first, [], |row| row.get(0)).unwrap_or(0);
    Ok(if ours > 0 { Owner::Ours } else { Owner::Other })
}

/// Opens a connection that may write, without touching the schema.
pub(crate) fn open_raw(config: &SqliteConfig) -> Result<Connection, StoreError> {
    private(&config.path)?;
    let conn = Connection::open(&config.path).map_err(error)?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(error)?;
    conn.set_prepared_statement_cache_capacity(256);
    keep_plans(&conn)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(error)?;
    if mode != "wal" {
        return Err(StoreError::Invalid(format!("{} does not support WAL (got {mode})", config.path.display())));
    }
    // secure_delete: an erased body is overwritten, not only unlinked.
    conn.execute_batch(
        "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; \
         PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;",
    )
    .map_err(error)?;
    Ok(conn)
}

/// A new database can be read by its owner only; SQLite gives its `-wal` and `-shm` files the same mode.
fn private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path);
    opened.map(|_| ()).map_err(|e| StoreError::Unavailable(format!("{} cannot be opened: {e}", path.display())))
}

/// Opens a connection that can only read.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(error)?;
    conn.busy_timeout(BUSY_TIMEOUT).map_err(error)?;
    conn.set_prepared_statement_cache_capacity(256);
    keep_plans(&conn)?;
    conn.execute_batch("PRAGMA query_only=ON; PRAGMA cache_size=-4000;").map_err(error)?;
    Ok(conn)
}

/// Statements keep the plan that they were prepared with. Otherwise SQLite plans a range query anew for every value that it
/// is asked with.
fn keep_plans(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(error)
}

/// The exclusive transaction makes a second process that starts at the same time wait and then find nothing to do.
fn migrate(conn: &mut Connection, up_to: i64) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Exclusive).map_err(error)?;
    tx.execute_batch(migrate::LEDGER).map_err(error)?;
    let applied = {
        let mut stmt = tx.prepare("SELECT number, sha256 FROM schema_migration").map_err(error)?;
        let rows = stmt.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(error)?;
        rows.collect::<Result<Vec<(i64, String)>, _>>().map_err(error)?
    };
    for migration in migrate::pending(&applied, up_to)? {
        tx.execute_batch(&migration.text(Dialect::Sqlite)).map_err(error)?;
        tx.execute(
            "INSERT INTO schema_migration (number, name, sha256) VALUES (?1, ?2, ?3)",
            (migration.number, migration.name, migration.sha256()),
        )
        .map_err(error)?;
    }
    tx.commit().map_err(error)
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// What an error of SQLite means to us.
pub(crate) fn error(e: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(code, message) = &e else { return StoreError::Database(e.to_string()) };
    match code.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Unavailable("another process is writing for too long".to_owned())
        }
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::OutOfMemory => {
            StoreError::Unavailable(format!("{e}"))
        }
        ErrorCode::ConstraintViolation => {
            duplicate(message.as_deref().unwrap_or_default()).unwrap_or_else(|| StoreError::Database(e.to_string()))
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Database(format!(
            "{e}: the file is damaged or no database; keep it aside and restore a backup with `yichuang restore`"
        )),
        _ => StoreError::Database(e.to_string()),
    }
}

/// `UNIQUE constraint failed: casefile.region, casefile.number` → table and columns.
fn duplicate(message: &str) -> Option<StoreError> {
    let list = message.strip_prefix("UNIQUE constraint failed: ")?;
    let names: Vec<(&str, &str)> = list.split(", ").filter_map(|name| name.split_once('.')).collect();
    let table = names.first().map_or(list, |(table, _)| table);
    let columns: Vec<&str> = names.iter().map(|(_, column)| *column).filter(|column| *column != "region").collect();
    Some(StoreError::Duplicate { table: table.to_owned(), columns: columns.join(", ") })
}
