//! Cells as bytecode of zen-expression.
//!
//! A cell is rendered from its parsed form, so that only what our grammar allows ever reaches the engine: no function,
//! no member access, no clock. Bytecode is shared and `Send`; the values and the machine are not (zen's `Variable`
//! holds `Rc`), so both live inside one synchronous evaluation.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use zen_expression::compiler::Opcode;
use zen_expression::vm::VM;
use zen_expression::{Isolate, Scope, Variable};

use super::{Cell, Term, day_number};
use crate::fact::FactValue;

/// A compiled cell. Equal cells of one field share their bytecode and their `id`, so that an evaluation runs it once.
#[derive(Clone)]
pub(crate) struct Program {
    pub(super) code: Arc<[Opcode]>,
    /// Number of the program within the rule.
    pub id: usize,
    /// Index of the field that it reads.
    field: usize,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Program({} opcodes on field {})", self.code.len(), self.field)
    }
}

/// Compiles cells, each distinct text once for a field.
pub(crate) struct Compiler {
    isolate: Isolate,
    seen: HashMap<(usize, String), Program>,
}

impl Compiler {
    pub fn new() -> Compiler {
        Compiler { isolate: Isolate::new(), seen: HashMap::new() }
    }

    /// Compiles a cell that reads the field with the index `field`. The error is zen's own message.
    pub fn compile(&mut self, cell: &Cell, field: usize) -> Result<Program, String> {
        let key = (field, render(cell));
        if let Some(program) = self.seen.get(&key) {
            return Ok(program.clone());
        }
        let compiled = self.isolate.compile_standard(&key.1).map_err(|e| e.to_string())?;
        let program = Program { code: compiled.bytecode().clone(), id: self.seen.len(), field };
        self.seen.insert(key, program.clone());
        Ok(program)
    }
}

/// The expression that zen gets, with `$` as the value of the column. Lists become chains of `==`, which run faster than building an array each time.
pub(super) fn render(cell: &Cell) -> String {
    let mut out = String::new();
    for (index, term) in cell.all.iter().enumerate() {
        out.push_str(if index == 0 { "(" } else { " and (" });
        render_term(term, &mut out);
        out.push(')');
    }
    for term in &cell.any {
        out.push_str(" or (");
        render_term(term, &mut out);
        out.push(')');
    }
    out
}

fn render_term(term: &Term, out: &mut String) {
    match term {
        Term::Compare(op, value) => comparison(op.sign(), value, out),
        Term::OneOf { values, negated } => {
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push_str(if *negated { " and " } else { " or " });
                }
                comparison(if *negated { "!=" } else { "==" }, value, out);
            }
        }
        Term::Between { low, low_included, high, high_included, negated } => {
            let (lower, upper) = match (*negated, *low_included, *high_included) {
                (false, l, h) => (if l { ">=" } else { ">" }, if h { "<=" } else { "<" }),
                (true, l, h) => (if l { "<" } else { "<=" }, if h { ">" } else { ">=" }),
            };
            comparison(lower, low, out);
            out.push_str(if *negated { " or " } else { " and " });
            comparison(upper, high, out);
        }
    }
}

fn comparison(sign: &str, value: &FactValue, out: &mut String) {
    out.push_str("$ ");
    out.push_str(sign);
    out.push(' ');
    // Writing into a String cannot fail.
    let _ = match value {
        FactValue::Text(text) if text.contains('"') => write!(out, "'{text}'"),
        FactValue::Text(text) => write!(out, "\"{text}\""),
        FactValue::Number(number) => write!(out, "{number}"),
        FactValue::Bool(yes) => write!(out, "{yes}"),
        FactValue::Date(date) => write!(out, "{}", day_number(*date)),
    };
}

/// The values of one evaluation, by field index. A field without a value has no entry, and no cell may read it.
pub(crate) struct Variables {
    scopes: Vec<Option<Scope>>,
    /// What each program gave. A field gets its value before any cell reads it and keeps it, so this never goes stale.
    known: Vec<Option<bool>>,
}

impl Variables {
    pub fn new(fields: usize) -> Variables {
        Variables { scopes: (0..fields).map(|_| None).collect(), known: Vec::new() }
    }

    pub fn set(&mut self, field: usize, value: &FactValue) {
        if let Some(slot) = self.scopes.get_mut(field) {
            let mut scope = Scope::new(Variable::Null);
            scope.set_local(Variable::dollar_key(), variable(value));
            *slot = Some(scope);
        }
    }

    pub fn has(&self, field: usize) -> bool {
        self.scopes.get(field).is_some_and(Option::is_some)
    }
}

fn variable(value: &FactValue) -> Variable {
    match value {
        FactValue::Text(text) => Variable::String(text.as_ref().into()),
        FactValue::Number(number) => Variable::Number(*number),
        FactValue::Bool(yes) => Variable::Bool(*yes),
        FactValue::Date(date) => Variable::Number(day_number(*date)),
    }
}

thread_local! {
    /// The machine keeps its stacks between evaluations; it holds `Rc`s and so belongs to one thread.
    static VM_OF_THREAD: RefCell<VM> = RefCell::new(VM::new());
}

/// Runs programs on the machine of this thread.
pub(crate) struct Machine<'a>(&'a mut VM);

impl Machine<'_> {
    /// Lends the machine of the thread to `work`.
    pub fn with<T>(work: impl FnOnce(&mut Machine<'_>) -> T) -> T {
        VM_OF_THREAD.with(|vm| match vm.try_borrow_mut() {
            Ok(mut vm) => work(&mut Machine(&mut vm)),
            Err(_) => work(&mut Machine(&mut VM::new())),
        })
    }

    /// Whether the cell holds. `Ok(false)` for a field without a value: a null must never reach a cell, because zen
    /// finds that `null != "x"`.
    pub fn holds(&mut self, program: &Program, variables: &mut Variables) -> Result<bool, String> {
        if let Some(Some(held)) = variables.known.get(program.id) {
            return Ok(*held);
        }
        let Some(Some(scope)) = variables.scopes.get(program.field) else { return Ok(false) };
        let held = match self.0.run(&program.code, scope) {
            Ok(Variable::Bool(held)) => held,
            Ok(other) => return Err(format!("the cell yields a {}", other.type_name())),
            Err(error) => return Err(error.to_string()),
        };
        if variables.known.len() <= program.id {
            variables.known.resize(program.id + 1, None);
        }
        if let Some(slot) = variables.known.get_mut(program.id) {
            *slot = Some(held);
        }
        Ok(held)
    }
}
