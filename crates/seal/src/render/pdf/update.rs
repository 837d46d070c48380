//! The incremental update that makes a PDF a signed one: an appearance (the seal), the signature, its field, and new copies of the
//! first page and of the catalogue that name them.

use std::fmt::Write as _;
use std::io::Write as _;

use domain::time::Timestamp;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::draw::POINT;
use crate::page::{Colour, Outline, Seg, Shape, Sheets, drawn, number};

/// A PDF with room for a signature.
pub(super) struct Prepared {
    pub bytes: Vec<u8>,
    /// Offset of the `<` that opens the signature's value.
    pub open: usize,
    /// Offset behind the `>` that closes it.
    pub close: usize,
}

/// What the update says besides the appearance.
pub(super) struct Words<'a> {
    /// Who signs.
    pub name: &'a str,
    pub at: Timestamp,
    /// Room for the signature in bytes.
    pub room: usize,
}

/// What is found in a file that the PDF library wrote.
pub(super) struct Base<'a> {
    text: &'a [u8],
    xref: usize,
    pub size: usize,
    pub root: usize,
    /// The trailer's `/Info` and `/ID`, as they stand there.
    rest: String,
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The digits behind a word.
fn number_after(text: &str, word: &str) -> Option<usize> {
    let behind = text.split_once(word)?.1.trim_start();
    let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    behind.get(..end)?.parse().ok()
}

impl<'a> Base<'a> {
    pub fn read(bytes: &'a [u8]) -> Option<Base<'a>> {
        let tail = bytes.get(bytes.len().saturating_sub(1024)..)?;
        let at = tail.windows(8).rposition(|window| window == b"trailer\n")?;
        let trailer = String::from_utf8_lossy(tail.get(at..)?).into_owned();
        let rest = trailer.split_once("/Info")?.1.split_once(">>")?.0;
        Some(Base {
            text: bytes,
            xref: number_after(&trailer, "startxref")?,
            size: number_after(&trailer, "/Size")?,
            root: number_after(&trailer, "/Root")?,
            rest: format!("/Info{rest}"),
        })
    }

    /// The dictionary of an object as the last update wrote it, from its `<<` on, without its last `>>`.
    pub fn latest(&self, object: usize) -> Option<String> {
        let head = format!("\n{object} 0 obj\n<<");
        let at = self.text.windows(head.len()).rposition(|window| window == head.as_bytes())?;
        let body = self.text.get(at + head.len() - 2..)?;
        let body = std::str::from_utf8(body.get(..find(body, b"\nendobj")?)?).ok()?;
        body.trim_end().strip_suffix(">>").map(str::to_owned)
    }

    /// The dictionary of an object, from its `<<` on, without its last `>>`.
    fn dictionary(&self, object: usize) -> Option<String> {
        // "xref", "0 n", then twenty bytes for each object.
        let table = self.text.get(self.xref..)?;
        let first = find(table.get(5..)?, b"\n")? + 6;
        let entry = table.get(first + 20 * object..first + 20 * object + 10)?;
        let offset: usize = std::str::from_utf8(entry).ok()?.parse().ok()?;
        let body = self.text.get(offset..)?;
        let end = find(body, b"endobj")?;
        let body = std::str::from_utf8(body.get(..end)?).ok()?;
        let inside = body.split_once("<<")?.1.trim_end().strip_suffix(">>")?;
        Some(format!("<<{inside}"))
    }
}

/// Writes the objects of the update behind the file.
pub(super) struct Writer {
    out: Vec<u8>,
    places: Vec<(usize, usize)>,
}

impl Writer {
    /// Begins behind a file, which ends with a line.
    pub fn behind(mut out: Vec<u8>) -> Writer {
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        Writer { out, places: Vec::new() }
    }

    pub fn object(&mut self, id: usize, body: &[u8]) {
        self.places.push((id, self.out.len()));
        self.out.extend(format!("{id} 0 obj\n").as_bytes());
        self.out.extend(body);
        self.out.extend(b"\nendobj\n");
    }

    pub fn finish(mut self, base: &Base<'_>, size: usize) -> Vec<u8> {
        let start = self.out.len();
        let mut table = String::from("xref\n");
        self.places.sort_unstable();
        for (id, offset) in &self.places {
            let _ = write!(table, "{id} 1\n{offset:010} 00000 n \n");
        }
        let _ = write!(
            table,
            "trailer\n<</Size {size}/Root {} 0 R/Prev {}{}>>\nstartxref\n{start}\n%%EOF\n",
            base.root, base.xref, base.rest
        );
        self.out.extend(table.as_bytes());
        self.out
    }
}

/// Adds the update, with zeros in the place of the signature.
pub(super) fn prepare(bytes: Vec<u8>, sheets: &Sheets, words: &Words<'_>) -> Option<Prepared> {
    let base = Base::read(&bytes)?;
    let catalogue = base.dictionary(base.root)?;
    let pages = base.dictionary(number_after(&catalogue, "/Pages")?)?;
    let page_id = number_after(&pages, "/Kids[")?;
    let page = base.dictionary(page_id).filter(|page| !page.contains("/Annots"))?;
    let (form, signature, field) = (base.size, base.size + 1, base.size + 2);
    let mut writer = Writer::behind(bytes.clone());
    writer.object(form, &appearance(sheets));
    let (body, range_at, value_at) = signature_dictionary(words);
    let start = writer.out.len() + format!("{signature} 0 obj\n").len();
    writer.object(signature, body.as_bytes());
    writer.object(field, widget(sheets, (form, signature), page_id).as_bytes());
    writer.object(page_id, format!("{page}/Annots[{field} 0 R]>>").as_bytes());
    writer.object(base.root, format!("{catalogue}/AcroForm<</Fields[{field} 0 R]/SigFlags 3>>>>").as_bytes());
    let mut bytes = writer.finish(&base, field + 1);
    let open = start + value_at;
    let close = open + 2 + 2 * words.room;
    let range = format!("0 {open:010} {close:010} {:010}]", bytes.len() - close);
    let at = start + range_at;
    bytes.get_mut(at..at + range.len())?.copy_from_slice(range.as_bytes());
    Some(Prepared { bytes, open, close })
}

/// The signature dictionary, and where in it the byte range and the value begin.
fn signature_dictionary(words: &Words<'_>) -> (String, usize, usize) {
    let mut body = String::from("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:");
    let civil = words.at.civil();
    let _ = write!(
        body,
        "{:04}{:02}{:02}{:02}{:02}{:02}+08'00')",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    let _ = write!(body, "/Name<{}>/ByteRange[", utf16(words.name));
    let range_at = body.len();
    body.push_str("0 0000000000 0000000000 0000000000]/Contents");
    let value_at = body.len();
    let _ = write!(body, "<{}>>>", "0".repeat(2 * words.room));
    (body, range_at, value_at)
}

fn utf16(text: &str) -> String {
    let mut out = String::from("FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out
}

/// The field of the signature, shown in the place of the seal.
fn widget(sheets: &Sheets, (form, signature): (usize, usize), page: usize) -> String {
    let seal = &sheets.seal;
    let bottom = sheets.height - seal.y - seal.side;
    let mut rect = String::new();
    for value in [seal.x, bottom, seal.x + seal.side, bottom + seal.side] {
        number(&mut rect, value * POINT);
        rect.push(' ');
    }
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/Rect[{}]/P {page} 0 R/V {signature} 0 R/AP<</N {form} 0 R>>>>",
        rect.trim_end()
    )
}

/// The seal's picture as a form, multiplied with what is below it, as ink is.
fn appearance(sheets: &Sheets) -> Vec<u8> {
    let side = sheets.seal.side;
    let mut content = String::from("/M gs ");
    for value in [POINT, 0.0, 0.0, -POINT, 0.0, side * POINT] {
        let _ = write!(content, "{value:.5} ");
    }
    content.push_str("cm\n");
    for shape in &sheets.picture {
        paint(&mut content, shape);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Writing into memory does not fail.
    let packed = encoder.write_all(content.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
    let mut size = String::new();
    number(&mut size, side * POINT);
    let mut out = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 {size} {size}]/Resources<</ExtGState<</M<</BM/Multiply>>>>>>/Filter/FlateDecode\
         /Length {}>>\nstream\n",
        packed.len()
    )
    .into_bytes();
    out.extend(packed);
    out.extend(b"\nendstream");
    out
}

fn paint(out: &mut String, shape: &Shape) {
    let mut colour = |Colour(r, g, b): Colour, operator: &str| {
        for part in [r, g, b] {
            number(out, f64::from(part) / 255.0);
            out.push(' ');
        }
        let _ = writeln!(out, "{operator}");
    };
    if let Some(fill) = shape.fill {
        colour(fill, "rg");
    }
    if let Some((stroke, width)) = shape.stroke {
        colour(stroke, "RG");
        number(out, width);
        out.push_str(" w\n");
    }
    path(out, &shape.outline);
    out.push_str(match (shape.fill.is_some(), shape.stroke.is_some()) {
        (true, true) => "B\n",
        (true, false) => "f\n",
        (false, true) => "S\n",
        (false, false) => "n\n",
    });
}

fn path(out: &mut String, outline: &Outline) {
    let mut at = (0.0, 0.0);
    for segment in outline {
        let (points, operator) = match *segment {
            Seg::Move(x, y) => (vec![x, y], 'm'),
            Seg::Line(x, y) => (vec![x, y], 'l'),
            Seg::Quad(a, b, x, y) => {
                let raised = |end: f64, control: f64| end + (control - end) * 2.0 / 3.0;
                (vec![raised(at.0, a), raised(at.1, b), raised(x, a), raised(y, b), x, y], 'c')
            }
            Seg::Cubic(a, b, c, d, x, y) => (vec![a, b, c, d, x, y], 'c'),
            Seg::Close => (Vec::new(), 'h'),
        };
        for point in &points {
            number(out, drawn(*point));
            out.push(' ');
        }
        if let [.., x, y] = points.as_slice() {
            at = (*x, *y);
        }
        out.push(operator);
        out.push('\n');
    }
}
