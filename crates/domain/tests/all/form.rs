//! Forms: repeating groups first, then conditions, posts, sentences and hostile input.

use std::collections::BTreeMap;

use domain::catalog::{ApplicantKind, Catalogue, Form, MAX_PAIRS, MAX_VALUE_CHARS, Party, RefContext, Widget};
use domain::text::Lang;
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

const FORM: &str = include_str!("../data/catalog/matters/bath/form.json");
const ID: &str = "11010519491231002X";

fn form() -> Form {
    Form::compile(FORM).unwrap()
}

/// Complete answers, changed at one place.
fn answers(pointer: &str, value: Value) -> Value {
    let mut data = json!({
        "kind": "bath", "name": "清泉池", "area": 120,
        "staff": [{"name": "周明远", "id": ID}, {"name": "Anna Xu", "id": ID, "age": 30}],
    });
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = data.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(object) => drop(object.insert(key.to_owned(), value)),
        Value::Array(rows) => rows[key.parse::<usize>().unwrap()] = value,
        _ => unreachable!(),
    }
    data
}

fn errors(data: &Value) -> Vec<(String, String, String)> {
    let errors = form().validate(data, None);
    errors.into_iter().map(|error| (error.field, error.message.zh, error.message.en)).collect()
}

/// One answer changed, one error with these words.
fn check(pointer: &str, value: Value, field: &str, zh: &str, en: &str) {
    let found = errors(&answers(pointer, value));
    assert_eq!(found.len(), 1, "{pointer}: {found:?}");
    assert_eq!(found[0].0, field);
    assert!(found[0].1.contains(zh), "{} ≠ {zh}", found[0].1);
    assert!(found[0].2.contains(en), "{} ≠ {en}", found[0].2);
}

#[test]
fn complete_answers_have_no_errors() {
    assert_eq!(errors(&answers("/note", json!("好"))), []);
}

#[test]
fn sentences_in_repeating_groups_name_the_row_and_the_cell() {
    check("/staff/1/name", Value::Null, "staff[1].name", "人员第 2 行：请填写姓名", "Person 2: Enter name");
    check(
        "/staff/1/id",
        json!("11010519491231002"),
        "staff[1].id",
        "人员第 2 行：身份证号：",
        "Person 2: Citizen number",
    );
    check("/staff/0/age", json!(15), "staff[0].age", "年龄应不少于 16 岁", "at least 16 years");
    check("/staff/0/age", json!("三十"), "staff[0].age", "年龄应为整数", "whole number");
    check("/staff/0/trained", json!("maybe"), "staff[0].trained", "请选择“是”或“否”", "yes or no");
    check("/staff/0/shoe", json!(43), "staff[0].shoe", "没有“shoe”这一项", "no field “shoe”");
    check("/staff/1", json!("周明远"), "staff[1]", "人员第 2 行：这一行应为一个对象", "must be an object");
    check("/staff", json!([]), "staff", "至少要有 1 行", "at least 1");
    check("/staff", Value::Null, "staff", "请至少添加 1 行“人员”", "Add at least 1");
    check("/staff", json!("周明远"), "staff", "应为若干行", "list of rows");
    let person = json!({"name": "周", "id": ID});
    check("/staff", json!([person, person, person, person]), "staff", "最多 3 行，现在是 4 行", "at most 3");
}

#[test]
fn a_blank_row_keeps_its_number() {
    let found = errors(&answers("/staff/0", json!({"name": "  ", "id": null})));
    let fields: Vec<&str> = found.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["staff[0].name", "staff[0].id"]);
}

#[test]
fn sentences_say_what_to_do() {
    check("/area", Value::Null, "area", "请填写经营面积，不少于 1 平方米。", "Enter business area, at least 1 m².");
    check("/area", json!(0.5), "area", "经营面积应不少于 1 平方米", "Business area: must be at least 1 m²");
    check("/area", json!(5000), "area", "应不超过 2000 平方米", "at most 2000 m²");
    check("/area", json!("很大"), "area", "应为数字", "enter a number");
    check("/kind", Value::Null, "kind", "请选择场所类别。", "Choose: Kind of place.");
    check("/kind", json!("casino"), "kind", "请从列表中选择场所类别", "Choose from the list");
    check("/name", json!("泉"), "name", "至少 2 个字，现在是 1 个", "at least 2 characters, it has 1");
    check("/name", json!("一二三四五六七"), "name", "最多 6 个字，现在是 7 个", "at most 6 characters, it has 7");
    check("/name", json!(7), "name", "店名应为文字", "must be text");
    check("/since", json!("2026-02-29"), "since", "应为存在的日期", "date that exists");
    check("/uscc", json!("91350100M000100Y44"), "uscc", "信用代码：统一社会信用代码的校验位不符", "check character");
    check("/uscc", json!("9135"), "uscc", "应为18位", "has 18 characters");
    check("/phone", json!("12345"), "phone", "电话：", "Telephone: ");
    check(
        "/plate",
        json!("12"),
        "plate",
        "请核对：门牌上的 3 位数字。",
        "check the format: The 3 digits on the plate.",
    );
    check("/uscc", json!("９１350100M000100Y43"), "uscc", "全角字符", "full-width");
    check("/colour", json!("red"), "colour", "没有“colour”这一项，请删去。", "There is no field “colour”");
}

#[test]
fn length_counts_characters_and_rare_ones_count_once() {
    // 𪚥 lies outside the basic plane: one character, two UTF-16 units, four bytes.
    assert_eq!(errors(&answers("/name", json!("𪚥𪚥𪚥𪚥𪚥𪚥"))), []);
    // A decomposed é stays as typed: two characters, not normalised to one.
    let typed = json!("cafe\u{301}");
    assert_eq!(form().normalise(&answers("/name", typed.clone()))["name"], typed);
    assert_eq!(errors(&answers("/name", json!("阿·不都"))), []);
}

#[test]
fn errors_come_in_the_order_of_the_page_one_for_each_answer() {
    let found = errors(&json!({"kind": "hotel", "plate": "x", "name": "", "staff": [{}]}));
    let fields: Vec<&str> = found.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["name", "area", "rooms", "breakfast", "plate", "staff[0].name", "staff[0].id"]);
}

#[test]
fn a_step_reports_its_own_errors() {
    let form = form();
    let data = json!({"kind": "hotel", "plate": "x"});
    let of = |step| form.validate(&data, Some(step)).into_iter().map(|e| e.field).collect::<Vec<_>>();
    assert_eq!(of("place"), ["name", "area", "rooms", "breakfast"]);
    assert_eq!(of("details"), ["plate"]);
    assert_eq!(of("people"), ["staff"]);
}

#[test]
fn hidden_fields_are_neither_asked_nor_kept() {
    let form = form();
    let names =
        |data: &Value| form.visible_fields(Some("place"), data).iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&json!({})), ["kind", "name", "area"]);
    assert_eq!(names(&json!({"kind": "hotel"})), ["kind", "name", "area", "rooms", "breakfast"]);
    assert_eq!(names(&json!({"kind": "hotel", "breakfast": true})).last().unwrap(), "kitchen");
    // breakfast = yes is left over from before the kind was changed: the kitchen goes with it.
    let left_over = json!({"kind": "bath", "breakfast": true, "kitchen": "楼下", "rooms": 0, "name": "清泉"});
    assert_eq!(names(&left_over), ["kind", "name", "area"]);
    assert_eq!(form.normalise(&left_over), json!({"kind": "bath", "name": "清泉"}));
    let whole = answers("/rooms", json!("not even a number"));
    assert_eq!(form.validate(&whole, None), []);
    let asked: Vec<String> = errors(&answers("/kind", json!("hotel"))).into_iter().map(|(field, ..)| field).collect();
    assert_eq!(asked, ["rooms", "breakfast"]);
}

fn post(step: &str, pairs: &[(&str, &str)]) -> (Value, Vec<String>) {
    let pairs: Vec<(String, String)> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let (value, errors) = form().parse_post(step, &pairs);
    (value, errors.into_iter().map(|error| error.field).collect())
}

#[test]
fn a_post_becomes_typed_answers() {
    let (value, errors) = post(
        "place",
        &[
            ("_csrf", "x"),
            ("kind", "hotel"),
            ("name", " 清泉池 "),
            ("area", "36.5"),
            ("rooms", "12"),
            ("breakfast", "false"),
        ],
    );
    assert_eq!(errors, [] as [&str; 0]);
    assert_eq!(value, json!({"kind": "hotel", "name": "清泉池", "area": 36.5, "rooms": 12, "breakfast": false}));
}

#[test]
fn what_people_type_is_understood() {
    for (typed, number) in [
        ("３６", json!(36)),
        ("36 平方米", json!(36)),
        ("1,234.5", json!(1234.5)),
        ("1，234", json!(1234)),
        ("36m²", json!(36)),
        ("-5", json!(-5)),
        ("0.10", json!(0.1)),
    ] {
        assert_eq!(post("place", &[("area", typed)]), (json!({ "area": number }), vec![]), "{typed}");
    }
    for typed in ["2026/3/1", "2026年3月1日", "20260301", "2026-3-1", "２０２６－０３－０１", "2026.3.1"] {
        assert_eq!(post("details", &[("since", typed)]).0, json!({"since": "2026-03-01"}), "{typed}");
    }
    assert_eq!(post("details", &[("uscc", "91350100 m000100y43")]).0["uscc"], "91350100M000100Y43");
    assert_eq!(post("details", &[("phone", "+86 139-0000-0001")]).0["phone"], "13900000001");
    assert_eq!(post("people", &[("staff[0].id", "１１０１０５１９４９１２３１００２ｘ")]).0["staff"][0]["id"], ID);
    assert_eq!(post("details", &[("note", "一\r\n二")]).0["note"], "一\n二");
}

#[test]
fn what_is_not_understood_stays_as_typed_and_is_reported() {
    for (step, name, typed) in [
        ("place", "area", "很大"),
        ("place", "area", "1e400"),
        ("place", "area", "NaN"),
        ("place", "area", "12,34"),
        ("place", "area", "1.2.3"),
        ("place", "rooms", "3.5"),
        ("place", "rooms", "99999999999999999999"),
        ("place", "kind", "casino"),
        ("place", "breakfast", "maybe"),
        ("details", "since", "2026-02-30"),
        ("details", "since", "明天"),
        ("details", "uscc", "91350100M000100Y44"),
        ("details", "phone", "abc"),
    ] {
        let (value, errors) = post(step, &[(name, typed)]);
        assert_eq!(value, json!({ name: typed }), "{typed}");
        assert_eq!(errors, [name], "{typed}");
        // The kept text does not slip through validation later either.
        let later = form().validate(&json!({"kind": "hotel", name: typed}), None);
        assert!(later.iter().any(|error| error.field == name), "{typed}: {later:?}");
    }
}

#[test]
fn rows_come_in_order_and_blank_ones_vanish() {
    let (value, errors) = post(
        "people",
        &[
            ("staff[10].name", "丙"),
            ("staff[2].name", "乙"),
            ("staff[2].age", "三"),
            ("staff[0].name", "甲"),
            ("staff[1].name", "  "),
            ("staff[1].age", ""),
            ("staff[x].name", "no"),
            ("staff[-1].name", "no"),
            ("staff[99999999999].name", "no"),
            ("staff[0].unknown", "no"),
            ("staff[0]", "no"),
        ],
    );
    assert_eq!(value, json!({"staff": [{"name": "甲"}, {"name": "乙", "age": "三"}, {"name": "丙"}]}));
    assert_eq!(errors, ["staff[1].age"]);
}

#[test]
fn a_step_replaces_its_answers_in_the_draft_and_no_others() {
    let draft = json!({"name": "清泉", "area": 5, "note": "留着"});
    let merged = form().merge(&draft, "place", &json!({"name": "明泉"}));
    assert_eq!(merged, json!({"name": "明泉", "note": "留着"}));
}

#[test]
fn answers_are_shown_in_words() {
    let form = form();
    let show = |name: &str, value: Value, lang| form.display(form.field(name).unwrap(), &value, lang);
    for (name, value, zh, en) in [
        ("kind", json!("bath"), "沐浴", "Bathhouse"),
        ("area", json!(36.5), "36.5 平方米", "36.5 m²"),
        ("breakfast", json!(true), "是", "Yes"),
        ("since", json!("2026-03-01"), "2026年3月1日", "1 March 2026"),
        ("since", json!("明天"), "明天", "明天"),
        ("area", json!("很大"), "很大", "很大"),
        ("kind", json!("casino"), "casino", "casino"),
        ("note", Value::Null, "", ""),
        (
            "staff",
            json!([{"name": "周", "age": 30, "trained": false}, {"name": "Xu"}]),
            "周 · 30 岁 · 否\nXu",
            "周 · 30 years · No\nXu",
        ),
    ] {
        assert_eq!(show(name, value.clone(), Lang::Zh), zh);
        assert_eq!(show(name, value, Lang::En), en);
    }
}

#[test]
fn prefills_come_with_their_source_and_only_when_they_fit() {
    let context = |name: &str| RefContext {
        applicant: Party { name: "周".into(), code: ID.into(), kind: ApplicantKind::Enterprise, phone: None },
        agent: None,
        form: Value::Null,
        registers: BTreeMap::from([("enterprise".into(), json!({ "name": name }))]),
        today: Date::constant(2026, 1, 5),
        decision: None,
        licence_number: None,
    };
    let form = form();
    let known = form.prefill(&context("清泉浴池"));
    assert_eq!(known["name"].value, "清泉浴池");
    assert_eq!(known["name"].source.zh, "市场主体登记库");
    assert!(form.prefill(&context("这个名称太长了放不下")).is_empty());
}

#[test]
fn widgets_follow_from_the_kind_of_answer() {
    let form = form();
    let widget = |name: &str| form.field(name).unwrap().widget;
    assert_eq!(widget("kind"), Widget::Radio);
    assert_eq!(widget("breakfast"), Widget::Radio);
    assert_eq!(widget("note"), Widget::Textarea);
    assert_eq!(widget("staff"), Widget::Group);
    assert_eq!(widget("name"), Widget::Input);
}

#[test]
fn hostile_answers_end_in_a_sentence() {
    let form = form();
    let deep = (0..50).fold(json!("x"), |inner, _| json!([inner]));
    for data in [
        Value::Null,
        json!([]),
        json!("text"),
        json!({ "staff": deep }),
        json!({"staff": vec![json!({"name": "x"}); 30_000]}),
        json!({"note": "x".repeat(2_000_000)}),
        json!({"k".repeat(100_000): 1}),
        json!({"a/b~c": 1, "": 2}),
    ] {
        let errors = form.validate(&data, None);
        assert!(!errors.is_empty() && errors.len() < 100_000);
        assert!(errors.iter().all(|error| !error.message.is_incomplete() && error.message.zh.chars().count() < 300));
    }
    let many: Vec<(String, String)> = (0..MAX_PAIRS + 5).map(|i| (format!("staff[{i}].name"), "x".into())).collect();
    let (value, errors) = form.parse_post("people", &many);
    assert!(value["staff"].as_array().unwrap().len() <= 500);
    assert!(!errors.is_empty());
    let (value, errors) = form.parse_post("details", &[("note".into(), "好".repeat(MAX_VALUE_CHARS + 1))]);
    assert_eq!(value["note"].as_str().unwrap().chars().count(), MAX_VALUE_CHARS);
    assert_eq!(errors.len(), 1);
}

/// Turns answers into the pairs a browser would send.
fn pairs(data: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs = Vec::new();
    for (name, value) in data.as_object().unwrap() {
        match value {
            Value::Array(rows) => {
                for (at, row) in rows.iter().enumerate() {
                    let cells = row.as_object().unwrap().iter();
                    pairs.extend(cells.map(|(cell, value)| (format!("{name}[{at}].{cell}"), word(value))));
                }
            }
            _ => pairs.push((name.clone(), word(value))),
        }
    }
    pairs
}

#[test]
fn every_sample_of_the_demo_city_survives_the_way_through_a_browser() {
    let catalogue = Catalogue::load(&crate::catalog::demo_files()).unwrap();
    assert!(catalogue.matters.len() >= 30);
    for (slug, bundle) in &catalogue.matters {
        let typed = bundle.form.normalise(&bundle.sample.form);
        let mut draft = json!({});
        for step in bundle.form.steps() {
            let (posted, _) = bundle.form.parse_post(&step.id, &pairs(&typed));
            draft = bundle.form.merge(&draft, &step.id, &posted);
        }
        assert_eq!(draft, typed, "{slug}");
    }
}

proptest! {
    #[test]
    fn nothing_typed_is_lost(typed in "\\PC{0,40}", name in prop::sample::select(vec!["name", "area", "rooms", "kind", "kitchen"])) {
        let (value, errors) = form().parse_post("place", &[(name.to_owned(), typed.clone())]);
        let kept = value.get(name);
        prop_assert_eq!(kept.is_none(), typed.trim().is_empty());
        if let Some(text) = kept.and_then(Value::as_str) {
            prop_assert_eq!(text, typed.trim());
        } else {
            prop_assert!(errors.is_empty());
        }
    }

    #[test]
    fn any_post_is_read_and_validated_without_a_panic(pairs in prop::collection::vec(("(staff\\[[0-9]{1,3}\\]\\.(name|id|age|trained)|name|area|since|\\PC{0,12})", "\\PC{0,30}"), 0..20)) {
        let form = form();
        for step in ["place", "details", "people", "nowhere"] {
            let (value, _) = form.parse_post(step, &pairs);
            let errors = form.validate(&value, Some(step));
            prop_assert!(errors.iter().all(|error| !error.message.is_incomplete()));
        }
    }
}

#[test]
fn characters_that_cannot_be_seen_are_refused_with_a_sentence() {
    for hidden in
        ["\u{0}", "\u{1b}[2J", "\u{202e}abc", "\u{2066}x", "\u{200b}", "\u{feff}", "\u{e000}", "\u{ffff}", "a\nb"]
    {
        check("/name", json!(format!("清泉{hidden}池")), "name", "看不见的控制字符", "cannot be seen");
        check(
            "/staff/1/name",
            json!(format!("周{hidden}远")),
            "staff[1].name",
            "人员第 2 行：姓名中有看不见的控制字符",
            "Person 2: ",
        );
    }
    for fine in ["𠮷㐂𬌗池", "阿依·古丽池", "“No1”"] {
        assert_eq!(errors(&answers("/name", json!(fine))), [], "{fine}");
    }
}
