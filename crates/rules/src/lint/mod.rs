//! What makes a rule unfit to be published, although it can be applied.

#[cfg(test)]
mod brute;
mod cover;
pub(crate) mod domain;
pub(crate) mod origin;

use std::collections::{BTreeMap, BTreeSet};

use ::domain::text::Text;

use self::cover::{Example, cover, walked};
use self::domain::Cut;
use self::origin::Trust;
use crate::cell::{shown, statement};
use crate::decision::Outcome;
use crate::finding::{File, Finding};
use crate::load::RuleSet;
use crate::table::{Condition, Hit, Row, Table};

/// Loads and lints in one go: everything that stands between these files and publication.
///
/// `open_to_pledges` says whether the matter is open to 告知承诺; without it no approval may rest on a pledge.
pub fn check(schema: &str, table: &str, tests: &str, open_to_pledges: bool) -> Vec<Finding> {
    match RuleSet::load(schema, table, tests) {
        Ok(rule) => rule.lint(open_to_pledges),
        Err(findings) => findings,
    }
}

impl RuleSet {
    /// Finds what makes the rule unfit to be published; an empty list means it may be.
    ///
    /// * a row that can never fire, a cell that never holds, an input for which no row fires;
    /// * in a `collect` table, two rows that can hold together and give different values to an output that is no list;
    /// * an approval that no register, licence or computed fact carries, or that reads a claim, or that reads a pledge
    ///   although the matter is not open to pledges (`open_to_pledges`), be it through an earlier table;
    /// * computed fields whose arguments are unknown;
    /// * a test that fails, and a row that no test fires.
    pub fn lint(&self, open_to_pledges: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        let cut = Cut::new(self);
        origin::check_arguments(&self.schema, &mut findings);
        self.lint_cells(&cut, &mut findings);
        self.lint_cover(&cut, &mut findings);
        self.lint_collect(&cut, &mut findings);
        self.lint_approvals(open_to_pledges, &cut, &mut findings);
        self.lint_tests(&mut findings);
        self.sources.locate(findings)
    }

    fn each_row(&self) -> impl Iterator<Item = (&Table, &Row)> {
        self.tables.iter().flat_map(|t| t.rows.iter().map(move |r| (t, r)))
    }

    /// Cells that hold for no value at all.
    fn lint_cells(&self, cut: &Cut, findings: &mut Vec<Finding>) {
        for (table, row) in self.each_row() {
            for condition in &row.conditions {
                if !cut.some(condition) {
                    findings.push(Finding::new(
                        File::Table,
                        cell_pointer(table, row, condition),
                        Text::new(
                            format!("单元格“{}”永远不成立", condition.text.cell),
                            format!("the cell {} never holds", condition.text.cell),
                        ),
                        Text::new("改正条件，或删去此行", "correct the condition, or delete the row"),
                    ));
                }
            }
        }
    }

    fn lint_cover(&self, cut: &Cut, findings: &mut Vec<Finding>) {
        let cover = cover(self, cut);
        let tables = walked(self);
        if cover.gave_up {
            findings.push(Finding::new(
                File::Table,
                "/nodes",
                Text::new(
                    "规则过于复杂，无法判定有无遗漏或被遮蔽的行",
                    "the rule is too intricate to find gaps and shadowed rows",
                ),
                Text::new("拆成几张前后相连的表", "split it into tables that feed each other"),
            ));
            return;
        }
        for ((table, reachable), gap) in tables.into_iter().zip(&cover.reachable).zip(&cover.gaps) {
            for (index, row) in table.rows.iter().enumerate().filter(|(index, _)| !reachable.contains(index)) {
                findings.push(Finding::new(
                    File::Table,
                    table.row_pointer(row),
                    Text::new(
                        format!("第 {} 行永远不会命中：它的情形都被上面的行先行命中", row.text.row),
                        format!("row {} can never fire: rows above it take all its cases", row.text.row),
                    ),
                    if index + 1 == table.rows.len() {
                        Text::new("删去此行", "delete it")
                    } else {
                        Text::new("上移此行，或收窄上面的行", "move it up, or narrow the rows above it")
                    },
                ));
            }
            if let Some(example) = gap {
                let words = self.words(example);
                findings.push(Finding::new(
                    File::Table,
                    format!("{}/content/rules", table.pointer()),
                    Text::new(
                        format!("有情形没有任何行命中，例如：{}", words.zh),
                        format!("no row fires for some inputs, for example: {}", words.en),
                    ),
                    Text::new("在末尾加一个全空的默认行", "add a default row at the end, with all cells empty"),
                ));
            }
        }
    }

    fn words(&self, example: &Example) -> Text {
        let mut out = Text::default();
        for (index, (field, piece)) in example.iter().enumerate() {
            let Some(field) = self.schema.fields.get(*field) else { continue };
            let value = match piece {
                Some(value) => shown(value, field),
                None => Text::new("无", "none"),
            };
            let said = statement(&field.label, &value, field.kind);
            if index > 0 {
                out.zh.push('；');
                out.en.push_str("; ");
            }
            out.zh.push_str(&said.zh);
            out.en.push_str(&said.en);
        }
        if example.is_empty() {
            return Text::new("任何情形", "any input");
        }
        out
    }

    /// Two rows of a `collect` table that can hold together and contradict each other.
    fn lint_collect(&self, cut: &Cut, findings: &mut Vec<Finding>) {
        for table in self.tables.iter().filter(|t| t.hit == Hit::Collect) {
            let single: Vec<usize> =
                table.outputs.iter().enumerate().filter(|(_, o)| !o.list).map(|(index, _)| index).collect();
            if single.is_empty() {
                continue;
            }
            for (later, row) in table.rows.iter().enumerate() {
                let earlier = table.rows.get(..later).unwrap_or_default();
                let contradicts = |other: &&Row| {
                    let differs = single.iter().any(|i| match (row.outputs.get(*i), other.outputs.get(*i)) {
                        (Some(Some(a)), Some(Some(b))) => a != b,
                        _ => false,
                    });
                    differs && meet(row, other, cut)
                };
                if let Some(other) = earlier.iter().find(contradicts) {
                    findings.push(Finding::new(
                        File::Table,
                        table.row_pointer(row),
                        Text::new(
                            format!("第 {} 行与第 {} 行可能同时成立，结果却不同", row.text.row, other.text.row),
                            format!(
                                "rows {} and {} can hold together and give different results",
                                row.text.row, other.text.row
                            ),
                        ),
                        Text::new(
                            "分开两行的条件；若结果是清单，列名写成 name[]",
                            "part their conditions; name the output name[] if it is a list",
                        ),
                    ));
                }
            }
        }
    }

    fn lint_approvals(&self, open_to_pledges: bool, cut: &Cut, findings: &mut Vec<Finding>) {
        let Some(last) = self.tables.last() else { return };
        let by_table = self.table_trust();
        let trust = |condition: &Condition| {
            let of_table = |id: &str| by_table.get(id).copied().unwrap_or(Trust::Claim);
            match self.schema.fields.get(condition.field) {
                Some(field) => origin::trust(&self.schema, field, &of_table),
                None => Trust::Claim,
            }
        };
        for row in last.rows.iter().filter(|r| r.text.outcome == Some(Outcome::Approve)) {
            for condition in &row.conditions {
                let (zh, en) = match trust(condition) {
                    Trust::Claim => {
                        ("批准不能依据申请人自填的声明", "an approval may not rest on what the applicant claims")
                    }
                    Trust::Pledge if !open_to_pledges => (
                        "本事项未开放告知承诺，批准不能依据承诺",
                        "the matter is not open to pledges, so an approval may not rest on one",
                    ),
                    _ => continue,
                };
                findings.push(Finding::new(
                    File::Table,
                    cell_pointer(last, row, condition),
                    Text::new(zh, en),
                    Text::new(
                        "改用登记库、证照或与其比对的计算字段；声明只能用于转人工或拟不予批准的行",
                        "use a register, a licence or a comparison with one; a claim may only lead to manual or refuse_proposed rows",
                    ),
                ));
            }
            // A cell that holds for every value carries nothing.
            let carried = row.conditions.iter().any(|c| trust(c) == Trust::Evidence && !cut.every(c));
            if !carried {
                findings.push(Finding::new(
                    File::Table,
                    last.row_pointer(row),
                    Text::new(
                        format!("第 {} 行的批准没有任何登记库、证照或计算事实支撑", row.text.row),
                        format!("no register, licence or computed fact carries the approval of row {}", row.text.row),
                    ),
                    Text::new("增加这样的条件", "add such a condition"),
                ));
            }
        }
    }

    /// What the outputs of each table are worth: no more than the weakest input that its rows read, and no more than
    /// neutral when they read nothing.
    fn table_trust(&self) -> BTreeMap<String, Trust> {
        let mut out: BTreeMap<String, Trust> = BTreeMap::new();
        for table in &self.tables {
            let fields: BTreeSet<usize> = table.rows.iter().flat_map(|r| &r.conditions).map(|c| c.field).collect();
            let worth = fields
                .iter()
                .filter_map(|f| self.schema.fields.get(*f))
                .map(|field| origin::trust(&self.schema, field, &|id| out.get(id).copied().unwrap_or(Trust::Claim)))
                .collect::<Vec<_>>();
            let weakest = worth.iter().min().copied().unwrap_or(Trust::Neutral);
            // A register beside a request is evidence; beside a claim or a pledge it is not.
            let mixed = weakest == Trust::Neutral && worth.contains(&Trust::Evidence);
            out.insert(table.id.to_string(), if mixed { Trust::Evidence } else { weakest });
        }
        out
    }

    fn lint_tests(&self, findings: &mut Vec<Finding>) {
        let outcomes = self.run_tests();
        for (index, test) in outcomes.iter().enumerate().filter(|(_, t)| !t.passed) {
            let name = |outcome: Option<Outcome>| outcome.map_or("-", Outcome::name);
            findings.push(Finding::new(
                File::Tests,
                format!("/{index}"),
                Text::new(
                    format!(
                        "用例“{}”未通过：期望 {} {:?}，实际 {} {:?}",
                        test.name,
                        name(test.expected),
                        test.expected_rows,
                        name(test.got),
                        test.fired
                    ),
                    format!(
                        "the test \"{}\" fails: expected {} {:?}, got {} {:?}; {}",
                        test.name,
                        name(test.expected),
                        test.expected_rows,
                        name(test.got),
                        test.fired,
                        test.reason.en
                    ),
                ),
                Text::new("改正规则或用例", "correct the rule or the test"),
            ));
        }
        let fired: BTreeSet<&str> = outcomes.iter().flat_map(|t| &t.fired).map(AsRef::as_ref).collect();
        for (table, row) in self.each_row().filter(|(_, r)| !fired.contains(r.text.row.as_ref())) {
            findings.push(Finding::new(
                File::Table,
                table.row_pointer(row),
                Text::new(format!("没有用例命中第 {} 行", row.text.row), format!("no test fires row {}", row.text.row)),
                Text::new("在 tests.json 增加用例", "add a case to tests.json"),
            ));
        }
    }
}

fn cell_pointer(table: &Table, row: &Row, condition: &Condition) -> String {
    let column = table.columns.get(condition.column).map(|c| c.id.as_ref()).unwrap_or_default();
    table.cell_pointer(row, column)
}

/// Is there an input for which both rows hold? Fields are independent, so it is asked field by field.
fn meet(a: &Row, b: &Row, cut: &Cut) -> bool {
    let alone = |row: &Row| row.conditions.iter().all(|c| cut.some(c));
    let shared = a.conditions.iter().all(|mine| {
        let mut theirs = b.conditions.iter().filter(|theirs| theirs.field == mine.field);
        theirs.all(|theirs| cut.both(mine, theirs))
    });
    shared && alone(a) && alone(b)
}
