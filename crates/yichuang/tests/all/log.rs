//! The public log from outside: audited over HTTP, through a power cut, against an administrator, with a second city as witness.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Demo, code, err, out, run};

/// The job looks every five seconds; a busy machine takes longer.
const PATIENCE: Duration = Duration::from_secs(90);

/// The published checkpoint, once it is what the test waits for.
fn checkpoint(demo: &Demo, what: impl Fn(&str) -> bool) -> String {
    let since = Instant::now();
    loop {
        let answer = demo.get("", "/log/checkpoint");
        let text = answer.text();
        if answer.status == 200 && what(&text) {
            return text;
        }
        assert!(since.elapsed() < PATIENCE, "the checkpoint does not come: {} {text}", answer.status);
        sleep(Duration::from_millis(300));
    }
}

fn size(checkpoint: &str) -> u64 {
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

fn address(demo: &Demo) -> String {
    format!("http://127.0.0.1:{}", demo.port)
}

fn audit(url: &str, more: &[&str]) -> (i32, Value) {
    let output = run(&[&["log", "audit", url, "--json"][..], more].concat());
    (code(&output), serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{} {}", out(&output), err(&output))))
}

/// Verifier keys of a city: log, witness.
fn keys(dir: &Path) -> (String, String) {
    let output = run(&["log", "keys", "--json", "--dir", dir.to_str().unwrap()]);
    let value: Value = serde_json::from_str(&out(&output)).unwrap();
    (value["log"].as_str().unwrap().to_owned(), value["witness"].as_str().unwrap().to_owned())
}

fn configure(dir: &Path, name: &str, value: Value) {
    let path = dir.join("city.json");
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    config[name] = value;
    std::fs::write(&path, config.to_string()).unwrap();
}

/// A licence that rules grant: its id.
fn granted(demo: &Demo) -> String {
    let filed = demo.file(&demo.key(), &demo.sample("public-place-hygiene"));
    assert_eq!(filed.status, 201, "{}", filed.text());
    filed.json()["licence"]["id"].as_str().unwrap_or_else(|| panic!("{}", filed.text())).to_owned()
}

/// Data and sidecar of a licence as files.
fn files(demo: &Demo, id: &str, folder: &Path) -> (String, String) {
    let get = |form: &str| {
        let answer = demo.get("integrator", &format!("/api/v1/licences/{id}/{form}"));
        assert_eq!(answer.status, 200, "{form}: {}", answer.text());
        let path = folder.join(form);
        std::fs::write(&path, &answer.body).unwrap();
        path.to_str().unwrap().to_owned()
    };
    (get("data"), get("proof"))
}

#[test]
fn the_log_outlives_a_power_cut_and_tells_of_an_administrator_who_writes_the_database() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("city");
    let state = scratch.path().join("state.json");
    let state = ["--state", state.to_str().unwrap()];
    let demo = Demo::start(&dir, 0, None);
    let first = size(&checkpoint(&demo, |text| size(text) > 3));
    let (status, told) = audit(&address(&demo), &state);
    assert_eq!((status, &told["whole"]), (0, &json!(true)), "{told}");

    let id = granted(&demo);
    demo.kill();
    let demo = Demo::start(&dir, 0, None);
    checkpoint(&demo, |text| size(text) > first);
    let (status, told) = audit(&address(&demo), &state);
    assert_eq!(status, 0, "{told}");
    let (data, proof) = files(&demo, &id, scratch.path());
    let (log, witness) = keys(&dir);
    let verify = |more: &[&str]| {
        let output = run(&[&["licence", "verify", &data, "--json", "--dir", demo.folder()][..], more].concat());
        (code(&output), out(&output))
    };
    let (status, text) = verify(&["--proof", &proof, "--log-key", &log]);
    assert!(status == 0 && text.contains("LogInclusion") && text.contains("LogEntry"), "{text}");
    let (status, text) = verify(&["--log-key", &log]);
    assert!(status == 0 && text.contains("Logged"), "it is younger than the merge delay: {text}");
    let (status, text) = verify(&["--proof", &proof, "--log-key", &log, "--witness-key", &witness]);
    assert_eq!(status, 1, "nobody has countersigned: {text}");

    // With the server stopped, a word of an entry is changed in the database itself.
    let kept = std::fs::read(state[1]).unwrap();
    demo.kill();
    let database = rusqlite::Connection::open(dir.join("city.db")).unwrap();
    let sql = "UPDATE log_entry SET entry = replace(entry, '\"event\":\"', '\"event\":\"x') WHERE place = 2";
    assert_eq!(database.execute(sql, []).unwrap(), 1);
    drop(database);
    let demo = Demo::start(&dir, 0, None);
    let (status, told) = audit(&address(&demo), &state);
    assert_eq!(status, 1, "{told}");
    let failed: Vec<&Value> = told["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == false).collect();
    assert_eq!(failed[0]["place"], "entry 2", "{told}");
    assert_eq!(std::fs::read(state[1]).unwrap(), kept, "what was seen before stays");

    let gone = address(&demo);
    demo.kill();
    let (status, told) = audit(&gone, &state);
    assert!(status == 2 && told["error"].is_string(), "{status} {told}");
}

#[test]
fn a_second_city_countersigns_and_nothing_is_published_without_it() {
    let scratch = tempfile::tempdir().unwrap();
    let (own, other) = (scratch.path().join("own"), scratch.path().join("other"));
    Demo::start(&own, 0, None).kill();
    Demo::start(&other, 0, None).kill();
    let (log, _) = keys(&own);
    let (_, witness) = keys(&other);
    // Not watched yet: the witness refuses, and what was published before there was a witness is not countersigned.
    let watching = Demo::start(&other, 0, None);
    let url = format!("{}/witness", address(&watching));
    configure(&own, "witnesses", json!([{ "url": url, "key": witness }]));
    let demo = Demo::start(&own, 0, None);
    sleep(Duration::from_secs(8));
    assert_eq!(demo.get("", "/log/checkpoint").status, 404, "nothing without a witness");
    let port = watching.port;
    watching.kill();
    configure(&other, "witness_for", json!([log]));
    let _watching = Demo::start(&other, port, None);
    let name = witness.split('+').next().unwrap();
    let line = format!("\n— {name} ");
    let seen = checkpoint(&demo, |text| text.contains(&line));
    let id = granted(&demo);
    checkpoint(&demo, |text| size(text) > size(&seen));
    let (status, told) = audit(&address(&demo), &["--log-key", &log, "--witness-key", &witness]);
    assert_eq!(status, 0, "{told}");
    let stranger = keys(&own).1;
    let (status, told) = audit(&address(&demo), &["--log-key", &log, "--witness-key", &stranger]);
    assert_eq!(status, 1, "{told}");
    let (data, proof) = files(&demo, &id, scratch.path());
    let more = ["--proof", &proof, "--log-key", &log, "--witness-key", &witness];
    let output = run(&[&["licence", "verify", &data, "--dir", demo.folder()][..], &more[..]].concat());
    assert!(code(&output) == 0 && out(&output).contains(name), "{}", out(&output));
    let page = demo.get("", "/log").text();
    assert!(page.contains(name), "the page names who countersigned");
    let public = std::fs::read_to_string(&data).unwrap();
    let public: Value = serde_json::from_str(&public).unwrap();
    let page = demo.get("", &format!("/v/{}", public["licence"]["public_id"].as_str().unwrap())).text();
    assert!(page.contains(name), "and so does the public page of a licence");
}
