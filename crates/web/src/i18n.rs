//! The words of the pages: [`T`] has one typed method per message of `locales/{zh,en}/*.ftl`, plus the ways in which
//! dates, times, money and periods are written in each language.
//!
//! The methods are compiled from the fluent files by `build.rs`: a message that is missing in one language, or whose
//! arguments differ between them, fails the build with its file and name. To add words, add the message to both files
//! of your capability (`locales/zh/desk.ftl` and `locales/en/desk.ftl`); the identifier begins with the file's name
//! (`desk-queue-title`, called as `t.desk_queue_title()`), only `common.ftl` is free of that rule.

use domain::text::{Lang, Text};
use domain::time::{Period, Timestamp, Unit, date_words, moment_words, month_name};
use jiff::civil::{Date, Weekday};
use std::fmt::{Display, Write as _};

/// The words in one language. Small and `Copy`: pass it by value to whatever renders words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct T {
    lang: Lang,
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

impl T {
    /// The words in `lang`.
    pub const fn new(lang: Lang) -> T {
        T { lang }
    }

    /// The language.
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// BCP 47 tag for `lang` attributes: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        self.lang.tag()
    }

    /// A text of the catalogue in this language.
    pub fn of(self, text: &Text) -> &str {
        text.get(self.lang)
    }

    /// A legal day in full: `2026年11月22日`, `22 November 2026`.
    pub fn date(self, date: Date) -> String {
        date_words(date).get(self.lang).to_owned()
    }

    /// A legal day without its year, with the weekday: `11月22日 周日`, `Sun 22 November`.
    pub fn day(self, date: Date) -> String {
        let weekday = self.weekday(date.weekday());
        match self.lang {
            Lang::Zh => format!("{}月{}日 {weekday}", date.month(), date.day()),
            Lang::En => format!("{weekday} {} {}", date.day(), month_name(date.month())),
        }
    }

    /// Time of day in Asia/Shanghai: `09:30`.
    pub fn clock(self, at: Timestamp) -> String {
        let at = at.civil();
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// Day and time of day in Asia/Shanghai: `2026年11月22日 09:30`.
    pub fn moment(self, at: Timestamp) -> String {
        moment_words(at).get(self.lang).to_owned()
    }

    /// An amount of money given in fen: `40 元`, `¥1,234.50`.
    pub fn money(self, fen: i64) -> String {
        let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
        let yuan = grouped(i64::try_from(fen / 100).unwrap_or(i64::MAX));
        let cents = if fen.is_multiple_of(100) { String::new() } else { format!(".{:02}", fen % 100) };
        match self.lang {
            Lang::Zh => format!("{sign}{yuan}{cents} 元"),
            Lang::En => format!("{sign}¥{yuan}{cents}"),
        }
    }

    /// The length of a period: `3 个工作日`, `3 working days`; zero is `当场`, `on the spot`.
    pub fn period(self, period: &Period) -> String {
        self.span(i64::from(period.number), period.unit)
    }

    /// A number of units of time, as [`T::period`].
    pub fn span(self, n: i64, unit: Unit) -> String {
        match unit {
            _ if n == 0 => self.at_once().to_owned(),
            Unit::WorkingDay => self.working_days(n),
            Unit::CalendarDay => self.calendar_days(n),
            Unit::Month => self.months(n),
            Unit::Hour => self.hours(n),
        }
    }

    fn weekday(self, weekday: Weekday) -> &'static str {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0);
        let names = match self.lang {
            Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
            Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        names.get(index).copied().unwrap_or("")
    }
}

/// A whole number as an argument of a message: any integer, by value or (as templates pass it) by reference.
/// What does not fit is shown as the greatest number that does.
pub trait Number {
    /// As 64 bits.
    fn number(self) -> i64;
}

macro_rules! numbers {
    ($($kind:ty),+) => { $(
        impl Number for $kind {
            fn number(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )+ };
}
numbers!(i64, u64, i32, u32, usize);

impl<N: Number + Copy> Number for &N {
    fn number(self) -> i64 {
        (*self).number()
    }
}

/// Appends something shown; the generated methods call it.
fn show(out: &mut String, shown: &impl Display) {
    // Writing into a `String` cannot fail.
    let _ = write!(out, "{shown}");
}

/// A number with its digits in groups of three: `1,268`.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_money_read_naturally_in_both_languages() {
        let (zh, en) = (T::new(Lang::Zh), T::new(Lang::En));
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
        assert_eq!(zh.money(4_000), "40 元");
        assert_eq!(en.money(123_450), "¥1,234.50");
        assert_eq!(en.money(-5), "-¥0.05");
        assert_eq!(zh.span(3, Unit::WorkingDay), "3 个工作日");
        assert_eq!(en.span(1, Unit::WorkingDay), "1 working day");
        assert_eq!(zh.span(0, Unit::WorkingDay), "当场");
    }

    #[test]
    fn dates_are_legal_days_of_shanghai() {
        let date = jiff::civil::date(2026, 11, 22);
        let late = Timestamp::from_micros(Timestamp::end_of(date).micros() - 1);
        assert_eq!(T::new(Lang::Zh).moment(late), "2026年11月22日 23:59");
        assert_eq!(T::new(Lang::En).moment(late), "22 November 2026 23:59");
        assert_eq!(T::new(Lang::Zh).date(date), "2026年11月22日");
        assert_eq!(T::new(Lang::En).date(date), "22 November 2026");
        assert_eq!(T::new(Lang::Zh).day(date), "11月22日 周日");
    }
}
