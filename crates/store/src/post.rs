//! Postal items.

use crate::table::{Column, Table};

/// A result on its way out, or originals on their way in.
pub static MAILING: Table = Table {
    name: "mailing",
    columns: &[
        Column::text("case_number"),
        Column::text("person"),
        Column::text("state"),
        Column::text("pile"),
        Column::text("number"),
        Column::text("open_key"),
    ],
};
