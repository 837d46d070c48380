//! An HTML form post turned into typed answers, losing nothing that was typed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Number, Value};

use super::{Field, FieldError, FieldKind, Form, Group, formats, messages};
use crate::text::Text;

/// Most name–value pairs read from one post.
pub const MAX_PAIRS: usize = 10_000;
/// Most characters of one value; what is behind is cut off and reported.
pub const MAX_VALUE_CHARS: usize = 20_000;

impl Form {
    /// Reads the post of one step. Names are those of the fields, `staff[0].name` inside a repeating group; other
    /// names are ignored. Rows that are wholly blank vanish and the others move up.
    ///
    /// A value that cannot be read as the type of its field stays in the answers as the text that was typed, and is
    /// reported. Numbers and codes may be typed full-width, with spaces, thousands separators or their unit; dates as
    /// `2026/3/1`, `20260301` or `2026年3月1日`. Missing answers are the business of [`Form::validate`].
    pub fn parse_post(&self, step: &str, pairs: &[(String, String)]) -> (Value, Vec<FieldError>) {
        let mut data = Map::new();
        let mut errors = Vec::new();
        if pairs.len() > MAX_PAIRS {
            errors.push(FieldError { pointer: String::new(), field: String::new(), message: too_many() });
        }
        let pairs = pairs.get(..MAX_PAIRS.min(pairs.len())).unwrap_or_default();
        let fields =
            self.step(step).into_iter().flat_map(|step| step.fields.iter()).filter_map(|name| self.field(name));
        for field in fields {
            let value = match &field.kind {
                FieldKind::Group(group) => read_group(field, group, pairs, &mut errors),
                _ => {
                    let place = (format!("/{}", field.name), field.name.clone());
                    // The last value counts: a checkbox comes after the hidden field that stands for "off".
                    let raw = pairs.iter().rev().find(|(name, _)| *name == field.name);
                    raw.and_then(|(_, raw)| read(field, raw, place, None, &mut errors))
                }
            };
            if let Some(value) = value {
                data.insert(field.name.clone(), value);
            }
        }
        (Value::Object(data), errors)
    }
}

/// Rows by the number that their names carry; gaps come from rows that were removed on the page.
type Rows<'p> = BTreeMap<u32, BTreeMap<&'p str, &'p str>>;

fn read_group(field: &Field, group: &Group, pairs: &[(String, String)], errors: &mut Vec<FieldError>) -> Option<Value> {
    let mut rows = Rows::new();
    for (name, raw) in pairs {
        if let Some((row, cell)) = row_name(&field.name, name)
            && group.fields.iter().any(|field| field.name == cell)
        {
            rows.entry(row).or_default().insert(cell, raw);
        }
    }
    rows.retain(|_, cells| cells.values().any(|raw| !raw.trim().is_empty()));
    let most = group.max_items.max(super::MAX_ROWS);
    let mut values = Vec::new();
    for (at, cells) in rows.values().take(most).enumerate() {
        let mut row = Map::new();
        for cell in &group.fields {
            let place = (format!("/{}/{at}/{}", field.name, cell.name), format!("{}[{at}].{}", field.name, cell.name));
            let raw = cells.get(cell.name.as_str());
            if let Some(value) = raw.and_then(|raw| read(cell, raw, place, Some((group, at)), errors)) {
                row.insert(cell.name.clone(), value);
            }
        }
        values.push(Value::Object(row));
    }
    if rows.len() > most {
        let message = messages::rows(field, group, rows.len());
        errors.push(FieldError { pointer: format!("/{}", field.name), field: field.name.clone(), message });
    }
    (!values.is_empty()).then_some(Value::Array(values))
}

/// `staff[2].name` → (2, `name`) for the group `staff`.
fn row_name<'n>(group: &str, name: &'n str) -> Option<(u32, &'n str)> {
    let (row, cell) = name.strip_prefix(group)?.strip_prefix('[')?.split_once("].")?;
    Some((row.parse().ok()?, cell))
}

/// One answer. `None` when nothing was typed.
fn read(
    field: &Field,
    raw: &str,
    (pointer, name): (String, String),
    row: Option<(&Group, usize)>,
    errors: &mut Vec<FieldError>,
) -> Option<Value> {
    let mut report = |message: Text| {
        let message = match row {
            Some((group, at)) => messages::in_row(group, at, message),
            None => message,
        };
        errors.push(FieldError { pointer: pointer.clone(), field: name.clone(), message });
    };
    // Browsers send line breaks as CR LF, but count them as one character against maxlength.
    let typed = raw.replace("\r\n", "\n");
    let mut text = typed.trim();
    if text.is_empty() {
        return None;
    }
    if let Some((end, _)) = text.char_indices().nth(MAX_VALUE_CHARS) {
        report(too_long(field));
        text = text.get(..end).unwrap_or_default();
    }
    match typed_value(field, text) {
        Ok(value) => Some(value),
        Err(message) => {
            report(message);
            Some(text.into())
        }
    }
}

fn typed_value(field: &Field, text: &str) -> Result<Value, Text> {
    match &field.kind {
        FieldKind::Text | FieldKind::Group(_) => Ok(text.into()),
        FieldKind::Choice(choices) => match choices.iter().any(|choice| choice.value == text) {
            true => Ok(text.into()),
            false => Err(messages::wrong_type(field)),
        },
        FieldKind::Boolean => match text {
            "true" | "on" | "yes" | "1" => Ok(true.into()),
            "false" | "off" | "no" | "0" => Ok(false.into()),
            _ => Err(messages::wrong_type(field)),
        },
        FieldKind::Integer | FieldKind::Number => number(field, text).ok_or_else(|| messages::wrong_type(field)),
        FieldKind::Date => {
            let text = half_width(text);
            date(&text).map(Value::from).ok_or_else(|| messages::wrong_format(field, &text.into()))
        }
        FieldKind::Uscc | FieldKind::CitizenId | FieldKind::Phone => {
            let code = formats::repair(&field.kind, text);
            match formats::check(&field.kind, &code) {
                Ok(()) => Ok(code.into()),
                Err(_) => Err(messages::wrong_format(field, &code.into())),
            }
        }
    }
}

/// Full-width ASCII (１２３，Ａ) and the ideographic space as their ordinary forms.
fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{2212}' => '-',
        _ => c,
    };
    text.chars().map(narrow).collect()
}

fn number(field: &Field, text: &str) -> Option<Value> {
    let narrow = half_width(text);
    let mut digits = narrow.trim();
    if let Some(unit) = &field.unit {
        let units = [unit.zh.as_str(), unit.en.as_str()];
        digits = units.iter().find_map(|unit| digits.strip_suffix(unit)).unwrap_or(digits).trim_end();
    }
    let plain = without_separators(digits)?;
    let number = match field.kind {
        FieldKind::Integer => Number::from(plain.strip_suffix(".0").unwrap_or(&plain).parse::<i64>().ok()?),
        _ => match plain.parse::<i64>() {
            Ok(whole) => Number::from(whole),
            Err(_) => Number::from_f64(plain.parse::<f64>().ok()?)?,
        },
    };
    Some(Value::Number(number))
}

/// `1,234.5` → `1234.5`. `None` unless it is digits with at most one point and separators between thousands.
fn without_separators(text: &str) -> Option<String> {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let thousands = groups.iter().skip(1).all(|group| group.len() == 3);
    let first = groups.first().is_some_and(|group| !group.is_empty() && (groups.len() == 1 || group.len() <= 3));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !first || !thousands || !groups.iter().all(|group| digits(group)) || fraction.is_empty() || !digits(fraction) {
        return None;
    }
    let whole = groups.concat();
    let fraction = unsigned.split_once('.').map_or_else(String::new, |(_, fraction)| format!(".{fraction}"));
    Some(format!("{sign}{whole}{fraction}"))
}

fn date(text: &str) -> Option<String> {
    let compact: String = text.split_whitespace().collect();
    let parts: Vec<String> = match compact.len() == 8 && compact.bytes().all(|byte| byte.is_ascii_digit()) {
        true => vec![compact.get(..4)?.into(), compact.get(4..6)?.into(), compact.get(6..)?.into()],
        false => compact.trim_end_matches('日').split(['-', '/', '.', '年', '月']).map(str::to_owned).collect(),
    };
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(|date| date.to_string())
}

fn too_many() -> Text {
    Text::new(
        "提交的内容过多，只保留了前面的部分，请精简后再提交。",
        "Too much was sent; only the first part was kept. Shorten it and try again.",
    )
}

fn too_long(field: &Field) -> Text {
    Text::new(
        format!("{}超过 {MAX_VALUE_CHARS} 个字，后面的没有保留，请精简。", field.label.zh),
        format!("{}: longer than {MAX_VALUE_CHARS} characters; the rest was not kept. Shorten it.", field.label.en),
    )
}
