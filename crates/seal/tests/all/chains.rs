//! Certificates and the way to the root.

use crate::city::*;
use seal::cert::{CertError, Certificate, ChainError, Request, Subject, issue, self_sign, verify_chain};
use seal::key::{Alg, KeySigner, PrivateKey, Signer};

fn certificate(signer: &KeySigner) -> Certificate {
    Certificate::from_der(&signer.certificate_chain()[0]).unwrap()
}

#[test]
fn a_bureau_certificate_names_the_bureau() {
    for alg in [Alg::Sm2Sm3, Alg::Es256] {
        let authority = Authority::new(alg, 1);
        let leaf = certificate(&authority.bureau(day(2026, 1, 1), day(2029, 1, 1)));
        assert_eq!((leaf.organisation(), leaf.code()), (Some(BUREAU), Some(USCC)));
        assert!(leaf.may_sign() && !leaf.may_certify() && !leaf.is_ca());
        assert_eq!((leaf.not_before(), leaf.not_after()), (day(2026, 1, 1), day(2029, 1, 1)));
        assert!(authority.root.is_ca() && authority.root.may_certify() && !authority.root.may_sign());
        assert_eq!(authority.root.path_len(), Some(0));
        assert_eq!(authority.root.not_after(), day(2056, 1, 1), "GeneralizedTime after 2049");
        assert_eq!(Certificate::from_pem(&leaf.to_pem().unwrap()).unwrap(), leaf);
        assert_eq!(verify_chain(&[leaf], std::slice::from_ref(&authority.root), now()), Ok(&authority.root));
    }
}

#[test]
fn chains_are_refused_for_the_right_reason() {
    let authority = Authority::new(Alg::Sm2Sm3, 1);
    let roots = std::slice::from_ref(&authority.root);
    let leaf = certificate(&authority.bureau(day(2026, 1, 1), day(2029, 1, 1)));
    let other = Authority::new(Alg::Sm2Sm3, 5);
    let check = |chain: &[Certificate], at, expected| assert_eq!(verify_chain(chain, roots, at), Err(expected));
    check(&[], now(), ChainError::Length(0));
    check(&vec![leaf.clone(); 5], now(), ChainError::Length(5));
    check(std::slice::from_ref(&authority.root), now(), ChainError::NotASigner);
    check(std::slice::from_ref(&leaf), day(2025, 12, 31), ChainError::NotValidAt(0));
    check(std::slice::from_ref(&leaf), day(2029, 1, 1).plus_seconds(1), ChainError::NotValidAt(0));
    let foreign = certificate(&other.bureau(day(2026, 1, 1), day(2029, 1, 1)));
    check(std::slice::from_ref(&foreign), now(), ChainError::NoAnchor);
    check(&[foreign.clone(), other.root.clone()], now(), ChainError::NoAnchor);
    check(&[foreign, leaf.clone()], now(), ChainError::NotSignedByNext(0));
    assert_eq!(verify_chain(&[leaf], &[], now()), Err(ChainError::NoAnchor));
}

/// A root that was renewed under its name and key: whichever comes first, the one that is valid carries the chain.
#[test]
fn any_anchor_that_is_usable_will_do() {
    let mut random = bytes(3);
    let key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let request = |code: Option<&str>, from, to| Request {
        subject: Subject { common_name: "根".into(), organisation: BUREAU.into(), code: code.map(str::to_owned) },
        not_before: from,
        not_after: to,
    };
    let old = self_sign(&key, &request(None, day(2016, 1, 1), day(2026, 6, 1)), &mut random).unwrap();
    let new = self_sign(&key, &request(None, day(2026, 1, 1), day(2036, 1, 1)), &mut random).unwrap();
    let leaf_key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let asked = request(Some(USCC), day(2026, 1, 1), day(2029, 1, 1));
    let leaf = [issue(&key, &new, &leaf_key.public_key(), &asked, &mut random).unwrap()];
    for anchors in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        assert_eq!(verify_chain(&leaf, &anchors, now()), Ok(&new));
    }
    assert_eq!(verify_chain(&leaf, &[old.clone(), old], now()), Err(ChainError::NotValidAt(1)));
}

#[test]
fn a_root_must_be_valid_too() {
    let mut random = bytes(1);
    let key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let request = |name: &str, code: Option<&str>, to| Request {
        subject: Subject { common_name: name.into(), organisation: BUREAU.into(), code: code.map(str::to_owned) },
        not_before: day(2026, 1, 1),
        not_after: to,
    };
    let root = self_sign(&key, &request("根", None, day(2026, 6, 1)), &mut random).unwrap();
    let leaf_key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let asked = request("签名", Some(USCC), day(2029, 1, 1));
    let leaf = issue(&key, &root, &leaf_key.public_key(), &asked, &mut random).unwrap();
    let roots = std::slice::from_ref(&root);
    assert!(verify_chain(std::slice::from_ref(&leaf), roots, day(2026, 5, 1)).is_ok());
    assert_eq!(verify_chain(std::slice::from_ref(&leaf), roots, now()), Err(ChainError::NotValidAt(1)));
    // A signer's key makes no certificates, and a root's key none in the name of another root.
    let from_leaf = issue(&leaf_key, &leaf, &key.public_key(), &asked, &mut random);
    assert!(matches!(from_leaf, Err(CertError::Request(_))));
    assert!(matches!(issue(&leaf_key, &root, &key.public_key(), &asked, &mut random), Err(CertError::Request(_))));
    for bad in [request("", Some(USCC), day(2029, 1, 1)), request(&"长".repeat(65), Some(USCC), day(2029, 1, 1))] {
        assert!(issue(&key, &root, &leaf_key.public_key(), &bad, &mut random).is_err());
    }
    for bad in [None, Some("short"), Some("11370200mb28559184")] {
        let bad = request("签名", bad, day(2029, 1, 1));
        assert!(issue(&key, &root, &leaf_key.public_key(), &bad, &mut random).is_err());
    }
    let backwards = request("签名", Some(USCC), day(2026, 1, 1));
    assert!(issue(&key, &root, &leaf_key.public_key(), &backwards, &mut random).is_err());
}

#[test]
fn no_byte_of_a_certificate_can_change() {
    let authority = Authority::new(Alg::Sm2Sm3, 1);
    let der = certificate(&authority.bureau(day(2026, 1, 1), day(2029, 1, 1))).der().to_vec();
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        let passes = Certificate::from_der(&changed)
            .is_ok_and(|leaf| verify_chain(&[leaf], std::slice::from_ref(&authority.root), now()).is_ok());
        assert!(!passes, "byte {at}");
    }
}

#[test]
fn keys_survive_their_files() {
    for alg in [Alg::Sm2Sm3, Alg::Es256] {
        let key = PrivateKey::generate(alg, &mut bytes(4));
        let message = "青岛".as_bytes();
        let signature = key.sign(message).unwrap();
        for again in [PrivateKey::from_pem(&key.to_pem().unwrap()), PrivateKey::from_pkcs8(&key.to_pkcs8().unwrap())] {
            let again = again.unwrap();
            assert_eq!((again.alg(), again.public_key()), (alg, key.public_key()));
            assert_eq!(again.sign(message).unwrap(), signature);
        }
        assert!(key.public_key().verify(message, &signature).is_ok());
        assert!(key.public_key().verify(b"other", &signature).is_err());
        assert!(!format!("{key:?}").contains(&hex::encode(&*key.to_pkcs8().unwrap())[80..100]));
    }
    let key = PrivateKey::generate(Alg::Sm2Sm3, &mut bytes(4));
    let signature = key.sign_with_distid("a", b"m").unwrap();
    assert!(key.public_key().verify_with_distid("a", b"m", &signature).is_ok());
    assert!(key.public_key().verify(b"m", &signature).is_err());
}
