//! Keys by name, as the DevTools protocol wants them.

use serde_json::{Value, json};

/// The fields of a key event: name, physical key, code, and the text that it types.
pub(super) fn key(name: &str) -> Value {
    let (code, number, text) = match name {
        "Enter" => ("Enter", 13, "\r"),
        "Tab" | "Shift+Tab" => ("Tab", 9, ""),
        "Escape" => ("Escape", 27, ""),
        "Backspace" => ("Backspace", 8, ""),
        "Delete" => ("Delete", 46, ""),
        "Space" => ("Space", 32, " "),
        "ArrowUp" => ("ArrowUp", 38, ""),
        "ArrowDown" => ("ArrowDown", 40, ""),
        "ArrowLeft" => ("ArrowLeft", 37, ""),
        "ArrowRight" => ("ArrowRight", 39, ""),
        "Home" => ("Home", 36, ""),
        "End" => ("End", 35, ""),
        "PageDown" => ("PageDown", 34, ""),
        "PageUp" => ("PageUp", 33, ""),
        other => return json!({"key": other, "text": other}),
    };
    let key = if name == "Space" { " " } else { name.trim_start_matches("Shift+") };
    let modifiers = if name.starts_with("Shift+") { 8 } else { 0 };
    let mut event = json!({"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers});
    if !text.is_empty()
        && let Some(fields) = event.as_object_mut()
    {
        fields.insert("text".to_owned(), Value::String(text.to_owned()));
    }
    event
}
