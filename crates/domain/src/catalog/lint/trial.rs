//! A fictitious applicant of each kind, against whom samples, prefills and licence faces are tried.
//!
//! It knows what the registers answer for an applicant's own code, the premises of an enterprise's registered address,
//! and one thing of each kind that the applicant owns. Catalogues of industries, devices and names are nobody's own:
//! they are not known before the form is filled in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::catalog::load::Sample;
use crate::catalog::matter::ApplicantKind;
use crate::catalog::refs::{self, Party, RefContext};
use crate::codes::{citizen_id, uscc};

const PERSON_17: &str = "37021119900101001";
const BODY_17: &str = "91370211MA0000001";
const PHONE: &str = "13900000001";

pub(super) fn context(kind: ApplicantKind) -> RefContext {
    let person = with_check(PERSON_17, citizen_id::check_character(PERSON_17));
    let body = with_check(BODY_17, uscc::check_character(BODY_17));
    let (name, code) = match kind {
        ApplicantKind::Person => ("周明远", person.clone()),
        _ => ("江城市海澜区晴岚商贸有限公司", body.clone()),
    };
    let mut registers: BTreeMap<String, Value> = match kind {
        ApplicantKind::Person => person_registers(name, &body),
        _ => body_registers(name, kind, &code, &person),
    };
    registers.insert(
        "credit".into(),
        json!({"serious_dishonesty": false, "broken_pledges": 0, "abnormal_operation": false}),
    );
    registers.insert(
        "tax".into(),
        json!({"registered": true, "arrears_fen": 0, "credit_grade": "B", "invoice_kinds": ["普通发票"]}),
    );
    registers.extend(things(&code));
    registers.insert("draw".into(), json!({"brand": "晴岚"}));
    RefContext {
        applicant: Party { name: name.into(), code: code.clone(), kind, phone: Some(PHONE.into()) },
        agent: Some(Party {
            name: "周明远".into(),
            code: person,
            kind: ApplicantKind::Person,
            phone: Some(PHONE.into()),
        }),
        form: Value::Null,
        registers,
        today: Date::constant(2026, 1, 5),
        decision: Some((Date::constant(2026, 1, 6), Some(Date::constant(2030, 1, 5)))),
        licence_number: Some("2026-000001".into()),
    }
}

/// The context of a sample: what the demo city lays into the applicant's own entries counts, and new words are drawn.
pub(super) fn of_sample(sample: &Sample) -> RefContext {
    let mut context = context(sample.applicant.kind);
    context.registers.insert("draw".into(), json!({"brand": "晴岚"}));
    for (place, members) in &sample.registers {
        let filled = refs::fill(&Value::from(place.as_str()), &context).ok();
        let own = filled.as_ref().and_then(Value::as_str).and_then(|place| place.split_once('/'));
        let Some((register, _)) = own.filter(|(_, key)| *key == context.applicant.code) else { continue };
        let members = members.as_object().cloned().unwrap_or_default();
        if let Some(Value::Object(entry)) = context.registers.get_mut(register) {
            entry.extend(members);
        }
    }
    // What the sample holds beforehand has a number; without it the sample may not name one.
    context.licence_number = (!sample.holds.is_empty()).then(|| "样例证照第000001号".to_owned());
    context
}

fn with_check(first17: &str, check: Option<char>) -> String {
    first17.chars().chain(check).collect()
}

fn person_registers(name: &str, employer: &str) -> BTreeMap<String, Value> {
    let documents = [
        (
            "person",
            json!({"name": name, "sex": "男", "birth": "1990-01-01", "address": "江城市海澜区望海路 123 号", "district": "370211", "status": "alive", "phone": PHONE}),
        ),
        (
            "social-insurance",
            json!({"insured": true, "status": "active", "months_paid": 60, "arrears_fen": 0, "employer_code": employer}),
        ),
        ("health-insurance", json!({"insured": true, "status": "active", "place": "江城市"})),
        (
            "housing-fund",
            json!({"balance_fen": 5_000_000, "status": "active", "months_paid": 60, "loan": false, "last_withdrawal": null}),
        ),
        (
            "practitioner",
            json!({"kind": "nurse", "certificate": "202537000001", "passed": true, "valid_until": "2030-12-31", "employer_code": employer, "disciplined": false}),
        ),
    ];
    documents.into_iter().map(|(name, document)| (name.to_owned(), document)).collect()
}

fn body_registers(name: &str, kind: ApplicantKind, code: &str, person: &str) -> BTreeMap<String, Value> {
    let kind = serde_json::to_value(kind).unwrap_or_default();
    let documents = [
        (
            "enterprise",
            json!({
                "name": name, "kind": kind, "status": "active", "org_form": "有限责任公司",
                "legal_representative": {"name": "周明远", "id": person}, "address": "江城市海澜区望海路 123 号",
                "district": "370211", "capital_fen": 10_000_000, "established": "2020-05-01", "scope": ["食品销售"],
                "industry": "F5212", "premises": "370211001001000123", "phone": PHONE
            }),
        ),
        (
            "premises",
            json!({"address": "江城市海澜区望海路 123 号", "district": "370211", "use": "commercial", "area_sqm": 120, "owner_code": code, "lawful": true, "frozen": false}),
        ),
        (
            "social-insurance",
            json!({"insured": true, "status": "active", "months_paid": 60, "arrears_fen": 0, "employer_code": null}),
        ),
    ];
    documents.into_iter().map(|(name, document)| (name.to_owned(), document)).collect()
}

fn things(owner: &str) -> BTreeMap<String, Value> {
    let address = "江城市海澜区望海路 123 号";
    let documents = [
        (
            "project",
            json!({"code": "2026-370211-59-03-000001", "name": "海澜区晴岚商贸仓库项目", "owner_code": owner, "kind": "03", "industry": "G5990", "filed": true}),
        ),
        (
            "land",
            json!({"contract": "海澜-01-2025-0001", "owner_code": owner, "area_sqm": 20000, "use": "industrial", "paid": true}),
        ),
        (
            "real-estate",
            json!({"title_number": "鲁（2024）江城市海澜区不动产权第0000001号", "owner_code": owner, "address": address, "area_sqm": 89.5, "mortgaged": false, "sealed": false}),
        ),
        (
            "vehicle",
            json!({"plate": "鲁B00001", "owner_code": owner, "kind": "small", "mileage": 10000, "inspected_until": "2026-12-31", "violations": 0}),
        ),
    ];
    documents.into_iter().map(|(name, document)| (name.to_owned(), document)).collect()
}

pub(super) fn kind_zh(kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => "自然人",
        ApplicantKind::Enterprise => "企业",
        ApplicantKind::IndividualBusiness => "个体工商户",
        ApplicantKind::Organisation => "其他组织",
    }
}

pub(super) fn kind_en(kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => "a person",
        ApplicantKind::Enterprise => "an enterprise",
        ApplicantKind::IndividualBusiness => "an individual business",
        ApplicantKind::Organisation => "an organisation",
    }
}
