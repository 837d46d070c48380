//! Signed licences: what verifies, and everything that must not.

use crate::city::*;
use seal::key::Alg;
use seal::licence::{sign_licence, verify_licence};
use seal::report::CheckName;

#[test]
fn a_licence_verifies_against_its_root() {
    let (authority, signer) = sm2_city();
    let bytes = sign_licence(&licence(), None, &signer, day(2026, 11, 20)).unwrap();
    let report = verify_licence(&bytes, &[authority.root], now());
    assert!(report.valid, "{:#?}", report.checks);
    assert_eq!(report.content.unwrap().licence, licence());
}

#[test]
fn a_foreign_root_is_refused() {
    let (_, signer) = sm2_city();
    let bytes = sign_licence(&licence(), None, &signer, day(2026, 11, 20)).unwrap();
    let report = verify_licence(&bytes, &[Authority::new(Alg::Sm2Sm3, 9).root], now());
    assert_eq!(report.failed(), [CheckName::Chain]);
    assert!(!report.valid);
}
