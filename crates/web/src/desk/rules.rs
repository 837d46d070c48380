//! What the rules said about a case: every row with every cell, the value used and its source.

use rules::{Decision, Outcome};

use crate::i18n::T;
use crate::kit::{Cell, Column, CopyText, Row, Table, Tag, Tone};

/// The record of one run.
pub(super) struct Ran {
    /// What came of it.
    pub tag: Tag,
    /// The sentence for the applicant.
    pub reason: String,
    /// Rule and version.
    pub rule: String,
    /// SHA-256 of the rule files.
    pub digest: CopyText,
    /// Rows that fired.
    pub fired: String,
    /// Every row with its cells; the first is the one that approves.
    pub rows: Vec<RanRow>,
    /// What the rules looked at.
    pub inputs: Table,
}

/// One row of a table.
pub(super) struct RanRow {
    /// `R01`, with the author's words.
    pub title: String,
    /// Whether it fired.
    pub tag: Tag,
    /// Its cells.
    pub cells: Table,
}

fn held(t: T, held: bool) -> Tag {
    if held { Tag::new(Tone::Good, t.cases_held()) } else { Tag::new(Tone::Act, t.cases_not_held()) }
}

/// The record in words.
pub(super) fn ran(t: T, decision: &Decision) -> Ran {
    let (tone, word) = match decision.outcome {
        Outcome::Approve => (Tone::Good, t.desk_rules_approve()),
        Outcome::RefuseProposed => (Tone::Bad, t.desk_rules_refuse()),
        Outcome::Manual => (Tone::Act, t.desk_rules_manual()),
    };
    let rows = decision.explain().into_iter().map(|row| {
        let columns = [t.desk_col_condition(), t.desk_col_cell(), t.cases_value(), t.desk_col_held()];
        let title = format!("{} {}", row.row, row.description);
        let mut cells = Table::new(title.as_str(), columns.into_iter().map(Column::new).collect());
        for cell in &row.cells {
            let shown: Vec<Cell> = vec![
                t.of(&cell.label).into(),
                (&*cell.cell).into(),
                t.of(&cell.value).into(),
                Cell::of(&held(t, cell.held)),
            ];
            cells = cells.row(Row::new(shown));
        }
        let tag =
            if row.held { Tag::new(Tone::Running, t.desk_fired()) } else { Tag::new(Tone::Quiet, t.desk_not_fired()) };
        RanRow { title, tag, cells }
    });
    let rows = rows.collect();
    let columns = [t.desk_col_condition(), t.cases_value(), t.cases_source()];
    let mut inputs = Table::new(t.desk_inputs(), columns.into_iter().map(Column::new).collect());
    for input in &decision.inputs {
        let shown = input.shown();
        inputs = inputs.row(Row::new(vec![
            t.of(&input.field.label).into(),
            t.of(&shown).into(),
            t.of(&input.provenance).into(),
        ]));
    }
    Ran {
        tag: Tag::new(tone, word),
        reason: t.of(&decision.reason).to_owned(),
        rule: format!("{} {}", decision.rule.id, decision.rule.version),
        digest: CopyText::new(t, decision.rule.sha256.to_string()),
        fired: decision.fired.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        rows,
        inputs,
    }
}
