//! The encrypted key file.

use crate::city::*;
use seal::key::{Alg, Signer};
use seal::keystore::{Entry, KdfParams, KeyStore, KeyStoreError, MIN_PASSPHRASE_BYTES, Role, change_passphrase};

const OLD: &[u8] = b"correct horse";
const NEW: &[u8] = b"battery staple";

fn store() -> KeyStore {
    let authority = Authority::new(Alg::Sm2Sm3, 1);
    let mut store = KeyStore::new();
    let root = Entry { role: Role::Root, key: authority.key.clone(), certs: vec![authority.root.der().to_vec()] };
    store.insert("root", root).unwrap();
    let key = seal::key::PrivateKey::generate(Alg::Es256, &mut bytes(4));
    store.insert("qr", Entry { role: Role::Qr, key, certs: Vec::new() }).unwrap();
    store.insert_log_key("log", [7; 32]).unwrap();
    store
}

#[test]
fn what_is_sealed_can_be_opened_with_the_passphrase_only() {
    let sealed = store().seal(OLD, KdfParams::FOR_TESTS, &mut bytes(2)).unwrap();
    let opened = KeyStore::open(&sealed, OLD).unwrap();
    assert_eq!(opened.names().collect::<Vec<_>>(), ["qr", "root"]);
    assert_eq!(opened.get("qr").unwrap().key.public_key(), store().get("qr").unwrap().key.public_key());
    assert_eq!((opened.log_key("log"), opened.log_key("qr")), (Some(&[7; 32]), None));
    let mut taken = opened.clone();
    assert!(matches!(taken.insert_log_key("qr", [1; 32]), Err(KeyStoreError::Exists(_))));
    assert!(matches!(KeyStore::open(&sealed, NEW), Err(KeyStoreError::Sealed)));
    let changed = change_passphrase(&sealed, OLD, NEW, KdfParams::FOR_TESTS, &mut bytes(3)).unwrap();
    assert!(KeyStore::open(&changed, NEW).is_ok());
    assert!(KeyStore::open(&changed, OLD).is_err());
    assert_eq!(OLD.len().min(MIN_PASSPHRASE_BYTES), MIN_PASSPHRASE_BYTES);
    assert!(matches!(
        store().seal(b"short", KdfParams::FOR_TESTS, &mut bytes(2)),
        Err(KeyStoreError::PassphraseTooShort)
    ));
}

#[test]
fn no_byte_of_the_file_can_change() {
    let sealed = store().seal(OLD, KdfParams::FOR_TESTS, &mut bytes(2)).unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(KeyStore::open(&changed, OLD).is_err(), "byte {at}");
    }
}

#[test]
fn the_root_is_noticed_exported_and_removed() {
    let mut store = store();
    assert!(store.contains_root());
    assert!(store.signer("root").is_err(), "a root key never signs licences");
    assert!(store.export_pem("root").unwrap().starts_with("-----BEGIN PRIVATE KEY-----"));
    let root = store.remove("root").unwrap();
    assert!(!store.contains_root());
    assert_eq!(store.signer("qr").unwrap().alg(), Alg::Es256);
    // A root that calls itself something else is still one.
    store.insert("harmless", Entry { role: Role::Signer, ..root.clone() }).unwrap();
    assert!(store.contains_root());
    let other = seal::key::PrivateKey::generate(Alg::Sm2Sm3, &mut bytes(5));
    let wrong = Entry { role: Role::Signer, key: other, certs: root.certs };
    assert!(matches!(store.insert("wrong", wrong), Err(KeyStoreError::WrongCertificate)));
}
