//! Company names 企业名称: what the law forbids, and which registered names stand in the way.
//!
//! Sources: 企业名称登记管理规定 (2020) articles 5–12 and 17. The word lists are data, kept by the registrar.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::text::Text;

/// A name in its parts, as the applicant composed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameParts<'a> {
    /// The whole name.
    pub full: &'a str,
    /// 字号.
    pub brand: &'a str,
    /// 行业或经营特点.
    pub industry: &'a str,
    /// 组织形式: its ending, or its code in the form (`llc`).
    pub org_form: &'a str,
}

/// A name that the register holds.
#[derive(Debug, Clone, Deserialize)]
pub struct RegisteredName {
    /// 字号.
    pub brand: String,
    /// 行业 words; empty when the name has none.
    #[serde(default)]
    pub industry: String,
    /// `registered`, `reserved`, `deregistered` or `revoked`.
    pub status: String,
    /// Since when.
    pub since: Date,
}

/// One ground against a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameGround {
    /// Article of the regulation.
    pub article: String,
    /// What is wrong and what to do.
    pub text: Text,
}

#[derive(Debug, Deserialize)]
struct Rules {
    brand_min_chars: usize,
    cooling_months: i32,
    central_words: Vec<String>,
    prohibited: Vec<Prohibited>,
    industry_words: Vec<String>,
    org_forms: BTreeMap<String, Vec<String>>,
    /// Legal forms as the form of the matter codes them, with the endings that a name may have then.
    #[serde(default)]
    form_codes: BTreeMap<String, Vec<String>>,
}

impl Rules {
    /// The endings that stand for a legal form: those of its code, or the form itself where it is written out.
    fn endings<'a>(&'a self, form: &'a str) -> Vec<&'a str> {
        match self.form_codes.get(form) {
            Some(endings) => endings.iter().map(String::as_str).collect(),
            None => vec![form],
        }
    }
}

#[derive(Debug, Deserialize)]
struct Prohibited {
    article: String,
    zh: String,
    en: String,
    words: Vec<String>,
}

/// `None` only if the embedded file were damaged; then every name is sent to a person.
static RULES: LazyLock<Option<Rules>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/name_rules.json")).ok());

fn ground(article: &str, zh: String, en: String) -> NameGround {
    NameGround { article: article.to_owned(), text: Text::new(zh, en) }
}

/// Every ground against a name; `None` when the rules cannot be read. `is_division` knows the names of counties and above.
pub fn grounds(
    parts: &NameParts<'_>,
    same_brand: &[RegisteredName],
    is_division: impl Fn(&str) -> bool,
    today: Date,
) -> Option<Vec<NameGround>> {
    let rules = RULES.as_ref()?;
    let mut found = Vec::new();
    composition(rules, parts, &mut found);
    words(rules, parts, is_division, &mut found);
    conflicts(rules, parts, same_brand, today, &mut found);
    Some(found)
}

/// Articles 5, 6 and 10: standard characters; brand, industry and form make up the name; the form is a known one.
fn composition(rules: &Rules, parts: &NameParts<'_>, found: &mut Vec<NameGround>) {
    let standard = |c: char| is_han(c) || matches!(c, '（' | '）' | '·');
    if parts.full.is_empty() || !parts.full.chars().all(standard) {
        found.push(ground("第五条", "名称应当使用规范汉字。".into(), "Use standard Chinese characters only.".into()));
    }
    let endings = rules.endings(parts.org_form);
    let ends = |ending: &&str| parts.full.ends_with(&format!("{}{}{ending}", parts.brand, parts.industry));
    if !endings.iter().any(ends) {
        found.push(ground(
            "第六条",
            "名称应当由行政区划名称、字号、行业或者经营特点、组织形式依次组成。".into(),
            "A name consists of division, brand, trade and legal form, in this order.".into(),
        ));
    }
    let known = |ending: &&str| rules.org_forms.values().flatten().any(|form| form == ending);
    if !endings.iter().any(known) {
        found.push(ground(
            "第十条",
            "组织形式不在规定范围内。".into(),
            "The legal form is not one of those allowed.".into(),
        ));
    }
}

/// Articles 8, 11 and 12: what a brand may not be, and words that no name may hold.
fn words(rules: &Rules, parts: &NameParts<'_>, is_division: impl Fn(&str) -> bool, found: &mut Vec<NameGround>) {
    let long_enough = parts.brand.chars().count() >= rules.brand_min_chars;
    if !long_enough || is_division(parts.brand) || rules.industry_words.iter().any(|word| word == parts.brand) {
        found.push(ground(
            "第八条",
            format!("字号应当由{}个以上汉字组成，不能是县级以上行政区划名称或行业词。", rules.brand_min_chars),
            format!(
                "The brand needs at least {} characters and may not be a division or a trade.",
                rules.brand_min_chars
            ),
        ));
    }
    for group in &rules.prohibited {
        if let Some(word) = group.words.iter().find(|word| parts.full.contains(word.as_str())) {
            found.push(ground(
                &group.article,
                format!("名称不得含有{}：“{word}”。", group.zh),
                format!("A name may not hold {}: “{word}”.", group.en),
            ));
        }
    }
    if let Some(word) = rules.central_words.iter().find(|word| parts.full.contains(word.as_str())) {
        found.push(ground(
            "第十二条",
            format!("使用“{word}”字样须经国务院批准或者仅作行业限定语。"),
            format!("“{word}” needs approval of the State Council, or may only qualify the trade."),
        ));
    }
}

/// Article 17: the same brand in the same trade, registered or reserved, or gone for less than a year.
fn conflicts(
    rules: &Rules,
    parts: &NameParts<'_>,
    same_brand: &[RegisteredName],
    today: Date,
    found: &mut Vec<NameGround>,
) {
    for other in same_brand.iter().filter(|other| other.brand == parts.brand) {
        if !(other.industry.is_empty() || parts.industry.is_empty() || other.industry == parts.industry) {
            continue;
        }
        let gone = matches!(other.status.as_str(), "deregistered" | "revoked");
        let free_from = other.since.checked_add(rules.cooling_months.months()).unwrap_or(Date::MAX);
        if !gone || today < free_from {
            found.push(ground(
                "第十七条",
                "同行业中已有相同字号的名称，请更换字号。".into(),
                "The same brand exists in this trade. Choose another brand.".into(),
            ));
            return;
        }
    }
}

/// Han characters of all planes, GB 18030-2022 level 3 included.
fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x20000..=0x323AF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(full: &str, brand: &str, industry: &str, others: &[RegisteredName]) -> Vec<String> {
        let parts = NameParts { full, brand, industry, org_form: "有限公司" };
        let today = jiff::civil::date(2026, 11, 22);
        let found = grounds(&parts, others, |name| name == "黄岛", today).unwrap();
        found.into_iter().map(|ground| ground.article).collect()
    }

    fn other(industry: &str, status: &str, since: Date) -> RegisteredName {
        RegisteredName { brand: "云帆".into(), industry: industry.into(), status: status.into(), since }
    }

    #[test]
    fn names_by_article() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        let none: &[RegisteredName] = &[];
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", none), Vec::<String>::new());
        assert_eq!(check("江城市YF科技有限公司", "YF", "科技", none), ["第五条"]);
        assert_eq!(check("云帆江城市科技有限公司", "云帆", "科技", none), ["第六条"]);
        assert_eq!(check("江城市云科技有限公司", "云", "科技", none), ["第八条"]);
        assert_eq!(check("江城市黄岛科技有限公司", "黄岛", "科技", none), ["第八条"]);
        assert_eq!(check("江城市贸易科技有限公司", "贸易", "科技", none), ["第八条"]);
        assert_eq!(check("江城市云帆博彩科技有限公司", "云帆博彩", "科技", none), ["第十一条第五项"]);
        assert_eq!(check("中国云帆科技有限公司", "云帆", "科技", none), ["第十二条"]);
        let taken = [other("科技", "registered", day(2020, 1, 1))];
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", &taken), ["第十七条"]);
        assert_eq!(check("江城市云帆餐饮有限公司", "云帆", "餐饮", &taken), Vec::<String>::new());
        let no_trade = [other("", "reserved", day(2026, 11, 1))];
        assert_eq!(check("江城市云帆餐饮有限公司", "云帆", "餐饮", &no_trade), ["第十七条"]);
    }

    #[test]
    fn a_coded_legal_form_stands_for_its_endings() {
        let today = jiff::civil::date(2026, 11, 22);
        let articles = |full: &str, org_form: &str| -> Vec<String> {
            let parts = NameParts { full, brand: "云帆", industry: "科技", org_form };
            grounds(&parts, &[], |_| false, today).unwrap().into_iter().map(|ground| ground.article).collect()
        };
        assert_eq!(articles("江城市云帆科技有限责任公司", "llc"), Vec::<String>::new());
        assert_eq!(articles("江城市云帆科技有限公司", "llc"), Vec::<String>::new());
        assert_eq!(articles("江城市云帆科技合伙企业（有限合伙）", "llc"), ["第六条"]);
        assert_eq!(articles("江城市云帆科技合伙企业（有限合伙）", "lp"), Vec::<String>::new());
        assert_eq!(articles("江城市云帆科技xyz", "xyz"), ["第五条", "第十条"]);
    }

    #[test]
    fn a_name_is_free_a_year_after_it_went() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        let gone = |since| [other("科技", "deregistered", since)];
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", &gone(day(2025, 11, 23))), ["第十七条"]);
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", &gone(day(2025, 11, 22))), Vec::<String>::new());
    }
}
