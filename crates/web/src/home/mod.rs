//! The home page.

mod handlers;
mod view;

pub use handlers::routes;
pub use view::{HallNow, HomePage, Todo};
