//! `schema.json`: the inputs of a rule, what they are called and where their values come from.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::text::Text;
use serde::{Deserialize, Serialize};

use crate::finding::{File, Finding};

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// Words, or a value of `enum`.
    String,
    /// An exact decimal.
    Number,
    /// Yes or no.
    Bool,
    /// A legal day.
    Date,
}

impl Type {
    /// The word used in `schema.json`.
    pub fn name(self) -> &'static str {
        match self {
            Type::String => "string",
            Type::Number => "number",
            Type::Bool => "bool",
            Type::Date => "date",
        }
    }
}

/// Where the value of a field comes from, the `from` of `schema.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Origin {
    /// What is being asked for; its truth is not at issue.
    Request {
        /// Field of the form.
        field: String,
    },
    /// A claim that the applicant typed. It may send a case to a person or to a proposed refusal, never carry an
    /// approval.
    Claim {
        /// Field of the form.
        field: String,
    },
    /// A form field covered by the signed pledge 告知承诺; missing unless a pledge was signed.
    Pledge {
        /// Field of the form.
        field: String,
    },
    /// An answer of a register.
    Registry {
        /// Key of the register, such as `enterprise`.
        register: String,
        /// Ref that yields the key of the entry: `applicant.code`, `form.x`, `enterprise.premises`.
        key: String,
        /// Dotted path in the entry; `exists` asks whether there is one.
        path: String,
    },
    /// A licence of the applicant that is on file here.
    Licence {
        /// Id of the licence type.
        #[serde(rename = "type")]
        licence_type: String,
        /// `exists`, `valid`, `valid_to` or `surface.<key>`.
        path: String,
    },
    /// The result of one of the functions of [`crate::computed`].
    Computed {
        /// Which.
        function: Function,
        /// Field codes of this schema, Refs or `=literal`s.
        #[serde(default)]
        args: Vec<String>,
    },
    /// An output of an earlier table of the same rule.
    Table(String),
}

/// The functions of computed fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Are two values the same?
    Equals,
    /// Does a list hold a value, or a text another text?
    Contains,
    /// Whole years from a date to today.
    YearsSince,
    /// Days from today to a date.
    DaysUntil,
    /// Sum of numbers.
    Sum,
    /// Number of values.
    Count,
    /// Does the company name pass the check of the name register?
    NameCheck,
    /// Today's date.
    Today,
}

/// One input of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// ASCII code: the expression language knows no other identifiers.
    pub code: Arc<str>,
    /// Words for people.
    pub label: Text,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// The values of a closed list with their labels; empty = open.
    #[serde(default, rename = "enum", skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<Arc<str>, Arc<Text>>,
    /// Words for some values of a text that may hold any: the name of a division instead of its code. Unlike `enum` they
    /// rule nothing out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Arc<str>, Arc<Text>>,
    /// A required field without a value sends the case to a person; an optional one makes the cells that read it fail.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub required: bool,
    /// Where the value comes from.
    pub from: Origin,
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    rule: String,
    fields: Vec<Field>,
}

/// The parsed `schema.json`.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub rule: Arc<str>,
    pub fields: Vec<Arc<Field>>,
    by_code: BTreeMap<Arc<str>, usize>,
}

impl Schema {
    pub fn index(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    pub fn field(&self, code: &str) -> Option<&Arc<Field>> {
        self.index(code).and_then(|i| self.fields.get(i))
    }
}

pub(crate) fn parse(text: &str, findings: &mut Vec<Finding>) -> Option<Schema> {
    let raw: Raw = crate::load::json(File::Schema, text, findings)?;
    if !is_slug(&raw.rule) {
        findings.push(Finding::new(
            File::Schema,
            "/rule",
            Text::new(format!("规则名“{}”不合格", raw.rule), format!("the rule name \"{}\" is not a slug", raw.rule)),
            Text::new("用小写英文字母、数字和连字符", "use lower-case letters, digits and hyphens"),
        ));
    }
    let mut by_code = BTreeMap::new();
    for (index, field) in raw.fields.iter().enumerate() {
        check_field(index, field, findings);
        if by_code.insert(field.code.clone(), index).is_some() {
            findings.push(Finding::new(
                File::Schema,
                format!("/fields/{index}/code"),
                Text::new(format!("字段“{}”重复", field.code), format!("the field {} is declared twice", field.code)),
                Text::new("删去其中一个", "delete one of them"),
            ));
        }
    }
    if raw.fields.is_empty() {
        findings.push(Finding::new(
            File::Schema,
            "/fields",
            Text::new("没有任何字段", "there are no fields"),
            Text::new("至少声明一个字段", "declare at least one field"),
        ));
    }
    Some(Schema { rule: raw.rule.into(), fields: raw.fields.into_iter().map(Arc::new).collect(), by_code })
}

fn check_field(index: usize, field: &Field, findings: &mut Vec<Finding>) {
    let at = |part: &str| format!("/fields/{index}{part}");
    if !is_code(&field.code) {
        findings.push(Finding::new(
            File::Schema,
            at("/code"),
            Text::new(
                format!("字段代码“{}”不合格：表达式语言只认英文标识符", field.code),
                format!("the field code \"{}\" is no ASCII identifier, and the cells know no other", field.code),
            ),
            Text::new(
                "用小写英文字母开头，后接字母、数字、下划线",
                "use a-z, then a-z, 0-9 and _; at most 40 characters",
            ),
        ));
    }
    if field.label.is_incomplete() || field.unit.as_ref().is_some_and(Text::is_incomplete) {
        findings.push(Finding::new(
            File::Schema,
            at("/label"),
            Text::new(
                format!("字段“{}”缺中文或英文名称", field.code),
                format!("{} lacks words in one language", field.code),
            ),
            Text::new("补全 zh 和 en", "fill in zh and en"),
        ));
    }
    if field.options.values().chain(field.labels.values()).any(|label| label.is_incomplete()) {
        findings.push(Finding::new(
            File::Schema,
            at("/enum"),
            Text::new(
                format!("“{}”的选项缺名称", field.label.zh),
                format!("a value of {} lacks its label", field.code),
            ),
            Text::new("补全每个选项的 zh 和 en", "fill in zh and en of every value"),
        ));
    }
    if field.kind != Type::String && !field.options.is_empty() {
        findings.push(Finding::new(
            File::Schema,
            at("/enum"),
            Text::new("只有 string 字段可以有选项", "only a string field can have an enum"),
            Text::new("把类型改为 string，或删去 enum", "make it a string or drop the enum"),
        ));
    }
    if !field.labels.is_empty() && (field.kind != Type::String || !field.options.is_empty()) {
        findings.push(Finding::new(
            File::Schema,
            at("/labels"),
            Text::new("labels 只用于没有 enum 的 string 字段", "labels are for string fields without an enum"),
            Text::new("改用 enum，或删去 labels", "use the enum, or drop the labels"),
        ));
    }
    crate::lint::origin::check(index, field, findings);
}

fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_code(text: &str) -> bool {
    // Words of the expression language would be read as such, not as a name.
    let reserved = ["and", "or", "not", "in", "true", "false", "null", "d", "decision"].contains(&text);
    !reserved
        && text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
