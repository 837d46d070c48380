//! What is known about an application when its rule is applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::text::Text;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::schema::Type;

/// One value. Serialised as `{"string":"active"}`, `{"number":"36.5"}`, `{"bool":true}` or `{"date":"2026-01-01"}`;
/// numbers travel as text, because JSON numbers become floats on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactValue {
    /// Words, or a value of an enumeration.
    #[serde(rename = "string")]
    Text(Arc<str>),
    /// An exact decimal of at most 28 significant digits.
    #[serde(with = "decimal")]
    Number(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A legal day in Asia/Shanghai.
    Date(Date),
}

impl FactValue {
    /// Words.
    pub fn text(text: impl Into<Arc<str>>) -> FactValue {
        FactValue::Text(text.into())
    }

    /// A whole number.
    pub fn int(number: i64) -> FactValue {
        FactValue::Number(Decimal::from(number))
    }

    /// A plain decimal such as `36.5`, without exponent or grouping; `None` for anything else, and for numbers that
    /// do not fit exactly into 28 digits.
    pub fn decimal(text: &str) -> Option<FactValue> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
        if !plain {
            return None;
        }
        Decimal::from_str_exact(text).ok().map(|d| FactValue::Number(d.normalize()))
    }

    /// The type of the value.
    pub fn kind(&self) -> Type {
        match self {
            FactValue::Text(_) => Type::String,
            FactValue::Number(_) => Type::Number,
            FactValue::Bool(_) => Type::Bool,
            FactValue::Date(_) => Type::Date,
        }
    }

    /// Reads a JSON scalar as a value of type `kind`: numbers from a JSON number or, exactly, from a string; dates from
    /// `YYYY-MM-DD`. `None` when the JSON does not fit the type.
    pub fn from_json(kind: Type, json: &serde_json::Value) -> Option<FactValue> {
        use serde_json::Value;
        match (kind, json) {
            (Type::String, Value::String(s)) => Some(FactValue::text(s.as_str())),
            (Type::Number, Value::String(s)) => FactValue::decimal(s),
            (Type::Number, Value::Number(n)) => FactValue::decimal(&n.to_string()),
            (Type::Bool, Value::Bool(b)) => Some(FactValue::Bool(*b)),
            (Type::Date, Value::String(s)) => date(s).map(FactValue::Date),
            _ => None,
        }
    }
}

/// Strictly `YYYY-MM-DD`: jiff itself would read more.
pub(crate) fn date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shaped { text.parse().ok() } else { None }
}

mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(d)?;
        Decimal::from_str_exact(&text).map_err(D::Error::custom)
    }
}

/// The answer to one input of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Known.
    Value(FactValue),
    /// The source answered that there is nothing.
    Missing {
        /// Why, in words for the applicant.
        why: Text,
    },
    /// The source did not answer. Never the same as "there is nothing".
    Unavailable,
}

/// One fact with the words that say where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The answer.
    pub value: Answer,
    /// Source in words: `市场主体登记库，2026-07-01 09:30`.
    pub provenance: Arc<Text>,
}

impl Fact {
    /// A known fact.
    pub fn known(value: FactValue, provenance: impl Into<Arc<Text>>) -> Fact {
        Fact { value: Answer::Value(value), provenance: provenance.into() }
    }

    /// A fact that does not exist, and why.
    pub fn missing(why: Text, provenance: impl Into<Arc<Text>>) -> Fact {
        Fact { value: Answer::Missing { why }, provenance: provenance.into() }
    }

    /// A fact whose source did not answer.
    pub fn unavailable(provenance: impl Into<Arc<Text>>) -> Fact {
        Fact { value: Answer::Unavailable, provenance: provenance.into() }
    }
}

/// The facts of one application, by field code. A field that is not here counts as missing.
pub type Facts = BTreeMap<String, Fact>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_travel_as_text_and_stay_exact() {
        let value = FactValue::decimal("0.1000000000000000000000000001").unwrap();
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, r#"{"number":"0.1000000000000000000000000001"}"#);
        assert_eq!(serde_json::from_str::<FactValue>(&json).unwrap(), value);
        for bad in ["", "1e5", "1_000", "+1", " 1", "0x10", "12345678901234567890123456789012345", "一"] {
            assert_eq!(FactValue::decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_iso_days_are_dates() {
        assert!(date("2024-02-29").is_some());
        for bad in ["2023-02-29", "20240229", "2024-2-29", "2024-02-29T00:00:00", "2024/02/29"] {
            assert!(date(bad).is_none(), "{bad}");
        }
    }
}
