//! testkit

pub mod browser;
