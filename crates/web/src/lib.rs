//! Server-rendered pages and the JSON API.

pub mod assets;
pub mod catalog;
pub mod errors;
pub mod home;
pub mod i18n;
pub mod kit;
pub mod layout;
