//! `tests.json`: cases with the answer that the rule must give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::text::Text;
use serde::{Deserialize, Serialize};

use crate::decision::Outcome;
use crate::fact::{Answer, Fact, FactValue, Facts};
use crate::finding::{File, Finding};
use crate::load::RuleSet;
use crate::schema::{Origin, Schema};
use crate::table::{Hit, Table};

/// One test case.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// Its name.
    pub name: String,
    /// The facts.
    pub facts: Facts,
    /// The decision that must come out; `None` for a list of policies.
    pub decision: Option<Outcome>,
    /// The rows that must fire, in any order.
    pub rows: BTreeSet<String>,
}

/// What a test case gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestOutcome {
    /// Its name.
    pub name: String,
    /// Whether decision and rows are as expected.
    pub passed: bool,
    /// The decision expected.
    pub expected: Option<Outcome>,
    /// The decision given.
    pub got: Option<Outcome>,
    /// The rows expected.
    pub expected_rows: Vec<Arc<str>>,
    /// The rows that fired.
    pub fired: Vec<Arc<str>>,
    /// The sentence for the applicant, or empty for a list of policies.
    pub reason: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    input: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    expect: RawExpect,
    expect_rows: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawExpect {
    decision: Option<Outcome>,
}

impl RuleSet {
    /// Runs every test case of the rule, in the order of the file.
    pub fn run_tests(&self) -> Vec<TestOutcome> {
        self.tests.iter().map(|test| self.run_test(test)).collect()
    }

    fn run_test(&self, test: &TestCase) -> TestOutcome {
        let (got, fired, reason) = if self.decides() {
            let decision = self.evaluate(&test.facts);
            (Some(decision.outcome), decision.fired, decision.reason)
        } else {
            let collection = self.evaluate_collect(&test.facts);
            let fired = collection.fired.into_iter().map(|c| c.row.text.row.clone()).collect();
            (None, fired, Text::default())
        };
        let rows: BTreeSet<&str> = fired.iter().map(AsRef::as_ref).collect();
        let passed = got == test.decision && rows == test.rows.iter().map(String::as_str).collect();
        TestOutcome {
            name: test.name.clone(),
            passed,
            expected: test.decision,
            got,
            expected_rows: test.rows.iter().map(|r| r.as_str().into()).collect(),
            fired,
            reason,
        }
    }
}

pub(crate) fn parse(
    text: &str,
    schema: &Schema,
    tables: Option<&[Table]>,
    findings: &mut Vec<Finding>,
) -> Option<Vec<TestCase>> {
    let raw: Vec<Raw> = crate::load::json(File::Tests, text, findings)?;
    let provenance = Arc::new(Text::new("规则测试用例", "test case of the rule"));
    let decides = tables.is_none_or(|t| t.last().is_some_and(|t| t.hit == Hit::First));
    let ids: BTreeSet<&str> =
        tables.unwrap_or_default().iter().flat_map(|t| &t.rows).map(|r| r.text.row.as_ref()).collect();
    let mut out = Vec::new();
    for (index, test) in raw.into_iter().enumerate() {
        let mut push = |part: String, message: Text, fix: Text| {
            findings.push(Finding::new(File::Tests, format!("/{index}{part}"), message, fix));
        };
        let mut facts = Facts::new();
        for (code, json) in &test.input {
            match fact(schema, code, json, &provenance) {
                Ok(fact) => drop(facts.insert(code.clone(), fact)),
                Err((message, fix)) => push(format!("/input/{code}"), message, fix),
            }
        }
        if decides != test.expect.decision.is_some() {
            push(
                "/expect".into(),
                Text::new(
                    "expect.decision 应与规则相符",
                    "expect.decision is needed for a rule that decides, and only there",
                ),
                Text::new("审批规则须写 decision，政策清单不写", "write it for approvals, leave it out for policies"),
            );
        }
        for (position, row) in test.expect_rows.iter().enumerate() {
            if tables.is_some() && !ids.contains(row.as_str()) {
                push(
                    format!("/expect_rows/{position}"),
                    Text::new(format!("没有行“{row}”"), format!("there is no row {row}")),
                    Text::new("改正行号", "correct the row id"),
                );
            }
        }
        out.push(TestCase {
            name: test.name,
            facts,
            decision: test.expect.decision,
            rows: test.expect_rows.into_iter().collect(),
        });
    }
    Some(out)
}

type Words = (Text, Text);

fn fact(schema: &Schema, code: &str, json: &serde_json::Value, provenance: &Arc<Text>) -> Result<Fact, Words> {
    let Some(field) = schema.field(code).filter(|f| !matches!(f.from, Origin::Table(_))) else {
        return Err((
            Text::new(format!("“{code}”不是输入字段"), format!("{code} is no input")),
            Text::new("改正字段代码，或删去", "correct the code, or drop it"),
        ));
    };
    let value = match json {
        serde_json::Value::Null => {
            Answer::Missing { why: Text::new("测试中无此数据", "the test gives no value") }
        }
        serde_json::Value::Object(object) if object.len() == 1 && object.get("unavailable") == Some(&true.into()) => {
            Answer::Unavailable
        }
        json => match FactValue::from_json(field.kind, json) {
            Some(value) => Answer::Value(value),
            None => {
                return Err((
                    Text::new(
                        format!("“{code}”的值与类型 {} 不符", field.kind.name()),
                        format!("{code} is a {}; the value is not", field.kind.name()),
                    ),
                    Text::new(
                        "数字写 40 或 \"40.5\"，日期写 \"2026-01-01\"，无数据写 null，来源不可用写 {\"unavailable\": true}",
                        "numbers 40 or \"40.5\", dates \"2026-01-01\", nothing null, no answer {\"unavailable\": true}",
                    ),
                ));
            }
        },
    };
    Ok(Fact { value, provenance: provenance.clone() })
}
