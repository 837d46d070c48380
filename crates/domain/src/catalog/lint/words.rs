//! Words for people exist in both languages, wherever in a file they stand.

use serde_json::{Map, Value};

use super::{Report, say};
use crate::catalog::source::token;

pub(super) fn check(report: &mut Report<'_, '_>) {
    let source = report.source;
    walk(&source.value, &mut String::new(), report);
}

fn walk(value: &Value, pointer: &mut String, report: &mut Report<'_, '_>) {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            if object.contains_key("zh") || object.contains_key("en") {
                text(object, pointer, report);
            }
            for (key, inner) in object {
                pointer.push('/');
                pointer.push_str(&token(key));
                walk(inner, pointer, report);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                walk(inner, pointer, report);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn text(object: &Map<String, Value>, pointer: &str, report: &mut Report<'_, '_>) {
    let word = |lang: &str| object.get(lang).and_then(Value::as_str).unwrap_or_default().trim();
    for (lang, zh, en) in [("zh", "中文", "Chinese"), ("en", "英文", "English")] {
        report.require(
            !word(lang).is_empty(),
            pointer,
            "translation",
            say(format!("缺少{zh}。"), format!("The {en} is missing.")),
            say(format!("请补上{zh}文字。"), format!("Add the {en} words.")),
        );
    }
    let chinese = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let (han, latin) = (
        word("en").chars().filter(|c| chinese(*c)).count(),
        word("en").chars().filter(char::is_ascii_alphabetic).count(),
    );
    report.require(
        han == 0 || han < latin,
        pointer,
        "translation",
        say("英文处仍是中文。", "The English still is Chinese."),
        say("请译成英文。", "Translate it."),
    );
}
