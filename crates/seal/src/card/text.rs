//! Setting text without knowing the font: widths are estimated, on the wide side.

use std::fmt::Write;

use super::{SANS, SERIF};

/// Characters that must not begin a line.
const NOT_FIRST: &str = "，。；：、！？）》」』】〕”’,.;:!?)]}%";

/// Escapes text for element content and quoted attributes, and drops characters that XML does not allow.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    out
}

/// How a line is set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    family: &'static str,
    size: f64,
    colour: &'static str,
    bold: bool,
    spacing: f64,
    anchor: &'static str,
}

impl Style {
    pub(super) fn serif(size: f64, colour: &'static str) -> Style {
        Style { family: SERIF, size, colour, bold: false, spacing: 0.0, anchor: "middle" }
    }

    pub(super) fn sans(size: f64, colour: &'static str) -> Style {
        Style { family: SANS, ..Style::serif(size, colour) }
    }

    pub(super) fn bold(self) -> Style {
        Style { bold: true, ..self }
    }

    pub(super) fn spaced(self, spacing: f64) -> Style {
        Style { spacing, ..self }
    }

    pub(super) fn leftward(self) -> Style {
        Style { anchor: "start", ..self }
    }
}

/// Writes one line at a baseline.
pub(super) fn line(svg: &mut String, style: &Style, x: f64, y: f64, text: &str) {
    let Style { family, size, colour, anchor, .. } = style;
    let _ = write!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-family=\"{family}\" font-size=\"{size:.1}\" fill=\"{colour}\""
    );
    if *anchor != "start" {
        let _ = write!(svg, " text-anchor=\"{anchor}\"");
    }
    if style.bold {
        svg.push_str(" font-weight=\"700\"");
    }
    if style.spacing > 0.0 {
        let _ = write!(svg, " letter-spacing=\"{:.1}\"", style.spacing);
    }
    let _ = write!(svg, ">{}</text>", escape(text));
}

/// The estimated width of a character in ems.
fn em(char: char) -> f64 {
    match char {
        'W' | 'M' | 'm' | 'w' | '@' | '%' => 0.9,
        'A'..='Z' | '0'..='9' | '&' | '+' | '<' | '>' | '=' | '~' | '#' | '$' => 0.64,
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | 'i' | 'l' | 'j' => 0.34,
        char if char.is_ascii() => 0.56,
        '\u{300}'..='\u{36f}' => 0.0,
        '\u{a0}'..='\u{2ff}' | '\u{370}'..='\u{52f}' => 0.62,
        _ => 1.0,
    }
}

/// The estimated width of a text.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// Breaks a text into lines no wider than `limit`: between any two Chinese characters, between words otherwise, inside a word only
/// if it alone is too long; closing marks stay on the line they close.
pub(super) fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let Some(last) = lines.last_mut() else { break };
        if width(last, size) + width(piece.trim_end(), size) <= limit || last.is_empty() && width(&piece, size) <= limit
        {
            last.push_str(&piece);
        } else if width(&piece, size) <= limit {
            lines.push(piece.trim_start().to_owned());
        } else {
            split_long(&mut lines, &piece, size, limit);
        }
    }
    lines.iter().map(|line| line.trim().to_owned()).collect()
}

fn split_long(lines: &mut Vec<String>, piece: &str, size: f64, limit: f64) {
    for char in piece.chars() {
        let Some(last) = lines.last_mut() else { return };
        if width(last, size) + em(char) * size <= limit {
            last.push(char);
        } else {
            lines.push(char.to_string());
        }
    }
}

/// Pieces between which a line may break.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for char in text.chars() {
        let joins = before.is_some_and(|before| {
            NOT_FIRST.contains(char)
                || char == ' '
                || (wordy(before) && wordy(char))
                || "（《「『【〔“‘([{".contains(before)
        });
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(char),
            _ => pieces.push(char.to_string()),
        }
        before = Some(char);
    }
    pieces
}

fn wordy(char: char) -> bool {
    char != ' ' && em(char) < 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_a_reader_expects_it() {
        let lines = wrap("青岛市市南区香港中路十二号、十四号（西门）", 10.0, 105.0);
        assert_eq!(lines, ["青岛市市南区香港中路", "十二号、十四号（西", "门）"]);
        assert_eq!(wrap("Qingdao Seawind Catering", 10.0, 80.0), ["Qingdao", "Seawind", "Catering"]);
        assert_eq!(wrap("", 10.0, 90.0), [""]);
        let long = wrap(&"9".repeat(40), 10.0, 64.0);
        assert_eq!(long.len(), 4);
        for text in ["汉字，，，，，，，，，，，，，，，，，，，，，，，，", "a bb ccc dddd"]
        {
            for line in wrap(text, 10.0, 60.0) {
                assert!(width(&line, 10.0) <= 60.0 + 1e-9, "{line}");
            }
        }
    }

    #[test]
    fn nothing_escapes_its_element() {
        assert_eq!(escape("<b a=\"1\" c='2'>&\u{0}\u{ffff}"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
    }
}
