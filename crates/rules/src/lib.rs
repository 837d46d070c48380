//! Approval rules 审批规则: load, lint, evaluate, explain, replay. Pure: facts in, a decision with its whole trace out.
//!
//! A rule is three files that staff can read and edit: `schema.json` (the inputs), `table.json` (decision tables in
//! GoRules' JSON Decision Model, which their editor opens) and `tests.json` (cases with the right answer).
//! [`RuleSet::load`] refuses what cannot be applied, [`RuleSet::lint`] what should not be published,
//! [`RuleSet::evaluate`] decides one case and [`replay`] shows what a draft would change.
//!
//! Three sentences govern everything here. An approval needs a row that says so and every input that the rule reads;
//! whatever is missing, unknown, of the wrong type or goes wrong ends with a person ([`Outcome::Manual`]). A refusal is
//! only ever proposed. And what an applicant merely claims never carries an approval.
//!
//! # schema.json
//!
//! ```json
//! {"rule": "<slug>", "fields": [
//!   {"code": "area", "label": {"zh": "经营面积", "en": "Floor area"}, "type": "number",
//!    "unit": {"zh": "㎡", "en": "㎡"}, "required": true, "from": {"pledge": {"field": "area_sqm"}}}]}
//! ```
//!
//! * `code`: `[a-z][a-z0-9_]*`, at most 40 characters; `type`: `string`, `number`, `bool` or `date`; `unit` optional.
//! * `enum`: `{"value": {"zh", "en"}}`, for a string with a closed list. A fact outside the list goes to a person.
//! * `required` (default `true`): without a value the case goes to a person. With `false`, "there is nothing" makes
//!   every cell that reads the field fail, also `!= "x"`; "the source did not answer" still goes to a person.
//! * `from`: exactly one of the forms of [`Origin`]:
//!
//! | `from` | meaning | may carry an approval |
//! |---|---|---|
//! | `{"request": {"field": "place_kind"}}` | what is asked for | may be read, does not carry |
//! | `{"claim": {"field": "x"}}` | typed by the applicant | must not be read by an approving row |
//! | `{"pledge": {"field": "x"}}` | typed and covered by a signed pledge | may be read where the matter is open to pledges |
//! | `{"registry": {"register": "enterprise", "key": "applicant.code", "path": "status"}}` | a register's answer; path `exists` is a bool | yes |
//! | `{"licence": {"type": "business-licence", "path": "valid"}}` | a licence on file: `exists`, `valid`, `valid_to`, `surface.<key>` | yes |
//! | `{"computed": {"function": "equals", "args": ["form.address", "enterprise.address"]}}` | see below | by its arguments |
//! | `{"table": "<node id>"}` | output of an earlier table | as its weakest input |
//!
//! Functions ([`computed`]): `equals(a, b)`, `contains(list or text, item)` → bool; `years_since(date[, to])`,
//! `days_until(date[, from])`, `sum(…)`, `count(…)` → number; `name_check(…)` → bool; `today()` → date. An argument is
//! the code of a field declared further up, a Ref (`applicant.code`, `form.x`, `enterprise.address`, `today`) or
//! `=literal`. `equals` and `contains` carry an approval when one side comes from a register or licence, dates and sums
//! only as far as the date or every summand does.
//!
//! # table.json
//!
//! ```json
//! {"contentType": "application/vnd.gorules.decision",
//!  "nodes": [
//!   {"id": "in", "type": "inputNode", "name": "输入", "position": {"x": 0, "y": 0}},
//!   {"id": "decide", "type": "decisionTableNode", "name": "审批", "position": {"x": 300, "y": 0}, "content": {
//!     "hitPolicy": "first",
//!     "inputs": [{"id": "a", "name": "经营面积", "field": "area"}],
//!     "outputs": [{"id": "out", "name": "结论", "field": "decision"}],
//!     "rules": [{"_id": "R01", "_description": "面积足够", "a": ">= 40", "out": "\"approve\""},
//!               {"_id": "R99", "_description": "其余", "a": "", "out": "\"manual\""}]}},
//!   {"id": "out", "type": "outputNode", "name": "输出", "position": {"x": 600, "y": 0}}],
//!  "edges": [{"id": "e1", "sourceId": "in", "targetId": "decide"}, {"id": "e2", "sourceId": "decide", "targetId": "out"}]}
//! ```
//!
//! The nodes form one chain. Every table but the last has `"passThrough": true`, and its outputs are declared in the
//! schema as `{"table": "<node id>"}`. The last table has the output `decision` (`"approve"`, `"refuse_proposed"`,
//! `"manual"`) and may have `note_zh` with `note_en`, which are shown to the applicant after the composed sentence. Only
//! the last table may be `collect`; then the rule is a list of policies ([`RuleSet::evaluate_collect`]) with free output
//! names, where `name[]` is a list and any other output must not be contradicted by two rows that hold together.
//! Row ids (`_id`) are unique in the file and stay with their row.
//!
//! # Cells
//!
//! Empty holds for everything. Otherwise:
//!
//! | cell | for | meaning |
//! |---|---|---|
//! | `"active"`, `40`, `-2.5`, `true`, `d('2026-01-01')` | all types | equal |
//! | `"a", "b"` or `in ["a", "b"]`, `not in ["a", "b"]` | all types | one of, none of |
//! | `== x`, `!= x` | all types | |
//! | `< x`, `<= x`, `> x`, `>= x` | number, date | |
//! | `[20..60]`, `(20..60]`, `[20..60)`, `(20..60)`, `not in [20..60]` | number, date | interval |
//! | `>= 40 and < 100`, `< 10 or > 90` | | joined; no `and` after an `or` or a comma |
//!
//! Words stand in ASCII quotation marks of either kind, without escapes; equality is `==`; no functions, no parentheses
//! but those of intervals and dates, no arithmetic. At most 200 characters a cell and 2,000 rows a table.
//! An output cell is one such value.
//!
//! # tests.json
//!
//! ```json
//! [{"name": "面积足够", "input": {"area": "46.5"}, "expect": {"decision": "approve"}, "expect_rows": ["R01"]}]
//! ```
//!
//! `input` gives values by field code: numbers as `40` or, exactly, `"40.5"`, dates as `"2026-01-01"`, `null` or nothing
//! for "there is nothing", `{"unavailable": true}` for "no answer". `expect_rows` are all rows that fire in all tables,
//! in any order; it is empty when the case goes to a person before any table runs.
//!
//! # Who evaluates
//!
//! Cells are parsed by our own small grammar, so that gaps, overlaps and shadowed rows can be decided exactly and every
//! condition be said in words; they are then rendered from the parsed form, compiled once to bytecode of
//! zen-expression, and zen evaluates them. Nothing outside the grammar can reach the engine, which has no budget of its
//! own. Dates reach it as day numbers, because zen's dates are instants in the time zone of the machine. A test holds
//! the grammar's meaning, zen's reading of the original cell and zen's reading of the rendered cell against each other.
//! Bytecode is `Send` and `Sync`; values are not, and live inside one call.

mod cases;
mod cell;
pub mod computed;
mod decision;
mod evaluate;
mod fact;
mod finding;
mod jdm;
mod lint;
mod load;
mod reason;
mod replay;
mod schema;
mod table;

pub use cases::{TestCase, TestOutcome};
pub use cell::{Cell, MAX_CELL, Op, Term};
pub use decision::{
    CellText, CellTrace, CellView, Collected, Collection, Decision, Fault, Input, InputField, Outcome, RowText,
    RowTrace, RowView, RuleRef, TableTrace,
};
pub use fact::{Answer, Fact, FactValue, Facts};
pub use finding::{File, Finding};
pub use lint::check;
pub use load::{MAX_FILE, RuleSet};
pub use replay::{Flip, replay};
pub use schema::{Field, Function, Origin, Type};
pub use table::{MAX_COLUMNS, MAX_ROWS, MAX_TABLES};
