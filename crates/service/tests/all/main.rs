//! Tests of the use cases, each in a city of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod authenticator;
mod bed;
mod changes;
mod demo;
mod desk;
mod duties;
mod calendar;
mod demo;
mod desk;
mod filing;
mod law;
mod guards;
mod passkeys;
mod published;
mod replay;
