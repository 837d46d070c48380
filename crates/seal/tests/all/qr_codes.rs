//! The offline proof: small, readable, and tied to the licence.

use crate::city::*;
use seal::cert::Certificate;
use seal::key::{Alg, Signer};
use seal::licence::LicenceData;
use seal::qr::{MAX_BYTES, NAME_CHARS, QrClaims, decode, encode, payload, symbol, verify};
use seal::report::CheckName;

const HOST: &str = "zwfw.example.gov.cn";

fn trust() -> Vec<Certificate> {
    vec![Certificate::from_der(&p256_city().1.certificate_chain()[0]).unwrap()]
}

fn url(data: &LicenceData) -> String {
    encode(data, HOST, &p256_city().1).unwrap().url
}

fn longest() -> LicenceData {
    let mut data = licence();
    data.holder.name = "长".repeat(90);
    let serial = "0F8C4A1E5B2D4C6E9A7B3D1F2E4C6A80";
    let identifier = domain::codes::licence_id::compose(&data.kind.code, &data.issuer.uscc, serial, 1);
    data.identifier = identifier.unwrap().to_string();
    data.status.list = "2026-11-qingdao".into();
    data
}

#[test]
fn a_code_says_what_the_licence_says_and_stays_small() {
    let url = url(&licence());
    assert!(url.starts_with(&format!("https://{HOST}/v/{}#", licence().public_id)));
    let report = verify(&url, &trust(), now());
    assert!(report.valid, "{:#?}", report.checks);
    let claims = report.content.unwrap();
    assert_eq!(claims, QrClaims::of(&licence()).unwrap());
    assert_eq!(decode(payload(&url)).unwrap(), claims);
    assert_eq!(claims.digest, licence().sm3().unwrap());
    assert!(claims.covers(now()) && !claims.covers(day(2031, 11, 20)));
    let bytes = payload(&url).len() * 3 / 4;
    let modules = symbol(&url).unwrap().modules;
    println!("{bytes} bytes of COSE, {} characters, {modules} modules", url.len());
    assert!(bytes < 300 && modules <= 81, "{bytes} bytes, {modules} modules");
    let long = payload(&self::url(&longest())).len() * 3 / 4;
    println!("{long} bytes at most");
    assert!(long < MAX_BYTES);
}

#[test]
fn a_long_name_is_cut_and_a_number_masked() {
    let claims = decode(&url(&longest())).unwrap();
    assert_eq!(claims.holder_name.chars().count(), NAME_CHARS);
    assert!(claims.holder_name.ends_with('…'));
    assert_eq!(claims.identifier, longest().identifier);
    assert_eq!(claims.holder_code_masked, "913***********MPL4");
}

#[test]
fn no_character_of_the_payload_can_be_changed() {
    let url = url(&licence());
    let (trust, start) = (trust(), url.find('#').unwrap() + 1);
    for at in start..url.len() {
        for to in [b'A', b'z', b'-', b'='] {
            let mut changed = url.clone().into_bytes();
            if changed[at] == to {
                continue;
            }
            changed[at] = to;
            assert!(!verify(std::str::from_utf8(&changed).unwrap(), &trust, now()).valid, "character {at}");
        }
    }
}

#[test]
fn only_listed_signers_count() {
    let stranger = Authority::new(Alg::Es256, 9).bureau(day(2026, 1, 1), day(2029, 1, 1));
    let forged = encode(&licence(), HOST, &stranger).unwrap().url;
    let report = verify(&forged, &trust(), now());
    assert!(!report.valid && report.failed()[0] == CheckName::Chain);
    assert!(!verify(&url(&licence()), &[], now()).valid);
    assert!(!verify("https://example.org/v/x#AAAA", &trust(), now()).valid);
    assert!(!verify("", &trust(), now()).valid);
}

#[test]
fn the_day_of_issue_must_fit_certificate_and_clock() {
    let (authority, _) = p256_city();
    for (from, to, good) in [
        (day(2026, 11, 20), day(2026, 11, 21), true),
        (day(2026, 11, 21), day(2027, 11, 21), false),
        (day(2026, 1, 1), day(2026, 11, 19), false),
    ] {
        let signer = authority.bureau(from, to);
        let trust = [Certificate::from_der(&signer.certificate_chain()[0]).unwrap()];
        let report = verify(&encode(&licence(), HOST, &signer).unwrap().url, &trust, now());
        assert_eq!(report.valid, good, "{from} {to}");
    }
    let report = verify(&url(&licence()), &trust(), day(2026, 11, 19));
    assert_eq!(report.failed(), [CheckName::SigningTime]);
}

#[test]
fn what_does_not_belong_together_is_not_encoded() {
    let p256 = p256_city().1;
    let other = LicenceData { identifier: "1.2.156.3005.2.X.Y.1.001.1".into(), ..licence() };
    assert!(encode(&other, HOST, &p256).is_err());
    assert!(encode(&licence(), HOST, &sm2_city().1).is_err());
    for host in ["", "a/b", "a#b", "a b"] {
        assert!(encode(&licence(), host, &p256).is_err(), "{host}");
    }
}

/// Draws the path on a grid of pixels and lets an independent reader look at it.
#[test]
fn another_reader_reads_the_symbol() {
    const PIXELS: usize = 4;
    for data in [licence(), longest()] {
        let url = url(&data);
        let symbol = symbol(&url).unwrap();
        let side = symbol.side() * PIXELS;
        let mut dark = vec![false; side * side];
        for run in symbol.path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let [x, y, width] =
                [x, y, rest.split_once('v').unwrap().0].map(|number| number.parse::<usize>().unwrap() * PIXELS);
            for row in (y..y + PIXELS).map(|row| row + 4 * PIXELS) {
                let start = row * side + x + 4 * PIXELS;
                dark[start..start + width].fill(true);
            }
        }
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark[y * side + x] { 0 } else { 255 });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        let (meta, content) = grids[0].decode().unwrap();
        assert_eq!(content, url);
        assert_eq!(meta.ecc_level, 0, "level M is written as 00");
    }
}

#[test]
fn the_symbol_is_one_path_of_the_right_area() {
    let symbol = symbol(&url(&licence())).unwrap();
    let svg = symbol.svg("<扫码>");
    assert_eq!(svg.matches("<path").count(), 1);
    assert!(svg.contains("&lt;扫码&gt;") && !svg.contains("style"));
    let dark: usize = symbol
        .path
        .split('h')
        .skip(1)
        .step_by(2)
        .map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap())
        .sum();
    let share = dark as f64 / (symbol.modules * symbol.modules) as f64;
    assert!((0.4..0.6).contains(&share), "{share}");
}
