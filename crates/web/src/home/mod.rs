//! The home page.

mod view;

pub use view::{HallNow, HomePage, Todo};
