//! What is wrong with a rule's files, said so that its author can mend it.

use std::fmt;

use domain::text::Text;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::{Deserialize, Serialize};

/// One of the three files of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum File {
    /// `schema.json`.
    #[serde(rename = "schema.json")]
    Schema,
    /// `table.json`.
    #[serde(rename = "table.json")]
    Table,
    /// `tests.json`.
    #[serde(rename = "tests.json")]
    Tests,
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            File::Schema => "schema.json",
            File::Table => "table.json",
            File::Tests => "tests.json",
        })
    }
}

/// One defect. A rule with findings is not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The file it stands in.
    pub file: File,
    /// Its line, counted from 1; 1 when the place cannot be told.
    pub line: u32,
    /// JSON pointer (RFC 6901) of the place, `""` for the whole file.
    pub pointer: String,
    /// What is wrong.
    pub message: Text,
    /// What to do about it.
    pub fix: Text,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} ({})", self.file, self.line, self.message.en, self.fix.en)
    }
}

impl Finding {
    /// A finding whose line is filled in afterwards by [`locate`].
    pub(crate) fn new(file: File, pointer: impl Into<String>, message: Text, fix: Text) -> Finding {
        Finding { file, line: 0, pointer: pointer.into(), message, fix }
    }
}

/// The texts of the three files, kept so that a finding of any later check can name its line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    pub schema: String,
    pub table: String,
    pub tests: String,
}

impl Sources {
    fn text(&self, file: File) -> &str {
        match file {
            File::Schema => &self.schema,
            File::Table => &self.table,
            File::Tests => &self.tests,
        }
    }

    /// Fills in the lines, and sorts by file and line.
    pub fn locate(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        for file in [File::Schema, File::Table, File::Tests] {
            if !findings.iter().any(|f| f.file == file && f.line == 0) {
                continue;
            }
            let text = self.text(file);
            let parsed = parse_to_ast(text, &CollectOptions::default(), &strict()).ok().and_then(|p| p.value);
            for finding in findings.iter_mut().filter(|f| f.file == file && f.line == 0) {
                let offset = parsed.as_ref().map_or(0, |root| offset_of(root, &finding.pointer));
                finding.line = line_at(text, offset);
            }
        }
        findings.sort_by(|a, b| (a.file, a.line, &a.pointer).cmp(&(b.file, b.line, &b.pointer)));
        findings
    }
}

/// Pointers of object keys that occur twice. JSON readers keep the last one in silence, so that a reviewer would read
/// one condition while another is in force.
pub(crate) fn duplicate_keys(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Ok(parsed) = parse_to_ast(text, &CollectOptions::default(), &strict())
        && let Some(root) = parsed.value
    {
        walk(&root, &mut String::new(), &mut out);
    }
    out
}

fn walk(value: &Value<'_>, path: &mut String, out: &mut Vec<String>) {
    let length = path.len();
    match value {
        Value::Object(object) => {
            let mut seen = std::collections::HashSet::new();
            for property in &object.properties {
                path.push('/');
                path.push_str(&escape(name(&property.name)));
                if !seen.insert(name(&property.name)) {
                    out.push(path.clone());
                }
                walk(&property.value, path, out);
                path.truncate(length);
            }
        }
        Value::Array(array) => {
            for (index, element) in array.elements.iter().enumerate() {
                path.push_str(&format!("/{index}"));
                walk(element, path, out);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

fn name<'a>(name: &'a ObjectPropName<'a>) -> &'a str {
    match name {
        ObjectPropName::String(s) => s.value.as_ref(),
        ObjectPropName::Word(w) => w.value,
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
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

/// Byte offset of the deepest part of `pointer` that exists.
fn offset_of(root: &Value<'_>, pointer: &str) -> usize {
    let mut here = root;
    let mut offset = start(root);
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        let next = match here {
            // The last of two equal keys is the one in force, and the one to point at.
            Value::Object(object) => object.properties.iter().rev().find(|p| name(&p.name) == key).map(|p| {
                offset = p.range.start;
                &p.value
            }),
            Value::Array(array) => key.parse::<usize>().ok().and_then(|i| array.elements.get(i)).inspect(|v| {
                offset = start(v);
            }),
            _ => None,
        };
        match next {
            Some(value) => here = value,
            None => break,
        }
    }
    offset
}

fn start(value: &Value<'_>) -> usize {
    use jsonc_parser::common::Ranged;
    value.range().start
}

fn line_at(text: &str, offset: usize) -> u32 {
    let lines = text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_its_line() {
        let text = "{\n \"a\": [\n  1,\n  {\"x/y\": 2}\n ]\n}";
        let sources = Sources { table: text.into(), ..Sources::default() };
        let line = |pointer: &str| {
            let finding = Finding::new(File::Table, pointer, Text::default(), Text::default());
            sources.locate(vec![finding])[0].line
        };
        assert_eq!(line(""), 1);
        assert_eq!(line("/a"), 2);
        assert_eq!(line("/a/0"), 3);
        assert_eq!(line("/a/1/x~1y"), 4);
        assert_eq!(line("/a/1/nothing"), 4, "the nearest parent that exists");
    }

    #[test]
    fn duplicate_keys_are_seen_at_any_depth() {
        assert_eq!(duplicate_keys(r#"{"a":1,"b":[{"c":1,"c":2}],"a":3}"#), ["/b/0/c", "/a"]);
        assert!(duplicate_keys(r#"{"a":{"a":1}}"#).is_empty());
    }
}
