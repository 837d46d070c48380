//! Files that somebody else made with keys of his own, or with a stolen certificate.

use crate::city::*;
use crate::mutations::made;
use seal::key::{Alg, KeySigner, PrivateKey, Signer};
use seal::page::Fonts;
use seal::render::ofd::{self, SealRequest, SealVersion, Sealing, make_seal};
use seal::render::pdf::{self, Signing};
use seal::report::CheckName::*;

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
