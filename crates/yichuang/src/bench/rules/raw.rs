//! The yardstick of the rules: raw zen-expression.

use std::sync::Arc;

use rules::{FactValue, Facts};
use serde_json::Value;
use zen_expression::compiler::Opcode;
use zen_expression::vm::VM;
use zen_expression::{Isolate, Scope, Variable};

/// The same tables run with nothing but zen: every cell of every row down to the one that fires, no checks, no record.
pub struct Raw {
    tables: Vec<RawTable>,
}

/// Rows of a table: cells as (column, bytecode), and the output.
type RawTable = Vec<(Vec<(String, Arc<[Opcode]>)>, Variable)>;

impl Raw {
    /// Compiles every cell.
    pub fn new(table: &str) -> Raw {
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

    /// The output of the last table.
    pub fn run(&self, facts: &Facts) -> Variable {
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
