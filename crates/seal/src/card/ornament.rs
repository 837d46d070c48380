//! Paper, frame and guilloche. The rosette's shape comes from the licence's digest, so no two licences have the same one.

use std::fmt::Write;

use super::{GOLD, HEIGHT, WIDTH};

const PAPER: &str = "#fdfaf1";
const TINT: &str = "#efe2c0";

/// Draws the sheet: paper, rosette, frame.
pub(super) fn paper(svg: &mut String, digest: &[u8; 32]) {
    let _ = write!(svg, "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{PAPER}\"/>");
    rosette(svg, digest);
    frame(svg);
}

/// Three rings of ellipses turned about the middle; number and slimness of the ellipses are read from the digest.
fn rosette(svg: &mut String, digest: &[u8; 32]) {
    let byte = |at: usize| u32::from(digest.get(at).copied().unwrap_or_default());
    let _ = write!(
        svg,
        "<g transform=\"translate({} 436)\" fill=\"none\" stroke=\"{TINT}\" stroke-width=\".8\">",
        WIDTH / 2
    );
    for (ring, radius) in [(0, 252), (1, 196), (2, 122)] {
        let count = 18 + byte(ring * 2) % 10;
        let slim = radius * (26 + byte(ring * 2 + 1) % 40) / 100;
        for place in 0..count {
            let turn = f64::from(place) * 180.0 / f64::from(count);
            let _ = write!(svg, "<ellipse rx=\"{radius}\" ry=\"{slim}\" transform=\"rotate({turn:.2})\"/>");
        }
    }
    svg.push_str("</g>");
}

fn frame(svg: &mut String) {
    let line = |svg: &mut String, inset: f64, width: f64| {
        let _ = write!(
            svg,
            "<rect x=\"{inset}\" y=\"{inset}\" width=\"{:.1}\" height=\"{:.1}\" stroke-width=\"{width}\"/>",
            f64::from(WIDTH) - 2.0 * inset,
            f64::from(HEIGHT) - 2.0 * inset,
        );
    };
    let _ = write!(svg, "<g fill=\"none\" stroke=\"{GOLD}\">");
    line(svg, 28.0, 3.0);
    line(svg, 34.5, 0.8);
    line(svg, 69.5, 0.8);
    line(svg, 74.0, 1.6);
    svg.push_str("<path stroke-width=\".9\" d=\"");
    // The band runs between the corner squares; wave counts divide the sides, so the braid meets the corners whole.
    let (from, band) = (76.0, 52.0);
    let (right, bottom) = (f64::from(WIDTH), f64::from(HEIGHT));
    for (amplitude, waves_across, waves_down) in [(16.0, 37, 25), (16.0, 74, 50), (8.0, 37, 25)] {
        for sign in [1.0, -1.0] {
            for y in [band, bottom - band] {
                wave(svg, (from, y), (right - 2.0 * from, 0.0), waves_across, sign * amplitude);
            }
            for x in [band, right - band] {
                wave(svg, (x, from), (0.0, bottom - 2.0 * from), waves_down, sign * amplitude);
            }
        }
    }
    svg.push_str("\"/>");
    corners(svg);
    svg.push_str("</g>");
}

/// One sine-like wave along a straight line: a quadratic arc and its reflections, which SVG repeats by itself.
fn wave(svg: &mut String, start: (f64, f64), along: (f64, f64), waves: u32, amplitude: f64) {
    let half = (along.0 / f64::from(2 * waves), along.1 / f64::from(2 * waves));
    // The control point lies twice as far out as the curve's crest.
    let out = if along.1 == 0.0 { (0.0, 2.0 * amplitude) } else { (2.0 * amplitude, 0.0) };
    let _ = write!(
        svg,
        "M{:.2} {:.2}q{:.2} {:.2} {:.3} {:.3}",
        start.0,
        start.1,
        half.0 / 2.0 + out.0,
        half.1 / 2.0 + out.1,
        half.0,
        half.1
    );
    for _ in 1..2 * waves {
        let _ = write!(svg, "t{:.3} {:.3}", half.0, half.1);
    }
}

/// A small rosette in each corner of the frame.
fn corners(svg: &mut String) {
    let (right, bottom) = (f64::from(WIDTH), f64::from(HEIGHT));
    for (x, y) in [(52.0, 52.0), (right - 52.0, 52.0), (52.0, bottom - 52.0), (right - 52.0, bottom - 52.0)] {
        let _ = write!(
            svg,
            "<g transform=\"translate({x} {y})\"><rect x=\"-24\" y=\"-24\" width=\"48\" height=\"48\" fill=\"{PAPER}\" \
             stroke-width=\"1.2\"/><circle r=\"20.5\" stroke-width=\".8\"/>"
        );
        for place in 0..9 {
            let _ =
                write!(svg, "<ellipse rx=\"18.5\" ry=\"7\" stroke-width=\".7\" transform=\"rotate({})\"/>", place * 20);
        }
        let _ = write!(svg, "<circle r=\"4\" fill=\"{GOLD}\" stroke=\"none\"/></g>");
    }
}

/// The rule under the title: two tapering lines and a knot.
pub(super) fn rule(svg: &mut String, x: f64, y: f64) {
    let _ = write!(
        svg,
        "<path fill=\"{GOLD}\" d=\"M{a:.1} {y}L{b:.1} {t:.1}L{b:.1} {u:.1}zM{c:.1} {y}L{d:.1} {t:.1}L{d:.1} {u:.1}z\
         M{x:.1} {v:.1}l5.5 5.5l-5.5 5.5l-5.5 -5.5z\"/>",
        a = x - 230.0,
        b = x - 16.0,
        c = x + 230.0,
        d = x + 16.0,
        t = y - 1.0,
        u = y + 1.0,
        v = y - 5.5,
    );
}
