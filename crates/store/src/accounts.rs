//! Tables of accounts, sessions and tokens.

use crate::table::{Column, PlainTable, Table};

/// Accounts. `doc` holds name, password hash, grants and proven identity.
pub static ACCOUNT: Table = Table { name: "account", columns: &[Column::text("login"), Column::text("person")] };

/// Mandates of organisations for their clerks. `open_key` names both while it has not ended: one for each pair.
pub static MANDATE: Table = Table {
    name: "mandate",
    columns: &[Column::text("principal"), Column::text("person"), Column::text("state"), Column::text("open_key")],
};

/// Signed-in sessions.
pub static SESSION: PlainTable =
    PlainTable { name: "session", columns: &[Column::text("account"), Column::int("expires"), Column::text("csrf")] };

/// The hash of an account's password, under the account's id.
pub static SECRET: PlainTable = PlainTable { name: "account_secret", columns: &[Column::text("phc")] };

/// Bearer tokens of systems.
pub static TOKEN: PlainTable = PlainTable {
    name: "token",
    columns: &[Column::text("account"), Column::text("scopes"), Column::int("expires"), Column::text("label")],
};

/// What is given out once and comes back once while a person signs in.
pub static CHALLENGE: PlainTable = PlainTable {
    name: "challenge",
    columns: &[
        Column::text("purpose"),
        Column::text("account"),
        Column::int("uses"),
        Column::int("expires"),
        Column::text("doc"),
    ],
};

/// Who of an identity provider signs in to which account.
pub static ACCOUNT_LINK: PlainTable =
    PlainTable { name: "account_link", columns: &[Column::text("account"), Column::text("subject")] };

/// In-app messages.
pub static MESSAGE: PlainTable = PlainTable {
    name: "message",
    columns: &[Column::text("account"), Column::int("at"), Column::int("read_at"), Column::text("doc")],
};

/// What goes out of the platform to a confirmed address.
pub static OUTBOX: PlainTable = PlainTable {
    name: "outbox",
    columns: &[
        Column::text("account"),
        Column::text("channel"),
        Column::int("due_at"),
        Column::int("tries_left"),
        Column::int("sent_at"),
        Column::int("failed_at"),
        Column::int("answer"),
        Column::int("expires"),
        Column::text("doc"),
    ],
};
