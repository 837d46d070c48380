//! The catalogue of the demo city, and a bad file for every check of the lint.

use std::collections::BTreeSet;
use std::path::Path;

use domain::catalog::{Catalogue, Files, Severity, has_errors, lint};
use serde_json::{Value, json};

/// The files of `catalog/` in this repository.
pub fn demo_files() -> Files {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog"))
}

/// A small sound catalogue: one matter.
fn sound() -> Files {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/catalog"))
}

fn read(root: &Path) -> Files {
    let mut files = Files::new();
    collect(root, root, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

const MATTER: &str = "matters/bath/matter.json";
const FORM: &str = "matters/bath/form.json";
const SAMPLE: &str = "matters/bath/sample.json";
const SCHEMA: &str = "matters/bath/rules/schema.json";
const TYPE: &str = "licence-types/hygiene.json";
const DEPARTMENTS: &str = "departments.json";

/// Puts a value at a JSON pointer; null takes the key away.
fn edit(files: &mut Files, file: &str, pointer: &str, value: Value) {
    let mut document: Value = serde_json::from_str(&files[file]).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) if value.is_null() => drop(object.remove(key).unwrap()),
        Value::Object(object) => drop(object.insert(key.to_owned(), value)),
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) if value.is_null() => drop(items.remove(key.parse().unwrap())),
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        other => panic!("nothing to edit in {other}"),
    }
    files.insert(file.to_owned(), serde_json::to_string_pretty(&document).unwrap());
}

/// One bad place must give the finding `expected` (or several, with a blank between), in both languages, and no other.
fn check(expected: &str, file: &str, pointer: &str, value: Value) {
    let mut files = sound();
    edit(&mut files, file, pointer, value);
    let findings = lint(&files);
    let context = format!("{expected}: {file} {pointer}: {findings:#?}");
    let found: BTreeSet<&str> = findings.iter().map(|finding| finding.check).collect();
    assert_eq!(found, expected.split(' ').collect(), "{context}");
    for finding in &findings {
        assert!(!finding.message.is_incomplete() && !finding.fix.is_incomplete(), "{context}");
        assert!(finding.line >= 1 && finding.line <= files[&finding.file].lines().count(), "{context}");
    }
}

#[test]
fn the_sound_catalogue_has_no_findings() {
    assert_eq!(lint(&sound()), []);
}

#[test]
fn the_demo_city_can_be_published() {
    let findings = lint(&demo_files());
    assert!(!has_errors(&findings), "{}", findings.iter().map(|f| format!("{f}\n")).collect::<String>());
    let catalogue = Catalogue::load(&demo_files()).unwrap();
    assert!(catalogue.matters.len() >= 40, "only {} matters", catalogue.matters.len());
    assert!(catalogue.matters.values().filter(|bundle| bundle.rules_files.is_some()).count() >= 14);
}

/// DATA_MODEL §5, by number.
#[test]
fn the_eleven_audit_checks() {
    check("instant-promise", MATTER, "/project_type", json!("instant")); // 1
    check("instant-promise", MATTER, "/promised/number", json!(0));
    check("promise-statutory", MATTER, "/promised/number", json!(21)); // 2
    check("promise-statutory", MATTER, "/statutory/number", json!(4));
    check("promise-statutory", MATTER, "/statutory", period(3, "calendar-day"));
    check("outcome-kind", MATTER, "/outcome/kind", json!("approval")); // 3
    check("outcome-kind", MATTER, "/outcome/name", text("关于项目的批复", "Approval"));
    check("visit-reason", MATTER, "/visits", json!({"count": 0, "reason": text("原件", "originals")})); // 4
    check("mail-intake online-channel", MATTER, "/channels", json!(["window"])); // 5
    check("online-visits", MATTER, "/visits", json!({"count": 1, "reason": text("原件", "originals")})); // 6
    check("fee", MATTER, "/fee", fee(json!(""), 100, true)); // 7
    check("fee", MATTER, "/fee", fee(json!("第一条"), 0, true));
    check("fee", MATTER, "/fee", fee(json!("第一条"), 100, false));
    check("phones", MATTER, "/contact/complaint", json!("0532-55550110")); // 8
    check("phones", MATTER, "/contact/consult", json!("55550110"));
    check("topics", MATTER, "/topics/-", json!("生育收养")); // 9
    check("topics", MATTER, "/topics/-", json!("开饭店"));
    check("topics", MATTER, "/topics", json!([]));
    check("licence-faq", MATTER, "/faq", json!([])); // 10
    check("licence-steps", MATTER, "/flow/3", Value::Null);
    check("result-sample", MATTER, "/outcome/licence_type", Value::Null); // 11
}

fn text(zh: &str, en: &str) -> Value {
    json!({ "zh": zh, "en": en })
}

fn period(number: u32, unit: &str) -> Value {
    json!({"number": number, "unit": unit, "start": "acceptance", "source": "某法 第一条", "basis": "K", "valid_from": "2019-01-01"})
}

fn fee(article: Value, fen: i64, online: bool) -> Value {
    json!({
        "item": text("工本费", "Fee"), "standard": text("每证 1 元", "1 yuan each"), "amount_fen": fen, "online": online,
        "source": {"law": "收费条例", "article": article, "basis": "K"}
    })
}

#[test]
fn elements_of_a_matter() {
    check("material-article", MATTER, "/materials/0/basis/article", json!(" "));
    check("material-when", MATTER, "/materials/0/necessity", json!("conditional"));
    check("material-when", MATTER, "/materials/1/when", Value::Null);
    check("material-slot sample-material", MATTER, "/materials/0/slot", json!("Floor Plan"));
    check("material-slot", MATTER, "/materials/1/slot", json!("floor-plan"));
    check("material-format", MATTER, "/materials/0/formats", json!(["docx"]));
    check("unknown-register", MATTER, "/materials/1/shared_from", json!("weather"));
    check("unknown-field", MATTER, "/materials/1/when/field", json!("supper"));
    check("unknown-field", MATTER, "/materials/1/when/any_of", json!(["yes"]));
    check("unknown-department", MATTER, "/department", json!("weather"));
    check("unknown-licence-type", MATTER, "/materials/0/waived_by", json!("diploma"));
    check("slug-folder", MATTER, "/slug", json!("sauna"));
    check("keywords", MATTER, "/keywords", json!([]));
    check("keywords", MATTER, "/keywords", json!(["开浴室"]));
    check("missing-element", MATTER, "/conditions", json!([]));
    check("basic-code", MATTER, "/basic_code", json!("3701000010"));
    check("basic-code", MATTER, "/basic_code", json!("371000001000"));
    check("code-list", MATTER, "/level", json!(9));
    check("code-list", MATTER, "/handle_area", json!(0));
    check("code-list", MATTER, "/power_source", json!("7"));
    check("effective", MATTER, "/effective/to", json!("2024-12-31"));
    check("effective", MATTER, "/statutory/valid_to", json!("2024-12-31"));
    check("effective", MATTER, "/promised/valid_from", json!("2026-01-01"));
    check("period", MATTER, "/promised/source", json!(""));
    check("basis", MATTER, "/basis", json!([]));
    check("basis", MATTER, "/basis/0/article", json!(""));
    check("basis", MATTER, "/basis/0/law", json!("《公共场所卫生管理条例》"));
    check("pledge", MATTER, "/materials/0/pledgeable", json!(true));
    check("automation", MATTER, "/automation/check_percent", json!(0));
    check("automation-rules", MATTER, "/automation", Value::Null);
    let inspection = json!([{"kind": "inspection", "working_days": 3, "source": {"law": "某办法", "article": "第一条", "basis": "K"}}]);
    check("automation-procedure", MATTER, "/special_procedures", inspection);
    check("translation", MATTER, "/name/en", json!(""));
    check("translation", MATTER, "/conditions/0/zh", json!(" "));
    check("translation", MATTER, "/summary/en", json!("开浴室前取得"));
    check("translation", SCHEMA, "/fields/0/label/en", json!(""));
}

/// A pledge moves a check behind the decision, not the judgement of experts.
#[test]
fn no_pledge_lets_rules_decide_what_people_must_see() {
    let demo = demo_files();
    let pledged: Value = serde_json::from_str(&demo["matters/public-place-hygiene/matter.json"]).unwrap();
    for kind in ["inspection", "publicity", "expert-review"] {
        let mut files = sound();
        let source = json!({"law": "某办法", "article": "第一条", "basis": "K"});
        edit(&mut files, MATTER, "/special_procedures", json!([{"kind": kind, "working_days": 3, "source": source}]));
        edit(&mut files, MATTER, "/pledge", pledged["pledge"].clone());
        let findings = lint(&files);
        assert!(findings.iter().any(|finding| finding.check == "automation-procedure"), "{kind}: {findings:#?}");
    }
}

#[test]
fn forms() {
    check("form-steps", FORM, "/x-steps/0/fields/1", Value::Null);
    check("form-steps", FORM, "/x-steps/1/fields/-", json!("kind"));
    check("form-steps", FORM, "/x-steps/1/fields/-", json!("ghost"));
    check("form-steps", FORM, "/x-steps/1/id", json!("place"));
    check("form-label", FORM, "/properties/name/x-label", Value::Null);
    check("form-label", FORM, "/properties/staff/x-item", Value::Null);
    check("form-options", FORM, "/properties/kind/x-options/bath", Value::Null);
    check("form-options", FORM, "/properties/kind/x-options/casino", text("赌场", "Casino"));
    check("form-widget", FORM, "/properties/area/x-widget", json!("radio"));
    check("form-type", FORM, "/properties/note/format", json!("email"));
    check("form-unknown-field sample-form", FORM, "/required/-", json!("ghost"));
    check("form-schema", FORM, "/additionalProperties", json!(true));
    check("form-schema", FORM, "/properties/plate/pattern", json!("("));
    check("form-when", FORM, "/properties/rooms/x-when", Value::Null);
    check("form-when", FORM, "/properties/rooms/x-when/any_of", json!(["bath"]));
    check("form-when", FORM, "/properties/rooms/x-when/field", json!("ghost"));
    check("form-when", FORM, "/properties/kitchen/x-when/field", json!("kitchen"));
    check("form-when sample-form", FORM, "/required/-", json!("rooms"));
    check("form-when", FORM, "/allOf/1", Value::Null);
    check("form-when", FORM, "/allOf/0/if/required", Value::Null);
    check("unknown-key", FORM, "/properties/name/minlength", json!(2));
    check("unknown-key", FORM, "/x-pages", json!([]));
    check("ref", FORM, "/properties/name/x-prefill", json!("enterprise.shoe_size"));
    check("prefill", FORM, "/properties/name/x-prefill", json!("person.name"));
    check("translation", FORM, "/properties/name/x-label/en", json!(""));
    // A field may be optional while it is shown, when its author says so.
    let mut files = sound();
    edit(&mut files, FORM, "/allOf/1", Value::Null);
    edit(&mut files, FORM, "/properties/kitchen/x-optional", json!(true));
    assert_eq!(lint(&files), []);
}

#[test]
fn samples() {
    check("sample-form", SAMPLE, "/form/area", json!(0));
    check("sample-form", SAMPLE, "/form/staff/0/id", json!("1101"));
    check("sample-form", SAMPLE, "/form/rooms", json!(3));
    check("sample-form", SAMPLE, "/form/ghost", json!(3));
    check("sample-ref", SAMPLE, "/form/phone", json!("{enterprise.fax}"));
    check("sample-ref", SAMPLE, "/form/phone", json!("{person.phone}"));
    check("sample-material", SAMPLE, "/materials/-", json!("diploma"));
    check("sample-material", SAMPLE, "/materials/-", json!("floor-plan"));
    check("sample-material", SAMPLE, "/materials", json!([]));
    check("sample-applicant", SAMPLE, "/applicant/kind", json!("organisation"));
    check("sample-pledge", SAMPLE, "/pledge", json!(true));
    check("sample-register", SAMPLE, "/registers", json!({"weather/{applicant.code}": {}}));
    check("sample-register", SAMPLE, "/registers", json!({"tax/{applicant.shoe}": {}}));
    check("sample-holds", SAMPLE, "/holds", json!(["diploma"]));
    check("unknown-key", SAMPLE, "/notes", json!("x"));
}

#[test]
fn shared_files() {
    check("licence-type", TYPE, "/id", json!("bath"));
    check("licence-type", TYPE, "/code", json!("11370211MB9H11035F01"));
    check("licence-type", TYPE, "/number_pattern", json!("卫字{year}"));
    check("licence-type", TYPE, "/number_pattern", json!("卫字{month}{seq}"));
    check("licence-type", TYPE, "/surface/1/key", json!("holder"));
    check("surface-field", TYPE, "/surface/2/from", json!("form.ghost"));
    // Unknown for an enterprise, and personal besides.
    check("surface-field surface-shown", TYPE, "/surface/1/from", json!("person.address"));
    check("surface-shown", TYPE, "/surface/1/shown", Value::Null);
    check("surface-shown", TYPE, "/surface/0/shown", json!("public"));
    check("surface-shown", TYPE, "/surface/1/from", json!("enterprise.legal_representative.name"));
    check("department", DEPARTMENTS, "/0/uscc", json!("11370211MB9H11035G"));
    check("department", DEPARTMENTS, "/0/phone", json!("55550110"));
    check("rules-field", SCHEMA, "/fields/0/from/request/field", json!("ghost"));
    check("rules-field", SCHEMA, "/fields/0/from", json!({"pledge": {"field": "kind"}}));
    check("rules-field", SCHEMA, "/fields/1/from/registry/key", json!("form.ghost"));
    check("synonym", "synonyms.json", "/浴池", json!(["桑拿房"]));
    let mut files = sound();
    let department: Value = serde_json::from_str::<Value>(&files[DEPARTMENTS]).unwrap()[0].clone();
    edit(&mut files, DEPARTMENTS, "/-", department);
    assert_eq!(lint(&files)[0].check, "department");
}

#[test]
fn missing_stray_and_duplicate_files() {
    let of = |change: &dyn Fn(&mut Files)| {
        let mut files = sound();
        change(&mut files);
        lint(&files).into_iter().map(|finding| (finding.check, finding.file)).collect::<Vec<_>>()
    };
    for file in [FORM, SAMPLE, MATTER, DEPARTMENTS, "matters/bath/rules/table.json"] {
        let found = of(&|files| drop(files.remove(file)));
        assert!(found.contains(&("missing-file", file.to_owned())), "{file}: {found:?}");
    }
    let found = of(&|files| drop(files.insert("matters/bath/form.jsn".into(), "{}".into())));
    assert_eq!(found, [("stray-file", "matters/bath/form.jsn".to_owned())]);
    let copied = of(&|files| {
        let copies = files.iter().filter_map(|(path, text)| Some((path.strip_prefix("matters/bath/")?, text)));
        let copies: Files = copies.map(|(name, text)| (format!("matters/sauna/{name}"), text.clone())).collect();
        files.extend(copies);
    });
    let twin = "matters/sauna/matter.json".to_owned();
    assert!(
        copied.contains(&("duplicate-code", twin.clone())) && copied.contains(&("slug-folder", twin)),
        "{copied:?}"
    );
}

#[test]
fn findings_name_the_line() {
    let line_of = |file: &str, old: &str, new: &str| {
        let mut files = sound();
        assert!(files[file].contains(old), "{old}");
        let text = files[file].replacen(old, new, 1);
        let line = text.lines().position(|line| line.contains(new)).unwrap() + 1;
        files.insert(file.to_owned(), text);
        let findings = lint(&files);
        assert!(findings.iter().any(|finding| finding.file == file && finding.line == line), "{line}: {findings:#?}");
    };
    // A value of the wrong type, an unknown key, a missing comma, a key written twice, a finding of the lint.
    line_of(MATTER, "\"level\": 4", "\"level\": \"four\"");
    line_of(MATTER, "\"level\": 4", "\"levle\": 4");
    line_of(MATTER, "\"level\": 4,", "\"level\": 5, \"level\": 4,");
    line_of(MATTER, "\"complaint\": \"0532-55550190\"", "\"complaint\": \"1\"");
    line_of(FORM, "\"x-widget\": \"textarea\"", "\"x-widget\": \"slider\"");
    line_of(SAMPLE, "\"area\": 120", "\"area\": 0");
}

#[test]
fn hostile_files_end_in_findings() {
    for text in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "\u{feff}{}",
        "// comment\n{}",
        "{\"a\": 1,}",
        "{\"type\": \"object\", \"properties\": []}",
        "{\"$ref\": \"http://example.com/schema.json\"}",
        "{\"properties\": {\"a\": {\"$ref\": \"#\"}}}",
        &"[".repeat(100_000),
        &format!("\"{}\"", "x".repeat(3_000_000)),
    ] {
        for file in [MATTER, FORM, SAMPLE, SCHEMA, TYPE, DEPARTMENTS, "synonyms.json"] {
            let mut files = sound();
            files.insert(file.to_owned(), text.to_owned());
            let findings = lint(&files);
            let harmless = text == "{}" && file == "synonyms.json";
            // The content of rule files is the business of the rules crate; only what is no JSON is found here.
            assert_eq!(has_errors(&findings), !harmless && (file != SCHEMA || unread(text)), "{file} {:.40}", text);
            let loaded = Catalogue::load(&files);
            assert!(loaded.is_err() || ![MATTER, FORM, SAMPLE, TYPE].contains(&file), "{file} {text:.40}");
        }
    }
}

/// Texts that are no JSON at all.
fn unread(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_err() || text.len() > 2_000_000
}

#[test]
fn warnings_do_not_stop_publication() {
    let mut files = sound();
    edit(&mut files, "synonyms.json", "/浴池", json!(["桑拿房"]));
    let findings = lint(&files);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(!has_errors(&findings));
    assert!(Catalogue::load(&files).is_ok());
}

#[test]
fn the_digest_names_every_file_of_the_matter_and_no_other() {
    let digest = |files: &Files| Catalogue::load(files).unwrap().matters["bath"].digest.clone();
    let before = digest(&sound());
    assert_eq!(before.len(), 64);
    for file in [MATTER, FORM, SAMPLE, SCHEMA] {
        let mut files = sound();
        files.get_mut(file).unwrap().push('\n');
        assert_ne!(digest(&files), before, "{file}");
    }
    let mut files = sound();
    files.get_mut(TYPE).unwrap().push('\n');
    assert_eq!(digest(&files), before);
}

#[test]
fn the_first_page_offers_only_what_there_is() {
    let mut files = sound();
    let slug = MATTER.split('/').nth(1).unwrap();
    let front = json!({ "examples": [{ "zh": "开浴池", "en": "open a bath house" }], "top": [slug] });
    files.insert("home.json".to_owned(), front.to_string());
    assert_eq!(lint(&files), []);
    let Ok(loaded) = Catalogue::load(&files) else { panic!("sound") };
    assert_eq!((loaded.front.examples.len(), loaded.front.top.len()), (1, 1));
    for (pointer, value, check) in [
        ("/examples/0/zh", json!("q"), "home-example"),
        ("/examples/0/en", json!("q"), "home-example"),
        ("/top/0", json!("ghost"), "home-top"),
        ("/top/-", json!(slug), "home-top"),
        ("/tops", json!([]), "unknown-key"),
    ] {
        let mut files = files.clone();
        edit(&mut files, "home.json", pointer, value);
        let findings = lint(&files);
        assert!(has_errors(&findings), "{pointer}");
        assert!(findings.iter().any(|finding| finding.file == "home.json" && finding.check == check), "{findings:?}");
    }
}

#[test]
fn licence_types_name_faces_and_fields_that_are_there() {
    check("licence-face", TYPE, "/face", json!("nowhere"));
    check("licence-face", TYPE, "/annex", json!(["nothing"]));
}
