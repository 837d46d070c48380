//! Server-rendered pages and the JSON API.

pub mod accounts;
pub mod api;
pub mod app;
pub mod assets;
pub mod cases;
pub mod catalog;
pub mod desk;
pub mod errors;
pub mod halls;
pub mod home;
pub mod i18n;
pub mod kit;
pub mod layout;
pub mod licences;
pub mod log;
pub mod post;
pub mod router;
pub mod supervision;
pub mod voice;

pub use router::router;
