//! The hashes that make the journal evidence. Everything here is SHA-256 over a canonical encoding.
//!
//! *Encoding.* `frame(x)` is the length of `x` in bytes as eight big-endian bytes, then `x`; `int(n)` is eight big-endian
//! bytes in two's complement. Every hash starts with the frame of its own name, so that no two can be confused.
//!
//! | hash | over |
//! |---|---|
//! | commitment | salt (16 bytes) ‖ body |
//! | row digest | frame(`yichuang/row/1`) ‖ frame(region) ‖ frame(table) ‖ frame(id) ‖ for each column that is not NULL, in the byte order of names: frame(name) ‖ `I` int, or `T` frame(text), or `B` frame(bytes) ‖ frame(doc) |
//! | fact hash | previous hash of the stream (32 zero bytes before the first) ‖ frame(`yichuang/fact/1`) ‖ frame(region) ‖ frame(stream) ‖ int(version) ‖ frame(kind) ‖ frame(actor) ‖ int(at, µs) ‖ row digest ‖ commitment |
//! | link | frame(`yichuang/link/1`) ‖ previous link of the region (32 zero bytes before position 1) ‖ int(position) ‖ fact hash |
//!
//! The fact hash does not contain the position, so that a change can be chained again at another place when its batch is
//! retried; the link ties the order of all streams of a region together.

use crate::value::Value;
use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// What comes before the first fact of a stream, and before the first position of a region.
pub(crate) const NOTHING: Hash = [0; 32];

/// The part of a fact that its hash covers besides the commitment.
pub(crate) struct Header<'a> {
    pub region: &'a str,
    pub stream: &'a str,
    pub version: i64,
    pub kind: &'a str,
    pub actor: &'a str,
    pub at: i64,
    pub row_digest: &'a [u8],
}

struct Canon(Sha256);

impl Canon {
    fn frame(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    fn int(self, n: i64) -> Self {
        self.raw(&n.to_be_bytes())
    }

    fn done(self) -> Hash {
        self.0.finalize().into()
    }
}

fn canon() -> Canon {
    Canon(Sha256::new())
}

/// Binds a body without showing it.
pub(crate) fn commitment(salt: &[u8], body: &str) -> Hash {
    canon().raw(salt).raw(body.as_bytes()).done()
}

/// Digest of an aggregate row. `columns` may come in any order; NULLs are left out.
pub(crate) fn row_digest(region: &str, table: &str, id: &str, columns: &[(&str, &Value)], doc: &str) -> Hash {
    let mut sorted: Vec<_> = columns.iter().filter(|(_, value)| **value != Value::Null).collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut out =
        canon().frame(b"yichuang/row/1").frame(region.as_bytes()).frame(table.as_bytes()).frame(id.as_bytes());
    for (name, value) in sorted {
        out = out.frame(name.as_bytes());
        out = match value {
            Value::Null => out,
            Value::Int(n) => out.raw(b"I").int(*n),
            Value::Text(text) => out.raw(b"T").frame(text.as_bytes()),
            Value::Bytes(bytes) => out.raw(b"B").frame(bytes),
        };
    }
    out.frame(doc.as_bytes()).done()
}

/// Hash of a fact, chained to the fact before it in its stream.
pub(crate) fn fact_hash(previous: &[u8], header: &Header<'_>, commitment: &[u8]) -> Hash {
    canon()
        .raw(previous)
        .frame(b"yichuang/fact/1")
        .frame(header.region.as_bytes())
        .frame(header.stream.as_bytes())
        .int(header.version)
        .frame(header.kind.as_bytes())
        .frame(header.actor.as_bytes())
        .int(header.at)
        .raw(header.row_digest)
        .raw(commitment)
        .done()
}

/// Ties a fact to its position and to every fact before it in the region.
pub(crate) fn link(previous: &[u8], position: i64, hash: &[u8]) -> Hash {
    canon().frame(b"yichuang/link/1").raw(previous).int(position).raw(hash).done()
}
