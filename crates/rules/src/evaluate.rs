//! Applying a rule to the facts of one application.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::text::Text;

use crate::cell::{Machine, Variables};
use crate::decision::{CellTrace, Collected, Collection, Decision, Fault, Input, Outcome, RowTrace, TableTrace};
use crate::fact::{Answer, FactValue, Facts};
use crate::load::RuleSet;
use crate::reason;
use crate::schema::{Field, Origin};
use crate::table::{Hit, Row, Table};

/// The inputs of one evaluation.
struct Gathered {
    inputs: Vec<Input>,
    variables: Variables,
    faults: Vec<Fault>,
}

/// What one row gave: whether it fired, and its cells.
type Tried = Result<RowTrace, Fault>;

impl RuleSet {
    /// Applies the rule. Every input that a cell reads is checked first for presence, type and closed list; then the
    /// tables run in their order, each down to the first row whose cells all hold.
    ///
    /// It always answers. Whatever goes wrong (a missing, unavailable, wrongly typed or unknown input, a table without a
    /// matching row, a failure of the engine) makes the outcome [`Outcome::Manual`] with the [`Fault`]s named; nothing
    /// of that kind can end in an approval. Facts that the schema does not declare are ignored.
    pub fn evaluate(&self, facts: &Facts) -> Decision {
        let mut gathered = self.gather(facts, true);
        let mut run = Run { trace: Vec::new(), fired: Vec::new(), last: None };
        if !self.decides() {
            gathered.faults.push(Fault::NotADecision);
        }
        if gathered.faults.is_empty()
            && let Err(fault) = self.run_tables(&self.tables, &mut gathered, &mut run)
        {
            gathered.faults.push(fault);
        }
        let decided = run.last.filter(|_| gathered.faults.is_empty());
        let outcome = decided.and_then(|(_, row)| row.text.outcome).unwrap_or(Outcome::Manual);
        let note = decided.and_then(|(table, row)| note(table, row));
        let mut decision = Decision {
            outcome,
            rule: self.rule.clone(),
            inputs: gathered.inputs,
            trace: run.trace,
            fired: run.fired,
            note,
            reason: Text::default(),
            faults: gathered.faults,
        };
        decision.reason = reason::compose(&decision);
        decision
    }

    fn run_tables<'a>(&'a self, tables: &'a [Table], gathered: &mut Gathered, run: &mut Run<'a>) -> Result<(), Fault> {
        Machine::with(|machine| {
            for table in tables {
                let mut trace = TableTrace { table: table.id.clone(), name: table.name.clone(), rows: Vec::new() };
                let mut hit = None;
                for row in &table.rows {
                    let tried = try_row(machine, row, &mut gathered.variables);
                    let fired = tried.as_ref().is_ok_and(|t| t.held);
                    match tried {
                        Ok(tried) => trace.rows.push(tried),
                        Err(fault) => {
                            run.trace.push(trace);
                            return Err(fault);
                        }
                    }
                    if fired {
                        hit = Some(row);
                        break;
                    }
                }
                run.trace.push(trace);
                let Some(row) = hit else { return Err(Fault::NoRow { table: table.id.clone() }) };
                run.fired.push(row.text.row.clone());
                run.last = Some((table, row));
                self.pass_on(table, row, gathered);
            }
            Ok(())
        })
    }

    /// Outputs of an earlier table become inputs of the later ones, and part of the snapshot.
    fn pass_on(&self, table: &Table, row: &Row, gathered: &mut Gathered) {
        for (output, value) in table.outputs.iter().zip(&row.outputs) {
            let (Some(index), Some(value)) = (output.field, value) else { continue };
            let (Some(field), Some(shared)) = (self.schema.fields.get(index), self.shared.get(index)) else { continue };
            gathered.variables.set(index, value);
            gathered.inputs.push(Input {
                field: shared.clone(),
                value: Answer::Value(value.clone()),
                value_label: label(field, value),
                provenance: Arc::new(Text::new(
                    format!("决策表 {} 第 {} 行", table.id, row.text.row),
                    format!("table {}, row {}", table.id, row.text.row),
                )),
            });
        }
    }

    /// Every row of the last, `collect`, table that fires. A row that reads an input without a usable value is
    /// undecided, unless another of its cells already fails; it never spoils the other rows.
    ///
    /// For a rule that decides, nothing fires and the fault says so.
    pub fn evaluate_collect(&self, facts: &Facts) -> Collection {
        let mut gathered = self.gather(facts, false);
        let mut out = Collection {
            rule: self.rule.clone(),
            inputs: Vec::new(),
            fired: Vec::new(),
            undecided: Vec::new(),
            faults: Vec::new(),
        };
        let mut run = Run { trace: Vec::new(), fired: Vec::new(), last: None };
        match self.tables.split_last() {
            Some((last, earlier)) if last.hit == Hit::Collect => {
                if let Err(fault) = self.run_tables(earlier, &mut gathered, &mut run) {
                    gathered.faults.push(fault);
                }
                self.collect(last, &mut gathered, &mut out);
            }
            _ => gathered.faults.push(Fault::NotADecision),
        }
        out.inputs = gathered.inputs;
        out.faults.append(&mut gathered.faults);
        out
    }

    fn collect(&self, table: &Table, gathered: &mut Gathered, out: &mut Collection) {
        Machine::with(|machine| {
            for row in &table.rows {
                let mut lacking = Vec::new();
                let mut failed = false;
                for condition in &row.conditions {
                    let known = gathered.variables.has(condition.field);
                    match machine.holds(&condition.program, &mut gathered.variables) {
                        Ok(true) => {}
                        Ok(false) if known => failed = true,
                        Ok(false) => lacking.push(condition.text.field.clone()),
                        Err(message) => {
                            failed = true;
                            let (row, field) = (row.text.row.clone(), condition.text.field.clone());
                            out.faults.push(Fault::Cell { row, field, message });
                        }
                    }
                    if failed {
                        break;
                    }
                }
                match (failed, lacking.is_empty()) {
                    (true, _) => {}
                    (false, false) => out.undecided.push((row.text.row.clone(), lacking)),
                    (false, true) => out.fired.push(collected(table, row)),
                }
            }
        });
    }

    /// One row of any table with every cell tried, for "what is still lacking" 差一点 hints. `None` for an unknown row.
    pub fn try_row(&self, facts: &Facts, row: &str) -> Option<RowTrace> {
        let mut gathered = self.gather(facts, false);
        let row = self.tables.iter().flat_map(|t| &t.rows).find(|r| r.text.row.as_ref() == row)?;
        Machine::with(|machine| try_row(machine, row, &mut gathered.variables).ok())
    }

    /// Takes the facts of the schema's inputs. With `strict`, a required input without a value is a fault; other
    /// defects of an input that some cell reads always are.
    fn gather(&self, facts: &Facts, strict: bool) -> Gathered {
        let fields = self.schema.fields.len();
        let mut gathered =
            Gathered { inputs: Vec::with_capacity(fields), variables: Variables::new(fields), faults: Vec::new() };
        for (index, field) in self.schema.fields.iter().enumerate() {
            if matches!(field.from, Origin::Table(_)) {
                continue;
            }
            let Some(shared) = self.shared.get(index) else { continue };
            let read = self.read.get(index).copied().unwrap_or(true);
            let (value, provenance) = match facts.get(field.code.as_ref()) {
                Some(fact) => (fact.value.clone(), fact.provenance.clone()),
                None => (Answer::Missing { why: not_given() }, Arc::new(Text::new("未提供", "not given"))),
            };
            let mut value_label = None;
            match check(field, &value) {
                Ok(Some(known)) => {
                    value_label = label(field, known);
                    if read {
                        gathered.variables.set(index, known);
                    }
                }
                Ok(None) => {}
                Err(Fault::Missing { .. }) if !strict => {}
                Err(fault) if read => gathered.faults.push(fault),
                Err(_) => {}
            }
            gathered.inputs.push(Input { field: shared.clone(), value, value_label, provenance });
        }
        gathered
    }
}

/// The way of one evaluation.
struct Run<'a> {
    trace: Vec<TableTrace>,
    fired: Vec<Arc<str>>,
    last: Option<(&'a Table, &'a Row)>,
}

fn not_given() -> Text {
    Text::new("未提供此项数据", "no value was given")
}

/// A usable value, `None` for an optional field without one, or the fault.
fn check<'a>(field: &Field, answer: &'a Answer) -> Result<Option<&'a FactValue>, Fault> {
    let code = || field.code.clone();
    match answer {
        Answer::Unavailable => Err(Fault::Unavailable { field: code() }),
        Answer::Missing { .. } if !field.required => Ok(None),
        Answer::Missing { why } => Err(Fault::Missing { field: code(), why: why.clone() }),
        Answer::Value(value) if value.kind() != field.kind => {
            Err(Fault::WrongType { field: code(), expected: field.kind, got: value.kind() })
        }
        Answer::Value(FactValue::Text(text)) if !field.options.is_empty() && !field.options.contains_key(text) => {
            Err(Fault::UnknownValue { field: code(), value: text.clone() })
        }
        Answer::Value(value) => Ok(Some(value)),
    }
}

fn label(field: &Field, value: &FactValue) -> Option<Arc<Text>> {
    match value {
        FactValue::Text(text) => field.options.get(text).or_else(|| field.labels.get(text)).cloned(),
        _ => None,
    }
}

/// Tries every cell of the row, also after one has failed: an auditor asks for all that failed.
fn try_row(machine: &mut Machine<'_>, row: &Row, variables: &mut Variables) -> Tried {
    let mut cells = Vec::with_capacity(row.conditions.len());
    let mut all = true;
    for condition in &row.conditions {
        let held = machine.holds(&condition.program, variables).map_err(|message| Fault::Cell {
            row: row.text.row.clone(),
            field: condition.text.field.clone(),
            message,
        })?;
        all &= held;
        cells.push(CellTrace { text: condition.text.clone(), held });
    }
    Ok(RowTrace { text: row.text.clone(), held: all, cells })
}

fn collected(table: &Table, row: &Row) -> Collected {
    let cells = row.conditions.iter().map(|c| CellTrace { text: c.text.clone(), held: true }).collect();
    let outputs: BTreeMap<_, _> = table
        .outputs
        .iter()
        .zip(&row.outputs)
        .filter_map(|(output, value)| value.clone().map(|v| (output.name.clone(), v)))
        .collect();
    Collected { row: RowTrace { text: row.text.clone(), held: true, cells }, outputs }
}

fn note(table: &Table, row: &Row) -> Option<Text> {
    match (table.value(row, "note_zh"), table.value(row, "note_en")) {
        (Some(FactValue::Text(zh)), Some(FactValue::Text(en))) => Some(Text::new(zh.as_ref(), en.as_ref())),
        _ => None,
    }
}
