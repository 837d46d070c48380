//! The registers of the city.

use crate::table::{Column, PlainTable};

/// One entry of one register; `id` is `<register>/<key>`.
pub static REGISTER_ENTRY: PlainTable =
    PlainTable { name: "register_entry", columns: &[Column::text("also"), Column::text("doc")] };
