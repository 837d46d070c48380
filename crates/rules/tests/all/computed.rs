//! The functions of computed fields.

use domain::text::Text;
use jiff::civil::{Date, date};
use rules::computed::{Arg, call};
use rules::{Answer, FactValue, Function};

const TODAY: Date = date(2026, 7, 1);

fn day(text: &str) -> Arg {
    FactValue::Date(text.parse().unwrap()).into()
}

fn text(text: &str) -> Arg {
    FactValue::text(text).into()
}

fn number(text: &str) -> Arg {
    FactValue::decimal(text).unwrap().into()
}

fn value(function: Function, args: &[Arg]) -> FactValue {
    match call(function, args, TODAY) {
        Answer::Value(value) => value,
        other => panic!("{function:?}: {other:?}"),
    }
}

fn is_missing(function: Function, args: &[Arg]) {
    assert!(matches!(call(function, args, TODAY), Answer::Missing { .. }), "{function:?} {args:?}");
}

#[test]
fn whole_years_end_on_the_day_or_the_last_of_the_month() {
    for (from, to, years) in [
        ("2024-02-29", "2025-02-27", 0),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-02-29", "2028-02-28", 3),
        ("2024-02-29", "2028-02-29", 4),
        ("2024-03-01", "2025-02-28", 0),
        ("2006-07-02", "2026-07-01", 19),
        ("2006-07-01", "2026-07-01", 20),
        ("2006-12-31", "2026-07-01", 19),
        ("2026-07-01", "2026-07-01", 0),
    ] {
        assert_eq!(value(Function::YearsSince, &[day(from), day(to)]), FactValue::int(years), "{from} to {to}");
    }
    assert_eq!(value(Function::YearsSince, &[day("2006-07-01")]), FactValue::int(20), "today by default");
    is_missing(Function::YearsSince, &[day("2026-07-02")]);
    is_missing(Function::YearsSince, &[text("2006-07-01")]);
}

#[test]
fn days_until_may_be_negative() {
    assert_eq!(value(Function::DaysUntil, &[day("2026-07-31")]), FactValue::int(30));
    assert_eq!(value(Function::DaysUntil, &[day("2026-06-30")]), FactValue::int(-1));
    assert_eq!(value(Function::DaysUntil, &[day("1969-12-31"), day("1970-01-02")]), FactValue::int(-2));
}

#[test]
fn equality_never_crosses_types() {
    assert_eq!(value(Function::Equals, &[text("甲"), text("甲")]), FactValue::Bool(true));
    assert_eq!(value(Function::Equals, &[number("1.0"), number("1")]), FactValue::Bool(true));
    assert_eq!(value(Function::Equals, &[text("甲"), text("乙")]), FactValue::Bool(false));
    is_missing(Function::Equals, &[text("1"), number("1")]);
    is_missing(Function::Equals, &[text("1")]);
}

#[test]
fn contains_reads_lists_and_texts() {
    let scope = Arg::List(vec![FactValue::text("餐饮服务"), FactValue::text("住宿服务")]);
    assert_eq!(value(Function::Contains, &[scope.clone(), text("住宿服务")]), FactValue::Bool(true));
    assert_eq!(value(Function::Contains, &[scope.clone(), text("住宿")]), FactValue::Bool(false), "whole phrases only");
    assert_eq!(value(Function::Contains, &[Arg::List(vec![]), text("住宿")]), FactValue::Bool(false));
    assert_eq!(value(Function::Contains, &[text("市南区香港中路"), text("市南区")]), FactValue::Bool(true));
    is_missing(Function::Contains, &[scope, number("1")]);
    is_missing(Function::Contains, &[text("市南区"), text(" ")]);
}

#[test]
fn sums_are_exact_and_bounded() {
    assert_eq!(
        value(Function::Sum, &[number("0.1"), Arg::List(vec![FactValue::decimal("0.2").unwrap()])]),
        FactValue::decimal("0.3").unwrap()
    );
    assert_eq!(
        value(Function::Count, &[Arg::List(vec![FactValue::int(1), FactValue::int(1)]), text("a")]),
        FactValue::int(3)
    );
    is_missing(Function::Sum, &[text("1")]);
    is_missing(Function::Sum, &[number("79228162514264337593543950335"), number("1")]);
}

#[test]
fn nothing_and_no_answer_pass_through() {
    let missing = Answer::Missing { why: Text::new("无记录", "no record") };
    for function in [Function::Equals, Function::Contains] {
        assert_eq!(call(function, &[text("a"), Arg::One(missing.clone())], TODAY), missing);
        assert_eq!(call(function, &[text("a"), Arg::One(Answer::Unavailable)], TODAY), Answer::Unavailable);
    }
    assert_eq!(call(Function::YearsSince, &[Arg::One(Answer::Unavailable)], TODAY), Answer::Unavailable);
    assert_eq!(call(Function::Sum, &[number("1"), Arg::One(missing.clone())], TODAY), missing);
    assert_eq!(call(Function::Today, &[], TODAY), Answer::Value(FactValue::Date(TODAY)));
    is_missing(Function::NameCheck, &[text("甲")]);
}
