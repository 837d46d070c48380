//! A database for one test, on either engine, with a raw connection beside the store to look and to tamper.

use domain::time::Timestamp;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Change, Column, Config, Expected, NewFact, PlainTable, PostgresConfig, RowWrite, Store, Table, Value};

pub const REGION: &str = "370200";
pub const AT: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

pub static CASE: Table = Table {
    name: "thing",
    columns: &[Column::text("number"), Column::text("state"), Column::int("due_at"), Column::bytes("mark")],
};
pub static SLOT: PlainTable = PlainTable { name: "slot", columns: &[Column::text("place"), Column::int("free")] };

const TABLES: &str = "
CREATE TABLE thing (region TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, head_hash BYTEA NOT NULL,
    number TEXT NOT NULL, state TEXT NOT NULL, due_at BIGINT, mark BYTEA, doc TEXT NOT NULL, PRIMARY KEY (region, id));
CREATE UNIQUE INDEX thing_number ON thing (region, number);
CREATE TABLE slot (region TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, free BIGINT NOT NULL, PRIMARY KEY (region, id));
";

/// A store on a fresh database.
pub struct Bed {
    pub store: Store,
    pub config: Config,
    pub dir: tempfile::TempDir,
}

impl Bed {
    pub async fn sqlite() -> Bed {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::sqlite(dir.path().join("city.db"));
        Bed::start(dir, config).await
    }

    /// A database of its own on the server of `YICHUANG_TEST_PG`; None, with a word on stderr, if that is not set.
    pub async fn postgres() -> Option<Bed> {
        let Ok(url) = std::env::var("YICHUANG_TEST_PG") else {
            eprintln!("YICHUANG_TEST_PG is not set: this test ran on SQLite only");
            return None;
        };
        let url = fresh_database(&url).await;
        Some(Bed::start(tempfile::tempdir().unwrap(), Config::Postgres(PostgresConfig { url, readers: 4 })).await)
    }

    async fn start(dir: tempfile::TempDir, config: Config) -> Bed {
        let store = Store::open(&config).await.unwrap();
        let bed = Bed { store, config, dir };
        bed.sql(TABLES).await;
        bed
    }

    /// Gives an empty database the schema and the tables of these tests, and closes it.
    pub async fn tables(config: &Config) {
        let bed = Bed::start(tempfile::tempdir().unwrap(), config.clone()).await;
        bed.store.close().await;
    }

    pub fn path(&self) -> PathBuf {
        match &self.config {
            Config::Sqlite(sqlite) => sqlite.path.clone(),
            Config::Postgres(_) => panic!("not a file"),
        }
    }

    /// Runs statements behind the store's back.
    pub async fn sql(&self, sql: &str) {
        match &self.config {
            Config::Sqlite(sqlite) => {
                let conn = rusqlite::Connection::open(&sqlite.path).unwrap();
                conn.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
                conn.execute_batch(sql).unwrap();
            }
            Config::Postgres(pg) => client(&pg.url).await.batch_execute(sql).await.unwrap(),
        }
    }

    /// The only integer of an answer.
    pub async fn int(&self, sql: &str) -> i64 {
        self.store.query(sql, &[]).await.unwrap()[0].int(0).unwrap()
    }

    pub async fn put(&self, id: &str, expected: Expected) -> Result<store::Committed, store::StoreError> {
        self.store.commit(change(row(id, expected))).await
    }
}

async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Creates a database and returns its URL. The next run of the same process id replaces what a failed test leaves behind.
pub async fn fresh_database(url: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("yichuang_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let server = client(url).await;
    server.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
    server.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await.unwrap();
    let (server, query) = url.split_once('?').map_or((url, String::new()), |(s, q)| (s, format!("?{q}")));
    let (scheme, rest) = server.split_once("://").unwrap();
    let authority = rest.split('/').next().unwrap();
    format!("{scheme}://{authority}/{name}{query}")
}

pub fn fact(kind: &'static str) -> NewFact {
    NewFact {
        kind, actor: "clerk-1".into(), body: format!("{{\"was\":\"{kind}\",\"名\":\"王·㐀\"}}"), salt: [7; 16]
    }
}

pub fn row(id: &str, expected: Expected) -> RowWrite {
    RowWrite {
        table: &CASE,
        id: id.into(),
        expected,
        columns: vec![format!("n-{id}").into(), "filed".into(), 5i64.into(), Value::Null],
        doc: "{\"名\":\"王·㐀\"}".into(),
        facts: vec![fact("filed")],
    }
}

pub fn change(row: RowWrite) -> Change {
    Change::new(REGION, AT).row(row)
}

/// Declares contract tests: each is an `async fn(Bed)`.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::bed::Bed::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(bed) = crate::bed::Bed::postgres().await {
                    super::$name(bed).await;
                }
            })+
        }
    };
}
