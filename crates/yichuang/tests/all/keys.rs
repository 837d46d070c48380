//! Certificates of a licensed authority, which OpenSSL plays: request, refusals, import, and licences of before.

use std::path::Path;
use std::process::Command;

use seal::cert::{Certificate, Request, Subject, issue, self_sign};
use seal::key::{Alg, PrivateKey, PublicKey};
use seal::keystore::{KdfParams, KeyStore};
use serde_json::Value;

use crate::operator::init;
use crate::program::{Demo, code, err, out, run};

pub const SLUG: &str = "public-place-hygiene";
pub const DEPARTMENT: &str = "approval";
pub const DISTID: &str = "distid:1234567812345678";
const DAY: i64 = 86_400;

pub fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Whether there is an OpenSSL that knows SM2.
pub fn has_openssl() -> bool {
    let made = Command::new("openssl").args(["ecparam", "-name", "SM2", "-genkey", "-noout"]).output();
    let has = made.is_ok_and(|out| out.status.success());
    let demanded = std::env::var("YICHUANG_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(has || !demanded, "OpenSSL with SM2 is required");
    if !has {
        eprintln!("skipped: no OpenSSL with SM2");
    }
    has
}

pub struct Kind {
    purpose: &'static str,
    alg: Alg,
    curve: &'static str,
    digest: &'static str,
    sign: String,
    verify: String,
}

pub fn kinds() -> [Kind; 2] {
    let (sign, verify) = (format!("-sigopt {DISTID}"), format!("-vfyopt {DISTID}"));
    [
        Kind { purpose: "seal", alg: Alg::Sm2Sm3, curve: "SM2", digest: "-sm3", sign, verify },
        Kind {
            purpose: "qr",
            alg: Alg::Es256,
            curve: "prime256v1",
            digest: "-sha256",
            sign: String::new(),
            verify: String::new(),
        },
    ]
}

pub fn licence(demo: &Demo, file: &Path) -> Value {
    // A key of its own: a city that was started again has seen those of its first life.
    let answer = demo.file(file.file_name().unwrap().to_str().unwrap(), &demo.sample(SLUG));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = answer.json()["licence"]["id"].as_str().unwrap().to_owned();
    let signed = demo.get("integrator", &format!("/api/v1/licences/{id}"));
    std::fs::write(file, &signed.body).unwrap();
    signed.json()
}

pub fn is_valid(demo: &Demo, file: &Path) {
    let done = run(&["licence", "verify", file.to_str().unwrap(), "--dir", demo.folder()]);
    assert_eq!(code(&done), 0, "{}", out(&done));
}

/// What `keys import` answers, with the sentence.
fn import(demo: &Demo, kind: &Kind, certificate: &Path, chain: Option<&Path>) -> (i32, String) {
    let mut arguments = vec!["keys", "import", "--dir", demo.folder(), "--department", DEPARTMENT];
    arguments.extend(["--purpose", kind.purpose, "--cert", certificate.to_str().unwrap()]);
    arguments.extend(chain.iter().flat_map(|chain| ["--chain", chain.to_str().unwrap()]));
    let done = run(&arguments);
    (code(&done), out(&done) + &err(&done))
}

/// A root and an authority below it, and certificates of both makings for the key of the request.
pub fn certify(folder: &Path, kind: &Kind) {
    let Kind { curve, digest, sign, verify, .. } = kind;
    std::fs::write(
        folder.join("ca.cnf"),
        "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n",
    )
    .unwrap();
    std::fs::write(folder.join("mid.cnf"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
        .unwrap();
    std::fs::write(folder.join("leaf.cnf"), "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n")
        .unwrap();
    std::fs::write(folder.join("tls.cnf"), "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n")
        .unwrap();
    for name in ["ca", "mid"] {
        openssl(folder, &format!("ecparam -name {curve} -genkey -noout -out {name}.pem"));
    }
    let root = format!("req -new -x509 {digest} -key ca.pem -days 60 -subj /C=CN/O=LicensedCA/CN=Root {sign}");
    openssl(folder, &format!("{root} -config ca.cnf -extensions v3 -out ca.crt"));
    openssl(folder, &format!("req -new {digest} -key mid.pem -subj /C=CN/O=LicensedCA/CN=Mid {sign} -out mid.csr"));
    let x509 = format!("x509 -req {digest} -days 30 {sign} {verify} -CAcreateserial");
    openssl(folder, &format!("{x509} -in mid.csr -extfile mid.cnf -CA ca.crt -CAkey ca.pem -out mid.crt"));
    openssl(folder, &format!("{x509} -in r.csr -extfile leaf.cnf -CA mid.crt -CAkey mid.pem -out leaf.crt"));
    openssl(folder, &format!("{x509} -in r.csr -extfile tls.cnf -CA ca.crt -CAkey ca.pem -out tls.crt"));
}

/// A certificate of a root of ours, for these dates and names, that the city trusts.
fn ours(folder: &Path, roots: &Path, kind: &Kind) {
    // OpenSSL has just made it: its first second is now.
    let leaf = Certificate::from_pem(&std::fs::read_to_string(folder.join("leaf.crt")).unwrap()).unwrap();
    let (mut seed, now) = (kind.purpose.len() as u64, leaf.not_before());
    let mut random = move |bytes: &mut [u8]| {
        for byte in bytes {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (seed >> 33) as u8;
        }
    };
    let text = std::fs::read_to_string(folder.join("present.pem")).unwrap();
    let spki: Vec<u8> = {
        use base64::Engine;
        let lines: String = text.lines().filter(|line| !line.starts_with("---")).collect();
        base64::engine::general_purpose::STANDARD.decode(lines).unwrap()
    };
    let public = PublicKey::from_spki(&spki).unwrap();
    let key = PrivateKey::generate(kind.alg, &mut random);
    let request = |organisation: &str, code: Option<&str>, from: i64, to: i64| Request {
        subject: Subject {
            common_name: "签名".into(),
            organisation: organisation.into(),
            code: code.map(str::to_owned),
        },
        not_before: now.plus_seconds(from * DAY),
        not_after: now.plus_seconds(to * DAY),
    };
    let root = self_sign(&key, &request("另一根", None, -900, 900), &mut random).unwrap();
    let known = std::fs::read_to_string(roots).unwrap();
    std::fs::write(roots, known + &root.to_pem().unwrap()).unwrap();
    let (organisation, uscc) = (leaf.organisation().unwrap().to_owned(), leaf.code().unwrap().to_owned());
    let mut make = |name: &str, request: Request, public: &PublicKey| {
        let certificate = issue(&key, &root, public, &request, &mut random).unwrap();
        std::fs::write(folder.join(name), certificate.to_pem().unwrap()).unwrap();
    };
    make("expired.crt", request(&organisation, Some(&uscc), -400, -2), &public);
    make("future.crt", request(&organisation, Some(&uscc), 2, 400), &public);
    make("body.crt", request("另一个局", Some("11370200MB28559184"), -2, 400), &public);
    make("key.crt", request(&organisation, Some(&uscc), -2, 400), &key.public_key());
}

#[test]
fn a_licensed_authority_certifies_the_bureaus_keys() {
    if !has_openssl() {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(&scratch.path().join("city"), 0, None);
    let old = scratch.path().join("old.json");
    licence(&demo, &old);
    for kind in kinds() {
        let folder = scratch.path().join(kind.purpose);
        std::fs::create_dir(&folder).unwrap();
        let request = folder.join("r.csr");
        let csr =
            ["keys", "csr", "--dir", demo.folder(), "--department", DEPARTMENT, "--purpose", kind.purpose, "--out"];
        let csr = [&csr[..], &[request.to_str().unwrap()]].concat();
        let made = run(&csr);
        assert_eq!(code(&made), 0, "{}", err(&made));
        assert_eq!(code(&run(&csr)), 2, "a request is never written over");
        openssl(&folder, &format!("req -verify -noout -in r.csr {}", kind.verify));
        openssl(&folder, "req -pubkey -noout -in r.csr -out present.pem");
        certify(&folder, &kind);
        refusals(&demo, &folder, &kind);

        let (exit, words) = import(&demo, &kind, &folder.join("leaf.crt"), Some(&folder.join("mid.crt")));
        assert_eq!(exit, 0, "{words}");
        assert!(words.contains("restart"), "{words}");
    }
    let former = std::fs::read_to_string(demo.dir.join("former.pem")).unwrap();
    assert_eq!(former.matches("BEGIN CERTIFICATE").count(), 2);
    let (dir, port) = (demo.dir.clone(), demo.port);
    demo.kill();
    demo = Demo::start(&dir, port, None);
    let new = scratch.path().join("new.json");
    let signed = licence(&demo, &new);
    let chain = serde_json::to_string(&signed["signature"]).unwrap();
    let before: Value = serde_json::from_slice(&std::fs::read(&old).unwrap()).unwrap();
    assert_ne!(chain, serde_json::to_string(&before["signature"]).unwrap());
    is_valid(&demo, &old);
    is_valid(&demo, &new);
}

/// What is not to be put to the key, each with its reason; nothing is changed by any.
fn refusals(demo: &Demo, folder: &Path, kind: &Kind) {
    let keys = || std::fs::read(demo.dir.join("keys.json")).unwrap();
    let before = keys();
    let refused = |name: &str, chain: Option<&str>, words: &str| {
        let chain = chain.map(|chain| folder.join(chain));
        let (exit, said) = import(demo, kind, &folder.join(name), chain.as_deref());
        assert_eq!(exit, 1, "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
        assert!(keys() == before, "{name}");
    };
    // The authority's root is not configured yet.
    refused("leaf.crt", Some("mid.crt"), "does not lead to a root of this city");
    let roots = demo.dir.join("roots.pem");
    let known = std::fs::read_to_string(&roots).unwrap();
    let root = std::fs::read_to_string(folder.join("ca.crt")).unwrap();
    std::fs::write(&roots, known + &root).unwrap();
    refused("leaf.crt", None, "--chain");
    refused("tls.crt", None, "wrong usage");
    refused("mid.crt", None, "another key");
    refused("ca.crt", None, "one of the city's roots");
    ours(folder, &roots, kind);
    refused("expired.crt", None, "expired on");
    refused("future.crt", None, "is valid from");
    refused("body.crt", None, "names another body");
    refused("key.crt", None, "another key");
    std::fs::write(folder.join("none.crt"), "no certificate").unwrap();
    assert_eq!(import(demo, kind, &folder.join("none.crt"), None).0, 2);
}

/// Opens the key file of a city, lets `change` work on it, and writes it back.
fn with_keys<T>(dir: &Path, passphrase: &[u8], change: impl FnOnce(&mut KeyStore) -> T) -> T {
    let file = dir.join("keys.json");
    let mut store = KeyStore::open(&std::fs::read(&file).unwrap(), passphrase).unwrap();
    let result = change(&mut store);
    let salt = &mut |bytes: &mut [u8]| bytes.fill(7);
    std::fs::write(&file, store.seal(passphrase, KdfParams::RECOMMENDED, salt).unwrap()).unwrap();
    result
}

#[test]
fn a_city_of_an_earlier_version_gets_the_keys_that_it_lacks() {
    let scratch = tempfile::tempdir().unwrap();
    let (dir, other) = (scratch.path().join("city"), scratch.path().join("other"));
    let (root_key, foreign) = (scratch.path().join("root.pem"), scratch.path().join("foreign.pem"));
    for (dir, root_key) in [(&dir, &root_key), (&other, &foreign)] {
        let made = init(dir, &[("--root-key", root_key.to_str().unwrap())]);
        assert_eq!(code(&made), 0, "{}", err(&made));
    }
    let passphrase = std::fs::read_to_string(scratch.path().join("secret")).unwrap();
    let passphrase = passphrase.trim_end().as_bytes();
    let lacking = ["log/city", "maker/city", "qr/approval", "stamp/city", "witness/city"];
    let kept = with_keys(&dir, passphrase, |store| {
        // The keys of the log and of the witness have no certificates, and a new store has none of them.
        let others: Vec<_> = store.names().map(|name| (name.to_owned(), store.get(name).unwrap().clone())).collect();
        *store = KeyStore::new();
        let present = others.into_iter().filter(|(name, _)| !lacking.contains(&name.as_str()));
        present.for_each(|(name, entry)| store.insert(&name, entry).unwrap());
        store.get("seal/approval").unwrap().certs.clone()
    });
    let complete = |root_key: &Path| {
        let city = ["keys", "complete", "--dir", dir.to_str().unwrap(), "--json", "--root-key"];
        run(&[&city[..], &[root_key.to_str().unwrap()]].concat())
    };
    let before = std::fs::read(dir.join("keys.json")).unwrap();
    let refused = complete(&foreign);
    assert_eq!(code(&refused), 2, "{}", out(&refused));
    assert!((out(&refused) + &err(&refused)).contains("key of a root of this city"), "{}", out(&refused));
    assert_eq!(std::fs::read(dir.join("keys.json")).unwrap(), before);

    let made = complete(&root_key);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let mut names: Vec<String> = serde_json::from_str::<Value>(&out(&made)).unwrap()["made"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, lacking);
    let own = |name: &str| {
        with_keys(&dir, passphrase, |store| {
            let entry = store.get(name).unwrap();
            (Certificate::from_der(&entry.certs[0]).unwrap(), entry.key.alg())
        })
    };
    let (maker, stamper) = (own("maker/city"), own("stamp/city"));
    assert_eq!((maker.1, maker.0.may_sign(), maker.0.may_stamp()), (Alg::Sm2Sm3, true, false));
    assert_eq!((stamper.1, stamper.0.may_stamp()), (Alg::Es256, true));
    assert_eq!(own("qr/approval").1, Alg::Es256);
    let name = own("qr/approval").0.common_name().unwrap().to_owned();
    assert!(name.starts_with("江城市海澜区"), "what readers show as the signer is the bureau: {name}");
    let untouched = with_keys(&dir, passphrase, |store| store.get("seal/approval").unwrap().certs.clone());
    assert_eq!(untouched, kept, "what was there stays");
    let again = complete(&root_key);
    assert_eq!((code(&again), out(&again).contains("[]")), (0, true), "{}", out(&again));
}
