//! When a holder is reminded that a licence is about to expire 到期提醒.

use jiff::civil::Date;

use crate::time::Timestamp;

/// Days before the last day on which the holder is reminded.
pub const REMINDERS: [i64; 3] = [60, 30, 7];
/// Seconds after midnight at which a reminder is sent: nobody is woken.
const MORNING: i64 = 9 * 3_600;
const DAY: i64 = 86_400;

/// The first reminder after a moment, with the days that are then left; `None` when there is none any more. A licence is not said
/// to expire in the first half of its life.
pub fn next_reminder(valid_from: Date, valid_to: Date, after: Timestamp) -> Option<(Timestamp, i64)> {
    let last = Timestamp::start_of(valid_to);
    let life = (last.micros() - Timestamp::start_of(valid_from).micros()) / (DAY * 1_000_000);
    let fitting = REMINDERS.into_iter().filter(|days| days * 2 <= life);
    fitting.map(|days| (last.plus_seconds(MORNING - days * DAY), days)).find(|(at, _)| *at > after)
}

/// Days that are left of a licence that is about to expire: from its first reminder on. `None` before, and afterwards.
pub fn expires_soon(valid_from: Date, valid_to: Date, today: Date) -> Option<i64> {
    let days = |from: Date, to: Date| {
        (Timestamp::start_of(to).micros() - Timestamp::start_of(from).micros()) / (DAY * 1_000_000)
    };
    let (life, left) = (days(valid_from, valid_to), days(today, valid_to));
    let first = REMINDERS.into_iter().find(|days| days * 2 <= life)?;
    (0..=first).contains(&left).then_some(left)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn reminders_come_one_after_the_other_until_the_last() {
        let (from, to) = (date(2026, 1, 1), date(2026, 12, 31));
        let mut now = Timestamp::start_of(from);
        let mut told = Vec::new();
        while let Some((at, days)) = next_reminder(from, to, now) {
            assert!(at > now);
            told.push((at.date(), days));
            now = at;
        }
        assert_eq!(told, [(date(2026, 11, 1), 60), (date(2026, 12, 1), 30), (date(2026, 12, 24), 7)]);
    }

    #[test]
    fn a_licence_expires_soon_from_its_first_reminder_to_its_last_day() {
        let (from, to) = (date(2026, 1, 1), date(2026, 12, 31));
        let soon = |day| expires_soon(from, to, day);
        assert_eq!([soon(date(2026, 10, 31)), soon(date(2026, 11, 1))], [None, Some(60)]);
        assert_eq!([soon(to), soon(date(2027, 1, 1))], [Some(0), None]);
        assert_eq!(expires_soon(to, to, to), None, "one that never lasted longer");
    }

    #[test]
    fn a_short_licence_is_reminded_of_late_only() {
        let (from, to) = (date(2026, 1, 1), date(2026, 3, 2));
        let first = next_reminder(from, to, Timestamp::start_of(from));
        assert_eq!(first.map(|(at, days)| (at.date(), days)), Some((date(2026, 1, 31), 30)));
        assert_eq!(next_reminder(from, date(2026, 1, 10), Timestamp::start_of(from)), None);
    }
}
