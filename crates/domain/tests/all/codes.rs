//! Codes of the state against the published vectors, hand-made edge cases and single typing errors.

use domain::codes::document::{self, IdDocument, IdKind};
use domain::codes::phone::Phone;
use domain::codes::{
    CodeError, CodeKind, Part, check, citizen_id, division, impl_code, industry, licence_id, mask, name, normalise,
    phone, project, uscc,
};
use domain::text::Text;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;

const TODAY: Date = date(2026, 11, 22);

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../data/code_vectors.json")).unwrap()
}

/// The valid codes of the vectors for a kind.
fn valid(kind: CodeKind) -> Vec<String> {
    let key = kind.as_str().replace('-', "_");
    let list = vectors()[&key]["valid"].as_array().unwrap().clone();
    list.iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_vector() {
    for kind in CodeKind::ALL {
        let list = valid(kind);
        assert_eq!(list.len(), 10);
        for value in list {
            let verdict = check(kind, &value, TODAY);
            assert!(verdict.valid && verdict.reason.is_none() && verdict.value == value, "{verdict:?}");
        }
        let key = kind.as_str().replace('-', "_");
        let invalid = vectors()[&key]["invalid"].as_array().unwrap().clone();
        assert_eq!(invalid.len(), 10);
        for case in invalid {
            let value = case["value"].as_str().unwrap();
            let verdict = check(kind, value, TODAY);
            assert!(!verdict.valid, "{kind} {value}: {}", case["why"]);
            assert!(verdict.reason.is_some_and(|r| !r.is_incomplete()), "{value}");
        }
    }
}

#[test]
fn vectors_fail_for_their_own_reason() {
    let reason = |kind, value: &str| check(kind, value, TODAY).reason.unwrap().zh;
    let says = |kind, value: &str, words: &str| {
        let reason = reason(kind, value);
        assert!(reason.contains(words), "{value}: {reason}");
    };
    use CodeKind::*;
    says(Uscc, "91350100M000100Y44", "校验位不符");
    says(Uscc, "91110106697694187", "应为18位，现为17位");
    says(Uscc, "91350100m000100y43", "第9位不能是“m”。请改用大写字母");
    says(Uscc, "91350100I000100Y43", "不使用字母 I、O、S、V、Z");
    says(Uscc, "11A70800MB0000000B", "第3位不能是“A”");
    says(Uscc, "13100000Ｏ000000274", "请改用半角字符");
    says(CitizenId, "11010519491231002x", "第18位不能是“x”。请改用大写字母");
    says(CitizenId, "110105199902290021", "出生日期“19990229”不存在");
    says(CitizenId, "110105199913010021", "出生日期“19991301”不存在");
    says(CitizenId, "990105199001010022", "“99”不是省级代码");
    says(CitizenId, "010105199001010025", "“01”不是省级代码");
    says(CitizenId, "110105491231002", "应为18位，现为15位");
    says(LicenceId, "1.2.156.3005.1.11100000000013338W009.11330105002500287C.2025052201.002.0", "开头");
    says(LicenceId, "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.01.U", "版本号");
    says(LicenceId, "1.2.156.3005.2.11370800MB0000000B001.11370800MB0000000B.20260000001.000.1", "版本号");
    says(LicenceId, "1.2.156.3005.2.11370800MB0000000B001.11370800MB0000000B.20260000001.002", "五段");
    says(ImplCode, "11370800MB0000000C1000117002000", "校验位不符");
    says(ImplCode, "11370800MB0000000B0000117002000", "行使层级");
    says(ImplCode, "11370800MB0000000BA000117002000", "行使层级");
    says(ImplCode, "11370800MB0000000B1AA0117002000", "第20位不能是“A”");
    says(ImplCode, "11370800MB0000000B1001A17002000", "第23位不能是“A”");
    says(ImplCode, "11370800MB0000000B100011700200Y", "第31位不能是“Y”");
    says(ImplCode, "11370800MB0000000B1000117I01000", "第26位不能是“I”");
    says(ImplCode, "11370800MB0000000B100011700200001", "应为31位，现为33位");
}

#[test]
fn kinds_have_words() {
    for kind in CodeKind::ALL {
        assert_eq!(kind.as_str().parse::<CodeKind>(), Ok(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
    }
    assert!("passport".parse::<CodeKind>().unwrap_err().to_string().contains("use uscc"));
    let verdict = serde_json::to_value(check(CodeKind::Uscc, "", TODAY)).unwrap();
    assert_eq!(verdict["valid"], false);
    assert_eq!(verdict["reason"]["en"], "Enter the unified social credit code.");
}

#[test]
fn parts_of_a_credit_code() {
    let code = uscc::parse("91350100M000100Y43").unwrap();
    assert_eq!((code.department(), code.category(), code.division()), ("9", "1", "350100"));
    assert_eq!(code.organisation(), "M000100Y4");
    assert!(code.inner_check_fits(), "the example of the standard");
    let inner = uscc::check_character("91350100M000100Y5").unwrap();
    let warned = uscc::parse(&format!("91350100M000100Y5{inner}")).unwrap();
    assert!(!warned.inner_check_fits(), "a warning, no refusal");
    assert_eq!(uscc::normalise(" 91350100-m000100y43 "), "91350100M000100Y43");
    assert_eq!(uscc::check_character("9135010oM000100Y4"), None);
}

#[test]
fn parts_of_a_citizen_number() {
    let id = citizen_id::parse("11010519491231002X", TODAY).unwrap();
    assert_eq!((id.birth(), id.sex(), id.division()), (date(1949, 12, 31), citizen_id::Sex::Female, "110105"));
    assert_eq!(citizen_id::parse("440308199001010017", TODAY).unwrap().sex(), citizen_id::Sex::Male);
    assert_eq!((id.age_on(date(2026, 12, 30)), id.age_on(date(2026, 12, 31))), (76, 77));
    assert_eq!(id.age_on(date(1940, 1, 1)), 0);
    assert_eq!(id.mask(), "110***********002X");
    assert_eq!(format!("{id:?}"), "CitizenId(110***********002X)");
    assert_eq!(citizen_id::normalise("11010519491231002x"), "11010519491231002X");
    assert_eq!(citizen_id::normalise("１１０１０５ 19491231 002ｘ"), "11010519491231002X");
    // Born today is possible, born tomorrow is not.
    let born = |day: Date| {
        let first = format!("370211{:04}{:02}{:02}001", day.year(), day.month(), day.day());
        let check = citizen_id::check_character(&first).unwrap();
        citizen_id::parse(&format!("{first}{check}"), TODAY)
    };
    assert!(born(TODAY).is_ok());
    assert!(matches!(born(TODAY.tomorrow().unwrap()), Err(CodeError::Part { part: Part::Future, .. })));
    for x in ["X10105194912310021", "1101051949123100X1", "11010519491231002Ｘ", "１10105194912310021"] {
        assert!(matches!(citizen_id::parse(x, TODAY), Err(CodeError::Character { .. })), "{x}");
    }
}

#[test]
fn licence_identifiers_are_composed_as_they_are_read() {
    for value in valid(CodeKind::LicenceId) {
        let read = licence_id::parse(&value).unwrap();
        assert_eq!(read.to_string(), value);
        let again = licence_id::compose(read.type_code(), read.issuer(), read.serial(), read.version()).unwrap();
        assert_eq!(again, read);
    }
    let (kind, issuer) = ("11370800MB0000000B001", "11370800MB0000000B");
    let made = licence_id::compose(kind, issuer, "20260000001", 1).unwrap();
    assert_eq!(made.to_string(), "1.2.156.3005.2.11370800MB0000000B001.11370800MB0000000B.20260000001.001.1");
    assert!(licence_id::compose(kind, issuer, "20260000001", 0).is_err());
    assert!(licence_id::compose(kind, issuer, "20260000001", 1000).is_err());
    assert!(licence_id::compose(kind, "370211", "1", 1).is_err(), "18 characters are written");
    assert!(licence_id::compose(&kind[1..], issuer, "1", 1).is_err());
    assert!(licence_id::compose("11370800MB0000000B00A", issuer, "1", 1).is_err());
    assert!(licence_id::compose(kind, issuer, "", 1).is_err());
    assert!(licence_id::compose(kind, issuer, &"1".repeat(33), 1).is_err());
    assert!(licence_id::compose(kind, issuer, "a", 1).is_err());
    assert!(licence_id::compose(kind, issuer, "1.1", 1).is_err());
    // Older systems put an area into the issuer's place: it is read, though not written.
    let old = "11370800MB0000000B001.370211.1.001.";
    let read = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        .chars()
        .filter(|c| licence_id::parse(&format!("{}{old}{c}", licence_id::ROOT)).is_ok());
    assert_eq!(read.count(), 1);
    assert!(licence_id::parse(&format!("{}x", valid(CodeKind::LicenceId)[0])).is_err());
    assert!(licence_id::parse(&format!("{}.1", valid(CodeKind::LicenceId)[0])).is_err());
}

#[test]
fn codes_of_matters() {
    let code = impl_code::parse("11370800MB285591843370117002011").unwrap();
    assert_eq!((code.body().as_str(), code.level()), ("11370800MB28559184", 3));
    let basic = code.basic();
    let parts = (basic.owner(), basic.matter_type(), basic.item(), basic.sub_item());
    assert_eq!(parts, ("37", "01", "17002", "011"));
    let composed = impl_code::compose("11370800MB28559184", 3, "370117002011").unwrap();
    assert_eq!((composed.to_string(), &composed), ("11370800MB285591843370117002011".into(), &code));
    let item = impl_code::parse_business_item("11310000MB2F30661Y231200356400001").unwrap();
    assert_eq!((item.sequence(), item.matter().level()), (1, 2));
    assert_eq!(item.to_string(), "11310000MB2F30661Y231200356400001");
    assert!(impl_code::parse_business_item("11370800MB285591843370117002011").is_err());
    let wrong = impl_code::parse_business_item("11440300007542785T4440709003000");
    assert!(matches!(wrong, Err(CodeError::Length { found: 31, .. })));
    for (body, level, basic) in [
        ("11370800MB28559185", 3, "370117002011"),
        ("11370800MB28559184", 0, "370117002011"),
        ("11370800MB28559184", 8, "370117002011"),
        ("11370800MB28559184", 3, "37011700201"),
        ("11370800MB28559184", 3, "990117002011"),
        ("11370800MB28559184", 3, "37011700201字"),
    ] {
        assert!(impl_code::compose(body, level, basic).is_err(), "{body} {level} {basic}");
    }
}

#[test]
fn divisions() {
    let all = division::all();
    assert_eq!(all.len(), 5201);
    assert!(all.is_sorted_by(|a, b| a.code() < b.code()), "the search needs the order");
    for one in all {
        assert_eq!(division::get(one.code()).unwrap(), one);
        assert_eq!(division::get(&one.code12()).unwrap(), one);
        let top = one.level() == division::Level::Province;
        assert_eq!(one.parent().is_none(), top, "{one:?}");
    }
    let district = division::get("370211").unwrap();
    assert_eq!((district.name(), district.full_name()), ("黄岛区", "山东省青岛市黄岛区".into()));
    assert_eq!(division::get("370211001").unwrap().full_name(), "山东省青岛市黄岛区黄岛街道");
    assert_eq!(division::get("110101").unwrap().full_name(), "北京市东城区");
    assert_eq!(division::get("429004").unwrap().full_name(), "湖北省仙桃市");
    assert_eq!(district.parent().unwrap().name(), "青岛市");
    let qingdao: Vec<_> = division::get("370200").unwrap().children().map(|d| d.code()).collect();
    assert_eq!(qingdao.len(), 10);
    assert!(qingdao.iter().all(|code| code.len() == 6 && code.starts_with("3702")));
    assert_eq!(division::get("370000").unwrap().children().count(), 16);
    assert!(division::get("370211001").unwrap().children().next().is_none());
    assert_eq!(all.iter().filter(|d| d.is_statistical()).count(), 15);
    for wrong in ["", "37021", "3702110", "370299", "999999", "370211001001", "37021a", "３７０２１１"] {
        assert!(division::get(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn industries() {
    let all = industry::all();
    assert_eq!(all.len(), 1971);
    assert!(all.is_sorted_by(|a, b| a.code() < b.code()), "the search needs the order");
    let mut levels = [0; 4];
    for one in all {
        levels[one.level() as usize] += 1;
        assert_eq!(industry::get(one.code()).unwrap(), one);
        assert_eq!(one.parent().is_none(), one.level() == industry::Level::Section, "{one:?}");
    }
    assert_eq!(levels, [20, 97, 473, 1381]);
    let dinner = industry::get("H6210").unwrap();
    assert_eq!((dinner.name(), dinner.digits()), ("正餐服务", "6210"));
    assert_eq!(industry::get("6210").unwrap(), dinner);
    assert_eq!(dinner.parent().unwrap().parent().unwrap().parent().unwrap().code(), "H");
    for wrong in ["", "h6210", "C6210", "0000", "6", "H62100", "号"] {
        assert!(industry::get(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn project_codes() {
    let code = project::parse("2026-370211-62-03-000001").unwrap();
    assert_eq!((code.year(), code.division(), code.industry(), code.sequence()), (2026, "370211", "62", "000001"));
    assert_eq!(code.kind(), Some(project::ProjectKind::Record));
    let part = |value: &str| match project::parse(value) {
        Err(CodeError::Part { part, .. }) => part,
        other => panic!("{value}: {other:?}"),
    };
    assert_eq!(part("2026-37021-162-03-000001"), Part::Hyphens);
    assert_eq!(part("1999-370211-62-03-000001"), Part::Year);
    assert_eq!(part("2026-990211-62-03-000001"), Part::Province);
    assert_eq!(part("2026-370211-62-04-000001"), Part::ProjectKind);
    assert!(matches!(project::parse("2026-370211-00-03-000001"), Err(CodeError::Unlisted { .. })));
    assert!(matches!(project::parse("2026-370211-62-03-00000l"), Err(CodeError::Character { position: 24, .. })));
    assert!(matches!(project::parse("20263702116203000001"), Err(CodeError::Length { found: 20, .. })));
}

#[test]
fn telephone_numbers() {
    assert!(matches!(phone::parse("13800001234"), Ok(Phone::Mobile(_))));
    for ok in ["0532-55552790", "010-62345678", "021-62345678", "0536-2345678", "0532-88880000-123"] {
        assert_eq!(phone::parse(ok).unwrap().to_string(), ok);
    }
    let wrong = [
        "12800001234",
        "1380000123",
        "138000012345",
        "88880000",
        "0532-1234567",
        "0532-888800001",
        "010-2345678",
        "0132-88880000",
        "053288880000",
        "0532--88880000",
        "0532-88880000-",
        "0532-88880000-1234567",
        "+8613800001234",
        "0532-88880000-1-2",
        "字",
        "1３800001234",
        "",
    ];
    for bad in wrong {
        assert!(phone::parse(bad).is_err(), "{bad}");
    }
    let repaired = [
        ("+86 138-0000-1234", "13800001234"),
        ("0086 13800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("(0532) 88880000", "0532-88880000"),
        ("01062345678", "010-62345678"),
        ("0532-8888 0000", "0532-88880000"),
        ("13800001234", "13800001234"),
    ];
    for (typed, expected) in repaired {
        assert_eq!(phone::normalise(typed), expected);
        assert!(phone::parse(expected).is_ok());
    }
    assert_eq!(format!("{:?}", phone::parse("13800001234").unwrap()), "Phone(138****1234)");
}

#[test]
fn names_of_persons() {
    // Extension A, B, E, G, H, a compatibility ideograph and the circle zero.
    for ok in [
        "张三",
        "欧阳娜娜",
        "买买提·吐尔逊",
        "阿卜杜拉·阿卜杜·热合曼",
        "王㛃",
        "李𠅤",
        "赵𬸚",
        "钱\u{30000}",
        "孙\u{31350}",
        "周\u{fa0e}",
        "〇一",
        "John Smith",
        "Anne-Marie O'Neill",
        "José Ångström Jr.",
    ] {
        assert_eq!(name::check_person(ok), Ok(()), "{ok}");
    }
    let wrong = [
        "",
        "张",
        "张3",
        "张 三",
        "·张三",
        "张三·",
        "张··三",
        "张.三",
        "张\u{200b}三",
        "张\u{202e}三",
        "张\u{e000}三",
        "John张",
        "张John",
        "<b>x</b>",
        "Smith  John",
        "Smith-",
        "ＪＯＨＮ",
        "张\u{fe0f}",
        "张😀",
    ];
    for bad in wrong {
        assert!(name::check_person(bad).is_err(), "{bad}");
    }
    assert!(name::check_person(&"张".repeat(50)).is_ok());
    assert!(name::check_person(&"张".repeat(51)).is_err());
    assert_eq!(name::normalise(" 买买提•吐尔逊 "), "买买提·吐尔逊");
    assert_eq!(name::normalise("张　三"), "张三");
    assert_eq!(name::normalise(" John F. Smith"), "John F. Smith");
    assert_eq!(name::mask("买买提·吐尔逊"), "买**·***");
    let hidden = name::check_person("张\u{202e}三").unwrap_err().explain();
    assert!(hidden.zh.contains("U+202E") && !hidden.zh.contains('\u{202e}'), "{hidden:?}");
}

#[test]
fn identity_documents() {
    let number = |first: &str| format!("{first}{}", citizen_id::check_character(first).unwrap());
    let settled = number("91156119990101001");
    let ok = [
        (IdKind::CitizenId, "11010519491231002X"),
        (IdKind::HongKongMacaoResidence, "810000197001011119"),
        (IdKind::HongKongMacaoResidence, "820000199912310006"),
        (IdKind::TaiwanResidence, &number("83000019900101001")),
        (IdKind::PermanentResident, &settled),
        (IdKind::PermanentResident, "USA110075120712"),
        (IdKind::Passport, "E12345678"),
        (IdKind::Passport, "EA1234567"),
        (IdKind::Passport, "G12345678"),
        (IdKind::ForeignPassport, "C01X00T47"),
        (IdKind::HongKongMacaoPermit, "H12345678"),
        (IdKind::HongKongMacaoPermit, "M1234567801"),
        (IdKind::TaiwanPermit, "12345678"),
    ];
    for (kind, value) in ok {
        let document = document::parse(kind, value, TODAY).unwrap();
        assert_eq!((document.kind(), document.number()), (kind, value));
        assert!(!format!("{document:?}").contains(value), "Debug hides the number");
    }
    let wrong = [
        (IdKind::CitizenId, "810000197001011119"),
        (IdKind::HongKongMacaoResidence, "11010519491231002X"),
        (IdKind::TaiwanResidence, "810000197001011119"),
        (IdKind::PermanentResident, "11010519491231002X"),
        (IdKind::PermanentResident, "911561199901010011"),
        (IdKind::PermanentResident, "usa110075120712"),
        (IdKind::Passport, "A12345678"),
        (IdKind::Passport, "E1234567"),
        (IdKind::Passport, "E1234567A"),
        (IdKind::ForeignPassport, "1234"),
        (IdKind::ForeignPassport, "ABCDEFG"),
        (IdKind::ForeignPassport, "AB-12345"),
        (IdKind::HongKongMacaoPermit, "X12345678"),
        (IdKind::HongKongMacaoPermit, "H123456789"),
        (IdKind::TaiwanPermit, "1234567A"),
        (IdKind::TaiwanPermit, "１２３４５６７８"),
    ];
    for (kind, value) in wrong {
        assert!(kind != IdKind::PermanentResident || value != settled);
        assert!(document::parse(kind, value, TODAY).is_err(), "{kind:?} {value}");
    }
    for kind in IdKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
        assert!(!kind.name().is_incomplete());
        assert!(matches!(document::parse(kind, "", TODAY), Err(CodeError::Empty(_))));
        let error = document::parse(kind, "字", TODAY).unwrap_err().explain();
        assert!(!error.is_incomplete() && !error.zh.contains(['{', '@']), "{error:?}");
    }
    assert!(matches!(document::parse(IdKind::CitizenId, "11010519491231002X", TODAY), Ok(IdDocument::Citizen(_))));
}

#[test]
fn masks_and_repairs() {
    assert_eq!(mask("13800001234"), "138****1234");
    assert_eq!(mask("1234567"), "1******");
    assert_eq!(mask(""), "");
    assert_eq!(mask("字"), "字");
    assert_eq!(normalise(" ９１３５０１００－ｍ０００１００ｙ４３\u{feff}"), "91350100M000100Y43");
    let huge = "9".repeat(1_000_000);
    let reason: Text = check(CodeKind::LicenceId, &huge, TODAY).reason.unwrap();
    assert!(reason.zh.len() < 500, "an error never carries the whole input");
}

/// Replaces one character by another of the alphabet; `None` when it is the same.
fn retype(code: &str, position: usize, with: char) -> Option<String> {
    let mut characters: Vec<char> = code.chars().collect();
    let slot = characters.get_mut(position)?;
    if *slot == with {
        return None;
    }
    *slot = with;
    Some(characters.into_iter().collect())
}

proptest! {
    #[test]
    fn nothing_panics(kind in 0usize..4, value in "\\PC{0,40}|[0-9A-Zx.]{10,80}") {
        let verdict = check(CodeKind::ALL[kind], &value, TODAY);
        prop_assert_eq!(verdict.valid, verdict.reason.is_none());
        let _ = (normalise(&value), mask(&value), phone::parse(&phone::normalise(&value)), project::parse(&value));
        let _ = (division::get(&value), industry::get(&value), name::check_person(&name::normalise(&value)));
        for kind in IdKind::ALL {
            if let Err(error) = document::parse(kind, &value, TODAY) {
                prop_assert!(!error.explain().is_incomplete());
            }
        }
    }

    #[test]
    fn one_wrong_character_of_a_credit_code_is_found(pick in 0usize..10, position in 0usize..18, with in 0usize..31) {
        let with = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().nth(with).unwrap();
        if let Some(wrong) = retype(&valid(CodeKind::Uscc)[pick], position, with) {
            prop_assert!(uscc::parse(&wrong).is_err());
        }
    }

    #[test]
    fn one_wrong_digit_of_a_citizen_number_is_found(pick in 0usize..10, position in 0usize..17, with in 0u8..10) {
        if let Some(wrong) = retype(&valid(CodeKind::CitizenId)[pick], position, char::from(b'0' + with)) {
            prop_assert!(citizen_id::parse(&wrong, TODAY).is_err());
        }
    }

    #[test]
    fn one_wrong_character_of_a_licence_is_found(serial in "[0-9A-Z]{1,32}", version in 1u16..1000, position in 0usize..90, with in 0usize..36) {
        let made = licence_id::compose("11370800MB0000000B001", "11370800MB0000000B", &serial, version).unwrap();
        prop_assert_eq!(&licence_id::parse(&made.to_string()).unwrap(), &made);
        let with = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars().nth(with).unwrap();
        if let Some(wrong) = retype(&made.to_string(), position, with) {
            prop_assert!(licence_id::parse(&wrong).is_err());
        }
    }
}

#[test]
fn names_of_organisations_hold_nothing_hidden() {
    for ok in ["江城市云帆餐饮有限公司", "江城（海澜）𠮷贸易有限公司", "Acme (China) Co., Ltd."]
    {
        assert_eq!(name::check_organisation(ok), Ok(()), "{ok}");
    }
    for bad in ["", "  ", "冒名\u{202e}有限公司", "云帆\u{0}", "云帆\n餐饮", "云\u{200b}帆", "云帆\u{e123}"]
    {
        let words = name::check_organisation(bad).unwrap_err().explain();
        assert!(domain::text::hidden_character(&words.zh, false).is_none(), "{:?}", words.zh);
    }
    assert!(name::check_organisation(&"云".repeat(201)).is_err());
}
