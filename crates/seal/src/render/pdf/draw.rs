//! The pages as PDF, without a signature yet.

use domain::time::Timestamp;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};

use crate::page::{Colour, Fonts, Outline, Page, Run, Seg, Shape, Sheets};

/// Points in a millimetre.
pub(super) const POINT: f64 = 72.0 / 25.4;

/// Writes the pages. With the signed licence file as an attachment the seal is not among the strokes, because it will be the
/// appearance of the signature; without one, for a copy, the seal is a picture like any other.
///
/// Errors: what the PDF library refuses.
pub(super) fn draw(sheets: &Sheets, fonts: &Fonts, licence: Option<&[u8]>, at: Timestamp) -> Result<Vec<u8>, String> {
    let mut document = Document::new_with(SerializeSettings { enable_tagging: false, ..SerializeSettings::default() });
    for (index, page) in sheets.pages.iter().enumerate() {
        let settings =
            PageSettings::from_wh(points(sheets.width), points(sheets.height)).ok_or("the page has no size")?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        let seal = if licence.is_none() && index == 0 { picture(sheets) } else { Vec::new() };
        draw_page(&mut surface, page, &seal, fonts);
        surface.finish();
        sheet.finish();
    }
    let when = moment(at);
    document.set_metadata(
        Metadata::new()
            .title(sheets.title.clone())
            .authors(vec![sheets.author.clone()])
            .creator("Yichuang".to_owned())
            .producer("Yichuang".to_owned())
            .language("zh-CN".to_owned())
            .creation_date(when),
    );
    if let Some(licence) = licence {
        document.embed_file(EmbeddedFile {
            path: super::LICENCE.to_owned(),
            mime_type: MimeType::new("application/json"),
            description: Some("证照数据 Licence data".to_owned()),
            association_kind: AssociationKind::Source,
            data: licence.to_vec().into(),
            modification_date: Some(when),
            compress: Some(false),
            location: None,
        });
    }
    document.finish().map_err(|error| format!("{error:?}"))
}

fn points(millimetres: f64) -> f32 {
    (millimetres * POINT) as f32
}

/// A length in points with two decimals: a page of these has half the bytes of one with all digits.
fn short(millimetres: f64) -> f32 {
    ((millimetres * POINT * 100.0).round() / 100.0) as f32
}

/// A segment in millimetres from the sheet's corner.
fn placed(segment: &Seg, (dx, dy): (f64, f64), unit: f64) -> Seg {
    let (x, y) = (|x: f64| dx + x * unit, |y: f64| dy + y * unit);
    match *segment {
        Seg::Move(a, b) => Seg::Move(x(a), y(b)),
        Seg::Line(a, b) => Seg::Line(x(a), y(b)),
        Seg::Quad(a, b, c, d) => Seg::Quad(x(a), y(b), x(c), y(d)),
        Seg::Cubic(a, b, c, d, e, f) => Seg::Cubic(x(a), y(b), x(c), y(d), x(e), y(f)),
        Seg::Close => Seg::Close,
    }
}

/// Where a segment ends.
fn end(segment: &Seg) -> Option<(f64, f64)> {
    match *segment {
        Seg::Move(x, y) | Seg::Line(x, y) | Seg::Quad(.., x, y) | Seg::Cubic(.., x, y) => Some((x, y)),
        Seg::Close => None,
    }
}

fn moment(at: Timestamp) -> DateTime {
    let civil = at.civil();
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    DateTime::new(u16::try_from(civil.year()).unwrap_or_default())
        .month(small(civil.month()))
        .day(small(civil.day()))
        .hour(small(civil.hour()))
        .minute(small(civil.minute()))
        .second(small(civil.second()))
        .utc_offset_hour(8)
        .utc_offset_minute(0)
}

/// The seal in its place on the sheet.
fn picture(sheets: &Sheets) -> Vec<Shape> {
    let (x, y) = (sheets.seal.x, sheets.seal.y);
    let moved = |shape: &Shape| Shape { origin: (shape.origin.0 + x, shape.origin.1 + y), ..shape.clone() };
    sheets.picture.iter().map(moved).collect()
}

fn draw_page(surface: &mut Surface<'_>, page: &Page, seal: &[Shape], fonts: &Fonts) {
    for shape in &page.shapes {
        draw_shape(surface, shape);
    }
    for run in &page.under {
        draw_run(surface, run, fonts);
    }
    for shape in seal {
        draw_shape(surface, shape);
    }
    for run in &page.runs {
        draw_run(surface, run, fonts);
    }
    for shape in &page.over {
        draw_shape(surface, shape);
    }
}

fn fill(Colour(r, g, b): Colour) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn stroke(Colour(r, g, b): Colour, width: f64) -> Stroke {
    Stroke { paint: rgb::Color::new(r, g, b).into(), width: points(width), ..Stroke::default() }
}

fn draw_shape(surface: &mut Surface<'_>, shape: &Shape) {
    surface.set_fill(shape.fill.map(fill));
    surface.set_stroke(shape.stroke.map(|(colour, width)| stroke(colour, width)));
    if let Some(path) = path(&shape.outline, shape.origin, shape.unit) {
        surface.draw_path(&path);
    }
}

fn path(outline: &Outline, origin: (f64, f64), unit: f64) -> Option<krilla::geom::Path> {
    let mut builder = PathBuilder::new();
    let mut at = (0.0, 0.0);
    for segment in outline {
        let segment = &placed(segment, origin, unit);
        match *segment {
            Seg::Move(x, y) => builder.move_to(short(x), short(y)),
            Seg::Line(x, y) => builder.line_to(short(x), short(y)),
            Seg::Quad(a, b, x, y) => {
                // PDF knows no quadratic curves; raised here, so that the new control points are short numbers, too.
                let raised = |end: f64, control: f64| short(end + (control - end) * 2.0 / 3.0);
                let (c, d) = (raised(at.0, a), raised(at.1, b));
                builder.cubic_to(c, d, raised(x, a), raised(y, b), short(x), short(y));
            }
            Seg::Cubic(a, b, c, d, x, y) => {
                builder.cubic_to(short(a), short(b), short(c), short(d), short(x), short(y));
            }
            Seg::Close => builder.close(),
        }
        at = end(segment).unwrap_or(at);
    }
    builder.finish()
}

fn draw_run(surface: &mut Surface<'_>, run: &Run, fonts: &Fonts) {
    let Some(font) = fonts.get(run.font) else { return };
    surface.set_fill(Some(fill(run.colour)));
    surface.set_stroke((run.bold > 0.0).then(|| stroke(run.colour, run.bold)));
    let mut pen = 0.0;
    let glyphs: Vec<KrillaGlyph> = run
        .glyphs
        .iter()
        .map(|glyph| {
            let offset = glyph.x - pen;
            pen += glyph.advance;
            let ems = |length: f64| (length / run.size) as f32;
            let id = GlyphId::new(u32::from(glyph.id));
            KrillaGlyph::new(id, ems(glyph.advance), ems(offset), ems(glyph.y), 0.0, glyph.range.clone(), None)
        })
        .collect();
    let start = Point::from_xy(short(run.x), short(run.y));
    if run.turn != 0.0 {
        surface.push_transform(&Transform::from_rotate_at(run.turn.to_degrees() as f32, start.x, start.y));
    }
    surface.draw_glyphs(start, &glyphs, font.krilla.clone(), &run.text, points(run.size), false);
    if run.turn != 0.0 {
        surface.pop();
    }
}
