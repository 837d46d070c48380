//! Statements with their parameters, prepared once per connection and sent in a pipeline: one round trip for many.

use super::error;
use crate::error::StoreError;
use crate::table::Kind;
use crate::value::Value;
use futures_util::future;
use std::collections::HashMap;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{Client, Statement};

pub(super) type Param<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// One statement to send.
pub(super) struct Call<'a> {
    pub sql: String,
    pub params: Vec<Param<'a>>,
    /// Rows that must be touched, where anything else means that somebody wrote without the lock.
    pub rows: Option<usize>,
}

impl<'a> Call<'a> {
    pub(super) fn new(sql: impl Into<String>, params: Vec<Param<'a>>) -> Call<'a> {
        Call { sql: sql.into(), params, rows: None }
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.params.iter().map(|p| p.as_ref() as &(dyn ToSql + Sync)).collect()
    }
}

/// The lane's connection with its prepared statements.
pub(super) struct Session {
    pub client: Client,
    statements: HashMap<String, Statement>,
}

impl Session {
    pub(super) fn new(client: Client) -> Session {
        Session { client, statements: HashMap::new() }
    }

    /// Prepares what is not prepared yet, outside of any transaction.
    pub(super) async fn prepare(&mut self, calls: &[Call<'_>]) -> Result<(), StoreError> {
        for call in calls {
            if !self.statements.contains_key(&call.sql) {
                let statement = self.client.prepare(&call.sql).await.map_err(error)?;
                self.statements.insert(call.sql.clone(), statement);
            }
        }
        Ok(())
    }

    /// `BEGIN` and all calls in one round trip; the rows of each call.
    pub(super) async fn begin(&self, calls: &[Call<'_>]) -> Result<Vec<Vec<tokio_postgres::Row>>, StoreError> {
        let params: Vec<_> = calls.iter().map(Call::params).collect();
        let statements = self.statements(calls)?;
        let queries = statements.iter().zip(&params).map(|(statement, params)| self.client.query(*statement, params));
        let (begun, answers) = future::join(self.client.batch_execute("BEGIN"), future::join_all(queries)).await;
        begun.map_err(error)?;
        answers.into_iter().map(|answer| answer.map_err(error)).collect()
    }

    /// All calls in one round trip inside the running transaction; the first refusal in their order is the answer.
    pub(super) async fn execute(&self, calls: &[Call<'_>]) -> Result<Vec<u64>, StoreError> {
        let params: Vec<_> = calls.iter().map(Call::params).collect();
        let statements = self.statements(calls)?;
        let runs = statements.iter().zip(&params).map(|(statement, params)| self.client.execute(*statement, params));
        future::join_all(runs).await.into_iter().map(|answer| answer.map_err(error)).collect()
    }

    fn statements(&self, calls: &[Call<'_>]) -> Result<Vec<&Statement>, StoreError> {
        let missing = || StoreError::Invalid("a statement was not prepared".to_owned());
        calls.iter().map(|call| self.statements.get(&call.sql).ok_or_else(missing)).collect()
    }
}

/// The values of one column of many rows, as an array.
pub(super) fn column<'a>(kind: Kind, values: impl Iterator<Item = Option<&'a Value>>) -> Param<'a> {
    match kind {
        Kind::Int => Box::new(
            values.map(|v| if let Some(Value::Int(n)) = v { Some(*n) } else { None }).collect::<Vec<Option<i64>>>(),
        ),
        Kind::Text => Box::new(
            values
                .map(|v| if let Some(Value::Text(text)) = v { Some(text.as_str()) } else { None })
                .collect::<Vec<Option<&str>>>(),
        ),
        Kind::Bytes => Box::new(
            values
                .map(|v| if let Some(Value::Bytes(bytes)) = v { Some(bytes.as_slice()) } else { None })
                .collect::<Vec<Option<&[u8]>>>(),
        ),
    }
}

/// Name of the array type of a column.
pub(super) fn array(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint[]",
        Kind::Text => "text[]",
        Kind::Bytes => "bytea[]",
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT8 => n.to_sql(ty, out),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Text(text) if <&str as ToSql>::accepts(ty) => text.as_str().to_sql(ty, out),
            Value::Bytes(bytes) if *ty == Type::BYTEA => bytes.as_slice().to_sql(ty, out),
            _ => Err(format!("a parameter of type {ty} was given {self:?}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
