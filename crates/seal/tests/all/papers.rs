//! Documents and status lists share the envelope of licences and keep apart from them.

use crate::city::*;
use domain::text::Text;
use jiff::civil::date;
use seal::document::{
    Addressee, DocumentData, DocumentKind, Finding, Item, MatterRef, Remedy, sign_document, verify_document,
};
use seal::licence::{sign_licence, verify_licence};
use seal::report::CheckName;
use seal::signed::Issuer;
use seal::status::{Status, StatusBits, StatusListData, sign_status_list, verify_status_list};

fn issuer() -> Issuer {
    Issuer { name: BUREAU.into(), uscc: USCC.into() }
}

fn decision(kind: DocumentKind) -> DocumentData {
    let text = |zh: &str| Text::new(zh, "…");
    DocumentData {
        kind,
        title: kind.title(),
        number: "青审服决字〔2026〕第000042号".into(),
        public_id: seal::digest::public_id([3; 16]),
        case_number: "37020020261120000042".into(),
        matter: MatterRef { code: "11370200MB285591843370131002000".into(), name: text("食品经营许可") },
        addressee: Addressee {
            name: "青岛海风餐饮有限公司".into(), code_masked: "913***********MPL4".into()
        },
        issuer: issuer(),
        date: date(2026, 11, 20),
        paragraphs: vec![text("经审查，你单位的申请符合法定条件、标准，现决定准予行政许可。")],
        items: vec![Item { name: text("食品经营许可证"), note: text("一份") }],
        findings: vec![Finding { label: text("营业执照"), value: text("有效"), source: text("企业登记") }],
        bases: vec![text("行政许可法 第三十八条")],
        remedies: vec![Remedy {
            name: text("行政复议"), body: text("青岛市人民政府"), period: text("六十日内")
        }],
        specimen: true,
    }
}

const KINDS: [DocumentKind; 6] = [
    DocumentKind::Receipt,
    DocumentKind::Acceptance,
    DocumentKind::CorrectionNotice,
    DocumentKind::NonAcceptance,
    DocumentKind::Grant,
    DocumentKind::Combined,
];

#[test]
fn every_kind_of_document_verifies_and_no_byte_changes() {
    let (authority, signer) = sm2_city();
    let roots = [authority.root];
    for kind in KINDS {
        let bytes = sign_document(&decision(kind), &signer, day(2026, 11, 20)).unwrap();
        let report = verify_document(&bytes, &roots, now());
        assert!(report.valid, "{:#?}", report.checks);
        assert_eq!(report.content.unwrap().document, decision(kind));
        assert!(!kind.title().is_incomplete());
        for at in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(!verify_document(&changed, &roots, now()).valid, "byte {at}");
        }
    }
}

#[test]
fn a_file_of_one_kind_never_passes_as_another() {
    let (authority, signer) = sm2_city();
    let roots = [authority.root];
    let licence = sign_licence(&licence(), None, &signer, day(2026, 11, 20)).unwrap();
    let document = sign_document(&decision(DocumentKind::Grant), &signer, day(2026, 11, 20)).unwrap();
    assert_eq!(verify_document(&licence, &roots, now()).failed()[0], CheckName::Schema);
    assert_eq!(verify_licence(&document, &roots, now()).failed()[0], CheckName::Schema);
    assert_eq!(verify_status_list(&document, &roots, now()).failed()[0], CheckName::Schema);
}

#[test]
fn a_status_list_tells_states_until_it_runs_out() {
    let (authority, signer) = sm2_city();
    let roots = [authority.root];
    let mut bits = StatusBits::new();
    assert!(bits.set(90_001, Status::Ended));
    let list = StatusListData::new("2026-01", issuer(), day(2026, 11, 22), day(2026, 11, 23), &bits);
    let bytes = sign_status_list(&list, &signer).unwrap();
    let report = verify_status_list(&bytes, &roots, now());
    assert!(report.valid, "{:#?}", report.checks);
    let states = report.content.unwrap().status_list.states().unwrap();
    assert_eq!((states.get(90_001), states.get(90_000)), (Some(Status::Ended), Some(Status::Valid)));
    let late = verify_status_list(&bytes, &roots, day(2026, 11, 23).plus_seconds(1));
    assert_eq!(late.failed(), [CheckName::Fresh]);
    let never = StatusListData { next_update: list.issued_at, ..list.clone() };
    let short = StatusListData { bits: "AAAA".into(), ..list };
    assert!(sign_status_list(&never, &signer).is_err() && sign_status_list(&short, &signer).is_err());
}
