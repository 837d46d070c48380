//! The functions of `computed` fields: pure, over arguments that the caller has resolved.
//!
//! They never guess. An argument that is missing, of the wrong type or out of range gives [`Answer::Missing`] with the
//! reason, and an unavailable one gives [`Answer::Unavailable`]; the rule then sends the case to a person.
//! [`Function::NameCheck`] belongs to the name register and is answered by the caller.

use domain::text::Text;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::fact::{Answer, FactValue};
use crate::schema::Function;

/// A resolved argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// One value, or none.
    One(Answer),
    /// A list, such as the phrases of a business scope.
    List(Vec<FactValue>),
}

impl From<FactValue> for Arg {
    fn from(value: FactValue) -> Arg {
        Arg::One(Answer::Value(value))
    }
}

/// Why there is no result.
type Failure = Answer;

fn missing(zh: &str, en: &str) -> Failure {
    Answer::Missing { why: Text::new(zh, en) }
}

/// Calls `function`. `today` is the legal day of the decision.
///
/// `years_since` and `days_until` take the date, and optionally the day to count from or to instead of `today`.
pub fn call(function: Function, args: &[Arg], today: Date) -> Answer {
    let result = match (function, args) {
        (Function::Equals, [a, b]) => one(a).and_then(|a| one(b).and_then(|b| equals(a, b))),
        (Function::Contains, [Arg::List(list), item]) => one(item).and_then(|item| contains(list, item)),
        (Function::Contains, [text, part]) => one(text).and_then(|t| one(part).and_then(|p| contains_text(t, p))),
        (Function::YearsSince, [from, rest @ ..]) => day(rest, today).and_then(|to| years_since(date(from)?, to)),
        (Function::DaysUntil, [to, rest @ ..]) => day(rest, today).and_then(|from| days_until(date(to)?, from)),
        (Function::Sum, args) => values(args).and_then(|values| sum(&values)),
        (Function::Count, args) => values(args).map(|values| count(&values)),
        (Function::Today, []) => Ok(FactValue::Date(today)),
        (Function::NameCheck, _) => Err(missing("名称核查由登记系统回答", "the name register answers this")),
        _ => Err(missing("函数参数个数不对", "the function has the wrong number of arguments")),
    };
    match result {
        Ok(value) => Answer::Value(value),
        Err(failure) => failure,
    }
}

fn one(arg: &Arg) -> Result<&FactValue, Failure> {
    match arg {
        Arg::One(Answer::Value(value)) => Ok(value),
        Arg::One(other) => Err(other.clone()),
        Arg::List(_) => Err(missing("此处需要单个值", "one value is needed, not a list")),
    }
}

fn values(args: &[Arg]) -> Result<Vec<&FactValue>, Failure> {
    let mut out = Vec::new();
    for arg in args {
        match arg {
            Arg::List(list) => out.extend(list),
            Arg::One(_) => out.push(one(arg)?),
        }
    }
    Ok(out)
}

fn date(arg: &Arg) -> Result<Date, Failure> {
    match one(arg)? {
        FactValue::Date(date) => Ok(*date),
        _ => Err(missing("此处需要日期", "a date is needed")),
    }
}

fn day(rest: &[Arg], today: Date) -> Result<Date, Failure> {
    match rest {
        [] => Ok(today),
        [arg] => date(arg),
        _ => Err(missing("函数参数个数不对", "the function has the wrong number of arguments")),
    }
}

/// Whether two values of the same type are equal. Values of different types are no answer rather than "no".
pub fn equals(a: &FactValue, b: &FactValue) -> Result<FactValue, Answer> {
    if a.kind() == b.kind() {
        Ok(FactValue::Bool(a == b))
    } else {
        Err(missing("两个值的类型不同，无法比较", "the two values are of different types"))
    }
}

/// Whether the list holds the value.
pub fn contains(list: &[FactValue], item: &FactValue) -> Result<FactValue, Answer> {
    if list.iter().any(|v| v.kind() != item.kind()) {
        return Err(missing("两个值的类型不同，无法比较", "the two values are of different types"));
    }
    Ok(FactValue::Bool(list.contains(item)))
}

fn contains_text(text: &FactValue, part: &FactValue) -> Result<FactValue, Answer> {
    match (text, part) {
        // Every text contains the empty one, which would make an empty answer pass every check.
        (FactValue::Text(_), FactValue::Text(part)) if part.trim().is_empty() => {
            Err(missing("要查找的文字为空", "the text to look for is empty"))
        }
        (FactValue::Text(text), FactValue::Text(part)) => Ok(FactValue::Bool(text.contains(part.as_ref()))),
        _ => Err(missing("此处需要文字", "words are needed")),
    }
}

/// Whole years from `date` to `today`. Where the month lacks the day, the last of the month stands in (Civil Code
/// art. 202): a year from 29 February 2024 is full on 28 February 2025. A date after `today` is no answer.
pub fn years_since(date: Date, today: Date) -> Result<FactValue, Answer> {
    if date > today {
        return Err(missing("日期晚于今天", "the date lies after today"));
    }
    let mut years = i32::from(today.year()) - i32::from(date.year());
    let month = (date.month(), today.month());
    let last = today.last_of_month().day();
    if month.1 < month.0 || (month.1 == month.0 && today.day() < date.day().min(last)) {
        years -= 1;
    }
    Ok(FactValue::Number(Decimal::from(years)))
}

/// Days from `today` to `date`; negative when it has passed.
pub fn days_until(date: Date, today: Date) -> Result<FactValue, Answer> {
    Ok(FactValue::Number(crate::cell::day_number(date) - crate::cell::day_number(today)))
}

/// Exact sum of numbers; zero for none.
pub fn sum(values: &[&FactValue]) -> Result<FactValue, Answer> {
    let mut total = Decimal::ZERO;
    for value in values {
        let FactValue::Number(number) = value else {
            return Err(missing("此处需要数字", "numbers are needed"));
        };
        total = total.checked_add(*number).ok_or_else(|| missing("数字过大", "the sum is too large"))?;
    }
    Ok(FactValue::Number(total))
}

/// How many values there are.
pub fn count(values: &[&FactValue]) -> FactValue {
    FactValue::Number(Decimal::from(values.len()))
}
