//! The rules that are measured: a licence of 12 rows on 6 inputs with a table of 6 rows that depends on it, and 2,000
//! policies on the same inputs.

use std::sync::Arc;

use domain::text::Text;
use rules::{Fact, FactValue, Facts};
use serde_json::{Value, json};

const INPUTS: [&str; 6] = ["status", "clean", "purpose", "area", "staff", "since"];

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
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

/// Schema and table of the licence.
pub fn licence() -> (Value, Value) {
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

/// Schema and table of the policies.
pub fn policies() -> (Value, Value) {
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

/// An enterprise.
pub fn facts(dice: &mut Dice) -> Facts {
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
