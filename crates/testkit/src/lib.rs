//! For tests only: a whole city in memory with a mock clock, and a browser client.

pub mod browser;
pub mod city;

pub use city::city;
