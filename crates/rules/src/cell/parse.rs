//! From the text of a cell to its conditions, with the types checked.

use super::lexer::{Refusal, Token, refuse, tokens};
use super::{Cell, MAX_CELL, Op, Term};
use crate::fact::{FactValue, date};
use crate::schema::{Field, Type};

/// Parses the cell `source`, which reads `field`. `Ok(None)` for an empty cell, which holds for everything.
pub(crate) fn parse(source: &str, field: &Field) -> Result<Option<Cell>, Refusal> {
    let tokens = checked(source)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens: &tokens, at: 0, field: Some(field) };
    let cell = parser.cell()?;
    Ok(Some(cell))
}

/// Parses an output cell: exactly one value.
pub(crate) fn literal(source: &str) -> Result<Option<FactValue>, Refusal> {
    let tokens = checked(source)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens: &tokens, at: 0, field: None };
    let value = parser.value()?;
    match parser.peek() {
        None => Ok(Some(value)),
        Some(_) => Err(refuse(
            "结果格只能是一个值",
            "an output cell is one value",
            "写一个值，如 \"approve\"",
            "write one value, such as \"approve\"",
        )),
    }
}

fn checked(source: &str) -> Result<Vec<Token<'_>>, Refusal> {
    if source.chars().count() > MAX_CELL {
        return Err(refuse(
            format!("单元格超过 {MAX_CELL} 个字符"),
            format!("the cell is longer than {MAX_CELL} characters"),
            "拆成多行",
            "split it into several rows",
        ));
    }
    tokens(source)
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    field: Option<&'a Field>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token<'a>> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn eat(&mut self, token: &Token<'_>) -> bool {
        let hit = self.peek() == Some(token);
        self.at += usize::from(hit);
        hit
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.eat(&Token::Sign(sign))
    }

    fn cell(&mut self) -> Result<Cell, Refusal> {
        let mut cell = Cell { all: vec![self.pair()?], any: Vec::new() };
        while self.peek().is_some() {
            if self.eat(&Token::Word("and")) {
                if !cell.any.is_empty() {
                    return Err(refuse(
                        "and 出现在 or 或逗号之后，含义不明",
                        "an \"and\" after an \"or\" or a comma is ambiguous",
                        "拆成两行",
                        "split it into two rows",
                    ));
                }
                cell.all.push(self.pair()?);
            } else if self.eat(&Token::Word("or")) || self.sign(",") {
                cell.any.push(self.pair()?);
            } else {
                return Err(self.unexpected());
            }
        }
        Ok(cell)
    }

    fn pair(&mut self) -> Result<Term, Refusal> {
        for op in [Op::Eq, Op::Ne, Op::Le, Op::Ge, Op::Lt, Op::Gt] {
            if self.sign(op.sign()) {
                let value = self.value()?;
                return self.compare(op, value);
            }
        }
        let negated = self.eat(&Token::Word("not"));
        if self.eat(&Token::Word("in")) || matches!(self.peek(), Some(Token::Sign("[" | "("))) {
            return self.set(negated);
        }
        if negated {
            return Err(refuse(
                "not 后面应为 in",
                "\"not\" is followed by \"in\"",
                "写成 != 或 not in",
                "write != or not in",
            ));
        }
        let value = self.value()?;
        self.compare(Op::Eq, value)
    }

    fn compare(&self, op: Op, value: FactValue) -> Result<Term, Refusal> {
        if !matches!(op, Op::Eq | Op::Ne) && !ordered(&value) {
            return Err(refuse(
                "文字和是否不能比大小",
                "words and yes/no have no order",
                "用 ==、!= 或 in",
                "use ==, != or in",
            ));
        }
        Ok(Term::Compare(op, value))
    }

    fn set(&mut self, negated: bool) -> Result<Term, Refusal> {
        let low_included = self.sign("[");
        if !low_included && !self.sign("(") {
            return Err(self.unexpected());
        }
        let first = self.value()?;
        if self.sign("..") {
            return self.interval(first, low_included, negated);
        }
        let mut values = vec![first];
        while self.sign(",") {
            values.push(self.value()?);
        }
        if !low_included || !self.sign("]") {
            return Err(refuse(
                "列表要用方括号",
                "a list stands in square brackets; other parentheses are not allowed",
                "写成 in [\"a\", \"b\"]",
                "write in [\"a\", \"b\"]",
            ));
        }
        Ok(Term::OneOf { values, negated })
    }

    fn interval(&mut self, low: FactValue, low_included: bool, negated: bool) -> Result<Term, Refusal> {
        let high = self.value()?;
        let high_included = self.sign("]");
        if !high_included && !self.sign(")") {
            return Err(self.unexpected());
        }
        let empty = low > high || (low == high && !(low_included && high_included));
        if !ordered(&low) || empty {
            return Err(refuse(
                "区间为空或类型不对",
                "the interval is empty, or not of numbers or dates",
                "下限写在前，如 [20..60]",
                "lower end first, as in [20..60]",
            ));
        }
        Ok(Term::Between { low, low_included, high, high_included, negated })
    }

    fn value(&mut self) -> Result<FactValue, Refusal> {
        let at = self.at;
        let value = match self.next() {
            Some(Token::Text(text)) => FactValue::text(*text),
            Some(Token::Word("true")) => FactValue::Bool(true),
            Some(Token::Word("false")) => FactValue::Bool(false),
            Some(Token::Word("d")) => self.date()?,
            Some(Token::Number(digits)) => number(digits)?,
            Some(Token::Sign("-")) => match self.next() {
                Some(Token::Number(digits)) => number(&format!("-{digits}"))?,
                _ => {
                    self.at = at;
                    return Err(self.unexpected());
                }
            },
            _ => {
                self.at = at;
                return Err(self.unexpected());
            }
        };
        match self.field {
            Some(field) => fits(value, field),
            None => Ok(value),
        }
    }

    fn date(&mut self) -> Result<FactValue, Refusal> {
        let text = if self.sign("(") { self.next() } else { None };
        let day = match text {
            Some(Token::Text(text)) => date(text),
            _ => None,
        };
        match day {
            Some(day) if self.sign(")") => Ok(FactValue::Date(day)),
            _ => Err(refuse(
                "日期只能写成 d('2026-01-01')；不带参数的 d() 取当前时间，不许使用",
                "a date is d('2026-01-01'); d() without a day reads the clock and is not allowed",
                "写明日期；今天用字段 today 表示",
                "write the day; today is a field",
            )),
        }
    }

    fn unexpected(&self) -> Refusal {
        let what = match self.peek() {
            None => "…".to_owned(),
            Some(Token::Text(text)) => format!("\"{text}\""),
            Some(Token::Number(text) | Token::Word(text)) => (*text).to_owned(),
            Some(Token::Sign(sign)) => (*sign).to_owned(),
        };
        refuse(
            format!("此处不应出现“{what}”：单元格只能写比较、区间、列表、是否，以及它们的 and/or；不许调用函数"),
            format!(
                "\"{what}\" does not belong here: a cell holds comparisons, intervals, lists and yes/no, joined by and/or; functions are not allowed"
            ),
            "例：>= 40，[20..60]，\"a\", \"b\"，true，>= d('2026-01-01')",
            "examples: >= 40, [20..60], \"a\", \"b\", true, >= d('2026-01-01')",
        )
    }
}

fn ordered(value: &FactValue) -> bool {
    matches!(value, FactValue::Number(_) | FactValue::Date(_))
}

fn number(digits: &str) -> Result<FactValue, Refusal> {
    FactValue::decimal(digits)
        .ok_or_else(|| refuse("数字过长", "the number has more than 28 digits", "缩短数字", "shorten the number"))
}

/// Is the value of the type of the field, and in its list?
fn fits(value: FactValue, field: &Field) -> Result<FactValue, Refusal> {
    if value.kind() != field.kind {
        let fix = match field.kind {
            Type::String => ("文字要加引号", "put words in quotation marks"),
            Type::Number => ("写数字，不加引号", "write a number without quotation marks"),
            Type::Bool => ("写 true 或 false", "write true or false"),
            Type::Date => ("写成 d('2026-01-01')", "write d('2026-01-01')"),
        };
        return Err(refuse(
            format!("“{}”的类型是 {}，与此值不符", field.label.zh, field.kind.name()),
            format!("{} is a {}; this value is a {}", field.code, field.kind.name(), value.kind().name()),
            fix.0,
            fix.1,
        ));
    }
    match &value {
        FactValue::Text(text) if !field.options.is_empty() && !field.options.contains_key(text) => {
            let known = field.options.keys().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
            Err(refuse(
                format!("“{}”没有选项“{text}”", field.label.zh),
                format!("{} has no value \"{text}\" in its enum", field.code),
                &format!("用其中之一：{known}"),
                &format!("use one of: {known}"),
            ))
        }
        _ => Ok(value),
    }
}
