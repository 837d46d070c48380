//! Reading: a pool of read-only connections on blocking threads, and one read transaction for long consistent reads.

use super::{error, open_reader};
use crate::error::StoreError;
use crate::value::{Row, Value};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Instructions of SQLite's machine that a read may take where it was asked, some tens of microseconds: looking rows up by a
/// key takes hundreds. Whatever takes more begins again on a thread of its own.
const BRIEF: i32 = 4_000;

/// The pool. Connections are opened when first needed.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Reader>>>,
    permits: Arc<Semaphore>,
}

/// A connection with the number of times that its progress may still be reported before it is interrupted; a negative number
/// lets it run to its end.
#[derive(Debug)]
struct Reader {
    conn: Connection,
    left: Arc<AtomicI32>,
}

impl Reader {
    fn open(path: &Path) -> Result<Reader, StoreError> {
        let mut conn = open_reader(path)?;
        let left = Arc::new(AtomicI32::new(-1));
        let own = left.clone();
        let handler = move || own.load(Ordering::Relaxed) >= 0 && own.fetch_sub(1, Ordering::Relaxed) <= 0;
        conn.progress_handler(BRIEF, Some(handler)).map_err(error)?;
        Ok(Reader { conn, left })
    }

    /// The answer, if it is found at once. Handing a read over to a thread costs more than most reads do.
    fn brief(&self, sql: &str, params: &[Value]) -> Option<Result<Vec<Row>, StoreError>> {
        // A statement goes on counting where its last run ended, so the first report may come at any time.
        self.left.store(1, Ordering::Relaxed);
        let rows = query(&self.conn, sql, params);
        let interrupted = self.left.swap(-1, Ordering::Relaxed) < 0;
        (!interrupted).then_some(rows)
    }
}

impl Readers {
    pub(crate) fn new(path: &Path, count: usize) -> Readers {
        Readers { path: path.to_owned(), idle: Arc::default(), permits: Arc::new(Semaphore::new(count.max(1))) }
    }

    /// Runs one statement and returns all of its rows.
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| closed())?;
        let reader = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match reader.map(|reader| (reader.brief(sql, params), reader)) {
            Some((Some(rows), reader)) => {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
                return rows;
            }
            Some((None, reader)) => Some(reader),
            None => None,
        };
        let (idle, path, sql, params) = (self.idle.clone(), self.path.clone(), sql.to_owned(), params.to_vec());
        let task = tokio::task::spawn_blocking(move || {
            let reader = reader.map_or_else(|| Reader::open(&path), Ok)?;
            let rows = query(&reader.conn, &sql, &params);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            drop(permit);
            rows
        });
        task.await.map_err(|_| closed())?
    }

    /// A transaction of its own connection, that sees one state of the database however long it reads.
    pub(crate) async fn transaction(&self) -> Result<ReadTransaction, StoreError> {
        let path = self.path.clone();
        let task = tokio::task::spawn_blocking(move || {
            let conn = open_reader(&path)?;
            // The first read fixes the state that the transaction sees.
            conn.execute_batch("BEGIN; SELECT count(*) FROM schema_migration").map_err(error)?;
            Ok(ReadTransaction { conn: Arc::new(Mutex::new(conn)) })
        });
        task.await.map_err(|_| closed())?
    }
}

/// See [`Readers::transaction`].
#[derive(Debug)]
pub(crate) struct ReadTransaction {
    conn: Arc<Mutex<Connection>>,
}

impl ReadTransaction {
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let (conn, sql, params) = (self.conn.clone(), sql.to_owned(), params.to_vec());
        let task = tokio::task::spawn_blocking(move || {
            let conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
            query(&conn, &sql, &params)
        });
        task.await.map_err(|_| closed())?
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is shutting down".to_owned())
}

/// SQLite numbers `$1`, `$2` in the order in which they appear, so they are bound by name.
fn query(conn: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    let mut stmt = conn.prepare_cached(sql).map_err(error)?;
    for (place, value) in (1..).zip(params) {
        let name = format!("${place}");
        let index = stmt.parameter_index(&name).map_err(error)?;
        let index = index.ok_or_else(|| StoreError::Invalid(format!("the statement has no {name}: {sql}")))?;
        stmt.raw_bind_parameter(index, value).map_err(error)?;
    }
    if stmt.parameter_count() > params.len() {
        return Err(StoreError::Invalid(format!(
            "{} values given for {} parameters: {sql}",
            params.len(),
            stmt.parameter_count()
        )));
    }
    let width = stmt.column_count();
    let mut rows = stmt.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(error)? {
        let values = (0..width).map(|i| row.get_ref(i).map(value).map_err(error)).collect::<Result<_, _>>()?;
        out.push(Row::new(values));
    }
    Ok(out)
}

fn value(value: ValueRef<'_>) -> Value {
    // Columns of SQLite take anything. What is not of our types was put there by somebody else; it is handed on as what it is
    // least like, so that reading it names the column, and `verify` the row.
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_or_else(|_| Value::from(bytes), Value::from),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(number) => Value::Text(number.to_string()),
    }
}
