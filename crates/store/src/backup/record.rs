//! What lies inside the envelope: a sequence of records, the same for both engines.
//!
//! Each record is a tag byte and its content; lengths and integers are big-endian.
//!
//! | tag | content |
//! |---|---|
//! | `H` | length (u32), JSON [`Head`] |
//! | `T` | length (u32), JSON [`TableHead`]: the rows that follow are of this table |
//! | `R` | each value: 0 NULL · 1 integer (i64) · 2 text, 3 bytes (length u32, bytes) |
//! | `F` | length (u32), path with `/`, size (u64), content |
//! | `E` | length (u32), JSON [`End`] |

use super::BackupError;
use super::cipher::Opener;
use crate::table::Kind;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// Longest text or name; larger means that the file is damaged or not ours.
const MAX_LENGTH: u32 = 64 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub format: u32,
    pub schema_version: i64,
    /// Microseconds UTC.
    pub at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableHead {
    pub name: String,
    /// Name and `int`, `text` or `bytes`.
    pub columns: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub tables: u64,
    pub rows: u64,
    pub files: u64,
}

#[derive(Debug)]
pub(super) enum Record {
    Head(Head),
    Table(TableHead),
    Row(Vec<Value>),
    /// Path and size; the content follows and is read with [`read_content`].
    File(String, u64),
    End(End),
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "int",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
    }
}

pub(super) fn kind(name: &str) -> Result<Kind, BackupError> {
    match name {
        "int" => Ok(Kind::Int),
        "text" => Ok(Kind::Text),
        "bytes" => Ok(Kind::Bytes),
        _ => Err(BackupError::Damaged),
    }
}

pub(super) fn put_json(out: &mut Vec<u8>, tag: u8, value: &impl Serialize) -> Result<(), BackupError> {
    let json = serde_json::to_vec(value).map_err(|e| BackupError::Key(e.to_string()))?;
    out.push(tag);
    put_bytes(out, &json)
}

pub(super) fn put_row(out: &mut Vec<u8>, values: &[Value]) -> Result<(), BackupError> {
    out.push(b'R');
    for value in values {
        match value {
            Value::Null => out.push(0),
            Value::Int(n) => {
                out.push(1);
                out.extend_from_slice(&n.to_be_bytes());
            }
            Value::Text(text) => {
                out.push(2);
                put_bytes(out, text.as_bytes())?;
            }
            Value::Bytes(bytes) => {
                out.push(3);
                put_bytes(out, bytes)?;
            }
        }
    }
    Ok(())
}

pub(super) fn put_file(out: &mut Vec<u8>, path: &str, size: u64) -> Result<(), BackupError> {
    out.push(b'F');
    put_bytes(out, path.as_bytes())?;
    out.extend_from_slice(&size.to_be_bytes());
    Ok(())
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), BackupError> {
    let length = u32::try_from(bytes.len()).ok().filter(|n| *n <= MAX_LENGTH).ok_or(BackupError::TooLarge)?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// Reads the next record; rows have `width` values.
pub(super) fn read<R: Read>(input: &mut Opener<R>, width: usize) -> Result<Record, BackupError> {
    match byte(input)? {
        b'H' => Ok(Record::Head(json(input)?)),
        b'T' => Ok(Record::Table(json(input)?)),
        b'R' => (0..width).map(|_| value(input)).collect::<Result<_, _>>().map(Record::Row),
        b'F' => {
            let path = text(input)?;
            let mut size = [0; 8];
            input.read(&mut size)?;
            Ok(Record::File(path, u64::from_be_bytes(size)))
        }
        b'E' => Ok(Record::End(json(input)?)),
        _ => Err(BackupError::Damaged),
    }
}

/// Hands the content of a file on in parts.
pub(super) fn read_content<R: Read>(
    input: &mut Opener<R>,
    size: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let mut part = vec![0; 65_536];
    let mut left = size;
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(part.len());
        let now = part.get_mut(..n).unwrap_or_default();
        input.read(now)?;
        each(now)?;
        left -= n as u64;
    }
    Ok(())
}

fn byte<R: Read>(input: &mut Opener<R>) -> Result<u8, BackupError> {
    let mut one = [0];
    input.read(&mut one)?;
    Ok(one[0])
}

fn value<R: Read>(input: &mut Opener<R>) -> Result<Value, BackupError> {
    match byte(input)? {
        0 => Ok(Value::Null),
        1 => {
            let mut n = [0; 8];
            input.read(&mut n)?;
            Ok(Value::Int(i64::from_be_bytes(n)))
        }
        2 => text(input).map(Value::Text),
        3 => bytes(input).map(Value::Bytes),
        _ => Err(BackupError::Damaged),
    }
}

fn text<R: Read>(input: &mut Opener<R>) -> Result<String, BackupError> {
    String::from_utf8(bytes(input)?).map_err(|_| BackupError::Damaged)
}

fn bytes<R: Read>(input: &mut Opener<R>) -> Result<Vec<u8>, BackupError> {
    let mut length = [0; 4];
    input.read(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > MAX_LENGTH {
        return Err(BackupError::Damaged);
    }
    let mut out = vec![0; usize::try_from(length).map_err(|_| BackupError::TooLarge)?];
    input.read(&mut out)?;
    Ok(out)
}

fn json<R: Read, T: for<'de> Deserialize<'de>>(input: &mut Opener<R>) -> Result<T, BackupError> {
    serde_json::from_slice(&bytes(input)?).map_err(|_| BackupError::Damaged)
}
