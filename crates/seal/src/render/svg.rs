//! A page as SVG: only outlines, so it looks the same wherever it is shown.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::page::{Colour, Fonts, Outline, Page, Run, Seg, Shape, Sheets, drawn, number, numbers};
use crate::text::escape;

/// Room between pages.
const GAP: f64 = 6.0;

/// Writes all pages below each other. The words stand in the description, for screen readers and for searching.
pub fn svg(sheets: &Sheets, fonts: &Fonts) -> String {
    pages(sheets, &sheets.pages, fonts)
}

/// Writes the face alone, to be shown inside a page: the annex stands in the files.
pub fn face_svg(sheets: &Sheets, fonts: &Fonts) -> String {
    pages(sheets, sheets.pages.get(..1).unwrap_or_default(), fonts)
}

fn pages(sheets: &Sheets, shown: &[Page], fonts: &Fonts) -> String {
    let count = shown.len() as f64;
    let height = sheets.height * count + GAP * (count - 1.0);
    let mut out = String::with_capacity(200_000);
    out.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    number(&mut out, sheets.width);
    out.push_str("mm\" height=\"");
    number(&mut out, height);
    out.push_str("mm\" viewBox=\"0 0");
    numbers(&mut out, &[sheets.width, height]);
    let _ = write!(out, "\" role=\"img\" lang=\"zh-CN\"><title>{}</title><desc>", escape(&sheets.title));
    for run in shown.iter().flat_map(Page::text) {
        out.push_str(&escape(&run.text));
        out.push('\n');
    }
    out.push_str("</desc><defs>");
    define(&mut out, shown, fonts);
    out.push_str("</defs>");
    for (index, page) in shown.iter().enumerate() {
        out.push_str("<g transform=\"translate(0");
        numbers(&mut out, &[index as f64 * (sheets.height + GAP)]);
        out.push_str(")\">");
        draw(&mut out, sheets, page, index == 0);
        out.push_str("</g>");
    }
    out.push_str("</svg>\n");
    out
}

/// The outline of each glyph once, in thousandths of the em.
fn define(out: &mut String, shown: &[Page], fonts: &Fonts) {
    let runs = shown.iter().flat_map(Page::text);
    let used: BTreeMap<(usize, u16), ()> =
        runs.flat_map(|run| run.glyphs.iter().map(|glyph| ((run.font, glyph.id), ()))).collect();
    for (font, id) in used.into_keys() {
        let Some(face) = fonts.get(font) else { continue };
        let outline = face.outline(id, &|x, y| ((x * 1000.0).round(), (-y * 1000.0).round()));
        if !outline.is_empty() {
            let _ = write!(out, "<path id=\"g{font}-{id}\" d=\"");
            path(out, &outline);
            out.push_str("\"/>");
        }
    }
}

fn draw(out: &mut String, sheets: &Sheets, page: &Page, first: bool) {
    for one in &page.shapes {
        shape(out, one);
    }
    for run in &page.under {
        glyphs(out, run);
    }
    if first {
        // Under the words, which thereby stay legible, as they do under a seal on paper.
        out.push_str("<g transform=\"translate(");
        number(out, sheets.seal.x);
        numbers(out, &[sheets.seal.y]);
        out.push_str(")\">");
        for one in &sheets.picture {
            shape(out, one);
        }
        out.push_str("</g>");
    }
    for run in &page.runs {
        glyphs(out, run);
    }
    for one in &page.over {
        shape(out, one);
    }
}

fn colour(Colour(r, g, b): Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn shape(out: &mut String, shape: &Shape) {
    out.push_str("<path fill=\"");
    out.push_str(&shape.fill.map_or_else(|| "none".to_owned(), colour));
    if let Some((paint, width)) = shape.stroke {
        let _ = write!(out, "\" stroke=\"{}\" stroke-width=\"", colour(paint));
        number(out, width);
    }
    if !shape.is_plain() {
        out.push_str("\" transform=\"translate(");
        number(out, shape.origin.0);
        numbers(out, &[shape.origin.1]);
        let _ = write!(out, ")scale({:.4})", shape.unit);
    }
    out.push_str("\" d=\"");
    path(out, &shape.outline);
    out.push_str("\"/>");
}

fn path(out: &mut String, outline: &Outline) {
    for segment in outline {
        match *segment {
            Seg::Move(x, y) => coordinates(out, 'M', &[x, y]),
            Seg::Line(x, y) => coordinates(out, 'L', &[x, y]),
            Seg::Quad(a, b, x, y) => coordinates(out, 'Q', &[a, b, x, y]),
            Seg::Cubic(a, b, c, d, x, y) => coordinates(out, 'C', &[a, b, c, d, x, y]),
            Seg::Close => out.push('z'),
        }
    }
}

fn coordinates(out: &mut String, command: char, values: &[f64]) {
    out.push(command);
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        number(out, drawn(*value));
    }
}

fn glyphs(out: &mut String, run: &Run) {
    let scale = run.size / 1000.0;
    let paint = colour(run.colour);
    let _ = write!(out, "<g fill=\"{paint}\"");
    if run.bold > 0.0 {
        let _ = write!(out, " stroke=\"{paint}\" stroke-width=\"{:.1}\"", run.bold / scale);
    }
    out.push_str(" transform=\"translate(");
    number(out, run.x);
    numbers(out, &[run.y]);
    out.push(')');
    if run.turn != 0.0 {
        let _ = write!(out, "rotate({:.4})", run.turn.to_degrees());
    }
    let _ = write!(out, "scale({scale:.6})\">");
    for glyph in run.glyphs.iter().filter(|glyph| run.text.get(glyph.range.clone()) != Some(" ")) {
        let _ = write!(out, "<use href=\"#g{}-{}\" x=\"", run.font, glyph.id);
        number(out, (glyph.x / scale).round());
        if glyph.y != 0.0 {
            out.push_str("\" y=\"");
            number(out, (-glyph.y / scale).round());
        }
        out.push_str("\"/>");
    }
    out.push_str("</g>");
}
