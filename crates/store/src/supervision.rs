//! What the figures remember of cases and of windows.

use crate::table::{Column, PlainTable};

/// A case as the figures know it.
pub static FIGURE_CASE: PlainTable = PlainTable {
    name: "figure_case",
    columns: &[
        Column::text("week"),
        Column::text("place"),
        Column::text("channel"),
        Column::text("kind"),
        Column::text("stage"),
        Column::int("late_promise"),
        Column::int("late_limit"),
        Column::int("marks"),
    ],
};

/// Where a clerk sits.
pub static FIGURE_SEAT: PlainTable = PlainTable {
    name: "figure_seat",
    columns: &[Column::text("day"), Column::text("place"), Column::text("ticket"), Column::int("appointment")],
};
