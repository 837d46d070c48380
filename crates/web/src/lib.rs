//! Server-rendered pages and the JSON API.

pub mod assets;
pub mod i18n;
pub mod kit;
pub mod layout;
