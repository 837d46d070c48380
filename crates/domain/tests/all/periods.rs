//! When periods end, and the table of the law.

use domain::law::Confidence;
use domain::time::{Calendar, ClockError, LawError, LawTable, Pause, PauseKind, Period, StartEvent, Timestamp, Unit};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn cal() -> &'static Calendar {
    Calendar::embedded()
}

fn period(number: u32, unit: Unit) -> Period {
    Period {
        number,
        unit,
        start: StartEvent::Acceptance,
        source: "行政许可法 第四十二条".into(),
        basis: Confidence::V,
        valid_from: date(2004, 7, 1),
        valid_to: None,
    }
}

fn at(d: Date, hour: i64) -> Timestamp {
    Timestamp::start_of(d).plus_seconds(hour * 3600)
}

fn pause(from: (Date, i64), to: Option<(Date, i64)>) -> Pause {
    Pause { kind: PauseKind::ExpertReview, from: at(from.0, from.1), to: to.map(|(d, h)| at(d, h)) }
}

#[test]
fn ends_of_periods() {
    let check = |number, unit, start: (Date, i64), pauses: &[Pause], expected: Date| {
        let end = period(number, unit).deadline(cal(), at(start.0, start.1), pauses).unwrap();
        assert_eq!(end.date, expected, "{number} {unit:?} from {start:?} with {pauses:?}");
        assert_eq!(end.at, Timestamp::end_of(expected));
        assert_eq!(end.provisional, expected.year() > 2026);
    };
    let nov = |d| date(2026, 11, d);
    let (wd, cd, mo) = (Unit::WorkingDay, Unit::CalendarDay, Unit::Month);
    // At any hour of the start day, also on a Sunday, also one minute before midnight (T-2).
    check(5, wd, (nov(20), 0), &[], nov(27));
    check(5, wd, (nov(20), 23), &[], nov(27));
    check(5, wd, (nov(22), 9), &[], nov(27));
    check(0, wd, (nov(22), 9), &[], nov(22));
    check(0, cd, (nov(22), 9), &[], nov(22));
    check(0, Unit::Hour, (nov(22), 9), &[], nov(22));
    // Calendar days: an end on a free day moves (民法典 203); one in the week does not.
    check(7, cd, (nov(20), 9), &[], nov(27));
    check(8, cd, (nov(20), 9), &[], nov(30));
    check(60, cd, (date(2026, 8, 3), 9), &[], date(2026, 10, 8));
    // Months end on the day of the same number, or the last of the month.
    check(2, mo, (date(2026, 7, 16), 9), &[], date(2026, 9, 16));
    check(6, mo, (date(2026, 8, 31), 9), &[], date(2027, 3, 1));
    check(1, mo, (date(2026, 1, 31), 9), &[], date(2026, 2, 28));
    // A pause from Tuesday to Thursday: Tuesday is used up, Thursday is not.
    let three = [pause((nov(24), 10), Some((nov(26), 15)))];
    check(5, wd, (nov(20), 9), &three, date(2026, 12, 1));
    check(7, cd, (nov(20), 9), &three, nov(30));
    // Within one day nothing is excluded.
    check(5, wd, (nov(20), 9), &[pause((nov(24), 10), Some((nov(24), 15)))], nov(27));
    // Begun on the last day: the period ends with the pause, or on the next working day.
    check(5, wd, (nov(20), 9), &[pause((nov(27), 10), Some((nov(30), 15)))], nov(30));
    check(5, wd, (nov(20), 9), &[pause((nov(27), 10), Some((nov(28), 15)))], nov(30));
    check(7, cd, (nov(20), 9), &[pause((nov(27), 10), Some((nov(28), 15)))], nov(30));
    // Begun after the last day: too late, whether closed or open.
    check(5, wd, (nov(20), 9), &[pause((nov(28), 0), Some((nov(30), 15)))], nov(27));
    check(5, wd, (nov(20), 9), &[pause((nov(28), 0), None)], nov(27));
    // Pauses before the start change nothing; one that covers the start is cut.
    check(5, wd, (nov(20), 9), &[pause((nov(2), 0), Some((nov(9), 15)))], nov(27));
    check(5, wd, (nov(20), 9), &[pause((nov(2), 0), Some((nov(23), 15)))], nov(30));
}

#[test]
fn hours_are_exact() {
    let d = date(2026, 11, 20);
    let hours = period(24, Unit::Hour);
    assert_eq!(hours.deadline(cal(), at(d, 9), &[]).unwrap().at, at(d, 33));
    let overlapping = [pause((d, 10), Some((d, 14))), pause((d, 12), Some((d, 16)))];
    let end = hours.deadline(cal(), at(d, 9), &overlapping).unwrap();
    assert_eq!((end.at, end.date, end.provisional), (at(d, 39), date(2026, 11, 21), false));
    let open = hours.deadline(cal(), at(d, 9), &[pause((d, 10), None)]);
    assert!(matches!(open, Err(ClockError::Stopped(left)) if left.number == 23 && left.unit == Unit::Hour), "{open:?}");
    // Just in time and just too late.
    assert!(hours.deadline(cal(), at(d, 9), &[pause((d, 32), None)]).is_err());
    assert_eq!(hours.deadline(cal(), at(d, 9), &[pause((d, 33), None)]).unwrap().at, at(d, 33));
}

#[test]
fn an_open_pause_leaves_no_deadline() {
    let nov = |d| date(2026, 11, d);
    let open = [pause((nov(24), 10), None)];
    let left = |number, unit| match period(number, unit).deadline(cal(), at(nov(20), 9), &open) {
        Err(ClockError::Stopped(left)) => (left.number, left.unit),
        other => panic!("{other:?}"),
    };
    assert_eq!(left(5, Unit::WorkingDay), (3, Unit::WorkingDay));
    assert_eq!(left(7, Unit::CalendarDay), (3, Unit::CalendarDay));
    assert_eq!(left(1, Unit::Month), (26, Unit::CalendarDay));
}

#[test]
fn absurd_periods_are_refused() {
    let start = at(date(2026, 11, 20), 9);
    for unit in [Unit::WorkingDay, Unit::CalendarDay, Unit::Month, Unit::Hour] {
        for number in [40_000, 3_000_000_000, u32::MAX] {
            let result = period(number, unit).deadline(cal(), start, &[]);
            let refused = matches!(result, Err(ClockError::Calendar(_) | ClockError::TooLong { .. }));
            assert!(refused, "{number} {unit:?}: {result:?}");
        }
    }
    let early = Timestamp::start_of(date(1999, 1, 1));
    assert!(period(5, Unit::WorkingDay).deadline(cal(), early, &[]).is_err());
    for micros in [i64::MIN / 2, i64::MAX / 2] {
        let start = Timestamp::from_micros(micros);
        assert!(period(5, Unit::Hour).deadline(cal(), start, &[]).is_err());
    }
}

#[test]
fn the_law_table_has_the_numbers_of_the_general_procedure() {
    let law = LawTable::embedded();
    let on = date(2026, 11, 22);
    let check = |id: &str, number, unit, source: &str| {
        let found = law.get(id, on).unwrap();
        assert_eq!((found.number, found.unit), (number, unit), "{id}");
        assert!(found.source.contains(source), "{id}: {}", found.source);
        assert!(found.basis != Confidence::L, "{id}");
    };
    let (wd, cd, mo) = (Unit::WorkingDay, Unit::CalendarDay, Unit::Month);
    check("correction-notice", 5, wd, "行政许可法 第三十二条");
    check("decision", 20, wd, "行政许可法 第四十二条");
    check("decision-extension", 10, wd, "行政许可法 第四十二条");
    check("joint-decision", 45, wd, "行政许可法 第四十二条");
    check("joint-extension", 15, wd, "行政许可法 第四十二条");
    check("delivery", 10, wd, "行政许可法 第四十四条");
    check("hearing-request", 5, wd, "行政许可法 第四十七条");
    check("hearing-organise", 20, wd, "行政许可法 第四十七条");
    check("hearing-notice", 7, wd, "行政许可法 第四十八条");
    check("inspectors", 5, wd, "行政许可法 第五十五条");
    check("renewal-application", 30, wd, "行政许可法 第五十条");
    check("reconsideration", 60, cd, "行政复议法（2023年修订） 第二十条");
    check("reconsideration-untold", 12, mo, "行政复议法（2023年修订） 第二十条");
    check("lawsuit", 6, mo, "行政诉讼法 第四十六条");
    check("registration", 3, wd, "市场主体登记管理条例 第十九条");
    check("registration-extension", 3, wd, "市场主体登记管理条例 第十九条");
    check("bar-false-material", 12, mo, "行政许可法 第七十八条");
    check("bar-fraud", 36, mo, "行政许可法 第七十九条");
    for id in ["correction-supply", "correction-closing", "pledge-check", "human-review", "rectification"] {
        assert_eq!(law.get(id, on).unwrap().basis, Confidence::L, "{id}");
    }
    let lamps = law.lamps(on).unwrap();
    assert_eq!((lamps.warning, lamps.yellow), (5, 1));
    assert_eq!(law.get("decision", on).unwrap().period().source, law.get("decision", on).unwrap().source);
    assert!(law.list().count() >= 25);
}

#[test]
fn the_law_of_the_day_applies() {
    let law = LawTable::embedded();
    assert!(law.get("reconsideration", date(2023, 12, 31)).unwrap().source.contains("第九条"));
    assert!(law.get("reconsideration", date(2024, 1, 1)).unwrap().source.contains("第二十条"));
    let early = date(2004, 6, 30);
    assert_eq!(law.get("decision", early), Err(LawError::NotInForce { id: "decision".into(), on: early }));
    assert_eq!(law.get("nothing", early), Err(LawError::Unknown("nothing".into())));
}

fn number(id: &str, number: u32, from: &str, to: &str) -> String {
    let to = if to.is_empty() { String::new() } else { format!(r#""valid_to":"{to}","#) };
    format!(
        r#"{{"id":"{id}","number":{number},"unit":"working-day","start":"notice","source":"本市规则","basis":"L",
        "valid_from":"{from}",{to}"purpose":{{"zh":"补正","en":"Corrections"}}}}"#
    )
}

#[test]
fn a_city_sets_its_own_numbers() {
    let law = LawTable::embedded();
    let file = |numbers: &[String]| format!(r#"{{"numbers":[{}]}}"#, numbers.join(","));
    let until = number("correction-supply", 15, "2019-04-23", "2026-12-31");
    let since = number("correction-supply", 10, "2027-01-01", "");
    let city = law.with_overrides(&file(&[until, since.clone()])).unwrap();
    assert_eq!(city.get("correction-supply", date(2026, 12, 31)).unwrap().number, 15);
    assert_eq!(city.get("correction-supply", date(2027, 1, 1)).unwrap().number, 10);
    assert_eq!(law.get("correction-supply", date(2027, 1, 1)).unwrap().number, 15);

    let refused = |numbers: &[String]| law.with_overrides(&file(numbers)).unwrap_err();
    assert_eq!(
        refused(std::slice::from_ref(&since)),
        LawError::Overlap { id: "correction-supply".into(), on: date(2027, 1, 1) }
    );
    assert!(matches!(refused(&[since.clone(), since]), LawError::Overlap { .. }));
    assert!(matches!(refused(&[number("x", 1, "2027-01-02", "2027-01-01")]), LawError::Backwards { .. }));
    assert!(matches!(refused(&[number("", 1, "2027-01-02", "")]), LawError::Missing { field: "id", .. }));
    let wordless = number("x", 1, "2027-01-02", "").replace("Corrections", " ");
    assert!(matches!(refused(&[wordless]), LawError::Missing { .. }));
    let unknown = number("x", 1, "2027-01-02", "").replace("\"basis\"", "\"bases\"");
    assert!(matches!(refused(&[unknown]), LawError::Json(_)));
    for broken in ["", "{", "[]", "{\"numbers\":[{}]}"] {
        assert!(matches!(law.with_overrides(broken), Err(LawError::Json(_))), "{broken}");
    }
}

/// Excluded days by the words of the rule: (from, to] of each pause.
fn excluded(pauses: &[Pause]) -> BTreeSet<Date> {
    let days = |p: &Pause| {
        let (from, to) = (p.from.date(), p.to.unwrap().date());
        from.series(1.day()).skip(1).take_while(move |d| *d <= to).collect::<Vec<_>>()
    };
    pauses.iter().flat_map(days).collect()
}

fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    let one = (0i64..60, 0i64..24, 0i64..400).prop_map(|(day, hour, length)| {
        let from = at(date(2026, 9, 1), day * 24 + hour);
        Pause { kind: PauseKind::Testing, from, to: Some(from.plus_seconds(length * 3600)) }
    });
    prop::collection::vec(one, 0..6)
}

proptest! {
    #[test]
    fn pauses_exclude_their_union_once(pauses in pauses(), start in 0i64..240, n in 1u32..30) {
        let start = at(date(2026, 9, 1), start);
        let end = period(n, Unit::WorkingDay).deadline(cal(), start, &pauses).unwrap().date;
        // Day by day: a day is counted when it is a working day and not excluded.
        let excluded = excluded(&pauses);
        let mut day = start.date();
        let mut left = n;
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u32::from(cal().day(day).unwrap().working && !excluded.contains(&day));
        }
        // A pause that begins on the last day carries the end to the day on which the clock runs again.
        while excluded.contains(&day.tomorrow().unwrap()) {
            while excluded.contains(&day.tomorrow().unwrap()) {
                day = day.tomorrow().unwrap();
            }
            day = cal().next_working_day_on_or_after(day).unwrap().date;
        }
        prop_assert_eq!(end, day);
    }

    #[test]
    fn order_and_repetition_of_pauses_do_not_matter(pauses in pauses(), n in 1u32..30, unit in 0usize..4) {
        let unit = [Unit::WorkingDay, Unit::CalendarDay, Unit::Month, Unit::Hour][unit];
        let n = if unit == Unit::Month { n % 4 } else { n };
        let start = at(date(2026, 9, 1), 9);
        let once = period(n, unit).deadline(cal(), start, &pauses).unwrap();
        let mut twice = pauses.clone();
        twice.extend(pauses.into_iter().rev());
        prop_assert_eq!(once, period(n, unit).deadline(cal(), start, &twice).unwrap());
    }

    #[test]
    fn a_pause_never_shortens_a_period(pauses in pauses(), n in 1u32..30, unit in 0usize..4) {
        let unit = [Unit::WorkingDay, Unit::CalendarDay, Unit::Month, Unit::Hour][unit];
        let n = if unit == Unit::Month { n % 4 } else { n };
        let start = at(date(2026, 9, 1), 9);
        let mut last = period(n, unit).deadline(cal(), start, &[]).unwrap();
        for count in 0..=pauses.len() {
            let end = period(n, unit).deadline(cal(), start, &pauses[..count]).unwrap();
            prop_assert!(last.at <= end.at);
            last = end;
        }
    }
}
