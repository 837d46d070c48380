//! One change: versions, guards, replays, timers, counters, numbers.

use crate::bed::{AT, Bed, CASE, REGION, SLOT, change, fact, row};
use domain::time::Timestamp;
use store::log::WATCHED_LOG;
use store::{
    Access, Advance, Change, CounterStep, DueOp, Expected, Idempotency, Increment, PlainDelete, PlainWrite, Premise,
    RowWrite, StoreError, Value,
};

contract!(
    a_change_is_read_back_as_written,
    versions_are_kept,
    a_change_rests_on_its_premises,
    a_taken_number_is_a_duplicate,
    guards_hold,
    plain_rows_follow_their_order,
    the_same_key_gets_the_first_answer,
    timers_are_claimed_once,
    cursors_make_effects_exactly_once,
    a_subscriber_of_one_table_walks_past_the_others,
    numbers_are_never_given_twice,
    accesses_are_recorded,
    ill_formed_changes_are_refused,
    reading_is_the_same_on_both_engines,
);

async fn a_change_is_read_back_as_written(bed: Bed) {
    let mut first = row("a", Expected::New);
    first.facts.push(fact("accepted"));
    first.columns[3] = vec![0u8, 255].into();
    let done = bed.store.commit(change(first.clone())).await.unwrap();
    assert_eq!((done.positions, done.versions), (vec![1, 2], vec![2]));
    let stored = bed.store.load(REGION, &CASE, "a").await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.columns, &stored.doc), (2, &first.columns, &first.doc));
    let facts = bed.store.read_stream(REGION, "thing/a", 0, 10).await.unwrap();
    let seen: Vec<_> = facts.iter().map(|f| (f.position, f.version, f.kind.as_str(), f.at, f.body.clone())).collect();
    assert_eq!(
        seen,
        [(1, 1, "filed", AT, Some(fact("filed").body)), (2, 2, "accepted", AT, Some(fact("accepted").body))]
    );
    assert_eq!(facts[0].subject(), ("thing", "a"));
    assert_eq!(bed.store.load(REGION, &CASE, "b").await.unwrap(), None);
    assert_eq!(bed.store.load("370100", &CASE, "a").await.unwrap(), None);
}

async fn versions_are_kept(bed: Bed) {
    let conflict = |expected, found| StoreError::Conflict { table: "thing", id: "a".into(), expected, found };
    assert_eq!(bed.put("a", Expected::Version(1)).await, Err(conflict(Expected::Version(1), 0)));
    bed.put("a", Expected::New).await.unwrap();
    assert_eq!(bed.put("a", Expected::New).await, Err(conflict(Expected::New, 1)));
    assert_eq!(bed.put("a", Expected::Version(1)).await.unwrap().versions, [2]);
    assert_eq!(bed.put("a", Expected::Version(1)).await, Err(conflict(Expected::Version(1), 2)));
    assert_eq!(bed.put("a", Expected::Any).await.unwrap().versions, [3]);
    assert_eq!(bed.put("a", Expected::Version(0)).await, Err(conflict(Expected::Version(0), 3)));
    assert_eq!(bed.int("SELECT count(*) FROM fact").await, 3);
}

/// What a decision read must still stand at its commit, although the change does not write it.
async fn a_change_rests_on_its_premises(bed: Bed) {
    bed.put("rule", Expected::New).await.unwrap();
    let resting = |id: &str, version| {
        let mut change = change(row(id, Expected::New));
        change.premises.push(Premise { table: &CASE, id: "rule".into(), version });
        change
    };
    bed.store.commit(resting("a", 1)).await.unwrap();
    let (paused, late) = (change(row_of("rule", "n-rule", Expected::Version(1))), resting("b", 1));
    // Both at once: whichever order they are taken in, the one that comes second sees the first.
    let (paused, late) = tokio::join!(bed.store.commit(paused), bed.store.commit(late));
    paused.unwrap();
    if late.is_ok() {
        assert_eq!(bed.int("SELECT position FROM fact WHERE stream = 'thing/b'").await, 3, "it was there first");
    }
    let conflict = |id: &str, version, found| StoreError::Conflict {
        table: "thing",
        id: id.into(),
        expected: Expected::Version(version),
        found,
    };
    assert_eq!(bed.store.commit(resting("c", 1)).await, Err(conflict("rule", 1, 2)));
    let mut missing = resting("c", 2);
    missing.premises.push(Premise { table: &CASE, id: "nothing".into(), version: 1 });
    assert_eq!(bed.store.commit(missing).await, Err(conflict("nothing", 1, 0)));
    bed.store.commit(resting("c", 2)).await.unwrap();
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole(), "a premise leaves no trace: {report:?}");
}

fn row_of(id: &str, number: &str, expected: Expected) -> store::RowWrite {
    let mut row = row(id, expected);
    row.columns[0] = number.into();
    row
}

async fn a_taken_number_is_a_duplicate(bed: Bed) {
    bed.put("a", Expected::New).await.unwrap();
    let mut other = row("b", Expected::New);
    other.columns[0] = "n-a".into();
    let refused = bed.store.commit(change(other)).await.unwrap_err();
    assert_eq!(refused, StoreError::Duplicate { table: "thing".into(), columns: "number".into() });
    assert_eq!(bed.int("SELECT count(*) FROM fact").await, 1);
    assert_eq!(bed.put("c", Expected::New).await.unwrap().positions, [2], "the refused change left no gap");
}

fn step(by: i64, guard: Option<i64>) -> Increment {
    Increment { table: &SLOT, id: "s".into(), column: "free", by, guard }
}

fn slot(free: i64) -> PlainWrite {
    PlainWrite { table: &SLOT, id: "s".into(), columns: vec!["hall".into(), free.into()] }
}

async fn guards_hold(bed: Bed) {
    let take = |by| Change { increments: vec![step(by, Some(0))], ..Change::new(REGION, AT) };
    let missing = StoreError::NoSuchRow { table: "slot", id: "s".into() };
    assert_eq!(bed.store.commit(take(-1)).await, Err(missing));
    bed.store.commit(Change { plain: vec![slot(3)], ..Change::new(REGION, AT) }).await.unwrap();
    let mut both = take(-2);
    both.rows.push(row("a", Expected::New));
    bed.store.commit(both.clone()).await.unwrap();
    both.rows[0] = row("b", Expected::New);
    let full = StoreError::GuardFailed { table: "slot", id: "s".into(), column: "free" };
    assert_eq!(bed.store.commit(both).await, Err(full.clone()));
    assert_eq!(bed.store.load(REGION, &CASE, "b").await.unwrap(), None, "all or nothing");
    let twice = Change { increments: vec![step(-1, Some(0)), step(-1, Some(0))], ..Change::new(REGION, AT) };
    assert_eq!(bed.store.commit(twice).await, Err(full.clone()), "guards see earlier steps of their own change");
    // Thirty callers at once want the one that is left.
    let callers = (0..30).map(|_| bed.store.commit(take(-1)));
    let answers = futures_util::future::join_all(callers).await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert!(answers.iter().filter_map(|a| a.as_ref().err()).all(|e| *e == full));
    assert_eq!(bed.int("SELECT free FROM slot").await, 0);
    let over = Change { increments: vec![step(i64::MAX, None), step(1, None)], ..Change::new(REGION, AT) };
    assert_eq!(bed.store.commit(over).await, Err(full), "no wrap-around");
}

async fn plain_rows_follow_their_order(bed: Bed) {
    let mut all = Change::new(REGION, AT);
    all.plain = vec![slot(1), slot(5)];
    all.increments = vec![step(2, None)];
    bed.store.commit(all).await.unwrap();
    assert_eq!(bed.int("SELECT free FROM slot").await, 7);
    // Many changes to one row that may share a batch.
    let delete = PlainDelete { table: &SLOT, id: "s".into() };
    let count = || bed.store.commit(Change { increments: vec![step(1, None)], ..Change::new(REGION, AT) });
    let write = bed.store.commit(Change { plain: vec![slot(0)], ..Change::new(REGION, AT) });
    let gone = bed.store.commit(Change { deletes: vec![delete.clone()], ..Change::new(REGION, AT) });
    let again = bed.store.commit(Change { plain: vec![slot(100)], ..Change::new(REGION, AT) });
    let (a, b, c, d, e, f) = tokio::join!(count(), write, count(), gone, again, count());
    for answer in [a, b, c, d, e, f] {
        answer.unwrap();
    }
    assert_eq!(bed.int("SELECT free FROM slot").await, 101);
    bed.store.commit(Change { deletes: vec![delete], ..Change::new(REGION, AT) }).await.unwrap();
    assert_eq!(bed.int("SELECT count(*) FROM slot").await, 0);
}

async fn the_same_key_gets_the_first_answer(bed: Bed) {
    let keyed = |id: &str, hash: u8, result: &str| {
        let mut c = change(row(id, Expected::New));
        c.idempotency =
            Some(Idempotency { token: "t".into(), key: "k".into(), body_hash: [hash; 32], result: result.into() });
        c
    };
    assert_eq!(bed.store.lookup(REGION, "t", "k", &[1; 32]).await, Ok(None));
    bed.store.commit(keyed("a", 1, "first")).await.unwrap();
    assert_eq!(bed.store.lookup(REGION, "t", "k", &[1; 32]).await, Ok(Some("first".into())));
    assert_eq!(bed.store.lookup(REGION, "t", "k", &[2; 32]).await, Err(StoreError::IdempotencyMismatch));
    assert_eq!(bed.store.lookup(REGION, "other", "k", &[2; 32]).await, Ok(None));
    let replay = Err(StoreError::IdempotencyReplay { result: "first".into() });
    assert_eq!(bed.store.commit(keyed("a", 1, "second")).await, replay, "a replay, not a version conflict");
    assert_eq!(bed.store.commit(keyed("b", 2, "x")).await, Err(StoreError::IdempotencyMismatch));
    // A client that lost the answer sends it many times at once: one is done, the others hear of it.
    let mut fresh = keyed("c", 3, "third");
    fresh.idempotency.as_mut().unwrap().key = "k2".into();
    let answers = futures_util::future::join_all((0..20).map(|_| bed.store.commit(fresh.clone()))).await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    let replays = answers.iter().filter(|a| **a == Err(StoreError::IdempotencyReplay { result: "third".into() }));
    assert_eq!(replays.count(), 19);
    bed.store.forget_idempotency(REGION, AT.plus_seconds(1)).await.unwrap();
    assert_eq!(bed.store.lookup(REGION, "t", "k", &[2; 32]).await, Ok(None));
}

async fn timers_are_claimed_once(bed: Bed) {
    let add = |at: i64, kind: &str| DueOp::Add {
        at: Timestamp::from_micros(at),
        kind: kind.into(),
        subject: "thing/a".into(),
    };
    let claim =
        |at: i64| DueOp::Claim { at: Timestamp::from_micros(at), kind: "deem".into(), subject: "thing/a".into() };
    let with = |due: Vec<DueOp>| Change { due, ..Change::new(REGION, AT) };
    bed.store.commit(with(vec![add(20, "late"), add(10, "deem"), add(30, "deem"), add(10, "deem")])).await.unwrap();
    let kinds = |now| {
        let store = bed.store.clone();
        async move {
            let due = store.due_before(REGION, Timestamp::from_micros(now), 10).await.unwrap();
            due.into_iter().map(|d| (d.at.micros(), d.kind)).collect::<Vec<_>>()
        }
    };
    assert_eq!(kinds(9).await, []);
    assert_eq!(kinds(20).await, [(10, "deem".to_owned()), (20, "late".to_owned())]);
    assert_eq!(bed.store.due_of(REGION, "thing/a").await.unwrap().len(), 3);
    let answers = futures_util::future::join_all((0..10).map(|_| bed.store.commit(with(vec![claim(10)])))).await;
    let gone = StoreError::DueGone { kind: "deem".into(), subject: "thing/a".into() };
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert!(answers.iter().filter_map(|a| a.as_ref().err()).all(|e| *e == gone));
    // Cancelling needs no instant; moving is cancelling and adding.
    let cancel = DueOp::Remove { kind: "deem".into(), subject: "thing/a".into() };
    bed.store.commit(with(vec![add(40, "deem"), cancel, add(50, "deem")])).await.unwrap();
    assert_eq!(kinds(100).await, [(20, "late".to_owned()), (50, "deem".to_owned())]);
    assert_eq!(bed.store.commit(with(vec![claim(50), claim(50)])).await, Err(gone));
}

async fn cursors_make_effects_exactly_once(bed: Bed) {
    let advance = |from, to| {
        let mut c = Change::new(REGION, AT);
        c.cursors.push(Advance { subscriber: "stats".into(), from, to });
        c.counters = vec![CounterStep { name: "filed".into(), key: "370211/2026".into(), by: to - from }];
        c
    };
    bed.store.commit(advance(0, 4)).await.unwrap();
    let moved = StoreError::CursorMoved { subscriber: "stats".into(), expected: 0, found: 4 };
    assert_eq!(bed.store.commit(advance(0, 4)).await, Err(moved));
    bed.store.commit(advance(4, 6)).await.unwrap();
    assert_eq!(bed.store.subscriber_position(REGION, "stats").await, Ok(6));
    assert_eq!(bed.store.counter(REGION, "filed", "370211/2026").await, Ok(6));
    let all = bed.store.counters(REGION, "filed", "370211/", "3702110").await.unwrap();
    assert_eq!(all, [("370211/2026".to_owned(), 6)]);
    assert_eq!(bed.store.counter(REGION, "filed", "370212/2026").await, Ok(0));
}

async fn a_subscriber_of_one_table_walks_past_the_others(bed: Bed) {
    let log = |id: &str| RowWrite {
        table: &WATCHED_LOG,
        id: id.into(),
        expected: Expected::New,
        columns: vec!["city.example/log".into(), 1_i64.into()],
        doc: "{}".into(),
        facts: vec![fact("seen")],
    };
    for id in ["a", "b"] {
        bed.store.commit(change(row(id, Expected::New))).await.unwrap();
        bed.store.commit(Change::new(REGION, AT).row(log(id))).await.unwrap();
        bed.store.commit(change(row(&format!("{id}{id}"), Expected::New))).await.unwrap();
    }
    let read = async |after, among| {
        let (last, facts) = bed.store.read_journal_of(REGION, "watched_log", after, among).await.unwrap();
        (last, facts.iter().map(|fact| (fact.position, fact.stream.clone())).collect::<Vec<_>>())
    };
    let (a, b) = ((2, "watched_log/a".to_owned()), (5, "watched_log/b".to_owned()));
    assert_eq!(read(0, 100).await, (6, vec![a.clone(), b.clone()]));
    assert_eq!([read(0, 2).await, read(2, 2).await, read(4, 2).await], [(2, vec![a]), (4, vec![]), (6, vec![b])]);
    assert_eq!(read(6, 100).await, (6, vec![]), "nothing new");
    assert_eq!(bed.store.read_journal_of(REGION, "watched", 0, 100).await.unwrap().1, []);
}

async fn numbers_are_never_given_twice(bed: Bed) {
    let mut blocks: Vec<i64> = futures_util::future::join_all((0..40).map(|_| bed.store.reserve(REGION, "case", 5)))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    blocks.sort_unstable();
    assert_eq!(blocks, (0..40).map(|n| n * 5 + 1).collect::<Vec<_>>());
    assert_eq!(bed.store.reserve(REGION, "licence", 1).await, Ok(1));
    assert!(matches!(bed.store.reserve(REGION, "case", 0).await, Err(StoreError::Invalid(_))));
    assert!(matches!(bed.store.reserve(REGION, "case", i64::MAX).await, Err(StoreError::Invalid(_))));
}

async fn accesses_are_recorded(bed: Bed) {
    let look = |at: i64, who: &str| Access {
        at: Timestamp::from_micros(at),
        who: who.into(),
        subject: "holder-9".into(),
        purpose: "case 1: review".into(),
    };
    bed.store.record_access(REGION, vec![look(1, "x"), look(2, "y"), look(2, "y")]).await.unwrap();
    bed.store.record_access(REGION, vec![look(3, "x")]).await.unwrap();
    let end = Timestamp::from_micros(i64::MAX);
    assert_eq!(
        bed.store.accesses_to(REGION, "holder-9", end, 10).await.unwrap(),
        [look(3, "x"), look(2, "y"), look(1, "x")]
    );
    assert_eq!(bed.store.accesses_by(REGION, "x", look(3, "x").at, 10).await.unwrap(), [look(1, "x")]);
    assert!(matches!(bed.store.record_access(REGION, vec![look(1, "")]).await, Err(StoreError::Invalid(_))));
}

async fn ill_formed_changes_are_refused(bed: Bed) {
    let broken: [fn(&mut store::RowWrite); 7] = [
        |r| r.facts.clear(),
        |r| r.columns.truncate(2),
        |r| r.columns[0] = 5i64.into(),
        |r| r.doc = "a\0b".into(),
        |r| r.id = String::new(),
        |r| r.facts[0].body = "x".repeat(store::MAX_TEXT_BYTES + 1),
        |r| r.columns[1] = "\0".into(),
    ];
    for (place, break_it) in broken.iter().enumerate() {
        let mut bad = row("a", Expected::New);
        break_it(&mut bad);
        let answer = bed.store.commit(change(bad)).await;
        assert!(matches!(answer, Err(StoreError::Invalid(_))), "case {place}: {answer:?}");
    }
    let twice = change(row("a", Expected::New)).row(row("a", Expected::Any));
    assert!(matches!(bed.store.commit(twice).await, Err(StoreError::Invalid(_))));
    let text = Increment { table: &SLOT, id: "s".into(), column: "place", by: 1, guard: None };
    let bad = Change { increments: vec![text], ..Change::new(REGION, AT) };
    assert!(matches!(bed.store.commit(bad).await, Err(StoreError::Invalid(_))));
    assert_eq!(bed.int("SELECT count(*) FROM fact").await, 0);
}

async fn reading_is_the_same_on_both_engines(bed: Bed) {
    for id in ["b", "a", "B", "é", "-"] {
        bed.put(id, Expected::New).await.unwrap();
    }
    let sql = "SELECT id, due_at, mark, due_at = 5, CAST(sum(due_at) OVER () AS BIGINT) FROM thing \
               WHERE region = $2 AND due_at >= $1 AND due_at >= $1 AND id <> $3 ORDER BY number LIMIT $4";
    let rows = bed.store.query(sql, &[5i64.into(), REGION.into(), "-".into(), 1i64.into()]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!((row.int(1), row.opt_bytes(2), row.int(3), row.int(4)), (Ok(5), Ok(None), Ok(1), Ok(20)));
    assert!(row.text(1).is_err() && row.int(2).is_err() && row.int(9).is_err());
    let null: Option<String> = None;
    let rows = bed.store.query("SELECT id FROM thing WHERE state = $1", &[Value::from(null)]).await.unwrap();
    assert!(rows.is_empty());
    for (sql, params) in [
        ("SELECT id FROM thing WHERE id = $1", vec![]),
        ("SELECT id FROM thing", vec![Value::Int(1)]),
        ("SELECT nothing FROM thing", vec![]),
    ] {
        assert!(bed.store.query(sql, &params).await.is_err(), "{sql}");
    }
    assert!(bed.store.query("DELETE FROM thing", &[]).await.is_err(), "queries cannot write");
    assert_eq!(bed.int("SELECT count(*) FROM thing").await, 5);
    bed.store.ready().await.unwrap();
    bed.store.close().await;
    assert!(bed.store.ready().await.is_err());
    assert!(matches!(bed.put("z", Expected::New).await, Err(StoreError::Unavailable(_))));
}
