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

/// Whether a reason names the article of the law that it rests on, as in `《行政许可法》第六十九条第二款：…` (AL 38(2): a refusal,
/// and by its likeness every burdening decision, states reasons; the law they stand on is a part of them).
pub fn names_article(reason: &str) -> bool {
    let Some((_, rest)) = reason.split_once('《') else { return false };
    let Some((law, rest)) = rest.split_once('》') else { return false };
    let Some((number, _)) = rest.split_once('第').and_then(|(_, rest)| rest.split_once('条')) else { return false };
    let digit = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百千".contains(c);
    !law.trim().is_empty() && !number.is_empty() && number.chars().all(digit)
}

#[cfg(test)]
mod tests {
    use super::names_article;

    #[test]
    fn a_reason_names_law_and_article() {
        for (reason, named) in [
            ("《行政许可法》第六十九条第二款：以欺骗手段取得", true),
            ("《行政处罚法》第10条至第12条", true),
            ("依照《行政许可法》第七十条", true),
            ("以欺骗手段取得", false),
            ("《行政许可法》", false),
            ("《》第六十九条", false),
            ("《行政许可法》第条", false),
            ("《行政许可法》第某某条", false),
            ("行政许可法第六十九条", false),
            ("", false),
        ] {
            assert_eq!(names_article(reason), named, "{reason}");
        }
    }
}
