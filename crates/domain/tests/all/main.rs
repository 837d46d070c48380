//! All integration tests of the crate, in one binary so that they link once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod calendar;
mod cases;
mod catalog;
mod clocks;
mod codes;
mod devices;
mod faces;
mod form;
mod halls;
mod house;
mod law_table;
mod licences;
mod lifecycles;
mod messages;
mod papers;
mod parcels;
mod periods;
mod permission;
mod post;
mod refs;
mod rota;
mod search;
mod supervision;
mod voice;
