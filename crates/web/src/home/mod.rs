//! The home page.

mod about;
mod handlers;
mod view;

pub use handlers::routes;
pub use view::{HallNow, HomePage, Todo};
