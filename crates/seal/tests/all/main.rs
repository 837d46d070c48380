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
mod foreign;
mod judges;
mod keystores;
mod licence_types;
mod licences;
mod log_trees;
mod mutations;
mod openssl;
mod papers;
mod qr_codes;
mod renderings;
mod stamps;
