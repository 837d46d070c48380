//! One binary for all tests of the crate.
// Helpers of tests may fail like tests do; clippy spares only functions marked as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod api;
mod citizen;
mod contract;
mod hall_day;
mod halls;
mod kiosk;
mod licences;
mod lockers;
mod log;
mod messages;
mod pages;
mod providers;
mod refusals;
mod reset;
mod rota;
mod routes;
mod sharing;
mod sign_in;
mod supervision;
mod voice;
