//! `verify` names the place of every change made behind the store's back, and leaves lawful erasure alone.

use crate::bed::{AT, Bed, CASE, REGION, change, fact, row};
use store::{Change, ERASED, Erasure, Expected, SignedCheckpoint, StoreError};

contract!(
    an_untouched_journal_is_whole,
    every_tampering_is_found_and_named,
    erasure_leaves_the_journal_whole,
    a_checkpoint_finds_a_rewritten_journal,
    checkpoints_grow_and_are_exported,
);

/// Streams a (versions 1–3, positions 1, 3, 5), b (1–2, positions 2, 4) and c (1, position 6).
async fn fill(bed: &Bed) {
    bed.put("a", Expected::New).await.unwrap();
    bed.put("b", Expected::New).await.unwrap();
    bed.put("a", Expected::Version(1)).await.unwrap();
    bed.put("b", Expected::Version(1)).await.unwrap();
    bed.put("a", Expected::Version(2)).await.unwrap();
    bed.put("c", Expected::New).await.unwrap();
}

async fn an_untouched_journal_is_whole(bed: Bed) {
    let empty = bed.store.verify(None).await.unwrap();
    assert!(empty.is_whole() && empty.facts == 0);
    fill(&bed).await;
    let mut elsewhere = change(row("a", Expected::New));
    elsewhere.region = "370100".into();
    bed.store.commit(elsewhere).await.unwrap();
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole(), "{:?}", report.faults);
    assert_eq!((report.facts, report.rows, report.erased), (7, 4, 0));
    assert_eq!(report.regions, ["370100", "370200"]);
}

/// What is done behind the store's back, and what the first fault must say.
const TAMPERINGS: &[(&str, &str)] = &[
    ("UPDATE fact SET kind = 'granted' WHERE position = 3", "position 3, thing/a, version 2: the fact was changed"),
    ("UPDATE fact SET actor = 'clerk-2' WHERE position = 3", "position 3, thing/a, version 2: the fact was changed"),
    ("UPDATE fact SET at = at + 1 WHERE position = 1", "position 1, thing/a, version 1: the fact was changed"),
    ("UPDATE fact SET stream = 'thing/d' WHERE position = 6", "position 6, thing/d, version 1: the fact was changed"),
    ("UPDATE fact SET version = 9 WHERE position = 5", "position 5, thing/a, version 9: the fact was changed"),
    (
        "UPDATE fact SET region = '370201' WHERE position = 6",
        "region 370200, thing/c, version 1: the state row has a version",
    ),
    (
        "UPDATE fact SET row_digest = prev_hash WHERE position = 4",
        "position 4, thing/b, version 2: the fact was changed",
    ),
    ("UPDATE fact SET commitment = hash WHERE position = 4", "position 4, thing/b, version 2: the fact was changed"),
    ("UPDATE fact SET prev_hash = hash WHERE position = 4", "position 4, thing/b, version 2: the fact was changed"),
    ("UPDATE fact SET hash = link WHERE position = 2", "position 2, thing/b, version 1: the fact was changed"),
    ("UPDATE fact SET link = hash WHERE position = 2", "position 2, thing/b, version 1: the fact is not in its place"),
    (
        "UPDATE fact_body SET body = body || ' ' WHERE position = 3",
        "position 3, thing/a, version 2: the body of the fact",
    ),
    (
        "UPDATE fact_body SET salt = (SELECT hash FROM fact WHERE position = 1) WHERE position = 3",
        "position 3, thing/a, version 2: the body of the fact",
    ),
    ("DELETE FROM fact_body WHERE position = 3", "position 3, thing/a, version 2: the body of the fact is gone"),
    (
        "UPDATE fact SET position = 99 WHERE position = 2; UPDATE fact SET position = 2 WHERE position = 3; \
         UPDATE fact SET position = 3 WHERE position = 99; UPDATE fact_body SET position = 99 WHERE position = 2; \
         UPDATE fact_body SET position = 2 WHERE position = 3; UPDATE fact_body SET position = 3 WHERE position = 99",
        "position 2, thing/a, version 2: the fact is not in its place",
    ),
    ("DELETE FROM fact WHERE position = 3", "position 3: no fact at position 3"),
    (
        "DELETE FROM fact WHERE position IN (3, 4); DELETE FROM fact_body WHERE position IN (3, 4)",
        "position 3: no fact at position 3 to 4",
    ),
    (
        "DELETE FROM fact WHERE position = 6; DELETE FROM fact_body WHERE position = 6",
        "thing/c, version 1: the state row has a version for which there is no fact",
    ),
    (
        "INSERT INTO fact_body SELECT region, 7, salt, body FROM fact_body WHERE position = 6",
        "position 7: there is a body here but no fact",
    ),
    ("UPDATE thing SET state = 'granted' WHERE id = 'b'", "position 4, thing/b, version 2: the state row was changed"),
    (
        "UPDATE thing SET due_at = due_at + 1 WHERE id = 'b'",
        "position 4, thing/b, version 2: the state row was changed",
    ),
    ("UPDATE thing SET due_at = NULL WHERE id = 'b'", "position 4, thing/b, version 2: the state row was changed"),
    ("UPDATE thing SET mark = head_hash WHERE id = 'b'", "position 4, thing/b, version 2: the state row was changed"),
    ("UPDATE thing SET doc = doc || ' ' WHERE id = 'c'", "position 6, thing/c, version 1: the state row was changed"),
    (
        "UPDATE thing SET id = 'z' WHERE id = 'c'",
        "thing/z, version 1: the state row has a version for which there is no fact",
    ),
    ("UPDATE thing SET version = 2 WHERE id = 'a'", "thing/a, version 2: the state row is older than its stream"),
    (
        "UPDATE thing SET version = 4 WHERE id = 'a'",
        "thing/a, version 4: the state row has a version for which there is no fact",
    ),
    (
        "UPDATE thing SET head_hash = (SELECT hash FROM fact WHERE position = 1) WHERE id = 'a'",
        "position 5, thing/a, version 3: the state row does not carry the hash",
    ),
    ("DELETE FROM thing WHERE id = 'c'", "position 6, thing/c: the state row of this stream is gone"),
    (
        "INSERT INTO thing SELECT region, 'x', version, head_hash, 'n-x', state, due_at, mark, doc FROM thing WHERE id = 'c'",
        "thing/x, version 1: the state row has a version for which there is no fact",
    ),
];

async fn every_tampering_is_found_and_named(bed: Bed) {
    fill(&bed).await;
    let tables = ["fact", "fact_body", "thing"];
    for table in tables {
        bed.sql(&format!("CREATE TABLE keep_{table} AS SELECT * FROM {table}")).await;
    }
    // The copies are out of the way of `verify`, which looks at every table that has a version and a head hash.
    bed.sql("ALTER TABLE keep_thing RENAME COLUMN head_hash TO hidden").await;
    for (sql, place) in TAMPERINGS {
        bed.sql(sql).await;
        let report = bed.store.verify(None).await.unwrap();
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert!(faults.iter().any(|f| f.contains(place)), "{sql}\nwants: {place}\nfound: {faults:#?}");
        assert!(faults.len() <= 6, "one change is not reported for all that follows: {sql}\n{faults:#?}");
        for table in tables {
            bed.sql(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM keep_{table}")).await;
        }
        assert!(bed.store.verify(None).await.unwrap().is_whole());
    }
}

async fn erasure_leaves_the_journal_whole(bed: Bed) {
    fill(&bed).await;
    let mut erased = row("a", Expected::Version(3));
    erased.doc = "{}".into();
    let erasure = vec![Erasure { table: &CASE, id: "a".into() }];
    let silent = Change { erasures: erasure.clone(), ..change(erased.clone()) };
    assert!(matches!(bed.store.commit(silent).await, Err(StoreError::Invalid(_))), "an erasure is itself a fact");
    erased.facts = vec![fact(ERASED)];
    bed.store.commit(Change { erasures: erasure, ..change(erased) }).await.unwrap();
    let bodies: Vec<bool> =
        bed.store.read_stream(REGION, "thing/a", 0, 10).await.unwrap().iter().map(|f| f.body.is_some()).collect();
    assert_eq!(bodies, [false, false, false, true]);
    let others = bed.store.read_stream(REGION, "thing/b", 0, 10).await.unwrap();
    assert!(others.iter().all(|f| f.body.is_some()));
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole(), "{:?}", report.faults);
    assert_eq!(report.erased, 3);
}

async fn checkpoint(bed: &Bed) -> SignedCheckpoint {
    let draft = bed.store.draft_checkpoint(REGION, AT).await.unwrap().unwrap();
    bed.store.keep_checkpoint(draft, vec![1, 2, 3], "the district next door").await.unwrap()
}

/// The strongest forger: cuts off the last facts and puts the state rows back as they were, all consistently.
async fn a_checkpoint_finds_a_rewritten_journal(bed: Bed) {
    fill(&bed).await;
    let early = checkpoint(&bed).await;
    bed.put("d", Expected::New).await.unwrap();
    let held = checkpoint(&bed).await;
    assert!(bed.store.verify(Some(&held)).await.unwrap().is_whole());
    bed.sql("DELETE FROM fact WHERE position = 7; DELETE FROM fact_body WHERE position = 7; DELETE FROM thing WHERE id = 'd'").await;
    let kept = bed.store.verify(None).await.unwrap();
    assert!(kept.faults[0].problem.contains("a checkpoint kept here attests position 7"), "{:?}", kept.faults);
    bed.sql("DELETE FROM checkpoint WHERE position = 7").await;
    assert!(bed.store.verify(None).await.unwrap().is_whole(), "from inside alone nobody can see it");
    let report = bed.store.verify(Some(&held)).await.unwrap();
    assert!(report.faults[0].to_string().contains("position 7: the journal ends at position 6"), "{:?}", report.faults);
    assert!(bed.store.verify(Some(&early)).await.unwrap().is_whole());
    // Another fact in the place of the one that was cut off.
    bed.put("e", Expected::New).await.unwrap();
    let report = bed.store.verify(Some(&held)).await.unwrap();
    assert!(report.faults[0].problem.contains("the journal was rewritten"), "{:?}", report.faults);
    let mut foreign = held;
    foreign.checkpoint.region = "110000".into();
    assert!(!bed.store.verify(Some(&foreign)).await.unwrap().is_whole());
}

async fn checkpoints_grow_and_are_exported(bed: Bed) {
    assert_eq!(bed.store.draft_checkpoint(REGION, AT).await.unwrap(), None);
    for id in ["a", "b", "c"] {
        bed.put(id, Expected::New).await.unwrap();
        checkpoint(&bed).await;
    }
    assert_eq!(bed.store.draft_checkpoint(REGION, AT).await.unwrap(), None, "nothing new to attest");
    let kept = bed.store.checkpoints(REGION, 1, 10).await.unwrap();
    assert_eq!(kept.iter().map(|c| c.checkpoint.position).collect::<Vec<_>>(), [2, 3]);
    let text = serde_json::to_string(&kept[1]).unwrap();
    let read: SignedCheckpoint = serde_json::from_str(&text).unwrap();
    assert_eq!((&read.checkpoint, &read.signature), (&kept[1].checkpoint, &kept[1].signature));
    let signed = String::from_utf8(read.checkpoint.signed_bytes()).unwrap();
    assert_eq!(signed.lines().count(), 5);
    let report = bed.store.verify(Some(&read)).await.unwrap();
    assert!(report.is_whole() && report.checkpoints == 4, "{report:?}");
    // The next one would rest on what is kept beside the root; it follows from the facts and is compared with them.
    bed.sql("UPDATE checkpoint SET peaks = (SELECT peaks FROM checkpoint WHERE position = 1) WHERE position = 2").await;
    let report = bed.store.verify(None).await.unwrap();
    assert_eq!(report.faults.len(), 1, "{report:?}");
    assert!(report.faults[0].to_string().contains("position 2: the subtrees"), "{report:?}");
}
