//! Many changes in one commit: neighbours, hot streams, order, retries.

use crate::bed::{AT, Bed, REGION, change, fact, row};
use futures_util::future::join_all;
use std::time::Duration;
use store::{Advance, Change, CounterStep, Expected, Idempotency, Store, StoreError};

contract!(
    a_poisoned_change_stands_alone,
    a_hot_stream_takes_every_fact,
    racing_writers_of_one_version_get_a_conflict,
    subscribers_miss_nothing,
    a_lost_answer_can_be_asked_for_again,
    regions_share_a_batch,
);

async fn a_poisoned_change_stands_alone(bed: Bed) {
    bed.put("first", Expected::New).await.unwrap();
    let changes = (0..200).map(|n| {
        let mut r = row(&format!("{n:03}"), Expected::New);
        if n % 67 == 5 {
            r.columns[0] = "n-first".into();
        }
        bed.store.commit(change(r))
    });
    let answers = join_all(changes).await;
    for (n, answer) in answers.iter().enumerate() {
        let poisoned = matches!(answer, Err(StoreError::Duplicate { table, .. }) if table == "thing");
        assert_eq!(poisoned, n % 67 == 5, "{n}: {answer:?}");
        assert!(poisoned || answer.is_ok(), "{n}: {answer:?}");
    }
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole(), "{:?}", report.faults);
    assert_eq!((report.facts, bed.store.last_position(REGION).await.unwrap()), (198, 198), "no gaps");
}

async fn a_hot_stream_takes_every_fact(bed: Bed) {
    let note = |n: usize| {
        let mut r = row("hot", Expected::Any);
        r.doc = format!("{{\"n\":{n}}}");
        r.facts = vec![fact("noted"), fact("noted")];
        bed.store.commit(change(r))
    };
    let answers = join_all((0..300).map(note)).await;
    let mut versions: Vec<i64> = answers.into_iter().map(|a| a.unwrap().versions[0]).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=300).map(|n| n * 2).collect::<Vec<_>>());
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole() && report.facts == 600, "{:?}", report.faults);
}

async fn racing_writers_of_one_version_get_a_conflict(bed: Bed) {
    let other = Store::open(&bed.config).await.unwrap();
    bed.put("a", Expected::New).await.unwrap();
    for version in 1..6 {
        let both = (0..10).map(|n| {
            let store = if n % 2 == 0 { &bed.store } else { &other };
            store.commit(change(row("a", Expected::Version(version))))
        });
        let answers = join_all(both).await;
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1, "{answers:?}");
        let conflicts = answers.iter().filter(|a| matches!(a, Err(StoreError::Conflict { .. }))).count();
        assert_eq!(conflicts, 9, "{answers:?}");
    }
    assert!(bed.store.verify(None).await.unwrap().is_whole());
}

/// 64 writers on two nodes, a subscriber every two milliseconds on each node; both subscribe under one name and count
/// in the same change. Nothing is missed and nothing is counted twice.
async fn subscribers_miss_nothing(bed: Bed) {
    const WRITERS: usize = 64;
    const EACH: usize = 25;
    let node = Store::open(&bed.config).await.unwrap();
    let writers = (0..WRITERS).map(|w| {
        let store = if w % 2 == 0 { bed.store.clone() } else { node.clone() };
        tokio::spawn(async move {
            for n in 0..EACH {
                store.commit(change(row(&format!("{w}-{n}"), Expected::New))).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let subscribers: Vec<_> =
        [bed.store.clone(), node.clone()].into_iter().map(|store| tokio::spawn(subscribe(store))).collect();
    let watcher = tokio::spawn(watch(node.clone(), WRITERS * EACH));
    for task in writers {
        task.await.unwrap();
    }
    assert_eq!(watcher.await.unwrap(), (1..=(WRITERS * EACH) as i64).collect::<Vec<_>>());
    for subscriber in subscribers {
        subscriber.await.unwrap();
    }
    assert_eq!(bed.store.counter(REGION, "seen", "all").await, Ok((WRITERS * EACH) as i64));
    assert!(bed.store.verify(None).await.unwrap().is_whole());
}

/// Reads on and on and returns the positions in the order in which they were seen.
async fn watch(store: Store, total: usize) -> Vec<i64> {
    let mut seen = Vec::new();
    while seen.len() < total {
        let after = seen.last().copied().unwrap_or(0);
        seen.extend(store.read_journal(REGION, after, 50).await.unwrap().iter().map(|f| f.position));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    seen
}

async fn subscribe(store: Store) {
    loop {
        let from = store.subscriber_position(REGION, "stats").await.unwrap();
        if from == 64 * 25 {
            return;
        }
        let facts = store.read_journal(REGION, from, 100).await.unwrap();
        let Some(last) = facts.last() else {
            tokio::time::sleep(Duration::from_millis(2)).await;
            continue;
        };
        let mut c = Change::new(REGION, AT);
        c.cursors.push(Advance { subscriber: "stats".into(), from, to: last.position });
        c.counters = vec![CounterStep { name: "seen".into(), key: "all".into(), by: facts.len() as i64 }];
        match store.commit(c).await {
            Ok(_) | Err(StoreError::CursorMoved { .. }) => {}
            Err(e) => panic!("{e}"),
        }
    }
}

/// The client hangs up before the answer, then asks again with its key: done once, and it hears the first result.
async fn a_lost_answer_can_be_asked_for_again(bed: Bed) {
    for n in 0..20u8 {
        let mut c = change(row(&format!("{n}"), Expected::New));
        let key =
            Idempotency { token: "t".into(), key: n.to_string(), body_hash: [n; 32], result: format!("case {n}") };
        c.idempotency = Some(key);
        let first = tokio::time::timeout(Duration::from_micros(u64::from(n) * 50), bed.store.commit(c.clone())).await;
        match (first, bed.store.commit(c).await) {
            (Ok(Ok(_)) | Err(_), Err(StoreError::IdempotencyReplay { result })) => {
                assert_eq!(result, format!("case {n}"))
            }
            (Err(_), Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(bed.int("SELECT count(*) FROM fact").await, 20);
}

async fn regions_share_a_batch(bed: Bed) {
    let regions = ["370100", "370200", "370300"];
    let changes = (0..90).map(|n| {
        let mut c = change(row(&n.to_string(), Expected::New));
        c.region = regions[n % 3].into();
        bed.store.commit(c)
    });
    for answer in join_all(changes).await {
        answer.unwrap();
    }
    for region in regions {
        assert_eq!(bed.store.last_position(region).await, Ok(30));
    }
    assert!(bed.store.verify(None).await.unwrap().is_whole());
}
