//! Setting text: which font has which character, where lines break, where each glyph goes.

use rustybuzz::{Direction, UnicodeBuffer};

use super::{Colour, Fonts, Glyph, Missing, Run};

/// Characters that must not begin a line (GB/T 15834).
const NOT_FIRST: &str = "，。；：、！？）》」』】〕”’,.;:!?)]}%";
/// Characters that must not end one.
const NOT_LAST: &str = "（《「『【〔“‘([{";

/// How a line is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: f64,
    pub colour: Colour,
    pub bold: bool,
    /// Room between characters in millimetres.
    pub spacing: f64,
}

impl Style {
    pub(super) fn new(size: f64, colour: Colour) -> Style {
        Style { size, colour, bold: false, spacing: 0.0 }
    }
}

/// What is printed of a text: controls become blanks, and what only selects a variant is left to the font.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}' | '\u{feff}' | '\r'))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Shapes a line into runs beginning at (`x`, `y`), and returns them with the width of the line.
pub(super) fn set(
    fonts: &Fonts,
    text: &str,
    style: Style,
    (x, y): (f64, f64),
    field: &str,
) -> Result<(Vec<Run>, f64), Missing> {
    let mut runs: Vec<Run> = Vec::new();
    let mut used = 0.0;
    for (font, piece) in pieces(fonts, text, field)? {
        let run = shape(fonts, font, piece, style, (x + used, y));
        used += run.width();
        runs.push(run);
    }
    Ok((runs, (used - style.spacing).max(0.0)))
}

/// Divides a text by the font that has its characters.
fn pieces<'t>(fonts: &Fonts, text: &'t str, field: &str) -> Result<Vec<(usize, &'t str)>, Missing> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, character) in text.char_indices() {
        let missing = || Missing { character, field: field.to_owned() };
        let (font, _) = fonts.find(character).ok_or_else(missing)?;
        if found.last().is_none_or(|(last, _)| *last != font) {
            found.push((font, at));
        }
    }
    let ends = found.iter().skip(1).map(|(_, at)| *at).chain([text.len()]);
    Ok(found.iter().zip(ends).filter_map(|((font, from), to)| Some((*font, text.get(*from..to)?))).collect())
}

fn shape(fonts: &Fonts, font: usize, text: &str, style: Style, (x, y): (f64, f64)) -> Run {
    let mut run = Run {
        font,
        size: style.size,
        x,
        y,
        turn: 0.0,
        colour: style.colour,
        bold: if style.bold { style.size * 0.032 } else { 0.0 },
        text: text.to_owned(),
        glyphs: Vec::new(),
    };
    let Some(font) = fonts.get(font) else { return run };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(Direction::LeftToRight);
    let shaped = rustybuzz::shape(&font.face, &[], buffer);
    let scale = style.size / font.em;
    let mut pen = 0.0;
    let clusters: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    for (index, (info, position)) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()).enumerate() {
        let from = info.cluster as usize;
        let to = clusters.iter().skip(index + 1).find(|next| **next != from).copied().unwrap_or(text.len());
        let advance = f64::from(position.x_advance) * scale + style.spacing;
        run.glyphs.push(Glyph {
            // OpenType glyph numbers have sixteen bits.
            id: u16::try_from(info.glyph_id).unwrap_or_default(),
            x: pen + f64::from(position.x_offset) * scale,
            y: f64::from(position.y_offset) * scale,
            advance,
            range: from..to,
        });
        pen += advance;
    }
    run
}

/// The width of a text without spacing, from the advances alone.
pub(super) fn width(fonts: &Fonts, text: &str, size: f64) -> f64 {
    text.chars().map(|character| em(fonts, character)).sum::<f64>() * size
}

fn em(fonts: &Fonts, character: char) -> f64 {
    let (font, glyph) = fonts.find(character).unwrap_or((0, 0));
    fonts.get(font).map_or(1.0, |font| font.advance(glyph))
}

/// Breaks a text into lines no wider than `limit`: between any two Chinese characters, between words otherwise, inside a word only
/// if it alone is too long; closing marks stay on the line that they close.
pub(super) fn wrap(fonts: &Fonts, text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for piece in breakable(text) {
        let wide = width(fonts, piece, size);
        let Some(last) = lines.last_mut() else { break };
        if used + width(fonts, piece.trim_end(), size) <= limit {
            last.push_str(piece);
            used += wide;
        } else if wide <= limit {
            lines.push(piece.trim_start().to_owned());
            used = width(fonts, piece.trim_start(), size);
        } else {
            for character in piece.chars() {
                let next = em(fonts, character) * size;
                if used + next > limit {
                    lines.push(String::new());
                    used = 0.0;
                }
                if let Some(last) = lines.last_mut() {
                    last.push(character);
                }
                used += next;
            }
        }
    }
    lines.iter().map(|line| line.trim().to_owned()).collect()
}

/// Pieces between which a line may break.
fn breakable(text: &str) -> Vec<&str> {
    let mut ends = Vec::new();
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        if before.is_some_and(|before| !joined(before, character)) {
            ends.push(at);
        }
        before = Some(character);
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied().chain([text.len()])).filter_map(|(from, to)| text.get(from..to)).collect()
}

fn joined(before: char, after: char) -> bool {
    let wordy = |c: char| c != ' ' && (c as u32) < 0x2e80 && c != '—' && c != '…';
    NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after == ' ' || (wordy(before) && wordy(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_a_reader_expects_it() {
        let fonts = Fonts::standard().unwrap();
        let lines = wrap(fonts, "青岛市市南区香港中路十二号、十四号（西门）", 10.0, 105.0);
        assert_eq!(lines, ["青岛市市南区香港中路", "十二号、十四号（西", "门）"]);
        assert_eq!(wrap(fonts, "Qingdao Seawind Catering", 10.0, 50.0), ["Qingdao", "Seawind", "Catering"]);
        assert_eq!(wrap(fonts, "", 10.0, 90.0), [""]);
        for line in wrap(fonts, &"9".repeat(40), 10.0, 64.0) {
            assert!(width(fonts, &line, 10.0) <= 64.0, "{line}");
        }
    }

    #[test]
    fn a_character_without_a_glyph_is_named_with_its_field() {
        let fonts = Fonts::standard().unwrap();
        let error = set(fonts, "王𱍊", Style::new(4.0, Colour(0, 0, 0)), (0.0, 0.0), "负责人").unwrap_err();
        assert_eq!(error, Missing { character: '𱍊', field: "负责人".into() });
        assert!(error.to_string().contains("U+3134A"), "{error}");
    }
}
