//! Sentences about answers: what is wrong and what to do, in both languages.

use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::display::number_words;
use super::{Field, FieldKind, Group, formats};
use crate::text::Text;

/// The sentence for a field that was not answered: 请填写经营面积，不少于 1 平方米。
pub(super) fn missing(field: &Field) -> Text {
    let limits = limits(field);
    let question = |text: &str| text.ends_with(['?', '？']);
    let (zh, en) = (field.label.zh.as_str(), field.label.en.as_str());
    let zh = match &field.kind {
        FieldKind::Group(group) => format!("请至少添加 {} 行“{}”", group.min_items.max(1), group.item.zh),
        FieldKind::Boolean if zh.starts_with("是否") || question(zh) => format!("请回答“{zh}”"),
        FieldKind::Boolean => format!("请选择“是”或“否”：{zh}"),
        FieldKind::Choice(_) => format!("请选择{zh}"),
        _ => format!("请填写{zh}{}", limits.zh),
    };
    let en = match &field.kind {
        FieldKind::Group(group) => format!("Add at least {} of “{}”", group.min_items.max(1), group.item.en),
        _ if question(en) => format!("Answer “{en}”"),
        FieldKind::Boolean => format!("Choose yes or no: {en}"),
        FieldKind::Choice(_) => format!("Choose: {en}"),
        _ => format!("Enter {}{}", lower_first(en), limits.en),
    };
    Text::new(zh + "。", en + ".")
}

/// The sentence for an answer with characters that cannot be seen.
pub(super) fn hidden(field: &Field) -> Text {
    Text::new(
        format!("{}中有看不见的控制字符或者改变文字方向的字符，请删去后重新输入。", field.label.zh),
        format!("{}: holds characters that cannot be seen or that turn the text around; type it anew.", field.label.en),
    )
}

/// Limits of a number, as an afterthought: ，不少于 1 平方米.
fn limits(field: &Field) -> Text {
    let limits = &field.constraints;
    match (&field.kind, &limits.minimum, &limits.maximum) {
        (FieldKind::Integer | FieldKind::Number, Some(least), _) => {
            let least = number_words(field, &least.to_string());
            Text::new(format!("，不少于 {}", least.zh), format!(", at least {}", least.en))
        }
        (FieldKind::Integer | FieldKind::Number, None, Some(most)) => {
            let most = number_words(field, &most.to_string());
            Text::new(format!("，不超过 {}", most.zh), format!(", at most {}", most.en))
        }
        (FieldKind::Date, ..) => Text::new("，例如 2026-03-01", ", for example 2026-03-01"),
        _ => Text::default(),
    }
}

/// The sentence for a schema error about the answer `value` of `field`.
pub(super) fn invalid(field: &Field, kind: &Kind, value: &Value) -> Text {
    let (zh, en) = (field.label.zh.as_str(), field.label.en.as_str());
    let bound = |limit: &Value| number_words(field, &limit.to_string());
    match kind {
        Kind::Type { .. } => wrong_type(field),
        Kind::Minimum { limit } => {
            let limit = bound(limit);
            Text::new(format!("{zh}应不少于 {}，请核对。", limit.zh), format!("{en}: must be at least {}.", limit.en))
        }
        Kind::Maximum { limit } => {
            let limit = bound(limit);
            Text::new(format!("{zh}应不超过 {}，请核对。", limit.zh), format!("{en}: must be at most {}.", limit.en))
        }
        Kind::ExclusiveMinimum { limit } => {
            let limit = bound(limit);
            Text::new(format!("{zh}应大于 {}，请核对。", limit.zh), format!("{en}: must be more than {}.", limit.en))
        }
        Kind::ExclusiveMaximum { limit } => {
            let limit = bound(limit);
            Text::new(format!("{zh}应小于 {}，请核对。", limit.zh), format!("{en}: must be less than {}.", limit.en))
        }
        Kind::MultipleOf { multiple_of } => Text::new(
            format!("{zh}应为 {multiple_of} 的整数倍，请核对。"),
            format!("{en}: must be a multiple of {multiple_of}."),
        ),
        Kind::MinLength { limit } => length(field, value, *limit, true),
        Kind::MaxLength { limit } => length(field, value, *limit, false),
        Kind::Enum { .. } | Kind::Constant { .. } => {
            Text::new(format!("请从列表中选择{zh}。"), format!("Choose from the list: {en}."))
        }
        Kind::Format { .. } => wrong_format(field, value),
        Kind::Pattern { .. } => with_help(field, format!("{zh}的格式不对，请核对"), format!("{en}: check the format")),
        _ => Text::new(format!("{zh}填写有误，请核对。"), format!("{en}: please check this answer.")),
    }
}

/// The sentence for an answer of the wrong JSON type, which is also that for a number that could not be read.
pub(super) fn wrong_type(field: &Field) -> Text {
    let (zh, en) = (field.label.zh.as_str(), field.label.en.as_str());
    match &field.kind {
        FieldKind::Integer => Text::new(
            format!("{zh}应为整数，只填数字，例如 36。"),
            format!("{en}: enter a whole number in digits, for example 36."),
        ),
        FieldKind::Number => Text::new(
            format!("{zh}应为数字，例如 36 或 36.5。"),
            format!("{en}: enter a number in digits, for example 36 or 36.5."),
        ),
        FieldKind::Boolean => Text::new(format!("请选择“是”或“否”：{zh}。"), format!("Choose yes or no: {en}.")),
        FieldKind::Group(_) => Text::new(format!("{zh}应为若干行。"), format!("{en}: must be a list of rows.")),
        FieldKind::Choice(_) => Text::new(format!("请从列表中选择{zh}。"), format!("Choose from the list: {en}.")),
        _ => Text::new(format!("{zh}应为文字。"), format!("{en}: must be text.")),
    }
}

fn length(field: &Field, value: &Value, limit: u64, least: bool) -> Text {
    let (zh, en) = (field.label.zh.as_str(), field.label.en.as_str());
    let now = value.as_str().map_or(0, |text| text.chars().count());
    if field.constraints.min_length == field.constraints.max_length {
        return Text::new(
            format!("{zh}应为 {limit} 个字符，现在是 {now} 个，请核对。"),
            format!("{en}: must be {limit} characters, it has {now}."),
        );
    }
    match least {
        true => Text::new(
            format!("{zh}至少 {limit} 个字，现在是 {now} 个，请补充。"),
            format!("{en}: at least {limit} characters, it has {now}; add more."),
        ),
        false => Text::new(
            format!("{zh}最多 {limit} 个字，现在是 {now} 个，请删减。"),
            format!("{en}: at most {limit} characters, it has {now}; shorten it."),
        ),
    }
}

/// The sentence for a text that has not the form its field wants.
pub(super) fn wrong_format(field: &Field, value: &Value) -> Text {
    let (zh, en) = (field.label.zh.as_str(), field.label.en.as_str());
    let text = value.as_str().unwrap_or_default();
    if text.chars().any(|c| matches!(c, '\u{ff01}'..='\u{ff5e}')) {
        return Text::new(
            format!("{zh}含有全角字符，请用半角数字和字母重新填写，例如把“３６”写成“36”。"),
            format!("{en}: it holds full-width characters; type ordinary digits and letters, 36 instead of ３６."),
        );
    }
    match (&field.kind, formats::check(&field.kind, text)) {
        (FieldKind::Date, _) => Text::new(
            format!("{zh}应为存在的日期，写作“年-月-日”，例如 2026-03-01。"),
            format!("{en}: enter a date that exists, like 2026-03-01."),
        ),
        (_, Err(error)) => {
            let reason = error.explain();
            Text::new(format!("{zh}：{}", reason.zh), format!("{en}: {}", reason.en))
        }
        _ => with_help(field, format!("{zh}的格式不对，请核对"), format!("{en}: check the format")),
    }
}

fn with_help(field: &Field, zh: String, en: String) -> Text {
    match &field.help {
        Some(help) => Text::new(format!("{zh}：{}", help.zh), format!("{en}: {}", help.en)),
        None => Text::new(zh + "。", en + "."),
    }
}

/// The sentence for too few or too many rows.
pub(super) fn rows(field: &Field, group: &Group, count: usize) -> Text {
    let (zh, en) = (&field.label.zh, &field.label.en);
    match count < group.min_items {
        true => Text::new(
            format!("{zh}至少要有 {} 行，现在是 {count} 行，请添加“{}”。", group.min_items, group.item.zh),
            format!("{en}: at least {} needed, there are {count}; add “{}”.", group.min_items, group.item.en),
        ),
        false => Text::new(
            format!("{zh}最多 {} 行，现在是 {count} 行，请删减。", group.max_items),
            format!("{en}: at most {} allowed, there are {count}; remove some.", group.max_items),
        ),
    }
}

/// Puts the row in front of a sentence about one of its cells: 股东第 2 行：…
pub(super) fn in_row(group: &Group, row: usize, text: Text) -> Text {
    Text::new(
        format!("{}第 {} 行：{}", group.item.zh, row + 1, text.zh),
        format!("{} {}: {}", group.item.en, row + 1, text.en),
    )
}

/// `Business area` → `business area`, but `USCC` and `GB code` stay.
fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}
