//! The XML files of a package (GB/T 33190).

use std::fmt::Write;

use super::font::Subset;
use crate::page::{Colour, Outline, Run, Seg, Shape, drawn, number, numbers};
use crate::text::escape;

/// Begins every file. The prefix is the one that readers expect literally.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// The namespace, as an attribute of every root.
pub(super) const NS: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// Writes the objects of a page and gives each its number.
pub(super) struct Objects<'a> {
    pub out: String,
    /// The last number that was given.
    pub id: usize,
    /// Width and height of the page.
    pub page: (f64, f64),
    pub fonts: &'a [Subset],
    /// Resource number of the first font.
    pub first_font: usize,
}

impl Objects<'_> {
    fn next(&mut self) -> usize {
        self.id += 1;
        self.id
    }

    pub(super) fn layer(&mut self) {
        let id = self.next();
        let _ = write!(self.out, "<ofd:Layer ID=\"{id}\" Type=\"Body\">");
    }

    pub(super) fn shape(&mut self, shape: &Shape) {
        let id = self.next();
        let _ = write!(self.out, "<ofd:PathObject ID=\"{id}\" Boundary=\"0 0");
        numbers(&mut self.out, &[self.page.0, self.page.1]);
        if !shape.is_plain() {
            let _ = write!(self.out, "\" CTM=\"{unit} 0 0 {unit}", unit = shape.unit);
            numbers(&mut self.out, &[shape.origin.0, shape.origin.1]);
        }
        match shape.stroke {
            Some((_, width)) => {
                self.out.push_str("\" LineWidth=\"");
                number(&mut self.out, width);
                self.out.push_str("\" Stroke=\"true\"");
            }
            None => self.out.push_str("\" Stroke=\"false\""),
        }
        let _ = write!(self.out, " Fill=\"{}\">", shape.fill.is_some());
        if let Some((colour, _)) = shape.stroke {
            self.colour("StrokeColor", colour);
        }
        if let Some(colour) = shape.fill {
            self.colour("FillColor", colour);
        }
        self.out.push_str("<ofd:AbbreviatedData>");
        abbreviated(&mut self.out, &shape.outline);
        self.out.push_str("</ofd:AbbreviatedData></ofd:PathObject>");
    }

    fn colour(&mut self, name: &str, Colour(r, g, b): Colour) {
        let _ = write!(self.out, "<ofd:{name} Value=\"{r} {g} {b}\"/>");
    }

    pub(super) fn run(&mut self, run: &Run) {
        let place = self.fonts.iter().position(|subset| subset.font == run.font).unwrap_or_default();
        let fonts = self.fonts;
        let Some(subset) = fonts.get(place) else { return };
        let id = self.next();
        let _ = write!(self.out, "<ofd:TextObject ID=\"{id}\" Boundary=\"");
        // Room for what reaches over the box of a glyph, since readers cut at the boundary.
        let (mut margin, mut above) = (run.size * 0.1, run.size * 1.05);
        if run.turn == 0.0 {
            number(&mut self.out, run.x - margin);
            numbers(&mut self.out, &[run.y - above, run.width() + 2.0 * margin, run.size * 1.4]);
        } else {
            (margin, above) = (0.0, 0.0);
            let (sin, cos) = run.turn.sin_cos();
            self.out.push_str("0 0");
            numbers(&mut self.out, &[self.page.0, self.page.1]);
            let _ = write!(self.out, "\" CTM=\"{cos:.6} {sin:.6} {:.6} {cos:.6}", -sin);
            numbers(&mut self.out, &[run.x, run.y]);
        }
        let _ = write!(self.out, "\" Font=\"{}\" Size=\"", self.first_font + place);
        number(&mut self.out, run.size);
        if run.bold > 0.0 {
            self.out.push_str("\" Stroke=\"true\" Fill=\"true\" LineWidth=\"");
            number(&mut self.out, run.bold);
        }
        self.out.push_str("\">");
        self.colour("FillColor", run.colour);
        if run.bold > 0.0 {
            self.colour("StrokeColor", run.colour);
        }
        if !subset.maps(run) {
            let count = run.text.chars().count();
            let _ = write!(
                self.out,
                "<ofd:CGTransform CodePosition=\"0\" CodeCount=\"{count}\" GlyphCount=\"{}\"><ofd:Glyphs>",
                run.glyphs.len()
            );
            let ids: Vec<String> = run.glyphs.iter().map(|glyph| subset.glyph(glyph.id).to_string()).collect();
            let _ = write!(self.out, "{}</ofd:Glyphs></ofd:CGTransform>", ids.join(" "));
        }
        self.out.push_str("<ofd:TextCode X=\"");
        number(&mut self.out, margin);
        self.out.push_str("\" Y=\"");
        number(&mut self.out, above);
        deltas(&mut self.out, run);
        let _ = write!(self.out, "\">{}</ofd:TextCode></ofd:TextObject>", escape(&run.text));
    }
}

/// Advances between glyphs; equal ones are counted: `g 5 3.5` is five times 3.5. They are rounded from the places, not one by
/// one, so that errors do not add up.
fn deltas(out: &mut String, run: &Run) {
    let places: Vec<i64> = run.glyphs.iter().map(|glyph| (glyph.x * 1000.0).round() as i64).collect();
    let steps: Vec<i64> =
        places.windows(2).map(|pair| pair.iter().rev().copied().reduce(|a, b| a - b).unwrap_or(0)).collect();
    if steps.is_empty() {
        return;
    }
    out.push_str("\" DeltaX=\"");
    let mut first = true;
    for group in steps.chunk_by(|a, b| a == b) {
        let value = group.first().copied().unwrap_or(0) as f64 / 1000.0;
        let times = if group.len() > 2 { 1 } else { group.len() };
        for _ in 0..times {
            if !first {
                out.push(' ');
            }
            first = false;
            if group.len() > 2 {
                let _ = write!(out, "g {} ", group.len());
            }
            number(out, value);
        }
    }
}

/// An outline in OFD's own letters: S begins, M moves, L, Q and B draw, C closes.
fn abbreviated(out: &mut String, outline: &Outline) {
    for (index, segment) in outline.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        match *segment {
            Seg::Move(x, y) => command(out, 'M', &[x, y]),
            Seg::Line(x, y) => command(out, 'L', &[x, y]),
            Seg::Quad(a, b, x, y) => command(out, 'Q', &[a, b, x, y]),
            Seg::Cubic(a, b, c, d, x, y) => command(out, 'B', &[a, b, c, d, x, y]),
            Seg::Close => out.push('C'),
        }
    }
}

fn command(out: &mut String, letter: char, values: &[f64]) {
    out.push(letter);
    for value in values {
        out.push(' ');
        number(out, drawn(*value));
    }
}
