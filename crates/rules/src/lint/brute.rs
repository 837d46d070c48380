//! The analyser against brute force: every input of a small grid is decided, and rows and gaps are compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::text::Text;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cover::cover;
use crate::decision::Fault;
use crate::fact::{Fact, FactValue, Facts};
use crate::load::RuleSet;

/// Cells over the whole numbers 0..=3, the days 1..=3 of March 2026, three words of which `c` is not in any cell, yes/no.
fn number_cell() -> impl Strategy<Value = String> {
    let n = 0..=3i32;
    prop_oneof![
        2 => Just(String::new()),
        2 => (prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]), n.clone()).prop_map(|(op, n)| format!("{op} {n}")),
        1 => (0..=1i32, 2..=3i32, any::<(bool, bool, bool)>()).prop_map(|(a, b, (l, h, not))| format!(
            "{}{}{a}..{b}{}", if not { "not in " } else { "" }, if l { "[" } else { "(" }, if h { "]" } else { ")" }
        )),
        1 => (n.clone(), n).prop_map(|(a, b)| format!("{a}, > {b}")),
        1 => (0..=3i32, 0..=3i32).prop_map(|(a, b)| format!("{a}, != {b}")),
        // Never holds.
        1 => Just("> 2 and < 1".to_owned()),
    ]
}

fn date_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        2 => (prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]), 1..=3i32)
            .prop_map(|(op, d)| format!("{op} d('2026-03-0{d}')")),
    ]
}

fn word_cell() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", "'a'", "'b'", "!= 'a'", "'a', 'b'", "not in ['a', 'b']"]).prop_map(str::to_owned)
}

fn bool_cell() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", "true", "false", "true, false"]).prop_map(str::to_owned)
}

type Cells = (String, String, String, String, String);

fn rows(most: usize) -> impl Strategy<Value = Vec<Cells>> {
    let mark = || prop::sample::select(vec!["", "", "'p'", "!= 'p'", "'q'"]).prop_map(str::to_owned);
    prop::collection::vec((number_cell(), date_cell(), word_cell(), bool_cell(), mark()), 1..most)
}

/// Two tables: the first marks a case with p, q or r, the second reads the mark beside the other inputs.
fn rule(first: &[Cells], marks: &[u8], second: &[Cells], optional: [bool; 4]) -> RuleSet {
    let kinds = [("n", "number"), ("t", "date"), ("w", "string"), ("b", "bool")];
    let field = |code: &str, kind: &str, required: bool, from: Value| {
        json!({
        "code": code, "label": {"zh": code, "en": code}, "type": kind, "required": required, "from": from})
    };
    let mut fields: Vec<Value> = kinds
        .iter()
        .zip(optional)
        .map(|((code, kind), optional)| field(code, kind, !optional, json!({"request": {"field": code}})))
        .collect();
    fields.push(field("m", "string", true, json!({"table": "mark"})));
    let table = |id: &str, rows: &[Cells], out: &str, values: &dyn Fn(usize) -> String| {
        let marked = id != "mark";
        let inputs: Vec<Value> = ["n", "t", "w", "b", "m"]
            .iter()
            .take(if marked { 5 } else { 4 })
            .map(|c| json!({"id": c, "field": c}))
            .collect();
        let rules: Vec<Value> = rows
            .iter()
            .enumerate()
            .map(|(i, (n, t, w, b, m))| {
                let mut row = json!({"_id": format!("{id}{i}"), "n": n, "t": t, "w": w, "b": b, "o": values(i)});
                if marked {
                    row["m"] = json!(m);
                }
                row
            })
            .collect();
        json!({"id": id, "type": "decisionTableNode", "content": {"hitPolicy": "first", "passThrough": true,
            "inputs": inputs, "outputs": [{"id": "o", "field": out}], "rules": rules}})
    };
    let mark = |i: usize| format!("'{}'", ["p", "q", "r"][marks[i % marks.len()] as usize % 3]);
    let model = json!({"contentType": "application/vnd.gorules.decision", "nodes": [
        {"id": "in", "type": "inputNode"}, table("mark", first, "m", &mark),
        table("t", second, "decision", &|_| "'manual'".into()), {"id": "out", "type": "outputNode"}],
        "edges": [{"sourceId": "in", "targetId": "mark"}, {"sourceId": "mark", "targetId": "t"}, {"sourceId": "t", "targetId": "out"}]});
    RuleSet::load(&json!({"rule": "brute", "fields": fields}).to_string(), &model.to_string(), "[]")
        .unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// Every input of a grid that is finer than the boundaries of the cells.
fn grid(optional: [bool; 4]) -> Vec<Facts> {
    let source = Arc::new(Text::default());
    let with_none = |values: Vec<FactValue>, optional: bool| {
        let mut out: Vec<Option<FactValue>> = values.into_iter().map(Some).collect();
        out.extend(optional.then_some(None));
        out
    };
    let numbers =
        with_none((-2..=8).map(|n| FactValue::Number(rust_decimal::Decimal::new(n * 5, 1))).collect(), optional[0]);
    let days = with_none(
        (0..=4)
            .map(|d| FactValue::Date(jiff::civil::date(2026, 2, 28).saturating_add(jiff::Span::new().days(d))))
            .collect(),
        optional[1],
    );
    let words = with_none(["a", "b", "c"].map(FactValue::text).to_vec(), optional[2]);
    let bools = with_none(vec![FactValue::Bool(true), FactValue::Bool(false)], optional[3]);
    let mut out = Vec::new();
    for n in &numbers {
        for t in &days {
            for w in &words {
                for b in &bools {
                    let given = [("n", n), ("t", t), ("w", w), ("b", b)];
                    let known = given
                        .into_iter()
                        .filter_map(|(c, v)| v.clone().map(|v| (c.to_owned(), Fact::known(v, source.clone()))));
                    out.push(known.collect());
                }
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn rows_and_gaps_are_found_exactly(
        first in rows(4), marks in prop::collection::vec(0u8..3, 1..4), second in rows(6), optional in any::<[bool; 4]>(),
        open_end in any::<bool>(),
    ) {
        let mut first = first;
        if !open_end {
            // Otherwise most random rules stop in the first table.
            first.push(Default::default());
        }
        let rule = rule(&first, &marks, &second, optional);
        let (mut reached, mut gaps) = (BTreeSet::new(), BTreeSet::new());
        for facts in grid(optional) {
            let decision = rule.evaluate(&facts);
            reached.extend(decision.fired.iter().cloned());
            for fault in &decision.faults {
                match fault {
                    Fault::NoRow { table } => drop(gaps.insert(table.clone())),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
        let found = cover(&rule, &super::Cut::new(&rule));
        prop_assert!(!found.gave_up);
        let mut said = BTreeSet::new();
        for (table, rows) in rule.tables.iter().zip(&found.reachable) {
            said.extend(rows.iter().map(|i| table.rows[*i].text.row.clone()));
        }
        prop_assert_eq!(&said, &reached);
        let said: BTreeSet<_> = rule.tables.iter().zip(&found.gaps).filter(|(_, g)| g.is_some()).map(|(t, _)| t.id.clone()).collect();
        prop_assert_eq!(&said, &gaps);
        // The example of a gap is one: deciding it finds no row.
        for (table, example) in rule.tables.iter().zip(&found.gaps) {
            let Some(example) = example else { continue };
            let source = Arc::new(Text::default());
            let mut facts: Facts = grid([false; 4]).swap_remove(0);
            for (field, piece) in example {
                let code = rule.schema.fields[*field].code.to_string();
                match piece {
                    Some(value) => drop(facts.insert(code, Fact::known(value.clone(), source.clone()))),
                    None => drop(facts.remove(&code)),
                }
            }
            let expected = vec![Fault::NoRow { table: table.id.clone() }];
            prop_assert_eq!(rule.evaluate(&facts).faults, expected);
        }
    }

    /// Two rows of a `collect` table are said to meet exactly when some input of the grid fires both.
    #[test]
    fn overlaps_are_found_exactly(second in rows(4), optional in any::<[bool; 4]>()) {
        let second: Vec<Cells> = second.into_iter().map(|(n, t, w, b, _)| (n, t, w, b, String::new())).collect();
        let rule = rule(&[Default::default()], &[0], &second, optional);
        let cut = super::Cut::new(&rule);
        let table = rule.tables.last().unwrap();
        let grid = grid(optional);
        for (i, a) in table.rows.iter().enumerate() {
            for b in &table.rows[..i] {
                let both = grid.iter().any(|facts| {
                    [a, b].iter().all(|row| rule.try_row(facts, &row.text.row).unwrap().held)
                });
                prop_assert_eq!(super::meet(a, b, &cut), both);
            }
        }
    }
}
