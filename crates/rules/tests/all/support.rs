//! Small rules for tests.

use std::sync::Arc;

use domain::text::Text;
use rules::{Decision, Fact, FactValue, Facts, Finding, RuleSet};
use serde_json::{Map, Value, json};

pub const SCHEMA: &str = include_str!("../data/public-place-hygiene/schema.json");
pub const TABLE: &str = include_str!("../data/public-place-hygiene/table.json");
pub const TESTS: &str = include_str!("../data/public-place-hygiene/tests.json");

/// The worked example.
pub fn example() -> RuleSet {
    RuleSet::load(SCHEMA, TABLE, TESTS).unwrap()
}

/// A table node: rows are `(id, cells by field, outputs by name)`.
pub struct TableSpec<'a> {
    pub id: &'a str,
    pub hit: &'a str,
    pub inputs: &'a [&'a str],
    pub outputs: &'a [&'a str],
    /// Id, then one cell per input and output.
    pub rows: Vec<Vec<String>>,
}

/// A row for a [`TableSpec`].
pub fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

/// `table.json` for the tables in order.
pub fn model(tables: &[TableSpec<'_>]) -> Value {
    let mut nodes = vec![json!({"id": "in", "type": "inputNode", "name": ""})];
    let mut edges = Vec::new();
    let mut before = "in";
    for table in tables {
        let columns =
            |fields: &[&str]| fields.iter().map(|f| json!({"id": f, "name": f, "field": f})).collect::<Vec<_>>();
        let keys: Vec<&str> = ["_id"].iter().chain(table.inputs).chain(table.outputs).copied().collect();
        let rows: Vec<Value> = table
            .rows
            .iter()
            .map(|row| {
                Value::Object(keys.iter().zip(row).map(|(k, c)| ((*k).to_owned(), json!(c))).collect::<Map<_, _>>())
            })
            .collect();
        nodes.push(json!({"id": table.id, "type": "decisionTableNode", "name": table.id, "content": {
            "hitPolicy": table.hit, "passThrough": true,
            "inputs": columns(table.inputs), "outputs": columns(table.outputs), "rules": rows}}));
        edges.push(json!({"id": format!("e-{}", table.id), "sourceId": before, "targetId": table.id}));
        before = table.id;
    }
    nodes.push(json!({"id": "out", "type": "outputNode", "name": ""}));
    edges.push(json!({"id": "e-out", "sourceId": before, "targetId": "out"}));
    json!({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})
}

/// A field of `schema.json`, from a register unless `more` says otherwise.
pub fn field(code: &str, kind: &str, more: Value) -> Value {
    let mut field = json!({"code": code, "label": {"zh": format!("字段{code}"), "en": format!("Field {code}")}, "type": kind,
        "from": {"registry": {"register": "enterprise", "key": "applicant.code", "path": code}}});
    if let (Value::Object(to), Value::Object(from)) = (&mut field, more) {
        to.extend(from);
    }
    field
}

pub fn schema(fields: &[Value]) -> Value {
    json!({"rule": "probe", "fields": fields})
}

/// A rule of one field `x` and one table whose rows are `(id, cell, decision)`.
pub fn one(kind: &str, more: Value, rows: &[(&str, &str, &str)]) -> Result<RuleSet, Vec<Finding>> {
    let rows = rows.iter().map(|(id, cell, out)| row(&[id, cell, &format!("\"{out}\"")])).collect();
    let table = model(&[TableSpec { id: "t", hit: "first", inputs: &["x"], outputs: &["decision"], rows }]);
    RuleSet::load(&schema(&[field("x", kind, more)]).to_string(), &table.to_string(), "[]")
}

pub fn source() -> Arc<Text> {
    Arc::new(Text::new("测试", "test"))
}

pub fn known(value: FactValue) -> Fact {
    Fact::known(value, source())
}

pub fn facts(values: &[(&str, FactValue)]) -> Facts {
    values.iter().map(|(code, value)| ((*code).to_owned(), known(value.clone()))).collect()
}

/// Evaluates a rule made by [`one`].
pub fn decide(rule: &RuleSet, value: FactValue) -> Decision {
    rule.evaluate(&facts(&[("x", value)]))
}

/// The English messages of findings.
pub fn messages(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
