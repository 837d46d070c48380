//! One plain transaction for restoring rows as they are.

use super::call::{array, column};
use super::{PostgresConfig, connect, error};
use crate::error::StoreError;
use crate::table::Kind;
use crate::value::Value;
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

/// The transaction ends with its connection when this is dropped.
pub(crate) struct RawTransaction(Client);

impl RawTransaction {
    pub(crate) async fn begin(config: &PostgresConfig) -> Result<RawTransaction, StoreError> {
        let client = connect(&config.parse()?).await?;
        client.batch_execute("BEGIN").await.map_err(error)?;
        Ok(RawTransaction(client))
    }

    /// Inserts rows whose values follow `columns`.
    pub(crate) async fn insert(
        &self,
        table: &str,
        columns: &[(String, Kind)],
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let places: Vec<String> =
            columns.iter().zip(1..).map(|((_, kind), n)| format!("${n}::{}", array(*kind))).collect();
        let sql = format!("INSERT INTO {table} ({}) SELECT * FROM unnest({})", names.join(", "), places.join(", "));
        let one = |(place, (_, kind)): (usize, &(String, Kind))| column(*kind, rows.iter().map(|row| row.get(place)));
        let arrays: Vec<_> = columns.iter().enumerate().map(one).collect();
        let params: Vec<&(dyn ToSql + Sync)> = arrays.iter().map(|p| p.as_ref() as &(dyn ToSql + Sync)).collect();
        self.0.execute(&sql, &params).await.map(|_| ()).map_err(error)
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.0.batch_execute("COMMIT").await.map_err(error)
    }
}
