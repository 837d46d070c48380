//! Tables of accounts, sessions and tokens.

use crate::table::{Column, PlainTable, Table};

/// Accounts. `doc` holds name, password hash, grants and proven identity.
pub static ACCOUNT: Table = Table { name: "account", columns: &[Column::text("login"), Column::text("person")] };

/// Signed-in sessions.
pub static SESSION: PlainTable =
    PlainTable { name: "session", columns: &[Column::text("account"), Column::int("expires"), Column::text("csrf")] };

/// Bearer tokens of systems.
pub static TOKEN: PlainTable = PlainTable {
    name: "token",
    columns: &[Column::text("account"), Column::text("scopes"), Column::int("expires"), Column::text("label")],
};

/// In-app messages.
pub static MESSAGE: PlainTable = PlainTable {
    name: "message",
    columns: &[Column::text("account"), Column::int("at"), Column::int("read_at"), Column::text("doc")],
};
