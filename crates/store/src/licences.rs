//! Licences on file.

use crate::table::{Column, Table};

/// A licence.
pub static LICENCE: Table = Table {
    name: "licence",
    columns: &[
        Column::text("public_id"),
        Column::text("identifier"),
        Column::text("holder_code"),
        Column::text("licence_type"),
        Column::text("department"),
        Column::text("recorded"),
        Column::int("valid_to"),
        Column::text("status_list"),
        Column::int("status_index"),
    ],
};
