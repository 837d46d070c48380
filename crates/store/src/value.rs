//! Values and rows: the only three types that both engines store alike (BIGINT, TEXT, BYTEA), and NULL.

use crate::error::StoreError;
use crate::table::Kind;
use domain::time::Timestamp;

/// A value in a column or a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT: numbers, fen, microseconds UTC, 0/1 for booleans.
    Int(i64),
    /// TEXT in UTF-8, without U+0000.
    Text(String),
    /// BYTEA: hashes, keys, signatures.
    Bytes(Vec<u8>),
}

impl Value {
    /// True if a column of this kind can hold the value (NULL fits everywhere).
    pub fn fits(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Value::Null, _)
                | (Value::Int(_), Kind::Int)
                | (Value::Text(_), Kind::Text)
                | (Value::Bytes(_), Kind::Bytes)
        )
    }

    fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "NULL",
            Value::Int(_) => "an integer",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
        }
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::Int(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Int(i64::from(v))
    }
}
impl From<Timestamp> for Value {
    fn from(v: Timestamp) -> Self {
        Value::Int(v.micros())
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Text(v.to_owned())
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Value::Text(v.clone())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Text(v)
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Value::Bytes(v)
    }
}
impl From<&[u8]> for Value {
    fn from(v: &[u8]) -> Self {
        Value::Bytes(v.to_vec())
    }
}
impl From<[u8; 32]> for Value {
    fn from(v: [u8; 32]) -> Self {
        Value::Bytes(v.to_vec())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

/// One row of an answer; columns are addressed by their place in the SELECT, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// A row of these values, for tests and snapshots.
    pub fn new(values: Vec<Value>) -> Row {
        Row(values)
    }

    /// All values in order.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// All values in order, by value.
    pub fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Integer in column `index`; an error if it is NULL, of another type, or missing.
    pub fn int(&self, index: usize) -> Result<i64, StoreError> {
        self.opt_int(index)?.ok_or_else(|| self.shape(index, "an integer"))
    }

    /// Text in column `index`; an error if it is NULL, of another type, or missing.
    pub fn text(&self, index: usize) -> Result<&str, StoreError> {
        self.opt_text(index)?.ok_or_else(|| self.shape(index, "text"))
    }

    /// Bytes in column `index`; an error if it is NULL, of another type, or missing.
    pub fn bytes(&self, index: usize) -> Result<&[u8], StoreError> {
        self.opt_bytes(index)?.ok_or_else(|| self.shape(index, "bytes"))
    }

    /// Instant in column `index`, stored as microseconds UTC.
    pub fn time(&self, index: usize) -> Result<Timestamp, StoreError> {
        self.int(index).map(Timestamp::from_micros)
    }

    /// A SHA-256 value in column `index`.
    pub fn digest(&self, index: usize) -> Result<[u8; 32], StoreError> {
        self.bytes(index)?.try_into().map_err(|_| self.shape(index, "32 bytes"))
    }

    /// Integer or NULL in column `index`.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(index) {
            Some(Value::Int(v)) => Ok(Some(*v)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.shape(index, "an integer")),
        }
    }

    /// Text or NULL in column `index`.
    pub fn opt_text(&self, index: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get(index) {
            Some(Value::Text(v)) => Ok(Some(v)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.shape(index, "text")),
        }
    }

    /// Bytes or NULL in column `index`.
    pub fn opt_bytes(&self, index: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.0.get(index) {
            Some(Value::Bytes(v)) => Ok(Some(v)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.shape(index, "bytes")),
        }
    }

    /// Instant or NULL in column `index`.
    pub fn opt_time(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(index)?.map(Timestamp::from_micros))
    }

    fn shape(&self, index: usize, wanted: &str) -> StoreError {
        let found = self.0.get(index).map_or("no such column", Value::type_name);
        StoreError::Shape(format!("column {index} should be {wanted} but is {found}"))
    }
}
