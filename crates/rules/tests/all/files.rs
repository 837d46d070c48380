//! What is refused when the files are read, and where the finding points.

use rules::{Finding, RuleSet};
use serde_json::{Value, json};

use crate::support::{SCHEMA, TABLE, TESTS, TableSpec, field, messages, model, one, row, schema};

fn load(schema: &str, table: &str, tests: &str) -> Vec<Finding> {
    RuleSet::load(schema, table, tests).err().unwrap_or_default()
}

/// Replaces the first `what` of the example's table.
fn table_with(what: &str, by: &str) -> Vec<Finding> {
    assert!(TABLE.contains(what), "{what}");
    load(SCHEMA, &TABLE.replacen(what, by, 1), TESTS)
}

fn schema_with(what: &str, by: &str) -> Vec<Finding> {
    assert!(SCHEMA.contains(what), "{what}");
    load(&SCHEMA.replacen(what, by, 1), TABLE, TESTS)
}

fn points(findings: &[Finding], pointer: &str) -> bool {
    findings.iter().any(|f| f.pointer == pointer)
}

#[test]
fn broken_json_names_its_line() {
    let findings = load(SCHEMA, "{\n\"nodes\": [\n oops", TESTS);
    assert_eq!((findings[0].line, findings[0].pointer.as_str()), (3, ""));
    let findings = load("nonsense", "{", "[");
    assert_eq!(findings.len(), 3, "one for each file: {}", messages(&findings));
}

#[test]
fn a_repeated_key_is_refused() {
    let findings = table_with(r#""st": "\"active\"","#, r#""st": "\"active\"", "st": "","#);
    assert_eq!(findings[0].pointer, "/nodes/2/content/rules/1/st");
    assert!(TABLE.lines().nth(findings[0].line as usize - 1).unwrap().contains(r#""st": "\"active\"""#));
}

#[test]
fn a_mistyped_column_is_refused_rather_than_dropped() {
    let findings = table_with(r#""di": "false""#, r#""dl": "false""#);
    assert!(points(&findings, "/nodes/2/content/rules/1/dl"), "{}", messages(&findings));
}

#[test]
fn nodes_that_run_code_are_refused() {
    for kind in ["functionNode", "expressionNode", "switchNode", "decisionNode", "customNode"] {
        let findings = table_with(r#""type": "decisionTableNode""#, &format!(r#""type": "{kind}""#));
        assert!(points(&findings, "/nodes/1/type"), "{kind}: {}", messages(&findings));
    }
}

#[test]
fn the_tables_form_one_chain() {
    for (what, by) in [
        (r#""sourceId": "scale", "targetId": "decide""#, r#""sourceId": "scale", "targetId": "out""#),
        (r#""sourceId": "scale", "targetId": "decide""#, r#""sourceId": "decide", "targetId": "scale""#),
        (r#""sourceId": "decide", "targetId": "out""#, r#""sourceId": "decide", "targetId": "in""#),
    ] {
        let findings = table_with(what, by);
        assert!(points(&findings, "/edges"), "{by}: {}", messages(&findings));
    }
}

#[test]
fn settings_that_change_the_meaning_are_refused() {
    for setting in [r#""inputField": "x""#, r#""outputPath": "x""#, r#""executionMode": "loop""#] {
        let findings = table_with(r#""passThrough": true"#, &format!(r#""passThrough": true, {setting}"#));
        assert!(points(&findings, "/nodes/1/content"), "{setting}: {}", messages(&findings));
    }
    let findings = table_with(r#""passThrough": true,"#, "");
    assert!(points(&findings, "/nodes/1/content/passThrough") || points(&findings, "/nodes/1/content"));
    let findings = table_with(r#""hitPolicy": "first""#, r#""hitPolicy": "collect""#);
    assert!(points(&findings, "/nodes/1/content/hitPolicy"));
    assert!(!table_with("application/vnd.gorules.decision", "application/json").is_empty());
}

#[test]
fn outputs_are_checked_like_cells() {
    for (what, by) in [
        (r#""out": "\"approve\"""#, r#""out": "\"aprove\"""#),
        (r#""out": "\"approve\"""#, r#""out": "true""#),
        (r#""out": "\"approve\"""#, r#""out": """#),
        (r#""out": "\"approve\"""#, r#""out": "\"approve\", \"manual\"""#),
        (r#""s": "\"large\"""#, r#""s": "\"huge\"""#),
        (r#""s": "\"large\"""#, r#""s": "1""#),
        (r#""s": "\"large\"""#, r#""s": """#),
        (r#""zh": "\"使用集中空调的，须现场核查。\"""#, r#""zh": """#),
        (r#""field": "decision""#, r#""field": "verdict""#),
        (r#""field": "note_zh""#, r#""field": "decision""#),
        (r#""field": "scale""#, r#""field": "scale[]""#),
        (r#""_id": "R02""#, r#""_id": "S01""#),
        (r#""_id": "R02", "#, ""),
        (r#""field": "premises_use""#, r#""field": "premises_usage""#),
        (r#""field": "premises_use""#, r#""field": "same_address""#),
        (r#""k": "\"pool\"""#, r#""k": "\"swimming\"""#),
    ] {
        let findings = table_with(what, by);
        assert!(!findings.is_empty(), "{by}");
        assert!(findings.iter().all(|f| f.line > 1), "{by}: {}", messages(&findings));
    }
}

#[test]
fn the_schema_is_checked() {
    for (what, by, pointer) in [
        (r#""code": "area""#, r#""code": "scale""#, "/fields/8/code"),
        (r#""zh": "经营面积""#, r#""zh": """#, "/fields/5/label"),
        (r#""zh": "宾馆""#, r#""zh": " ""#, "/fields/0/enum"),
        (r#""path": "valid_to""#, r#""path": "valid""#, "/fields/6/from"),
        (r#""path": "valid_to""#, r#""path": "owner""#, "/fields/6/from"),
        (r#""path": "serious_dishonesty""#, r#""path": "a..b""#, "/fields/2/from"),
        (r#""key": "applicant.code", "path": "status""#, r#""key": "applicant", "path": "status""#, "/fields/1/from"),
        (r#"["form.address", "enterprise.address"]"#, r#"["form.address"]"#, "/fields/4/from"),
        (r#""table": "scale""#, r#""table": "scales""#, "/fields/8/from"),
        (r#""rule": "public-place-hygiene""#, r#""rule": "Public place""#, "/rule"),
    ] {
        let findings = schema_with(what, by);
        assert!(points(&findings, pointer), "{by}: {}", messages(&findings));
    }
    for (what, by) in [
        (r#""required": false"#, r#""requierd": false"#),
        (r#""type": "number""#, r#""type": "integer""#),
        (r#""function": "equals""#, r#""function": "like""#),
        (r#"{ "claim": { "field": "central_air" } }"#, r#"{ "gossip": { "field": "central_air" } }"#),
    ] {
        let findings = schema_with(what, by);
        assert!(findings[0].message.en.contains("malformed JSON"), "{by}: {}", messages(&findings));
        assert!(findings[0].line > 1);
    }
}

#[test]
fn tests_are_checked() {
    let case = |input: Value, decision: &str, rows: Value| {
        let tests = json!([{"name": "t", "input": input, "expect": {"decision": decision}, "expect_rows": rows}]);
        load(SCHEMA, TABLE, &tests.to_string())
    };
    assert_eq!(case(json!({}), "manual", json!([])), []);
    assert!(points(&case(json!({"areas": 1}), "manual", json!([])), "/0/input/areas"));
    assert!(points(&case(json!({"area": "forty"}), "manual", json!([])), "/0/input/area"));
    assert!(points(&case(json!({"scale": "small"}), "manual", json!([])), "/0/input/scale"), "tables give it");
    assert!(points(&case(json!({"licence_until": "2026-1-1"}), "manual", json!([])), "/0/input/licence_until"));
    assert!(points(&case(json!({}), "manual", json!(["R77"])), "/0/expect_rows/0"));
    assert!(!case(json!({}), "perhaps", json!([])).is_empty());
    assert!(points(&load(SCHEMA, TABLE, r#"[{"name": "t", "input": {}, "expect_rows": []}]"#), "/0/expect"));
}

#[test]
fn failing_tests_and_unfired_rows_are_found() {
    let tests = json!([
        {"name": "wrong outcome", "input": {"x": 5}, "expect": {"decision": "manual"}, "expect_rows": ["R01"]},
        {"name": "wrong row", "input": {"x": 5}, "expect": {"decision": "approve"}, "expect_rows": []},
    ]);
    let fields = schema(&[field("x", "number", json!({}))]).to_string();
    let rows = vec![row(&["R01", ">= 5", "\"approve\""]), row(&["R99", "", "\"manual\""])];
    let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["x"], outputs: &["decision"], rows }]).to_string();
    let rule = RuleSet::load(&fields, &table, &tests.to_string()).unwrap();
    assert_eq!(rule.run_tests().iter().filter(|t| t.passed).count(), 0);
    let found = messages(&rule.lint(false));
    assert_eq!(found.matches("fails: expected").count(), 2, "{found}");
    assert!(found.contains("no test fires row R99"), "{found}");
    assert!(!found.contains("no test fires row R01"), "{found}");
}

#[test]
fn policies_are_collected() {
    let fields = schema(&[field("x", "number", json!({})), field("y", "bool", json!({"required": false}))]).to_string();
    let rows = vec![
        row(&["P1", ">= 5", "", "\"甲\"", "1"]),
        row(&["P2", "< 5", "true", "\"乙\"", "2"]),
        row(&["P3", "[3..9]", "", "\"丙\"", "1"]),
        row(&["P4", "", "false", "\"丁\"", ""]),
    ];
    let spec = |outputs| TableSpec { id: "t", hit: "collect", inputs: &["x", "y"], outputs, rows: rows.clone() };
    let tests = json!([
        {"name": "six", "input": {"x": 6, "y": false}, "expect_rows": ["P1", "P3", "P4"]},
        {"name": "four", "input": {"x": 4, "y": true}, "expect_rows": ["P2", "P3"]},
    ])
    .to_string();
    let rule = RuleSet::load(&fields, &model(&[spec(&["policy[]", "level"])]).to_string(), &tests).unwrap();
    let found = messages(&rule.lint(false));
    assert!(found.contains("rows P3 and P2 can hold together"), "{found}");
    assert_eq!(found.lines().count(), 1, "policy is a list and level of P1 and P3 agree: {found}");
    let all = RuleSet::load(&fields, &model(&[spec(&["policy[]", "level[]"])]).to_string(), &tests).unwrap();
    assert_eq!(all.lint(false), []);

    // Without y, P4 may or may not apply, and P2 fails on x already.
    let facts = crate::support::facts(&[("x", rules::FactValue::int(6))]);
    let collection = all.evaluate_collect(&facts);
    assert_eq!(collection.fired.iter().map(|c| c.row.text.row.as_ref()).collect::<Vec<&str>>(), ["P1", "P3"]);
    assert_eq!(collection.fired[0].outputs["policy"], rules::FactValue::text("甲"));
    assert_eq!(collection.undecided, [("P4".into(), vec!["y".into()])]);
    assert_eq!(all.evaluate(&facts).outcome, rules::Outcome::Manual, "a list of policies decides nothing");
    let tried = all.try_row(&facts, "P2").unwrap();
    assert_eq!((tried.held, tried.cells.len()), (false, 2));
    let decides = one("number", json!({}), &[("R01", "", "manual")]).unwrap();
    assert_eq!(decides.evaluate_collect(&facts).faults, [rules::Fault::NotADecision]);
}
