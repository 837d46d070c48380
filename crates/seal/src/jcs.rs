//! Canonical JSON (RFC 8785): one value, one sequence of bytes. What is signed is always these bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
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
    of_value(&serde_json::to_value(value)?)
}

/// The canonical bytes of a value that is JSON already.
///
/// Nearly everything that is sealed has plain keys and whole numbers, and for these canonical JSON is compact JSON with
/// sorted keys. The library, which sorts and formats everything anew, is asked for the rest: it takes several times as long,
/// and an approval writes five such values.
pub(crate) fn of_value(value: &Value) -> Result<Vec<u8>, JcsError> {
    let mut bytes = Vec::with_capacity(1024);
    if write(value, &mut bytes)? { Ok(bytes) } else { Ok(serde_json_canonicalizer::to_vec(value)?) }
}

/// The largest whole number that a double holds exactly together with its neighbours, 2⁵³ − 1 (RFC 7493, section 2.2).
const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// Writes the canonical form, or answers `false` where sorting by UTF-16 or formatting a number is more than copying.
fn write(value: &Value, out: &mut Vec<u8>) -> Result<bool, JcsError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|n| n.unsigned_abs() <= LARGEST_EXACT);
            let Some(whole) = whole else { return Ok(false) };
            serde_json::to_writer(out, &whole)?;
        }
        // RFC 8785, section 3.2.2.2 asks for exactly the escapes that serde_json writes.
        Value::String(text) => serde_json::to_writer(out, text)?,
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                if !write(item, out)? {
                    return Ok(false);
                }
            }
            out.push(b']');
        }
        Value::Object(members) => return write_object(members, out),
    }
    Ok(true)
}

fn write_object(members: &Map<String, Value>, out: &mut Vec<u8>) -> Result<bool, JcsError> {
    out.push(b'{');
    let mut before: Option<&str> = None;
    for (key, member) in members {
        // Below U+10000 the order of UTF-8 is the order of UTF-16.
        if key.bytes().any(|byte| byte >= 0xf0) || before.is_some_and(|before| before >= key.as_str()) {
            return Ok(false);
        }
        if before.is_some() {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, key)?;
        out.push(b':');
        if !write(member, out)? {
            return Ok(false);
        }
        before = Some(key);
    }
    out.push(b'}');
    Ok(true)
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
    if of_value(&value)? != bytes {
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
    fn what_is_only_copied_is_what_the_library_writes() {
        let text: String = (0..0x300u32).chain([0x2028, 0xfeff, 0xffff, 0x1f600]).filter_map(char::from_u32).collect();
        let values = [
            serde_json::json!({"b": [1, -1, 0, null, true, false, {}, []], "a": {"文": text, "é": "·", "\u{7f}\n": ""}}),
            serde_json::json!([9_007_199_254_740_991_i64, -9_007_199_254_740_991_i64]),
            serde_json::json!([9_007_199_254_740_993_i64, u64::MAX, 1.5, 1e300, -0.0]),
            serde_json::json!({"\u{1f600}": 1, "\u{fb33}": 2, "x": {"\u{20bb7}": 3}}),
        ];
        for value in values {
            assert_eq!(to_bytes(&value).unwrap(), serde_json_canonicalizer::to_vec(&value).unwrap(), "{value}");
        }
        let plain = serde_json::json!({"a": [1, "x"], "b": {"c": null}});
        assert!(write(&plain, &mut Vec::new()).unwrap(), "nothing of it needs the library");
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
