//! Figures 统计: what the head of a hall looks at every morning, and figures that were published before.
//!
//! * `week.rs` the weeks by which is counted; `measure.rs` what is counted, by which channel and kind
//! * `standing.rs` what the figures remember of a case, and which counters a fact of it moves
//! * `wait.rs` waiting times as a histogram of fixed classes, with the error of a quantile
//! * `ratio.rs` shares, growth and averages, rounded as they are printed
//! * `published.rs` figures of published sources, with what can be derived from them

mod measure;
mod published;
mod ratio;
mod standing;
mod wait;
mod week;

pub use measure::{Channel, Kind, Measure};
pub use published::{Agreement, Derived, Figure, Misfit, Period, Publication, Shape, Source};
pub use ratio::{Decimal, Ratio};
pub use standing::{Seat, Stage, Standing, Timely};
pub use wait::{CLASSES, Quantile, Waits, class_of};
pub use week::Week;
