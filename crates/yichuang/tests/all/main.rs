//! The binary from outside: commands, the API over HTTP, death in the middle of work, and a browser.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at its first surprise")]

mod api;
mod away;
mod bench;
mod browser;
mod browser_citizen;
mod browser_offline;
mod browser_post;
mod cli;
mod desk;
mod device;
mod durable;
mod exchange;
mod figures;
mod http;
mod keys;
mod log;
mod operator;
mod program;
mod restored;
mod rotation;
mod simulate;
mod stamping;
mod ways_out;
