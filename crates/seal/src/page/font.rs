//! Fonts: one comes with the program, a city may add others for characters that it lacks.

use std::sync::LazyLock;

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use thiserror::Error;

use super::{Outline, Seg};

/// WenQuanYi Micro Hei, see `fonts/PROVENANCE.md`.
static BUNDLED: &[u8] = include_bytes!("../../fonts/wqy-microhei.ttc");

/// A font that cannot be used.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum FontError {
    /// Not a TrueType or OpenType font.
    #[error("{0}: not a TrueType or OpenType font")]
    Malformed(String),
    /// Its licence bits (OS/2 fsType) forbid embedding.
    #[error("{0}: its maker forbids embedding")]
    Restricted(String),
}

/// A character that no font has, and where it was to be printed.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("no font has the character {character} (U+{:04X}) in {field}", *character as u32)]
pub struct Missing {
    /// The character.
    pub character: char,
    /// Label of the field or name of the text.
    pub field: String,
}

/// A font, read once.
pub struct Font {
    /// Name of its file.
    pub name: String,
    /// The whole file. Fonts live as long as the process.
    pub data: &'static [u8],
    /// For shaping.
    pub face: rustybuzz::Face<'static>,
    /// For PDF.
    pub krilla: krilla::text::Font,
    /// Ascent, descent and size of the em in font units.
    pub em: f64,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Font({})", self.name)
    }
}

impl Font {
    fn read(name: &str, data: &'static [u8]) -> Result<Font, FontError> {
        let malformed = || FontError::Malformed(name.to_owned());
        let face = rustybuzz::Face::from_slice(data, 0).ok_or_else(malformed)?;
        if face.permissions() == Some(rustybuzz::ttf_parser::Permissions::Restricted) {
            return Err(FontError::Restricted(name.to_owned()));
        }
        let krilla = krilla::text::Font::new(data.into(), 0).ok_or_else(malformed)?;
        let em = f64::from(face.units_per_em());
        Ok(Font { name: name.to_owned(), data, face, krilla, em })
    }

    /// The glyph of a character, if the font has it.
    pub fn glyph(&self, character: char) -> Option<u16> {
        self.face.glyph_index(character).filter(|id| id.0 != 0).map(|id| id.0)
    }

    /// The room that a glyph takes, in ems.
    pub fn advance(&self, glyph: u16) -> f64 {
        f64::from(self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default()) / self.em
    }

    /// The outline of a glyph, each point through `place` from ems (y upwards).
    pub fn outline(&self, glyph: u16, place: &dyn Fn(f64, f64) -> (f64, f64)) -> Outline {
        let mut pen = Pen { segments: Vec::new(), em: self.em, place };
        self.face.outline_glyph(GlyphId(glyph), &mut pen);
        pen.segments
    }
}

struct Pen<'a> {
    segments: Outline,
    em: f64,
    place: &'a dyn Fn(f64, f64) -> (f64, f64),
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (self.place)(f64::from(x) / self.em, f64::from(y) / self.em)
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.segments.push(Seg::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.segments.push(Seg::Line(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((a, b), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.segments.push(Seg::Quad(a, b, x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((a, b), (c, d), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.segments.push(Seg::Cubic(a, b, c, d, x, y));
    }

    fn close(&mut self) {
        self.segments.push(Seg::Close);
    }
}

/// The fonts of a city: the bundled one first, then its own in the order given.
#[derive(Debug)]
pub struct Fonts(Vec<Font>);

static STANDARD: LazyLock<Option<Fonts>> = LazyLock::new(|| Fonts::with(Vec::new()).ok());

impl Fonts {
    /// Reads the fonts of a city, each with the name of its file. They stay in memory as long as the process.
    ///
    /// # Errors
    /// The first that cannot be used.
    pub fn with(own: Vec<(String, Vec<u8>)>) -> Result<Fonts, FontError> {
        let mut fonts = vec![Font::read("wqy-microhei.ttc", BUNDLED)?];
        for (name, bytes) in own {
            // A font is read once and used until the process ends, so there is no moment to give its memory back.
            fonts.push(Font::read(&name, Vec::leak(bytes))?);
        }
        Ok(Fonts(fonts))
    }

    /// The bundled font alone, read once.
    pub fn standard() -> Option<&'static Fonts> {
        STANDARD.as_ref()
    }

    /// The font of a number.
    pub fn get(&self, index: usize) -> Option<&Font> {
        self.0.get(index)
    }

    /// The first font that has a character, and its glyph there.
    pub fn find(&self, character: char) -> Option<(usize, u16)> {
        self.0.iter().enumerate().find_map(|(index, font)| Some((index, font.glyph(character)?)))
    }
}
