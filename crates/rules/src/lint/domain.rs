//! The values of a field cut into pieces that no cell of the rule tells apart.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use rust_decimal::Decimal;

use crate::cell::{Cell, Op, Term};
use crate::fact::FactValue;
use crate::load::RuleSet;
use crate::schema::{Field, Origin, Type};
use crate::table::Condition;

/// One piece, by a value from it; `None` stands for "no value" of an optional field.
pub(crate) type Piece = Option<FactValue>;

/// The pieces of every field, and which of them each cell accepts. Equal cells are worked out once, so that a list of
/// 2,000 policies can be compared pair by pair.
pub(crate) struct Cut {
    pieces: Vec<Vec<Piece>>,
    accepted: HashMap<usize, Vec<u64>>,
}

impl Cut {
    pub fn new(rule: &RuleSet) -> Cut {
        let pieces = pieces(rule);
        let mut accepted = HashMap::new();
        for condition in rule.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.conditions) {
            let of_field = pieces.get(condition.field).map(Vec::as_slice).unwrap_or_default();
            accepted.entry(condition.program.id).or_insert_with(|| cell_bits(&condition.cell, of_field));
        }
        Cut { pieces, accepted }
    }

    /// The pieces of a field, in ascending order, "no value" last.
    pub fn pieces(&self, field: usize) -> &[Piece] {
        self.pieces.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the cell holds for the piece with this index.
    pub fn holds(&self, condition: &Condition, piece: usize) -> bool {
        self.bits(condition).get(piece / 64).is_some_and(|word| word >> (piece % 64) & 1 == 1)
    }

    fn bits(&self, condition: &Condition) -> &[u64] {
        self.accepted.get(&condition.program.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the cell holds for some value.
    pub fn some(&self, condition: &Condition) -> bool {
        self.bits(condition).iter().any(|word| *word != 0)
    }

    /// Whether the cell holds for every value, "no value" included.
    pub fn every(&self, condition: &Condition) -> bool {
        let held: u32 = self.bits(condition).iter().map(|word| word.count_ones()).sum();
        self.pieces.get(condition.field).is_some_and(|pieces| pieces.len() == held as usize)
    }

    /// Whether two cells of one field hold for a common value.
    pub fn both(&self, a: &Condition, b: &Condition) -> bool {
        self.bits(a).iter().zip(self.bits(b)).any(|(a, b)| a & b != 0)
    }
}

/// Cuts the domain of every field of the rule. A field that no cell reads has one piece.
fn pieces(rule: &RuleSet) -> Vec<Vec<Piece>> {
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
    out.sort();
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

/// The pieces that a cell accepts, as bits. Pieces are sorted and no condition tells the values within one apart, so a
/// condition accepts a stretch of them, or all but a stretch; it never accepts "no value".
fn cell_bits(cell: &Cell, pieces: &[Piece]) -> Vec<u64> {
    let known = pieces.iter().take_while(|p| p.is_some()).count();
    let mut all = bits_of(0..known, known, false);
    for term in &cell.all {
        for (word, other) in all.iter_mut().zip(term_bits(term, pieces, known)) {
            *word &= other;
        }
    }
    for term in &cell.any {
        for (word, other) in all.iter_mut().zip(term_bits(term, pieces, known)) {
            *word |= other;
        }
    }
    all
}

fn term_bits(term: &Term, pieces: &[Piece], known: usize) -> Vec<u64> {
    let sorted = pieces.get(..known).unwrap_or_default();
    let below = |value: &FactValue| sorted.partition_point(|p| p.as_ref() < Some(value));
    let up_to = |value: &FactValue| sorted.partition_point(|p| p.as_ref() <= Some(value));
    match term {
        Term::Compare(op, value) => {
            let (range, negated) = match op {
                Op::Eq => (below(value)..up_to(value), false),
                Op::Ne => (below(value)..up_to(value), true),
                Op::Lt => (0..below(value), false),
                Op::Le => (0..up_to(value), false),
                Op::Gt => (up_to(value)..known, false),
                Op::Ge => (below(value)..known, false),
            };
            bits_of(range, known, negated)
        }
        Term::OneOf { values, negated } => {
            let mut out = bits_of(0..0, known, *negated);
            for value in values {
                for (word, other) in out.iter_mut().zip(bits_of(below(value)..up_to(value), known, false)) {
                    *word = if *negated { *word & !other } else { *word | other };
                }
            }
            out
        }
        Term::Between { low, low_included, high, high_included, negated } => {
            let from = if *low_included { below(low) } else { up_to(low) };
            let to = if *high_included { up_to(high) } else { below(high) };
            bits_of(from..to, known, *negated)
        }
    }
}

/// Ones at `range` within the first `known` bits, or everywhere else within them.
fn bits_of(range: Range<usize>, known: usize, negated: bool) -> Vec<u64> {
    let word = |position: usize| {
        let ones = |range: &Range<usize>| {
            let from = range.start.saturating_sub(position * 64).min(64);
            let to = range.end.saturating_sub(position * 64).min(64);
            low_ones(to) & !low_ones(from)
        };
        let all = ones(&(0..known));
        if negated { all & !ones(&range) } else { all & ones(&range) }
    };
    (0..known.div_ceil(64)).map(word).collect()
}

fn low_ones(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}
