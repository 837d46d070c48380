//! Whatever is changed in an OFD or a PDF, it is refused, and for the right reason: in every class of bytes (structure, text, picture, digest,
//! certificate, signature, time) one change in each place where it can be made, with all reasons that it must give and no other.

use crate::city::*;
use crate::packing::{Part, pack, package, parts, unpack};
use crate::places::{SealPlaces, SignedPdf, ValuePlaces, organisation, position};
use crate::renderings::{Issuer, faces, laid_out};
use seal::cert::Certificate;
use seal::key::Signer;
use seal::page::Sheets;
use seal::render::{ofd, pdf};
use seal::report::CheckName::{self, *};

pub struct Made {
    pub issuer: Issuer,
    pub sheets: Sheets,
    pub licence: Vec<u8>,
    pub roots: Vec<Certificate>,
}

pub fn made() -> Made {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let face = faces().into_iter().find(|face| face.id == "decision-portrait").unwrap();
    let sheets = laid_out(&face, &crate::city::licence(), &url);
    let roots = issuer.roots();
    Made { issuer, sheets, licence, roots }
}

impl Made {
    pub fn ofd(&self) -> Vec<u8> {
        self.issuer.ofd(&self.sheets, &self.licence)
    }

    pub fn pdf(&self) -> Vec<u8> {
        self.issuer.pdf(&self.sheets, &self.licence)
    }

    pub fn ofd_failed(&self, bytes: &[u8]) -> Vec<CheckName> {
        ofd::verify(bytes, &self.roots, now()).failed()
    }

    pub fn pdf_failed(&self, bytes: &[u8]) -> Vec<CheckName> {
        pdf::verify(bytes, &self.roots, now()).failed()
    }
}

/// Where a package cannot be read at all, no other question can be asked either.
pub const UNREAD_OFD: [CheckName; 11] =
    [Canonical, Coverage, Digests, Binding, Signature, SealSigner, SealMaker, Chain, SigningTime, Issuer, Embedded];
/// The same for a PDF.
pub const UNREAD_PDF: [CheckName; 10] =
    [Canonical, Coverage, Digests, Binding, Signature, TimeStamp, Chain, SigningTime, Issuer, Embedded];

/// The package with one bit changed in a file, everything else as the city packs it.
pub fn bent(parts: &[Part], name: &str, at: usize, bit: u8) -> Vec<u8> {
    let mut parts = parts.to_vec();
    let part = parts.iter_mut().find(|part| part.name.ends_with(name)).unwrap();
    let mut plain = part.plain.clone();
    plain[at] ^= bit;
    *part = part.with(plain);
    package(&parts)
}

/// One change in every place of every class, and every reason for which it is refused.
#[test]
fn a_changed_ofd_is_refused_for_the_right_reasons() {
    let made = made();
    let ofd = made.ofd();
    assert_eq!(made.ofd_failed(&ofd), []);
    let parts = parts(&ofd);
    assert_eq!(package(&parts), ofd, "packed as the city packs");
    let file = |name: &str| parts.iter().find(|part| part.name.ends_with(name)).unwrap().plain.as_slice();
    let behind = |name: &str, mark: &[u8]| position(file(name), mark) + mark.len();
    let (value, seal) = (ValuePlaces::of(file("SignedValue.dat")), SealPlaces::of(file("Seal.esl")));
    let own = value.certificate.start + organisation(&file("SignedValue.dat")[value.certificate.clone()]);
    let drawing = value.seal.start + seal.picture.start + 60;
    let second = behind("Signature.xml", b"SignatureDateTime>") + 13;
    let changed: &[CheckName] = &[Coverage, Digests];
    let another: &[CheckName] = &[Coverage, Digests, Binding, SealMaker];
    let unlisted: &[CheckName] = &[Coverage, Digests, Binding, SealSigner, SealMaker];
    let cases: &[(&str, &str, usize, &[CheckName])] = &[
        ("structure: the root", "OFD.xml", behind("OFD.xml", b"<ofd:Title>"), changed),
        ("structure: the list of pages", "Document.xml", behind("Document.xml", b"BaseLoc=\"Pages/Page_"), changed),
        ("structure: the list of signatures", "Signatures.xml", behind("Signatures.xml", b"MaxSignId>"), changed),
        ("text: a character", "Page_0/Content.xml", behind("Page_0/Content.xml", b"ofd:TextCode X=\"0") + 12, changed),
        ("text: the font", "font_0.ttf", behind("font_0.ttf", b"glyf") + 400, changed),
        (
            "text: the data",
            "licence.json",
            behind("licence.json", b"\"number\":\"") + 3,
            &[Coverage, Digests, Embedded],
        ),
        ("picture: in the seal", "Seal.esl", seal.picture.start + 60, another),
        ("picture: in the seal that was signed", "SignedValue.dat", drawing, &[Binding, Signature]),
        ("digest: of a file", "Signature.xml", behind("Signature.xml", b"<ofd:CheckValue>") + 4, &[Digests, Binding]),
        ("digest: of a packed file", "package.txt", 4, changed),
        ("digest: of the description", "SignedValue.dat", value.digest.start + 4, &[Binding, Signature]),
        ("certificate: the signer's", "SignedValue.dat", value.certificate.end - 3, &[SealSigner, Chain]),
        ("certificate: the signer's name", "SignedValue.dat", own + 2, &[SealSigner, Chain, Issuer]),
        ("certificate: in the seal's list", "Seal.esl", seal.listed.end - 3, unlisted),
        ("certificate: the maker's", "Seal.esl", seal.maker.end - 3, another),
        ("certificate: the maker's, unreadable", "Seal.esl", seal.maker.start, another),
        ("signature: the signer's", "SignedValue.dat", value.signature.end - 3, &[Signature]),
        ("signature: the maker's", "Seal.esl", seal.signature.end - 3, another),
        ("time: in the description", "Signature.xml", second, &[Binding, SigningTime]),
        ("time: in the signature", "SignedValue.dat", value.time.start + 13, &[Signature, SigningTime]),
        ("time: the seal's last day", "Seal.esl", seal.until.start + 7, another),
        ("place of the seal", "Signature.xml", behind("Signature.xml", b"PageRef=\"1\" Boundary=\""), &[Binding]),
        ("version of the seal", "SignedValue.dat", value.version.start, &[Signature]),
    ];
    for &(what, name, at, reasons) in cases {
        assert_eq!(made.ofd_failed(&bent(&parts, name, at, 1)), reasons, "{what}");
    }
}

#[test]
fn an_ofd_in_another_container_is_refused() {
    let made = made();
    let ofd = made.ofd();
    let mut flipped = ofd.clone();
    flipped[10] ^= 1;
    assert_eq!(made.ofd_failed(&flipped), UNREAD_OFD, "a date in a header");
    assert_eq!(made.ofd_failed(&[&ofd[..], b"x"].concat()), UNREAD_OFD, "bytes behind the end");
    assert_eq!(made.ofd_failed(&ofd[..ofd.len() - 1]), UNREAD_OFD, "cut off");
    // The same files, not compressed: nothing in them was changed, but it is not the file that was sealed.
    let files = unpack(&ofd);
    assert_eq!(made.ofd_failed(&pack(&files)), [Coverage]);
    let with = |name: &str, at: usize| {
        let mut more = files.clone();
        more.insert(at, (name.to_owned(), b"<x/>".to_vec()));
        pack(&more)
    };
    assert_eq!(made.ofd_failed(&with("Doc_0/Extra.xml", 3)), [Coverage, Digests], "an unlisted file");
    let end = with("Doc_0/Signs/Sign_1/Signature.xml", files.len());
    assert!(made.ofd_failed(&end).contains(&Coverage), "a file at the end");
    assert!(made.ofd_failed(&with("OFD.xml", 1)).contains(&Coverage), "a name twice");
}

#[test]
fn a_changed_pdf_is_refused_for_the_right_reasons() {
    let made = made();
    let pdf = SignedPdf::of(made.pdf());
    assert_eq!(made.pdf_failed(&pdf.bytes), []);
    let behind = |mark: &[u8]| position(&pdf.bytes, mark) + mark.len();
    let from = |start: usize, mark: &[u8]| start + position(&pdf.bytes[start..], mark) + mark.len();
    let drawing = from(behind(b"/Subtype/Form"), b"stream\n") + 30;
    let update = from(behind(b"/AcroForm"), b"xref\n");
    let covered: &[(&str, usize, &[CheckName])] = &[
        ("structure: the version", 7, &[Digests]),
        ("structure: the table of objects", behind(b"xref\n") + 25, &[Digests]),
        ("structure: the table of the update", update + 9, &[Digests]),
        ("structure: the trailer", behind(b"trailer\n<</Size "), &[Digests]),
        ("structure: the byte range", behind(b"/ByteRange[") + 11, &UNREAD_PDF),
        ("structure: the length covered", behind(b"/ByteRange[") + 33, &[Coverage, Digests]),
        ("structure: the end", pdf.bytes.len() - 2, &UNREAD_PDF),
        ("text: on the page", behind(b"stream\n") + 40, &[Digests]),
        ("text: the data", behind(b"\"number\":\"") + 2, &[Digests, Embedded]),
        ("picture: the seal's drawing", drawing, &[Digests]),
        ("picture: the place of the seal", behind(b"/Rect["), &[Digests]),
        ("time: the second", behind(b"/M(D:") + 13, &[Digests]),
        ("time: the hour", behind(b"/M(D:") + 9, &[Digests, SigningTime]),
        ("signature: who signs", behind(b"/Name<FEFF") + 2, &[Digests]),
    ];
    for &(what, at, reasons) in covered {
        assert_eq!(made.pdf_failed(&pdf.flipped(at)), reasons, "{what}");
    }
    let own = pdf.certificate.start + organisation(&pdf.cms[pdf.certificate.clone()]);
    let stamper = made.issuer.tsa.certificate_chain()[0].as_slice();
    let stamper = position(&pdf.cms, stamper) + stamper.len();
    let inside: &[(&str, usize, &[CheckName])] = &[
        ("digest: of the file", pdf.digest.start + 5, &[Digests, Signature]),
        ("digest: of the certificate", pdf.bound.start + 5, &[Binding, Signature]),
        ("certificate: the signer's", pdf.certificate.end - 3, &[Binding, Chain]),
        ("certificate: the signer's name", own + 2, &[Binding, Chain, Issuer]),
        ("certificate: which one it was", pdf.named.end - 3, &[Binding]),
        ("certificate: the time stamp's", stamper - 3, &[TimeStamp]),
        ("signature: its value", pdf.signature.end - 3, &[Signature, TimeStamp]),
        ("signature: the time stamp's", pdf.token.end - 3, &[TimeStamp]),
        ("time: in the time stamp", position(&pdf.cms, b"20261122010000Z") + 13, &[TimeStamp]),
        ("structure: the kind of message", 6, &UNREAD_PDF),
    ];
    for &(what, at, reasons) in inside {
        assert_eq!(made.pdf_failed(&pdf.bent(at, 1)), reasons, "{what}");
    }
}

/// A certificate that was exchanged is called that, wherever in it the change is: not a file of another form.
#[test]
fn an_exchanged_certificate_in_a_pdf_is_named_as_the_reason() {
    let made = made();
    let pdf = SignedPdf::of(made.pdf());
    // The first four bytes say how long it is: whoever changes them tears the message apart.
    for at in pdf.certificate.clone().skip(4).step_by(3) {
        let report = pdf::verify(&pdf.bent(at, 1), &made.roots, now());
        assert_eq!(report.failed()[0], Binding, "byte {at}: {:?}", report.failed());
        let detail = &report.check(Binding).unwrap().detail;
        assert!(detail.zh.contains("证书被调换") && detail.en.contains("exchanged"), "{detail:?}");
    }
}

#[test]
fn a_pdf_in_another_form_is_refused() {
    let made = made();
    let pdf = SignedPdf::of(made.pdf());
    let bytes = &pdf.bytes;
    let padding = pdf.digits.start + 2 * pdf.cms.len() + 8;
    assert!(padding < pdf.digits.end);
    assert_eq!(made.pdf_failed(&pdf.flipped(padding)), UNREAD_PDF, "the padding");
    let mut upper = bytes.clone();
    let letter = pdf.digits.clone().find(|at| bytes[*at].is_ascii_lowercase()).unwrap();
    upper[letter] = upper[letter].to_ascii_uppercase();
    assert_eq!(made.pdf_failed(&upper), UNREAD_PDF, "the same signature in capitals");
    assert_eq!(made.pdf_failed(&[&bytes[..], b"\n"].concat()), UNREAD_PDF, "bytes behind the end");
    let appended = [&bytes[..], b"9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"].concat();
    assert_eq!(made.pdf_failed(&appended), [Coverage], "an update");
}
