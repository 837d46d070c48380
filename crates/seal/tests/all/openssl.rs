//! OpenSSL 3 as the independent judge. Where it is missing or has no SM2 the tests say so and pass, unless
//! `YICHUANG_REQUIRE_TOOLS=1` demands it.

use crate::city::*;
use seal::cert::Certificate;
use seal::key::{Alg, DISTID, PrivateKey, PublicKey, Signer};
use std::path::Path;
use std::process::Command;

/// Runs OpenSSL; what it said, as an error when it refuses.
pub fn openssl(folder: &Path, arguments: &str) -> Result<String, String> {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .map_err(|error| error.to_string())?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(format!("openssl {arguments}: {said}")) }
}

/// Runs a test in a folder of its own if there is an OpenSSL that knows SM2.
pub fn with_openssl(test: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let answer = openssl(folder.path(), "ecparam -name SM2 -genkey -noout");
    match answer {
        Ok(_) => test(folder.path()),
        Err(error) if std::env::var("YICHUANG_REQUIRE_TOOLS").is_ok_and(|value| value == "1") => {
            panic!("OpenSSL with SM2 is required: {error}")
        }
        Err(error) => eprintln!("skipped: no OpenSSL with SM2: {error}"),
    }
}

pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

pub fn command(alg: Alg, verb: &str) -> String {
    match alg {
        Alg::Sm2Sm3 => format!("pkeyutl -{verb} -rawin -digest sm3 -pkeyopt distid:{DISTID}"),
        Alg::Es256 => format!("pkeyutl -{verb} -rawin -digest sha256"),
    }
}

#[test]
fn it_verifies_our_signatures_and_we_verify_its() {
    with_openssl(|folder| {
        for alg in [Alg::Sm2Sm3, Alg::Es256] {
            let key = PrivateKey::generate(alg, &mut bytes(4));
            write(folder, "m", "行政许可决定书");
            write(folder, "pub.pem", key.public_key().to_pem().unwrap());
            write(folder, "key.pem", key.to_pem().unwrap().as_bytes());
            write(folder, "ours.sig", key.sign("行政许可决定书".as_bytes()).unwrap());
            let verify = command(alg, "verify") + " -pubin -inkey pub.pem -in m -sigfile";
            openssl(folder, &format!("{verify} ours.sig")).unwrap();
            openssl(folder, &(command(alg, "sign") + " -inkey key.pem -in m -out its.sig")).unwrap();
            let its = std::fs::read(folder.join("its.sig")).unwrap();
            key.public_key().verify("行政许可决定书".as_bytes(), &its).unwrap();
            write(folder, "wrong.sig", key.sign(b"another").unwrap());
            assert!(openssl(folder, &format!("{verify} wrong.sig")).is_err());
            // And the key that OpenSSL writes comes back the same.
            openssl(folder, "pkcs8 -topk8 -nocrypt -in key.pem -out again.pem").unwrap();
            let again = PrivateKey::from_pem(&std::fs::read_to_string(folder.join("again.pem")).unwrap()).unwrap();
            assert_eq!(again.public_key(), key.public_key());
        }
    });
}

#[test]
fn another_identity_string_does_not_verify() {
    with_openssl(|folder| {
        let key = PrivateKey::generate(Alg::Sm2Sm3, &mut bytes(4));
        write(folder, "m", "m");
        write(folder, "pub.pem", key.public_key().to_pem().unwrap());
        write(folder, "s", key.sign(b"m").unwrap());
        let verify = "pkeyutl -verify -rawin -digest sm3 -pubin -inkey pub.pem -in m -sigfile s -pkeyopt distid:";
        openssl(folder, &format!("{verify}{DISTID}")).unwrap();
        assert!(openssl(folder, &format!("{verify}8765432187654321")).is_err());
    });
}

#[test]
fn it_accepts_our_certificates_and_chains() {
    with_openssl(|folder| {
        for alg in [Alg::Sm2Sm3, Alg::Es256] {
            let authority = Authority::new(alg, 1);
            let signer = authority.bureau(day(2026, 1, 1), day(2029, 1, 1));
            let leaf = Certificate::from_der(&signer.certificate_chain()[0]).unwrap();
            write(folder, "root.crt", authority.root.to_pem().unwrap());
            write(folder, "leaf.crt", leaf.to_pem().unwrap());
            write(folder, "other.crt", Authority::new(alg, 9).root.to_pem().unwrap());
            let at = now().micros() / 1_000_000;
            let distid = if alg == Alg::Sm2Sm3 { format!("-vfyopt distid:{DISTID}") } else { String::new() };
            let verify = format!("verify -x509_strict {distid} -CAfile");
            openssl(folder, &format!("{verify} root.crt -attime {at} leaf.crt")).unwrap();
            // OpenSSL 3.0 hands the identity string to the first certificate only, so the root's own signature is checked on
            // its bytes: the certificate is SEQUENCE { tbs, algorithm, signature }.
            openssl(folder, "x509 -in root.crt -pubkey -noout -out pub.pem").unwrap();
            openssl(folder, "asn1parse -in root.crt -strparse 4 -noout -out tbs").unwrap();
            let listing = openssl(folder, "asn1parse -in root.crt").unwrap();
            let last = listing.lines().last().unwrap().split(':').next().unwrap().trim().to_owned();
            openssl(folder, &format!("asn1parse -in root.crt -strparse {last} -noout -out sig")).unwrap();
            openssl(folder, &(command(alg, "verify") + " -pubin -inkey pub.pem -in tbs -sigfile sig")).unwrap();
            assert!(openssl(folder, &format!("{verify} other.crt -attime {at} leaf.crt")).is_err());
            let late = day(2029, 1, 2).micros() / 1_000_000;
            assert!(openssl(folder, &format!("{verify} root.crt -attime {late} leaf.crt")).is_err());
            let text = openssl(folder, "x509 -in leaf.crt -noout -text -nameopt utf8").unwrap();
            for part in [BUREAU, USCC, "Digital Signature", "CA:FALSE"] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    });
}

#[test]
fn it_verifies_the_cose_signature_of_a_qr_code() {
    use base64::Engine;
    use coset::TaggedCborSerializable;
    with_openssl(|folder| {
        let (_, signer) = p256_city();
        let url = seal::qr::encode(&licence(), "zwfw.example.gov.cn", &signer).unwrap().url;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(seal::qr::payload(&url)).unwrap();
        let cose = coset::CoseSign1::from_tagged_slice(&bytes).unwrap();
        write(folder, "m", cose.tbs_data(&[]));
        write(folder, "s", seal::key::der_signature(Alg::Es256, &cose.signature).unwrap());
        write(folder, "c.der", &signer.certificate_chain()[0]);
        openssl(folder, "x509 -inform DER -in c.der -pubkey -noout -out pub.pem").unwrap();
        openssl(folder, &(command(Alg::Es256, "verify") + " -pubin -inkey pub.pem -in m -sigfile s")).unwrap();
    });
}

#[test]
fn we_read_what_it_certifies() {
    with_openssl(|folder| {
        let distid = format!("-sigopt distid:{DISTID}");
        openssl(folder, "ecparam -name SM2 -genkey -noout -out ca.pem").unwrap();
        let subject = "-subj /C=CN/O=TestCA/CN=Root";
        let usage = "-addext keyUsage=critical,keyCertSign";
        openssl(folder, &format!("req -new -x509 -sm3 -key ca.pem -days 30 {subject} {usage} {distid} -out ca.crt"))
            .unwrap();
        let root = Certificate::from_pem(&std::fs::read_to_string(folder.join("ca.crt")).unwrap()).unwrap();
        assert_eq!(root.organisation(), Some("TestCA"));
        assert!(root.is_ca() && root.may_certify() && root.is_signed_by(&root));
        let public = openssl(folder, "ec -in ca.pem -pubout -outform DER -out ca.pub");
        assert!(public.is_ok());
        let spki = std::fs::read(folder.join("ca.pub")).unwrap();
        assert_eq!(&PublicKey::from_spki(&spki).unwrap(), root.public_key());
    });
}

#[test]
fn a_licensed_authority_can_certify_our_key() {
    with_openssl(|folder| {
        for alg in [Alg::Sm2Sm3, Alg::Es256] {
            let key = PrivateKey::generate(alg, &mut bytes(6));
            let subject = seal::cert::Subject {
                common_name: "电子证照签名".into(),
                organisation: BUREAU.into(),
                code: Some(USCC.into()),
            };
            write(folder, "r.csr", seal::cert::request_pem(&key, &subject).unwrap());
            let (distid, digest, curve) = match alg {
                Alg::Sm2Sm3 => (format!("distid:{DISTID}"), "-sm3", "SM2"),
                Alg::Es256 => (String::new(), "-sha256", "prime256v1"),
            };
            let option = |name: &str| if distid.is_empty() { String::new() } else { format!("{name} {distid}") };
            let (sign, verify) = (option("-sigopt"), option("-vfyopt"));
            openssl(folder, &format!("req -verify -noout -in r.csr {verify}")).unwrap();
            authority(folder, curve, digest, &sign, "pathlen:1");
            write(folder, "leaf.cnf", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n");
            let x509 = format!("x509 -req {digest} -days 30 {sign} {verify} -in r.csr -extfile leaf.cnf");
            openssl(folder, &format!("{x509} -CA mid.crt -CAkey mid.pem -CAcreateserial -out leaf.crt")).unwrap();
            let read =
                |name: &str| Certificate::from_pem(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
            let (leaf, mid, root) = (read("leaf.crt"), read("mid.crt"), read("ca.crt"));
            assert_eq!((leaf.organisation(), leaf.code()), (Some(BUREAU), Some(USCC)));
            let (chain, at) = ([leaf.clone(), mid], leaf.not_before().plus_seconds(60));
            assert!(seal::cert::verify_chain(&chain, std::slice::from_ref(&root), at).is_ok());
            assert_eq!(
                seal::cert::verify_chain(&chain[..1], std::slice::from_ref(&root), at),
                Err(seal::cert::ChainError::NoAnchor)
            );
            // The same with a root that allows no authority below it.
            authority(folder, curve, digest, &sign, "pathlen:0");
            openssl(folder, &format!("{x509} -CA mid.crt -CAkey mid.pem -CAcreateserial -out leaf.crt")).unwrap();
            let (leaf, mid, root) = (read("leaf.crt"), read("mid.crt"), read("ca.crt"));
            let verdict = seal::cert::verify_chain(&[leaf, mid], std::slice::from_ref(&root), at);
            assert_eq!(verdict, Err(seal::cert::ChainError::MayNotIssue(2)));
        }
    });
}

/// A root `ca.crt` with a path length and an authority `mid.crt` below it.
fn authority(folder: &Path, curve: &str, digest: &str, sign: &str, path_length: &str) {
    let usage = "-addext keyUsage=critical,keyCertSign";
    write(
        folder,
        "ca.cnf",
        format!("[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE,{path_length}\n"),
    );
    write(folder, "mid.cnf", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
    for name in ["ca", "mid"] {
        openssl(folder, &format!("ecparam -name {curve} -genkey -noout -out {name}.pem")).unwrap();
    }
    let subject = "-subj /C=CN/O=TestCA/CN=Root";
    let root = format!("req -new -x509 {digest} -key ca.pem -days 60 {subject} {usage} {sign}");
    openssl(folder, &format!("{root} -config ca.cnf -extensions v3 -out ca.crt")).unwrap();
    let subject = "-subj /C=CN/O=TestCA/CN=Mid";
    openssl(folder, &format!("req -new {digest} -key mid.pem {subject} {sign} -out mid.csr")).unwrap();
    let verify = sign.replace("-sigopt", "-vfyopt");
    let x509 = format!("x509 -req {digest} -days 60 {sign} {verify} -in mid.csr -extfile mid.cnf");
    openssl(folder, &format!("{x509} -CA ca.crt -CAkey ca.pem -CAcreateserial -out mid.crt")).unwrap();
}
