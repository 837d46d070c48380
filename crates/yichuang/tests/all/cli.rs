//! Commands that need no server: their words and their exit codes.

use serde_json::{Value, json};

use crate::program::{catalogue, code, err, out, run, run_with};

fn only_line(text: &str) -> Value {
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1, "{text}");
    serde_json::from_str(lines[0]).unwrap()
}

#[test]
fn working_days_run_into_a_year_that_is_not_announced_yet() {
    let answer = run(&["calendar", "add", "2026-12-30", "15", "--json"]);
    assert_eq!(code(&answer), 0, "{}", err(&answer));
    assert_eq!(only_line(&out(&answer)), json!({ "date": "2027-01-21", "provisional": true }));

    let plain = run(&["calendar", "add", "2026-12-30", "15"]);
    assert!(out(&plain).starts_with("2027-01-21"), "{}", out(&plain));

    let between = run(&["calendar", "between", "2026-12-30", "2027-01-21", "--json"]);
    assert_eq!(only_line(&out(&between)), json!({ "days": 15, "provisional": true }));
}

#[test]
fn beyond_the_calendar_the_answer_is_no_with_a_reason() {
    let answer = run(&["calendar", "add", "2026-12-30", "4000000"]);
    assert_eq!(code(&answer), 1, "{}", err(&answer));
    assert!(out(&answer).trim().len() > 10, "a reason: {}", out(&answer));
    assert_eq!(code(&run(&["calendar", "add", "2026-02-30", "1"])), 2);
    assert_eq!(code(&run(&["calendar", "add", "2026-02-03", "-1"])), 2);
}

#[test]
fn every_vector_of_every_code_is_judged_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/data/code_vectors.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut seen = 0;
    for kind in ["uscc", "citizen-id", "licence-id", "impl-code"] {
        let vectors = &vectors[kind.replace('-', "_")];
        let good = vectors["valid"].as_array().unwrap().iter().map(|value| (value.as_str().unwrap(), true));
        let bad = vectors["invalid"].as_array().unwrap().iter().map(|item| (item["value"].as_str().unwrap(), false));
        let all: Vec<(&str, bool)> = good.chain(bad).collect();
        let lines: Vec<&str> = all.iter().map(|(value, _)| *value).collect();
        let answer = run_with(&["code", "check", kind, "-", "--json"], &format!("{}\n", lines.join("\n")));
        assert_eq!(code(&answer), 1, "one of them is not valid");
        let verdicts: Vec<Value> = out(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(verdicts.len(), all.len());
        for (verdict, (value, valid)) in verdicts.iter().zip(&all) {
            assert_eq!(verdict["value"], **value);
            assert_eq!(verdict["valid"], *valid, "{kind}: {verdict}");
            assert_eq!(verdict["reason"].is_null(), *valid, "a reason exactly when it is not valid: {verdict}");
            seen += 1;
        }
        let first = vectors["valid"][0].as_str().unwrap();
        assert_eq!(code(&run(&["code", "check", kind, first])), 0);
    }
    assert_eq!(seen, 80);
    assert_eq!(code(&run(&["code", "check", "postcode", "1"])), 2);
}

#[test]
fn a_catalogue_is_checked_with_file_and_line() {
    let good = run(&["catalog", "check", catalogue().to_str().unwrap()]);
    assert_eq!(code(&good), 0, "{}{}", out(&good), err(&good));
    assert!(out(&good).contains(" matters, no errors"), "{}", out(&good));

    let scratch = tempfile::tempdir().unwrap();
    let copy = scratch.path().join("catalog");
    let copy = copy.to_str().unwrap();
    assert_eq!(code(&run(&["catalog", "export", copy])), 0);
    assert_eq!(code(&run(&["catalog", "check", copy])), 0);
    assert_eq!(code(&run(&["catalog", "export", copy])), 2, "a folder is never written over");

    let file = format!("{copy}/matters/public-place-hygiene/matter.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("\"department\"")).unwrap() + 1;
    std::fs::write(&file, text.replacen("\"department\": \"approval\"", "\"department\": \"nowhere\"", 1)).unwrap();
    let bad = run(&["catalog", "check", copy]);
    assert_eq!(code(&bad), 1, "{}", out(&bad));
    let place = format!("matters/public-place-hygiene/matter.json:{line}: error:");
    assert!(out(&bad).contains(&place), "{place} in {}", out(&bad));

    std::fs::write(&file, "{ \"slug\": ").unwrap();
    let broken = run(&["catalog", "check", copy, "--json"]);
    assert_eq!(code(&broken), 1);
    let finding: Value = serde_json::from_str(out(&broken).lines().next().unwrap()).unwrap();
    assert!(finding["line"].as_u64().unwrap() >= 1 && finding["fix"]["zh"].is_string(), "{finding}");

    let nowhere = run(&["catalog", "check", "/nowhere/at/all"]);
    assert_eq!(code(&nowhere), 2);
    assert!(err(&nowhere).contains("/nowhere/at/all"), "{}", err(&nowhere));
}

#[test]
fn rules_are_checked_tested_and_tried() {
    let root = catalogue();
    let root = root.to_str().unwrap();
    let tested = run(&["rules", "test", root, "--json"]);
    assert_eq!(code(&tested), 0, "{}", out(&tested));
    let sum = only_line(&out(&tested));
    assert!(sum["passed"].as_u64().unwrap() >= 100 && sum["failed"] == 0, "{sum}");
    assert_eq!(code(&run(&["rules", "check", root])), 0);
    assert_eq!(code(&run(&["rules", "test", "/nowhere/at/all"])), 2);

    let matter = format!("{root}/matters/public-place-hygiene");
    let unknown = run_with(&["rules", "eval", &matter, "-", "--json"], "{}");
    assert_eq!(code(&unknown), 0, "{}", err(&unknown));
    assert_eq!(only_line(&out(&unknown))["outcome"], "manual", "of nobody nothing is known: {}", out(&unknown));

    let scratch = tempfile::tempdir().unwrap();
    let copy = scratch.path().join("catalog");
    let copy = copy.to_str().unwrap();
    assert_eq!(code(&run(&["catalog", "export", copy])), 0);
    let file = format!("{copy}/matters/public-place-hygiene/rules/tests.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("\"decision\": \"approve\"", "\"decision\": \"manual\"", 1)).unwrap();
    let failed = run(&["rules", "test", copy]);
    assert_eq!(code(&failed), 1, "{}", out(&failed));
    assert!(out(&failed).contains("public-place-hygiene: "), "{}", out(&failed));
}

#[test]
fn the_numbers_of_the_law_are_listed_with_article_validity_and_place() {
    let answer = run(&["rules", "list", "--law", "--json"]);
    assert_eq!(code(&answer), 0, "{}", err(&answer));
    let lines: Vec<Value> = out(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let notice = lines.iter().find(|line| line["id"] == "correction-notice").unwrap();
    assert_eq!((notice["number"].as_u64(), notice["unit"].as_str()), (Some(5), Some("working-day")));
    assert!(notice["source"].as_str().unwrap().contains("第三十二条") && notice["valid_from"] == "2004-07-01");
    assert_eq!(notice["applied"]["governs"], "receipt");
    let counts_in = notice["applied"]["counts_in"].as_array().unwrap();
    assert!(counts_in.iter().any(|command| command == "request-correction"), "{notice}");
    let own = lines.iter().find(|line| line["matter"] == "food-operation" && line["id"] == "extension").unwrap();
    assert_eq!(own["number"], 5, "{own}");
    // What nobody counts by program is listed as that.
    assert!(lines.iter().any(|line| line["id"] == "bar-fraud" && line["applied"].is_null()));
    let plain = out(&run(&["rules", "list", "--law"]));
    assert!(plain.contains("correction-notice: 5 working days, 2004-07-01–…, 行政许可法"), "{plain}");
    assert_eq!(code(&run(&["rules", "list"])), 2, "it asks what to list");
}

#[test]
fn what_cannot_run_says_so_with_two() {
    assert_eq!(code(&run(&["licence", "verify", "-"])), 2, "without roots nobody is trusted");
    assert_eq!(code(&run(&["licence", "verify", "-", "--roots", "/nowhere/at/all"])), 2);
    assert_eq!(code(&run(&["journal", "verify", "--dir", "/nowhere/at/all"])), 2);
    assert_eq!(code(&run(&["serve", "--dir", "/nowhere/at/all"])), 2);
    assert_eq!(code(&run(&["no-such-command"])), 2);
    assert_eq!(code(&run(&["--help"])), 0);
}
