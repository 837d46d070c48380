//! The record of a decision: everything that is needed to show, years later, how it came about.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::text::Text;
use serde::{Deserialize, Serialize};

use crate::cell::{shown, statement};
use crate::fact::{Answer, FactValue};
use crate::schema::{Field, Origin, Type};

/// What the rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 自动批准.
    Approve,
    /// 拟不予批准: a proposal only; a refusal is always confirmed by a person.
    RefuseProposed,
    /// 转人工.
    Manual,
}

impl Outcome {
    /// The word used in `table.json`.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Approve => "approve",
            Outcome::RefuseProposed => "refuse_proposed",
            Outcome::Manual => "manual",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Outcome> {
        [Outcome::Approve, Outcome::RefuseProposed, Outcome::Manual].into_iter().find(|o| o.name() == name)
    }
}

/// Which rule decided.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleRef {
    /// The `rule` of `schema.json`.
    pub id: Arc<str>,
    /// The first twelve digits of `sha256`: the version is the content.
    pub version: Arc<str>,
    /// SHA-256 over the three files, in lower-case hex. See [`crate::RuleSet::load`].
    pub sha256: Arc<str>,
}

/// One input as it was when the rule was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What is shared with the rule.
    #[serde(flatten)]
    pub field: Arc<InputField>,
    /// The value used.
    pub value: Answer,
    /// Label of the value, when it is one of a closed list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_label: Option<Arc<Text>>,
    /// Where it came from, in words.
    pub provenance: Arc<Text>,
}

/// The part of an input that does not change from case to case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputField {
    /// Field code.
    pub code: Arc<str>,
    /// Its label.
    pub label: Text,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// The kind of source.
    pub from: Origin,
}

impl InputField {
    pub(crate) fn of(field: &Field) -> InputField {
        InputField {
            code: field.code.clone(),
            label: field.label.clone(),
            kind: field.kind,
            unit: field.unit.clone(),
            from: field.from.clone(),
        }
    }
}

impl Input {
    /// The value in words, with its unit.
    pub fn shown(&self) -> Text {
        match (&self.value, &self.value_label) {
            (Answer::Value(_), Some(label)) => label.as_ref().clone(),
            (Answer::Value(value), None) => {
                let plain = Field {
                    code: self.field.code.clone(),
                    label: Text::default(),
                    kind: self.field.kind,
                    unit: self.field.unit.clone(),
                    options: BTreeMap::new(),
                    labels: BTreeMap::new(),
                    required: true,
                    from: Origin::Table(String::new()),
                };
                shown(value, &plain)
            }
            (Answer::Missing { .. }, _) => Text::new("无", "none"),
            (Answer::Unavailable, _) => Text::new("未取得", "not obtained"),
        }
    }

    /// Label and value: `经营面积 36 ㎡`.
    pub fn statement(&self) -> Text {
        let kind = if matches!(self.value, Answer::Value(_)) { self.field.kind } else { Type::String };
        statement(&self.field.label, &self.shown(), kind)
    }
}

/// The part of a cell that does not change from case to case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellText {
    /// Code of the field that the cell reads.
    pub field: Arc<str>,
    /// Text of the cell in `table.json`.
    pub cell: Arc<str>,
    /// What it asks for, in words: `不少于 40 ㎡`.
    pub requirement: Text,
}

/// One cell as it was evaluated. Empty cells are not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellTrace {
    /// What is shared with the rule.
    #[serde(flatten)]
    pub text: Arc<CellText>,
    /// Whether it held.
    pub held: bool,
}

/// The part of a row that does not change from case to case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowText {
    /// Stable id, such as `R01`.
    pub row: Arc<str>,
    /// Description by its author; may be empty.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub description: Arc<str>,
    /// What the row decides; absent in tables that prepare inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// One row as it was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowTrace {
    /// What is shared with the rule.
    #[serde(flatten)]
    pub text: Arc<RowText>,
    /// Whether every cell held, so that the row fired.
    pub held: bool,
    /// Its cells from left to right.
    pub cells: Vec<CellTrace>,
}

/// One table as it was evaluated: its rows down to the one that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTrace {
    /// Node id of the table.
    pub table: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its rows.
    pub rows: Vec<RowTrace>,
}

/// Why a rule could not be applied. Every fault sends the case to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// A required input has no value.
    Missing {
        /// Its field.
        field: Arc<str>,
        /// Why, in words.
        why: Text,
    },
    /// The source of an input did not answer.
    Unavailable {
        /// Its field.
        field: Arc<str>,
    },
    /// The value is of another type than the schema says.
    WrongType {
        /// Its field.
        field: Arc<str>,
        /// The type in the schema.
        expected: Type,
        /// The type of the value.
        got: Type,
    },
    /// The value is not in the closed list of the field.
    UnknownValue {
        /// Its field.
        field: Arc<str>,
        /// The value.
        value: Arc<str>,
    },
    /// The engine failed on a cell.
    Cell {
        /// Its row.
        row: Arc<str>,
        /// Its field.
        field: Arc<str>,
        /// Message of the engine.
        message: String,
    },
    /// No row of a table fired.
    NoRow {
        /// Node id of the table.
        table: Arc<str>,
    },
    /// The rule is a list of policies and decides nothing.
    NotADecision,
}

/// What a rule decided about one application, with the whole way there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The result.
    pub outcome: Outcome,
    /// The rule.
    pub rule: RuleRef,
    /// Snapshot of the inputs, in the order of the schema.
    pub inputs: Vec<Input>,
    /// Every table that ran.
    pub trace: Vec<TableTrace>,
    /// Ids of the rows that fired, in order.
    pub fired: Vec<Arc<str>>,
    /// The note of the row that decided, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// The sentences shown to the applicant.
    pub reason: Text,
    /// Why the rule could not be applied; empty when it could.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// A cell in full, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// Field code.
    pub field: Arc<str>,
    /// Label of the field.
    pub label: Text,
    /// Text of the cell.
    pub cell: Arc<str>,
    /// The value used, in words.
    pub value: Text,
    /// Whether it held.
    pub held: bool,
    /// The whole as a sentence: `经营面积 36 ㎡，要求不少于 40 ㎡`.
    pub sentence: Text,
}

/// A row in full, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// Node id of its table.
    pub table: Arc<str>,
    /// Row id.
    pub row: Arc<str>,
    /// Description by its author.
    pub description: Arc<str>,
    /// What the row decides.
    pub outcome: Option<Outcome>,
    /// Whether it fired.
    pub held: bool,
    /// Its cells.
    pub cells: Vec<CellView>,
}

impl Decision {
    /// One input of the snapshot.
    pub fn input(&self, code: &str) -> Option<&Input> {
        self.inputs.iter().find(|i| i.field.code.as_ref() == code)
    }

    /// The trace with labels, values and sentences filled in. It needs nothing but the record itself.
    pub fn explain(&self) -> Vec<RowView> {
        let rows = self.trace.iter().flat_map(|t| t.rows.iter().map(move |row| (t, row)));
        rows.map(|(table, row)| RowView {
            table: table.table.clone(),
            row: row.text.row.clone(),
            description: row.text.description.clone(),
            outcome: row.text.outcome,
            held: row.held,
            cells: row.cells.iter().map(|cell| self.view(row, cell)).collect(),
        })
        .collect()
    }

    fn view(&self, row: &RowTrace, cell: &CellTrace) -> CellView {
        let input = self.input(&cell.text.field);
        CellView {
            field: cell.text.field.clone(),
            label: input.map(|i| i.field.label.clone()).unwrap_or_default(),
            cell: cell.text.cell.clone(),
            value: input.map(Input::shown).unwrap_or_default(),
            held: cell.held,
            sentence: crate::reason::sentence(input, cell, row.text.outcome == Some(Outcome::Approve)),
        }
    }
}

/// A policy that applies, or any other row of a `collect` table that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// The row.
    pub row: RowTrace,
    /// Its outputs by field.
    pub outputs: BTreeMap<Arc<str>, FactValue>,
}

/// Every row of a `collect` table that fires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// The rule.
    pub rule: RuleRef,
    /// Snapshot of the inputs.
    pub inputs: Vec<Input>,
    /// The rows that fired, in table order.
    pub fired: Vec<Collected>,
    /// Rows that may apply, but read an input without a usable value: row id and the fields that lack.
    pub undecided: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// What was wrong with the inputs, or with a cell.
    pub faults: Vec<Fault>,
}
