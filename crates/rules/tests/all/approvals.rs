//! What may carry an approval.

use proptest::prelude::*;
use rules::{FactValue, Outcome, RuleSet};
use serde_json::{Value, json};

use crate::support::{TableSpec, facts, field, messages, model, row, schema};

fn from(origin: Value) -> Value {
    json!({ "from": origin })
}

/// Lints a rule whose row R01 approves when `x` is true and, if asked, `e` (a register) is true as well.
fn lint(origin: Value, with_register: bool, open: bool) -> String {
    let fields = [
        field("r", "string", json!({"from": {"request": {"field": "r"}}})),
        field("c", "bool", json!({"from": {"claim": {"field": "c"}}})),
        field("e", "bool", json!({})),
        field("x", "bool", from(origin)),
    ];
    let rows = vec![
        row(&["M01", "true", "", "", "\"manual\""]),
        row(&["R01", "", if with_register { "true" } else { "" }, "true", "\"approve\""]),
        row(&["R99", "", "", "", "\"manual\""]),
    ];
    let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["c", "e", "x"], outputs: &["decision"], rows }]);
    let tests = json!([
        {"name": "m", "input": {"c": true, "e": true, "x": true}, "expect": {"decision": "manual"}, "expect_rows": ["M01"]},
        {"name": "a", "input": {"c": false, "e": true, "x": true}, "expect": {"decision": "approve"}, "expect_rows": ["R01"]},
        {"name": "n", "input": {"c": false, "e": false, "x": false}, "expect": {"decision": "manual"}, "expect_rows": ["R99"]}
    ]);
    match RuleSet::load(&schema(&fields).to_string(), &table.to_string(), &tests.to_string()) {
        Ok(rule) => messages(&rule.lint(open)),
        Err(findings) => panic!("{}", messages(&findings)),
    }
}

fn computed(function: &str, args: &[&str]) -> Value {
    json!({"computed": {"function": function, "args": args}})
}

#[test]
fn registers_licences_and_comparisons_with_them_carry_an_approval() {
    for origin in [
        json!({"registry": {"register": "credit", "key": "applicant.code", "path": "ok"}}),
        json!({"licence": {"type": "business-licence", "path": "valid"}}),
        computed("equals", &["form.address", "enterprise.address"]),
        computed("contains", &["enterprise.scope", "r"]),
        computed("equals", &["applicant.code", "form.code"]),
        computed("name_check", &["form.name"]),
    ] {
        assert_eq!(lint(origin.clone(), false, false), "", "{origin}");
    }
}

#[test]
fn what_is_asked_for_may_be_read_but_does_not_carry() {
    for origin in [json!({"request": {"field": "x"}}), computed("equals", &["r", "=hotel"])] {
        assert!(
            lint(origin.clone(), false, false).contains("no register, licence or computed fact carries"),
            "{origin}"
        );
        assert_eq!(lint(origin, true, false), "");
    }
}

#[test]
fn a_claim_never_carries_an_approval_even_beside_a_register() {
    for origin in [
        json!({"claim": {"field": "x"}}),
        computed("equals", &["form.a", "=yes"]),
        computed("equals", &["form.a", "form.b"]),
        computed("contains", &["form.list", "r"]),
        computed("equals", &["c", "=true"]),
        computed("equals", &["form.a", "today"]),
    ] {
        assert!(lint(origin.clone(), true, true).contains("may not rest on what the applicant claims"), "{origin}");
    }
}

#[test]
fn a_pledge_is_read_only_where_the_matter_is_open_to_pledges() {
    let pledge = json!({"pledge": {"field": "x"}});
    assert!(lint(pledge.clone(), true, false).contains("not open to pledges"));
    assert_eq!(lint(pledge.clone(), true, true), "");
    assert!(lint(pledge, false, true).contains("no register, licence or computed fact carries"));
}

#[test]
fn dates_and_sums_are_worth_what_they_are_made_of() {
    let cases: [(&str, &str, &[&str], bool); 8] = [
        ("years_since", "date", &["person.birth"], true),
        ("years_since", "date", &["form.birth"], false),
        ("years_since", "date", &["form.birth", "today"], false),
        ("days_until", "date", &["practitioner.valid_until", "today"], true),
        ("sum", "number", &["premises.area_sqm", "land.area_sqm"], true),
        ("sum", "number", &["premises.area_sqm", "form.area"], false),
        ("count", "number", &["enterprise.scope"], true),
        ("count", "number", &["form.rooms"], false),
    ];
    for (function, _, args, carries) in cases {
        let fields = [field("x", "number", from(computed(function, args)))];
        let rows = vec![row(&["R01", ">= 18", "\"approve\""]), row(&["R99", "", "\"manual\""])];
        let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["x"], outputs: &["decision"], rows }]);
        let rule = RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap();
        let found = messages(&rule.lint(true));
        assert_eq!(!found.contains("may not rest on"), carries, "{function} {args:?}: {found}");
    }
}

#[test]
fn a_claim_does_not_pass_through_an_earlier_table() {
    let level = json!({"enum": {"low": {"zh": "低", "en": "low"}, "high": {"zh": "高", "en": "high"}}, "from": {"table": "risk"}});
    let lint = |origin: Value| {
        let fields =
            [field("c", "bool", from(origin)), field("e", "bool", json!({})), field("risk", "string", level.clone())];
        let risk = vec![row(&["S01", "true", "true", "\"low\""]), row(&["S02", "", "", "\"high\""])];
        let rows = vec![row(&["R01", "true", "\"low\"", "\"approve\""]), row(&["R99", "", "", "\"manual\""])];
        let table = model(&[
            TableSpec { id: "risk", hit: "first", inputs: &["c", "e"], outputs: &["risk"], rows: risk },
            TableSpec { id: "t", hit: "first", inputs: &["e", "risk"], outputs: &["decision"], rows },
        ]);
        messages(&RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap().lint(false))
    };
    assert!(lint(json!({"claim": {"field": "c"}})).contains("may not rest on what the applicant claims"));
    assert!(!lint(json!({"request": {"field": "c"}})).contains("may not rest"));
}

#[test]
fn a_condition_that_holds_for_everything_carries_nothing() {
    let fields = [field("e", "bool", json!({}))];
    let rows = vec![row(&["R01", "true, false", "\"approve\""])];
    let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["e"], outputs: &["decision"], rows }]);
    let rule = RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap();
    assert!(messages(&rule.lint(false)).contains("no register, licence or computed fact carries"));
}

#[test]
fn unknown_arguments_are_found() {
    for (args, bad) in [
        (vec!["form.a", "enterprise.address"], 0),
        (vec!["nothing", "enterprise.address"], 1),
        (vec!["licence.number", "decision.date"], 2),
        (vec!["x", "=1"], 1),
        (vec!["agent.phone", "applicant.age"], 2),
    ] {
        let found = lint(computed("equals", &args), true, true);
        assert_eq!(found.matches("is not understood").count(), bad, "{args:?}: {found}");
    }
}

/// A random table over a claim `c` and two registers.
fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = || prop::sample::select(vec!["", "", "true", "false"]);
    let out = prop::sample::select(vec!["approve", "refuse_proposed", "manual"]);
    prop::collection::vec((cell(), cell(), cell(), out), 1..7).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        numbered.map(|(i, (c, a, b, out))| row(&[&format!("R{i}"), c, a, b, &format!("\"{out}\"")])).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The point of the lint: where it finds nothing about approvals, changing what the applicant claims never turns
    /// another outcome into an approval, except by no longer being caught by a row above it.
    #[test]
    fn a_claim_cannot_buy_an_approval(rows in rows()) {
        let fields =
            [field("c", "bool", from(json!({"claim": {"field": "c"}}))), field("a", "bool", json!({})), field("b", "bool", json!({}))];
        let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["c", "a", "b"], outputs: &["decision"], rows: rows.clone() }]);
        let rule = RuleSet::load(&schema(&fields).to_string(), &table.to_string(), "[]").unwrap();
        let clean = !messages(&rule.lint(false)).contains("may not rest on");
        let mut bought = false;
        for bits in 0..8u8 {
            let decide = |claim: bool| {
                rule.evaluate(&facts(&[
                    ("c", FactValue::Bool(claim)), ("a", FactValue::Bool(bits & 1 > 0)), ("b", FactValue::Bool(bits & 2 > 0)),
                ]))
            };
            let (with, without) = (decide(bits & 4 > 0), decide(bits & 4 == 0));
            if with.outcome == Outcome::Approve && without.outcome != Outcome::Approve {
                let index = |d: &rules::Decision| d.fired.first().map_or(usize::MAX, |f| f[1..].parse().unwrap());
                let excluded = index(&without) < index(&with);
                bought |= !excluded;
            }
        }
        prop_assert!(!(clean && bought), "{rows:?}");
    }
}
