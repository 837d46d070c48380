//! Readers and verifiers that are not ours: poppler, pyHanko, Chromium, and a reader of OFD written by others. Where a tool is missing the
//! tests say so and pass, unless `YICHUANG_REQUIRE_TOOLS=1` demands it.

use std::path::Path;
use std::process::Command;

use crate::city::*;
use crate::renderings::{Issuer, faces, laid_out};
use ofd_core::OfdReader;
use ofd_core::render::RenderOptions;
use seal::page::{Fonts, SealPlace, Sheets};

/// The resolution at which pages are compared: Chromium's own.
const DPI: f64 = 96.0;

fn required() -> bool {
    std::env::var("YICHUANG_REQUIRE_TOOLS").is_ok_and(|value| value == "1")
}

/// Runs a tool; `None` where it is missing.
pub fn tool(name: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    match Command::new(name).args(arguments).current_dir(folder).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{name} {arguments:?}: {said}");
            Some(said)
        }
        Err(error) if required() => panic!("{name} is required: {error}"),
        Err(error) => {
            eprintln!("skipped: no {name}: {error}");
            None
        }
    }
}

/// The Python that `YICHUANG_PYTHON` names, with pyHanko and ZXing.
pub fn python() -> Option<String> {
    let python = std::env::var("YICHUANG_PYTHON").ok();
    assert!(python.is_some() || !required(), "YICHUANG_PYTHON must name a Python with pyHanko and ZXing");
    if python.is_none() {
        eprintln!("skipped: YICHUANG_PYTHON is not set");
    }
    python
}

/// A page in grey, 0 = black.
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pixels: Vec<u8>,
}

impl Grey {
    fn from_rgba(width: usize, height: usize, data: &[u8], step: usize) -> Grey {
        let grey = |pixel: &[u8]| {
            ((u32::from(pixel[0]) * 299 + u32::from(pixel[1]) * 587 + u32::from(pixel[2]) * 114) / 1000) as u8
        };
        Grey { width, height, pixels: data.chunks_exact(step).map(grey).collect() }
    }

    /// Reads the binary form of PGM.
    fn from_pgm(bytes: &[u8]) -> Grey {
        let mut words = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(words.next(), Some(&b"P5"[..]));
        let mut number = || std::str::from_utf8(words.next().unwrap()).unwrap().parse().unwrap();
        let (width, height) = (number(), number());
        let pixels = bytes[bytes.len() - width * height..].to_vec();
        Grey { width, height, pixels }
    }

    /// Row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width && y < self.height { self.pixels[y * self.width + x] } else { 255 }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.at(x, y) < 110
    }

    /// Ink, but perhaps lighter: programs darken thin strokes differently.
    fn is_inked(&self, x: usize, y: usize) -> bool {
        self.at(x, y) < 185
    }

    /// The part of the dark pixels that have no ink within two pixels in the other picture.
    fn strays(&self, other: &Grey, without: Option<&SealPlace>) -> f64 {
        let (mut dark, mut stray) = (0, 0);
        for (x, y) in (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y))) {
            let millimetre = |pixel: usize| pixel as f64 * 25.4 / DPI;
            let under_seal = without.is_some_and(|seal| {
                (seal.x..seal.x + seal.side).contains(&millimetre(x))
                    && (seal.y..seal.y + seal.side).contains(&millimetre(y))
            });
            if under_seal || !self.is_dark(x, y) {
                continue;
            }
            dark += 1;
            let near =
                (y.saturating_sub(2)..=y + 2).any(|b| (x.saturating_sub(2)..=x + 2).any(|a| other.is_inked(a, b)));
            stray += usize::from(!near);
        }
        assert!(dark > 3_000, "only {dark} dark pixels: nothing was drawn");
        stray as f64 / dark as f64
    }
}

fn ofd_picture(path: &Path) -> Grey {
    render_ofd(path, DPI)
}

/// The first page of an OFD, as a reader of others draws it.
pub fn render_ofd(path: &Path, dpi: f64) -> Grey {
    let mut reader = OfdReader::open(path).unwrap();
    let body = reader.ofd().doc_bodies[0].clone();
    let document = reader.load_document(&body).unwrap();
    let picture = reader.render_page(&document, 0, &RenderOptions::with_dpi(dpi)).unwrap();
    if let Ok(folder) = std::env::var("YICHUANG_LOOK") {
        picture.save_png(Path::new(&folder).join("ofd.png")).unwrap();
    }
    Grey::from_rgba(picture.width() as usize, picture.height() as usize, picture.data(), 4)
}

/// The first page of a PDF, as poppler draws it.
pub fn pdf_picture(folder: &Path, name: &str, dpi: u32) -> Option<Grey> {
    tool("pdftoppm", &["-r", &dpi.to_string(), "-gray", "-singlefile", name, "pdf"], folder)?;
    Some(Grey::from_pgm(&std::fs::read(folder.join("pdf.pgm")).unwrap()))
}

fn svg_picture(folder: &Path, sheets: &Sheets, name: &str) -> Option<Grey> {
    let pixels = |millimetres: f64| (millimetres * DPI / 25.4).ceil() as usize;
    let size = format!("--window-size={},{}", pixels(sheets.width), pixels(sheets.height));
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let address = format!("file://{}", folder.join(name).display());
    let picture = format!("--screenshot={}", folder.join("svg.png").display());
    let arguments =
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", &size, &profile, &picture, &address];
    tool("chromium", &arguments, folder)?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(folder.join("svg.png")).unwrap()))
        .read_info()
        .unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    Some(Grey::from_rgba(info.width as usize, info.height as usize, &data, info.color_type.samples()))
}

/// The three renderings of every face, each drawn by a program of somebody else, show the same ink in the same places.
#[test]
fn the_three_renderings_show_the_same_page() {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    for face in faces() {
        let sheets = laid_out(&face, &crate::city::licence(), &url);
        write("l.ofd", &issuer.ofd(&sheets, &licence));
        write("l.pdf", &issuer.pdf(&sheets, &licence));
        write("l.svg", seal::render::svg(&sheets, Fonts::standard().unwrap()).as_bytes());
        let conforms = ofd_core::verify::check_path(folder.path().join("l.ofd"));
        assert!(conforms.conforms(), "{}: {conforms:?}", face.id);
        assert_eq!(conforms.signatures.len(), 1);
        assert_eq!(conforms.signatures[0].failures().count(), 0);
        let ofd = ofd_picture(&folder.path().join("l.ofd"));
        let Some(pdf) = pdf_picture(folder.path(), "l.pdf", 96) else { return };
        // The reader of OFD draws no seals.
        let seal = Some(&sheets.seal);
        for (what, part) in [("OFD not in PDF", ofd.strays(&pdf, seal)), ("PDF not in OFD", pdf.strays(&ofd, seal))] {
            println!("{}: {what}: {part:.5}", face.id);
            assert!(part < 0.01, "{}: {what}: {part}", face.id);
        }
        let Some(svg) = svg_picture(folder.path(), &sheets, "l.svg") else { return };
        for (what, part) in [("SVG not in PDF", svg.strays(&pdf, None)), ("PDF not in SVG", pdf.strays(&svg, None))] {
            println!("{}: {what}: {part:.5}", face.id);
            assert!(part < 0.01, "{}: {what}: {part}", face.id);
        }
    }
}

/// The comparison itself notices a page that was moved or a line that is missing.
#[test]
fn a_page_that_was_moved_is_noticed() {
    let dots = |shift: usize| {
        let mut pixels = vec![255; 400 * 400];
        for at in 0..8_000 {
            pixels[(at / 200 * 9 + shift) % 400 * 400 + at % 200] = 0;
        }
        Grey { width: 400, height: 400, pixels }
    };
    assert!(dots(0).strays(&dots(1), None) < 0.01);
    assert!(dots(0).strays(&dots(4), None) > 0.5);
}

#[test]
fn poppler_calls_the_signature_valid_and_the_whole_document_signed() {
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let folder = tempfile::tempdir().unwrap();
    for face in faces() {
        let sheets = laid_out(&face, &crate::city::licence(), &url);
        std::fs::write(folder.path().join("l.pdf"), issuer.pdf(&sheets, &licence)).unwrap();
        let Some(said) = tool("pdfsig", &["-nocert", "l.pdf"], folder.path()) else { return };
        assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{}: {said}", face.id);
        if let Some(said) = tool("qpdf", &["--check", "l.pdf"], folder.path()) {
            assert!(said.contains("No syntax or stream encoding errors"), "{said}");
        }
    }
}

/// pyHanko, in the Python that `YICHUANG_PYTHON` names, trusts our root and nothing else.
#[test]
fn pyhanko_trusts_signature_and_time_stamp() {
    const JUDGE: &str = "
import sys
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = x509.Certificate.load(pem.unarmor(open('root.pem', 'rb').read())[2])
signature = PdfFileReader(open('l.pdf', 'rb'), strict=True).embedded_signatures[0]
context = ValidationContext(trust_roots=[root], allow_fetching=False)
usage = KeyUsageConstraints(key_usage={'digital_signature'})
status = validate_pdf_signature(signature, signer_validation_context=context,
                                 ts_validation_context=context, key_usage_settings=usage)
stamp = status.timestamp_validity
print(status.intact, status.valid, status.trusted, status.coverage.name, stamp.valid, stamp.intact, stamp.trusted, status.bottom_line)
";
    let Some(python) = python() else { return };
    let issuer = Issuer::new();
    let (licence, url) = issuer.licence(&licence());
    let face = faces().into_iter().next().unwrap();
    let sheets = laid_out(&face, &crate::city::licence(), &url);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("l.pdf"), issuer.pdf(&sheets, &licence)).unwrap();
    std::fs::write(folder.path().join("root.pem"), issuer.p256.root.to_pem().unwrap()).unwrap();
    let said = tool(&python, &["-c", JUDGE], folder.path()).unwrap();
    assert!(said.contains("True True True ENTIRE_FILE True True True True"), "{said}");
}
