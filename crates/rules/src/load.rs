//! Loading: from three texts to a rule that can be applied.

use std::sync::Arc;

use domain::text::Text;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::cases::{self, TestCase};
use crate::decision::{InputField, RuleRef};
use crate::finding::{File, Finding, Sources, duplicate_keys};
use crate::schema::{self, Field, Origin, Schema};
use crate::table::{self, Hit, Table};

/// Largest file, in bytes.
pub const MAX_FILE: usize = 4 << 20;

/// A loaded rule. It is immutable, `Send` and `Sync`; an evaluation runs in one synchronous call.
#[derive(Debug, Clone)]
pub struct RuleSet {
    pub(crate) rule: RuleRef,
    pub(crate) schema: Schema,
    pub(crate) tables: Vec<Table>,
    pub(crate) tests: Vec<TestCase>,
    /// By field index: whether some cell reads the field.
    pub(crate) read: Vec<bool>,
    /// By field index: what a record shares with the rule.
    pub(crate) shared: Vec<Arc<InputField>>,
    pub(crate) sources: Arc<Sources>,
}

impl RuleSet {
    /// Reads the three files of a rule (`schema.json`, `table.json`, `tests.json`) and compiles its cells.
    ///
    /// The version of a rule is its content: SHA-256 over, for each file in that order, its length in bytes as eight
    /// big-endian bytes and then its bytes.
    ///
    /// # Errors
    /// Everything that makes the rule inapplicable: JSON that does not parse or repeats a key, fields that are not
    /// declared, cells outside the language, unknown enumeration values, limits exceeded. What is applicable but
    /// unwise is found by [`RuleSet::lint`].
    pub fn load(schema: &str, table: &str, tests: &str) -> Result<RuleSet, Vec<Finding>> {
        let mut findings = Vec::new();
        let parts = parse(schema, table, tests, &mut findings);
        let sources = Sources { schema: schema.to_owned(), table: table.to_owned(), tests: tests.to_owned() };
        match parts {
            Some((schema, tables, tests)) if findings.is_empty() => {
                Ok(RuleSet::assemble(schema, tables, tests, sources))
            }
            _ => Err(sources.locate(findings)),
        }
    }

    fn assemble(schema: Schema, tables: Vec<Table>, tests: Vec<TestCase>, sources: Sources) -> RuleSet {
        let mut read = vec![false; schema.fields.len()];
        for condition in tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.conditions) {
            if let Some(flag) = read.get_mut(condition.field) {
                *flag = true;
            }
        }
        let shared = schema.fields.iter().map(|f| Arc::new(InputField::of(f))).collect();
        let sha256 = digest([&sources.schema, &sources.table, &sources.tests]);
        let version = sha256.get(..12).unwrap_or_default();
        let rule = RuleRef { id: schema.rule.clone(), version: version.into(), sha256: sha256.as_str().into() };
        RuleSet { rule, schema, tables, tests, read, shared, sources: Arc::new(sources) }
    }

    /// Id, version and digest.
    pub fn rule(&self) -> &RuleRef {
        &self.rule
    }

    /// The inputs to gather facts for: every field of the schema that does not come from a table, in its order.
    pub fn inputs(&self) -> impl Iterator<Item = &Field> {
        self.schema.fields.iter().map(AsRef::as_ref).filter(|f| !matches!(f.from, Origin::Table(_)))
    }

    /// Whether the rule decides (rather than collecting policies).
    pub fn decides(&self) -> bool {
        self.tables.last().is_some_and(|t| t.hit == Hit::First)
    }

    /// The test cases beside the rule.
    pub fn tests(&self) -> &[TestCase] {
        &self.tests
    }
}

type Parts = (Schema, Vec<Table>, Vec<TestCase>);

fn parse(schema: &str, table: &str, tests: &str, findings: &mut Vec<Finding>) -> Option<Parts> {
    let schema = schema::parse(schema, findings);
    // Without a schema nothing else can be judged, but its tests may still be broken JSON of their own.
    let Some(schema) = schema else {
        let _ = json::<serde_json::Value>(File::Table, table, findings);
        let _ = json::<serde_json::Value>(File::Tests, tests, findings);
        return None;
    };
    let tables = table::parse(table, &schema, findings);
    let tests = cases::parse(tests, &schema, tables.as_deref(), findings);
    let tables = tables?;
    for (index, field) in schema.fields.iter().enumerate() {
        let Origin::Table(id) = &field.from else { continue };
        let produced = tables.iter().any(|t| t.id.as_ref() == id && t.outputs.iter().any(|o| o.field == Some(index)));
        if !produced {
            findings.push(Finding::new(
                File::Schema,
                format!("/fields/{index}/from"),
                Text::new(
                    format!("没有决策表给出“{}”", field.code),
                    format!("no table {id} has the output {}", field.code),
                ),
                Text::new("在该表增加结果列，或删去此字段", "add the output to that table, or drop the field"),
            ));
        }
    }
    Some((schema, tables, tests?))
}

/// Strict JSON into `T`: bounded, and without repeated keys.
pub(crate) fn json<T: DeserializeOwned>(file: File, text: &str, findings: &mut Vec<Finding>) -> Option<T> {
    if text.len() > MAX_FILE {
        findings.push(Finding::new(
            file,
            "",
            Text::new("文件超过 4 MiB", "the file is larger than 4 MiB"),
            Text::new("拆分规则", "split the rule"),
        ));
        return None;
    }
    match serde_json::from_str(text) {
        Ok(value) => {
            for pointer in duplicate_keys(text) {
                findings.push(Finding::new(
                    file,
                    pointer,
                    Text::new("同一对象中键重复", "the key occurs twice in one object"),
                    Text::new("删去其中一个", "delete one of the two"),
                ));
            }
            Some(value)
        }
        Err(error) => {
            let mut finding = Finding::new(
                file,
                "",
                Text::new(format!("JSON 不合格：{error}"), format!("malformed JSON: {error}")),
                Text::new("按 RULES 格式改正", "correct it as the format of rules says"),
            );
            finding.line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
            findings.push(finding);
            None
        }
    }
}

fn digest(files: [&str; 3]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.len() as u64).to_be_bytes());
        hash.update(file.as_bytes());
    }
    hex::encode(hash.finalize())
}
