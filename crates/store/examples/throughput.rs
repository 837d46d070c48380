//! Measures commits per second: `cargo run -p store --example throughput -- DATABASE [SECONDS]`.
//!
//! DATABASE is a folder for an embedded database or a `postgres://` URL of an empty database. One command = two facts of 600 bytes on a
//! case and its row with all indexes, as in a submission. Prints one line a measurement.

use domain::time::Timestamp;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::{Change, Config, Expected, NewFact, RowWrite, Store, StoreError, Value, cases::CASEFILE};

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let mut args = std::env::args().skip(1);
    let database = args.next().unwrap_or_else(|| ".".to_owned());
    let seconds = args.next().and_then(|s| s.parse().ok()).unwrap_or(3);
    let postgres = database.starts_with("postgres");
    if !postgres {
        println!("fsync of 4 KiB: median {:.2} ms", fsync_millis(Path::new(&database)).unwrap_or(f64::NAN));
    }
    for batch in if postgres { vec![256] } else { vec![1, 256] } {
        let mut config = Config::from_url(&database);
        if let Config::Sqlite(sqlite) = &mut config {
            sqlite.path = Path::new(&database).join(format!("throughput-{batch}.db"));
            sqlite.batch = batch;
        }
        let store = Store::open(&config).await?;
        for callers in [1, 16, 64] {
            measure(&store, batch, callers, Duration::from_secs(seconds)).await?;
        }
        let begun = Instant::now();
        let report = store.verify(None).await?;
        let rate = report.facts as f64 / begun.elapsed().as_secs_f64();
        println!("verify: {} facts, {rate:.0}/s, whole: {}", report.facts, report.is_whole());
        store.close().await;
    }
    Ok(())
}

async fn measure(store: &Store, batch: usize, callers: i64, time: Duration) -> Result<(), StoreError> {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let taken = Arc::new(std::sync::Mutex::new(Vec::new()));
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (store, taken) = (store.clone(), taken.clone());
            tokio::spawn(async move {
                while start.elapsed() < time {
                    let begun = Instant::now();
                    store.commit(command(NEXT.fetch_add(1, Ordering::Relaxed))).await?;
                    if let Ok(mut taken) = taken.lock() {
                        taken.push(begun.elapsed());
                    }
                }
                Ok::<_, StoreError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.map_err(|e| StoreError::Unavailable(e.to_string()))??;
    }
    let elapsed = start.elapsed().as_secs_f64();
    let mut taken = taken.lock().map(|t| t.clone()).unwrap_or_default();
    taken.sort_unstable();
    let at = |part: usize| taken.get(taken.len() * part / 100).map_or(0.0, |d| d.as_secs_f64() * 1000.0);
    let rate = taken.len() as f64 / elapsed;
    println!("batch {batch:>3}, {callers:>2} callers: {rate:>7.0}/s, p50 {:.2} ms, p99 {:.2} ms", at(50), at(99));
    Ok(())
}

fn command(n: i64) -> Change {
    let text = |s: &str| Value::from(s);
    let fact = |kind| NewFact { kind, actor: "account-1".into(), body: "x".repeat(600), salt: [5; 16] };
    let row = RowWrite {
        table: &CASEFILE,
        // Ascending, as UUIDv7 is.
        id: format!("{n:032x}"),
        expected: Expected::New,
        columns: vec![
            format!("3702112026{n:012}").into(),
            text("public-place-hygiene"),
            text("health"),
            text("370211"),
            text("filed"),
            text("accept"),
            format!("91370211{:010}", n % 10_000).into(),
            text("青岛某某餐饮有限公司"),
            format!("account-{}", n % 1_000).into(),
            n.into(),
            (n + 432_000).into(),
            format!("{n:064x}").into(),
        ],
        doc: "y".repeat(600),
        facts: vec![fact("filed"), fact("accepted")],
    };
    Change::new("370200", Timestamp::from_micros(1_795_000_000_000_000)).row(row)
}

fn fsync_millis(folder: &Path) -> std::io::Result<f64> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("fsync.probe");
    let mut file = std::fs::File::create(&path)?;
    let mut taken = Vec::new();
    for _ in 0..100 {
        file.write_all(&[1; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        taken.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    taken.sort_by(f64::total_cmp);
    std::fs::remove_file(path)?;
    Ok(taken.get(50).copied().unwrap_or(f64::NAN))
}
