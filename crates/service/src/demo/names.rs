//! Names and numbers of people and businesses who do not exist.

use std::sync::LazyLock;

use domain::codes::{citizen_id, uscc};
use jiff::civil::Date;

use super::random::Dice;

/// The fictional district, as printed before every address and every company name.
pub(super) const DISTRICT: &str = "江城市海澜区";

/// Streets of the fictional district.
const STREETS: [&str; 14] = [
    "望海路",
    "观海路",
    "启航路",
    "云栖路",
    "听涛街",
    "松涛路",
    "澜湾路",
    "渔港路",
    "星帆路",
    "潮音街",
    "海棠街",
    "碧波路",
    "晴川路",
    "鸥鸣路",
];

/// Pairs of brand characters that are well-known brands.
const WELL_KNOWN: [&str; 33] = [
    "海信", "万达", "蓝翔", "同仁", "三九", "海天", "万科", "康佳", "中兴", "中信", "海康", "三一", "正泰", "德邦",
    "顺丰", "中通", "金山", "万和", "永辉", "京东", "联通", "华泰", "科达", "恒瑞", "恒生", "建业", "金龙", "盛大",
    "天瑞", "长城", "长安", "瑞幸", "鸿星",
];

/// What a business does, how its name says so, and what stands in its registered scope.
#[derive(Debug)]
pub(super) struct Trade {
    /// 行业 word of the name.
    pub word: &'static str,
    /// Class of GB/T 4754 with its letter.
    pub industry: &'static str,
    /// 经营范围.
    pub scope: &'static [&'static str],
}

const fn trade(word: &'static str, industry: &'static str, scope: &'static [&'static str]) -> Trade {
    Trade { word, industry, scope }
}

/// Trades of companies.
const COMPANY_TRADES: [Trade; 12] = [
    trade("科技", "M7320", &["技术服务", "技术开发", "技术咨询"]),
    trade("海洋科技", "M7320", &["海洋工程装备研发", "技术服务"]),
    trade("软件", "I6513", &["软件开发", "信息技术咨询服务"]),
    trade("商贸", "F5211", &["日用百货销售", "互联网销售"]),
    trade("餐饮管理", "H6210", &["餐饮服务", "餐饮管理"]),
    trade("酒店管理", "H6110", &["住宿服务", "酒店管理"]),
    trade("机械", "C3484", &["机械零部件加工", "机械设备销售"]),
    trade("医疗器械", "C3581", &["第一类医疗器械生产", "医疗器械销售"]),
    trade("装饰工程", "E5011", &["建筑装饰装修工程设计", "建筑装饰材料销售"]),
    trade("物流", "G5990", &["普通货物仓储服务", "国内货物运输代理"]),
    trade("人力资源", "L7261", &["人力资源服务", "职业中介活动"]),
    trade("农业科技", "F5166", &["肥料销售", "农药零售"]),
];

/// Trades of individual businesses.
const SHOP_TRADES: [Trade; 6] = [
    trade("美发", "O8040", &["理发服务", "化妆品零售"]),
    trade("百货", "F5211", &["日用百货销售", "文具用品零售"]),
    trade("餐饮", "H6210", &["餐饮服务"]),
    trade("图书", "F5243", &["出版物零售", "文具用品零售"]),
    trade("农资", "F5166", &["农药零售", "肥料销售"]),
    trade("果蔬", "F5223", &["新鲜水果零售", "新鲜蔬菜零售"]),
];

/// Endings of the names of individual businesses, of `company_org_forms.csv`.
const SHOP_FORMS: [&str; 3] = ["店", "商行", "经营部"];

#[derive(Debug)]
struct Lists {
    surnames: Vec<(&'static str, u32)>,
    weight: u32,
    men: Vec<&'static str>,
    women: Vec<&'static str>,
    brands: Vec<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let rows = |text: &'static str| text.lines().skip(1).filter_map(|line| line.trim().split_once(','));
    let surnames: Vec<(&str, u32)> = rows(include_str!("../../data/names/surnames_weighted.csv"))
        // Weights are percentages with two digits.
        .filter_map(|(name, weight)| {
            let weight: f64 = weight.parse().ok()?;
            // A weight is far below the largest u32.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Some((name, (weight * 100.0).round().max(1.0) as u32))
        })
        .collect();
    let given: Vec<(&str, &str)> = rows(include_str!("../../data/names/given_names.csv")).collect();
    let of = |sex: &str| given.iter().filter(|(_, own)| *own == sex).map(|(name, _)| *name).collect();
    Lists {
        weight: surnames.iter().map(|(_, weight)| weight).sum(),
        surnames,
        men: of("男"),
        women: of("女"),
        brands: include_str!("../../data/names/brand_chars.csv").lines().skip(1).map(str::trim).collect(),
    }
});

/// A full name; `man` decides among the given names.
pub(super) fn person(dice: &mut Dice, man: bool) -> String {
    let lists = &*LISTS;
    let mut place = dice.below(lists.weight);
    let surname = lists.surnames.iter().find(|(_, weight)| {
        let found = place < *weight;
        place = place.saturating_sub(*weight);
        found
    });
    let given = dice.one(if man { &lists.men } else { &lists.women });
    format!("{}{}", surname.map_or("林", |(name, _)| name), given.unwrap_or(&"安"))
}

/// 字号: two characters that are no well-known brand and no word of a trade.
pub(super) fn brand(dice: &mut Dice) -> String {
    loop {
        let brand: String = (0..2).filter_map(|_| dice.one(&LISTS.brands)).copied().collect();
        if may_be_brand(&brand) {
            return brand;
        }
    }
}

/// The brand with this number: three characters, another one for each number until all are used up; `None` for those that
/// cannot be one.
pub(super) fn numbered_brand(number: i64) -> Option<String> {
    let count = LISTS.brands.len();
    let all = count.checked_pow(3)?;
    // Neighbours would begin alike. A step that shares no factor with the count of all comes to each of them once.
    let step = (all * 5 / 8..all).find(|step| is_coprime(*step, all))?;
    let mut rest = usize::try_from(number).ok()? % all * step % all;
    let mut brand = String::new();
    for _ in 0..3 {
        brand.push_str(LISTS.brands.get(rest % count)?);
        rest /= count;
    }
    may_be_brand(&brand).then_some(brand)
}

fn is_coprime(a: usize, b: usize) -> bool {
    if b == 0 { a == 1 } else { is_coprime(b, a % b) }
}

fn may_be_brand(brand: &str) -> bool {
    let doubled = brand.chars().next() == brand.chars().last();
    !doubled && !WELL_KNOWN.iter().any(|known| brand.contains(known)) && !is_division(brand)
}

/// A brand may not be the name of a place (企业名称登记管理规定 8), so no such word is drawn.
fn is_division(word: &str) -> bool {
    domain::codes::division::all()
        .iter()
        .any(|division| division.name().strip_suffix(['省', '市', '县', '区']).unwrap_or(division.name()) == word)
}

/// A trade with the ending of the name: 有限公司, or the ending of a shop.
pub(super) fn trade_of(dice: &mut Dice, shop: bool) -> (&'static Trade, &'static str) {
    if shop {
        let form = dice.one(&SHOP_FORMS).copied().unwrap_or("店");
        return (dice.one(&SHOP_TRADES).unwrap_or(&SHOP_TRADES[0]), form);
    }
    (dice.one(&COMPANY_TRADES).unwrap_or(&COMPANY_TRADES[0]), "有限公司")
}

/// A citizen number of the district with its check character: born on `birth`, the 17th digit odd for a man.
pub(super) fn citizen_number(dice: &mut Dice, birth: Date, man: bool) -> String {
    let sequence = dice.below(499) * 2 + u32::from(man);
    let first17 = format!("370211{:04}{:02}{:02}{sequence:03}", birth.year(), birth.month(), birth.day());
    first17.chars().chain(citizen_id::check_character(&first17)).collect()
}

/// Characters of a credit code.
const CODE_CHARS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A credit code registered in the district, `91` for a company and `92` for an individual business, with the inner check
/// character of GB 11714 and the outer one of GB 32100.
pub(super) fn credit_code(dice: &mut Dice, kind: &str) -> String {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let tail = (0..6).filter_map(|_| dice.one(CODE_CHARS)).map(|byte| char::from(*byte));
    let body: String = "MA".chars().chain(tail).collect();
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    let inner = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    let first17 = format!("{kind}370211{body}{inner}");
    first17.chars().chain(uscc::check_character(&first17)).collect()
}

/// A mobile number in the segment 169, which no operator has been given.
pub(super) fn phone(dice: &mut Dice) -> String {
    format!("169{:08}", dice.below(100_000_000))
}

/// A street and a number, `江城市海澜区观海路88号`.
pub(super) fn street(dice: &mut Dice) -> String {
    let name = dice.one(&STREETS).copied().unwrap_or("观海路");
    format!("{DISTRICT}{name}{}号", dice.between(1, 399))
}

/// A home: a street with stairs and flat.
pub(super) fn home(dice: &mut Dice) -> String {
    let street = street(dice);
    format!("{street}{}单元{}02室", dice.between(1, 4), dice.between(1, 17))
}

/// 标准地址编码 of premises: district, town, community and a number of six digits. Numbers below 1000 are left to the samples.
pub(super) fn premises_code(dice: &mut Dice) -> String {
    format!("370211{:03}{:03}{:06}", dice.between(1, 9), dice.between(1, 20), dice.between(1000, 999_999))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::codes::{industry, name, phone};
    use jiff::civil::date;

    #[test]
    fn every_number_and_name_is_one_that_can_exist() {
        let mut dice = Dice::new(7);
        for _ in 0..2000 {
            let man = dice.below(2) == 0;
            let number = citizen_number(&mut dice, date(1988, 2, 29), man);
            let parsed = citizen_id::parse(&number, date(2026, 11, 22)).unwrap();
            assert_eq!(parsed.sex() == citizen_id::Sex::Male, man);
            let code = uscc::parse(&credit_code(&mut dice, "92")).unwrap();
            assert!(code.inner_check_fits());
            assert_eq!(name::check_person(&person(&mut dice, man)), Ok(()));
            assert!(phone::parse(&super::phone(&mut dice)).is_ok());
            assert_eq!(premises_code(&mut dice).len(), 18);
            assert_eq!(brand(&mut dice).chars().count(), 2);
        }
    }

    #[test]
    fn trades_use_the_words_of_the_list_and_classes_of_the_standard() {
        let words = include_str!("../../data/names/company_industry_words.csv");
        for trade in COMPANY_TRADES.iter().chain(&SHOP_TRADES) {
            assert!(industry::get(trade.industry).is_ok(), "{}", trade.industry);
        }
        for trade in &COMPANY_TRADES {
            assert!(words.lines().any(|line| line.starts_with(&format!("{},", trade.word))), "{}", trade.word);
        }
        let forms = include_str!("../../data/names/company_org_forms.csv");
        assert!(SHOP_FORMS.iter().all(|form| forms.contains(&format!("{form},个体工商户"))));
    }

    #[test]
    fn surnames_come_with_their_weights() {
        let mut dice = Dice::new(1);
        let wang = (0..10_000).filter(|_| person(&mut dice, true).starts_with('王')).count();
        assert!((600..850).contains(&wang), "{wang} of 10,000");
    }
}
