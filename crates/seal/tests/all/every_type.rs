//! Every licence type of the catalogue before every judge that is not ours: OpenSSL, poppler, qpdf, pyHanko, and a reader of OFD written by
//! others. Each type has a licence of its own with its own data; the one with an annex has annex pages; one type of each face also
//! carries a seal of version 5.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::city::*;
use crate::der::{inside, members};
use crate::judges::{pdf_pages, python, tool};
use crate::openssl::{command, openssl, with_openssl, write};
use crate::packing::unpack;
use crate::renderings::{Issuer, faces};
use crate::typed::{Laid, WITH_ANNEX, typed};
use ofd_core::OfdReader;
use ofd_core::verify::{SigVerdict, check_path};
use seal::cert::Certificate;
use seal::key::{Alg, DISTID};
use seal::render::ofd::{self, SealVersion};
use seal::render::pdf;

/// How many components the annex lists: enough for three pages and more.
const COMPONENTS: usize = 60;
/// A one-page licence is at most so large, in bytes.
const OFD_BYTES: usize = 60 * 1024;
const PDF_BYTES: usize = 90 * 1024;

/// A licence of one type in all its forms.
struct Made {
    id: String,
    face: String,
    landscape: bool,
    pages: usize,
    data: Vec<u8>,
    ofd: Vec<u8>,
    /// The same under a seal of version 5: for one type of each face.
    newer: Option<Vec<u8>>,
    pdf: Vec<u8>,
}

impl Made {
    /// The packages, each with the version of its seal.
    fn ofds(&self) -> impl Iterator<Item = (u8, &Vec<u8>)> {
        [(4, &self.ofd)].into_iter().chain(self.newer.iter().map(|newer| (5, newer)))
    }
}

/// Made once for all tests of this file.
static MADE: LazyLock<(Issuer, Vec<Made>)> = LazyLock::new(|| {
    let issuer = Issuer::new();
    let mut made: Vec<Made> = Vec::new();
    for one in typed() {
        let first = made.iter().all(|other| other.face != one.face.id);
        let one = if one.kind.id == WITH_ANNEX { one.with_components(COMPONENTS) } else { one };
        let Laid { sheets, licence } = one.laid(&issuer);
        made.push(Made {
            id: one.kind.id,
            face: one.face.id,
            landscape: sheets.width > sheets.height,
            pages: sheets.pages.len(),
            ofd: issuer.ofd_of(SealVersion::V4, &sheets, &licence),
            newer: first.then(|| issuer.ofd_of(SealVersion::V5, &sheets, &licence)),
            pdf: issuer.pdf(&sheets, &licence),
            data: licence,
        });
    }
    (issuer, made)
});

/// How many pages one is expected to have.
fn check_pages(one: &Made, found: usize) {
    assert_eq!(found, one.pages, "{}", one.id);
    assert!(if one.id == WITH_ANNEX { found >= 3 } else { found == 1 }, "{}: {found} pages", one.id);
}

#[test]
fn it_becomes_files_that_are_valid_and_small() {
    let (issuer, made) = &*MADE;
    assert!(made.len() >= 50, "{} types", made.len());
    let landscape = made.iter().filter(|one| one.landscape).count();
    assert!(landscape >= 10 && made.len() - landscape >= 10, "{landscape} of {}", made.len());
    let newer = made.iter().filter(|one| one.newer.is_some()).count();
    assert_eq!(newer, faces().len(), "every face is one of some type, and of each one type has the newer seal");
    for one in made {
        check_pages(one, one.pages);
        for (version, ofd) in one.ofds() {
            let report = ofd::verify(ofd, &issuer.roots(), now());
            assert!(report.valid, "{}, seal of version {version}: {:#?}", one.id, report.checks);
        }
        let report = pdf::verify(&one.pdf, &issuer.roots(), now());
        assert!(report.valid, "{}: {:#?}", one.id, report.checks);
        println!("{} {} {}", one.id, one.ofd.len(), one.pdf.len());
        if one.pages == 1 {
            let (ofd, pdf) = (one.ofd.len(), one.pdf.len());
            assert!(ofd <= OFD_BYTES && pdf <= PDF_BYTES, "{}: {ofd} {pdf}", one.id);
        }
    }
}

/// What OpenSSL has been asked about certificates already: each is asked about once, however many files it stands in.
struct Judge<'f> {
    folder: &'f Path,
    /// Certificate to the file of its public key.
    known: BTreeMap<Vec<u8>, String>,
}

impl Judge<'_> {
    /// The chain leads to the root, and the first certificate's key made this signature over this message.
    fn fits(&mut self, message: &[u8], signature: &[u8], chain: &[Vec<u8>]) {
        let folder = self.folder;
        let key = self.known.entry(chain[0].clone()).or_insert_with(|| {
            let pem = |der: &Vec<u8>| Certificate::from_der(der).unwrap().to_pem().unwrap();
            let name = format!("key-{}.pem", hex::encode(&chain[0][chain[0].len() - 8..]));
            write(folder, "c.crt", pem(&chain[0]));
            write(folder, "between.crt", chain.iter().map(pem).collect::<String>());
            let at = now().micros() / 1_000_000;
            let trust = format!("-vfyopt distid:{DISTID} -CAfile root.crt -untrusted between.crt -attime {at}");
            openssl(folder, &format!("verify -x509_strict {trust} c.crt")).unwrap();
            openssl(folder, &format!("x509 -in c.crt -pubkey -noout -out {name}")).unwrap();
            name
        });
        write(folder, "m", message);
        write(folder, "s", signature);
        let verify = command(Alg::Sm2Sm3, "verify");
        openssl(folder, &format!("{verify} -pubin -inkey {key} -in m -sigfile s")).unwrap();
    }

    /// Both signatures in a package; returns the description of the signature and the digest of it that was signed.
    fn package(&mut self, version: u8, ofd: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let files = unpack(ofd);
        let file = |name: &str| &files.iter().find(|(path, _)| path.ends_with(name)).unwrap().1;
        let value = members(file("SignedValue.dat"));
        let [to_sign, certificate, _, signature] = value[..] else { panic!("{} members", value.len()) };
        self.fits(to_sign, inside(signature), &[inside(certificate).to_vec()]);
        let signed = members(to_sign);
        assert_eq!(inside(signed[0]), [version]);
        assert_eq!(signed[1], file("Seal.esl"), "this very seal");
        let seal = members(signed[1]);
        let [info, maker, _, signature] = seal[..] else { panic!("{} members", seal.len()) };
        assert_eq!(inside(members(members(info)[0])[1]), [version]);
        self.fits(info, inside(signature), &[inside(maker).to_vec()]);
        (file("Signature.xml").clone(), inside(signed[3]).to_vec())
    }
}

/// The SM2 signature of the data file; both in the OFD, that over the description of the signature by the bureau and that over the seal by
/// its maker; all chains; and the digest that the signature is over.
#[test]
fn openssl_verifies_its_data_and_its_ofd() {
    with_openssl(|folder| {
        let (issuer, made) = &*MADE;
        write(folder, "root.crt", issuer.sm2.root.to_pem().unwrap());
        let mut judge = Judge { folder, known: BTreeMap::new() };
        let mut digests = BTreeMap::new();
        for one in made {
            let mut file: serde_json::Value = serde_json::from_slice(&one.data).unwrap();
            let value = file["signature"].as_object_mut().unwrap().remove("value").unwrap();
            let decode = |text: &serde_json::Value| STANDARD.decode(text.as_str().unwrap()).unwrap();
            let chain: Vec<Vec<u8>> = file["signature"]["certs"].as_array().unwrap().iter().map(decode).collect();
            judge.fits(&serde_json_canonicalizer::to_vec(&file).unwrap(), &decode(&value), &chain);
            for (version, ofd) in one.ofds() {
                let (xml, digest) = judge.package(version, ofd);
                let name = format!("{}-{version}.xml", one.id);
                write(folder, &name, xml);
                digests.insert(name, hex::encode(digest));
            }
        }
        assert_eq!(judge.known.len(), 2, "the bureau's certificate and the maker's");
        // What was signed names the description by its digest, as OpenSSL computes it.
        let names: Vec<&str> = digests.keys().map(String::as_str).collect();
        let said = openssl(folder, &format!("dgst -sm3 {}", names.join(" "))).unwrap();
        for (name, digest) in &digests {
            let line = said.lines().find(|line| line.contains(&format!("({name})"))).unwrap();
            assert!(line.ends_with(digest), "{line}: {digest}");
        }
    });
}

#[test]
fn an_independent_reader_opens_its_ofd_and_calls_it_conforming() {
    let folder = tempfile::tempdir().unwrap();
    for (one, (_, ofd)) in MADE.1.iter().flat_map(|one| one.ofds().map(move |ofd| (one, ofd))) {
        let path = folder.path().join("l.ofd");
        std::fs::write(&path, ofd).unwrap();
        let found = check_path(&path);
        assert!(found.conforms(), "{}: {found:?}", one.id);
        assert_eq!(found.signatures.len(), 1, "{}", one.id);
        let signature = &found.signatures[0];
        assert_eq!((signature.verdict(), signature.failures().count()), (SigVerdict::Valid, 0), "{}", one.id);
        // All files but the description of the signature and its value.
        assert_eq!(signature.references.len(), unpack(ofd).len() - 2, "{}", one.id);
        let mut reader = OfdReader::open(&path).unwrap();
        let body = reader.ofd().doc_bodies[0].clone();
        let document = reader.load_document(&body).unwrap();
        check_pages(one, document.pages().len());
        for page in document.pages() {
            reader.load_page(&document, page).unwrap();
        }
    }
}

#[test]
fn poppler_renders_its_pdf_and_calls_it_signed_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    for one in &MADE.1 {
        std::fs::write(folder.path().join("l.pdf"), &one.pdf).unwrap();
        let Some(said) = tool("pdfsig", &["-nocert", "l.pdf"], folder.path()) else { return };
        assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{}: {said}", one.id);
        if let Some(said) = tool("qpdf", &["--check", "l.pdf"], folder.path()) {
            assert!(said.contains("No syntax or stream encoding errors"), "{}: {said}", one.id);
        }
        let Some(pages) = pdf_pages(folder.path(), "l.pdf", 48) else { return };
        check_pages(one, pages.len());
        for page in pages {
            let inked = page.pixels().iter().filter(|pixel| **pixel < 185).count();
            assert!(inked > 1_000, "{}: {inked} pixels with ink", one.id);
        }
    }
}

/// pyHanko, in the Python that `YICHUANG_PYTHON` names, trusts our root and nothing else.
#[test]
fn pyhanko_trusts_signature_and_time_stamp_of_its_pdf() {
    const JUDGE: &str = "
import glob
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = x509.Certificate.load(pem.unarmor(open('root.pem', 'rb').read())[2])
usage = KeyUsageConstraints(key_usage={'digital_signature'})
for name in glob.glob('*.pdf'):
    signatures = PdfFileReader(open(name, 'rb'), strict=True).embedded_signatures
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    status = validate_pdf_signature(signatures[0], signer_validation_context=context,
                                    ts_validation_context=context, key_usage_settings=usage)
    stamp = status.timestamp_validity
    print(name, len(signatures), status.intact, status.valid, status.trusted, status.coverage.name,
          stamp.valid, stamp.intact, stamp.trusted, status.bottom_line)
";
    let Some(python) = python() else { return };
    let (issuer, made) = &*MADE;
    let folder = tempfile::tempdir().unwrap();
    for one in made {
        std::fs::write(folder.path().join(format!("{}.pdf", one.id)), &one.pdf).unwrap();
    }
    std::fs::write(folder.path().join("root.pem"), issuer.p256.root.to_pem().unwrap()).unwrap();
    let said = tool(&python, &["-c", JUDGE], folder.path()).unwrap();
    for one in made {
        let expected = format!("{}.pdf 1 True True True ENTIRE_FILE True True True True", one.id);
        assert!(said.lines().any(|line| line == expected), "{expected}\n{said}");
    }
}
