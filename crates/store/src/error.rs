//! Everything that can go wrong between a change and its commit, in one enum.

use crate::change::Expected;

/// Why the store did not do what it was asked to do. Nothing of a refused change is written.
///
/// The messages are for staff and logs and say what to do; what a citizen reads is decided by the web layer, which matches
/// this enum exhaustively.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The row, or one that the decision rests on, is not in the version that the change was made for. Read it again, decide again, commit again.
    #[error("{table}/{id} was expected to be {expected} but is at version {found}: read it again and decide again")]
    Conflict {
        /// Table of the row.
        table: &'static str,
        /// Id of the row.
        id: String,
        /// What the change expected.
        expected: Expected,
        /// Version found; 0 if there is no such row.
        found: i64,
    },
    /// A guarded increment would have gone below its minimum: the last slot is taken, the quota is used up.
    #[error("{table}/{id}: {column} would fall below its minimum, so nothing was taken")]
    GuardFailed {
        /// Table of the counted row.
        table: &'static str,
        /// Id of the counted row.
        id: String,
        /// The guarded column.
        column: &'static str,
    },
    /// An increment names a row that does not exist. Write the row first.
    #[error("{table}/{id} does not exist: write it before counting on it")]
    NoSuchRow {
        /// Table of the missing row.
        table: &'static str,
        /// Its id.
        id: String,
    },
    /// Somebody else has executed or cancelled this due row. There is nothing left to do.
    #[error("the due row {kind} of {subject} is gone: somebody else has executed or cancelled it")]
    DueGone {
        /// Kind of the due row.
        kind: String,
        /// What it was about.
        subject: String,
    },
    /// Another worker has advanced this subscriber. Read its position again.
    #[error("subscriber {subscriber} stands at {found}, not at {expected}: read its position again")]
    CursorMoved {
        /// Name of the subscriber.
        subscriber: String,
        /// Position that the change started from.
        expected: i64,
        /// Position found.
        found: i64,
    },
    /// This key was used before with the same body: answer with the first result.
    #[error("this idempotency key was used before with the same body: answer with its first result")]
    IdempotencyReplay {
        /// The result stored with the first commit.
        result: String,
    },
    /// This key was used before with another body (HTTP 422).
    #[error("this idempotency key was used before with another body: use a new key for a new request")]
    IdempotencyMismatch,
    /// A unique index refuses the row: a number, name or code is taken.
    #[error("{table} already holds a row with this {columns}")]
    Duplicate {
        /// Table whose index refused.
        table: String,
        /// Columns of the index without `region`, separated by `, `; empty if the engine does not tell.
        columns: String,
    },
    /// The disk or the quota of the database is full. Nothing of the batch was written; free space, then send again.
    #[error("the database has no space left and nothing was written: free disk space, then send the request again")]
    Full,
    /// The database cannot be reached, is locked or went away. Whether the change was committed is unknown:
    /// sending it again with the same idempotency key is safe.
    #[error("the database is unavailable ({0}): send the request again with the same idempotency key")]
    Unavailable(String),
    /// There is no database at this place, or it is empty, and the caller did not mean to make one.
    #[error(
        "there is no database of a city at {0}: correct `database` in city.json, restore a backup with `yichuang restore`, \
         or create a city with `yichuang init`"
    )]
    NoDatabase(String),
    /// The database belongs to another program. Nothing was written to it.
    #[error("{0} is the database of another program and was left as it is: name a database of its own in city.json")]
    Foreign(String),
    /// The database was written by a newer program.
    #[error(
        "the database has schema version {found} but this program knows versions up to {wanted}: start the newer program, \
         or restore a backup made before the upgrade"
    )]
    WrongSchemaVersion {
        /// Version recorded in the database.
        found: i64,
        /// Newest version this program knows.
        wanted: i64,
    },
    /// The caller made an ill-formed change or statement: a mistake in the program, not in the data.
    #[error("ill-formed request to the store: {0}")]
    Invalid(String),
    /// A row does not have the shape that the caller expects.
    #[error("unexpected data in the database: {0}")]
    Shape(String),
    /// A backup, restore, checkpoint or upload file could not be used.
    #[error("{0}")]
    File(String),
    /// Any other answer of the engine. The text is for the log, never for the caller of the API.
    #[error("the database refused: {0}")]
    Database(String),
}

impl StoreError {
    /// True if the same request may succeed when it is simply sent again later.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Full | StoreError::Unavailable(_))
    }
}
