//! A JSON file with the line of every value, so that findings can point at their place.

use jsonc_parser::ast;
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::finding::Finding;
use crate::text::Text;

/// A longer file is not a catalogue file; the limit keeps a wrong upload from filling memory.
pub(crate) const MAX_FILE_BYTES: usize = 2 * 1024 * 1024;

/// A catalogue file that parsed as JSON.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// Path inside the catalogue.
    pub(crate) file: &'a str,
    /// The file as it stands.
    pub(crate) text: &'a str,
    /// Its value.
    pub(crate) value: Value,
    ast: Option<ast::Value<'a>>,
}

impl<'a> Source<'a> {
    /// Parses strict JSON: comments, trailing commas and repeated keys are findings.
    pub(crate) fn parse(file: &'a str, text: &'a str) -> Result<Source<'a>, Vec<Finding>> {
        if text.len() > MAX_FILE_BYTES {
            let message = Text::new("文件超过 2 MB，无法读取。", "The file is larger than 2 MB and was not read.");
            let fix = Text::new("请检查是否放错了文件。", "Check that the right file is in this place.");
            return Err(vec![Finding::error(file, 1, "unreadable", message, fix)]);
        }
        // serde_json goes first: it refuses nesting beyond 128 levels, which the second parser would recurse into.
        let value: Value = serde_json::from_str(text).map_err(|error| vec![syntax(file, text, &error)])?;
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict());
        let ast = parsed.ok().and_then(|result| result.value);
        let source = Source { file, text, value, ast };
        let mut repeated = Vec::new();
        if let Some(ast) = &source.ast {
            source.repeated_keys(ast, &mut repeated);
        }
        if repeated.is_empty() { Ok(source) } else { Err(repeated) }
    }

    /// Reads the value into a type; an error keeps its line.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Finding>> {
        serde_json::from_str(self.text).map_err(|error| vec![shape(self.file, &error)])
    }

    /// Line (from 1) of the value at a JSON pointer, or of the nearest existing value above it.
    pub(crate) fn line(&self, pointer: &str) -> usize {
        self.ast.as_ref().map_or(1, |ast| self.line_at(find(ast, pointer).range().start))
    }

    /// An error at a pointer.
    pub(crate) fn error(&self, pointer: &str, check: &'static str, message: Text, fix: Text) -> Finding {
        Finding::error(self.file, self.line(pointer), check, message, fix)
    }

    /// Keys of the object at `pointer` in the order in which the author wrote them.
    pub(crate) fn keys(&self, pointer: &str) -> Vec<String> {
        let Some(ast) = &self.ast else { return Vec::new() };
        match find_exact(ast, pointer) {
            Some(ast::Value::Object(object)) => {
                object.properties.iter().map(|property| property.name.as_str().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn line_at(&self, byte: usize) -> usize {
        let before = self.text.as_bytes().get(..byte).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn repeated_keys(&self, value: &ast::Value<'_>, out: &mut Vec<Finding>) {
        match value {
            ast::Value::Object(object) => {
                let mut seen = std::collections::BTreeSet::new();
                for property in &object.properties {
                    if !seen.insert(property.name.as_str()) {
                        out.push(self.repeated_key(property.name.as_str(), property.range));
                    }
                    self.repeated_keys(&property.value, out);
                }
            }
            ast::Value::Array(array) => array.elements.iter().for_each(|element| self.repeated_keys(element, out)),
            _ => {}
        }
    }

    fn repeated_key(&self, key: &str, range: Range) -> Finding {
        let message =
            Text::new(format!("键“{key}”在同一对象中写了两次。"), format!("The key “{key}” is written twice."));
        let fix = Text::new("请删去其中一个。", "Delete one of them.");
        Finding::error(self.file, self.line_at(range.start), "repeated-key", message, fix)
    }
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
    }
}

fn find<'v, 'a>(root: &'v ast::Value<'a>, pointer: &str) -> &'v ast::Value<'a> {
    let mut at = root;
    for token in tokens(pointer) {
        match child(at, &token) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

fn find_exact<'v, 'a>(root: &'v ast::Value<'a>, pointer: &str) -> Option<&'v ast::Value<'a>> {
    tokens(pointer).try_fold(root, |at, token| child(at, &token))
}

fn child<'v, 'a>(value: &'v ast::Value<'a>, token: &str) -> Option<&'v ast::Value<'a>> {
    match value {
        ast::Value::Object(object) => object.properties.iter().find(|p| p.name.as_str() == token).map(|p| &p.value),
        ast::Value::Array(array) => array.elements.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// One token of a JSON pointer, escaped.
pub(crate) fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn syntax(file: &str, text: &str, error: &serde_json::Error) -> Finding {
    let line = error.line().max(1);
    if text.starts_with('\u{feff}') {
        let message = Text::new("文件带有 BOM 标记。", "The file starts with a byte order mark.");
        let fix = Text::new("请另存为不带 BOM 的 UTF-8。", "Save it as UTF-8 without BOM.");
        return Finding::error(file, 1, "unreadable", message, fix);
    }
    let message = Text::new(
        format!("不是合法的 JSON（第 {line} 行第 {} 列）：{error}。", error.column()),
        format!("Not valid JSON (line {line}, column {}): {error}.", error.column()),
    );
    let fix = Text::new(
        "请检查这一行及上一行的逗号、引号和括号。",
        "Check commas, quotes and brackets in this line and the one before.",
    );
    Finding::error(file, line, "unreadable", message, fix)
}

fn shape(file: &str, error: &serde_json::Error) -> Finding {
    let line = error.line().max(1);
    let text = error.to_string();
    // The place is given beside the sentence already.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let check = if text.starts_with("unknown field") { "unknown-key" } else { "wrong-shape" };
    let message = Text::new(format!("内容与格式不符：{text}。"), format!("The content does not fit its type: {text}."));
    let fix = Text::new(
        "请对照同类文件改正键名或取值；缺少的键要补上。",
        "Compare with a file of the same kind: correct the key or value, add what is missing.",
    );
    Finding::error(file, line, check, message, fix)
}
