//! Reading: a pool of read-only connections, and one transaction for long consistent reads.

use super::{Address, PATIENCE, PostgresConfig, connect, error};
use crate::error::StoreError;
use crate::value::{Row, Value};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Statement};

const WALK: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; \
                    SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off";

/// The pool. Connections are opened when first needed.
#[derive(Debug)]
pub(crate) struct Readers {
    pool: Pool,
    address: Address,
}

impl Readers {
    pub(crate) fn new(config: &PostgresConfig) -> Result<Readers, StoreError> {
        let mut address = config.parse()?;
        let pg = &mut address.config;
        let options =
            format!("{} -c default_transaction_read_only=on -c jit=off", pg.get_options().unwrap_or_default());
        pg.options(options);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match &address.tls {
            None => Manager::from_config(pg.clone(), NoTls, recycling),
            Some(tls) => Manager::from_config(pg.clone(), tls.clone(), recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(config.readers.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .build()
            .map_err(|e| StoreError::Invalid(e.to_string()))?;
        Ok(Readers { pool, address })
    }

    /// Runs one statement and returns all of its rows. A connection that turns out to be gone, because the server was started anew
    /// or somebody has ended it, is replaced once: reading twice does no harm.
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let client = self.client().await?;
        match self.attempt(&client, sql, params).await {
            Err(StoreError::Unavailable(_)) => {
                // Whatever it was, the pool must not hand this connection out again.
                drop(deadpool_postgres::Object::take(client));
                let client = self.client().await?;
                self.attempt(&client, sql, params).await
            }
            answer => answer,
        }
    }

    async fn attempt(
        &self,
        client: &deadpool_postgres::Object,
        sql: &str,
        params: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let statement = client.prepare_cached(sql).await.map_err(error)?;
        run(client, &statement, params).await
    }

    async fn client(&self) -> Result<deadpool_postgres::Object, StoreError> {
        self.pool.get().await.map_err(|e| match e {
            deadpool_postgres::PoolError::Backend(e) => error(e),
            other => StoreError::Unavailable(other.to_string()),
        })
    }

    /// A transaction on a connection of its own, that sees one state of the database however long it reads.
    ///
    /// `walk`: whole tables will be read in order of a key, some thousand rows at a time. On a table without fresh statistics the planner
    /// would rather sort all of it for each of these portions.
    pub(crate) async fn transaction(&self, walk: bool) -> Result<ReadTransaction, StoreError> {
        let client = connect(&self.address).await?;
        if walk {
            client.batch_execute(WALK).await.map_err(error)?;
        }
        // The first read fixes the state that the transaction sees.
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT count(*) FROM schema_migration";
        client.batch_execute(begin).await.map_err(error)?;
        Ok(ReadTransaction { client })
    }
}

/// See [`Readers::transaction`]. The transaction ends with the connection, when this is dropped.
#[derive(Debug)]
pub(crate) struct ReadTransaction {
    client: Client,
}

impl ReadTransaction {
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.client.prepare(sql).await.map_err(error)?;
        run(&self.client, &statement, params).await
    }
}

async fn run(client: &Client, statement: &Statement, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
    let rows = client.query(statement, &params).await.map_err(error)?;
    rows.iter().map(row).collect()
}

fn row(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let one = |(place, column): (usize, &tokio_postgres::Column)| value(row, place, column.type_());
    row.columns().iter().enumerate().map(one).collect::<Result<_, _>>().map(Row::new)
}

fn value(row: &tokio_postgres::Row, place: usize, ty: &Type) -> Result<Value, StoreError> {
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(place).map(Value::from),
        Type::INT4 => row.try_get::<_, Option<i32>>(place).map(|n| n.map(i64::from).into()),
        Type::INT2 => row.try_get::<_, Option<i16>>(place).map(|n| n.map(i64::from).into()),
        Type::BOOL => row.try_get::<_, Option<bool>>(place).map(Value::from),
        Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<&str>>(place).map(Value::from),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(place).map(Value::from),
        _ => return Err(StoreError::Shape(format!("column {place} has type {ty}; CAST it to BIGINT, TEXT or BYTEA"))),
    };
    value.map_err(|e| StoreError::Shape(e.to_string()))
}
