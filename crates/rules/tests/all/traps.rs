//! The traps of the expression language, one test each: what zen-expression does is pinned, and what we do about it.

use rules::{Answer, Fact, FactValue, Facts, Fault, MAX_CELL, MAX_ROWS, Outcome, RuleSet};
use serde_json::json;
use zen_expression::{Variable, evaluate_expression, evaluate_unary_expression};

use crate::support::{TableSpec, decide, facts, field, known, messages, model, one, row, schema, source};

fn zen(expression: &str) -> Result<Variable, String> {
    evaluate_expression(expression, json!({}).into()).map_err(|e| e.to_string())
}

/// A cell of a string, number, bool or date field that must be refused.
fn refused(kind: &str, cell: &str) -> String {
    let found = one(kind, json!({}), &[("R01", cell, "approve"), ("R99", "", "manual")]);
    let findings = found.map(|_| ()).expect_err(cell);
    assert_eq!(findings[0].pointer, "/nodes/1/content/rules/0/x", "{cell}");
    assert!(findings.iter().all(|f| !f.message.is_incomplete() && !f.fix.is_incomplete()));
    messages(&findings)
}

#[test]
fn identifiers_are_ascii() {
    assert!(zen("面积 > 1").is_err(), "zen cannot read it");
    for code in ["面积", "Area", "1st", "a-b", "a.b", "", "and", "d", "decision", &"a".repeat(41)] {
        let schema = schema(&[field(code, "number", json!({}))]).to_string();
        let findings = RuleSet::load(&schema, "{}", "[]").unwrap_err();
        assert!(findings.iter().any(|f| f.pointer == "/fields/0/code"), "{code}: {}", messages(&findings));
    }
}

#[test]
fn lengths_count_bytes_so_there_are_none() {
    assert_eq!(zen("len('中文')").unwrap().as_number(), Some(6.into()));
    refused("string", "len($) > 2");
}

#[test]
fn adding_years_to_a_leap_day_fails_so_dates_are_not_reckoned_in_cells() {
    assert_eq!(zen("d('2024-02-29').add(1, 'year').isValid()").unwrap().as_bool(), Some(false));
    assert_eq!(zen("d('2024-02-29').add(12, 'month').isValid()").unwrap().as_bool(), Some(true));
    refused("date", ">= d('2024-02-29').add(1, 'year')");
}

#[test]
fn the_clock_is_out_of_reach() {
    for cell in [
        ">= d()",
        "< d('now')",
        ">= d('Asia/Shanghai')",
        ">= d('2026-02-30')",
        ">= d(\"2026-1-1\")",
        "> date('2026-01-01')",
    ] {
        refused("date", cell);
    }
}

#[test]
fn null_never_reaches_a_cell() {
    assert_eq!(zen("null != '黑名单'").unwrap().as_bool(), Some(true), "the trap");
    let rows = [("R01", "!= \"黑名单\"", "approve"), ("R99", "", "manual")];
    let optional = one("string", json!({"required": false}), &rows).unwrap();
    let required = one("string", json!({}), &rows).unwrap();
    assert_eq!(decide(&optional, FactValue::text("好")).outcome, Outcome::Approve);

    let gone = Fact::missing(domain::text::Text::new("无记录", "no record"), source());
    for (name, facts) in [("absent", Facts::new()), ("missing", Facts::from([("x".to_owned(), gone)]))] {
        let decision = optional.evaluate(&facts);
        assert_eq!(decision.outcome, Outcome::Manual, "{name}");
        assert_eq!(decision.fired[0].as_ref(), "R99", "the cell does not hold: {name}");
        assert_eq!(decision.faults, [], "{name}");
        let decision = required.evaluate(&facts);
        assert_eq!(decision.outcome, Outcome::Manual, "{name}");
        assert!(matches!(decision.faults[..], [Fault::Missing { .. }]), "{name}");
        assert!(decision.trace.is_empty() && decision.fired.is_empty(), "no table runs: {name}");
    }
    let silent = Facts::from([("x".to_owned(), Fact::unavailable(source()))]);
    for rule in [&optional, &required] {
        let decision = rule.evaluate(&silent);
        assert_eq!(decision.outcome, Outcome::Manual);
        assert_eq!(decision.faults, [Fault::Unavailable { field: "x".into() }]);
    }
}

#[test]
fn wrong_types_and_unknown_values_go_to_a_person() {
    let options = json!({"enum": {"a": {"zh": "甲", "en": "A"}, "b": {"zh": "乙", "en": "B"}}});
    let rule = one("string", options, &[("R01", "!= \"b\"", "approve"), ("R99", "", "manual")]).unwrap();
    assert_eq!(decide(&rule, FactValue::text("a")).outcome, Outcome::Approve);
    let decision = decide(&rule, FactValue::text("c"));
    assert_eq!(decision.outcome, Outcome::Manual);
    assert_eq!(decision.faults, [Fault::UnknownValue { field: "x".into(), value: "c".into() }]);
    let decision = decide(&rule, FactValue::Bool(true));
    assert_eq!(decision.outcome, Outcome::Manual);
    assert!(matches!(decision.faults[..], [Fault::WrongType { .. }]));
}

#[test]
fn numbers_are_exact_to_28_digits() {
    let rule =
        one("number", json!({}), &[("R01", "== 0.1000000000000000000000000001", "approve"), ("R99", "", "manual")])
            .unwrap();
    let says = |text: &str| decide(&rule, FactValue::decimal(text).unwrap()).outcome;
    assert_eq!(says("0.1000000000000000000000000001"), Outcome::Approve);
    assert_eq!(says("0.1000000000000000000000000002"), Outcome::Manual);
    assert_eq!(says("0.1"), Outcome::Manual);
    let rule = one("number", json!({}), &[("R01", ">= 9007199254740993", "approve"), ("R99", "", "manual")]).unwrap();
    assert_eq!(
        decide(&rule, FactValue::decimal("9007199254740992").unwrap()).outcome,
        Outcome::Manual,
        "a float cannot tell"
    );
    assert_eq!(decide(&rule, FactValue::decimal("9007199254740993.00").unwrap()).outcome, Outcome::Approve);
    refused("number", ">= 0.12345678901234567890123456789");
    refused("number", "1e3");
    refused("number", "1_000");
}

#[test]
fn a_decision_writes_numbers_as_text() {
    let rule = one("number", json!({}), &[("R01", "> 0.3", "approve"), ("R99", "", "manual")]).unwrap();
    let json = serde_json::to_value(decide(&rule, FactValue::decimal("0.30000000000000004").unwrap())).unwrap();
    assert_eq!(json["inputs"][0]["value"], json!({"value": {"number": "0.30000000000000004"}}));
}

#[test]
fn functions_arithmetic_and_paths_are_refused() {
    for cell in [
        "rand(10)",
        "> rand(10)",
        "$ > 1",
        "$root",
        "x",
        "> x",
        "> 1 + 1",
        "sum([1, 2])",
        "map([1], # + 1)",
        "filter([1], # > 0)",
        "flatMap([1], [#])",
        "1..1000000000",
        "in 1..1000000000",
        "in []",
        "[5..1]",
        "(5..5]",
        "]1..5[",
        "-x",
        "> -",
        "not 5",
        "null",
        "= 5",
        "> 1 ? true : false",
        "`${1}`",
        "5 6",
        "> 1 >",
        ", 5",
        "5,",
        "and",
        "((1))",
        "(1)",
        "in (1, 2)",
        "> 1 and",
        "1;2",
    ] {
        refused("number", cell);
    }
    for cell in [
        "> \"a\"",
        "[\"a\"..\"b\"]",
        "“甲”",
        "甲",
        "'甲",
        "startsWith($, 'a')",
        "\"a\" + \"b\"",
        "true",
        "5",
        "\"a\"，\"b\"",
    ] {
        refused("string", cell);
    }
    for cell in ["> true", "\"true\"", "1", "yes", "not true", "[true..false]"] {
        refused("bool", cell);
    }
}

#[test]
fn an_and_after_an_or_means_something_else_in_zen_and_is_refused() {
    // Read by everybody as `5 or (>= 10 and < 3)`; zen joins from the left and finds that 5 fails.
    let held = evaluate_unary_expression("5 or >= 10 and < 3", json!({"$": 5}).into()).unwrap();
    assert!(!held);
    refused("number", "5 or >= 10 and < 3");
    refused("number", "5, >= 10 and < 3");
    assert!(one("number", json!({}), &[("R01", ">= 10 and < 30 or 5", "approve"), ("R99", "", "manual")]).is_ok());
}

#[test]
fn cells_and_tables_are_bounded() {
    let cell = |length: usize| format!("\"{}\"", "字".repeat(length - 2));
    assert!(one("string", json!({}), &[("R01", &cell(MAX_CELL), "approve")]).is_ok(), "characters, not bytes");
    refused("string", &cell(MAX_CELL + 1));

    let table = |rows: usize| {
        let ids: Vec<String> = (0..rows).map(|i| format!("R{i}")).collect();
        let rows: Vec<(&str, &str, &str)> = ids.iter().map(|id| (id.as_str(), "", "manual")).collect();
        one("string", json!({}), &rows)
    };
    assert!(table(MAX_ROWS).is_ok());
    assert!(messages(&table(MAX_ROWS + 1).unwrap_err()).contains("1 to 2,000 rows"));
    assert!(table(0).is_err());
}

#[test]
fn words_with_quotation_marks_and_dollar_signs_stay_words() {
    for (cell, word) in [
        ("'say \"hi\"'", "say \"hi\""),
        ("\"it's\"", "it's"),
        ("\"${rand(1)}\"", "${rand(1)}"),
        ("\"back\\slash\"", "back\\slash"),
        ("\" or true or \"", " or true or "),
        ("'\") or true or (\"'", "\") or true or (\""),
    ] {
        let rule = one("string", json!({}), &[("R01", cell, "approve"), ("R99", "", "manual")]).unwrap();
        assert_eq!(decide(&rule, FactValue::text(word)).outcome, Outcome::Approve, "{cell}");
        assert_eq!(decide(&rule, FactValue::text("other")).outcome, Outcome::Manual, "{cell}");
    }
}

#[test]
fn days_are_whole_and_have_no_time_zone() {
    let cell = "[d('1969-12-31')..d('2026-01-01'))";
    let rule = one("date", json!({}), &[("R01", cell, "approve"), ("R99", "", "manual")]).unwrap();
    // 1986 to 1991 had summer time in Shanghai; midnight of 1940-06-01 did not exist there.
    for (day, outcome) in [
        ("1969-12-30", Outcome::Manual),
        ("1969-12-31", Outcome::Approve),
        ("1970-01-01", Outcome::Approve),
        ("1986-05-04", Outcome::Approve),
        ("2025-12-31", Outcome::Approve),
        ("2026-01-01", Outcome::Manual),
        ("1940-06-01", Outcome::Manual),
    ] {
        let value = FactValue::Date(day.parse().unwrap());
        assert_eq!(decide(&rule, value).outcome, outcome, "{day}");
    }
}

#[test]
fn no_row_is_a_fault_and_never_an_approval() {
    let rule = one("number", json!({}), &[("R01", ">= 1", "approve")]).unwrap();
    let decision = decide(&rule, FactValue::int(0));
    assert_eq!(decision.outcome, Outcome::Manual);
    assert_eq!(decision.faults, [Fault::NoRow { table: "t".into() }]);
    assert_eq!(decision.trace[0].rows.len(), 1, "the trace still tells what was tried");
}

#[test]
fn an_unavailable_input_that_nothing_reads_does_not_matter() {
    let fields = [field("x", "number", json!({})), field("unread", "number", json!({}))];
    let rows = vec![row(&["R01", ">= 1", "\"approve\""]), row(&["R99", "", "\"manual\""])];
    let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["x"], outputs: &["decision"], rows }]);
    let rule = RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap();
    let mut given = facts(&[("x", FactValue::int(1))]);
    given.insert("unread".into(), Fact::unavailable(source()));
    let decision = rule.evaluate(&given);
    assert_eq!(decision.outcome, Outcome::Approve);
    assert_eq!(decision.input("unread").unwrap().value, Answer::Unavailable, "but the snapshot keeps it");
}

#[test]
fn a_rule_is_shared_by_threads_though_zen_values_cannot_be() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<RuleSet>();
    is_shared::<rules::Decision>();
    let rule =
        std::sync::Arc::new(one("number", json!({}), &[("R01", "> 500", "approve"), ("R99", "", "manual")]).unwrap());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let rule = rule.clone();
            std::thread::spawn(move || {
                (0..1000)
                    .filter(|i| {
                        rule.evaluate(&Facts::from([("x".into(), known(FactValue::int(*i)))])).outcome
                            == Outcome::Approve
                    })
                    .count()
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 499);
    }
}
