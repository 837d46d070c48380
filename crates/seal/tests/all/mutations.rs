//! Whatever is changed in an OFD or a PDF, it is refused, and for the right reason.

use crate::city::*;
use crate::renderings::{Issuer, faces, laid_out};
use seal::cert::Certificate;
use seal::key::{Alg, KeySigner, PrivateKey, Signer};
use seal::page::{Fonts, Sheets};
use seal::render::ofd::{self, SealRequest, SealVersion, Sealing, make_seal};
use seal::render::pdf::{self, Signing};
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

    fn ofd_failed(&self, bytes: &[u8]) -> Vec<CheckName> {
        ofd::verify(bytes, &self.roots, now()).failed()
    }

    fn pdf_failed(&self, bytes: &[u8]) -> Vec<CheckName> {
        pdf::verify(bytes, &self.roots, now()).failed()
    }
}

fn position(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

/// The files of a package, unpacked.
pub fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut at = 0;
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let small = |from: usize| usize::from(u16::from_le_bytes(bytes[at + from..at + from + 2].try_into().unwrap()));
        let (packed, name) = (small(18) | small(20) << 16, small(26));
        let from = at + 30 + name;
        let content = &bytes[from..from + packed];
        let mut plain = Vec::new();
        match small(8) {
            0 => plain.extend(content),
            _ => {
                let mut decoder = flate2::read::DeflateDecoder::new(content);
                std::io::Read::read_to_end(&mut decoder, &mut plain).unwrap();
            }
        }
        files.push((String::from_utf8(bytes[at + 30..from].to_vec()).unwrap(), plain));
        at = from + packed;
    }
    files
}

/// A package in the regular form, nothing compressed: what somebody would make who has changed a file.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        header.extend(crc.sum().to_le_bytes());
        header.extend(length.iter().chain(&length));
        header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        header.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(u32::try_from(out.len()).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(header);
        out.extend(name.as_bytes());
        out.extend(bytes);
    }
    let offset = u32::try_from(out.len()).unwrap().to_le_bytes();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.iter().chain(&count));
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(offset);
    out.extend([0, 0]);
    out
}

/// Changes one byte behind `mark` in a file of the package and packs it again, neatly.
fn changed(files: &[(String, Vec<u8>)], name: &str, mark: &[u8], ahead: usize) -> Vec<u8> {
    let mut files = files.to_vec();
    let file = files.iter_mut().find(|(path, _)| path.ends_with(name)).unwrap();
    let at = position(&file.1, mark) + mark.len() + ahead;
    file.1[at] ^= 1;
    pack(&files)
}

#[test]
fn a_changed_ofd_is_refused_for_the_right_reason() {
    let made = made();
    let ofd = made.ofd();
    assert_eq!(made.ofd_failed(&ofd), []);
    let files = unpack(&ofd);
    let mut flipped = ofd.clone();
    flipped[10] ^= 1;
    assert_eq!(made.ofd_failed(&flipped)[0], Canonical, "a date in a header");
    assert_eq!(made.ofd_failed(&[&ofd[..], b"x"].concat())[0], Canonical, "bytes behind the end");
    assert_eq!(made.ofd_failed(&ofd[..ofd.len() - 1])[0], Canonical, "cut off");
    // The same files, not compressed: nothing in them was changed, but it is not the file that was sealed.
    assert_eq!(made.ofd_failed(&pack(&files)), [Coverage]);
    let with = |name: &str, at: usize| {
        let mut more = files.clone();
        more.insert(at, (name.to_owned(), b"<x/>".to_vec()));
        pack(&more)
    };
    assert!(made.ofd_failed(&with("Doc_0/Extra.xml", 3)).contains(&Digests), "an unlisted file");
    assert!(
        made.ofd_failed(&with("Doc_0/Signs/Sign_1/Signature.xml", files.len())).contains(&Coverage),
        "a file at the end"
    );
    assert!(made.ofd_failed(&with("OFD.xml", 1)).contains(&Coverage), "a name twice");
    let cases: [(&str, &str, &[u8], usize, CheckName); 7] = [
        ("structure", "OFD.xml", b"<ofd:Title>", 0, Digests),
        ("text", "Page_0/Content.xml", b"ofd:TextCode X=\"0", 12, Digests),
        ("font", "font_0.ttf", b"glyf", 400, Digests),
        ("licence data", "licence.json", b"\"number\":\"", 3, Embedded),
        ("picture of the seal", "Seal.esl", b"PK\x03\x04", 60, Binding),
        ("digest", "Signature.xml", b"<ofd:CheckValue>", 4, Digests),
        ("time in the description", "Signature.xml", b"SignatureDateTime>", 3, Binding),
    ];
    for (what, name, mark, ahead, reason) in cases {
        let failed = made.ofd_failed(&changed(&files, name, mark, ahead));
        assert!(failed.contains(&reason), "{what}: {failed:?}");
    }
    let (_, value) = files.last().unwrap();
    let mut signature = files.clone();
    let last = value.len() - 3;
    signature.last_mut().unwrap().1[last] ^= 1;
    assert!(made.ofd_failed(&pack(&signature)).contains(&Signature), "the signature's value");
}

#[test]
fn an_ofd_of_somebody_else_is_refused() {
    let made = made();
    let fonts = Fonts::standard().unwrap();
    let seal = made.issuer.seal(ofd::picture(&made.sheets.picture, 42.0));
    let sealing = Sealing { licence: &made.licence, seal: &seal, at: now() };
    // Another key with the bureau's certificate.
    let chain = made.issuer.signer.certificate_chain().to_vec();
    let thief = KeySigner::new(PrivateKey::generate(Alg::Sm2Sm3, &mut bytes(99)), chain.clone());
    let stolen = ofd::write(&made.sheets, fonts, &sealing, &thief).unwrap();
    assert_eq!(made.ofd_failed(&stolen), [Signature]);
    // A seal by a maker whom nobody trusts.
    let other = Authority::new(Alg::Sm2Sm3, 55);
    let maker = other.signer(Alg::Sm2Sm3, "无名刻章店", "12370200MB2855919X", day(2026, 1, 1), day(2046, 1, 1));
    let request = SealRequest {
        id: "x".into(),
        name: BUREAU.into(),
        signers: vec![chain[0].clone()],
        created: day(2026, 1, 2),
        valid_from: day(2026, 1, 2),
        valid_to: day(2028, 1, 1),
        picture: ofd::picture(&made.sheets.picture, 42.0),
        side: 42,
    };
    let forged = make_seal(SealVersion::V4, &request, &maker).unwrap();
    let sealing = Sealing { licence: &made.licence, seal: &forged, at: now() };
    let bytes = ofd::write(&made.sheets, fonts, &sealing, &made.issuer.signer).unwrap();
    assert_eq!(made.ofd_failed(&bytes), [SealMaker]);
    // A seal of another bureau, by the right maker.
    let renamed = SealRequest { name: "青岛市公安局".into(), ..request.clone() };
    let other = make_seal(SealVersion::V5, &renamed, &made.issuer.maker).unwrap();
    let sealing = Sealing { licence: &made.licence, seal: &other, at: now() };
    let bytes = ofd::write(&made.sheets, fonts, &sealing, &made.issuer.signer).unwrap();
    assert_eq!(made.ofd_failed(&bytes), [Issuer]);
    // A signer whom the seal does not list, a seal or a certificate that is not valid any more: not even made.
    let unlisted = SealRequest { signers: vec![made.issuer.maker.certificate_chain()[0].clone()], ..request.clone() };
    let late = Sealing { at: day(2029, 6, 1), ..sealing };
    for (request, sealing) in [(unlisted, sealing), (request, late)] {
        let seal = make_seal(SealVersion::V4, &request, &made.issuer.maker).unwrap();
        assert!(ofd::write(&made.sheets, fonts, &Sealing { seal: &seal, ..sealing }, &made.issuer.signer).is_err());
    }
    // Nothing is trusted without roots, and nothing from the future.
    let good = made.ofd();
    assert!(ofd::verify(&good, &[], now()).failed().contains(&Chain));
    assert_eq!(ofd::verify(&good, &made.roots, day(2026, 11, 20)).failed(), [SigningTime, Embedded]);
}

#[test]
fn a_changed_pdf_is_refused_for_the_right_reason() {
    let made = made();
    let pdf = made.pdf();
    assert_eq!(made.pdf_failed(&pdf), []);
    let flip = |at: usize| {
        let mut bytes = pdf.clone();
        bytes[at] ^= 1;
        made.pdf_failed(&bytes)
    };
    let value = position(&pdf, b"/Contents<") + 10;
    let text = String::from_utf8_lossy(&pdf[value..]).into_owned();
    let end = value + text.find('>').unwrap();
    let cms = hex::decode(&pdf[value..end]).unwrap();
    let padding = value + 2 * (cms.iter().rposition(|byte| *byte != 0).unwrap() + 4);
    let certificate = value + 2 * position(&cms, &made.issuer.qr.certificate_chain()[0]);
    let stamper = value + 2 * position(&cms, &made.issuer.tsa.certificate_chain()[0]);
    let cases = [
        ("text on the page", position(&pdf, b"stream\n") + 40, Digests),
        ("the licence inside", position(&pdf, b"\"number\":\"") + 12, Digests),
        ("the place of the seal", position(&pdf, b"/Rect[") + 7, Digests),
        ("the time", position(&pdf, b"/M(D:") + 17, Digests),
        ("the byte range", position(&pdf, b"/ByteRange[") + 22, Canonical),
        ("the certificate", certificate + 300, Canonical),
        ("the certificate of the time stamp", stamper + 300, TimeStamp),
        ("the padding", padding, Canonical),
    ];
    for (what, at, reason) in cases {
        let failed = flip(at);
        assert!(failed.contains(&reason), "{what}: {failed:?}");
    }
    let mut upper = pdf.clone();
    let letter = (value..end).find(|at| pdf[*at].is_ascii_lowercase()).unwrap();
    upper[letter] = upper[letter].to_ascii_uppercase();
    assert_eq!(made.pdf_failed(&upper)[0], Canonical, "the same signature in capitals");
    assert_eq!(made.pdf_failed(&[&pdf[..], b"\n"].concat())[0], Canonical, "bytes behind the end");
    let appended = [&pdf[..], b"9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"].concat();
    assert!(made.pdf_failed(&appended).contains(&Coverage), "an update");
}

#[test]
fn a_pdf_of_somebody_else_is_refused() {
    let made = made();
    let fonts = Fonts::standard().unwrap();
    let write = |signing: &Signing<'_>| pdf::write(&made.sheets, fonts, signing).unwrap();
    let good =
        Signing { licence: &made.licence, signer: &made.issuer.qr, authority: Some(&made.issuer.tsa), at: now() };
    let chain = made.issuer.qr.certificate_chain().to_vec();
    let thief = KeySigner::new(PrivateKey::generate(Alg::Es256, &mut bytes(99)), chain);
    assert_eq!(made.pdf_failed(&write(&Signing { signer: &thief, ..good })), [Signature]);
    // A time stamp by somebody who is no authority, and none at all (B-B), which is right as well.
    assert_eq!(made.pdf_failed(&write(&Signing { authority: Some(&made.issuer.qr), ..good }))[0], TimeStamp);
    assert_eq!(made.pdf_failed(&write(&Signing { authority: None, ..good })), []);
    // An authority for time stamps signs no licence.
    let stamper = write(&Signing { signer: &made.issuer.tsa, ..good });
    assert!(made.pdf_failed(&stamper).contains(&Chain));
    let expired = Signing { at: day(2029, 6, 1), ..good };
    assert!(pdf::write(&made.sheets, fonts, &expired).is_err());
    assert!(pdf::write(&made.sheets, fonts, &Signing { signer: &made.issuer.signer, ..good }).is_err(), "SM2");
}

/// One bit in a byte here and there, over the whole file: not one passes.
#[test]
fn no_flipped_bit_passes() {
    let made = made();
    let (ofd, pdf) = (made.ofd(), made.pdf());
    for at in (0..ofd.len()).step_by(331) {
        let mut bytes = ofd.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(!made.ofd_failed(&bytes).is_empty(), "OFD, byte {at}");
    }
    for at in (0..pdf.len()).step_by(331) {
        let mut bytes = pdf.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(!made.pdf_failed(&bytes).is_empty(), "PDF, byte {at}");
    }
}
