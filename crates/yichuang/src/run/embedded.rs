//! The catalogue of the demo city, inside the binary, so that one file is enough.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../catalog/"]
struct Catalogue;

/// Every file by its path below `catalog/`.
pub fn catalogue() -> BTreeMap<String, String> {
    Catalogue::iter()
        .filter(|path| path.ends_with(".json"))
        .filter_map(|path| {
            let file = Catalogue::get(&path)?;
            Some((path.to_string(), String::from_utf8(file.data.into_owned()).ok()?))
        })
        .collect()
}
