//! Every test of the crate that looks at it from outside, in one binary.

mod analyser;
mod approvals;
mod computed;
mod example;
mod files;
mod support;
mod traps;
