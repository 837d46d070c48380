//! What the halls ask of a commit: a slot is never booked beyond its capacity, and one person books a matter once a day,
//! however many try at the same moment.

use crate::bed::{AT, Bed, REGION, fact};
use store::halls::{APPOINTMENT, SLOT, TICKET};
use store::{Change, Expected, Increment, PlainWrite, RowWrite, StoreError, Value};

contract!(a_slot_takes_exactly_its_capacity, one_person_books_once, a_number_is_given_once);

const CAPACITY: i64 = 50;

async fn release(bed: &Bed, id: &str) {
    let columns =
        vec!["hall".into(), "general".into(), AT.into(), AT.into(), Value::Int(CAPACITY), Value::Int(CAPACITY)];
    let write = PlainWrite { table: &SLOT, id: id.into(), columns };
    bed.store.commit(Change { plain: vec![write], ..Change::new(REGION, AT) }).await.unwrap();
}

fn booking(slot: &str, id: usize, open_key: &str) -> Change {
    let row = RowWrite {
        table: &APPOINTMENT,
        id: format!("{slot}-{id}"),
        expected: Expected::New,
        columns: vec![
            "hall".into(),
            Value::Null,
            Value::Null,
            "booked".into(),
            AT.into(),
            open_key.into(),
            format!("{slot}.{id:06}").into(),
        ],
        doc: "{}".into(),
        facts: vec![fact("appointment.booked")],
    };
    let mut change = Change::new(REGION, AT).row(row);
    let (table, column, guard) = (&SLOT, "free", Some(0));
    change.increments.push(Increment { table, id: slot.into(), column, by: -1, guard });
    change
}

/// Everybody at once; answers how many got a place and how many were told that none was left.
async fn rush(bed: &Bed, changes: Vec<Change>) -> (usize, Vec<StoreError>) {
    let tasks: Vec<_> = changes
        .into_iter()
        .map(|change| {
            let store = bed.store.clone();
            tokio::spawn(async move { store.commit(change).await })
        })
        .collect();
    let (mut done, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => done += 1,
            Err(error) => refused.push(error),
        }
    }
    (done, refused)
}

async fn a_slot_takes_exactly_its_capacity(bed: Bed) {
    for slot in ["a", "b"] {
        release(&bed, slot).await;
    }
    let wishes = (0..400).map(|id| booking(if id % 2 == 0 { "a" } else { "b" }, id, &format!("person-{id}")));
    let (done, refused) = rush(&bed, wishes.collect()).await;
    assert_eq!(done, 2 * CAPACITY as usize);
    assert!(refused.iter().all(|error| matches!(error, StoreError::GuardFailed { column: "free", .. })), "{refused:?}");
    assert_eq!(bed.int("SELECT CAST(sum(free) AS BIGINT) FROM visit_slot").await, 0);
    assert_eq!(bed.int("SELECT CAST(count(*) AS BIGINT) FROM appointment").await, 2 * CAPACITY);
    assert!(bed.store.verify(None).await.unwrap().is_whole());
}

async fn one_person_books_once(bed: Bed) {
    release(&bed, "a").await;
    let (done, refused) = rush(&bed, (0..40).map(|id| booking("a", id, "the same")).collect()).await;
    assert_eq!(done, 1);
    let taken = |error: &StoreError| matches!(error, StoreError::Duplicate { table, columns } if table == "appointment" && columns == "open_key");
    assert!(refused.iter().all(taken), "{refused:?}");
    assert_eq!(bed.int("SELECT free FROM visit_slot").await, CAPACITY - 1, "who was refused has taken nothing");
}

async fn a_number_is_given_once(bed: Bed) {
    let ticket = |id: usize| {
        let columns = vec![
            "hall.20261124".into(),
            "A".into(),
            Value::Int(1),
            "general".into(),
            "waiting".into(),
            Value::Int(1),
            Value::Null,
            Value::Null,
            AT.into(),
            Value::Null,
            Value::Null,
        ];
        let (doc, facts) = ("{}".into(), vec![fact("ticket.taken")]);
        let row = RowWrite { table: &TICKET, id: id.to_string(), expected: Expected::New, columns, doc, facts };
        Change::new(REGION, AT).row(row)
    };
    let (done, refused) = rush(&bed, (0..20).map(ticket).collect()).await;
    assert_eq!(done, 1);
    let taken = |error: &StoreError| matches!(error, StoreError::Duplicate { columns, .. } if columns.contains("seq"));
    assert!(refused.iter().all(taken), "{refused:?}");
}
