//! The cells of a table: a small language that we parse ourselves, so that a rule can be linted exactly and explained in
//! words, and that zen-expression evaluates.
//!
//! ```text
//! cell     := pair { ("and" | "or" | ",") pair }          a comma is "or"; no "and" after an "or" or a comma
//! pair     := ("==" | "!=" | "<" | "<=" | ">" | ">=") value | value | ["not"] ["in"] set
//! set      := "[" value { "," value } "]" | ("[" | "(") value ".." value ("]" | ")")
//! value    := "text" | 'text' | 40 | -2.5 | true | false | d('2026-01-01')
//! ```
//!
//! The unary cells of GoRules join pairs strictly from left to right, without precedence: `"a" or "b" and >= 5` means
//! `("a" or "b") and >= 5` there, against everybody's expectation. Hence an `and` after an `or` is refused; every cell
//! that is accepted means the same here, in GoRules' editor and to a reader.

mod lexer;
mod parse;
mod words;
mod zen;

#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

use crate::fact::FactValue;

pub(crate) use parse::{literal, parse};
pub(crate) use words::{requirement, shown, statement};
pub(crate) use zen::{Compiler, Machine, Program, Variables};

/// Longest cell, in characters.
pub const MAX_CELL: usize = 200;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Compares with one value.
    Compare(Op, FactValue),
    /// One of a list, or none of it.
    OneOf {
        /// At least one value.
        values: Vec<FactValue>,
        /// `not in`.
        negated: bool,
    },
    /// Inside an interval of numbers or dates, or outside it.
    Between {
        /// Lower end.
        low: FactValue,
        /// `[` rather than `(`.
        low_included: bool,
        /// Upper end.
        high: FactValue,
        /// `]` rather than `)`.
        high_included: bool,
        /// `not in`.
        negated: bool,
    },
}

/// A parsed cell: it holds when every condition of `all` holds, or any of `any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The conditions up to the first `or`; at least one.
    pub all: Vec<Term>,
    /// The alternatives after it.
    pub any: Vec<Term>,
}

impl Cell {
    /// Whether the cell holds for `value`. This is what the analyser of the lint works with; decisions are made by
    /// zen-expression, and a test compares the two.
    pub fn holds(&self, value: &FactValue) -> bool {
        self.all.iter().all(|t| t.holds(value)) || self.any.iter().any(|t| t.holds(value))
    }

    /// Every condition of the cell.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.all.iter().chain(&self.any)
    }

    /// Every value that the cell mentions.
    pub fn values(&self) -> impl Iterator<Item = &FactValue> {
        self.terms().flat_map(Term::values)
    }
}

impl Term {
    fn holds(&self, value: &FactValue) -> bool {
        match self {
            Term::Compare(op, other) => op.holds(value, other),
            Term::OneOf { values, negated } => values.contains(value) != *negated,
            Term::Between { low, low_included, high, high_included, negated } => {
                let above = if *low_included { value >= low } else { value > low };
                let below = if *high_included { value <= high } else { value < high };
                (above && below) != *negated
            }
        }
    }

    fn values(&self) -> Vec<&FactValue> {
        match self {
            Term::Compare(_, value) => vec![value],
            Term::OneOf { values, .. } => values.iter().collect(),
            Term::Between { low, high, .. } => vec![low, high],
        }
    }
}

impl Op {
    fn holds(self, a: &FactValue, b: &FactValue) -> bool {
        match self {
            Op::Eq => a == b,
            Op::Ne => a != b,
            Op::Lt => a < b,
            Op::Le => a <= b,
            Op::Gt => a > b,
            Op::Ge => a >= b,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
        }
    }
}

/// The day as a number. Dates reach zen in this form, because its own dates are instants in the time zone of the
/// machine.
pub(crate) fn day_number(date: jiff::civil::Date) -> Decimal {
    let epoch = jiff::civil::date(1970, 1, 1);
    Decimal::from(date.duration_since(epoch).as_hours() / 24)
}
