//! Names of persons 姓名, with all characters of GB 18030-2022.

use super::{Code, CodeError, Part, clip};
use crate::text::hidden_character;

/// Blocks of Unicode with Chinese characters: the basic block, extensions A to J and the compatibility ideographs.
/// GB 18030-2022 level 3 needs A to F; names registered since may use the later ones.
const HAN: [(u32, u32); 14] = [
    (0x3007, 0x3007),
    (0x3400, 0x4dbf),
    (0x4e00, 0x9fff),
    (0xf900, 0xfaff),
    (0x20000, 0x2a6df),
    (0x2a700, 0x2b73f),
    (0x2b740, 0x2b81f),
    (0x2b820, 0x2ceaf),
    (0x2ceb0, 0x2ebef),
    (0x2ebf0, 0x2ee5f),
    (0x2f800, 0x2fa1f),
    (0x30000, 0x3134f),
    (0x31350, 0x323af),
    (0x323b0, 0x3347f),
];

/// Longest name in characters: the register of residents holds 50.
const LONGEST: usize = 50;
/// Longest name of an organisation in characters.
const LONGEST_ORGANISATION: usize = 200;

/// True for a Chinese character, whatever the plane.
pub fn is_han(c: char) -> bool {
    HAN.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

/// Letters of Latin script with their marks; no full-width letters.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Checks the name of a person: 2 to 50 Chinese characters, `·` once between parts; or, for names in Latin script, letters
/// with blanks, hyphens, apostrophes, full stops and commas.
///
/// # Errors
/// Too short or long, a character of neither script (control marks and private-use characters too), a `·` at an end or
/// twice, a Latin name without a letter at its ends.
pub fn check_person(name: &str) -> Result<(), CodeError> {
    let code = Code::PersonName;
    let count = name.chars().count();
    if count == 0 {
        return Err(CodeError::Empty(code));
    }
    if !(2..=LONGEST).contains(&count) {
        return Err(CodeError::Length { code, expected: format!("2–{LONGEST}"), found: count });
    }
    let latin = name.starts_with(is_latin);
    let letter = |c: char| if latin { is_latin(c) } else { is_han(c) };
    let joint = |c: char| if latin { matches!(c, ' ' | '-' | '\'' | '’' | '.' | ',' | '·') } else { c == '·' };
    if let Some((index, found)) = name.chars().enumerate().find(|(_, c)| !letter(*c) && !joint(*c)) {
        return Err(CodeError::Character { code, position: index + 1, found });
    }
    let doubled = name.chars().zip(name.chars().skip(1)).any(|(a, b)| a == b && matches!(a, '·' | ' '));
    let ends_well = name.ends_with(letter) || (latin && name.ends_with('.'));
    if !name.starts_with(letter) || !ends_well || doubled {
        return Err(CodeError::Part { code, part: Part::Dot, position: 1, found: clip(name) });
    }
    Ok(())
}

/// Checks the name of an enterprise or another organisation: no character that cannot be seen or that turns the text
/// around, and no longer than 200 characters. What it may be called is the business of the register.
///
/// # Errors
/// Empty, too long, or a hidden character, with its place.
pub fn check_organisation(name: &str) -> Result<(), CodeError> {
    let code = Code::OrganisationName;
    let count = name.chars().count();
    if name.trim().is_empty() {
        return Err(CodeError::Empty(code));
    }
    if count > LONGEST_ORGANISATION {
        return Err(CodeError::Length { code, expected: format!("1–{LONGEST_ORGANISATION}"), found: count });
    }
    match hidden_character(name, false) {
        None => Ok(()),
        Some(found) => {
            let position = name.chars().position(|c| c == found).map_or(1, |index| index + 1);
            Err(CodeError::Character { code, position, found })
        }
    }
}

/// What people type, repaired: blanks at the ends out, the many dots that keyboards give to `·`, blanks between Chinese
/// characters out.
pub fn normalise(name: &str) -> String {
    let name = name.trim();
    let latin = name.starts_with(is_latin);
    let dotted = name.chars().map(|c| match c {
        '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{30fb}' | '\u{ff65}' => '·',
        '.' | '\u{ff0e}' if !latin => '·',
        c => c,
    });
    dotted.filter(|c| latin || !c.is_whitespace()).collect()
}

/// A name for public lists: the first character stays (张**), one star for each other character.
pub fn mask(name: &str) -> String {
    name.chars().enumerate().map(|(i, c)| if i == 0 || c == '·' { c } else { '*' }).collect()
}
