//! Days and instants as people write them, in both languages.

use super::Timestamp;
use crate::text::Text;
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The English name of a month, 1 to 12; empty for any other number.
pub fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or("")
}

/// A legal day in full: `2026年11月22日`, `22 November 2026`.
pub fn date_words(date: Date) -> Text {
    let (year, month, day) = (date.year(), date.month(), date.day());
    Text::new(format!("{year}年{month}月{day}日"), format!("{day} {} {year}", month_name(month)))
}

/// A day and the time of day in Asia/Shanghai: `2026年11月22日 09:30`, `22 November 2026 09:30`.
pub fn moment_words(at: Timestamp) -> Text {
    let civil = at.civil();
    let (date, hour, minute) = (date_words(at.date()), civil.hour(), civil.minute());
    Text::new(format!("{} {hour:02}:{minute:02}", date.zh), format!("{} {hour:02}:{minute:02}", date.en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_read_naturally_in_both_languages() {
        assert_eq!(date_words(date(2026, 11, 2)), Text::new("2026年11月2日", "2 November 2026"));
        let at = Timestamp::start_of(date(2027, 1, 1)).plus_seconds(9 * 3600 + 5 * 60);
        assert_eq!(moment_words(at), Text::new("2027年1月1日 09:05", "1 January 2027 09:05"));
        assert_eq!([month_name(0), month_name(12), month_name(13)], ["", "December", ""]);
    }
}
