//! Published matters.

use crate::table::{Column, PlainTable, Table};

/// A matter: which version is published, and whether its automation is paused.
pub static MATTER: Table = Table { name: "matter", columns: &[Column::int("published"), Column::int("paused")] };

/// A published version, immutable; `id` is `<slug>/<version>`.
pub static MATTER_VERSION: PlainTable =
    PlainTable { name: "matter_version", columns: &[Column::int("at"), Column::text("doc")] };

/// The one row that says what this city is.
pub static CITY: Table = Table { name: "city", columns: &[Column::int("demo")] };
