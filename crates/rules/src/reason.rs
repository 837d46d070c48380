//! The sentences of a decision, composed from labels, operators, values and units.

use domain::text::Text;

use crate::decision::{CellTrace, Decision, Fault, Input, Outcome, RowTrace};
use crate::schema::Type;

/// One cell as a sentence. A cell of an approving row is a requirement; a cell of another row names a case.
pub(crate) fn sentence(input: Option<&Input>, cell: &CellTrace, required: bool) -> Text {
    let said = input.map(Input::statement).unwrap_or_default();
    let asks = &cell.text.requirement;
    match (required, cell.held) {
        (true, false) => {
            Text::new(format!("{}，要求{}", said.zh, asks.zh), format!("{}; required: {}", said.en, asks.en))
        }
        (true, true) => Text::new(
            format!("{}，符合要求（{}）", said.zh, asks.zh),
            format!("{}, as required ({})", said.en, asks.en),
        ),
        (false, true) => Text::new(
            format!("{}，属于本条情形（{}）", said.zh, asks.zh),
            format!("{}: the case named here ({})", said.en, asks.en),
        ),
        (false, false) => Text::new(
            format!("{}，不属于本条情形（{}）", said.zh, asks.zh),
            format!("{}: not the case named here ({})", said.en, asks.en),
        ),
    }
}

/// The whole reason for the applicant.
pub(crate) fn compose(decision: &Decision) -> Text {
    let (head, parts) = if decision.faults.is_empty() {
        match decision.outcome {
            Outcome::Approve => {
                (Text::new("经自动核验，符合全部条件", "Checked automatically; every condition is met"), met(decision))
            }
            Outcome::RefuseProposed => (
                Text::new("拟不予批准，由工作人员确认", "A refusal is proposed, which a person decides on"),
                grounds(decision),
            ),
            Outcome::Manual => (Text::new("转人工办理", "A person decides on this case"), lacking(decision)),
        }
    } else {
        let parts = decision.faults.iter().map(|f| fault(decision, f)).collect();
        (Text::new("转人工办理", "A person decides on this case"), parts)
    };
    finish(head, decision.note.as_ref(), &parts)
}

fn finish(mut out: Text, note: Option<&Text>, parts: &[Text]) -> Text {
    for (index, part) in parts.iter().enumerate() {
        out.zh.push_str(if index == 0 { "：" } else { "；" });
        out.zh.push_str(&part.zh);
        out.en.push_str(if index == 0 { ": " } else { "; " });
        out.en.push_str(&part.en);
    }
    out.zh.push('。');
    out.en.push('.');
    if let Some(note) = note {
        out.zh.push_str(&note.zh);
        out.en.push(' ');
        out.en.push_str(&note.en);
    }
    out
}

fn fired(decision: &Decision) -> Option<&RowTrace> {
    decision.trace.last().and_then(|t| t.rows.last()).filter(|r| r.held)
}

fn approving(decision: &Decision) -> impl Iterator<Item = &RowTrace> {
    let rows = decision.trace.last().map(|t| t.rows.as_slice()).unwrap_or_default();
    rows.iter().filter(|r| r.text.outcome == Some(Outcome::Approve))
}

/// The facts that carried an approval; numbers and dates with what was asked.
fn met(decision: &Decision) -> Vec<Text> {
    let cells = fired(decision).map(|r| r.cells.as_slice()).unwrap_or_default();
    let said = |cell: &CellTrace| {
        let input = decision.input(&cell.text.field)?;
        let said = input.statement();
        let asks = &cell.text.requirement;
        Some(match input.field.kind {
            Type::Number | Type::Date => {
                Text::new(format!("{}（要求{}）", said.zh, asks.zh), format!("{} (required: {})", said.en, asks.en))
            }
            Type::String | Type::Bool => said,
        })
    };
    cells.iter().filter_map(said).collect()
}

/// What a refusal rests on: for every input of the row, the requirement of an approving row that it fails, or, where
/// there is none, the fact itself.
fn grounds(decision: &Decision) -> Vec<Text> {
    let cells = fired(decision).map(|r| r.cells.as_slice()).unwrap_or_default();
    let said = |cell: &CellTrace| {
        let failed = approving(decision)
            .flat_map(|row| &row.cells)
            .find(|other| other.text.field == cell.text.field && !other.held);
        let input = decision.input(&cell.text.field)?;
        Some(match failed {
            Some(other) => sentence(Some(input), other, true),
            None => input.statement(),
        })
    };
    cells.iter().filter_map(said).collect()
}

/// Why no approval: the failing cells of the approving row that came closest. A row above it that sends the case to a
/// person speaks for itself.
fn lacking(decision: &Decision) -> Vec<Text> {
    let failed = |row: &&RowTrace| row.cells.iter().filter(|c| !c.held).count();
    match approving(decision).min_by_key(failed) {
        Some(row) => row
            .cells
            .iter()
            .filter(|c| !c.held)
            .map(|cell| sentence(decision.input(&cell.text.field), cell, true))
            .collect(),
        None => grounds(decision),
    }
}

fn fault(decision: &Decision, fault: &Fault) -> Text {
    let label = |code: &str| match decision.input(code) {
        Some(input) => input.field.label.clone(),
        None => Text::new(code, code),
    };
    match fault {
        Fault::Missing { field, why } => {
            let label = label(field);
            Text::new(format!("{}未能取得（{}）", label.zh, why.zh), format!("{} is not known ({})", label.en, why.en))
        }
        Fault::Unavailable { field } => {
            let label = label(field);
            Text::new(
                format!("{}的数据来源暂时没有答复", label.zh),
                format!("the source of {} does not answer at present", label.en),
            )
        }
        Fault::WrongType { field, .. } | Fault::UnknownValue { field, .. } => {
            let label = label(field);
            Text::new(format!("{}的数据不能识别", label.zh), format!("the value of {} is not understood", label.en))
        }
        Fault::Cell { .. } => Text::new("自动核验未能完成", "the automatic check could not be completed"),
        Fault::NoRow { .. } | Fault::NotADecision => {
            Text::new("情形不在自动核验的范围内", "the case lies outside the automatic check")
        }
    }
}
