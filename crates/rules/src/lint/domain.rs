//! The values of a field cut into pieces that no cell of the rule tells apart.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::cell::Cell;
use crate::fact::FactValue;
use crate::load::RuleSet;
use crate::schema::{Field, Origin, Type};

/// One piece, by a value from it; `None` stands for "no value" of an optional field.
pub(crate) type Piece = Option<FactValue>;

/// Cuts the domain of every field of the rule. A field that no cell reads has one piece.
pub(crate) fn pieces(rule: &RuleSet) -> Vec<Vec<Piece>> {
    let fields = &rule.schema.fields;
    let mut mentioned: Vec<BTreeSet<FactValue>> = vec![BTreeSet::new(); fields.len()];
    for condition in rule.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.conditions) {
        if let Some(set) = mentioned.get_mut(condition.field) {
            set.extend(condition.cell.values().cloned());
        }
    }
    fields
        .iter()
        .zip(&mentioned)
        .enumerate()
        .map(|(index, (field, values))| of_field(rule, index, field, values))
        .collect()
}

fn of_field(rule: &RuleSet, index: usize, field: &Field, values: &BTreeSet<FactValue>) -> Vec<Piece> {
    if matches!(field.from, Origin::Table(_)) {
        return produced(rule, index);
    }
    let mut out: Vec<Piece> = match field.kind {
        Type::Bool => vec![Some(FactValue::Bool(true)), Some(FactValue::Bool(false))],
        Type::String if !field.options.is_empty() => {
            field.options.keys().map(|k| Some(FactValue::Text(k.clone()))).collect()
        }
        Type::String => texts(values),
        Type::Number => numbers(values),
        Type::Date => dates(values),
    };
    if !field.required {
        out.push(None);
    }
    out
}

/// The values that an earlier table can give.
fn produced(rule: &RuleSet, index: usize) -> Vec<Piece> {
    let mut out = BTreeSet::new();
    for table in &rule.tables {
        for (position, _) in table.outputs.iter().enumerate().filter(|(_, o)| o.field == Some(index)) {
            out.extend(table.rows.iter().filter_map(|r| r.outputs.get(position).cloned().flatten()));
        }
    }
    out.into_iter().map(Some).collect()
}

fn texts(values: &BTreeSet<FactValue>) -> Vec<Piece> {
    let mut out: Vec<Piece> = values.iter().cloned().map(Some).collect();
    // Longer than any value mentioned, hence another one.
    let longest = values.iter().map(|v| if let FactValue::Text(t) = v { t.len() } else { 0 }).max().unwrap_or(0);
    out.push(Some(FactValue::text("…".repeat(longest / 3 + 1))));
    out
}

fn numbers(values: &BTreeSet<FactValue>) -> Vec<Piece> {
    let sorted: Vec<Decimal> =
        values.iter().filter_map(|v| if let FactValue::Number(n) = v { Some(*n) } else { None }).collect();
    let mut out = Vec::new();
    let Some((first, last)) = sorted.first().zip(sorted.last()) else { return vec![Some(FactValue::int(0))] };
    out.extend(first.checked_sub(Decimal::ONE).filter(|n| n < first));
    for (index, number) in sorted.iter().enumerate() {
        out.push(*number);
        if let Some(next) = sorted.get(index + 1) {
            out.extend(between(*number, *next));
        }
    }
    out.extend(last.checked_add(Decimal::ONE).filter(|n| n > last));
    out.into_iter().map(|n| Some(FactValue::Number(n))).collect()
}

/// A number strictly between two others; `None` where 28 digits hold none.
fn between(low: Decimal, high: Decimal) -> Option<Decimal> {
    let middle = high.checked_sub(low)?.checked_div(Decimal::TWO)?.checked_add(low)?;
    (low < middle && middle < high).then(|| middle.normalize())
}

fn dates(values: &BTreeSet<FactValue>) -> Vec<Piece> {
    let mut out = BTreeSet::new();
    for value in values {
        if let FactValue::Date(date) = value {
            // The days next to a boundary stand for the stretch up to the next boundary; days are whole, so that two
            // adjacent boundaries have nothing between them.
            out.extend(date.yesterday().ok());
            out.insert(*date);
            out.extend(date.tomorrow().ok());
        }
    }
    if out.is_empty() {
        out.insert(jiff::civil::date(2026, 1, 1));
    }
    out.into_iter().map(|d| Some(FactValue::Date(d))).collect()
}

/// Whether the cell holds for the piece; a cell never holds where there is no value.
pub(crate) fn accepts(cell: &Cell, piece: &Piece) -> bool {
    piece.as_ref().is_some_and(|value| cell.holds(value))
}
