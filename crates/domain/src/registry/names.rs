//! Company names 企业名称: what the law forbids, and which registered names stand in the way.
//!
//! Sources: 企业名称登记管理规定 (2020) articles 5–12 and 17. The word lists are data, kept by the registrar.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::text::Text;

/// A name in its parts, as the applicant composed it. The division is not believed: see [`Divisions`].
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
    /// Last day of a reservation.
    #[serde(default)]
    pub valid_to: Option<Date>,
}

/// The divisions that a name is measured by.
pub struct Divisions<'a> {
    /// With which a name may begin here: 江城市, 江城市海澜区.
    pub own: &'a [String],
    /// Whether a word is the name of a county or a place above it, with or without its last character.
    pub is_division: &'a (dyn Fn(&str) -> bool + Sync),
}

impl Divisions<'_> {
    /// What follows the longest of our own divisions; `None` for a name that begins with none of them.
    fn strip<'n>(&self, full: &'n str) -> Option<&'n str> {
        self.own.iter().filter_map(|own| full.strip_prefix(own.as_str())).min_by_key(|rest| rest.len())
    }

    /// What two names that stand in each other's way have in common: the first characters, as many as a brand has at
    /// least, of what follows the division. Whoever decides about a name holds on to it.
    pub fn common(&self, full: &str) -> String {
        let least = RULES.as_ref().map_or(1, |rules| rules.brand_min_chars);
        self.strip(full).unwrap_or(full).chars().take(least).collect()
    }
}

/// The brands that a registered name may have that stands in the way of this one: every beginning of what lies between
/// division and legal form, however the applicant divided it. `None` when the rules cannot be read.
pub fn possible_brands(parts: &NameParts<'_>, divisions: &Divisions<'_>) -> Option<Vec<String>> {
    let core = core(RULES.as_ref()?, parts, divisions);
    Some(core.char_indices().filter_map(|(at, c)| core.get(..at + c.len_utf8())).map(str::to_owned).collect())
}

/// Brand and trade together: what lies between our division and the legal form; of a name that does not have these, what
/// the applicant says.
fn core(rules: &Rules, parts: &NameParts<'_>, divisions: &Divisions<'_>) -> String {
    let endings = rules.endings(parts.org_form);
    let between = divisions
        .strip(parts.full)
        .and_then(|rest| endings.iter().filter_map(|ending| rest.strip_suffix(ending)).min_by_key(|core| core.len()));
    between.map_or_else(|| format!("{}{}", parts.brand, parts.industry), str::to_owned)
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

/// Every ground against a name; `None` when the rules cannot be read. `others` are the names on file with one of
/// [`possible_brands`].
pub fn grounds(
    parts: &NameParts<'_>,
    others: &[RegisteredName],
    divisions: &Divisions<'_>,
    today: Date,
) -> Option<Vec<NameGround>> {
    let rules = RULES.as_ref()?;
    let mut found = Vec::new();
    composition(rules, parts, divisions, &mut found);
    words(rules, parts, divisions.is_division, &mut found);
    conflicts(rules, &core(rules, parts, divisions), others, today, &mut found);
    Some(found)
}

/// Articles 5, 6, 7 and 10: standard characters; our division, brand, industry and form make up the whole name, nothing
/// else; the form is a known one.
fn composition(rules: &Rules, parts: &NameParts<'_>, divisions: &Divisions<'_>, found: &mut Vec<NameGround>) {
    let standard = |c: char| is_han(c) || matches!(c, '（' | '）' | '·');
    if parts.full.is_empty() || !parts.full.chars().all(standard) {
        found.push(ground("第五条", "名称应当使用规范汉字。".into(), "Use standard Chinese characters only.".into()));
    }
    let endings = rules.endings(parts.org_form);
    match divisions.strip(parts.full) {
        None => found.push(ground(
            "第七条",
            "名称应当冠以企业所在地的行政区划名称；市辖区名称应当与设区的市名称连用。".into(),
            "A name begins with the division in which the company sits; a district stands together with its city."
                .into(),
        )),
        Some(rest) => {
            let composed = |ending: &&str| rest == format!("{}{}{ending}", parts.brand, parts.industry);
            if !endings.iter().any(composed) {
                found.push(ground(
                    "第六条",
                    "名称应当由行政区划名称、字号、行业或者经营特点、组织形式依次组成。".into(),
                    "A name consists of division, brand, trade and legal form, in this order.".into(),
                ));
            }
        }
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
    if !long_enough
        || is_division(parts.brand)
        || begins_with_division(parts.brand, &is_division)
        || rules.industry_words.iter().any(|word| word == parts.brand)
    {
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

/// Whether a brand begins with a division's whole name, as in 市北区云帆: then the division was put into the brand.
fn begins_with_division(brand: &str, is_division: impl Fn(&str) -> bool) -> bool {
    let ends = brand.char_indices().filter(|(_, c)| matches!(c, '省' | '市' | '县' | '区' | '州' | '盟' | '旗'));
    ends.filter_map(|(at, c)| brand.get(..at + c.len_utf8())).any(is_division)
}

/// Article 17: the same brand in the same trade, registered or reserved, or gone for less than a year. `core` is brand and
/// trade together, so that it does not matter where the applicant says that the one ends and the other begins.
fn conflicts(rules: &Rules, core: &str, others: &[RegisteredName], today: Date, found: &mut Vec<NameGround>) {
    for other in others.iter().filter(|other| !other.brand.is_empty()) {
        let Some(trade) = core.strip_prefix(other.brand.as_str()) else { continue };
        if !(other.industry.is_empty() || trade.is_empty() || other.industry == trade) {
            continue;
        }
        let lapsed = other.status == "reserved" && other.valid_to.is_some_and(|last| last < today);
        let gone = matches!(other.status.as_str(), "deregistered" | "revoked");
        let free_from = other.since.checked_add(rules.cooling_months.months()).unwrap_or(Date::MAX);
        if !lapsed && (!gone || today < free_from) {
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
        let own = ["江城市".to_owned(), "江城市海澜区".to_owned()];
        let divisions = Divisions {
            own: &own,
            is_division: &|name| matches!(name, "黄岛" | "北京市" | "澜北区" | "江城市"),
        };
        let found = grounds(&parts, others, &divisions, today).unwrap();
        found.into_iter().map(|ground| ground.article).collect()
    }

    fn other(industry: &str, status: &str, since: Date) -> RegisteredName {
        RegisteredName {
            brand: "云帆".into(), industry: industry.into(), status: status.into(), since, valid_to: None
        }
    }

    #[test]
    fn names_by_article() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        let none: &[RegisteredName] = &[];
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", none), Vec::<String>::new());
        assert_eq!(check("江城市YF科技有限公司", "YF", "科技", none), ["第五条"]);
        assert_eq!(check("云帆江城市科技有限公司", "云帆", "科技", none), ["第七条"]);
        assert_eq!(check("江城市云科技有限公司", "云", "科技", none), ["第八条"]);
        assert_eq!(check("江城市黄岛科技有限公司", "黄岛", "科技", none), ["第八条"]);
        assert_eq!(check("江城市贸易科技有限公司", "贸易", "科技", none), ["第八条"]);
        assert_eq!(check("江城市云帆博彩科技有限公司", "云帆博彩", "科技", none), ["第十一条第五项"]);
        assert_eq!(check("中国云帆科技有限公司", "云帆", "科技", none), ["第七条", "第十二条"]);
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
            let own = ["江城市".to_owned()];
            let divisions = Divisions { own: &own, is_division: &|_| false };
            grounds(&parts, &[], &divisions, today).unwrap().into_iter().map(|ground| ground.article).collect()
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

    #[test]
    fn the_applicants_own_division_of_a_name_is_not_believed() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        let taken = [other("科技", "registered", day(2020, 1, 1))];
        // Part of the division moved into the brand: 江城市海澜区云帆科技有限公司 is on file.
        assert_eq!(check("江城市云帆科技有限公司", "市云帆", "科技", &taken), ["第六条", "第十七条"]);
        assert_eq!(check("江城市海澜区云帆科技有限公司", "海澜区云帆", "科技", &taken), ["第六条", "第十七条"]);
        // Another place, another district, or none.
        assert_eq!(check("北京市云帆科技有限公司", "云帆", "科技", &[]), ["第七条"]);
        assert_eq!(check("海澜区云帆科技有限公司", "云帆", "科技", &[]), ["第七条"]);
        assert_eq!(check("云帆科技有限公司", "云帆", "科技", &[]), ["第七条"]);
        assert_eq!(check("江城市澜北区云帆科技有限公司", "澜北区云帆", "科技", &[]), ["第八条"]);
        // Words between the parts.
        assert_eq!(check("江城市大云帆科技有限公司", "云帆", "科技", &[]), ["第六条"]);
        // Brand and trade divided elsewhere.
        let marine = [other("海洋科技", "registered", day(2020, 1, 1))];
        assert_eq!(check("江城市云帆海洋科技有限公司", "云帆海洋", "科技", &marine), ["第十七条"]);
        assert_eq!(check("江城市云帆海洋科技有限公司", "云帆海洋", "科技", &taken), Vec::<String>::new());
    }

    #[test]
    fn a_reservation_ends_with_its_last_day() {
        let day = |y, m, d| jiff::civil::date(y, m, d);
        let until = |last| [RegisteredName { valid_to: Some(last), ..other("科技", "reserved", day(2026, 9, 23)) }];
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", &until(day(2026, 11, 22))), ["第十七条"]);
        assert_eq!(check("江城市云帆科技有限公司", "云帆", "科技", &until(day(2026, 11, 21))), Vec::<String>::new());
    }

    #[test]
    fn names_that_stand_in_each_others_way_begin_alike() {
        let own = ["江城市".to_owned(), "江城市海澜区".to_owned()];
        let divisions = Divisions { own: &own, is_division: &|_| false };
        for full in ["江城市云帆科技有限公司", "江城市海澜区云帆有限公司", "云帆科技股份有限公司"]
        {
            assert_eq!(divisions.common(full), "云帆");
        }
        let parts = NameParts {
            full: "江城市云帆海洋有限公司", brand: "云帆海", industry: "洋", org_form: "有限公司"
        };
        assert_eq!(possible_brands(&parts, &divisions).unwrap(), ["云", "云帆", "云帆海", "云帆海洋"]);
    }
}
