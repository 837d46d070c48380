//! Conditions in words, Chinese and English.

use domain::text::Text;
use domain::time::date_words;

use super::{Cell, Op, Term};
use crate::fact::FactValue;
use crate::schema::{Field, Type};

/// What the cell asks for: `不少于 40 ㎡`, `no less than 40 ㎡`.
pub(crate) fn requirement(cell: &Cell, field: &Field) -> Text {
    if !cell.any.is_empty()
        && let Some(list) = as_list(cell)
    {
        return phrase(&list, field);
    }
    let mut out = Text::default();
    for (index, term) in cell.all.iter().enumerate() {
        join(&mut out, if index == 0 { ("", "") } else { ("，且", " and ") }, &phrase(term, field));
    }
    for term in &cell.any {
        join(&mut out, ("，或", ", or "), &phrase(term, field));
    }
    out
}

/// `"a", "b"` reads better as one list than as alternatives.
fn as_list(cell: &Cell) -> Option<Term> {
    let mut values = Vec::new();
    for term in cell.terms() {
        match term {
            Term::Compare(Op::Eq, value) => values.push(value.clone()),
            Term::OneOf { values: more, negated: false } => values.extend(more.iter().cloned()),
            _ => return None,
        }
    }
    (cell.all.len() == 1).then_some(Term::OneOf { values, negated: false })
}

fn join(out: &mut Text, between: (&str, &str), next: &Text) {
    out.zh.push_str(between.0);
    out.zh.push_str(&next.zh);
    out.en.push_str(between.1);
    out.en.push_str(&next.en);
}

fn phrase(term: &Term, field: &Field) -> Text {
    match term {
        Term::Compare(op, value) => compare(*op, value, field),
        Term::OneOf { values, negated } => {
            let mut list = Text::default();
            for (index, value) in values.iter().enumerate() {
                let between = match index {
                    0 => ("", ""),
                    i if i + 1 == values.len() => ("或", " or "),
                    _ => ("、", ", "),
                };
                join(&mut list, between, &shown(value, field));
            }
            match negated {
                false => Text::new(format!("为{}", list.zh), list.en),
                true => Text::new(format!("不为{}", list.zh), format!("not {}", list.en)),
            }
        }
        Term::Between { low, low_included, high, high_included, negated } => {
            let ends = match (low_included, high_included) {
                (true, true) => ("含两端", "both included"),
                (true, false) => ("含下限，不含上限", "the lower included"),
                (false, true) => ("不含下限，含上限", "the upper included"),
                (false, false) => ("不含两端", "neither included"),
            };
            let (low, high) = (shown(low, field), shown(high, field));
            let not = if *negated { ("不", "not ") } else { ("", "") };
            Text::new(
                format!("{}在 {} 至 {} 之间（{}）", not.0, low.zh, high.zh, ends.0),
                format!("{}between {} and {} ({})", not.1, low.en, high.en, ends.1),
            )
        }
    }
}

fn compare(op: Op, value: &FactValue, field: &Field) -> Text {
    let (zh, en) = match (op, value.kind() == Type::Date) {
        (Op::Eq, _) => ("为", ""),
        (Op::Ne, _) => ("不为", "not "),
        (Op::Lt, false) => ("少于", "less than "),
        (Op::Le, false) => ("不超过", "no more than "),
        (Op::Gt, false) => ("多于", "more than "),
        (Op::Ge, false) => ("不少于", "no less than "),
        (Op::Lt, true) => ("早于", "before "),
        (Op::Le, true) => ("不晚于", "no later than "),
        (Op::Gt, true) => ("晚于", "after "),
        (Op::Ge, true) => ("不早于", "no earlier than "),
    };
    let shown = shown(value, field);
    let gap = if value.kind() == Type::Number { " " } else { "" };
    Text::new(format!("{zh}{gap}{}", shown.zh), format!("{en}{}", shown.en))
}

/// A value as people read it: with its unit, or the label of its option.
pub(crate) fn shown(value: &FactValue, field: &Field) -> Text {
    match value {
        FactValue::Text(text) => match field.options.get(text).or_else(|| field.labels.get(text)) {
            Some(label) => label.as_ref().clone(),
            None => Text::new(text.as_ref(), text.as_ref()),
        },
        FactValue::Number(number) => match &field.unit {
            Some(unit) => Text::new(format!("{number} {}", unit.zh), format!("{number} {}", unit.en)),
            None => Text::new(number.to_string(), number.to_string()),
        },
        FactValue::Bool(true) => Text::new("是", "yes"),
        FactValue::Bool(false) => Text::new("否", "no"),
        FactValue::Date(date) => date_words(*date),
    }
}

/// Label and value: `经营面积 36 ㎡`, `企业状态：存续`.
pub(crate) fn statement(label: &Text, shown: &Text, kind: Type) -> Text {
    match kind {
        Type::Number => Text::new(format!("{} {}", label.zh, shown.zh), format!("{} {}", label.en, shown.en)),
        _ => Text::new(format!("{}：{}", label.zh, shown.zh), format!("{}: {}", label.en, shown.en)),
    }
}
