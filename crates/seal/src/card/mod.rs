//! The picture of a licence: an inline SVG that one is glad to own and can print and hang on a wall.
//!
//! Only presentation attributes, no `style`, no `<style>`, no ids, no references: it works under
//! `default-src 'none'` and many cards can stand on one page. Text is escaped and stays text. Fonts are the
//! system's. No state emblem is ever drawn, and a specimen says so across the whole sheet and inside its seal.

mod fields;
mod ornament;
mod stamp;
mod text;

pub use stamp::seal_svg;
pub use text::escape;

use std::fmt::Write;

use jiff::civil::Date;

use crate::licence::{LicenceData, SPECIMEN};
use crate::qr::{QrError, symbol};
use crate::status::Status;

/// Width of the picture in its own units: A4 landscape, four units to a millimetre.
pub const WIDTH: u32 = 1188;

/// Height of the picture in its own units.
pub const HEIGHT: u32 = 840;

const INK: &str = "#1c2b36";
const FAINT: &str = "#6b6557";
const GOLD: &str = "#a97f2f";
const RED: &str = "#c8161d";

/// Faces for the title and the values; the first one installed is used.
const SERIF: &str = "'Songti SC','STSong','Noto Serif CJK SC','Source Han Serif SC','SimSun',serif";
/// Faces for labels and small print.
const SANS: &str = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif";

/// How a card is to be drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct CardOptions<'a> {
    /// The address in the QR symbol (`QrPart::url`); without one no symbol is drawn.
    pub qr: Option<&'a str>,
    /// Hide the middle of the holder's code, wherever it stands on the face: for pages that others see.
    pub mask_holder: bool,
    /// The status, if it is known; anything but [`Status::Valid`] is stamped across the card.
    pub status: Option<Status>,
}

/// Draws a licence.
///
/// Errors: the address is too long for a symbol, or the data cannot be written canonically.
pub fn card(data: &LicenceData, options: &CardOptions<'_>) -> Result<String, QrError> {
    let digest = data.sm3()?;
    let mut svg = open(data);
    ornament::paper(&mut svg, &digest);
    heading(&mut svg, data);
    fields::fields(&mut svg, data, options.mask_holder);
    if data.specimen {
        watermark(&mut svg);
    }
    // After the watermark, so that nothing dims the symbol that a camera has to read.
    let beside_qr = match options.qr {
        Some(url) => qr_block(&mut svg, url)?,
        None => 116,
    };
    colophon(&mut svg, data, &digest, beside_qr);
    issued(&mut svg, data);
    if let Some(words) = options.status.and_then(stamped) {
        stamp::across(&mut svg, words);
    }
    svg.push_str("</svg>");
    Ok(svg)
}

/// A day as it is written on paper: `2026年11月20日`.
pub fn paper_date(date: Date) -> String {
    domain::time::date_words(date).zh
}

fn open(data: &LicenceData) -> String {
    let name = escape(&data.kind.name.zh);
    let (holder, number) = (escape(&data.holder.name), escape(&data.number));
    let specimen = if data.specimen { format!("（{SPECIMEN}）") } else { String::new() };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" lang=\"zh-CN\">\
         <title>{name} {holder}{specimen}</title><desc>{name}，编号 {number}，持证主体 {holder}，颁发机构 {issuer}</desc>",
        issuer = escape(&data.issuer.name),
    )
}

fn heading(svg: &mut String, data: &LicenceData) {
    let middle = WIDTH / 2;
    let title = &data.kind.name.zh;
    // A long title gives up its wide setting first and its size second.
    let count = title.chars().count().max(1) as f64;
    let size = (700.0 / (count * 1.16)).min(56.0);
    let gap = ((760.0 - count * size) / count).clamp(1.0, 14.0);
    text::line(svg, &text::Style::serif(size, INK).bold().spaced(gap), f64::from(middle) + gap / 2.0, 158.0, title);
    let english = data.kind.name.en.to_uppercase();
    let small = (700.0 / (english.chars().count().max(1) as f64 * 0.86)).min(17.0);
    text::line(svg, &text::Style::sans(small, FAINT).spaced(small * 0.16), f64::from(middle), 190.0, &english);
    ornament::rule(svg, f64::from(middle), 212.0);
    let number = format!("编号 No.  {}", data.number);
    text::line(svg, &text::Style::sans(18.0, INK).spaced(0.6), f64::from(middle), 244.0, &number);
}

fn qr_block(svg: &mut String, url: &str) -> Result<u32, QrError> {
    const SIDE: u32 = 148;
    let symbol = symbol(url)?;
    let scale = f64::from(SIDE) / symbol.side() as f64;
    let (x, y) = (112, 584);
    let _ = write!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{SIDE}\" height=\"{SIDE}\" rx=\"4\" fill=\"#fff\" stroke=\"{GOLD}\" stroke-width=\".8\"/>\
         <path transform=\"translate({tx:.2} {ty:.2}) scale({scale:.4})\" fill=\"#111\" shape-rendering=\"crispEdges\" d=\"{path}\"/>",
        tx = f64::from(x) + 4.0 * scale,
        ty = f64::from(y) + 4.0 * scale,
        path = symbol.path,
    );
    Ok(x + SIDE + 18)
}

/// The small print beside the QR symbol: how to check, and what to compare.
fn colophon(svg: &mut String, data: &LicenceData, digest: &[u8; 32], x: u32) {
    let digest = hex::encode_upper(digest);
    let short: Vec<&str> = [0..8, 8..16, 16..24, 24..32].into_iter().filter_map(|part| digest.get(part)).collect();
    let rows = [
        ("扫码核验真伪与状态", "Scan to check authenticity and status".to_owned()),
        ("证照标识", breakable(&data.identifier)),
        ("数据摘要 SM3", format!("{} …", short.join(" "))),
        ("版本", format!("{:03}　办件编号 {}", data.version, data.case_number)),
    ];
    let mut y = 606.0;
    for (label, value) in rows {
        let x = f64::from(x);
        text::line(svg, &text::Style::sans(13.0, INK).leftward(), x, y, label);
        y += 17.0;
        let lines = text::wrap(&value, 11.5, 330.0);
        for line in lines {
            text::line(svg, &text::Style::sans(11.5, FAINT).leftward(), x, y, &line);
            y += 14.0;
        }
        y += 5.0;
    }
}

/// An identifier with places to break after each dot, so that no part of it is torn.
fn breakable(identifier: &str) -> String {
    match identifier.match_indices('.').nth(5) {
        Some((at, _)) => {
            let (head, tail) = identifier.split_at(at + 1);
            format!("{head} {tail}")
        }
        None => identifier.to_owned(),
    }
}

/// The issuer and the day, with the seal set over the year and the month as custom has it (骑年盖月), and beside the words
/// rather than on top of them, so that both can be read.
fn issued(svg: &mut String, data: &LicenceData) {
    let right = 1072.0;
    let size = (340.0 / data.issuer.name.chars().count().max(1) as f64).min(23.0);
    let (label, name) = (text::Style::sans(13.0, FAINT), text::Style::serif(size, INK).bold().spaced(1.5));
    let date = text::Style::serif(21.0, INK).spaced(1.0);
    let _ = write!(svg, "<g transform=\"translate({} 664)\">", right - 96.0);
    stamp::seal(svg, &data.issuer.name, data.specimen);
    svg.push_str("</g>");
    let middle = right - 96.0 - text::width(&data.issuer.name, size) / 2.0 + 2.0;
    text::line(svg, &label, middle, 626.0, "颁发机构 Issued by");
    text::line(svg, &name, middle, 658.0, &data.issuer.name);
    text::line(svg, &date, middle, 697.0, &paper_date(data.issue_date));
}

fn watermark(svg: &mut String) {
    for (x, y) in [(330, 240), (830, 330), (360, 610), (860, 720)] {
        let _ = write!(
            svg,
            "<text transform=\"translate({x} {y}) rotate(-24)\" text-anchor=\"middle\" font-family=\"{SANS}\" \
             font-size=\"58\" font-weight=\"700\" letter-spacing=\"6\" fill=\"{RED}\" fill-opacity=\".1\">{SPECIMEN}</text>"
        );
    }
    let _ = write!(
        svg,
        "<g transform=\"translate(104 88)\"><rect width=\"164\" height=\"30\" rx=\"3\" fill=\"none\" stroke=\"{RED}\" \
         stroke-width=\"1.5\"/><text x=\"82\" y=\"20.5\" text-anchor=\"middle\" font-family=\"{SANS}\" font-size=\"15\" \
         font-weight=\"700\" fill=\"{RED}\">{SPECIMEN}</text></g>"
    );
}

fn stamped(status: Status) -> Option<(&'static str, &'static str)> {
    match status {
        Status::Valid => None,
        Status::Suspended => Some(("已暂停", "SUSPENDED")),
        Status::Ended => Some(("已失效", "NO LONGER VALID")),
        Status::Superseded => Some(("已换发", "SUPERSEDED")),
    }
}
