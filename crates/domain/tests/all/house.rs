//! The house keeps its own rules: the map names real places, and capabilities use only those to their left.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_place_on_the_map_exists() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let places: Vec<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains('/') && !word.contains(' ') && !word.contains("::"))
        .collect();
    assert!(places.len() > 15, "the map names its places");
    let missing: Vec<&&str> = places.iter().filter(|place| !root().join(place).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names places that do not exist: {missing:?}");
}

/// `licences` stands left of `cases`: a licence knows the id of its case, a case knows its licence.
const ORDER: &[&str] =
    &["accounts", "registry", "catalog", "licences", "cases", "halls", "voice", "messages", "post", "supervision"];
/// Uses that point to the right and remain, each with its reason; this list may only shrink.
const ALLOWED: [(&str, &str, &str); 1] =
    [("accounts", "catalog", "a party is of a kind that the catalogue's matters are open to")];

#[test]
fn capabilities_use_only_those_to_their_left() {
    let mut wrong = Vec::new();
    for (at, own) in ORDER.iter().enumerate() {
        let mut folders = vec![root().join("crates/domain/src").join(own)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for right in ORDER.iter().skip(at + 1) {
                    let allowed = ALLOWED.iter().any(|(from, to, _)| from == own && to == right);
                    if text.contains(&format!("crate::{right}::")) && !allowed {
                        wrong.push(format!("{} uses {right}", path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
