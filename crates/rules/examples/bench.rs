//! How fast rules are applied, as ratios to raw zen-expression: `cargo run --release -p rules --example bench`.
//!
//! The licence is a table of 12 rows on 6 inputs and a table of 6 rows that depends on it; the policies are 2,000 rows on
//! the same inputs. Every evaluation is the public one, with the whole record that a decision keeps.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::text::Text;
use rules::{Fact, FactValue, Facts, RuleSet};
use serde_json::{Value, json};
use zen_expression::compiler::Opcode;
use zen_expression::vm::VM;
use zen_expression::{Isolate, Scope, Variable};

const INPUTS: [&str; 6] = ["status", "clean", "purpose", "area", "staff", "since"];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

fn main() {
    if cfg!(debug_assertions) {
        eprintln!("These figures mean nothing without --release.");
    }
    let (schema, table) = licence();
    let (schema, table) = (schema.to_string(), table.to_string());
    let load = || RuleSet::load(&schema, &table, "[]");
    let rule = match load() {
        Ok(rule) => rule,
        Err(findings) => return findings.iter().for_each(|f| eprintln!("{f}")),
    };
    let mut dice = Dice(1);
    let cases: Vec<Facts> = (0..2_000).map(|_| facts(&mut dice)).collect();

    let compile = best(200, 5, |_| drop(std::hint::black_box(load())));
    println!("load and compile one licence      {:>9.3} ms   (hold: 1 ms)", compile.as_secs_f64() * 1e3);
    let lint = best(20, 1, |_| drop(std::hint::black_box(rule.lint(false))));
    let decided = !rule.lint(false).iter().any(|f| f.message.en.contains("too intricate"));
    println!("lint it                           {:>9.3} ms   (gaps decided: {decided})", lint.as_secs_f64() * 1e3);
    let traced = best(400, 250, |i| drop(std::hint::black_box(rule.evaluate(case(&cases, i)))));
    let raw = Raw::new(&table);
    let bare = best(400, 250, |i| drop(std::hint::black_box(raw.run(case(&cases, i)))));
    println!("traced decisions                  {:>9.0} /s   (hold: 60,000)", rate(traced));
    println!("raw zen-expression, same cells    {:>9.0} /s", rate(bare));
    println!("ratio                             {:>9.2}", rate(traced) / rate(bare));
    let decision = rule.evaluate(case(&cases, 0));
    let written =
        best(200, 100, |i| drop(std::hint::black_box(serde_json::to_string(&rule.evaluate(case(&cases, i))))));
    let bytes = serde_json::to_string(&decision).map_or(0, |s| s.len());
    println!("traced and written as JSON        {:>9.0} /s   ({bytes} bytes for the first)", rate(written));

    let (schema, table) = policies();
    let policies = match RuleSet::load(&schema.to_string(), &table.to_string(), "[]") {
        Ok(rule) => rule,
        Err(findings) => return findings.iter().for_each(|f| eprintln!("{f}")),
    };
    let fired: usize = cases.iter().take(100).map(|c| policies.evaluate_collect(c).fired.len()).sum();
    let collect = best(200, 5, |i| drop(std::hint::black_box(policies.evaluate_collect(case(&cases, i)))));
    println!(
        "2,000 policies x 1 enterprise     {:>9.3} ms   (hold: 5 ms; {} fire on average)",
        collect.as_secs_f64() * 1e3,
        fired / 100
    );
}

fn case(cases: &[Facts], index: usize) -> &Facts {
    static NONE: Facts = BTreeMap::new();
    cases.get(index % cases.len().max(1)).unwrap_or(&NONE)
}

fn rate(one: Duration) -> f64 {
    1.0 / one.as_secs_f64()
}

/// The time of one call in the best of `rounds` short rounds: other work on the machine only ever adds to it.
fn best(rounds: u32, calls: u32, mut work: impl FnMut(usize)) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        for index in 0..calls {
            work(index as usize);
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}

fn field(code: &str, kind: &str, unit: Option<Value>) -> Value {
    let mut field = json!({"code": code, "label": {"zh": format!("字段{code}"), "en": format!("Field {code}")}, "type": kind,
        "from": {"registry": {"register": "enterprise", "key": "applicant.code", "path": code}}});
    if let (Some(unit), Value::Object(map)) = (unit, &mut field) {
        map.insert("unit".into(), unit);
    }
    field
}

fn fields() -> Vec<Value> {
    let mut status = field("status", "string", None);
    let mut purpose = field("purpose", "string", None);
    let labels = |values: &[&str]| {
        values.iter().map(|v| ((*v).to_owned(), json!({"zh": v, "en": v}))).collect::<serde_json::Map<_, _>>()
    };
    for (field, values) in [
        (&mut status, &["active", "suspended", "revoked"][..]),
        (&mut purpose, &["commercial", "office", "residential", "industrial"][..]),
    ] {
        if let Value::Object(map) = field {
            map.insert("enum".into(), Value::Object(labels(values)));
        }
    }
    let unit = Some(json!({"zh": "㎡", "en": "㎡"}));
    vec![
        status,
        field("clean", "bool", None),
        purpose,
        field("area", "number", unit),
        field("staff", "number", None),
        field("since", "date", None),
    ]
}

fn node(id: &str, hit: &str, inputs: &[&str], output: &str, rows: Vec<Value>) -> Value {
    let inputs: Vec<Value> = inputs.iter().map(|c| json!({"id": c, "name": c, "field": c})).collect();
    json!({"id": id, "type": "decisionTableNode", "name": id, "content": {"hitPolicy": hit, "passThrough": true,
        "inputs": inputs, "outputs": [{"id": "o", "name": output, "field": output}], "rules": rows}})
}

fn model(tables: Vec<Value>) -> Value {
    let mut ids = vec!["in".to_owned()];
    ids.extend(tables.iter().filter_map(|t| t["id"].as_str().map(str::to_owned)));
    ids.push("out".into());
    let edges: Vec<Value> =
        ids.windows(2).map(|pair| json!({"sourceId": pair.first(), "targetId": pair.last()})).collect();
    let mut nodes = vec![json!({"id": "in", "type": "inputNode"})];
    nodes.extend(tables);
    nodes.push(json!({"id": "out", "type": "outputNode"}));
    json!({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})
}

fn licence() -> (Value, Value) {
    let mut fields = fields();
    fields.push(
        json!({"code": "risk", "label": {"zh": "风险", "en": "Risk"}, "type": "number", "from": {"table": "risk"}}),
    );
    let mut rows: Vec<Value> = (0..11)
        .map(|i| {
            json!({"_id": format!("S{i:02}"), "status": "\"active\", \"suspended\"", "clean": if i % 3 == 0 { "false" } else { "true" },
                "purpose": if i % 2 == 0 { "\"commercial\"" } else { "in [\"office\", \"industrial\"]" },
                "area": format!("[{}..{})", i * 40, i * 40 + 160), "staff": format!(">= {}", 22 - 2 * i),
                "since": format!("< d('20{:02}-06-01')", 12 + i), "o": i.to_string()})
        })
        .collect();
    rows.push(json!({"_id": "S99", "o": "99"}));
    let decide = [
        ("R01", "< 3", "\"active\"", "approve"),
        ("R02", "[3..6)", "\"active\"", "approve"),
        ("R03", "", "\"revoked\"", "refuse_proposed"),
        ("R04", "[6..9)", "!= \"suspended\"", "approve"),
        ("R05", ">= 50", "\"suspended\"", "refuse_proposed"),
        ("R99", "", "", "manual"),
    ];
    let decide = decide
        .map(|(id, risk, status, out)| json!({"_id": id, "risk": risk, "status": status, "o": format!("\"{out}\"")}))
        .to_vec();
    let tables = vec![
        node("risk", "first", &INPUTS, "risk", rows),
        node("decide", "first", &["risk", "status"], "decision", decide),
    ];
    (json!({"rule": "bench", "fields": fields}), model(tables))
}

fn policies() -> (Value, Value) {
    let mut dice = Dice(7);
    let rows = (0..2_000)
        .map(|i| {
            let low = dice.below(1_000);
            json!({"_id": format!("P{i}"), "status": "\"active\"", "clean": if dice.below(2) == 0 { "" } else { "true" },
                "purpose": match dice.below(3) { 0 => "", 1 => "\"commercial\"", _ => "\"office\", \"industrial\"" },
                "area": format!("[{low}..{}]", low + dice.below(400) + 1), "staff": format!(">= {}", dice.below(60)),
                "since": format!("< d('20{:02}-01-01')", 10 + dice.below(16)), "o": format!("\"policy-{i}\"")})
        })
        .collect();
    (json!({"rule": "policies", "fields": fields()}), model(vec![node("p", "collect", &INPUTS, "policy[]", rows)]))
}

fn facts(dice: &mut Dice) -> Facts {
    let source = Arc::new(Text::new("登记库", "register"));
    let pick = |dice: &mut Dice, values: &[&str]| {
        FactValue::text(values.get(dice.below(values.len() as u64) as usize).copied().unwrap_or_default())
    };
    let status = pick(dice, &["active", "active", "active", "suspended", "revoked"]);
    let purpose = pick(dice, &["commercial", "office", "residential", "industrial"]);
    let day = jiff::civil::date(2010, 1, 1).saturating_add(jiff::Span::new().days(dice.below(5_800) as i64));
    let values = [
        ("status", status),
        ("clean", FactValue::Bool(dice.below(4) > 0)),
        ("purpose", purpose),
        ("area", FactValue::int(dice.below(600) as i64)),
        ("staff", FactValue::int(dice.below(80) as i64)),
        ("since", FactValue::Date(day)),
    ];
    values.into_iter().map(|(code, value)| (code.to_owned(), Fact::known(value, source.clone()))).collect()
}

/// The same tables run with nothing but zen: every cell of every row down to the one that fires, no checks, no record.
struct Raw {
    tables: Vec<RawTable>,
}

/// Rows of a table: cells as (column, bytecode), and the output.
type RawTable = Vec<(Vec<(String, Arc<[Opcode]>)>, Variable)>;

impl Raw {
    fn new(table: &str) -> Raw {
        let model: Value = serde_json::from_str(table).unwrap_or_default();
        let mut isolate = Isolate::new();
        let mut tables = Vec::new();
        let nodes = model.get("nodes").and_then(Value::as_array).into_iter().flatten();
        for content in nodes.filter_map(|n| n.get("content")) {
            let mut rows = RawTable::new();
            for row in content["rules"].as_array().into_iter().flatten() {
                let columns = content["inputs"].as_array().into_iter().flatten().filter_map(|c| c["id"].as_str());
                let cells = columns.filter_map(|id| {
                    let text = row[id].as_str().filter(|t| !t.is_empty())?;
                    isolate.compile_unary(text).ok().map(|e| (id.to_owned(), e.bytecode().clone()))
                });
                let cells: Vec<_> = cells.collect();
                let output = isolate.run_standard(row["o"].as_str().unwrap_or_default()).unwrap_or(Variable::Null);
                rows.push((cells, output));
            }
            tables.push(rows);
        }
        Raw { tables }
    }

    fn run(&self, facts: &Facts) -> Variable {
        let mut vm = VM::new();
        let mut scopes: Vec<(&str, Scope)> = Vec::with_capacity(8);
        for (code, fact) in facts {
            if let rules::Answer::Value(value) = &fact.value {
                scopes.push((code, scope(variable(value))));
            }
        }
        let mut last = Variable::Null;
        for rows in &self.tables {
            let fired = rows.iter().find(|(cells, _)| {
                let mut all = true;
                for (column, code) in cells {
                    let held = scopes.iter().find(|(c, _)| c == column).map(|(_, s)| vm.run(code, s));
                    all &= matches!(held, Some(Ok(Variable::Bool(true))));
                }
                all
            });
            if let Some((_, output)) = fired {
                last = output.clone();
                scopes.push(("risk", scope(output.clone())));
            }
        }
        last
    }
}

fn scope(value: Variable) -> Scope {
    let mut scope = Scope::new(Variable::Null);
    scope.set_local(Variable::dollar_key(), value);
    scope
}

fn variable(value: &FactValue) -> Variable {
    match value {
        FactValue::Text(text) => Variable::String(text.as_ref().into()),
        FactValue::Number(number) => Variable::Number(*number),
        FactValue::Bool(yes) => Variable::Bool(*yes),
        FactValue::Date(date) => zen_expression::DateValue::from_text(&date.to_string()).unwrap_or(Variable::Null),
    }
}
