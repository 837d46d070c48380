//! `/watch/figures`: what the head of a hall looks at every morning, the cases behind each figure, and every table as a file.
//!
//! * `page.rs` the tables of a week; `behind.rs` the cases behind a figure; `files.rs` a table as CSV or XLSX

mod behind;
mod files;
mod page;

use axum::Router;
use axum::routing::get;
use service::supervision::{About, Asked};

use crate::app::App;

/// Addresses of the figures.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/watch/figures", get(page::page))
        .route("/watch/figures/cases", get(behind::page))
        .route("/watch/figures/{sheet}/{form}", get(files::export))
}

/// The part of an address behind the question mark, without what is empty.
fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.append_pair(name, value);
    }
    text.finish()
}

/// What was chosen, as it stands in addresses.
fn chosen(asked: &Asked) -> String {
    query([("week", asked.week.as_deref().unwrap_or("")), ("place", asked.place.as_deref().unwrap_or(""))])
}

/// The address of the cases behind a figure.
fn href(about: &About, figure: &str) -> String {
    let week = about.week.map(|week| week.to_string()).unwrap_or_default();
    let query = query([
        ("week", week.as_str()),
        ("place", about.place.as_deref().unwrap_or("")),
        ("channel", about.channel.map_or("", |own| own.as_str())),
        ("kind", about.kind.map_or("", |own| own.as_str())),
        ("figure", figure),
    ]);
    format!("/watch/figures/cases?{query}")
}
