//! Cases, their sealed documents, drafts and uploads.

use crate::table::{Column, PlainTable, Table};

/// A case (`case` is a word of SQL).
pub static CASEFILE: Table = Table {
    name: "casefile",
    columns: &[
        Column::text("number"),
        Column::text("matter"),
        Column::text("department"),
        Column::text("district"),
        Column::text("state"),
        Column::text("pile"),
        Column::text("applicant_code"),
        Column::text("applicant_name"),
        Column::text("filed_by"),
        Column::int("received"),
        Column::int("deadline"),
        Column::text("open_key"),
        Column::text("applicant_kind"),
        Column::text("precedent"),
        Column::int("risk"),
    ],
};

/// A sealed document.
pub static DOCUMENT: PlainTable = PlainTable {
    name: "document",
    columns: &[
        Column::text("casefile"),
        Column::text("kind"),
        Column::text("number"),
        Column::int("at"),
        Column::text("doc"),
    ],
};

/// What rules were shown about a case and what they said, cell by cell, as JSON. Its id is the case's with the SHA-256 of `doc`
/// behind a slash; the fact of the run names that digest.
pub static RULE_RECORD: PlainTable = PlainTable { name: "rule_record", columns: &[Column::text("doc")] };

/// An application that has not been sent.
pub static DRAFT: PlainTable = PlainTable {
    name: "draft",
    columns: &[Column::text("owner"), Column::text("matter"), Column::int("updated"), Column::text("doc")],
};

/// An uploaded file.
pub static UPLOAD: PlainTable = PlainTable {
    name: "upload",
    columns: &[
        Column::text("owner"),
        Column::text("name"),
        Column::int("size"),
        Column::text("sha256"),
        Column::text("media_type"),
        Column::text("casefile"),
        Column::int("created"),
    ],
};
