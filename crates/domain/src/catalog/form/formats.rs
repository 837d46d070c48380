//! The string formats a form may use: `date`, `uscc`, `citizen-id`, `phone`.

use jiff::civil::Date;
use jsonschema::{Draft, PatternOptions, ValidationOptions};

/// Options under which every form is compiled. The linear-time expression engine keeps a hostile pattern or answer
/// from stalling a page, and no reference may lead out of the file.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .with_format("date", is_date)
        .with_format("uscc", is_uscc)
        .with_format("citizen-id", is_citizen_id)
        .with_format("phone", is_phone)
}

/// `YYYY-MM-DD`, a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.is_ascii() && text.parse::<Date>().is_ok_and(|date| date.to_string() == text)
}

/// A unified social credit code of GB 32100—2015 with the right check character.
pub(super) fn is_uscc(text: &str) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    if text.len() != 18 || !text.bytes().skip(2).take(6).all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let Some(values) =
        text.bytes().map(|byte| ALPHABET.iter().position(|known| *known == byte)).collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    // Weights 3⁰, 3¹ … 3¹⁶ (mod 31), and 1 for the check character, which makes the sum a multiple of 31.
    let (sum, _) = values.iter().take(17).fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    (sum + values.last().unwrap_or(&0)).is_multiple_of(31)
}

/// A citizen number of GB 11643—1999: a birth date that exists and the right check character.
pub(super) fn is_citizen_id(text: &str) -> bool {
    const CHECK: &[u8] = b"10X98765432";
    let bytes = text.as_bytes();
    let (Some(digits), Some(last)) = (bytes.get(..17), bytes.get(17)) else { return false };
    if bytes.len() != 18 || !digits.iter().all(u8::is_ascii_digit) || bytes.first() == Some(&b'0') {
        return false;
    }
    let sum: usize = digits.iter().enumerate().map(|(i, d)| usize::from(d - b'0') * ((1 << (17 - i)) % 11)).sum();
    let (year, month, day) = (&text[6..10], &text[10..12], &text[12..14]);
    CHECK.get(sum % 11) == Some(last) && is_date(&format!("{year}-{month}-{day}"))
}

/// A mainland mobile number, or a fixed number with its area code and perhaps an extension.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() == 11 && digits(text) && !text.starts_with('0') {
        return text.starts_with('1') && text.bytes().nth(1).is_some_and(|second| (b'3'..=b'9').contains(&second));
    }
    let mut parts = text.split('-');
    let (Some(area), Some(number), extension) = (parts.next(), parts.next(), parts.next()) else { return false };
    parts.next().is_none()
        && digits(area)
        && area.starts_with('0')
        && (3..=4).contains(&area.len())
        && digits(number)
        && (7..=8).contains(&number.len())
        && extension.is_none_or(|extension| digits(extension) && extension.len() <= 6)
}
