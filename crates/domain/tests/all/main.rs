//! All integration tests of the crate, in one binary so that they link once.

mod calendar;
mod cases;
mod catalog;
mod clocks;
mod codes;
mod form;
mod house;
mod periods;
mod refs;
mod search;
