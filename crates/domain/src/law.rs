//! How statements of law are cited, and how sure we are of them.

use serde::{Deserialize, Serialize};

/// How sure we are of a statement about the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confidence {
    /// The text of the source was read.
    V,
    /// From general knowledge, not re-read: shown to staff as unverified.
    K,
    /// Local practice, which differs by city.
    L,
}

/// A legal basis 设定依据.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Name of the law, regulation or rule, in Chinese, without book-title marks.
    pub law: String,
    /// Article, as printed: `第二十二条`. Empty only with confidence K.
    #[serde(default)]
    pub article: String,
    /// How sure we are.
    pub basis: Confidence,
}
