//! What must not be lost: kill -9 under load, a full disk, a torn log, a newer schema.

use crate::bed::{AT, Bed, REGION, change, row};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;
use store::{Config, Expected, Idempotency, PostgresConfig, Store, StoreError};

contract!(kill_nine_loses_nothing_acknowledged, a_newer_schema_is_refused, an_older_schema_is_brought_up);

/// A change that a second process can send again: everything about it follows from its id.
fn keyed(id: &str) -> store::Change {
    let mut c = change(row(id, Expected::New));
    c.idempotency = Some(Idempotency { token: "t".into(), key: id.into(), body_hash: [1; 32], result: id.into() });
    c
}

/// Writes until it is killed and prints each id *after* it was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a child of kill_nine_loses_nothing_acknowledged"]
async fn child() {
    let database = std::env::var("YICHUANG_TEST_CHILD").unwrap();
    let round = std::env::var("YICHUANG_TEST_ROUND").unwrap();
    let store = Store::open(&config(&database)).await.unwrap();
    let tasks = (0..32).map(|w| {
        let (store, round) = (store.clone(), round.clone());
        tokio::spawn(async move {
            for n in 0.. {
                let id = format!("{round}-{w}-{n}");
                store.commit(keyed(&id)).await.unwrap();
                let mut out = std::io::stdout().lock();
                writeln!(out, "done {id}").unwrap();
                out.flush().unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

fn config(database: &str) -> Config {
    match database.strip_prefix("url:") {
        Some(url) => Config::Postgres(PostgresConfig { url: url.into(), readers: 1 }),
        None => Config::sqlite(database),
    }
}

async fn kill_nine_loses_nothing_acknowledged(bed: Bed) {
    let database = match &bed.config {
        Config::Sqlite(sqlite) => sqlite.path.to_str().unwrap().to_owned(),
        Config::Postgres(pg) => format!("url:{}", pg.url),
    };
    let mut acknowledged = Vec::new();
    for round in 0..6u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "disaster::child", "--ignored", "--nocapture"])
            .env("YICHUANG_TEST_CHILD", &database)
            .env("YICHUANG_TEST_ROUND", round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || {
            lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("done ").map(str::to_owned)).collect::<Vec<_>>()
        });
        tokio::time::sleep(Duration::from_millis(250 + 37 * round)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(reader.join().unwrap());
        let report = bed.store.verify(None).await.unwrap();
        assert!(report.is_whole(), "round {round}: {:?}", report.faults);
    }
    assert!(acknowledged.len() > 100, "the children wrote {} changes", acknowledged.len());
    for id in &acknowledged {
        let replay = bed.store.commit(keyed(id)).await;
        assert_eq!(
            replay,
            Err(StoreError::IdempotencyReplay { result: id.clone() }),
            "{id} was acknowledged and is lost"
        );
    }
    // What was not acknowledged may be there or not; the key tells, and the journal has no gaps either way.
    let total = bed.store.last_position(REGION).await.unwrap();
    assert!(total >= i64::try_from(acknowledged.len()).unwrap());
    assert_eq!(bed.int("SELECT count(*) FROM fact").await, total);
}

async fn a_newer_schema_is_refused(bed: Bed) {
    bed.sql("INSERT INTO schema_migration (number, name, sha256) VALUES (9999, '9999_future', '')").await;
    let refused = Store::open(&bed.config).await.unwrap_err();
    assert!(matches!(refused, StoreError::WrongSchemaVersion { found: 9999, wanted } if wanted < 9999), "{refused}");
    assert!(refused.to_string().contains("restore a backup made before the upgrade"));
}

/// Two programs that start at once on an empty database: one migrates, the other waits and finds nothing to do.
async fn an_older_schema_is_brought_up(bed: Bed) {
    let fresh = match &bed.config {
        Config::Sqlite(_) => Config::sqlite(bed.dir.path().join("fresh.db")),
        Config::Postgres(pg) => {
            Config::Postgres(PostgresConfig { url: crate::bed::fresh_database(&pg.url).await, readers: 1 })
        }
    };
    let stores = futures_util::future::join_all((0..4).map(|_| Store::open(&fresh))).await;
    for store in stores {
        store.unwrap().ready().await.unwrap();
    }
    let again = Store::open(&fresh).await.unwrap();
    let rows = again.query("SELECT number, name FROM schema_migration ORDER BY number", &[]).await.unwrap();
    assert_eq!(rows[0].text(1), Ok("0001_core"));
    assert!(again.verify(None).await.unwrap().is_whole());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_fails_the_batch_and_loses_nothing() {
    let bed = Bed::sqlite().await;
    bed.store.close().await;
    let Config::Sqlite(mut limited) = bed.config.clone() else { unreachable!() };
    limited.max_bytes = Some(std::fs::metadata(&limited.path).unwrap().len() + 400_000);
    let store = Store::open(&Config::Sqlite(limited.clone())).await.unwrap();
    let mut done = Vec::new();
    let mut full = 0;
    for round in 0..40 {
        let ids: Vec<String> = (0..20).map(|n| format!("{round}-{n}")).collect();
        let answers = futures_util::future::join_all(ids.iter().map(|id| {
            let mut r = row(id, Expected::New);
            r.doc = "x".repeat(2_000);
            store.commit(change(r))
        }))
        .await;
        for (id, answer) in ids.into_iter().zip(answers) {
            match answer {
                Ok(_) => done.push(id),
                Err(e) => {
                    assert_eq!(e, StoreError::Full);
                    full += 1;
                }
            }
        }
    }
    assert!(full > 100 && done.len() > 50, "{full} refused, {} done", done.len());
    let check = async |store: &Store| {
        let report = store.verify(None).await.unwrap();
        assert!(report.is_whole(), "{:?}", report.faults);
        assert_eq!(report.rows as usize, done.len(), "what was refused is not there, what was acknowledged is");
    };
    check(&store).await;
    store.close().await;
    limited.max_bytes = None;
    let store = Store::open(&Config::Sqlite(limited)).await.unwrap();
    check(&store).await;
    store.commit(change(row("after", Expected::New))).await.unwrap();
}

/// A checkpoint that does not fit is refused as a whole; what was there before stays, and it is made once there is space.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_a_checkpoint_and_nothing_else_breaks() {
    let bed = Bed::sqlite().await;
    bed.put("first", Expected::New).await.unwrap();
    bed.store.close().await;
    let Config::Sqlite(mut limited) = bed.config.clone() else { unreachable!() };
    limited.max_bytes = Some(std::fs::metadata(&limited.path).unwrap().len() + 40_000);
    let store = Store::open(&Config::Sqlite(limited.clone())).await.unwrap();
    let draft = store.draft_checkpoint(REGION, AT).await.unwrap().unwrap();
    let kept = store.keep_checkpoint(draft, vec![7; 100_000], "witness").await;
    assert_eq!(kept.unwrap_err(), StoreError::Full);
    assert!(store.checkpoints(REGION, 0, 10).await.unwrap().is_empty());
    store.ready().await.unwrap();
    store.commit(change(row("meanwhile", Expected::New))).await.unwrap();
    assert!(store.verify(None).await.unwrap().is_whole());
    store.close().await;
    limited.max_bytes = None;
    let store = Store::open(&Config::Sqlite(limited)).await.unwrap();
    let draft = store.draft_checkpoint(REGION, AT).await.unwrap().unwrap();
    store.keep_checkpoint(draft, vec![7; 100_000], "witness").await.unwrap();
    let report = store.verify(None).await.unwrap();
    assert!(report.is_whole() && report.checkpoints == 1, "{report:?}");
}

/// Power fails while the log is being written: whatever prefix of it is on the disk gives a whole database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_log_gives_a_whole_prefix() {
    let bed = Bed::sqlite().await;
    let path = bed.path();
    for n in 0..30 {
        bed.put(&n.to_string(), Expected::New).await.unwrap();
    }
    let wal = std::fs::read(path.with_extension("db-wal")).unwrap();
    let main = std::fs::read(&path).unwrap();
    assert!(wal.len() > 50_000);
    let mut seen = Vec::new();
    for part in 0..12 {
        let copy = bed.dir.path().join(format!("torn-{part}.db"));
        let mut torn = wal[..wal.len() * (part + 1) / 12].to_vec();
        // The last page half written.
        if let Some(byte) = torn.len().checked_sub(100) {
            torn[byte] ^= 0x55;
        }
        std::fs::write(&copy, &main).unwrap();
        std::fs::write(copy.with_extension("db-wal"), torn).unwrap();
        let store = Store::open(&Config::sqlite(&copy)).await.unwrap();
        let report = store.verify(None).await.unwrap();
        assert!(report.is_whole(), "part {part}: {:?}", report.faults);
        seen.push(report.facts);
    }
    assert!(seen.is_sorted() && seen[11] >= 28 && seen[0] < 10, "{seen:?}");
}
