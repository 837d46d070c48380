//! What a forger with keys of his own, or a bureau with the wrong ones, would make: every refusal that the standard's text asks for
//! and that readers commonly leave out, each with its reason. The files are signed anew, so that nothing else is wrong with them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::city::*;
use crate::mutations::{Made, made};
use crate::packing::{pack, unpack};
use domain::time::Timestamp;
use seal::cert::{Certificate, Request, Subject, issue};
use seal::digest::sm3;
use seal::key::{Alg, KeyError, KeySigner, PrivateKey, Signer};
use seal::licence::verify_licence;
use seal::page::Fonts;
use seal::render::ofd::{self, SealRequest, SealVersion, Sealing, make_seal};
use seal::render::pdf::{self, Signing};
use seal::report::CheckName::{self, *};

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=127 => out.push(u8::try_from(short).unwrap()),
        long => {
            let bytes: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(bytes.len()).unwrap());
            out.extend(bytes);
        }
    }
    out.extend(content);
    out
}

fn utc(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).unwrap().strftime("%Y%m%d%H%M%SZ").to_string()
}

/// Puts another seal or time into a package and signs the description of it anew, with every digest right.
fn resigned(ofd: &[u8], seal: &[u8], at: Timestamp, signer: &dyn Signer) -> Vec<u8> {
    const SEAL: &str = "Doc_0/Signs/Sign_0/Seal.esl";
    let mut files = unpack(ofd);
    let place = |name: &str| files.iter().position(|(path, _)| path == name).unwrap();
    let (sealed, described) = (place(SEAL), place("Doc_0/Signs/Sign_0/Signature.xml"));
    let mut xml = String::from_utf8(files[described].1.clone()).unwrap();
    let mut replace = |before: &str, after: &str| {
        let from = xml.find(before).unwrap() + before.len();
        let to = from + xml[from..].find('<').unwrap();
        xml.replace_range(from..to, after);
    };
    replace(&format!("FileRef=\"/{SEAL}\"><ofd:CheckValue>"), &STANDARD.encode(sm3(seal)));
    replace("<ofd:SignatureDateTime>", &utc(at));
    let digest = [&[0][..], &sm3(xml.as_bytes())].concat();
    let to_sign = [
        tlv(2, &[4]),
        seal.to_vec(),
        tlv(0x18, utc(at).as_bytes()),
        tlv(3, &digest),
        tlv(0x16, b"/Doc_0/Signs/Sign_0/Signature.xml"),
    ];
    let to_sign = tlv(0x30, &to_sign.concat());
    let signature = [&[0][..], &signer.sign(&to_sign).unwrap()].concat();
    let oid = [6, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75];
    let value = [to_sign, tlv(4, &signer.certificate_chain()[0]), oid.to_vec(), tlv(3, &signature)];
    files[sealed].1 = seal.to_vec();
    files[described].1 = xml.into_bytes();
    files.last_mut().unwrap().1 = tlv(0x30, &value.concat());
    pack(&files)
}

/// What is refused beside the packing, which `pack` does in another way than the city.
fn refused(made: &Made, bytes: &[u8], at: Timestamp) -> Vec<CheckName> {
    let mut failed = ofd::verify(bytes, &made.roots, at).failed();
    failed.retain(|name| *name != Coverage);
    failed
}

fn request(made: &Made) -> SealRequest {
    SealRequest {
        id: format!("{USCC}-01"),
        name: BUREAU.into(),
        signers: vec![made.issuer.signer.certificate_chain()[0].clone()],
        created: day(2026, 1, 2),
        valid_from: day(2026, 1, 2),
        valid_to: day(2035, 12, 31),
        picture: ofd::picture(&made.sheets.picture, made.sheets.seal.side),
        side: 42,
    }
}

#[test]
fn signing_anew_changes_nothing_else() {
    let made = made();
    let seal = make_seal(SealVersion::V4, &request(&made), &made.issuer.maker).unwrap();
    let again = resigned(&made.ofd(), &seal, day(2026, 11, 21), &made.issuer.signer);
    assert_eq!(refused(&made, &again, now()), []);
}

#[test]
fn a_seal_that_does_not_list_the_signer_is_refused() {
    let made = made();
    let other = made.issuer.maker.certificate_chain()[0].clone();
    let unlisted = SealRequest { signers: vec![other], ..request(&made) };
    let seal = make_seal(SealVersion::V4, &unlisted, &made.issuer.maker).unwrap();
    let forged = resigned(&made.ofd(), &seal, now(), &made.issuer.signer);
    assert_eq!(refused(&made, &forged, now()), [SealSigner]);
}

#[test]
fn a_swapped_picture_of_the_seal_is_refused() {
    let made = made();
    let right = request(&made);
    let mut picture = right.picture.clone();
    let last = picture.len() - 30;
    picture[last] ^= 1;
    let seal = make_seal(SealVersion::V4, &right, &made.issuer.maker).unwrap();
    let at = seal.windows(right.picture.len()).position(|window| window == right.picture).unwrap();
    let mut swapped = seal.clone();
    swapped[at..at + picture.len()].copy_from_slice(&picture);
    // The bureau itself signs with the picture that it likes better: only the maker could have put it there.
    let forged = resigned(&made.ofd(), &swapped, now(), &made.issuer.signer);
    assert_eq!(refused(&made, &forged, now()), [SealMaker]);
    // And one that is only exchanged in the file.
    let mut files = unpack(&made.ofd());
    files.iter_mut().find(|(name, _)| name.ends_with("Seal.esl")).unwrap().1 = swapped;
    assert!(refused(&made, &pack(&files), now()).contains(&Binding));
}

#[test]
fn a_certificate_that_had_run_out_when_it_signed_is_refused() {
    let made = made();
    let seal = make_seal(SealVersion::V4, &request(&made), &made.issuer.maker).unwrap();
    let late = day(2029, 6, 1);
    let forged = resigned(&made.ofd(), &seal, late, &made.issuer.signer);
    assert_eq!(refused(&made, &forged, day(2029, 7, 1)), [Chain, SigningTime]);
    // And a seal that had run out, or was not valid yet, with a certificate that is.
    for at in [day(2026, 1, 1).plus_seconds(60), day(2028, 12, 31)] {
        let short = SealRequest { valid_to: day(2028, 1, 1), ..request(&made) };
        let seal = make_seal(SealVersion::V4, &short, &made.issuer.maker).unwrap();
        let forged = resigned(&made.ofd(), &seal, at, &made.issuer.signer);
        assert_eq!(refused(&made, &forged, day(2028, 12, 31)), [SigningTime], "{at}");
    }
}

/// A key with two certificates, of which it shows the one that counts only at the first look.
struct TwoFaced(KeySigner, Vec<Vec<u8>>, AtomicUsize);

impl Signer for TwoFaced {
    fn alg(&self) -> Alg {
        self.0.alg()
    }

    fn certificate_chain(&self) -> &[Vec<u8>] {
        if self.2.fetch_add(1, Ordering::SeqCst) == 0 { self.0.certificate_chain() } else { &self.1 }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sign(message)
    }
}

#[test]
fn a_pdf_signed_with_a_certificate_that_had_run_out_is_refused() {
    let made = made();
    let authority = &made.issuer.p256;
    let mut random = bytes(60);
    let key = PrivateKey::generate(Alg::Es256, &mut random);
    let mut certified = |from: Timestamp, to: Timestamp| {
        let subject = Subject { common_name: BUREAU.into(), organisation: BUREAU.into(), code: Some(USCC.to_owned()) };
        let request = Request { subject, not_before: from, not_after: to };
        issue(&authority.key, &authority.root, &key.public_key(), &request, &mut random).unwrap().der().to_vec()
    };
    let good = certified(day(2026, 1, 1), day(2029, 1, 1));
    let over = certified(day(2026, 1, 1), day(2026, 6, 1));
    let signer = TwoFaced(KeySigner::new(key.clone(), vec![good]), vec![over], AtomicUsize::new(0));
    let signing = Signing { licence: &made.licence, signer: &signer, authority: Some(&made.issuer.tsa), at: now() };
    let forged = pdf::write(&made.sheets, Fonts::standard().unwrap(), &signing).unwrap();
    assert_eq!(pdf::verify(&forged, &made.roots, now()).failed(), [Chain, SigningTime]);
}

/// A key that signs under another identity than the agreed one: OpenSSL's own default is the empty string.
struct OtherIdentity(PrivateKey, KeySigner);

impl Signer for OtherIdentity {
    fn alg(&self) -> Alg {
        Alg::Sm2Sm3
    }

    fn certificate_chain(&self) -> &[Vec<u8>] {
        self.1.certificate_chain()
    }

    fn certificate(&self) -> Option<Cow<'_, Certificate>> {
        self.1.certificate()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sign_with_distid("", message)
    }
}

#[test]
fn signatures_under_another_identity_are_refused() {
    let made = made();
    let authority = &made.issuer.sm2;
    let mut random = bytes(61);
    let key = PrivateKey::generate(Alg::Sm2Sm3, &mut random);
    let subject = Subject { common_name: BUREAU.into(), organisation: BUREAU.into(), code: Some(USCC.to_owned()) };
    let certified = Request { subject, not_before: day(2026, 1, 1), not_after: day(2029, 1, 1) };
    let certificate = issue(&authority.key, &authority.root, &key.public_key(), &certified, &mut random).unwrap();
    let right = KeySigner::new(key.clone(), vec![certificate.der().to_vec()]);
    let wrong = OtherIdentity(key, right.clone());
    let own = SealRequest { signers: vec![certificate.der().to_vec()], ..request(&made) };
    let write = |licence: &[u8], seal: &[u8], signer: &dyn Signer| {
        let sealing = Sealing { licence, seal, at: now() };
        let bytes = ofd::write(&made.sheets, Fonts::standard().unwrap(), &sealing, signer).unwrap();
        ofd::verify(&bytes, &made.roots, now()).failed()
    };
    let seal = make_seal(SealVersion::V4, &own, &made.issuer.maker).unwrap();
    assert_eq!(write(&made.licence, &seal, &right), []);
    assert_eq!(write(&made.licence, &seal, &wrong), [Signature], "the seal's user");
    let seal = make_seal(SealVersion::V4, &own, &wrong).unwrap();
    assert_eq!(write(&made.licence, &seal, &right), [SealMaker], "the seal's maker");
    // The data: signed under the empty identity it does not fit, and naming another identity is refused by itself.
    let issued = seal::licence::issue_licence(&licence(), "example.cn", &wrong, &made.issuer.qr, now()).unwrap();
    assert_eq!(verify_licence(&issued.bytes, &made.roots, now()).failed(), [Signature]);
    let text = String::from_utf8(issued.bytes).unwrap();
    let named = text.replace("\"distid\":\"1234567812345678\"", "\"distid\":\"\"");
    assert_ne!(named, text);
    assert!(verify_licence(named.as_bytes(), &made.roots, now()).failed().contains(&Algorithm));
}
