//! Status lists in the form that pages check without a network.

use crate::city::*;
use seal::cert::Certificate;
use seal::key::{KeySigner, Signer};
use seal::status::{CompactList, Status, StatusBits, open_compact, sign_compact};

fn list() -> CompactList {
    let mut bits = StatusBits::new();
    for (place, status) in [(0, Status::Ended), (77, Status::Suspended), (131_071, Status::Superseded)] {
        assert!(bits.set(place, status));
    }
    CompactList { id: "2026-01".into(), issued_at: now(), next_update: now().plus_seconds(86_400), bits }
}

fn own(signer: &KeySigner) -> Vec<Certificate> {
    vec![signer.certificate().unwrap().into_owned()]
}

#[test]
fn a_list_comes_back_and_only_from_whom_it_is_believed() {
    let (authority, signer) = p256_city();
    let bytes = sign_compact(&list(), &signer).unwrap();
    assert_eq!(open_compact(&bytes, &own(&signer)), Some(list()));
    assert!(bytes.len() < 1_000, "{} bytes for a list with three entries", bytes.len());
    assert_eq!(open_compact(&bytes, &[]), None);
    let late = authority.bureau(day(2027, 1, 1), day(2029, 1, 1));
    let early = sign_compact(&list(), &late).unwrap();
    assert_eq!(open_compact(&early, &own(&late)), None, "signed before the certificate counted");
    assert!(sign_compact(&list(), &sm2_city().1).is_err(), "browsers cannot check SM2");
}

#[test]
fn no_changed_byte_passes_and_no_code_is_a_list() {
    let (_, signer) = p256_city();
    let bytes = sign_compact(&list(), &signer).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert_eq!(open_compact(&changed, &own(&signer)), None, "byte {at}");
    }
    let code = seal::qr::encode(&licence(), "example.cn", &signer).unwrap();
    let code = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, seal::qr::payload(&code.url));
    assert_eq!(open_compact(&code.unwrap(), &own(&signer)), None);
}
