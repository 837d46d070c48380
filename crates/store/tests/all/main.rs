//! The contract of the store. Each contract test runs on SQLite, and on PostgreSQL when `YICHUANG_TEST_PG` holds a connection
//! URL of a role that may create databases; each test has a database of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[macro_use]
mod bed;
mod backup;
mod batch;
mod commit;
mod disaster;
mod evidence;
mod halls;
mod plans;
mod schema;
mod sequence;
mod server;
mod uploads;
