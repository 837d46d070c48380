//! Tables as the write core sees them. Capabilities declare theirs as constants beside their read SQL.

/// Type of a column; exactly the three that both engines store alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BYTEA.
    Bytes,
}

/// A promoted column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its SQL name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
}

impl Column {
    /// A BIGINT column.
    pub const fn int(name: &'static str) -> Column {
        Column { name, kind: Kind::Int }
    }

    /// A TEXT column.
    pub const fn text(name: &'static str) -> Column {
        Column { name, kind: Kind::Text }
    }

    /// A BYTEA column.
    pub const fn bytes(name: &'static str) -> Column {
        Column { name, kind: Kind::Bytes }
    }
}

/// A table of aggregates: rows with a journal stream each.
///
/// Its migration must read `CREATE TABLE <name> (region TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL,
/// head_hash BYTEA NOT NULL, <columns, without DEFAULT>, doc TEXT NOT NULL, PRIMARY KEY (region, id))`, indexes beginning
/// with `region`. A later migration may add columns that may be NULL: the row digest leaves NULLs out, so old rows still verify.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// SQL name, also the first part of the name of its streams.
    pub name: &'static str,
    /// The promoted columns, in the order in which [`crate::RowWrite::columns`] gives their values.
    pub columns: &'static [Column],
}

impl Table {
    /// Name of the stream of one row: `<table>/<id>`.
    pub fn stream(&self, id: &str) -> String {
        format!("{}/{id}", self.name)
    }
}

/// A table without journal: sessions, uploads, messages, hot counted rows.
///
/// Its migration must read `CREATE TABLE <name> (region TEXT NOT NULL, id TEXT NOT NULL, <columns>, PRIMARY KEY (region, id))`.
#[derive(Debug, PartialEq, Eq)]
pub struct PlainTable {
    /// SQL name.
    pub name: &'static str,
    /// The columns, in the order in which [`crate::PlainWrite::columns`] gives their values.
    pub columns: &'static [Column],
}
