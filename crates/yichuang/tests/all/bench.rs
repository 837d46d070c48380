//! The measurement itself works: every part runs and says what it found. How fast anything is does not matter here.

use serde_json::Value;

use crate::program::{code, err, out, run};

#[test]
fn everything_can_be_measured_and_the_large_city_is_whole() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("bench");
    let words = scratch.path().join("words.md");
    std::fs::write(&words, "# Before\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nAfter\n").unwrap();
    let dir = dir.to_str().unwrap();
    let mut arguments = vec!["bench", "--quick", "--json", "--cases", "1000", "--dir", dir, "--write"];
    arguments.push(words.to_str().unwrap());
    let server = std::env::var("YICHUANG_TEST_PG").ok();
    if let Some(server) = &server {
        arguments.extend(["--postgres", server]);
    }
    let answer = run(&arguments);
    assert_eq!(code(&answer), 0, "{}", err(&answer));

    let report: Value = serde_json::from_str(out(&answer).trim()).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let mut parts: Vec<&str> = rows.iter().filter_map(|row| row["part"].as_str()).collect();
    parts.dedup();
    assert_eq!(parts.len(), 10, "{parts:?}");
    for row in rows.iter().filter(|row| row["part"] != "PostgreSQL") {
        let value = row["value"].as_f64().unwrap_or_else(|| panic!("{row}"));
        // A process that has not grown is a good one, and one that gave memory back has grown by less than nothing.
        let grown = row["what"].as_str().unwrap().starts_with("memory grown");
        assert!(if grown { value.is_finite() } else { value > 0.0 }, "{row}");
        let aims = !row["at_least"].is_null() || !row["at_most"].is_null();
        assert_eq!(row["met"].is_boolean(), aims, "a target is met or missed, and never neither: {row}");
    }
    let text = std::fs::read_to_string(&words).unwrap();
    assert!(text.starts_with("# Before\n") && text.ends_with("-->\nAfter\n") && !text.contains("old"), "{text}");

    // What was written in bulk is evidence like everything else.
    let verified = run(&["journal", "verify", "--dir", &format!("{dir}/large")]);
    assert_eq!(code(&verified), 0, "{} {}", out(&verified), err(&verified));

    let again = run(&["bench", "--quick", "--dir", dir]);
    assert_eq!(code(&again), 2, "a folder that exists is not touched");
}
