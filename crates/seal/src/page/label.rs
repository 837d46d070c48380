//! The label of a postal item: who sends it, where it goes, its number as a bar code (Code 128) and as a QR symbol.

use super::setting::{Style, printable, set, width, wrap};
use super::{Colour, Fonts, LayoutError, Missing, Page, SealPlace, Seg, Shape, Sheets, art, code};
use crate::qr;
use domain::catalog::face::Square;

/// Width and height of a label.
const SHEET: (f64, f64) = (100.0, 150.0);
/// White at the edges, which the lines of the bar code need as well.
const EDGE: f64 = 7.0;
/// Upper edge and height of the bar code.
const BARS: (f64, f64) = (24.0, 20.0);
const BLACK: Colour = Colour(0, 0, 0);
const GREY: Colour = Colour(0x55, 0x55, 0x55);
const QR_SIDE: f64 = 26.0;

/// One end of the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// Who.
    pub name: String,
    /// Telephone number.
    pub phone: String,
    /// Where, in one line however long.
    pub address: String,
}

/// What stands on a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Name of the carrier's service.
    pub service: String,
    /// Number of the item: capital letters and digits.
    pub number: String,
    /// Who posts it.
    pub from: End,
    /// Who gets it.
    pub to: End,
    /// A line below, such as the number of the case.
    pub note: String,
    /// A word across the head of what is not meant, such as that of a demo city; empty otherwise.
    pub specimen: String,
}

/// Lays a label out.
///
/// # Errors
/// A character that no font has, or a number that is no bar code.
pub fn label(fonts: &Fonts, own: &Label) -> Result<Sheets, LayoutError> {
    let mut page = Page::default();
    let mut y = EDGE + 5.0;
    line(fonts, &mut page, &own.service, (EDGE, y), Style { bold: true, ..Style::new(5.0, BLACK) })?;
    if !own.specimen.is_empty() {
        let wide = width(fonts, &own.specimen, 4.0);
        line(fonts, &mut page, &own.specimen, (SHEET.0 - EDGE - wide, y), Style::new(4.0, super::SEAL_RED))?;
    }
    rule(&mut page, 17.0);
    page.shapes.push(bars(&own.number, EDGE + 3.0, SHEET.0 - 2.0 * (EDGE + 3.0)));
    let style = Style { spacing: 0.8, ..Style::new(4.6, BLACK) };
    let wide = width(fonts, &own.number, style.size) + 0.8 * own.number.len() as f64;
    line(fonts, &mut page, &own.number, ((SHEET.0 - wide) / 2.0, BARS.0 + BARS.1 + 6.0), style)?;
    rule(&mut page, 54.0);
    y = end(fonts, &mut page, "收 TO", &own.to, (62.0, 5.2))?;
    rule(&mut page, y.max(98.0));
    y = end(fonts, &mut page, "寄 FROM", &own.from, (y.max(98.0) + 6.5, 3.4))?;
    let place = Square { x: SHEET.0 - EDGE - QR_SIDE, y: SHEET.1 - EDGE - QR_SIDE, side: QR_SIDE };
    let symbol = qr::symbol(&own.number).map_err(LayoutError::Qr)?;
    page.shapes.extend(code::draw(&symbol, &place));
    for (at, text) in wrap(fonts, &printable(&own.note), 3.2, place.x - EDGE - 2.0).iter().enumerate() {
        let at = (y + 4.0).max(SHEET.1 - EDGE - 10.0) + 4.4 * at as f64;
        line(fonts, &mut page, text, (EDGE, at), Style::new(3.2, GREY))?;
    }
    Ok(Sheets {
        width: SHEET.0,
        height: SHEET.1,
        pages: vec![page],
        seal: SealPlace { x: 0.0, y: 0.0, side: 0.0 },
        picture: Vec::new(),
        title: own.number.clone(),
        author: own.from.name.clone(),
    })
}

fn line(fonts: &Fonts, page: &mut Page, text: &str, place: (f64, f64), style: Style) -> Result<(), Missing> {
    page.runs.extend(set(fonts, &printable(text), style, place, "面单")?.0);
    Ok(())
}

fn rule(page: &mut Page, y: f64) {
    let edge = vec![Seg::Move(EDGE, y), Seg::Line(SHEET.0 - EDGE, y)];
    page.shapes.push(Shape::stroked(edge, BLACK, 0.3));
}

/// One end of the way from a baseline on, in type of a size; answers with the last baseline.
fn end(fonts: &Fonts, page: &mut Page, word: &str, own: &End, (top, size): (f64, f64)) -> Result<f64, Missing> {
    line(fonts, page, word, (EDGE, top), Style::new(3.2, GREY))?;
    let left = EDGE + 15.0;
    let mut y = top;
    let who = format!("{}  {}", own.name, own.phone);
    let narrow = wrap(fonts, &printable(&who), size, SHEET.0 - EDGE - left);
    for text in &narrow {
        line(fonts, page, text, (left, y), Style { bold: true, ..Style::new(size, BLACK) })?;
        y += size * 1.4;
    }
    for text in wrap(fonts, &printable(&own.address), size * 0.9, SHEET.0 - EDGE - left) {
        line(fonts, page, &text, (left, y), Style::new(size * 0.9, BLACK))?;
        y += size * 1.3;
    }
    Ok(y)
}

/// Widths of bars and gaps of the symbols 0 to 105 and of the stop (ISO/IEC 15417, table 1).
const WIDTHS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];
/// Begins in code set B, which has letters and digits.
const START_B: usize = 104;
const STOP: usize = 106;

/// Symbols of a text in code set B, with start, check and stop; characters that the set does not have are left out.
fn symbols(text: &str) -> Vec<usize> {
    let data: Vec<usize> =
        text.bytes().filter(|byte| (32..127).contains(byte)).map(|byte| usize::from(byte) - 32).collect();
    let check = data.iter().zip(1..).fold(START_B, |sum, (value, place)| sum + value * place) % 103;
    [START_B].into_iter().chain(data).chain([check, STOP]).collect()
}

/// The bar code, as wide as may be in whole modules of a hundredth of a millimetre, in the middle of its place.
fn bars(text: &str, x: f64, wide: f64) -> Shape {
    let widths: Vec<u32> = symbols(text)
        .into_iter()
        .flat_map(|symbol| WIDTHS.get(symbol).copied().unwrap_or_default().chars().filter_map(|c| c.to_digit(10)))
        .collect();
    let modules = widths.iter().sum::<u32>().max(1);
    let module = (wide / f64::from(modules) * 100.0).floor() / 100.0;
    let mut at = x + (wide - module * f64::from(modules)) / 2.0;
    let mut outline = Vec::new();
    for (place, width) in widths.into_iter().enumerate() {
        let length = module * f64::from(width);
        if place % 2 == 0 {
            outline.extend(art::rectangle(at, BARS.0, length, BARS.1));
        }
        at += length;
    }
    Shape::filled(outline, BLACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_code_begins_ends_and_checks_itself() {
        // Worked by hand from ISO/IEC 15417: start 104, then 1·33 for A and 2·34 for B, modulo 103.
        assert_eq!(symbols("AB"), [104, 33, 34, (104 + 33 + 68) % 103, 106]);
        for (symbol, widths) in WIDTHS.iter().enumerate() {
            let sum: u32 = widths.chars().filter_map(|c| c.to_digit(10)).sum();
            assert_eq!(sum, if symbol == STOP { 13 } else { 11 }, "{symbol}");
            assert_eq!(WIDTHS.iter().filter(|other| *other == widths).count(), 1, "{symbol}");
        }
    }
}
