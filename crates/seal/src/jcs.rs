//! Canonical JSON (RFC 8785): one value, one sequence of bytes. What is signed is always these bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// The largest file of our own making that is read, in bytes. A licence is about 3 KB, a full status list about 50 KB.
pub const MAX_BYTES: usize = 1_048_576;

/// Why bytes are not the canonical JSON that this platform writes.
#[derive(Debug, Error)]
pub enum JcsError {
    /// More than [`MAX_BYTES`].
    #[error("the file has {0} bytes, more than {MAX_BYTES}")]
    TooLarge(usize),
    /// Not JSON at all, or not of the expected shape.
    #[error("not readable: {0}")]
    Parse(#[from] serde_json::Error),
    /// JSON, but with other spacing, key order, number or string forms, or a key given twice.
    #[error("the bytes are not in canonical form (RFC 8785)")]
    NotCanonical,
}

/// The canonical bytes of a value.
///
/// Errors: a number that is not finite, or a map whose keys are not strings.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, JcsError> {
    Ok(serde_json_canonicalizer::to_vec(value)?)
}

/// Reads JSON and insists that the bytes are the canonical ones.
///
/// A key given twice is refused with everything else that has two readings: of two equal keys one is lost in reading, so the
/// bytes written back are shorter than the bytes read.
pub fn value(bytes: &[u8]) -> Result<Value, JcsError> {
    if bytes.len() > MAX_BYTES {
        return Err(JcsError::TooLarge(bytes.len()));
    }
    let value: Value = serde_json::from_slice(bytes)?;
    if to_bytes(&value)? != bytes {
        return Err(JcsError::NotCanonical);
    }
    Ok(value)
}

/// Reads a typed value from canonical bytes, and insists that writing it again gives the same bytes, so that nothing in the
/// file was ignored or filled in.
pub fn parse<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, JcsError> {
    let typed: T = serde_json::from_value(value(bytes)?)?;
    if to_bytes(&typed)? != bytes {
        return Err(JcsError::NotCanonical);
    }
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_bytes_are_read() {
        let good = r#"{"a":1,"b":["x",true,null],"é":"文"}"#;
        assert!(value(good.as_bytes()).is_ok());
        for bad in [
            r#"{"b":1,"a":2}"#,
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e0}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":"\u0041"}"#,
            "{\"a\":1}\n",
            "\u{feff}{\"a\":1}",
            r#"{"a":1}{}"#,
            r#"{"a":-0}"#,
        ] {
            assert!(value(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(matches!(value(&vec![b' '; MAX_BYTES + 1]), Err(JcsError::TooLarge(_))));
    }

    #[test]
    fn rfc_8785_sorts_by_utf16() {
        let value =
            serde_json::json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "ö": 7});
        let bytes = to_bytes(&value).unwrap();
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
