//! However changes fall into batches, the answers and the database are those of committing them one after another.

use crate::bed::{AT, Bed, REGION, SLOT, change, row};
use domain::time::Timestamp;
use std::collections::BTreeSet;
use store::{
    Advance, Change, Committed, CounterStep, DueOp, Expected, Idempotency, Increment, PlainDelete, PlainWrite, Row,
    StoreError,
};

contract!(a_batch_does_what_single_commits_do);

/// A small generator, so that every run and both engines see the same sequence.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn letter(&mut self) -> String {
        self.roll(4).to_string()
    }
}

fn due(dice: &mut Dice) -> DueOp {
    let (at, kind, subject) = (Timestamp::from_micros(dice.roll(3) as i64), "k".to_owned(), dice.letter());
    match dice.roll(3) {
        0 => DueOp::Add { at, kind, subject },
        1 => DueOp::Claim { at, kind, subject },
        _ => DueOp::Remove { kind, subject },
    }
}

fn random_change(dice: &mut Dice) -> Change {
    let mut c = Change::new(REGION, AT);
    if dice.roll(2) == 0 {
        let expected = match dice.roll(3) {
            0 => Expected::New,
            1 => Expected::Any,
            _ => Expected::Version(dice.roll(12) as i64),
        };
        let mut r = row(&dice.letter(), expected);
        // Now and then a number that another row has: poison that only the database sees.
        r.columns[0] = format!("n-{}", if dice.roll(8) == 0 { dice.letter() } else { r.id.clone() }).into();
        r.doc = format!("{{\"roll\":{}}}", dice.roll(1_000));
        c = change(r);
    }
    for _ in 0..dice.roll(2) {
        let free = (dice.roll(5) as i64).into();
        c.plain.push(PlainWrite { table: &SLOT, id: dice.letter(), columns: vec!["p".into(), free] });
    }
    if dice.roll(8) == 0 {
        c.deletes.push(PlainDelete { table: &SLOT, id: dice.letter() });
    }
    for _ in 0..dice.roll(3) {
        let by = dice.roll(5) as i64 - 3;
        c.increments.push(Increment { table: &SLOT, id: dice.letter(), column: "free", by, guard: Some(0) });
    }
    for _ in 0..dice.roll(3) {
        c.counters.push(CounterStep { name: "c".into(), key: dice.letter(), by: dice.roll(9) as i64 - 4 });
        c.due.push(due(dice));
    }
    if dice.roll(4) == 0 {
        let from = dice.roll(6) as i64;
        c.cursors.push(Advance { subscriber: "s".into(), from, to: from + dice.roll(2) as i64 });
    }
    if dice.roll(3) == 0 {
        let (key, body) = (dice.roll(60).to_string(), dice.roll(2) as u8);
        c.idempotency = Some(Idempotency { token: "t".into(), key, body_hash: [body; 32], result: dice.letter() });
    }
    c
}

type Answers = Vec<Result<Committed, StoreError>>;

async fn everything(bed: &Bed) -> Vec<Vec<Row>> {
    let mut all = Vec::new();
    for (table, order) in [
        ("fact", "position"),
        ("fact_body", "position"),
        ("thing", "id"),
        ("slot", "id"),
        ("counter", "key"),
        ("due", "at, subject"),
        ("subscriber", "name"),
        ("idempotency", "key"),
    ] {
        all.push(bed.store.query(&format!("SELECT * FROM {table} ORDER BY {order}"), &[]).await.unwrap());
    }
    all
}

async fn a_batch_does_what_single_commits_do(bed: Bed) {
    let mut dice = Dice(2026);
    let reference = Bed::sqlite().await;
    let mut done = 0;
    let mut refusals = BTreeSet::new();
    for round in 0..12 {
        let changes: Vec<Change> = (0..60).map(|_| random_change(&mut dice)).collect();
        let mut single = Answers::new();
        for c in &changes {
            single.push(reference.store.commit(c.clone()).await);
        }
        let batched: Answers =
            futures_util::future::join_all(changes.iter().map(|c| bed.store.commit(c.clone()))).await;
        for (n, (one, many)) in single.iter().zip(&batched).enumerate() {
            assert_eq!(one, many, "round {round}, change {n}: {:#?}", changes[n]);
        }
        assert_eq!(everything(&reference).await, everything(&bed).await, "round {round}");
        done += single.iter().filter(|a| a.is_ok()).count();
        let name = |e: &StoreError| format!("{e:?}").split([' ', '(']).next().map(str::to_owned);
        refusals.extend(single.iter().filter_map(|a| a.as_ref().err().and_then(name)));
    }
    let wanted = [
        "Conflict",
        "CursorMoved",
        "Duplicate",
        "DueGone",
        "GuardFailed",
        "IdempotencyMismatch",
        "IdempotencyReplay",
        "NoSuchRow",
    ];
    assert_eq!(refusals, wanted.map(str::to_owned).into(), "every refusal occurs");
    assert!((50..650).contains(&done), "both outcomes occur: {done} of 720 done");
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole(), "{:?}", report.faults);
}
