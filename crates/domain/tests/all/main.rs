//! All integration tests of the crate, in one binary so that they link once.

mod calendar;
mod catalog;
mod clocks;
mod form;
mod periods;
mod refs;
mod search;
