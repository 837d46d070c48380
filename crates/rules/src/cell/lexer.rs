//! Tokens of a cell.

use domain::text::Text;

/// A token; `Word` is anything made of letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    Number(&'a str),
    Word(&'a str),
    /// One of `== != < <= > >= .. , - [ ] ( )`.
    Sign(&'static str),
}

const SIGNS: [&str; 13] = ["==", "!=", "<=", ">=", "..", "<", ">", ",", "-", "[", "]", "(", ")"];

/// Why a cell is refused, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: Text,
    pub fix: Text,
}

pub fn refuse(zh: impl Into<String>, en: impl Into<String>, fix_zh: &str, fix_en: &str) -> Refusal {
    Refusal { message: Text::new(zh, en), fix: Text::new(fix_zh, fix_en) }
}

pub fn tokens(source: &str) -> Result<Vec<Token<'_>>, Refusal> {
    let mut out = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = one(rest, first)?;
        out.push(token);
        rest = after.trim_start_matches([' ', '\t', '\n']);
    }
    Ok(out)
}

fn one(rest: &str, first: char) -> Result<(Token<'_>, &str), Refusal> {
    if first == '"' || first == '\'' {
        let inner = rest.get(1..).unwrap_or_default();
        return match inner.split_once(first) {
            Some((text, after)) => Ok((Token::Text(text), after)),
            None => Err(refuse(
                "引号没有闭合",
                "a quotation mark is not closed",
                "补上同样的引号",
                "close it with the same mark",
            )),
        };
    }
    if first.is_ascii_digit() {
        let end = number_end(rest);
        return Ok((Token::Number(rest.get(..end).unwrap_or_default()), rest.get(end..).unwrap_or_default()));
    }
    if first.is_ascii_alphabetic() || first == '_' || first == '$' {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        return Ok((Token::Word(rest.get(..end).unwrap_or_default()), rest.get(end..).unwrap_or_default()));
    }
    for sign in SIGNS {
        if let Some(after) = rest.strip_prefix(sign) {
            return Ok((Token::Sign(sign), after));
        }
    }
    let hint = match first {
        '“' | '”' | '‘' | '’' => ("引号要用英文半角 \" 或 '", "use the ASCII marks \" or '"),
        '，' => ("逗号要用英文半角", "use the ASCII comma"),
        '＞' | '＜' | '≥' | '≤' | '≠' => ("写成 >=、<=、!= 等", "write >=, <=, != and so on"),
        '=' => ("相等写成 ==", "equality is =="),
        _ => ("文字要加引号", "put words in quotation marks"),
    };
    Err(refuse(format!("不认识的符号“{first}”"), format!("unknown sign \"{first}\""), hint.0, hint.1))
}

/// Digits with at most one point that is followed by a digit, so that `1..5` ends before the two points.
fn number_end(text: &str) -> usize {
    let digits = |from: usize| {
        let tail = text.get(from..).unwrap_or_default();
        from + tail.bytes().take_while(u8::is_ascii_digit).count()
    };
    let whole = digits(0);
    let fraction = whole + 1;
    let after_point = text.get(fraction..).and_then(|t| t.bytes().next());
    if text.get(whole..).is_some_and(|t| t.starts_with('.')) && after_point.is_some_and(|b| b.is_ascii_digit()) {
        digits(fraction)
    } else {
        whole
    }
}
