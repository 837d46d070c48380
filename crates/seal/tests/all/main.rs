//! Tests of what the crate promises to others: files in, verdicts out.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests may fail loudly")]

mod cards;
mod city;
mod keystores;
mod licences;
