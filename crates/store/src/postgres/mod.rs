//! PostgreSQL: one grouped write lane per node and a pool of read-only connections.
//!
//! Every batch takes the advisory lock of its region first, then reads, plans and writes. So all nodes that write a region take turns,
//! positions become visible in order, and what was read stays true until the commit.

mod apply;
mod call;
mod lane;
mod load;
mod raw;
mod read;

pub(crate) use lane::start;
pub(crate) use raw::RawTransaction;
pub(crate) use read::{ReadTransaction, Readers};

use crate::error::StoreError;
use crate::migrate::{self, Dialect, Owner};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{Client, NoTls};

/// Time after which a lost server is noticed, and after which a statement is given up.
const PATIENCE: Duration = Duration::from_secs(30);
const MIGRATION_PATIENCE: u32 = 600;

/// Where and how a PostgreSQL database is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresConfig {
    /// `postgres://user@host/database`, or `host=/run/postgresql user=… dbname=…`. The connection is not encrypted by this program:
    /// use a Unix socket, a private network or a local proxy.
    pub url: String,
    /// Number of read-only connections.
    pub readers: usize,
}

impl PostgresConfig {
    fn parse(&self) -> Result<tokio_postgres::Config, StoreError> {
        let mut config: tokio_postgres::Config =
            self.url.parse().map_err(|e| StoreError::Invalid(format!("the database URL cannot be read ({e})")))?;
        config.connect_timeout(Duration::from_secs(10)).tcp_user_timeout(PATIENCE).application_name("yichuang");
        Ok(config)
    }
}

/// A connection whose driver runs in a task of its own; it ends with the client.
async fn connect(config: &tokio_postgres::Config) -> Result<Client, StoreError> {
    let (client, connection) = config.connect(NoTls).await.map_err(error)?;
    tokio::spawn(async move {
        if let Err(e) = connection.await {
            tracing::warn!(error = %e, "a connection to PostgreSQL ended");
        }
    });
    Ok(client)
}

/// Brings the schema up to `up_to`. The lock is polled, because a session that waits for it would keep
/// `CREATE INDEX CONCURRENTLY` of another from ever ending.
async fn migrate(client: &mut Client, up_to: i64) -> Result<(), StoreError> {
    let lock = key("migration");
    let mut waited = 0;
    while !client.query_one("SELECT pg_try_advisory_lock($1)", &[&lock]).await.map_err(error)?.get::<_, bool>(0) {
        waited += 1;
        if waited > MIGRATION_PATIENCE {
            return Err(StoreError::Unavailable("another node has been migrating for a minute".to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.batch_execute(&format!("SET client_min_messages = warning; {}", migrate::LEDGER)).await.map_err(error)?;
    let rows = client.query("SELECT number, sha256 FROM schema_migration", &[]).await.map_err(error)?;
    let applied: Vec<(i64, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for migration in migrate::pending(&applied, up_to)? {
        let tx = client.transaction().await.map_err(error)?;
        tx.batch_execute(&migration.text(Dialect::Postgres)).await.map_err(error)?;
        let sql = "INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)";
        tx.execute(sql, &[&migration.number, &migration.name, &migration.sha256()]).await.map_err(error)?;
        tx.commit().await.map_err(error)?;
    }
    client.execute("SELECT pg_advisory_unlock($1)", &[&lock]).await.map_err(error)?;
    Ok(())
}

/// Checks once that the database is one we can keep our promises on.
async fn inspect(client: &Client) -> Result<(), StoreError> {
    let sql = "SELECT current_setting('server_version_num')::bigint, current_setting('server_encoding')";
    let row = client.query_one(sql, &[]).await.map_err(error)?;
    let (version, encoding): (i64, String) = (row.get(0), row.get(1));
    if version < 140_000 {
        return Err(StoreError::Invalid("PostgreSQL 14 or newer is needed".to_owned()));
    }
    if encoding != "UTF8" {
        return Err(StoreError::Invalid(format!(
            "the database has encoding {encoding}; create it with ENCODING 'UTF8'"
        )));
    }
    Ok(())
}

/// Looks at the schema in which our tables would lie, without writing to it.
async fn owner(client: &Client) -> Result<Owner, StoreError> {
    let tables = "SELECT count(*) FILTER (WHERE relname <> 'schema_migration'), \
                  count(*) FILTER (WHERE relname = 'schema_migration') FROM pg_class \
                  WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace";
    let row = client.query_one(tables, &[]).await.map_err(error)?;
    let (others, ledgers): (i64, i64) = (row.get(0), row.get(1));
    if others == 0 {
        return Ok(Owner::Nobody);
    }
    if ledgers == 0 {
        return Ok(Owner::Other);
    }
    let first = "SELECT count(*) FROM schema_migration WHERE number = 1 AND name = '0001_core'";
    // A ledger of another form is another program's.
    let ours = client.query_one(first, &[]).await.map_or(0, |row| row.get::<_, i64>(0));
    Ok(if ours > 0 { Owner::Ours } else { Owner::Other })
}

/// Key of an advisory lock of ours.
fn key(name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(format!("yichuang/{name}")).into();
    hash.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

/// What an error of PostgreSQL means to us.
fn error(e: tokio_postgres::Error) -> StoreError {
    let Some(db) = e.as_db_error() else {
        // Not an answer of the server: the connection broke, could not be made, or a value does not fit its parameter.
        let text = std::error::Error::source(&e).map_or_else(|| e.to_string(), |source| format!("{e}: {source}"));
        let ours = text.contains("parameter") || text.contains("serializing");
        return if ours { StoreError::Invalid(text) } else { StoreError::Unavailable(text) };
    };
    let code = db.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        return StoreError::Duplicate { table: db.table().unwrap_or_default().to_owned(), columns: columns(db) };
    }
    if *code == SqlState::DISK_FULL {
        return StoreError::Full;
    }
    // 08 connection, 53 resources, 57 operator intervention, 25006 a standby; 40 serialization and deadlock.
    let transient = ["08", "53", "57", "25006", "40"].iter().any(|class| code.code().starts_with(class));
    let text = format!("{}: {}", code.code(), db.message());
    if transient { StoreError::Unavailable(text) } else { StoreError::Database(text) }
}

/// `Key (region, number)=(…) already exists.` → `number`, whatever the language of the server.
fn columns(db: &DbError) -> String {
    let detail = db.detail().unwrap_or_default();
    let list = detail.split_once(")=(").and_then(|(before, _)| before.split_once('(')).map_or("", |(_, list)| list);
    let columns: Vec<&str> = list.split(", ").filter(|column| *column != "region").collect();
    columns.join(", ")
}
