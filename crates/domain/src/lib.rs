//! What the law and the city allow.
//!
//! This crate is pure: no input or output, no `async`, no clock and no randomness. `now`, random bytes and fresh
//! ids come in as parameters, so every rule here can be tested exhaustively in milliseconds and replayed years later.
//!
//! The folders carry the names of the capabilities, which are the same in every crate; each uses only those to its
//! left in `accounts registry catalog licences cases halls voice messages post supervision` (a test in `tests/` checks it). `codes`, `time`, `text` and
//! `ids` are the ground that all of them stand on.

pub mod accounts;
pub mod cases;
pub mod catalog;
pub mod codes;
pub mod halls;
pub mod ids;
pub mod law;
pub mod licences;
pub mod merkle;
pub mod messages;
pub mod post;
pub mod registry;
pub mod supervision;
pub mod text;
pub mod time;
pub mod voice;
