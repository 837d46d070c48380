//! Tests of what the crate promises to others: files in, verdicts out.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod chains;
mod city;
mod compact_lists;
mod der;
mod every_type;
mod fallback_font;
mod foreign;
mod judges;
mod keystores;
mod licence_types;
mod licences;
mod log_trees;
mod long_term;
mod mutations;
mod openssl;
mod packing;
mod papers;
mod places;
mod qr_codes;
mod read_back;
mod refusals;
mod renderings;
mod stamps;
mod strangers;
mod sweeps;
mod typed;
