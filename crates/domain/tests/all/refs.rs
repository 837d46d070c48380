//! References to what is already known.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{ApplicantKind, Party, Ref, RefContext, fill, placeholders, required_registers, resolve};
use jiff::civil::Date;
use serde_json::{Value, json};

fn context() -> RefContext {
    let party = |name: &str, code: &str, kind| Party { name: name.into(), code: code.into(), kind, phone: None };
    RefContext {
        applicant: Party {
            phone: Some("0532-55550110".into()),
            ..party("清泉浴池", "91370211MA0000001A", ApplicantKind::IndividualBusiness)
        },
        agent: Some(party("周明远", "37021119900101001X", ApplicantKind::Person)),
        form: json!({"area": 36.5, "note": null}),
        registers: BTreeMap::from([(
            "enterprise".into(),
            json!({"address": "望海路 1 号", "capital_fen": 100, "legal_representative": {"name": "周明远"}, "phone": null}),
        )]),
        today: Date::constant(2026, 1, 5),
        decision: Some((Date::constant(2026, 1, 6), None)),
        licence_number: Some("卫字 1 号".into()),
    }
}

#[test]
fn references_resolve_to_what_they_name() {
    for (reference, value) in [
        ("applicant.name", json!("清泉浴池")),
        ("applicant.kind", json!("individual-business")),
        ("applicant.phone", json!("0532-55550110")),
        ("agent.code", json!("37021119900101001X")),
        ("form.area", json!(36.5)),
        ("today", json!("2026-01-05")),
        ("enterprise.address", json!("望海路 1 号")),
        ("enterprise.capital_fen", json!(100)),
        ("enterprise.legal_representative.name", json!("周明远")),
        ("decision.date", json!("2026-01-06")),
        ("licence.number", json!("卫字 1 号")),
    ] {
        assert_eq!(resolve(reference, &context()), Some(value), "{reference}");
        assert_eq!(reference.parse::<Ref>().unwrap().to_string(), reference);
    }
}

#[test]
fn what_is_not_known_is_none() {
    for reference in [
        "form.note",
        "form.ghost",
        "enterprise.phone",
        "enterprise.name",
        "person.name",
        "decision.valid_to",
        "credit.serious_dishonesty",
    ] {
        assert!(reference.parse::<Ref>().is_ok(), "{reference}");
        assert_eq!(resolve(reference, &context()), None, "{reference}");
    }
}

#[test]
fn what_is_no_reference_is_refused_with_a_sentence() {
    for reference in [
        "",
        "today.x",
        "weather.wind",
        "applicant",
        "applicant.shoe",
        "form.",
        "form.a.b",
        "enterprise.",
        "enterprise.a",
    ] {
        let error = reference.parse::<Ref>().unwrap_err();
        assert!(!error.text().is_incomplete(), "{reference}");
        assert_eq!(resolve(reference, &context()), None);
    }
}

#[test]
fn placeholders_take_the_type_of_what_they_name() {
    let sample = json!({
        "whole": "{enterprise.capital_fen}", "inside": "{applicant.name}（{enterprise.capital_fen} 分）", "rows": [{"a": "{today}"}],
        "number": 3, "brace": "a } b { c"
    });
    let filled = fill(&sample, &context()).unwrap();
    assert_eq!(
        filled,
        json!({"whole": 100, "inside": "清泉浴池（100 分）", "rows": [{"a": "2026-01-05"}], "number": 3, "brace": "a } b { c"})
    );
    let missing = fill(&json!(["{person.name}", "{person.name} {form.ghost}"]), &context());
    assert_eq!(missing.unwrap_err(), ["form.ghost", "person.name"]);
    let pointers: BTreeSet<String> = placeholders(&sample).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(pointers.into_iter().collect::<Vec<_>>(), ["/inside", "/rows/0/a", "/whole"]);
}

#[test]
fn a_placeholder_never_fills_another() {
    let mut context = context();
    context.applicant.name = "{enterprise.address}".into();
    assert_eq!(fill(&json!("{applicant.name}!"), &context).unwrap(), json!("{enterprise.address}!"));
}

#[test]
fn required_registers_are_named_once() {
    let references: Vec<Ref> = ["enterprise.name", "enterprise.address", "person.name", "today", "form.a"]
        .iter()
        .map(|r| r.parse().unwrap())
        .collect();
    assert_eq!(required_registers(&references), BTreeSet::from(["enterprise".to_owned(), "person".to_owned()]));
}

#[test]
fn references_read_and_write_as_their_text() {
    let reference: Ref = serde_json::from_value(json!("enterprise.name")).unwrap();
    assert_eq!(serde_json::to_value(&reference).unwrap(), Value::from("enterprise.name"));
    assert_eq!(reference.source_name().zh, "市场主体登记库");
    assert!(serde_json::from_value::<Ref>(json!("weather.wind")).is_err());
}
