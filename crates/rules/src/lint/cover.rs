//! Which rows can fire, and for which inputs none does: decided exactly.
//!
//! All tables of a rule are walked at once, one field after the other. A state is the set of rows of each table that no
//! cell has ruled out so far; pieces of a field that lead to the same state are walked once, and a state met twice at
//! the same field is not walked again. At the end of the fields the tables run on what is left.

use std::collections::{BTreeSet, HashSet};

use super::domain::{Cut, Piece};
use crate::fact::FactValue;
use crate::load::RuleSet;
use crate::schema::Origin;
use crate::table::{Hit, Table};

/// States to visit before giving up; they are remembered, so this bounds memory.
const MAX_STATES: usize = 300_000;
/// Steps before giving up, a step being a word of rows combined; this bounds time.
const MAX_WORK: usize = 20_000_000;
/// What a state costs beside its words, in steps.
const STATE: usize = 16;

/// A set of rows of one table.
type Bits = Vec<u64>;
type State = Vec<Bits>;

/// Inputs by field index; a field that does not matter is absent.
pub(crate) type Example = Vec<(usize, Piece)>;

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Cover {
    /// By table (of those walked), which rows can fire.
    pub reachable: Vec<BTreeSet<usize>>,
    /// By table, an input for which none of its rows fires.
    pub gaps: Vec<Option<Example>>,
    /// The rule is too large to be decided.
    pub gave_up: bool,
}

/// The `first` tables of the rule, which are all of them or all but the last.
pub(crate) fn walked(rule: &RuleSet) -> Vec<&Table> {
    rule.tables.iter().filter(|t| t.hit == Hit::First).collect()
}

pub(crate) fn cover(rule: &RuleSet, cut: &Cut) -> Cover {
    let tables = walked(rule);
    let mut walk = Walk::new(rule, cut, &tables);
    let start: State = tables.iter().map(|t| full(t.rows.len())).collect();
    walk.visit(0, start);
    walk.found
}

/// One field of the walk: for every piece and table, the rows that its cells leave.
struct Level {
    field: usize,
    pieces: Vec<(Piece, Vec<Bits>)>,
}

struct Walk<'a> {
    tables: &'a [&'a Table],
    levels: Vec<Level>,
    /// By level and table: the rows with no condition from this level on, nor on the outputs of tables.
    free: Vec<Vec<Bits>>,
    seen: HashSet<(usize, State)>,
    work: usize,
    path: Example,
    found: Cover,
}

impl<'a> Walk<'a> {
    fn new(rule: &RuleSet, cut: &Cut, tables: &'a [&'a Table]) -> Walk<'a> {
        let mut levels = Vec::new();
        for (index, field) in rule.schema.fields.iter().enumerate() {
            let read = tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.conditions).any(|c| c.field == index);
            if !read || matches!(field.from, Origin::Table(_)) {
                continue;
            }
            let pieces = distinct(cut, tables, index);
            levels.push(Level { field: index, pieces });
        }
        let found =
            Cover { reachable: vec![BTreeSet::new(); tables.len()], gaps: vec![None; tables.len()], gave_up: false };
        let fields: Vec<usize> = levels.iter().map(|l| l.field).collect();
        let free = (0..=fields.len())
            .map(|level| {
                let done = fields.get(..level).unwrap_or_default();
                tables.iter().map(|t| without_conditions(t, done)).collect()
            })
            .collect();
        Walk { tables, levels, free, seen: HashSet::new(), work: 0, path: Vec::new(), found }
    }

    fn visit(&mut self, level: usize, mut state: State) {
        self.prune(level, &mut state);
        if self.found.gave_up || !self.seen.insert((level, state.clone())) {
            return;
        }
        let words: usize = state.iter().map(Vec::len).sum();
        self.work += (words + STATE) * self.levels.get(level).map_or(1, |l| l.pieces.len());
        if self.seen.len() > MAX_STATES || self.work > MAX_WORK {
            self.found.gave_up = true;
            return;
        }
        let Some(Level { field, pieces }) = self.levels.get(level) else {
            self.run(&state);
            return;
        };
        let field = *field;
        let mut next: Vec<(Piece, State)> = Vec::new();
        let mut distinct = HashSet::new();
        for (piece, masks) in pieces {
            let after: State = state.iter().zip(masks).map(|(rows, mask)| and(rows, mask)).collect();
            if distinct.insert(after.clone()) {
                next.push((piece.clone(), after));
            }
        }
        for (piece, after) in next {
            self.path.push((field, piece));
            self.visit(level + 1, after);
            self.path.pop();
        }
    }

    /// Rows below one that is sure to fire cannot.
    fn prune(&self, level: usize, state: &mut State) {
        let Some(free) = self.free.get(level) else { return };
        for (rows, free) in state.iter_mut().zip(free) {
            if let Some(sure) = first(&and(rows, free)) {
                keep_up_to(rows, sure);
            }
        }
    }

    /// The tables in order, on the rows that are left.
    fn run(&mut self, state: &State) {
        let mut given: Vec<(usize, FactValue)> = Vec::new();
        for (position, (table, rows)) in self.tables.iter().zip(state).enumerate() {
            let fits = |index: usize| {
                table.rows.get(index).is_some_and(|row| {
                    row.conditions.iter().all(|condition| {
                        match given.iter().find(|(field, _)| *field == condition.field) {
                            Some((_, value)) => condition.cell.holds(value),
                            // Conditions on other fields are settled by the state.
                            None => true,
                        }
                    })
                })
            };
            let Some(hit) = ones(rows).find(|index| fits(*index)) else {
                if let Some(gap) = self.found.gaps.get_mut(position)
                    && gap.is_none()
                {
                    *gap = Some(self.path.clone());
                }
                return;
            };
            if let Some(set) = self.found.reachable.get_mut(position) {
                set.insert(hit);
            }
            if let Some(row) = table.rows.get(hit) {
                for (output, value) in table.outputs.iter().zip(&row.outputs) {
                    if let (Some(field), Some(value)) = (output.field, value) {
                        given.push((field, value.clone()));
                    }
                }
            }
        }
    }
}

/// The pieces of a field that differ in what they leave of the rows, each with that.
fn distinct(cut: &Cut, tables: &[&Table], field: usize) -> Vec<(Piece, Vec<Bits>)> {
    let mut seen = HashSet::new();
    let pieces = cut.pieces(field).iter().enumerate();
    let with_rows = pieces.map(|(index, piece)| {
        let rows: Vec<Bits> = tables.iter().map(|t| leaves(t, field, cut, index)).collect();
        (piece.clone(), rows)
    });
    with_rows.filter(|(_, rows)| seen.insert(rows.clone())).collect()
}

/// The rows whose cell in the column of `field` lets the piece pass.
fn leaves(table: &Table, field: usize, cut: &Cut, piece: usize) -> Bits {
    let mut bits = full(table.rows.len());
    for (index, row) in table.rows.iter().enumerate() {
        if row.conditions.iter().any(|c| c.field == field && !cut.holds(c, piece)) {
            clear(&mut bits, index);
        }
    }
    bits
}

fn without_conditions(table: &Table, done: &[usize]) -> Bits {
    let mut bits = full(table.rows.len());
    for (index, row) in table.rows.iter().enumerate() {
        if row.conditions.iter().any(|c| !done.contains(&c.field)) {
            clear(&mut bits, index);
        }
    }
    bits
}

fn full(rows: usize) -> Bits {
    let mut bits = vec![u64::MAX; rows / 64];
    if !rows.is_multiple_of(64) {
        bits.push((1 << (rows % 64)) - 1);
    }
    bits
}

fn and(a: &Bits, b: &Bits) -> Bits {
    a.iter().zip(b).map(|(a, b)| a & b).collect()
}

fn clear(bits: &mut Bits, index: usize) {
    if let Some(word) = bits.get_mut(index / 64) {
        *word &= !(1 << (index % 64));
    }
}

fn first(bits: &Bits) -> Option<usize> {
    ones(bits).next()
}

fn ones(bits: &Bits) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(position, word)| {
        (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| position * 64 + bit)
    })
}

fn keep_up_to(bits: &mut Bits, last: usize) {
    for (position, word) in bits.iter_mut().enumerate() {
        let low = position * 64;
        if low > last {
            *word = 0;
        } else if last - low < 63 {
            *word &= (1 << (last - low + 1)) - 1;
        }
    }
}
