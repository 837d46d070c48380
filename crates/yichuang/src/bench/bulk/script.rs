//! A stored text with places: names, numbers and ids that differ from copy to copy, and instants and days that move with
//! the case.

use jiff::ToSpan;
use jiff::civil::Date;

/// A text cut at its places.
#[derive(Debug, Clone, PartialEq)]
pub struct Script(Vec<Piece>);

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    /// The copy's word at this place of its list.
    Word(usize),
    /// Microseconds since the epoch.
    Moment(i64),
    /// A day as `2026-11-22`, or as `2026年11月22日` when true.
    Day(Date, bool),
}

/// What a copy puts into the places.
#[derive(Debug)]
pub struct Copy<'a> {
    /// Words, in the order in which the script's needles stood.
    pub words: &'a [String],
    /// By how many days instants and days move.
    pub days: i64,
}

impl Script {
    /// Cuts a text at every needle, at instants, and at days from `since` on: earlier ones are birthdays and dates of laws,
    /// which do not move.
    pub fn cut(text: &str, needles: &[String], since: Date) -> Script {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word = needles.iter().position(|needle| !needle.is_empty() && rest.starts_with(needle.as_str()));
            let found = match word {
                Some(place) => needles.get(place).map(|needle| (Piece::Word(place), needle.len())),
                None if first.is_ascii_digit() && !plain.ends_with(|c: char| c.is_ascii_alphanumeric()) => {
                    moment(rest).or_else(|| day(rest, since))
                }
                None => None,
            };
            let length = match found {
                Some((piece, length)) => {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    pieces.push(piece);
                    length
                }
                None => {
                    plain.push(first);
                    first.len_utf8()
                }
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        pieces.push(Piece::Text(plain));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Script(pieces)
    }

    /// The text of a copy.
    pub fn fill(&self, copy: &Copy<'_>) -> String {
        let mut out = String::with_capacity(self.0.len() * 32);
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Word(place) => out.push_str(copy.words.get(*place).map_or("", String::as_str)),
                Piece::Moment(micros) => out.push_str(&(micros + copy.days * DAY_MICROS).to_string()),
                Piece::Day(date, chinese) => {
                    let date = date.checked_add(copy.days.days()).unwrap_or(*date);
                    if *chinese {
                        out.push_str(&format!("{}年{:02}月{:02}日", date.year(), date.month(), date.day()));
                    } else {
                        out.push_str(&date.to_string());
                    }
                }
            }
        }
        out
    }
}

/// Microseconds in a day.
pub const DAY_MICROS: i64 = 86_400_000_000;

/// Sixteen digits by themselves: no number of a person or a company has sixteen.
fn moment(rest: &str) -> Option<(Piece, usize)> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let follows = rest.get(end..)?.chars().next();
    if end != 16 || follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '"') {
        return None;
    }
    Some((Piece::Moment(rest.get(..end)?.parse().ok()?), end))
}

fn day(rest: &str, since: Date) -> Option<(Piece, usize)> {
    let (date, length, chinese) = match rest.get(..10).and_then(|text| text.parse::<Date>().ok()) {
        Some(date) => (date, 10, false),
        None => {
            let (year, after) = rest.split_once('年')?;
            let (month, after) = after.split_once('月')?;
            let (day, _) = after.split_once('日')?;
            let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            let marks = "年月日".len();
            (date, year.len() + month.len() + day.len() + marks, true)
        }
    };
    (date >= since).then_some((Piece::Day(date, chinese), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_everything_else_stays() {
        let text = r#"{"id":"01a0","name":"孙斌","born":"1982-08-06","at":1789520400000000,"code":"911789520400000000",
            "until":"2026-09-20","text":"请于2026年9月20日前，依照2013年01月01日施行的规定"}"#;
        let needles = ["01a0".to_owned(), "孙斌".to_owned()];
        let script = Script::cut(text, &needles, Date::constant(2026, 9, 1));
        let same = Copy { words: &needles, days: 0 };
        assert_eq!(script.fill(&same), text.replace("9月20日", "09月20日"));
        let words = ["ffff".to_owned(), "王芳".to_owned()];
        let moved = script.fill(&Copy { words: &words, days: -7 });
        let wanted = text
            .replace("01a0", "ffff")
            .replace("孙斌", "王芳")
            .replace(":1789520400000000", ":1788915600000000")
            .replace("2026-09-20", "2026-09-13")
            .replace("2026年9月20日", "2026年09月13日");
        assert_eq!(moved, wanted);
    }
}
