//! Death in the middle of work loses nothing that was acknowledged; a changed byte is found and named.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;

use crate::http;
use crate::program::{Demo, code, out, run};

/// Callers that file at the same time.
const CALLERS: usize = 6;

struct Acknowledged {
    key: String,
    body: Value,
    answer: Value,
}

/// Files samples from several threads until the city is gone; only whole answers count.
fn load(demo: Demo, life: usize, wanted: usize) -> Vec<Acknowledged> {
    let done: Mutex<Vec<Acknowledged>> = Mutex::new(Vec::new());
    let over = AtomicBool::new(false);
    let (port, token) = (demo.port, format!("Bearer {}", demo.token("integrator")));
    let mut demo = Some(demo);
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (done, over, token) = (&done, &over, &token);
            scope.spawn(move || {
                for round in 0.. {
                    let slug = ["public-place-hygiene", "clinic-filing", "company-name"][(caller + round) % 3];
                    let Ok(sample) = http::send(port, "GET", &format!("/api/v1/matters/{slug}"), &[], b"") else {
                        return;
                    };
                    let body = sample.json()["sample"].clone();
                    let key = format!("load-{life}-{caller}-{round}");
                    let headers = [("Authorization", token.as_str()), ("Idempotency-Key", &key)];
                    let sent = http::send(port, "POST", "/api/v1/cases", &headers, body.to_string().as_bytes());
                    let Ok(answer) = sent else { return };
                    assert_eq!(answer.status, 201, "{}", answer.text());
                    done.lock().unwrap().push(Acknowledged { key, body, answer: answer.json() });
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                }
            });
        }
        for _ in 0..1200 {
            if done.lock().unwrap().len() >= wanted {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // The callers go on while it dies.
        demo.take().unwrap().kill();
        over.store(true, Ordering::SeqCst);
    });
    done.into_inner().unwrap()
}

#[test]
fn killed_under_load_it_loses_nothing_and_a_changed_byte_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let mut demo = Demo::start(&dir, 0, None);
    for round in 1..=2 {
        let port = demo.port;
        let done = load(demo, round, 40);
        assert!(done.len() >= 40, "round {round}: only {} were acknowledged in time", done.len());
        demo = Demo::start(&dir, port, None);
        for one in &done {
            let number = one.answer["number"].as_str().unwrap();
            let (case, _) = demo.case("integrator", number);
            assert_eq!(case["state"], one.answer["state"], "{number}");
            let again = demo.file(&one.key, &one.body);
            assert_eq!((again.status, &again.json()), (201, &one.answer), "{number}");
        }
        let beside = run(&["journal", "verify", "--dir", demo.folder()]);
        assert_eq!(code(&beside), 0, "beside the live server: {}", out(&beside));
        // A key that was sent but not acknowledged is either done or not: sending it again makes it so, once.
        let numbers: std::collections::BTreeSet<&str> =
            done.iter().map(|one| one.answer["number"].as_str().unwrap()).collect();
        assert_eq!(numbers.len(), done.len(), "no number twice");
    }
    demo.kill();
    whole(&dir);
    tampered(&dir);
}

fn verify(dir: &Path) -> (i32, String) {
    let output = run(&["journal", "verify", "--dir", dir.to_str().unwrap()]);
    (code(&output), out(&output))
}

fn whole(dir: &Path) {
    let (exit, words) = verify(dir);
    assert_eq!(exit, 0, "{words}");
}

/// Runs a statement on the database, checks what verification says, and puts the old value back.
fn change(dir: &Path, table: &str, column: &str, row: &str, to: &str, named: &str) {
    let connection = Connection::open(dir.join("city.db")).unwrap();
    let read = format!("SELECT {column} FROM {table} WHERE {row}");
    let old: rusqlite::types::Value = connection.query_row(&read, [], |row| row.get(0)).unwrap();
    let write = format!("UPDATE {table} SET {column} = {to} WHERE {row}");
    assert_eq!(connection.execute(&write, []).unwrap(), 1, "{write}");
    drop(connection);

    let (exit, words) = verify(dir);
    assert_eq!(exit, 1, "{write}: {words}");
    assert!(words.starts_with("BROKEN"), "{write}: {words}");
    assert!(words.contains(named), "{write}: {named} in {words}");

    let connection = Connection::open(dir.join("city.db")).unwrap();
    let back = format!("UPDATE {table} SET {column} = ?1 WHERE {row}");
    assert_eq!(connection.execute(&back, [old]).unwrap(), 1);
    drop(connection);
    whole(dir);
}

/// A byte of a fact, of its order, of what it says about itself, or of a state row, straight in the database.
fn tampered(dir: &Path) {
    let connection = Connection::open(dir.join("city.db")).unwrap();
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let position =
        one("SELECT CAST(position AS TEXT) FROM fact WHERE kind LIKE 'case.%' ORDER BY position DESC LIMIT 1");
    let case = one("SELECT id FROM casefile ORDER BY id DESC LIMIT 1");
    let licence = one("SELECT id FROM licence ORDER BY id DESC LIMIT 1");
    drop(connection);

    let fact = format!("position = {position}");
    change(dir, "fact_body", "body", &fact, "replace(body, '\"', '”')", &position);
    change(dir, "fact", "at", &fact, "at + 1", &position);
    change(dir, "fact", "actor", &fact, "'nobody'", &position);
    let row = format!("id = '{case}'");
    change(dir, "casefile", "doc", &row, "doc || ' '", &case);
    change(dir, "casefile", "state", &row, "'granted-by-night'", &case);
    change(dir, "licence", "doc", &format!("id = '{licence}'"), "doc || ' '", &licence);
    // Even the row that says which city this is.
    change(dir, "city", "region", "id = 'city'", "'370201'", "city/city");
}
