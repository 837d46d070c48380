//! Search.
use std::collections::BTreeMap;
/// Synonyms.
pub type Synonyms = BTreeMap<String, Vec<String>>;
