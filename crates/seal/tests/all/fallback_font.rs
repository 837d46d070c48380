//! Rare characters: a font that the city has added prints what the bundled one lacks, in every form.

use crate::city::*;
use crate::judges::tool;
use crate::renderings::{Issuer, faces};
use domain::catalog::face::Face;
use seal::licence::LicenceData;
use seal::page::{Fonts, LayoutError, Paper, Sheets, lay_out};
use seal::render::{ofd, pdf};

/// U+3106C 𱁬, of CJK extension H, as names of persons have such (GB 18030-2022, level 3).
const RARE: char = '\u{3106C}';
const BUNDLED: &[u8] = include_bytes!("../../fonts/wqy-microhei.ttc");

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// A font that has one character, drawn like 龘: the tables of the bundled font with a character map of its own.
fn font() -> Vec<u8> {
    let glyph = Fonts::standard().unwrap().find('龘').unwrap().1;
    let mut map = vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12];
    for value in [0x000c_0000, 28, 0, 1, RARE as u32, RARE as u32, u32::from(glyph)] {
        map.extend(value.to_be_bytes());
    }
    let directory = number(BUNDLED, 12);
    let count = usize::from(u16::from_be_bytes(BUNDLED[directory + 4..directory + 6].try_into().unwrap()));
    let mut tables = Vec::new();
    for entry in (0..count).map(|own| directory + 12 + 16 * own) {
        let (tag, at, length) = (&BUNDLED[entry..entry + 4], number(BUNDLED, entry + 8), number(BUNDLED, entry + 12));
        tables.push((tag, if tag == b"cmap" { map.clone() } else { BUNDLED[at..at + length].to_vec() }));
    }
    let mut out = BUNDLED[directory..directory + 12].to_vec();
    let mut place = 12 + 16 * count;
    for (tag, bytes) in &tables {
        out.extend(*tag);
        for value in [0, place, bytes.len()] {
            out.extend(u32::try_from(value).unwrap().to_be_bytes());
        }
        place += bytes.len().next_multiple_of(4);
    }
    for (_, mut bytes) in tables {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        out.extend(bytes);
    }
    out
}

fn data() -> LicenceData {
    let mut data = licence();
    data.surface[0].value = format!("王{RARE}明");
    data
}

fn laid_out(fonts: &Fonts, face: &Face, url: &str) -> Result<Sheets, LayoutError> {
    let data = data();
    lay_out(fonts, face, &Paper { qr: Some(url), ..Paper::of(&data) })
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_field() {
    let issuer = Issuer::new();
    let url = issuer.licence(&data()).1;
    let face = faces().into_iter().next().unwrap();
    match laid_out(Fonts::standard().unwrap(), &face, &url) {
        Err(LayoutError::Missing(missing)) => {
            assert_eq!(missing.character, RARE);
            assert!(missing.to_string().contains("U+3106C"), "{missing}");
            assert!(missing.field.contains("经营者名称"), "{missing}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_font_of_the_city_prints_it_in_every_form() {
    let fonts = Fonts::with(vec![("rare.ttf".to_owned(), font())]).unwrap();
    assert_eq!(fonts.find('证').unwrap().0, 0, "the bundled font comes first");
    assert_eq!(fonts.find(RARE).unwrap().0, 1);
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&data());
    let face = faces().into_iter().next().unwrap();
    let sheets = laid_out(&fonts, &face, &url).unwrap();
    let seal = issuer.seal(ofd::picture(&sheets.picture, sheets.seal.side));
    let sealing = ofd::Sealing { licence: &licence, seal: &seal, at: now() };
    let made = ofd::write(&sheets, &fonts, &sealing, &issuer.signer).unwrap();
    assert_eq!(ofd::verify(&made, &issuer.roots(), now()).failed(), []);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.ofd");
    std::fs::write(&path, &made).unwrap();
    let conforms = ofd_core::verify::check_path(&path);
    assert!(conforms.conforms(), "{conforms:?}");
    let files = crate::packing::unpack(&made);
    let embedded = files.iter().filter(|(name, _)| name.ends_with(".ttf")).count();
    assert_eq!(embedded, 2, "both fonts are embedded, each as a part");
    let signing = pdf::Signing { licence: &licence, signer: &issuer.qr, authority: Some(&issuer.tsa), at: now() };
    let made = pdf::write(&sheets, &fonts, &signing).unwrap();
    assert_eq!(pdf::verify(&made, &issuer.roots(), now()).failed(), []);
    assert!(made.len() < 200_000, "{} bytes: the fonts are not embedded whole", made.len());
    std::fs::write(folder.path().join("l.pdf"), made).unwrap();
    // What another program reads out of the page is the character itself.
    if let Some(said) = tool("pdftotext", &["l.pdf", "-"], folder.path()) {
        assert!(said.contains(RARE), "{said}");
    }
    // The same ink as with the character that it is drawn like.
    let svg = seal::render::svg(&sheets, &fonts);
    assert!(svg.matches("<path").count() > 10, "outlines");
}
