//! The store: one durable, atomic commit per command, on SQLite (embedded) or PostgreSQL, behind one API.
//!
//! # In five minutes
//!
//! A command reads rows ([`Store::load`], [`Store::query`]), decides, and hands the store a [`Change`]: rows with the version
//! that the decision was made on, journal facts, counters, timers, and the idempotency key of the request.
//! [`Store::commit`] makes all of it durable or none of it. Changes are data, so the one writer of an engine puts up to 256 of
//! them into one fsync, and a test can look at a change without a database.
//!
//! ```text
//! commit ──▶ Prepared (digests, on the caller's thread) ──▶ lane (queue) ──▶ writer: load view ─▶ plan ─▶ write ─▶ COMMIT ─▶ answers
//! ```
//!
//! * **State rows are the truth; the journal is the evidence**, written in the same commit. The stream of a row is `<table>/<id>`;
//!   the row carries the version and the hash of its last fact; each fact carries the digest of the row that it produced.
//!   What is hashed, byte by byte, stands in `chain.rs`.
//! * **The middle is pure and shared** (`plan/`): conflicts, guards, replays and the chaining of hashes are decided there from a view of
//!   the database, for both engines. The engines only load that view and write the rows that come out.
//! * **Positions have no gaps.** SQLite has one writer; PostgreSQL takes an advisory lock per region once a batch. So a
//!   subscriber that remembers a position misses nothing.
//! * **Reading is written once**: `$1` placeholders, BIGINT/TEXT/BYTEA only (see [`Store::query`]).
//!
//! # Where to look
//!
//! | file | what |
//! |---|---|
//! | `change.rs`, `error.rs`, `table.rs`, `value.rs` | the vocabulary |
//! | `store.rs` | the handle: open, commit, query, reserve, lookup |
//! | `plan/` | check → apply → merged writes, pure |
//! | `lane.rs` | the queue in front of the writer |
//! | `sqlite/` | writer thread, savepoint per change, readers |
//! | `postgres/` | grouped write lane, region lock, readers |
//! | `accounts.rs`, `registry.rs`, `catalog.rs`, `cases.rs`, `licences.rs`, `log.rs`, `halls.rs`, `voice.rs`, `post.rs`, `supervision.rs` | the tables of the capabilities |
//! | `journal.rs`, `access.rs` | reading facts, counters, due rows; who read what |
//! | `chain.rs`, `merkle.rs`, `checkpoint.rs` | hashes, chains, checkpoints |
//! | `verify/` | does the evidence hold |
//! | `uploads.rs` | resumable uploads to disk, content under its hash |
//! | `backup/` | encrypted backup and restore, the same file for both engines |
//! | `migrate.rs`, `shape.rs`, `../migrations/` | the schema |
//!
//! # Invariants
//!
//! * An aggregate row never changes without a fact, and is never deleted.
//! * Nothing is acknowledged before the fsync; after a kill, unacknowledged changes may or may not be there, and the
//!   idempotency key tells.
//! * No clock and no randomness here: instants and salts come in with the change.

mod access;
pub mod accounts;
mod backup;
pub mod cases;
pub mod catalog;
mod chain;
mod change;
mod checkpoint;
mod error;
pub mod halls;
mod journal;
mod lane;
pub mod licences;
pub mod log;
mod merkle;
mod migrate;
mod plan;
pub mod post;
mod postgres;
pub mod registry;
mod shape;
mod sqlite;
mod store;
pub mod supervision;
mod table;
mod uploads;
mod value;
mod verify;
pub mod voice;

pub use access::Access;
pub use backup::{BackupError, BackupRandom, Restored, restore};
pub use chain::Hash;
pub use change::{
    Advance, Change, Committed, CounterStep, DueOp, ERASED, Erasure, Expected, Forget, Idempotency, Increment,
    MAX_ITEMS, MAX_TEXT_BYTES, NewFact, PlainDelete, PlainWrite, Premise, RowWrite,
};
pub use checkpoint::{Checkpoint, Draft, SignedCheckpoint};
pub use error::StoreError;
pub use journal::{Due, Fact};
pub use postgres::PostgresConfig;
pub use sqlite::SqliteConfig;
pub use store::{Config, Snapshot, Store, Stored};
pub use table::{Column, Kind, PlainTable, Table};
pub use uploads::{Content, Progress, UploadError, Uploads};
pub use value::{Row, Value};
pub use verify::{Fault, Report, Uncovered};
