//! The mark on a copy 加注件: for whom, for what and when it was made, pale across every page and legible in a band below it, outside
//! of the licence itself.

use domain::time::date_words;
use jiff::civil::Date;

use super::setting::{Style, printable, set, width, wrap};
use super::{Colour, Fonts, Missing, Page, Run, SEAL_RED, Seg, Shape, Sheets, art};

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Who may use it.
    pub user: String,
    /// What for.
    pub purpose: String,
    /// The day on which it was made.
    pub date: Date,
}

const WHITE: Colour = Colour(255, 255, 255);
/// The ink of the words across the page.
const ACROSS: Colour = Colour(0x22, 0x44, 0x77);
/// Size of the type in the band.
const SIZE: f64 = 3.2;
/// From one line of the band to the next.
const LINE: f64 = 4.6;
/// Room left and right of the band's words, and above and below them.
const ROOM: (f64, f64) = (8.0, 3.0);
const TURN: f64 = -0.42;
/// Of which field a character is that no font has.
const FIELD: &str = "加注内容";

/// Marks every page. The sheets grow by the band; what was on them stays as it was.
///
/// # Errors
/// A character that no font has.
pub fn mark(fonts: &Fonts, sheets: &mut Sheets, mark: &Mark) -> Result<(), Missing> {
    let (user, purpose, day) = (printable(&mark.user), printable(&mark.purpose), date_words(mark.date).zh);
    let text = format!(
        "加注件 COPY：仅供{user}用于{purpose}，{day}制作，不作他用。本件不是证照原件，不带签名；真伪和当前状态请扫二维码核验。"
    );
    let lines = wrap(fonts, &text, SIZE, sheets.width - 2.0 * ROOM.0);
    let band = LINE * lines.len() as f64 + 2.0 * ROOM.1;
    for page in &mut sheets.pages {
        page.under.extend(across(fonts, (sheets.width, sheets.height), &format!("加注件 仅供{user} {day}"))?);
        below(fonts, page, (sheets.width, sheets.height), &lines, band)?;
    }
    sheets.height += band;
    sheets.title = format!("{} 加注件 COPY", sheets.title);
    Ok(())
}

/// The band below a page.
fn below(fonts: &Fonts, page: &mut Page, (wide, high): (f64, f64), lines: &[String], band: f64) -> Result<(), Missing> {
    page.shapes.push(Shape::filled(art::rectangle(0.0, high, wide, band), WHITE));
    let edge = vec![Seg::Move(ROOM.0, high + 1.0), Seg::Line(wide - ROOM.0, high + 1.0)];
    page.shapes.push(Shape::stroked(edge, SEAL_RED, 0.5));
    for (index, line) in lines.iter().enumerate() {
        let y = high + ROOM.1 + LINE * (index as f64 + 0.8);
        page.runs.extend(set(fonts, line, Style::new(SIZE, SEAL_RED), (ROOM.0, y), FIELD)?.0);
    }
    Ok(())
}

/// The words four times across a page, pale, so that what stands on it stays legible.
fn across(fonts: &Fonts, (wide, high): (f64, f64), words: &str) -> Result<Vec<Run>, Missing> {
    let size = (wide * 0.62 / width(fonts, words, 1.0).max(1.0)).min(7.0);
    let style = Style::new(size, art::pale(ACROSS, WHITE, 0.18));
    let half = width(fonts, words, size) / 2.0;
    let mut runs = Vec::new();
    for part in [0.24, 0.44, 0.64, 0.84] {
        let (mut x, mut y) = (wide * 0.5 - half * TURN.cos(), high * part - half * TURN.sin());
        for mut run in set(fonts, words, style, (0.0, 0.0), FIELD)?.0 {
            (run.x, run.y, run.turn) = (x, y, TURN);
            let wide = run.width();
            (x, y) = (x + wide * TURN.cos(), y + wide * TURN.sin());
            runs.push(run);
        }
    }
    Ok(runs)
}
