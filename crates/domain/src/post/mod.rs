//! The post: results on their way to whoever applied, originals on their way to a window, and what a carrier says of them.

mod address;
mod label;
mod mailing;

pub use address::PostAddress;
pub use label::{check_digit, is_number, number};
pub use mailing::{Direction, Event, EventKind, MailFact, MailState, Mailing};
