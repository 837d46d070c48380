//! The round red seal 公章 as an inline SVG, for documents that are pages.
//!
//! Only presentation attributes, no `style`, no ids, no references: it works under `default-src 'none'`. Fonts are the system's. A specimen
//! says so inside its seal.

use std::f64::consts::PI;
use std::fmt::Write;

use crate::text::escape;

const RED: &str = "#c8161d";
/// Faces for the name; the first one installed is used.
const SERIF: &str = "'Songti SC','STSong','Noto Serif CJK SC','Source Han Serif SC','SimSun',serif";
/// Faces for small print.
const SANS: &str = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif";

/// The seal's outer radius: 42 mm across, the size of a bureau's seal, at four units to a millimetre.
const RADIUS: f64 = 84.0;

/// A seal 公章 alone, as an inline SVG with a transparent ground.
pub fn seal_svg(name: &str, specimen: bool) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-88 -88 176 176\" role=\"img\" lang=\"zh-CN\"><title>{}</title>",
        escape(name)
    );
    seal(&mut svg, name, specimen);
    svg.push_str("</svg>");
    svg
}

/// Draws the seal about the origin. Ring, the name on an arc, a star in the middle; a specimen has 样本 there instead, so that a
/// cut-out of it still says what it is.
fn seal(svg: &mut String, name: &str, specimen: bool) {
    let _ = write!(
        svg,
        "<g fill=\"{RED}\" opacity=\".84\"><circle r=\"{:.1}\" fill=\"none\" stroke=\"{RED}\" stroke-width=\"4.6\"/>",
        RADIUS - 2.3
    );
    arc(svg, name);
    if specimen {
        let _ = write!(
            svg,
            "<text y=\"13\" text-anchor=\"middle\" font-family=\"{SERIF}\" font-size=\"32\" font-weight=\"700\" \
             letter-spacing=\"4\">样本</text><text y=\"33\" text-anchor=\"middle\" font-family=\"{SANS}\" font-size=\"10.5\" \
             letter-spacing=\"1.6\">SPECIMEN</text>"
        );
    } else {
        star(svg, 27.0);
    }
    svg.push_str("</g>");
}

/// Sets the name on the upper arc, character by character, so that every renderer agrees; more characters, more of the circle
/// and smaller type.
fn arc(svg: &mut String, name: &str) {
    let count = name.chars().count().max(1) as f64;
    let size = (300.0 / count).clamp(9.0, 21.0);
    let radius = RADIUS - 11.0 - size * 0.88;
    let step = (size * 1.3 / radius).min(1.62 * PI / count);
    for (place, char) in name.chars().enumerate() {
        let angle = (place as f64 - (count - 1.0) / 2.0) * step;
        let (x, y) = (radius * angle.sin(), -radius * angle.cos());
        let _ = write!(
            svg,
            "<text transform=\"translate({x:.2} {y:.2}) rotate({:.2}) scale(.86 1.12)\" text-anchor=\"middle\" \
             font-family=\"{SERIF}\" font-size=\"{size:.1}\" font-weight=\"700\">{}</text>",
            angle.to_degrees(),
            escape(&char.to_string())
        );
    }
}

fn star(svg: &mut String, radius: f64) {
    svg.push_str("<path d=\"");
    for point in 0..10 {
        // The inner radius of a five-pointed star whose sides are straight.
        let reach = if point % 2 == 0 { radius } else { radius * 0.381_966 };
        let angle = f64::from(point) * PI / 5.0;
        let command = if point == 0 { 'M' } else { 'L' };
        let _ = write!(svg, "{command}{:.2} {:.2}", reach * angle.sin(), -reach * angle.cos());
    }
    svg.push_str("z\"/>");
}
