//! Signed licences: what verifies, and everything that must not.

use crate::city::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use proptest::prelude::*;
use seal::cert::Certificate;
use seal::jcs;
use seal::key::{Alg, KeyError, KeySigner, PrivateKey, Signer};
use seal::licence::{LicenceData, QrPart, issue_licence, sign_licence, verify_licence};
use seal::report::CheckName;
use seal::signed::SealError;
use serde_json::Value;

const HOST: &str = "zwfw.example.gov.cn";

fn signed_at() -> Timestamp {
    day(2026, 11, 20)
}

fn roots() -> Vec<Certificate> {
    vec![sm2_city().0.root, p256_city().0.root]
}

fn issued() -> Vec<u8> {
    issue_licence(&licence(), HOST, &sm2_city().1, &p256_city().1, signed_at()).unwrap().bytes
}

/// A small licence without a QR code, so that every byte can be tried.
fn small() -> Vec<u8> {
    let mut data = licence();
    data.surface.clear();
    sign_licence(&data, None, &sm2_city().1, signed_at()).unwrap()
}

/// Signs whatever JSON a test made, as someone would who has the key but not this crate.
fn forge(file: &Value, key: &PrivateKey, distid: &str) -> Vec<u8> {
    let mut file = file.clone();
    file["signature"].as_object_mut().unwrap().remove("value");
    let value = key.sign_with_distid(distid, &jcs::to_bytes(&file).unwrap()).unwrap();
    file["signature"]["value"] = STANDARD.encode(value).into();
    jcs::to_bytes(&file).unwrap()
}

/// The key of the signers that `city` makes: same seed, same key.
fn bureau_key() -> PrivateKey {
    PrivateKey::generate(Alg::Sm2Sm3, &mut bytes(77))
}

fn check(bytes: &[u8], failed: &[CheckName]) {
    let report = verify_licence(bytes, &roots(), now());
    assert_eq!(report.failed(), failed, "{:#?}", report.checks);
    assert_eq!(report.valid, failed.is_empty());
}

#[test]
fn an_issued_licence_verifies_with_its_qr_code() {
    let report = verify_licence(&issued(), &roots(), now());
    assert!(report.valid, "{:#?}", report.checks);
    assert!(report.check(CheckName::Qr).unwrap().ok);
    assert!(report.checks.iter().all(|check| !check.detail.is_incomplete()));
    assert_eq!(report.content.unwrap().licence, licence());
    assert_eq!(issued(), issued(), "signing again gives the same bytes");
    check(&small(), &[]);
}

#[test]
fn no_byte_can_be_changed() {
    let (bytes, roots) = (small(), roots());
    for at in 0..bytes.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let report = verify_licence(&changed, &roots, now());
            assert!(!report.valid, "byte {at} of {} flipped by {flip:#x}", bytes.len());
        }
    }
    for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(!verify_licence(&bytes[..length], &roots, now()).valid);
    }
    assert!(!verify_licence(&[&bytes[..], b"\n"].concat(), &roots, now()).valid);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_byte_of_a_licence_with_a_qr_code_can_be_replaced(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = issued();
        let at = place.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(!verify_licence(&bytes, &roots(), now()).valid);
    }

    #[test]
    fn garbage_is_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!verify_licence(&bytes, &roots(), now()).valid);
    }
}

#[test]
fn foreign_roots_are_refused_even_when_embedded() {
    let stranger = Authority::new(Alg::Sm2Sm3, 9);
    let signer = stranger.bureau(day(2026, 1, 1), day(2029, 1, 1));
    let chain = vec![signer.certificate_chain()[0].clone(), stranger.root.der().to_vec()];
    let with_root = KeySigner::new(bureau_key(), chain);
    for signer in [signer, with_root] {
        check(&sign_licence(&licence(), None, &signer, signed_at()).unwrap(), &[CheckName::Chain]);
    }
}

#[test]
fn the_certificate_must_be_valid_when_it_signs() {
    let (authority, _) = sm2_city();
    // It ran out later: what it signed before still counts.
    let signer = authority.bureau(day(2026, 11, 1), day(2026, 11, 21));
    check(&sign_licence(&licence(), None, &signer, signed_at()).unwrap(), &[]);
    // It had run out already, or was not yet valid: refused when signing …
    for (from, to) in [(day(2026, 1, 1), day(2026, 11, 19)), (day(2026, 11, 21), day(2027, 1, 1))] {
        let signer = authority.bureau(from, to);
        assert!(matches!(sign_licence(&licence(), None, &signer, signed_at()), Err(SealError::Refused(_))));
        // … and, if signed elsewhere, when verifying.
        let mut file: Value = serde_json::from_slice(&small()).unwrap();
        file["signature"]["certs"] = vec![STANDARD.encode(&signer.certificate_chain()[0])].into();
        check(&forge(&file, &bureau_key(), seal::key::DISTID), &[CheckName::Chain, CheckName::SigningTime]);
    }
}

#[test]
fn a_signature_from_the_future_is_refused() {
    let bytes = sign_licence(&licence(), None, &sm2_city().1, now().plus_seconds(301)).unwrap();
    check(&bytes, &[CheckName::SigningTime]);
    let bytes = sign_licence(&licence(), None, &sm2_city().1, now().plus_seconds(299)).unwrap();
    check(&bytes, &[]);
}

#[test]
fn only_the_agreed_identity_string_counts() {
    let file: Value = serde_json::from_slice(&small()).unwrap();
    check(&forge(&file, &bureau_key(), seal::key::DISTID), &[]);
    check(&forge(&file, &bureau_key(), "someone@example.cn"), &[CheckName::Signature]);
    check(&forge(&file, &bureau_key(), ""), &[CheckName::Signature]);
    // Saying so in the file does not help.
    let mut named = file.clone();
    named["signature"]["distid"] = "someone@example.cn".into();
    check(&forge(&named, &bureau_key(), "someone@example.cn"), &[CheckName::Algorithm, CheckName::Signature]);
    let mut other = file;
    other["signature"]["alg"] = "ES256".into();
    check(&forge(&other, &bureau_key(), seal::key::DISTID), &[CheckName::Algorithm]);
}

#[test]
fn the_key_of_the_qr_codes_seals_no_file() {
    let (_, p256) = p256_city();
    let key = PrivateKey::generate(Alg::Es256, &mut bytes(77));
    let mut file: Value = serde_json::from_slice(&small()).unwrap();
    file["signature"]["certs"] = vec![STANDARD.encode(&p256.certificate_chain()[0])].into();
    check(&forge(&file, &key, seal::key::DISTID), &[CheckName::Signature]);
}

#[test]
fn a_bureau_signs_for_itself_only() {
    let (authority, _) = sm2_city();
    let from_to = (day(2026, 1, 1), day(2029, 1, 1));
    for (name, code) in [("青岛市卫生健康委员会", USCC), (BUREAU, "11370200MB28559000")] {
        let other = authority.signer(Alg::Sm2Sm3, name, code, from_to.0, from_to.1);
        assert!(matches!(sign_licence(&licence(), None, &other, signed_at()), Err(SealError::Refused(_))));
        let mut file: Value = serde_json::from_slice(&small()).unwrap();
        file["signature"]["certs"] = vec![STANDARD.encode(&other.certificate_chain()[0])].into();
        check(&forge(&file, &bureau_key(), seal::key::DISTID), &[CheckName::Issuer]);
    }
}

#[test]
fn a_qr_code_of_another_licence_does_not_pass() {
    let (sm2, p256) = (sm2_city().1, p256_city().1);
    let other = LicenceData { number: "JY23702020000999".into(), ..licence() };
    let foreign = seal::qr::encode(&other, HOST, &p256).unwrap();
    check(&sign_licence(&licence(), Some(foreign), &sm2, signed_at()).unwrap(), &[CheckName::Qr]);
    let own = seal::qr::encode(&licence(), HOST, &p256).unwrap();
    let elsewhere =
        QrPart { url: own.url.replace(&licence().public_id, &seal::digest::public_id([8; 16])), ..own.clone() };
    check(&sign_licence(&licence(), Some(elsewhere), &sm2, signed_at()).unwrap(), &[CheckName::Qr]);
    let stranger = Authority::new(Alg::Es256, 9).bureau(day(2026, 1, 1), day(2029, 1, 1));
    let forged = seal::qr::encode(&licence(), HOST, &stranger).unwrap();
    check(&sign_licence(&licence(), Some(forged), &sm2, signed_at()).unwrap(), &[CheckName::Qr]);
    check(&sign_licence(&licence(), Some(own), &sm2, signed_at()).unwrap(), &[]);
}

#[test]
fn fields_may_be_neither_added_nor_left_out() {
    let file: Value = serde_json::from_slice(&small()).unwrap();
    let mut changes: Vec<Value> = Vec::new();
    for (place, name) in [("licence", "note"), ("signature", "note")] {
        let mut more = file.clone();
        more[place][name] = "x".into();
        changes.push(more);
    }
    for (place, name) in [("licence", "valid_to"), ("licence", "number"), ("signature", "distid")] {
        let mut less = file.clone();
        less[place].as_object_mut().unwrap().remove(name);
        changes.push(less);
    }
    let mut top = file.clone();
    top["extra"] = 1.into();
    let mut format = file.clone();
    format["format"] = "yichuang.licence.2".into();
    let mut time = file.clone();
    time["signature"]["signed_at"] = "2026-11-20T01:00:00Z".into();
    changes.extend([top, format, time]);
    for changed in changes {
        let report = verify_licence(&forge(&changed, &bureau_key(), seal::key::DISTID), &roots(), now());
        assert_eq!(report.failed()[0], CheckName::Schema, "{changed}");
        assert!(report.content.is_none());
    }
}

#[test]
fn a_wrong_identifier_is_refused_even_when_signed() {
    for (from, to) in
        [("421.001", "412.001"), ("1.2.156.3005.2", "1.2.156.3005.1"), (".001.M", ".002.M"), ("W011", "W012")]
    {
        let mut file: Value = serde_json::from_slice(&small()).unwrap();
        let wrong = licence().identifier.replace(from, to);
        assert_ne!(wrong, licence().identifier);
        file["licence"]["identifier"] = wrong.into();
        check(&forge(&file, &bureau_key(), seal::key::DISTID), &[CheckName::Identifier]);
    }
}

#[test]
fn what_would_not_verify_is_not_signed() {
    let signer = sm2_city().1;
    let wrong = [
        LicenceData { public_id: "../etc".into(), ..licence() },
        LicenceData { identifier: licence().identifier.replace("421.001", "422.001"), ..licence() },
        LicenceData { version: 2, ..licence() },
        LicenceData { valid_to: Some(jiff::civil::date(2026, 11, 19)), ..licence() },
    ];
    for data in wrong {
        assert!(matches!(sign_licence(&data, None, &signer, signed_at()), Err(SealError::Refused(_))));
    }
    let p256 = p256_city().1;
    assert!(matches!(sign_licence(&licence(), None, &p256, signed_at()), Err(SealError::Refused(_))));
}

struct BrokenDevice(KeySigner);

impl Signer for BrokenDevice {
    fn alg(&self) -> Alg {
        self.0.alg()
    }
    fn certificate_chain(&self) -> &[Vec<u8>] {
        self.0.certificate_chain()
    }
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Sign("device removed".into()))
    }
}

#[test]
fn a_device_that_fails_yields_no_file() {
    let device = BrokenDevice(sm2_city().1);
    assert!(matches!(sign_licence(&licence(), None, &device, signed_at()), Err(SealError::Key(KeyError::Sign(_)))));
}
