//! What programs of others draw: poppler, Chromium, and a reader of OFD. Every page of each face looks the same in all three. Where a tool
//! is missing the tests say so and pass, unless `YICHUANG_REQUIRE_TOOLS=1` demands it.

use std::path::Path;
use std::process::Command;

use crate::der::{inside, members};
use crate::packing::unpack;
use crate::renderings::{Issuer, faces};
use crate::typed::{Laid, WITH_ANNEX, of_each_face};
use ofd_core::OfdReader;
use ofd_core::render::RenderOptions;
use seal::page::{Fonts, Sheets};

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
    fn strays(&self, other: &Grey) -> f64 {
        let (mut dark, mut stray) = (0, 0);
        for (x, y) in (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y))) {
            if !self.is_dark(x, y) {
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

    /// So many rows from one on.
    fn rows(&self, from: usize, height: usize) -> Grey {
        let pixels = self.pixels[from * self.width..(from + height) * self.width].to_vec();
        Grey { width: self.width, height, pixels }
    }

    /// Prints another picture over this one, as ink.
    fn print(&mut self, other: &Grey, (left, top): (usize, usize)) {
        for (x, y) in (0..other.height).flat_map(|y| (0..other.width).map(move |x| (x, y))) {
            let pixel = &mut self.pixels[(top + y) * self.width + left + x];
            *pixel = (u16::from(*pixel) * u16::from(other.at(x, y)) / 255) as u8;
        }
    }
}

fn pixels(millimetres: f64) -> usize {
    (millimetres * DPI / 25.4).round() as usize
}

/// The pages of an OFD, as a reader of others draws them.
fn ofd_pages(path: &Path, dpi: f64) -> Vec<Grey> {
    let mut reader = OfdReader::open(path).unwrap();
    let body = reader.ofd().doc_bodies[0].clone();
    let document = reader.load_document(&body).unwrap();
    let mut draw = |page| {
        let picture = reader.render_page(&document, page, &RenderOptions::with_dpi(dpi)).unwrap();
        Grey::from_rgba(picture.width() as usize, picture.height() as usize, picture.data(), 4)
    };
    (0..document.pages().len()).map(&mut draw).collect()
}

/// The first page of an OFD, as a reader of others draws it.
pub fn render_ofd(path: &Path, dpi: f64) -> Grey {
    ofd_pages(path, dpi).swap_remove(0)
}

/// The pages of an OFD with its seal, which that reader leaves out: the picture in the seal, itself an OFD, drawn by the same reader and printed
/// in the place that the signature names.
fn sealed_pages(folder: &Path, ofd: &[u8]) -> Vec<Grey> {
    let path = folder.join("l.ofd");
    std::fs::write(&path, ofd).unwrap();
    let mut pages = ofd_pages(&path, DPI);
    let files = unpack(ofd);
    let file = |name: &str| &files.iter().find(|(path, _)| path.ends_with(name)).unwrap().1;
    let picture = members(members(members(file("Seal.esl"))[0])[3])[1];
    std::fs::write(&path, inside(picture)).unwrap();
    let described = String::from_utf8(file("Signature.xml").clone()).unwrap();
    let place = described.split_once("Boundary=\"").unwrap().1.split_once('"').unwrap().0;
    let place: Vec<f64> = place.split(' ').map(|number| number.parse().unwrap()).collect();
    let seal = ofd_pages(&path, DPI).swap_remove(0);
    assert!(seal.width.abs_diff(pixels(place[2])) <= 1 && seal.height.abs_diff(pixels(place[3])) <= 1);
    pages[0].print(&seal, (pixels(place[0]), pixels(place[1])));
    pages
}

/// The first page of a PDF, as poppler draws it.
pub fn pdf_picture(folder: &Path, name: &str, dpi: u32) -> Option<Grey> {
    tool("pdftoppm", &["-r", &dpi.to_string(), "-gray", "-singlefile", name, "pdf"], folder)?;
    Some(Grey::from_pgm(&std::fs::read(folder.join("pdf.pgm")).unwrap()))
}

/// All pages of a PDF, as poppler draws them.
pub fn pdf_pages(folder: &Path, name: &str, dpi: u32) -> Option<Vec<Grey>> {
    let pages = tempfile::tempdir_in(folder).unwrap();
    let to = pages.path().join("page").display().to_string();
    tool("pdftoppm", &["-r", &dpi.to_string(), "-gray", name, &to], folder)?;
    let mut paths: Vec<_> = std::fs::read_dir(pages.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    Some(paths.iter().map(|path| Grey::from_pgm(&std::fs::read(path).unwrap())).collect())
}

/// The pages of an SVG, which stand below each other, as Chromium draws them.
fn svg_pages(folder: &Path, sheets: &Sheets, svg: &str) -> Option<Vec<Grey>> {
    /// Room between pages, in millimetres.
    const GAP: f64 = 6.0;
    let place = |index: usize| pixels(index as f64 * (sheets.height + GAP));
    let (wide, high) = (pixels(sheets.width), pixels(sheets.height));
    std::fs::write(folder.join("l.svg"), svg).unwrap();
    let size = format!("--window-size={},{}", wide + 1, place(sheets.pages.len()));
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let address = format!("file://{}", folder.join("l.svg").display());
    let picture = format!("--screenshot={}", folder.join("svg.png").display());
    let arguments =
        ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", &size, &profile, &picture, &address];
    tool("chromium", &arguments, folder)?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(folder.join("svg.png")).unwrap()))
        .read_info()
        .unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let all = Grey::from_rgba(info.width as usize, info.height as usize, &data, info.color_type.samples());
    Some((0..sheets.pages.len()).map(|index| all.rows(place(index), high)).collect())
}

/// The three renderings of every face and of annex pages, each drawn by a program of somebody else, show the same ink in the same places
/// on every page, the seal's included.
#[test]
fn the_three_renderings_show_the_same_pages() {
    let issuer = Issuer::new();
    let folder = tempfile::tempdir().unwrap();
    let each = of_each_face();
    assert_eq!(each.len(), faces().len());
    let mut compared = 0;
    for one in each {
        let annex = one.kind.id == WITH_ANNEX;
        let one = if annex { one.with_components(60) } else { one };
        let Laid { sheets, licence } = one.laid(&issuer);
        assert_eq!(sheets.pages.len() > 2, annex, "{}: {} pages", one.kind.id, sheets.pages.len());
        let (ofd, pdf) = (issuer.ofd(&sheets, &licence), issuer.pdf(&sheets, &licence));
        let svg = seal::render::svg(&sheets, Fonts::standard().unwrap());
        std::fs::write(folder.path().join("l.pdf"), &pdf).unwrap();
        let Some(pdf_pages) = pdf_pages(folder.path(), "l.pdf", 96) else { return };
        let Some(svg_pages) = svg_pages(folder.path(), &sheets, &svg) else { return };
        keep(folder.path(), &one.kind.id, (&ofd, &pdf, &svg));
        let (ofd, pdf, svg) = (sealed_pages(folder.path(), &ofd), pdf_pages, svg_pages);
        assert_eq!((ofd.len(), pdf.len(), svg.len()), (sheets.pages.len(), sheets.pages.len(), sheets.pages.len()));
        for (page, ((ofd, pdf), svg)) in ofd.iter().zip(&pdf).zip(&svg).enumerate() {
            let pairs = [
                ("OFD not in PDF", ofd, pdf),
                ("PDF not in OFD", pdf, ofd),
                ("SVG not in PDF", svg, pdf),
                ("PDF not in SVG", pdf, svg),
            ];
            for (what, left, right) in pairs {
                let part = left.strays(right);
                println!("{}, page {}: {what}: {part:.5}", one.kind.id, page + 1);
                assert!(part < 0.01, "{}, page {}: {what}: {part}", one.kind.id, page + 1);
            }
            compared += 1;
        }
    }
    assert!(compared >= faces().len() + 2, "{compared} pages");
}

/// Leaves the files where a person can look at them, and what the three programs drew.
fn keep(folder: &Path, id: &str, (ofd, pdf, svg): (&[u8], &[u8], &str)) {
    let Ok(look) = std::env::var("YICHUANG_LOOK") else { return };
    let to = |end: &str| Path::new(&look).join(format!("{id}{end}"));
    for (end, bytes) in [(".ofd", ofd), (".pdf", pdf), (".svg", svg.as_bytes())] {
        std::fs::write(to(end), bytes).unwrap();
    }
    let pages = to("-pdf").display().to_string();
    tool("pdftoppm", &["-r", "96", "-png", "l.pdf", &pages], folder);
    std::fs::copy(folder.join("svg.png"), to("-svg.png")).unwrap();
    let mut reader = OfdReader::open(to(".ofd")).unwrap();
    let body = reader.ofd().doc_bodies[0].clone();
    let document = reader.load_document(&body).unwrap();
    for page in 0..document.pages().len() {
        let picture = reader.render_page(&document, page, &RenderOptions::with_dpi(DPI)).unwrap();
        picture.save_png(to(&format!("-ofd-{}.png", page + 1))).unwrap();
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
    assert!(dots(0).strays(&dots(1)) < 0.01);
    assert!(dots(0).strays(&dots(4)) > 0.5);
}
