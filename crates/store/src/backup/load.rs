//! Writes restored rows, in one transaction, as they are: no hashes are computed, no versions checked.

use super::BackupError;
use crate::error::StoreError;
use crate::postgres::RawTransaction;
use crate::sqlite;
use crate::store::Config;
use crate::table::Kind;
use crate::value::Value;

/// A transaction on either engine. Dropping it without [`Loader::commit`] rolls back.
pub(super) enum Loader {
    Sqlite(rusqlite::Connection),
    Postgres(RawTransaction),
}

impl Loader {
    pub(super) async fn begin(config: &Config) -> Result<Loader, BackupError> {
        match config {
            Config::Sqlite(sqlite) => {
                let conn = sqlite::open_raw(sqlite)?;
                conn.execute_batch("BEGIN IMMEDIATE").map_err(sqlite::error)?;
                Ok(Loader::Sqlite(conn))
            }
            Config::Postgres(pg) => Ok(Loader::Postgres(RawTransaction::begin(pg).await?)),
        }
    }

    /// Inserts rows whose values follow `columns`.
    pub(super) async fn insert(
        &mut self,
        table: &str,
        columns: &[(String, Kind)],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        match self {
            Loader::Sqlite(conn) => {
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
                let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
                let mut statement = conn.prepare_cached(&sql).map_err(sqlite::error)?;
                for row in rows {
                    statement.execute(rusqlite::params_from_iter(row)).map_err(sqlite::error)?;
                }
                Ok(())
            }
            Loader::Postgres(tx) => tx.insert(table, columns, &rows).await,
        }
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Loader::Sqlite(conn) => conn.execute_batch("COMMIT").map_err(sqlite::error),
            Loader::Postgres(tx) => tx.commit().await,
        }
    }
}
