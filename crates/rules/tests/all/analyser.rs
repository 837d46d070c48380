//! Gaps and shadowed rows, by hand; `src/lint` compares the analyser with brute force.

use serde_json::json;

use crate::support::{TableSpec, field, messages, model, one, schema};

fn lint(kind: &str, more: serde_json::Value, cells: &[&str]) -> String {
    let ids: Vec<String> = (1..=cells.len()).map(|i| format!("R{i}")).collect();
    let rows: Vec<_> = ids.iter().zip(cells).map(|(id, cell)| (id.as_str(), *cell, "manual")).collect();
    let found = messages(&one(kind, more, &rows).unwrap().lint(false));
    found.lines().filter(|l| !l.contains("no test fires")).collect::<Vec<_>>().join("\n")
}

#[test]
fn numbers_have_gaps_between_any_two() {
    assert_eq!(lint("number", json!({}), &["< 40", ">= 40"]), "");
    assert!(lint("number", json!({}), &["< 40", "> 40"]).contains("for example: Field x 40"));
    assert!(lint("number", json!({}), &["<= 1", ">= 2"]).contains("for example: Field x 1.5"));
    assert_eq!(lint("number", json!({}), &["[0..10]", "not in [0..10]"]), "");
    assert!(lint("number", json!({}), &["[0..10)", "not in [0..10]"]).contains("Field x 10"));
}

#[test]
fn days_are_whole() {
    assert_eq!(lint("date", json!({}), &["<= d('2026-01-01')", ">= d('2026-01-02')"]), "");
    let gap = lint("date", json!({}), &["<= d('2026-01-01')", ">= d('2026-01-03')"]);
    assert!(gap.contains("for example: Field x: 2 January 2026"), "{gap}");
}

#[test]
fn closed_lists_are_exhausted_and_open_words_are_not() {
    let options =
        json!({"enum": {"a": {"zh": "甲", "en": "A"}, "b": {"zh": "乙", "en": "B"}, "c": {"zh": "丙", "en": "C"}}});
    assert_eq!(lint("string", options.clone(), &["\"a\"", "\"b\", \"c\""]), "");
    assert!(lint("string", options, &["\"a\"", "!= \"b\""]).contains("Field x: B"));
    assert!(lint("string", json!({}), &["\"a\"", "\"b\""]).contains("no row fires"));
    assert_eq!(lint("string", json!({}), &["\"a\"", "!= \"a\""]), "");
    assert_eq!(lint("bool", json!({}), &["true", "false"]), "");
}

#[test]
fn an_optional_field_also_has_no_value() {
    let gap = lint("bool", json!({"required": false}), &["true", "false"]);
    assert!(gap.contains("for example: Field x: none"), "{gap}");
    assert_eq!(lint("bool", json!({"required": false}), &["true", "false", ""]), "");
}

#[test]
fn shadowed_rows_and_impossible_cells_are_found() {
    assert!(lint("number", json!({}), &[">= 5", "> 7", ""]).contains("row R2 can never fire"));
    assert!(
        lint("number", json!({}), &["< 5", ">= 5", ""]).contains("row R3 can never fire"),
        "together they take all"
    );
    let found = lint("number", json!({}), &[">= 5 and < 3", ""]);
    assert!(found.contains("the cell >= 5 and < 3 never holds") && found.contains("row R1 can never fire"), "{found}");
}

/// Rows with six random intervals each: no shape to exploit.
fn tangle(hit: &str, rows: usize) -> rules::RuleSet {
    let codes = ["a", "b", "c", "e", "f", "g"];
    let fields: Vec<_> = codes.iter().map(|c| field(c, "number", json!({}))).collect();
    let mut seed = 1u64;
    let mut dice = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % n
    };
    let rows = (0..rows)
        .map(|i| {
            let mut cells = vec![format!("P{i}")];
            cells.extend(codes.iter().map(|_| {
                let low = dice(10_000);
                format!("[{low}..{}]", low + 1 + dice(9_000))
            }));
            cells.push(if hit == "first" { "\"manual\"".into() } else { i.to_string() });
            cells
        })
        .collect();
    let output = if hit == "first" { "decision" } else { "policy" };
    let table = model(&[TableSpec { id: "t", hit, inputs: &codes, outputs: &[output], rows }]);
    rules::RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap()
}

#[test]
fn what_cannot_be_decided_in_time_is_said_and_not_passed() {
    let found = messages(&tangle("first", 150).lint(false));
    assert!(found.contains("too intricate"), "{}", found.lines().next().unwrap());
}

#[test]
fn a_long_list_of_policies_is_compared_pair_by_pair() {
    let found = messages(&tangle("collect", 800).lint(false));
    assert!(found.contains("can hold together and give different results"));
}
