//! One bit here and there in every part of an OFD and a PDF: not one passes, and each is refused for reasons that fit the class of bytes that
//! it lies in.

use crate::mutations::{UNREAD_OFD, UNREAD_PDF, bent, made};
use crate::packing::parts;
use crate::places::{SealPlaces, SignedPdf, ValuePlaces, position};
use seal::report::CheckName::{self, *};

/// What must be among the reasons, and what may be besides.
type Fitting = (Vec<CheckName>, Vec<CheckName>);

fn fits(failed: &[CheckName], (must, may): &Fitting) -> bool {
    must.iter().all(|name| failed.contains(name)) && failed.iter().all(|name| must.contains(name) || may.contains(name))
}

/// The checks that follow when the seal or its signature cannot be read.
fn unmade() -> Vec<CheckName> {
    UNREAD_OFD[3..].to_vec()
}

/// The reasons that fit a changed byte of the description of the signature.
fn of_description(xml: &[u8], at: usize) -> Fitting {
    let time = position(xml, b"SignatureDateTime>") + 18;
    let place = position(xml, b"PageRef=\"1\" ") + 12;
    let place = place..place + position(&xml[place..], b"/>");
    if (time..time + 15).contains(&at) {
        (vec![Binding, SigningTime], vec![Digests])
    } else if place.contains(&at) {
        (vec![Binding], vec![Digests, SigningTime])
    } else {
        (vec![Binding, Digests], vec![SigningTime])
    }
}

/// The reasons that fit a changed byte of the signature's value.
fn of_value(value: &[u8], at: usize) -> Fitting {
    let places = ValuePlaces::of(value);
    if places.certificate.contains(&at) {
        return (vec![SealSigner, Chain], vec![Signature, SealMaker, SigningTime, Issuer, Embedded]);
    }
    let torn = unmade();
    if places.signature.contains(&at) || places.version.contains(&at) {
        (vec![Signature], torn)
    } else if places.time.contains(&at) {
        (vec![Signature, SigningTime], torn)
    } else {
        // The seal, the digest, or what holds them together.
        (vec![Binding, Signature], torn)
    }
}

/// The reasons that fit a changed byte of the seal.
fn of_seal(seal: &[u8], at: usize) -> Fitting {
    let places = SealPlaces::of(seal);
    let mut must = vec![Coverage, Digests, Binding, SealMaker];
    must.extend(places.listed.contains(&at).then_some(SealSigner));
    let plain = [&places.picture, &places.maker, &places.signature].iter().any(|place| place.contains(&at));
    (must, if plain { Vec::new() } else { unmade() })
}

#[test]
fn every_changed_byte_of_an_ofd_is_refused_for_a_reason_that_fits() {
    let made = made();
    let ofd = made.ofd();
    // As it lies there: every file has a checksum, so whoever changes a byte leaves a package that is not in its form.
    for at in (0..ofd.len()).step_by(331) {
        let mut bytes = ofd.clone();
        bytes[at] ^= 1 << (at % 8);
        assert_eq!(made.ofd_failed(&bytes), UNREAD_OFD, "byte {at}");
    }
    // In the files, packed again neatly.
    let parts = parts(&ofd);
    let mut tried = 0;
    for part in &parts {
        let plain = part.plain.as_slice();
        let name = part.name.rsplit('/').next().unwrap();
        let step = match name {
            "SignedValue.dat" | "Seal.esl" | "Signature.xml" => 13,
            "licence.json" => 41,
            _ => (plain.len() / 24).max(7) | 1,
        };
        for at in (0..plain.len()).step_by(step) {
            let fitting: Fitting = match name {
                "licence.json" => (vec![Coverage, Digests, Embedded], vec![Issuer]),
                "Seal.esl" => of_seal(plain, at),
                "Signature.xml" => of_description(plain, at),
                "SignedValue.dat" => of_value(plain, at),
                _ => (vec![Coverage, Digests], Vec::new()),
            };
            let failed = made.ofd_failed(&bent(&parts, &part.name, at, 1 << (at % 8)));
            assert!(fits(&failed, &fitting), "{}, byte {at}: {failed:?}, not {fitting:?}", part.name);
            tried += 1;
        }
    }
    println!("{tried} changes in the files of a package");
}

/// The reasons that fit a changed byte that the signature of a PDF covers.
fn of_covered(pdf: &SignedPdf, at: usize) -> Fitting {
    let bytes = pdf.bytes.as_slice();
    let dictionary = position(bytes, b"<</Type/Sig/Filter");
    let file = position(bytes, b"/Type/EmbeddedFile");
    let data = file + position(&bytes[file..], b"stream\n") + 7;
    let data = data..data + position(&bytes[data..], b"\nendstream");
    let range = position(bytes, b"/ByteRange[");
    let form = at < 5
        || at >= bytes.len() - 7
        || (dictionary..dictionary + 90).contains(&at)
        || (range..pdf.digits.start).contains(&at)
        || (pdf.digits.end..pdf.digits.end + 3).contains(&at);
    if form {
        // The marks by which the signature is found, and its time: the file has another form, or is not the one that was signed.
        (Vec::new(), [&UNREAD_PDF[..], &[Coverage, Digests, SigningTime]].concat())
    } else if data.contains(&at) {
        (vec![Digests, Embedded], vec![Issuer])
    } else if (file - 40..data.start).contains(&at) {
        // Where the data are found, and how long they are.
        (vec![Digests], vec![Embedded, Issuer])
    } else {
        (vec![Digests], Vec::new())
    }
}

/// The reasons that fit a changed byte of the signature's value.
fn of_cms(pdf: &SignedPdf, at: usize) -> Fitting {
    let torn = UNREAD_PDF.to_vec();
    let rest = [Signature, TimeStamp, Chain, SigningTime, Issuer, Embedded];
    // Three bytes say how long the certificate is: whoever changes them tears the message apart.
    let length = pdf.certificate.start + 1..pdf.certificate.start + 4;
    if pdf.certificate.contains(&at) && !length.contains(&at) {
        (vec![Binding], rest.to_vec())
    } else if pdf.named.contains(&at) {
        (vec![Binding], Vec::new())
    } else if pdf.digest.contains(&at) {
        (vec![Digests, Signature], Vec::new())
    } else if pdf.bound.contains(&at) {
        (vec![Binding, Signature], Vec::new())
    } else if pdf.signature.contains(&at) {
        (vec![Signature, TimeStamp], Vec::new())
    } else if pdf.token.contains(&at) {
        (vec![TimeStamp], Vec::new())
    } else {
        (torn, Vec::new())
    }
}

#[test]
fn every_changed_byte_of_a_pdf_is_refused_for_a_reason_that_fits() {
    let made = made();
    let pdf = SignedPdf::of(made.pdf());
    for at in (0..pdf.bytes.len()).step_by(331).filter(|at| !pdf.digits.contains(at)) {
        let mut bytes = pdf.bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        let failed = made.pdf_failed(&bytes);
        let fitting = of_covered(&pdf, at);
        assert!(!failed.is_empty() && fits(&failed, &fitting), "byte {at}: {failed:?}, not {fitting:?}");
    }
    for at in (0..pdf.cms.len()).step_by(7) {
        let failed = made.pdf_failed(&pdf.bent(at, 1 << (at % 8)));
        let fitting = of_cms(&pdf, at);
        assert!(fits(&failed, &fitting), "byte {at} of the signature: {failed:?}, not {fitting:?}");
    }
    let padding = pdf.digits.start + 2 * pdf.cms.len()..pdf.digits.end;
    for at in padding.step_by(97) {
        assert_eq!(made.pdf_failed(&pdf.flipped(at)), UNREAD_PDF, "byte {at} of the padding");
    }
}
