//! `yichuang simulate` as a program uses it.

use serde_json::Value;

use crate::program::{code, err, out, run};

#[test]
fn a_simulated_day_holds_and_leaves_a_city_that_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("city");
    let dir = dir.to_str().unwrap();
    let simulated = run(&["simulate", "--days", "1", "--seed", "7", "--size", "S", "--json", "--dir", dir]);
    assert_eq!(code(&simulated), 0, "{}{}", out(&simulated), err(&simulated));
    let report: Value = serde_json::from_str(&out(&simulated)).unwrap();
    assert!(report["cases"].as_u64().unwrap() > 100, "{report}");
    assert!(report["commands"].as_u64() > report["cases"].as_u64());
    assert!(report["checks"].as_u64() > report["commands"].as_u64());
    assert_eq!(report["violations"], Value::Array(Vec::new()));
    assert_eq!((report["from"].as_str(), report["to"].as_str()), (Some("2026-03-02"), Some("2026-03-02")));

    let verified = run(&["journal", "verify", "--dir", dir]);
    assert_eq!(code(&verified), 0, "{}{}", out(&verified), err(&verified));
    let again = run(&["simulate", "--days", "1", "--size", "S", "--dir", dir]);
    assert_eq!(code(&again), 2, "a folder that is used is not touched");
    assert!(err(&again).contains("is not empty"), "{}", err(&again));
}

#[test]
fn a_simulation_that_finds_something_ends_with_one() {
    let arguments = ["simulate", "--days", "1", "--seed", "7", "--size", "s", "--fault", "lose-case", "--lang", "en"];
    let simulated = run(&arguments);
    assert_eq!(code(&simulated), 1, "{}{}", out(&simulated), err(&simulated));
    assert!(out(&simulated).contains("no-lost-case"), "{}", out(&simulated));
    assert_eq!(code(&run(&["simulate", "--fault", "rain"])), 2, "there is no such fault");
}
