//! The working-day calendar against the published years, the regulation and a day-by-day count.

use domain::time::{Calendar, CalendarError, DayType, NoticeProblem};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn cal() -> &'static Calendar {
    Calendar::embedded()
}

/// Working days and days of each published year, counted in the full file of 8,401 days from which ours was reduced.
const PUBLISHED: [(i16, u32); 23] = [
    (2004, 252),
    (2005, 250),
    (2006, 251),
    (2007, 249),
    (2008, 251),
    (2009, 250),
    (2010, 250),
    (2011, 250),
    (2012, 249),
    (2013, 250),
    (2014, 250),
    (2015, 249),
    (2016, 250),
    (2017, 249),
    (2018, 250),
    (2019, 250),
    (2020, 249),
    (2021, 250),
    (2022, 249),
    (2023, 249),
    (2024, 251),
    (2025, 248),
    (2026, 248),
];

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(1.day()).take_while(move |d| d.year() == year)
}

#[test]
fn published_years_have_their_published_number_of_working_days() {
    for (year, expected) in PUBLISHED {
        let working = days_of(year).filter(|d| cal().day(*d).unwrap().working).count();
        assert_eq!(working, expected as usize, "{year}");
        assert!(days_of(year).all(|d| !cal().day(d).unwrap().provisional), "{year}");
    }
}

#[test]
fn kinds_of_days_have_their_published_numbers() {
    let mut counts = std::collections::BTreeMap::new();
    for day in (2004..=2026).flat_map(days_of) {
        *counts.entry(format!("{:?}", cal().day(day).unwrap().kind)).or_insert(0) += 1;
    }
    let expected = [
        ("AdjustedWorkday", 150),
        ("ExtendedHoliday", 3),
        ("Holiday", 467),
        ("InLieuHoliday", 151),
        ("Weekend", 2036),
        ("Workday", 5594),
    ];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected.map(|(k, n)| (k.to_owned(), n)));
}

#[test]
fn provisional_years_have_the_festivals_of_the_regulation() {
    let festivals = |year| {
        days_of(year)
            .map(|d| (d, cal().day(d).unwrap()))
            .filter(|(_, k)| k.name.is_some())
            .map(|(d, k)| format!("{:02}-{:02} {}", d.month(), d.day(), k.name.unwrap().zh))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        festivals(2027),
        [
            "01-01 元旦",
            "02-05 春节",
            "02-06 春节",
            "02-07 春节",
            "02-08 春节",
            "04-05 清明",
            "05-01 劳动节",
            "05-02 劳动节",
            "06-09 端午",
            "09-15 中秋",
            "10-01 国庆节",
            "10-02 国庆节",
            "10-03 国庆节",
        ]
    );
    assert_eq!(
        festivals(2028),
        [
            "01-01 元旦",
            "01-25 春节",
            "01-26 春节",
            "01-27 春节",
            "01-28 春节",
            "04-04 清明",
            "05-01 劳动节",
            "05-02 劳动节",
            "05-28 端午",
            "10-01 国庆节",
            "10-02 国庆节",
            "10-03 中秋、国庆节",
        ]
    );
    let day = cal().day(date(2027, 2, 8)).unwrap();
    assert!(day.provisional && !day.working && day.kind == DayType::Holiday);
    let sunday = cal().day(date(2027, 2, 14)).unwrap();
    assert!(sunday.provisional && !sunday.working && sunday.kind == DayType::Weekend);
}

#[test]
fn counting_across_the_years() {
    let check = |from: Date, n, expected: Date, provisional| {
        let end = cal().add_working_days(from, n).unwrap();
        assert_eq!((end.date, end.provisional), (expected, provisional), "{from} + {n}");
    };
    check(date(2026, 12, 30), 15, date(2027, 1, 21), true);
    check(date(2026, 12, 30), 1, date(2026, 12, 31), false);
    check(date(2026, 12, 30), 2, date(2027, 1, 4), true);
    // National Day 2026: 20 September and 10 October are worked.
    check(date(2026, 9, 18), 1, date(2026, 9, 20), false);
    check(date(2026, 9, 30), 1, date(2026, 10, 8), false);
    check(date(2026, 9, 30), 3, date(2026, 10, 10), false);
    // Spring Festival 2026: 14 and 28 February are worked, 15 to 23 February are free.
    check(date(2026, 2, 13), 2, date(2026, 2, 24), false);
    check(date(2026, 2, 20), 0, date(2026, 2, 20), false);
    let back = cal().subtract_working_days(date(2026, 10, 8), 1).unwrap();
    assert_eq!(back.date, date(2026, 9, 30));
    assert_eq!(cal().next_working_day_on_or_after(date(2026, 10, 1)).unwrap().date, date(2026, 10, 8));
    assert_eq!(cal().next_working_day_on_or_after(date(2026, 10, 10)).unwrap().date, date(2026, 10, 10));
}

#[test]
fn names_are_in_both_languages() {
    let name = |d| cal().day(d).unwrap().name.unwrap().en;
    assert_eq!(name(date(2026, 2, 17)), "Spring Festival");
    assert_eq!(name(date(2026, 2, 14)), "working day in exchange for Spring Festival");
    assert_eq!(name(date(2020, 1, 31)), "Spring Festival, extended");
    assert!(name(date(2015, 9, 3)).starts_with("holiday by special notice"));
    assert!((2004..=2028).flat_map(days_of).filter_map(|d| cal().day(d).unwrap().name).all(|n| !n.is_incomplete()));
}

#[test]
fn outside_the_calendar_there_is_no_guess() {
    let first = date(2004, 1, 1);
    let last = date(2028, 12, 31);
    assert_eq!(cal().range(), Some((first, last)));
    let before = date(2003, 12, 31);
    assert_eq!(cal().day(before), Err(CalendarError::BeforeFirst { date: before, first }));
    assert_eq!(cal().add_working_days(before, 3), Err(CalendarError::BeforeFirst { date: before, first }));
    let after = date(2029, 1, 1);
    assert_eq!(cal().day(after), Err(CalendarError::BeyondHorizon { from: after, last }));
    let late = date(2028, 12, 20);
    assert_eq!(cal().add_working_days(late, 400), Err(CalendarError::BeyondHorizon { from: late, last }));
    assert_eq!(cal().add_working_days(late, u32::MAX), Err(CalendarError::BeyondHorizon { from: late, last }));
    assert!(matches!(cal().day(Date::MAX), Err(CalendarError::BeyondHorizon { .. })));
    assert!(matches!(cal().day(Date::MIN), Err(CalendarError::BeforeFirst { .. })));
    assert!(matches!(cal().subtract_working_days(first, 1), Err(CalendarError::BeforeFirst { .. })));
    assert!(matches!(cal().working_days_between(late, first), Err(CalendarError::EndBeforeStart { .. })));
    let empty = Calendar::default();
    assert!(empty.day(first).is_err() && empty.add_working_days(first, 1).is_err() && empty.range().is_none());
}

/// What the notice for 2027 could look like; the swapped days are made up for this test.
const NOTICE_2027: &str = "date,kind,name
2026-12-27,adjusted_workday,元旦调休上班
2027-01-01,holiday,元旦
2027-02-05,holiday,春节
2027-02-08,holiday,春节
2027-02-09,in_lieu_holiday,春节
2027-02-20,adjusted_workday,春节调休上班
2027-04-05,holiday,清明
2027-06-09,holiday,端午
2027-09-15,holiday,中秋
2027-10-01,holiday,国庆节
";

#[test]
fn a_notice_ends_the_provisional_year() {
    let new = cal().extend(NOTICE_2027).unwrap();
    assert_eq!(new.published_years(), Some((2004, 2027)));
    assert_eq!(new.range().unwrap().1, date(2029, 12, 31));
    let end = new.add_working_days(date(2026, 12, 30), 15).unwrap();
    assert_eq!((end.date, end.provisional), (date(2027, 1, 21), false));
    assert!(new.day(date(2026, 12, 27)).unwrap().working, "December of the year before was moved");
    assert!(!new.day(date(2027, 2, 9)).unwrap().working);
    assert!(new.day(date(2027, 2, 20)).unwrap().working);
    assert!(new.day(date(2029, 2, 13)).unwrap().provisional);
    assert_eq!(cal().published_years(), Some((2004, 2026)), "the old calendar is untouched");
    // A corrected notice replaces the year, also with Windows line ends, a byte-order mark and more columns.
    let corrected = NOTICE_2027.replace("2027-02-20,adjusted_workday,春节调休上班\n", "");
    let corrected = format!("\u{feff}{}", corrected.replace('\n', "\r\n"));
    assert!(!new.extend(&corrected).unwrap().day(date(2027, 2, 20)).unwrap().working);
    let full = "is_workday,date,name,kind\n0,2027-01-01,元旦,holiday\n1,2027-01-04,,workday\n";
    assert!(matches!(cal().extend(full), Err(CalendarError::Festival { date: d, .. }) if d == date(2027, 2, 5)));
}

#[test]
fn a_bad_notice_names_the_line() {
    let line = |n: usize, text: &str, expected: NoticeProblem| {
        let mut lines: Vec<&str> = NOTICE_2027.lines().collect();
        lines.insert(n - 1, text);
        let error = cal().extend(&lines.join("\n")).unwrap_err();
        assert_eq!(error, CalendarError::Line { line: n, problem: expected }, "{text}");
        assert!(error.to_string().starts_with(&format!("line {n}: ")));
    };
    line(3, "2027-02-30,holiday,春节", NoticeProblem::Date("2027-02-30".into()));
    line(3, "2027-02-03T10:00,holiday,春节", NoticeProblem::Date("2027-02-03T10:00".into()));
    line(4, "2027-02-03,festival,春节", NoticeProblem::Kind("festival".into()));
    line(5, "2027-02-03,holiday", NoticeProblem::Fields { expected: 3, found: 2 });
    line(5, "2027-02-03,holiday,", NoticeProblem::Name(date(2027, 2, 3)));
    line(9, "2027-01-01,holiday,元旦", NoticeProblem::Twice(date(2027, 1, 1)));
    let weekday =
        |kind: &str, weekday: &str, d| NoticeProblem::Weekday { date: d, weekday: weekday.into(), kind: kind.into() };
    line(6, "2027-02-03,adjusted_workday,春节", weekday("adjusted_workday", "Wednesday", date(2027, 2, 3)));
    line(6, "2027-02-06,in_lieu_holiday,春节", weekday("in_lieu_holiday", "Saturday", date(2027, 2, 6)));
    line(6, "2027-02-06,workday,", weekday("workday", "Saturday", date(2027, 2, 6)));
    for empty in ["", "\n", "day,what\n", "\u{0}\u{0}"] {
        let error = cal().extend(empty).unwrap_err();
        assert_eq!(error, CalendarError::Line { line: 1, problem: NoticeProblem::Header });
    }
    assert_eq!(cal().extend("date,kind,name\n").unwrap_err(), CalendarError::NoYear);
    assert_eq!(cal().extend("date,kind,name\n2027-05-01,holiday,劳动节\n").unwrap_err(), CalendarError::NoYear);
    let stray = format!("{NOTICE_2027}2026-11-28,adjusted_workday,x\n");
    assert_eq!(cal().extend(&stray).unwrap_err(), CalendarError::Stray(date(2026, 11, 28)));
    let gap = NOTICE_2027.replace("2027-", "2029-").replace("2026-", "2028-");
    assert!(cal().extend(&gap).is_err());
    assert_eq!(
        cal().extend("date,kind,name\n2028-01-01,holiday,元旦\n").unwrap_err(),
        CalendarError::Gap { year: 2028, expected: 2027 }
    );
    // A file cut off in the middle would leave National Day a working day.
    let cut = NOTICE_2027.split_once("2027-09-15").unwrap().0;
    let error = cal().extend(cut).unwrap_err();
    assert_eq!(error, CalendarError::Festival { date: date(2027, 9, 15), name: "中秋".into() });
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..9_100i64).prop_map(|n| date(2004, 1, 1).checked_add(n.days()).unwrap())
}

proptest! {
    #[test]
    fn add_and_between_are_inverse(from in any_day(), n in 0u32..=20) {
        let end = cal().add_working_days(from, n).unwrap();
        prop_assert_eq!(cal().working_days_between(from, end.date).unwrap().days, n);
        prop_assert!(n == 0 || cal().day(end.date).unwrap().working);
    }

    #[test]
    fn adding_is_what_counting_day_by_day_gives(from in any_day(), n in 1u32..=20) {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u32::from(cal().day(day).unwrap().working);
        }
        let end = cal().add_working_days(from, n).unwrap();
        prop_assert_eq!((end.date, end.provisional), (day, day.year() > 2026));
    }

    #[test]
    fn adding_is_monotone(a in any_day(), b in any_day(), n in 0u32..=20, m in 0u32..=20) {
        let (a, b) = (a.min(b), a.max(b));
        let (n, m) = (n.min(m), n.max(m));
        prop_assert!(cal().add_working_days(a, n).unwrap().date <= cal().add_working_days(b, n).unwrap().date);
        prop_assert!(cal().add_working_days(a, n).unwrap().date <= cal().add_working_days(a, m).unwrap().date);
    }

    #[test]
    fn going_back_undoes_going_forth(from in any_day(), n in 1u32..=20) {
        let from = cal().next_working_day_on_or_after(from).unwrap().date;
        let end = cal().add_working_days(from, n).unwrap().date;
        prop_assert_eq!(cal().subtract_working_days(end, n).unwrap().date, from);
    }
}
