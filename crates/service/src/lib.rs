//! The use cases: one function per command. Pages, API, CLI, jobs and the simulated city all call these.
//!
//! A use case reads what the decision needs, asks `domain` whether the actor may and whether the law allows it, signs
//! what must be signed, and hands one [`store::Change`] to the store. It holds no rule of its own.

pub mod accounts;
pub mod calendar;
pub mod cases;
pub mod catalog;
mod city;
pub mod demo;
mod error;
pub mod evidence;
pub mod halls;
pub mod jobs;
pub mod journal;
pub mod licences;
pub mod log;
pub mod messages;
pub mod numbers;
pub mod post;
pub mod registry;
pub mod simulate;
pub mod statistics;
pub mod supervision;
pub mod voice;

pub use city::{City, Clock, Entropy, Keys, Operation, Settings};
pub use error::{FieldError, ServiceError};
