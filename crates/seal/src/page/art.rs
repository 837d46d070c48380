//! What is drawn rather than written: frame, ornament, seal, marks across the sheet.

use std::f64::consts::{PI, TAU};

use domain::catalog::face::{Emblem, Frame, FrameStyle, Sheet};

use super::setting::{Style, printable, set, width};
use super::{Colour, Fonts, Missing, Outline, Run, SEAL_RED, Seg, Shape};

pub(super) fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Outline {
    vec![
        Seg::Move(x, y),
        Seg::Line(x + width, y),
        Seg::Line(x + width, y + height),
        Seg::Line(x, y + height),
        Seg::Close,
    ]
}

/// How far the control points of a cubic lie out that draws a quarter of a circle of radius 1.
const QUARTER: f64 = 0.552_284_75;

/// An ellipse about (`x`, `y`), turned by `turn` radians.
pub(super) fn ellipse((x, y): (f64, f64), (rx, ry): (f64, f64), turn: f64) -> Outline {
    let (sin, cos) = turn.sin_cos();
    let at = |a: f64, b: f64| (x + a * rx * cos - b * ry * sin, y + a * rx * sin + b * ry * cos);
    let k = QUARTER;
    let (sx, sy) = at(1.0, 0.0);
    let mut outline = vec![Seg::Move(sx, sy)];
    for points in [
        [(1.0, k), (k, 1.0), (0.0, 1.0)],
        [(-k, 1.0), (-1.0, k), (-1.0, 0.0)],
        [(-1.0, -k), (-k, -1.0), (0.0, -1.0)],
        [(k, -1.0), (1.0, -k), (1.0, 0.0)],
    ] {
        let [(a, b), (c, d), (e, f)] = points.map(|(a, b)| at(a, b));
        outline.push(Seg::Cubic(a, b, c, d, e, f));
    }
    outline.push(Seg::Close);
    outline
}

/// Two rings of ellipses turned about the middle; number and slimness of the ellipses are read from the digest, so no two
/// licences have the same ornament.
pub(super) fn rosette(emblem: &Emblem, digest: &[u8; 32]) -> Shape {
    let byte = |at: usize| u32::from(digest.get(at).copied().unwrap_or_default());
    let mut outline = Vec::new();
    for (ring, part) in [(0, 1.0), (1, 0.64)] {
        let count = 13 + byte(ring * 2) % 6;
        let radius = emblem.radius * part;
        let slim = radius * f64::from(26 + byte(ring * 2 + 1) % 40) / 100.0;
        for place in 0..count {
            let turn = f64::from(place) * PI / f64::from(count);
            outline.extend(ellipse((emblem.x, emblem.y), (radius, slim), turn));
        }
    }
    Shape::stroked(outline, Colour::parse(&emblem.colour), 0.2)
}

/// The frame of the sheet.
pub(super) fn frame(frame: &Frame, sheet: Sheet, paper: Colour) -> Vec<Shape> {
    let colour = Colour::parse(&frame.colour);
    let line = |inset: f64, width: f64| {
        let outline = rectangle(inset, inset, sheet.width - 2.0 * inset, sheet.height - 2.0 * inset);
        Shape::stroked(outline, colour, width)
    };
    let inset = frame.inset;
    match frame.style {
        FrameStyle::None => Vec::new(),
        FrameStyle::Line => vec![line(inset, 0.4)],
        FrameStyle::Double => vec![line(inset, 1.1), line(inset + 1.7, 0.3)],
        FrameStyle::Guilloche => {
            let mut shapes = vec![line(inset, 0.75), line(inset + 1.6, 0.2)];
            shapes.extend([line(inset + 10.4, 0.2), line(inset + 11.5, 0.4)]);
            shapes.push(Shape::stroked(braid(inset + 6.0, sheet), colour, 0.22));
            shapes.extend(corners(inset + 6.0, sheet, colour, paper));
            shapes
        }
    }
}

/// The braided band, whose middle lies `band` from the edge. It runs between the corner squares; the waves divide the
/// sides, so that the braid meets the corners whole.
fn braid(band: f64, sheet: Sheet) -> Outline {
    // As many waves on a large sheet as on a small one, but none shorter than it is high.
    let wave_length = (sheet.width.max(sheet.height) / 28.0).max(10.0);
    let from = band + 6.0;
    let (across, down) = (sheet.width - 2.0 * from, sheet.height - 2.0 * from);
    let mut outline = Vec::new();
    for amplitude in [3.9, 2.0] {
        let waves = |side: f64| (side / wave_length).round().max(1.0) as u32;
        for sign in [1.0, -1.0] {
            for y in [band, sheet.height - band] {
                wave(&mut outline, (from, y), (across, 0.0), waves(across), sign * amplitude);
            }
            for x in [band, sheet.width - band] {
                wave(&mut outline, (x, from), (0.0, down), waves(down), sign * amplitude);
            }
        }
    }
    outline
}

/// One sine-like wave along a straight line, as parabolas to either side of it.
fn wave(outline: &mut Outline, start: (f64, f64), along: (f64, f64), waves: u32, amplitude: f64) {
    let half = (along.0 / f64::from(2 * waves), along.1 / f64::from(2 * waves));
    // The control point lies twice as far out as the curve's crest.
    let out = if along.1 == 0.0 { (0.0, 2.0 * amplitude) } else { (2.0 * amplitude, 0.0) };
    let (mut x, mut y) = start;
    outline.push(Seg::Move(x, y));
    for place in 0..2 * waves {
        let side = if place % 2 == 0 { 1.0 } else { -1.0 };
        let control = (x + half.0 / 2.0 + side * out.0, y + half.1 / 2.0 + side * out.1);
        (x, y) = (x + half.0, y + half.1);
        outline.push(Seg::Quad(control.0, control.1, x, y));
    }
}

/// A small rosette in each corner of the frame.
fn corners(band: f64, sheet: Sheet, colour: Colour, paper: Colour) -> Vec<Shape> {
    let (right, bottom) = (sheet.width - band, sheet.height - band);
    let mut shapes = Vec::new();
    for middle in [(band, band), (right, band), (band, bottom), (right, bottom)] {
        let square = rectangle(middle.0 - 6.0, middle.1 - 6.0, 12.0, 12.0);
        shapes.push(Shape { stroke: Some((colour, 0.3)), ..Shape::filled(square, paper) });
        let mut petals = ellipse(middle, (5.1, 5.1), 0.0);
        for place in 0..9 {
            petals.extend(ellipse(middle, (4.6, 1.75), f64::from(place) * PI / 9.0));
        }
        shapes.push(Shape::stroked(petals, colour, 0.18));
        shapes.push(Shape::filled(ellipse(middle, (1.0, 1.0), 0.0), colour));
    }
    shapes
}

/// Words as outlines about (`x`, `y`), turned by `turn` radians.
pub(super) fn words(
    fonts: &Fonts,
    text: &str,
    size: f64,
    (x, y): (f64, f64),
    turn: f64,
    field: &str,
) -> Result<Outline, Missing> {
    let (sin, cos) = turn.sin_cos();
    let mut outline = Vec::new();
    let mut pen = -width(fonts, text, size) / 2.0;
    for character in text.chars() {
        let missing = || Missing { character, field: field.to_owned() };
        let (index, glyph) = fonts.find(character).ok_or_else(missing)?;
        let Some(font) = fonts.get(index) else { continue };
        let place = |a: f64, b: f64| {
            let (a, b) = (pen + a * size, -b * size + size * 0.35);
            (x + a * cos - b * sin, y + a * sin + b * cos)
        };
        outline.extend(font.outline(glyph, &place));
        pen += font.advance(glyph) * size;
    }
    Ok(outline)
}

/// Mixes a colour into the paper.
pub(super) fn pale(colour: Colour, paper: Colour, part: f64) -> Colour {
    let mix = |a: u8, b: u8| (f64::from(a) * part + f64::from(b) * (1.0 - part)).round() as u8;
    Colour(mix(colour.0, paper.0), mix(colour.1, paper.1), mix(colour.2, paper.2))
}

/// The mark of a demonstration city across the whole sheet.
pub(super) fn specimen(fonts: &Fonts, sheet: Sheet, paper: Colour, words: &str) -> Result<Vec<Run>, Missing> {
    const TURN: f64 = -0.42;
    let size = sheet.width * 0.40 / width(fonts, words, 1.0);
    let mut runs = Vec::new();
    for (x, y) in [(0.31, 0.35), (0.69, 0.46), (0.31, 0.62), (0.69, 0.73)] {
        let half = width(fonts, words, size) / 2.0;
        let (mut x, mut y) = (sheet.width * x - half * TURN.cos(), sheet.height * y - half * TURN.sin());
        let style = Style::new(size, pale(SEAL_RED, paper, 0.10));
        for mut run in set(fonts, words, style, (0.0, 0.0), "样本标记")?.0 {
            (run.x, run.y, run.turn) = (x, y, TURN);
            let wide = run.width();
            (x, y) = (x + wide * TURN.cos(), y + wide * TURN.sin());
            runs.push(run);
        }
    }
    Ok(runs)
}

/// Words across the middle of a licence that no longer counts.
pub(super) fn across(fonts: &Fonts, sheet: Sheet, (zh, en): (&str, &str)) -> Result<Vec<Shape>, Missing> {
    const TURN: f64 = -0.24;
    let middle = (sheet.width / 2.0, sheet.height * 0.5);
    let unit = sheet.width.min(sheet.height) / 210.0;
    let (sin, cos) = TURN.sin_cos();
    let at = |a: f64, b: f64| (middle.0 + (a * cos - b * sin) * unit, middle.1 + (a * sin + b * cos) * unit);
    let corner = [(-58.0, -22.0), (58.0, -22.0), (58.0, 22.0), (-58.0, 22.0)].map(|(a, b)| at(a, b));
    let mut frame: Outline = Vec::new();
    for (index, (x, y)) in corner.into_iter().enumerate() {
        frame.push(if index == 0 { Seg::Move(x, y) } else { Seg::Line(x, y) });
    }
    frame.push(Seg::Close);
    let mut text = words(fonts, zh, 26.0 * unit, at(0.0, -5.0), TURN, "状态")?;
    text.extend(words(fonts, en, 7.0 * unit, at(0.0, 15.0), TURN, "状态")?);
    Ok(vec![Shape::stroked(frame, SEAL_RED, 2.2 * unit), Shape::filled(text, SEAL_RED)])
}

/// The picture of a bureau's seal 公章, `diameter` across, from the upper left corner of its square: a ring, the name on the
/// upper arc, a star in the middle; a specimen has 样本 there, so that a cut-out of it still says what it is.
pub fn seal(fonts: &Fonts, name: &str, diameter: f64, specimen: bool) -> Result<Vec<Shape>, Missing> {
    let radius = diameter / 2.0;
    let middle = (radius, radius);
    let ring = diameter * 0.0286;
    let circle = ellipse(middle, (radius - ring / 2.0, radius - ring / 2.0), 0.0);
    let mut shapes = vec![Shape::stroked(circle, SEAL_RED, ring)];
    let mut ink = on_arc(fonts, &printable(name), middle, radius)?;
    let mut heavy = diameter * 0.0036;
    if specimen {
        ink.extend(words(fonts, "样本", diameter * 0.20, (radius, radius * 1.02), 0.0, "印章")?);
        ink.extend(words(fonts, "SPECIMEN", diameter * 0.062, (radius, radius * 1.36), 0.0, "印章")?);
        heavy = diameter * 0.0028;
    } else {
        ink.extend(star(middle, radius * 0.33));
    }
    shapes.push(Shape { stroke: Some((SEAL_RED, heavy)), ..Shape::filled(coarse(ink), SEAL_RED) });
    Ok(shapes)
}

/// Rounds to twentieths of a millimetre, 500 to the inch: a seal lies twice in every OFD.
fn coarse(outline: Outline) -> Outline {
    let round = |value: f64| (value * 20.0).round() / 20.0;
    let rounded = outline.into_iter().map(|segment| match segment {
        Seg::Move(x, y) => Seg::Move(round(x), round(y)),
        Seg::Line(x, y) => Seg::Line(round(x), round(y)),
        Seg::Quad(a, b, x, y) => Seg::Quad(round(a), round(b), round(x), round(y)),
        Seg::Cubic(a, b, c, d, x, y) => Seg::Cubic(round(a), round(b), round(c), round(d), round(x), round(y)),
        Seg::Close => Seg::Close,
    });
    rounded.collect()
}

/// Sets the name on the upper arc; more characters, more of the circle and smaller type.
fn on_arc(fonts: &Fonts, name: &str, (cx, cy): (f64, f64), radius: f64) -> Result<Outline, Missing> {
    let count = name.chars().count().max(1) as f64;
    let size = (radius * 3.55 / count).clamp(radius * 0.11, radius * 0.25);
    let reach = radius * 0.87 - size;
    let step = (size * 1.3 / reach).min(1.34 * PI / (count - 1.0).max(1.0));
    let mut outline = Vec::new();
    for (place, character) in name.chars().enumerate() {
        let missing = || Missing { character, field: "印章".to_owned() };
        let (index, glyph) = fonts.find(character).ok_or_else(missing)?;
        let Some(font) = fonts.get(index) else { continue };
        let angle = (place as f64 - (count - 1.0) / 2.0) * step;
        let (sin, cos) = angle.sin_cos();
        let half = font.advance(glyph) / 2.0;
        let put = |a: f64, b: f64| {
            // Seals are cut narrow and tall.
            let (a, b) = ((a - half) * size * 0.86, (b + 0.12) * size * 1.14 + reach);
            (cx + a * cos + b * sin, cy + a * sin - b * cos)
        };
        outline.extend(font.outline(glyph, &put));
    }
    Ok(outline)
}

fn star((x, y): (f64, f64), radius: f64) -> Outline {
    let mut outline = Vec::new();
    for point in 0..10 {
        // The inner radius of a five-pointed star whose sides are straight.
        let reach = if point % 2 == 0 { radius } else { radius * 0.381_966 };
        let angle = f64::from(point) * TAU / 10.0;
        let (a, b) = (x + reach * angle.sin(), y - reach * angle.cos());
        outline.push(if point == 0 { Seg::Move(a, b) } else { Seg::Line(a, b) });
    }
    outline.push(Seg::Close);
    outline
}
