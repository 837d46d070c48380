//! Numbers of postal items: two letters, eight digits, a check digit, `CN` (UPU standard S10).

/// Weights of the eight digits.
const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];
/// How many numbers there are with the same two letters.
const NUMBERS: i64 = 100_000_000;

/// The check digit of eight digits; `None` for anything else.
pub fn check_digit(digits: &str) -> Option<char> {
    if digits.len() != 8 {
        return None;
    }
    let sum: u32 =
        digits.chars().zip(WEIGHTS).map(|(digit, weight)| Some(digit.to_digit(10)? * weight)).sum::<Option<u32>>()?;
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        other => other,
    };
    char::from_digit(check, 10)
}

/// The number of an item: the kind of service in two letters, and its place in a series, which begins anew after 100 million.
pub fn number(service: &str, sequence: i64) -> String {
    let digits = format!("{:08}", sequence.rem_euclid(NUMBERS));
    let check = check_digit(&digits).unwrap_or('0');
    format!("{service}{digits}{check}CN")
}

/// Whether a text is such a number, with the right check digit.
pub fn is_number(text: &str) -> bool {
    let letters = |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_uppercase()));
    text.is_ascii()
        && text.len() == 13
        && letters(text.get(..2))
        && letters(text.get(11..))
        && text.get(2..10).and_then(check_digit) == text.chars().nth(10)
}
