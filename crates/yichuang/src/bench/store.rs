//! The store by itself: grouped against single commits on both engines, lists and counters on very many rows.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use ::store::{Change, Config, Expected, NewFact, RowWrite, Store, Value, cases::CASEFILE};
use anyhow::Result;
use domain::time::Timestamp;

use super::load::{Taken, Times};
use super::pgbench::Database;
use super::report::Row;
use super::{Plan, block_on, machine};

const CALLERS: i64 = 64;

/// Commits a second on the embedded database, grouped and one by one.
pub fn sqlite(plan: &Plan, dir: &Path) -> Result<Vec<Row>> {
    let fsync = machine::fsync(dir, 200)?.percent(50);
    let measured = block_on(async {
        let mut rates = Vec::new();
        for batch in [256, 1] {
            let mut config = Config::sqlite(dir.join(format!("commits-{batch}.db")));
            if let Config::Sqlite(sqlite) = &mut config {
                sqlite.batch = batch;
            }
            let store = Store::open(&config).await?;
            rates.push((commits(&store, CALLERS, plan.store_time).await?, commits(&store, 1, plan.store_time).await?));
            store.close().await;
        }
        anyhow::Ok(rates)
    })??;
    let [(grouped, grouped_alone), (single, single_alone)] = measured.as_slice() else {
        anyhow::bail!("two ways of committing were measured");
    };
    // STORAGE.md: what grouping gains depends on what a commit costs, so the bound does too.
    let least = if fsync < 0.5 {
        3.0
    } else if fsync > 1.0 {
        8.0
    } else {
        3.0 + (fsync - 0.5) * 10.0
    };
    Ok(vec![
        Row::new("grouped commits, 64 callers", grouped.rate, "/s")
            .note(format!("p99 {:.1} ms", grouped.times.percent(99))),
        Row::new("one transaction a command, 64 callers", single.rate, "/s"),
        Row::new("grouped ÷ single, 64 callers", grouped.rate / single.rate, "×")
            .at_least(least)
            .note(format!("fsync {fsync:.2} ms, measured just before")),
        Row::new("grouped ÷ single, one caller", grouped_alone.rate / single_alone.rate, "×")
            .at_least(0.9)
            .note(format!("{:.0}/s and {:.0}/s", grouped_alone.rate, single_alone.rate)),
    ])
}

/// Grouped commits on PostgreSQL, beside the transactions a second that pgbench made on the same server.
pub fn postgres(plan: &Plan, server: &str, yardstick: f64) -> Result<Vec<Row>> {
    let own = Database::create(server, "commits")?;
    let taken = block_on(async {
        let store = Store::open(&Config::from_url(&own.address)).await?;
        let taken = commits(&store, CALLERS, plan.store_time).await?;
        store.close().await;
        anyhow::Ok(taken)
    })??;
    Ok(vec![
        Row::new("grouped commits, 64 callers", taken.rate, "/s")
            .note(format!("p99 {:.1} ms", taken.times.percent(99))),
        Row::new("grouped commits ÷ pgbench transactions", taken.rate / yardstick, "×").at_least(2.0),
    ])
}

async fn commits(store: &Store, callers: i64, time: Duration) -> Result<Taken> {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let store = Arc::new(store.clone());
        tasks.spawn(async move {
            let mut own = Vec::new();
            while start.elapsed() < time {
                let begun = Instant::now();
                store.commit(command(NEXT.fetch_add(1, Ordering::Relaxed))).await?;
                own.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            anyhow::Ok(own)
        });
    }
    let mut millis = Vec::new();
    while let Some(own) = tasks.join_next().await {
        millis.extend(own??);
    }
    let rate = millis.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Taken { rate, times: Times::of(millis) })
}

/// Two facts of 600 bytes on a case and its row with all indexes: what STORAGE.md compared the options with.
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
            Value::Null,
            Value::Null,
            Value::Null,
        ],
        doc: "y".repeat(600),
        facts: vec![fact("filed"), fact("accepted")],
    };
    Change::new("370200", Timestamp::from_micros(1_795_000_000_000_000)).row(row)
}

/// Lists and figures of a city with very many cases.
pub async fn lists(store: &Store, region: &str, count: u64) -> Result<Vec<Row>> {
    let filed = "SELECT id, number, matter, state, received FROM casefile WHERE region = $1 AND filed_by = $2 AND id < $3 \
                 ORDER BY id DESC LIMIT 20";
    let busiest = "SELECT filed_by, CAST(count(*) AS BIGINT) FROM casefile WHERE region = $1 GROUP BY filed_by \
                   ORDER BY 2 DESC LIMIT 1";
    let row = store.query_opt(busiest, &[region.into()]).await?;
    let busy = row.as_ref().map_or(Ok(""), |row| row.text(0))?.to_owned();
    let middle = "SELECT id FROM casefile WHERE region = $1 AND filed_by = $2 ORDER BY id DESC LIMIT 1 OFFSET 50000";
    let deep = store.query_opt(middle, &[region.into(), busy.as_str().into()]).await?;
    let deep = deep.as_ref().map_or(Ok("~"), |row| row.text(0))?.to_owned();
    let pile = "SELECT id, number, matter, state, deadline FROM casefile WHERE region = $1 AND pile = $2 \
                AND (deadline > $3 OR (deadline = $3 AND id > $4)) ORDER BY deadline, id LIMIT 20";
    let first = timed(store, 500, filed, &[region.into(), busy.as_str().into(), "~".into()]).await?;
    let later = timed(store, 500, filed, &[region.into(), busy.as_str().into(), deep.into()]).await?;
    let urgent = timed(store, 500, pile, &[region.into(), "accept".into(), (-1).into(), "".into()]).await?;
    let by_day = "SELECT received / 86400000000 AS day, CAST(count(*) AS BIGINT) FROM casefile WHERE region = $1 GROUP BY 1 \
                  ORDER BY 1 DESC LIMIT 400";
    let grouped = timed(store, 3, by_day, &[region.into()]).await?;
    let counters = "SELECT key, n FROM counter WHERE region = $1 AND name = $2 ORDER BY key DESC LIMIT 400";
    let counted = timed(store, 100, counters, &[region.into(), "filed".into()]).await?;
    let of = format!("20 of {count} rows by keyset");
    Ok(vec![
        Row::new(format!("{of}, newest of one filer"), first.percent(50), "ms").at_most(1.0),
        Row::new(format!("{of}, 50,000 rows deep"), later.percent(50), "ms").at_most(1.0),
        Row::new(format!("{of}, most urgent of a pile"), urgent.percent(50), "ms").at_most(1.0),
        Row::new("figures by day, counters against grouping the rows", grouped.percent(50) / counted.percent(50), "×")
            .at_least(100.0)
            .note(format!("{:.2} ms against {:.0} ms", counted.percent(50), grouped.percent(50))),
    ])
}

async fn timed(store: &Store, times: usize, sql: &str, params: &[Value]) -> Result<Times> {
    let mut millis = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        store.query(sql, params).await?;
        millis.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Times::of(millis))
}
