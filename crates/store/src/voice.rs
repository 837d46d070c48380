//! Ratings, their follow-ups, contests, and the codes by which one rates.

use crate::table::{Column, PlainTable, Table};

/// A rating.
pub static RATING: Table = Table {
    name: "rating",
    columns: &[Column::text("department"), Column::int("stars"), Column::text("account"), Column::text("person")],
};

/// The follow-up of a bad rating.
pub static RATING_ORDER: Table = Table {
    name: "rating_order",
    columns: &[
        Column::text("number"),
        Column::text("department"),
        Column::text("state"),
        Column::text("pile"),
        Column::int("deadline"),
        Column::int("published"),
    ],
};

/// A period of a contest.
pub static RATING_CONTEST: Table = Table { name: "rating_contest", columns: &[Column::int("held")] };

/// The code of a message.
pub static RATING_CODE: PlainTable =
    PlainTable { name: "rating_code", columns: &[Column::text("service"), Column::int("at")] };
