//! What the registers of the city know about people, companies and things.
//!
//! A register is asked with a key and answers with a JSON document, with "no such entry", or not at all. The third
//! answer is a fact of its own: a register that is silent never counts as an approval.

pub mod names;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The answer of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The entry.
    Found(Value),
    /// There is none under that key.
    Absent,
    /// The register did not answer.
    Unavailable,
}

impl Answer {
    /// The value at a dotted path inside a found entry: `legal_representative.id`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let Answer::Found(doc) = self else { return None };
        path.split('.').try_fold(doc, |value, part| value.get(part)).filter(|value| !value.is_null())
    }
}

/// A register of the demo city and of the exchange adapters, by its stored name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterName {
    /// Stored name: `enterprise`.
    pub name: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
}

macro_rules! registers {
    ($(($name:literal, $zh:literal, $en:literal)),+ $(,)?) => {
        /// Every register that a rule, a form or a material may name.
        pub const REGISTERS: &[RegisterName] = &[$(RegisterName { name: $name, zh: $zh, en: $en }),+];
    };
}

registers![
    ("enterprise", "市场主体登记库", "company register"),
    ("person", "人口基础信息库", "population register"),
    ("credit", "公共信用信息平台", "public credit records"),
    ("premises", "标准地址与房屋库", "premises register"),
    ("project", "投资项目在线审批监管平台", "investment project register"),
    ("company-name", "企业名称库", "company name register"),
    ("industry-policy", "产业政策目录", "industrial policy catalogue"),
    ("device-catalogue", "医疗器械分类目录", "medical device classification"),
    ("land", "土地供应合同库", "land contract register"),
    ("real-estate", "不动产登记库", "real estate register"),
    ("social-insurance", "社会保险登记库", "social insurance register"),
    ("health-insurance", "医疗保障信息库", "health insurance register"),
    ("housing-fund", "住房公积金信息库", "housing provident fund register"),
    ("tax", "税务登记库", "tax register"),
    ("practitioner", "执业资格库", "register of practitioners"),
    ("vehicle", "机动车登记库", "vehicle register"),
];

/// The register of that stored name.
pub fn register(name: &str) -> Option<&'static RegisterName> {
    REGISTERS.iter().find(|register| register.name == name)
}
