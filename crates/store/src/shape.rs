//! What tables the database has, read from its own catalogue: `verify` and `backup` must see every table, also one that this
//! program has no constant for.

use crate::error::StoreError;
use crate::store::Snapshot;
use crate::table::Kind;

/// A table as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub name: String,
    /// Name and type; None for a type that is not ours, in a table that somebody else has added.
    pub columns: Vec<(String, Option<Kind>)>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
}

impl Shape {
    /// True for a table whose rows have a stream each.
    pub(crate) fn is_aggregate(&self) -> bool {
        ["version", "head_hash", "doc"].iter().all(|wanted| self.columns.iter().any(|(name, _)| name == wanted))
    }

    /// The promoted columns of an aggregate table.
    pub(crate) fn promoted(&self) -> impl Iterator<Item = &str> {
        let fixed = ["region", "id", "version", "head_hash", "doc"];
        self.columns.iter().map(|(name, _)| name.as_str()).filter(move |name| !fixed.contains(name))
    }
}

const SQLITE: &str = "SELECT m.name, p.name, upper(p.type), p.pk FROM sqlite_master m, pragma_table_info(m.name) p \
                      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY m.name, p.cid";
const POSTGRES: &str = "SELECT c.relname, a.attname, upper(format_type(a.atttypid, a.atttypmod)), \
                        CAST(COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0) AS BIGINT) FROM pg_class c \
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
                        WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
                        ORDER BY c.relname COLLATE \"C\", a.attnum";

/// All tables, sorted by name.
pub(crate) async fn shapes(snapshot: &Snapshot) -> Result<Vec<Shape>, StoreError> {
    let sql = if snapshot.is_sqlite() { SQLITE } else { POSTGRES };
    let mut shapes: Vec<Shape> = Vec::new();
    let mut keys: Vec<(i64, String)> = Vec::new();
    for row in snapshot.query(sql, &[]).await? {
        let (table, column) = (row.text(0)?, row.text(1)?.to_owned());
        if shapes.last().is_none_or(|shape| shape.name != table) {
            keys.clear();
            shapes.push(Shape { name: table.to_owned(), columns: Vec::new(), key: Vec::new() });
        }
        let Some(shape) = shapes.last_mut() else { continue };
        let kind = match row.text(2)? {
            "BIGINT" => Some(Kind::Int),
            "TEXT" => Some(Kind::Text),
            "BYTEA" => Some(Kind::Bytes),
            _ => None,
        };
        if row.int(3)? > 0 {
            keys.push((row.int(3)?, column.clone()));
            keys.sort();
            shape.key = keys.iter().map(|(_, name)| name.clone()).collect();
        }
        shape.columns.push((column, kind));
    }
    Ok(shapes)
}
