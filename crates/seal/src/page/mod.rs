//! The page model: a licence as shapes and positioned glyphs, from which PDF, OFD and SVG are written alike.
//!
//! Lengths are millimetres from the sheet's upper left corner, y downwards. Text is shaped once; what a writer gets are glyph
//! numbers and places, so all three renderings show the same line breaks and the same positions.

mod annex;
mod art;
mod code;
mod fields;
pub mod font;
mod label;
mod layout;
mod mark;
mod setting;

pub use font::{FontError, Fonts, Missing};
pub use label::{End, Label, label};
pub use layout::{LayoutError, Paper, lay_out, printable_or_missing};
pub use mark::{Mark, mark};

use std::fmt::Write;
use std::ops::Range;

use domain::catalog::face::rgb;

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

/// The red of seals.
pub const SEAL_RED: Colour = Colour(0xc8, 0x16, 0x1d);

impl Colour {
    /// From `#rrggbb`; black when it is none, which the catalogue's lint reports before anything is printed.
    pub fn parse(text: &str) -> Colour {
        rgb(text).map_or(Colour(0, 0, 0), |[r, g, b]| Colour(r, g, b))
    }
}

/// A piece of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seg {
    /// Begin a contour here.
    Move(f64, f64),
    /// A straight line to here.
    Line(f64, f64),
    /// A quadratic curve: control point, end.
    Quad(f64, f64, f64, f64),
    /// A cubic curve: two control points, end.
    Cubic(f64, f64, f64, f64, f64, f64),
    /// Close the contour.
    Close,
}

/// An outline.
pub type Outline = Vec<Seg>;

/// A filled or stroked outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Its outline, in units from `origin`.
    pub outline: Outline,
    /// Where the outline's zero lies.
    pub origin: (f64, f64),
    /// The outline's unit in millimetres.
    pub unit: f64,
    /// Filled so (non-zero winding).
    pub fill: Option<Colour>,
    /// Stroked so, with this thickness.
    pub stroke: Option<(Colour, f64)>,
}

impl Shape {
    pub(crate) fn filled(outline: Outline, colour: Colour) -> Shape {
        Shape { outline, origin: (0.0, 0.0), unit: 1.0, fill: Some(colour), stroke: None }
    }

    pub(crate) fn stroked(outline: Outline, colour: Colour, width: f64) -> Shape {
        Shape { outline, origin: (0.0, 0.0), unit: 1.0, fill: None, stroke: Some((colour, width)) }
    }

    /// Whether the outline is in millimetres from the sheet's corner.
    pub(crate) fn is_plain(&self) -> bool {
        self.origin == (0.0, 0.0) && self.unit == 1.0
    }
}

/// A glyph in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its number in the font.
    pub id: u16,
    /// Distance from the beginning of the run.
    pub x: f64,
    /// Height above the baseline (for marks).
    pub y: f64,
    /// The room it takes.
    pub advance: f64,
    /// The bytes of the run's text that it stands for.
    pub range: Range<usize>,
}

/// A run of glyphs of one font on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which of [`Fonts`].
    pub font: usize,
    /// Size of the type.
    pub size: f64,
    /// Where it begins.
    pub x: f64,
    /// Its baseline.
    pub y: f64,
    /// Turned about its beginning by these radians, clockwise.
    pub turn: f64,
    /// Its colour.
    pub colour: Colour,
    /// Thickness of a stroke around the glyphs that makes them bold; 0 = none.
    pub bold: f64,
    /// What it says.
    pub text: String,
    /// The glyphs from left to right.
    pub glyphs: Vec<Glyph>,
}

impl Run {
    /// The room that it takes.
    pub fn width(&self) -> f64 {
        self.glyphs.last().map_or(0.0, |glyph| glyph.x + glyph.advance)
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Drawn first.
    pub shapes: Vec<Shape>,
    /// Drawn over the shapes and under the seal.
    pub under: Vec<Run>,
    /// Drawn over the shapes and over the seal.
    pub runs: Vec<Run>,
    /// Drawn last: what must cover everything else.
    pub over: Vec<Shape>,
}

impl Page {
    /// All text on it.
    pub fn text(&self) -> impl Iterator<Item = &Run> {
        self.under.iter().chain(&self.runs)
    }
}

/// Where the seal stands, on the first page.
#[derive(Debug, Clone, PartialEq)]
pub struct SealPlace {
    /// Left edge of its square.
    pub x: f64,
    /// Upper edge of its square.
    pub y: f64,
    /// Side of its square.
    pub side: f64,
}

/// A licence laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheets {
    /// Width of each page.
    pub width: f64,
    /// Height of each page.
    pub height: f64,
    /// The face and its annex pages.
    pub pages: Vec<Page>,
    /// The place of the seal.
    pub seal: SealPlace,
    /// The seal's picture, in millimetres from the upper left corner of its square.
    pub picture: Vec<Shape>,
    /// Title of the document.
    pub title: String,
    /// The issuing bureau.
    pub author: String,
}

/// Writes a length with at most three decimals and no needless zero.
pub(crate) fn number(out: &mut String, value: f64) {
    let thousandths = (value * 1000.0).round() as i64;
    if thousandths < 0 {
        out.push('-');
    }
    let (whole, part) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    let _ = write!(out, "{whole}");
    if part > 0 {
        let digits = format!("{part:03}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
}

/// Rounds a length to hundredths of a millimetre, 2,540 to the inch: enough for what is drawn, and half the bytes.
pub(crate) fn drawn(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Writes the coordinates of a segment, each after a blank.
pub(crate) fn numbers(out: &mut String, values: &[f64]) {
    for value in values {
        out.push(' ');
        number(out, *value);
    }
}
