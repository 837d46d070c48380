//! What the first page of the hall offers before anybody has searched: `home.json`.

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// `home.json`. Without the file the page leaves both lists out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Front {
    /// What people say, each a search that finds something.
    #[serde(default)]
    pub examples: Vec<Text>,
    /// Slugs of the matters that are asked for most, in this order.
    #[serde(default)]
    pub top: Vec<String>,
}
