//! Words for values of an open text.

use rules::{FactValue, Outcome};
use serde_json::json;

use crate::support::{decide, messages, one};

#[test]
fn a_value_is_told_by_its_name_and_any_other_is_still_judged() {
    let labels = json!({"labels": {"370211": {"zh": "江城市海澜区", "en": "Hailan District"}}});
    let rows = [("R01", "\"370211\"", "approve"), ("R02", "", "refuse_proposed")];
    let rule = one("string", labels, &rows).unwrap_or_else(|findings| panic!("{}", messages(&findings)));
    let own = decide(&rule, FactValue::text("370211"));
    assert_eq!(own.outcome, Outcome::Approve);
    assert!(own.reason.zh.contains("江城市海澜区") && !own.reason.zh.contains("370211"), "{}", own.reason.zh);
    assert!(own.reason.en.contains("Hailan District") && !own.reason.en.contains("370211"), "{}", own.reason.en);
    // Unlike an enumeration the labels close nothing.
    let other = decide(&rule, FactValue::text("370212"));
    assert_eq!(other.outcome, Outcome::RefuseProposed);
    assert!(other.faults.is_empty());
}

#[test]
fn labels_are_whole_and_for_open_texts() {
    let named = json!({"1": {"zh": "一", "en": "one"}});
    let rows = [("R01", "", "manual")];
    for (kind, more) in [
        ("number", json!({ "labels": named })),
        ("string", json!({ "labels": named, "enum": {"a": {"zh": "甲", "en": "A"}} })),
        ("string", json!({ "labels": {"1": {"zh": "一", "en": ""}} })),
    ] {
        assert!(one(kind, more.clone(), &rows).is_err(), "{kind} {more}");
    }
}
