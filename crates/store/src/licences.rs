//! Licences on file, and the lists that say whether they count.

use crate::table::{Column, PlainTable, Table};

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
        Column::int("holder_serial"),
        Column::text("claim"),
    ],
};

/// What a holder lets others see of a licence for a while.
pub static LICENCE_SHARE: Table =
    Table { name: "licence_share", columns: &[Column::text("licence"), Column::text("holder"), Column::int("until")] };

/// The secret of a status list.
pub static STATUS_LIST: PlainTable =
    PlainTable { name: "status_list", columns: &[Column::text("list"), Column::bytes("secret")] };

/// A certificate that signed what people hold, kept after its key has been renewed.
pub static CERTIFICATE: PlainTable =
    PlainTable { name: "certificate", columns: &[Column::text("purpose"), Column::bytes("der")] };

/// A bureau's electronic seal.
pub static SEAL: Table = Table { name: "seal", columns: &[Column::text("department"), Column::int("retired_at")] };

/// A licence taken from paper.
pub static PAPER_LICENCE: Table = Table {
    name: "paper_licence",
    columns: &[Column::text("holder"), Column::text("state"), Column::text("living"), Column::int("entered")],
};

/// A licence of another issuer, as it was fetched.
pub static ELSEWHERE_LICENCE: Table = Table {
    name: "elsewhere_licence",
    columns: &[Column::text("holder"), Column::text("sha256"), Column::text("peer"), Column::int("confirmed")],
};
