//! The tables of the capabilities: what their constants say is what the migrations have made.

use crate::bed::{AT, Bed, REGION, fact};
use store::{
    Change, Column, Config, Expected, Kind, PlainDelete, PlainTable, PlainWrite, RowWrite, Store, StoreError, Table,
    Value,
};
use store::{accounts, cases, catalog, halls, licences, log, post, registry, supervision, voice};

contract!(
    every_table_can_be_written_and_read,
    licences_of_before_get_the_timer_of_their_expiry,
    the_futures_can_move_between_threads
);

fn values(columns: &[Column], with_null: bool) -> Vec<Value> {
    let value = |c: &Column| match c.kind {
        _ if with_null => Value::Null,
        Kind::Int => Value::Int(i64::MIN),
        Kind::Text => Value::Text(format!("{} 㐀·", c.name)),
        Kind::Bytes => Value::Bytes(vec![0, 255]),
    };
    columns.iter().map(value).collect()
}

fn aggregates() -> Vec<&'static Table> {
    vec![
        &accounts::ACCOUNT,
        &accounts::MANDATE,
        &catalog::CITY,
        &catalog::MATTER,
        &cases::CASEFILE,
        &licences::LICENCE,
        &licences::SEAL,
        &licences::LICENCE_SHARE,
        &licences::ELSEWHERE_LICENCE,
        &licences::PAPER_LICENCE,
        &log::WATCHED_LOG,
        &halls::SLOT_DAY,
        &halls::APPOINTMENT,
        &halls::TICKET,
        &halls::DEVICE,
        &halls::PARCEL,
        &halls::ROTA,
        &halls::ROSTER,
        &halls::LIEU,
        &voice::RATING,
        &voice::RATING_ORDER,
        &voice::RATING_CONTEST,
        &post::MAILING,
    ]
}

async fn every_table_can_be_written_and_read(bed: Bed) {
    for table in aggregates() {
        let columns = values(table.columns, false);
        let doc = "{\"a\": 1.0, \"b\":\"\\u0000 in JSON is text\"}".to_owned();
        let row = RowWrite { table, id: "x".into(), expected: Expected::New, columns, doc, facts: vec![fact("made")] };
        bed.store.commit(Change::new(REGION, AT).row(row.clone())).await.unwrap();
        let stored = bed.store.load(REGION, table, "x").await.unwrap().unwrap();
        assert_eq!((stored.version, stored.columns, stored.doc), (1, row.columns, row.doc), "{}", table.name);
    }
    let report = bed.store.verify(None).await.unwrap();
    assert!(report.is_whole() && report.rows == aggregates().len() as u64, "{report:?}");
    let plain: &[&'static PlainTable] = &[
        &supervision::FIGURE_CASE,
        &supervision::FIGURE_SEAT,
        &voice::RATING_CODE,
        &accounts::SECRET,
        &accounts::SESSION,
        &accounts::TOKEN,
        &accounts::MESSAGE,
        &accounts::OUTBOX,
        &registry::REGISTER_ENTRY,
        &catalog::MATTER_VERSION,
        &cases::DOCUMENT,
        &cases::RULE_RECORD,
        &cases::DRAFT,
        &cases::UPLOAD,
        &licences::STATUS_LIST,
        &licences::CERTIFICATE,
        &log::LOG_ENTRY,
        &log::LOG_SALT,
        &log::LOG_TILE,
        &log::LOG_CHECKPOINT,
        &halls::SLOT,
        &halls::DEVICE_SESSION,
        &halls::DEVICE_SEEN,
        &halls::PARCEL_CODE,
        &halls::ROTA_DUTY,
    ];
    for &table in plain {
        let columns = values(table.columns, false);
        let write = PlainWrite { table, id: "x".into(), columns: columns.clone() };
        bed.store.commit(Change { plain: vec![write], ..Change::new(REGION, AT) }).await.unwrap();
        let names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
        let sql = format!("SELECT {} FROM {} WHERE region = $1 AND id = 'x'", names.join(", "), table.name);
        let rows = bed.store.query(&sql, &[REGION.into()]).await.unwrap();
        assert_eq!(rows[0].values(), columns, "{}", table.name);
        let delete = PlainDelete { table, id: "x".into() };
        bed.store.commit(Change { deletes: vec![delete], ..Change::new(REGION, AT) }).await.unwrap();
        assert!(bed.store.query(&sql, &[REGION.into()]).await.unwrap().is_empty());
    }
    let null =
        PlainWrite { table: &accounts::SESSION, id: "n".into(), columns: values(accounts::SESSION.columns, true) };
    let refused = bed.store.commit(Change { plain: vec![null], ..Change::new(REGION, AT) }).await;
    assert!(matches!(refused, Err(store::StoreError::Database(_))), "NOT NULL holds: {refused:?}");
}

/// What the migration of mandates does besides, on rows as they were before it.
async fn licences_of_before_get_the_timer_of_their_expiry(bed: Bed) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.to_string_lossy().ends_with("_mandate.sql")).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let insert = &text[text.find("INSERT INTO due").unwrap()..];
    let end = AT.plus_seconds(86_400);
    let rows = [
        ("active", "active", Some(end), "a"),
        ("suspended", "suspended", Some(end), "b"),
        ("revoked", "revoked", Some(end), "c"),
        ("endless", "active", None, "d"),
        ("erased", "active", Some(end), "erased"),
        ("timed", "active", Some(end), "e"),
    ];
    for (place, (id, recorded, valid_to, holder)) in rows.into_iter().enumerate() {
        let columns = vec![
            id.into(),
            id.into(),
            holder.into(),
            "hygiene".into(),
            "approval".into(),
            recorded.into(),
            valid_to.map(domain::time::Timestamp::micros).into(),
            "1".into(),
            (place as i64).into(),
            None::<i64>.into(),
            None::<String>.into(),
        ];
        let doc = "{}".to_owned();
        let table = &licences::LICENCE;
        let row = RowWrite { table, id: id.into(), expected: Expected::New, columns, doc, facts: vec![fact("made")] };
        bed.store.commit(Change::new(REGION, AT).row(row)).await.unwrap();
    }
    let kind = "licence.expiring".to_owned();
    let mut change = Change::new(REGION, AT);
    change.due.push(store::DueOp::Add { at: AT, kind: kind.clone(), subject: "licence/timed".into() });
    bed.store.commit(change).await.unwrap();
    bed.sql(insert).await;
    let due = bed.store.due_before(REGION, end, 100).await.unwrap();
    let found: Vec<(&str, bool)> = due.iter().map(|row| (row.subject.as_str(), row.at == end)).collect();
    assert_eq!(found, [("licence/timed", false), ("licence/active", true), ("licence/suspended", true)]);
    assert!(due.iter().all(|row| row.kind == kind));
}

async fn the_futures_can_move_between_threads(bed: Bed) {
    fn can_move<T: Send>(_: &T) {}
    let random = store::BackupRandom { salt: [0; 16], nonce: [0; 19] };
    let path = bed.dir.path().join("nothing.backup");
    can_move(&bed.store.verify(None));
    can_move(&bed.store.backup(&path, None, b"", random, AT));
    can_move(&store::restore(&bed.config, &path, None, b""));
    can_move(&bed.store.draft_checkpoint(REGION, AT));
    // The work they do is tested elsewhere; here one of them runs on another thread to its end.
    let store = bed.store.clone();
    assert!(tokio::spawn(async move { store.verify(None).await }).await.unwrap().unwrap().is_whole());
}

/// A command that only wants to look never makes a database, and none of ours is ever put into somebody else's.
#[tokio::test]
async fn what_is_not_ours_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing.db");
    let refused = Store::open_existing(&Config::sqlite(&missing)).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoDatabase(_)), "{refused:?}");
    assert!(refused.to_string().contains("missing.db"), "{refused}");
    assert!(!missing.exists(), "looking made a file");

    let foreign = dir.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE theirs (a); CREATE TABLE schema_migration (version TEXT)").unwrap();
    drop(other);
    let before = std::fs::read(&foreign).unwrap();
    for refused in [
        Store::open(&Config::sqlite(&foreign)).await.unwrap_err(),
        Store::open_existing(&Config::sqlite(&foreign)).await.unwrap_err(),
    ] {
        assert!(matches!(refused, StoreError::Foreign(_)), "{refused:?}");
    }
    assert_eq!(std::fs::read(&foreign).unwrap(), before, "not a byte of it was changed");

    let own = dir.path().join("own.db");
    Store::open(&Config::sqlite(&own)).await.unwrap().close().await;
    Store::open_existing(&Config::sqlite(&own)).await.unwrap().close().await;

    let torn = dir.path().join("torn.db");
    std::fs::write(&torn, vec![b'x'; 8192]).unwrap();
    let refused = Store::open_existing(&Config::sqlite(&torn)).await.unwrap_err();
    assert!(refused.to_string().contains("restore"), "{refused}");
}
