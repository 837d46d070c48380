//! PDF for archives: long-term data behind the signature, outside time stamps, revocation lists. OpenSSL plays the outside authority.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::city::*;
use crate::judges::{python, tool};
use crate::mutations::made;
use crate::renderings::{Issuer, faces, laid_out};
use seal::cert::{Certificate, RevocationList, revocation_list, revoked};
use seal::key::Signer;
use seal::page::Fonts;
use seal::render::pdf::{self, Signing, TimeAuthority};
use seal::report::CheckName;

fn list(issuer: &Issuer, stolen: &[(&Certificate, domain::time::Timestamp)]) -> Vec<u8> {
    let entries: Vec<_> = stolen.iter().filter_map(|(own, at)| revoked(own, *at)).collect();
    let (key, root) = (&issuer.p256.key, &issuer.p256.root);
    revocation_list(key, root, &entries, (day(2026, 11, 1), day(2027, 11, 1)), 7).unwrap()
}

fn own(signer: &dyn Signer) -> Certificate {
    Certificate::from_der(&signer.certificate_chain()[0]).unwrap()
}

#[test]
fn a_revocation_list_comes_back_and_openssl_reads_it() {
    let issuer = Issuer::new();
    let signer = own(&issuer.qr);
    let der = list(&issuer, &[(&signer, day(2026, 11, 20))]);
    let read = RevocationList::from_der(&der).unwrap();
    assert!(read.is_of(&issuer.p256.root) && !read.is_of(&issuer.sm2.root));
    assert!(read.revokes(&signer, day(2026, 11, 20)) && !read.revokes(&signer, day(2026, 11, 19)));
    assert!(!read.revokes(&own(&issuer.tsa), day(2030, 1, 1)));
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1 << (at % 8);
        let good = RevocationList::from_der(&changed).is_some_and(|list| list.is_of(&issuer.p256.root));
        assert!(!good, "byte {at}");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("l.crl"), &der).unwrap();
    std::fs::write(folder.path().join("root.pem"), issuer.p256.root.to_pem().unwrap()).unwrap();
    let arguments = ["crl", "-inform", "DER", "-in", "l.crl", "-CAfile", "root.pem", "-noout", "-text"];
    if let Some(said) = tool("openssl", &arguments, folder.path()) {
        assert!(said.contains("verify OK") && said.contains("Revocation Date: Nov 20"), "{said}");
    }
}

#[test]
fn long_term_data_hold_what_belongs_to_the_signature_and_nothing_else() {
    let made = made();
    let signed = made.pdf();
    let lists = [list(&made.issuer, &[]), b"not a list".to_vec()];
    let long = pdf::with_long_term_data(&signed, &made.roots, &lists).unwrap();
    assert!(long.starts_with(&signed), "what was signed stays");
    let report = pdf::verify(&long, &made.roots, now());
    assert!(report.valid, "{:#?}", report.checks);
    let words = &report.check(CheckName::LongTerm).unwrap().detail;
    assert!(words.zh.contains("3 张证书、1 份吊销列表"), "signer, time stamp and root; {}", words.zh);
    // Nothing behind the signature can be changed either.
    for at in (signed.len()..long.len()).step_by(7) {
        let mut changed = long.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(!pdf::verify(&changed, &made.roots, now()).valid, "byte {at} of {}", long.len());
    }
    assert!(pdf::with_long_term_data(&long, &made.roots, &[]).is_err(), "only once");
    // Certificates of somebody else, in the very same form, are no part of it.
    let foreign = Issuer { p256: Authority::new(seal::key::Alg::Es256, 44), ..Issuer::new() };
    let stranger =
        pdf::with_long_term_data(&signed, std::slice::from_ref(&made.issuer.p256.root), &[list(&foreign, &[])])
            .unwrap();
    assert!(pdf::verify(&stranger, &made.roots, now()).valid, "a list of a stranger is left out");
    // A key that was stolen before it signed.
    let stolen = [list(&made.issuer, &[(&own(&made.issuer.qr), day(2026, 11, 20))])];
    let late = pdf::with_long_term_data(&signed, &made.roots, &stolen).unwrap();
    assert_eq!(pdf::verify(&late, &made.roots, now()).failed(), [CheckName::LongTerm]);
    let after = [list(&made.issuer, &[(&own(&made.issuer.qr), day(2026, 11, 23))])];
    let good = pdf::with_long_term_data(&signed, &made.roots, &after).unwrap();
    assert!(pdf::verify(&good, &made.roots, now()).valid, "a time stamp proves that it was signed before");
}

/// pyHanko validates the signature with what is in the file alone, as of the time stamp, and demands revocation data for everybody.
#[test]
fn pyhanko_validates_from_the_long_term_data_alone() {
    const JUDGE: &str = "
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
root = x509.Certificate.load(pem.unarmor(open('root.pem', 'rb').read())[2])
reader = PdfFileReader(open('l.pdf', 'rb'), strict=True)
store = DocumentSecurityStore.read_dss(reader)
print('certs', len(list(store.load_certs())), 'crls', len(store.crls))
known = store.as_validation_context({'trust_roots': [root], 'allow_fetching': False, 'revocation_mode': 'require'})
status = validate_pdf_signature(reader.embedded_signatures[0], signer_validation_context=known, ts_validation_context=known,
    key_usage_settings=KeyUsageConstraints(key_usage={'digital_signature'}))
print(status.intact, status.valid, status.trusted, status.coverage.name, status.bottom_line)
";
    let Some(python) = python() else { return };
    let made = made();
    let long = pdf::with_long_term_data(&made.pdf(), &made.roots, &[list(&made.issuer, &[])]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("l.pdf"), long).unwrap();
    std::fs::write(folder.path().join("root.pem"), made.issuer.p256.root.to_pem().unwrap()).unwrap();
    let said = tool(&python, &["-c", JUDGE], folder.path()).unwrap();
    assert!(said.contains("certs 3 crls 1"), "{said}");
    assert!(said.contains("True True True ENTIRE_REVISION True"), "{said}");
}

#[test]
fn poppler_and_qpdf_open_a_pdf_with_long_term_data() {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let folder = tempfile::tempdir().unwrap();
    for face in faces() {
        let sheets = laid_out(&face, &crate::city::licence(), &url);
        let signed = issuer.pdf(&sheets, &licence);
        let long = pdf::with_long_term_data(&signed, &issuer.roots(), &[list(&issuer, &[])]).unwrap();
        std::fs::write(folder.path().join("l.pdf"), long).unwrap();
        let Some(said) = tool("pdfsig", &["-nocert", "l.pdf"], folder.path()) else { return };
        assert!(said.contains("Signature is Valid"), "{}: {said}", face.id);
        if let Some(said) = tool("qpdf", &["--check", "l.pdf"], folder.path()) {
            assert!(said.contains("No syntax or stream encoding errors"), "{said}");
        }
    }
}

/// An authority that OpenSSL plays.
struct Openssl(PathBuf);

impl Openssl {
    /// With a root and a certificate of its own; `None` without OpenSSL.
    fn new(folder: &Path) -> Option<Openssl> {
        let ca = "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
        std::fs::write(folder.join("ca.cnf"), ca).unwrap();
        std::fs::write(
            folder.join("tsa.ext"),
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n",
        )
        .unwrap();
        std::fs::write(
            folder.join("tsa.cnf"),
            "[tsa]\ndefault_tsa=own\n[own]\nserial=serial\nsigner_cert=tsa.crt\nsigner_key=tsa.pem\nsigner_digest=sha256\n\
             default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_alg=sha256\n",
        )
        .unwrap();
        std::fs::write(folder.join("serial"), "01\n").unwrap();
        for arguments in [
            "ecparam -name prime256v1 -genkey -noout -out ca.pem",
            "ecparam -name prime256v1 -genkey -noout -out tsa.pem",
            "req -new -x509 -sha256 -key ca.pem -days 60 -subj /C=CN/O=Outside/CN=Root -config ca.cnf -extensions v3 -out ca.crt",
            "req -new -sha256 -key tsa.pem -subj /C=CN/O=Outside/CN=TimeStamps -config ca.cnf -out tsa.csr",
            "x509 -req -sha256 -days 30 -in tsa.csr -extfile tsa.ext -CA ca.crt -CAkey ca.pem -CAcreateserial -out tsa.crt",
        ] {
            tool("openssl", &arguments.split(' ').collect::<Vec<_>>(), folder)?;
        }
        Some(Openssl(folder.to_owned()))
    }

    fn root(&self) -> Certificate {
        Certificate::from_pem(&std::fs::read_to_string(self.0.join("ca.crt")).unwrap()).unwrap()
    }
}

impl TimeAuthority for Openssl {
    fn ask(&self, request: &[u8]) -> Result<Vec<u8>, String> {
        std::fs::write(self.0.join("q"), request).unwrap();
        let arguments = ["ts", "-reply", "-queryfile", "q", "-out", "r", "-config", "tsa.cnf"];
        let done = Command::new("openssl").args(arguments).current_dir(&self.0).output().unwrap();
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned());
        }
        Ok(std::fs::read(self.0.join("r")).unwrap())
    }
}

/// An authority that answers what it was told to.
struct Fixed(Vec<u8>);

impl TimeAuthority for Fixed {
    fn ask(&self, _: &[u8]) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }
}

#[test]
fn an_outside_authority_stamps_and_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let Some(authority) = Openssl::new(folder.path()) else { return };
    let made = made();
    // OpenSSL's clock is the machine's: the signer's own time must be near it.
    let at = own_clock(&authority);
    let signing = Signing { licence: &made.licence, signer: &made.issuer.qr, authority: None, at };
    let fonts = Fonts::standard().unwrap();
    let write = |authority: &dyn TimeAuthority| pdf::write_stamped_by(&made.sheets, fonts, &signing, authority);
    let stamped = write(&authority).unwrap();
    let mut roots = made.roots.clone();
    assert_eq!(pdf::verify(&stamped, &roots, at).failed()[0], CheckName::TimeStamp, "nobody trusts it yet");
    roots.push(authority.root());
    let report = pdf::verify(&stamped, &roots, at.plus_seconds(60));
    assert!(report.valid, "{:#?}", report.checks);
    assert!(report.check(CheckName::TimeStamp).unwrap().detail.zh.contains("TimeStamps"));
    // With long-term data too: its certificate and its root are in them.
    let long = pdf::with_long_term_data(&stamped, &roots, &[]).unwrap();
    let report = pdf::verify(&long, &roots, at.plus_seconds(60));
    assert!(report.valid && report.check(CheckName::LongTerm).unwrap().detail.zh.contains("4 张证书"), "{report:#?}");
    // Not a bit of the token can be changed.
    let token = position(&stamped, hex::encode(b"Outside").as_bytes());
    for at_byte in (token - 1_200..token + 1_200).step_by(5) {
        let mut changed = stamped.clone();
        changed[at_byte] = if changed[at_byte] == b'0' { b'1' } else { b'0' };
        assert!(!pdf::verify(&changed, &roots, at.plus_seconds(60)).valid, "byte {at_byte}");
    }
    // Answers that are none, or belong to another request.
    let another = std::fs::read(folder.path().join("r")).unwrap();
    for answer in [Vec::new(), b"<html>".to_vec(), vec![0x30, 5, 0x30, 3, 2, 1, 2], another] {
        assert!(write(&Fixed(answer.clone())).is_ok_and(|bytes| bytes == stamped) || write(&Fixed(answer)).is_err());
    }
    let later = Signing { at: at.plus_seconds(1), ..signing };
    let replayed = Fixed(std::fs::read(folder.path().join("r")).unwrap());
    assert!(pdf::write_stamped_by(&made.sheets, fonts, &later, &replayed).is_err(), "a token of another request");
}

fn position(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

/// When OpenSSL has just made its certificate.
fn own_clock(authority: &Openssl) -> domain::time::Timestamp {
    authority.root().not_before().plus_seconds(1)
}
