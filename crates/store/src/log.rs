//! The public log of licences, and the logs of others that this city watches.

use crate::table::{Column, PlainTable, Table};

/// An entry of the log.
pub static LOG_ENTRY: PlainTable =
    PlainTable { name: "log_entry", columns: &[Column::int("place"), Column::text("licence"), Column::text("entry")] };

/// The salt of the entries about a licence.
pub static LOG_SALT: PlainTable = PlainTable { name: "log_salt", columns: &[Column::bytes("salt")] };

/// A tile of hashes.
pub static LOG_TILE: PlainTable = PlainTable { name: "log_tile", columns: &[Column::bytes("hashes")] };

/// A published checkpoint.
pub static LOG_CHECKPOINT: PlainTable = PlainTable {
    name: "log_checkpoint",
    columns: &[Column::int("size"), Column::int("at"), Column::int("cosigned"), Column::text("note")],
};

/// What was countersigned last of another's log.
pub static WATCHED_LOG: Table = Table { name: "watched_log", columns: &[Column::text("origin"), Column::int("size")] };
