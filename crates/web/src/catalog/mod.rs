//! The catalogue of matters: lists, search results, and the guide of one matter.

mod guide;
mod handlers;
mod list;
mod topics;

pub use guide::{Authority, Contacts, GuidePage, Names, Strip};
pub use handlers::routes;
pub use list::{ListFilter, ListPage, MatterRow};
pub use topics::{Audience, Topic, TopicTile, tiles, topic};
