//! The worked example: what a person reads of it.

use rules::{Decision, FactValue, Fault, Outcome, replay};

use crate::support::{SCHEMA, TABLE, TESTS, example, known};

fn case(name: &str) -> Decision {
    let rule = example();
    let test = rule.tests().iter().find(|t| t.name == name).unwrap();
    rule.evaluate(&test.facts)
}

#[test]
fn the_example_is_fit_to_be_published_for_a_matter_open_to_pledges() {
    let rule = example();
    assert!(rule.run_tests().iter().all(|t| t.passed));
    assert_eq!(rule.lint(true), []);
    assert_eq!(rules::check(SCHEMA, TABLE, TESTS, true), []);
    let closed = rule.lint(false);
    let places: Vec<&str> = closed.iter().map(|f| f.pointer.as_str()).collect();
    let why = "the area is pledged, and the scale was reckoned from it";
    assert_eq!(places, ["/nodes/2/content/rules/1/ar", "/nodes/2/content/rules/1/sc"], "{why}");
    let line = TABLE.lines().nth(closed[0].line as usize - 1).unwrap();
    assert!(line.contains(r#""ar": ">= 40""#), "{line}");
}

#[test]
fn a_refusal_tells_the_fact_and_what_is_required() {
    let decision = case("面积 36 ㎡");
    assert_eq!(decision.outcome, Outcome::RefuseProposed);
    assert_eq!(decision.reason.zh, "拟不予批准，由工作人员确认：经营面积 36 ㎡，要求不少于 40 ㎡。");
    assert_eq!(
        decision.reason.en,
        "A refusal is proposed, which a person decides on: Floor area 36 ㎡; required: no less than 40 ㎡."
    );
}

#[test]
fn an_approval_lists_the_facts_that_carry_it() {
    let decision = case("条件齐备的理发店");
    assert_eq!(decision.outcome, Outcome::Approve);
    assert_eq!(
        decision.reason.zh,
        "经自动核验，符合全部条件：企业状态：存续；严重失信主体：否；房屋用途：商业；经营地址与登记一致：是；\
         经营面积 46.5 ㎡（要求不少于 40 ㎡）；规模：小型。"
    );
    assert_eq!(decision.fired.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["S03", "R01"]);
}

#[test]
fn a_note_is_part_of_the_reason() {
    let decision = case("集中空调");
    assert_eq!(decision.reason.zh, "转人工办理：使用集中空调：是。使用集中空调的，须现场核查。");
    assert_eq!(decision.note.unwrap().en, "Central air conditioning is inspected on site.");
}

#[test]
fn the_trace_shows_every_cell_of_every_row_tried() {
    let rows = case("面积 36 ㎡").explain();
    let ids: Vec<&str> = rows.iter().map(|r| r.row.as_ref()).collect();
    assert_eq!(ids, ["S01", "S02", "S03", "M01", "R01", "R02", "R03"]);
    let failed: Vec<_> = rows[4].cells.iter().filter(|c| !c.held).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].sentence.zh, "经营面积 36 ㎡，要求不少于 40 ㎡");
    assert_eq!(failed[0].cell.as_ref(), ">= 40");
    assert_eq!(rows[4].cells[2].sentence.zh, "房屋用途：商业，符合要求（为商业或办公）");
    assert_eq!(rows[5].cells[0].sentence.zh, "企业状态：存续，不属于本条情形（为注销或吊销）");
    assert_eq!(rows[6].cells[0].sentence.en, "Floor area 36 ㎡: the case named here (less than 40 ㎡)");
}

#[test]
fn an_unavailable_register_sends_the_case_to_a_person() {
    let decision = case("信用库无应答，转人工");
    assert_eq!(decision.faults, [Fault::Unavailable { field: "serious_dishonesty".into() }]);
    assert_eq!(decision.reason.zh, "转人工办理：严重失信主体的数据来源暂时没有答复。");
    assert!(decision.trace.is_empty());
}

#[test]
fn a_record_survives_json_and_explains_itself() {
    for test in example().tests() {
        let decision = example().evaluate(&test.facts);
        let json = serde_json::to_string(&decision).unwrap();
        let back: Decision = serde_json::from_str(&json).unwrap();
        assert_eq!(back, decision);
        assert_eq!(back.explain(), decision.explain());
        assert!(json.len() < 8_000, "{} bytes", json.len());
    }
}

#[test]
fn the_version_is_the_content() {
    let rule = example();
    assert_eq!(rule.rule().sha256.len(), 64);
    assert!(rule.rule().sha256.starts_with(rule.rule().version.as_ref()));
    let other = rules::RuleSet::load(SCHEMA, &TABLE.replace(">= 40", ">= 41"), TESTS).unwrap();
    assert_ne!(other.rule().version, rule.rule().version);
    assert_eq!(example().rule(), rule.rule());
}

#[test]
fn replay_lists_the_cases_that_would_flip() {
    let old = example();
    let new = rules::RuleSet::load(SCHEMA, &TABLE.replace(">= 40", ">= 50").replace("< 40", "< 50"), TESTS).unwrap();
    let cases: Vec<_> = old.tests().iter().map(|t| t.facts.clone()).collect();
    let flips = replay(&old, &new, &cases);
    assert_eq!(flips.len(), 1);
    assert_eq!((flips[0].case, flips[0].old, flips[0].new), (0, Outcome::Approve, Outcome::RefuseProposed));
    assert!(flips[0].new_reason.zh.contains("要求不少于 50 ㎡"));
    assert_eq!(replay(&old, &old, &cases), []);
}

#[test]
fn inputs_name_what_to_gather() {
    let codes: Vec<String> = example().inputs().map(|f| f.code.to_string()).collect();
    assert_eq!(codes.len(), 8);
    assert!(!codes.contains(&"scale".to_owned()), "a table gives it");
}

#[test]
fn facts_that_the_schema_does_not_know_are_ignored() {
    let rule = example();
    let mut facts = rule.tests()[0].facts.clone();
    facts.insert("scale".into(), known(FactValue::text("large")));
    facts.insert("bribe".into(), known(FactValue::int(1)));
    assert_eq!(rule.evaluate(&facts), rule.evaluate(&rule.tests()[0].facts));
}
