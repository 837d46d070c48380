//! Every test of the crate that looks at it from outside, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod analyser;
mod approvals;
mod computed;
mod example;
mod files;
mod labels;
mod support;
mod traps;
