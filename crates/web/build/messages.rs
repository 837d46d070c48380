//! Compiles fluent files into typed Rust methods.
//!
//! `locales/zh/<capability>.ftl` and `locales/en/<capability>.ftl` must hold the same messages with the same
//! arguments; whatever does not match is a [`Problem`] that names file and message, and the build fails with it.
//!
//! Supported: text, `{ $variables }`, `{ NUMBER($n) }` (grouped digits), `{ "literals" }`, terms without arguments
//! (`{ -platform }`) and selectors on a variable. An argument is a whole number when it is named `n` or `count`,
//! ends in `_n`, is passed to `NUMBER`, or selects between plural forms or numbers in either language; it is a choice
//! (`&str`) when it selects between other words; otherwise anything that can be displayed. Arguments stand in the order
//! in which the Chinese message first names them.

use fluent_syntax::ast;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Something wrong in a fluent file.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the locales folder: `en/home.ftl`.
    pub file: String,
    /// The message it is about; empty when the file as a whole is at fault.
    pub message: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "locales/{}: {}: {}", self.file, self.message, self.what)
    }
}

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Anything that implements `Display`.
    Shown,
    /// One of a few words, `&str`.
    Choice,
    /// Any whole number.
    Number,
}

/// One message in both languages.
#[derive(Debug)]
pub struct Message {
    /// Identifier as written: `home-title`.
    pub id: String,
    /// Arguments in calling order.
    pub args: Vec<(String, Kind)>,
    zh: Vec<Piece>,
    en: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Shown(String),
    Grouped(String),
    Select { arg: String, plural: bool, cases: Vec<(String, Vec<Piece>)>, other: Vec<Piece> },
}

type Parsed = BTreeMap<String, Vec<Piece>>;

/// Reads both languages of one capability. `name` is the file name without `.ftl`.
pub fn compile(name: &str, zh: &str, en: &str) -> Result<Vec<Message>, Vec<Problem>> {
    let mut problems = Vec::new();
    let zh_all = parse(&format!("zh/{name}.ftl"), name, zh, &mut problems);
    let mut en_all = parse(&format!("en/{name}.ftl"), name, en, &mut problems);
    let mut messages = Vec::new();
    for (id, zh) in zh_all {
        let Some(en) = en_all.remove(&id) else {
            problems.push(problem(&format!("en/{name}.ftl"), &id, "missing; the Chinese file has it"));
            continue;
        };
        match signature(&zh, &en) {
            Ok(args) => messages.push(Message { id, args, zh, en }),
            Err(what) => problems.push(problem(&format!("en/{name}.ftl"), &id, &what)),
        }
    }
    for id in en_all.keys() {
        problems.push(problem(&format!("zh/{name}.ftl"), id, "missing; the English file has it"));
    }
    if problems.is_empty() { Ok(messages) } else { Err(problems) }
}

/// Reads every file below `locales`.
pub fn compile_all(locales: &Path) -> Result<Vec<Message>, Vec<Problem>> {
    let mut names = std::collections::BTreeSet::new();
    for lang in ["zh", "en"] {
        for entry in std::fs::read_dir(locales.join(lang)).into_iter().flatten().flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if let Some(name) = file.strip_suffix(".ftl") {
                names.insert(name.to_owned());
            }
        }
    }
    let (mut all, mut problems) = (Vec::<Message>::new(), Vec::new());
    for name in names {
        let read = |lang: &str| std::fs::read_to_string(locales.join(lang).join(format!("{name}.ftl")));
        let (Ok(zh), Ok(en)) = (read("zh"), read("en")) else {
            problems.push(problem(&format!("{{zh,en}}/{name}.ftl"), "", "must exist in both languages, as UTF-8"));
            continue;
        };
        match compile(&name, &zh, &en) {
            Ok(messages) => {
                for message in messages {
                    if all.iter().any(|other| other.id == message.id) {
                        problems.push(problem(&format!("zh/{name}.ftl"), &message.id, "another file has it too"));
                    }
                    all.push(message);
                }
            }
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn problem(file: &str, message: &str, what: &str) -> Problem {
    Problem { file: file.to_owned(), message: message.to_owned(), what: what.to_owned() }
}

fn parse(file: &str, name: &str, source: &str, problems: &mut Vec<Problem>) -> Parsed {
    let resource = match fluent_syntax::parser::parse(source) {
        Ok(resource) => resource,
        Err((_, errors)) => {
            for error in errors {
                let line = source.get(..error.pos.start).unwrap_or("").matches('\n').count() + 1;
                problems.push(problem(file, "", &format!("line {line}: {}", error.kind)));
            }
            return Parsed::new();
        }
    };
    let mut terms = BTreeMap::new();
    for entry in &resource.body {
        if let ast::Entry::Term(term) = entry {
            terms.insert(term.id.name, &term.value);
        }
    }
    let reader = Reader { terms };
    let mut out = Parsed::new();
    for entry in &resource.body {
        let ast::Entry::Message(message) = entry else { continue };
        let id = message.id.name;
        if name != "common" && !id.starts_with(&format!("{name}-")) {
            problems.push(problem(file, id, &format!("must begin with `{name}-`, so that no two files can clash")));
        }
        match message.value.as_ref().ok_or("has no text".to_owned()).and_then(|value| reader.pattern(value)) {
            Ok(pieces) => {
                if out.insert(id.to_owned(), pieces).is_some() {
                    problems.push(problem(file, id, "stands here twice"));
                }
            }
            Err(what) => problems.push(problem(file, id, &what)),
        }
    }
    out
}

struct Reader<'s> {
    terms: BTreeMap<&'s str, &'s ast::Pattern<&'s str>>,
}

impl<'s> Reader<'s> {
    fn pattern(&self, pattern: &ast::Pattern<&'s str>) -> Result<Vec<Piece>, String> {
        let mut out = Vec::new();
        for element in &pattern.elements {
            match element {
                ast::PatternElement::TextElement { value } => out.push(Piece::Text((*value).to_owned())),
                ast::PatternElement::Placeable { expression } => self.expression(expression, &mut out)?,
            }
        }
        Ok(out)
    }

    fn expression(&self, expression: &ast::Expression<&'s str>, out: &mut Vec<Piece>) -> Result<(), String> {
        match expression {
            ast::Expression::Inline(inline) => self.inline(inline, out),
            ast::Expression::Select { selector, variants } => {
                let ast::InlineExpression::VariableReference { id } = selector else {
                    return Err("a selector must be a variable".to_owned());
                };
                let (mut cases, mut other, mut plural) = (Vec::new(), Vec::new(), false);
                for variant in variants {
                    let (key, numeric) = match &variant.key {
                        ast::VariantKey::Identifier { name } => (*name, ["zero", "one", "two"].contains(name)),
                        ast::VariantKey::NumberLiteral { value } => (*value, true),
                    };
                    plural |= numeric;
                    let pieces = self.pattern(&variant.value)?;
                    if variant.default { other = pieces } else { cases.push((key.to_owned(), pieces)) }
                }
                out.push(Piece::Select { arg: id.name.to_owned(), plural, cases, other });
                Ok(())
            }
        }
    }

    fn inline(&self, inline: &ast::InlineExpression<&'s str>, out: &mut Vec<Piece>) -> Result<(), String> {
        match inline {
            ast::InlineExpression::StringLiteral { value } => {
                let mut text = String::new();
                fluent_syntax::unicode::unescape_unicode(&mut text, value).map_err(|_| "bad escape".to_owned())?;
                out.push(Piece::Text(text));
            }
            ast::InlineExpression::NumberLiteral { value } => out.push(Piece::Text((*value).to_owned())),
            ast::InlineExpression::VariableReference { id } => out.push(Piece::Shown(id.name.to_owned())),
            ast::InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => {
                match arguments.positional.as_slice() {
                    [ast::InlineExpression::VariableReference { id }] => out.push(Piece::Grouped(id.name.to_owned())),
                    _ => return Err("NUMBER takes one variable".to_owned()),
                }
            }
            ast::InlineExpression::TermReference { id, attribute: None, arguments: None } => {
                let term = self.terms.get(id.name).ok_or(format!("there is no term -{} in this file", id.name))?;
                out.extend(self.pattern(term)?);
            }
            ast::InlineExpression::Placeable { expression } => self.expression(expression, out)?,
            _ => return Err("functions other than NUMBER and references to messages are not supported".to_owned()),
        }
        Ok(())
    }
}

/// The arguments of a message, or why the two languages do not agree on them.
fn signature(zh: &[Piece], en: &[Piece]) -> Result<Vec<(String, Kind)>, String> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    collect(zh, &mut first);
    collect(en, &mut second);
    for (name, _) in &second {
        if !first.iter().any(|(other, _)| other == name) {
            return Err(format!("uses ${name}, which the Chinese message does not have"));
        }
    }
    for (name, kind) in &mut first {
        let Some((_, other)) = second.iter().find(|(other, _)| other == name) else {
            return Err(format!("does not use ${name}, which the Chinese message has"));
        };
        let pair = [*kind, *other];
        if pair.contains(&Kind::Number) && pair.contains(&Kind::Choice) {
            return Err(format!("${name} is a number in one language and a choice of words in the other"));
        }
        *kind = (*kind).max(*other);
    }
    Ok(first)
}

fn collect(pieces: &[Piece], out: &mut Vec<(String, Kind)>) {
    let mut add = |name: &String, kind: Kind| match out.iter_mut().find(|(other, _)| other == name) {
        Some((_, known)) => *known = (*known).max(kind),
        None => out.push((name.clone(), kind)),
    };
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Shown(arg) => {
                let number = arg == "n" || arg == "count" || arg.ends_with("_n");
                add(arg, if number { Kind::Number } else { Kind::Shown });
            }
            Piece::Grouped(arg) => add(arg, Kind::Number),
            Piece::Select { arg, plural, .. } => add(arg, if *plural { Kind::Number } else { Kind::Choice }),
        }
    }
    for piece in pieces {
        if let Piece::Select { cases, other, .. } = piece {
            cases.iter().for_each(|(_, pieces)| collect(pieces, out));
            collect(other, out);
        }
    }
}

/// The Rust source: one `impl T` block with a method per message.
pub fn generate(messages: &[Message]) -> String {
    // Length says nothing about generated code.
    let mut out = String::from("#[allow(clippy::too_many_lines)]\nimpl T {\n");
    for message in messages {
        let name = message.id.replace('-', "_");
        let _ = writeln!(out, "    /// {} · {}", sketch(&message.zh), sketch(&message.en));
        let params: String = message.args.iter().map(|(arg, kind)| format!(", {arg}: {}", rust_type(*kind))).collect();
        if message.args.is_empty() {
            let _ = writeln!(out, "    pub const fn {name}(self) -> &'static str {{");
            let _ = writeln!(out, "        match self.lang {{");
            let _ = writeln!(out, "            Lang::Zh => {:?},", plain(&message.zh));
            let _ = writeln!(out, "            Lang::En => {:?},", plain(&message.en));
            out.push_str("        }\n    }\n");
        } else {
            let _ = writeln!(out, "    pub fn {name}(self{params}) -> String {{");
            for (arg, _) in message.args.iter().filter(|(_, kind)| *kind == Kind::Number) {
                let _ = writeln!(out, "        let {arg} = {arg}.number();");
            }
            out.push_str("        let mut out = String::new();\n        match self.lang {\n");
            for (lang, pieces) in [("Zh", &message.zh), ("En", &message.en)] {
                let _ = writeln!(out, "            Lang::{lang} => {{");
                emit(pieces, &message.args, &mut out);
                out.push_str("            }\n");
            }
            out.push_str("        }\n        out\n    }\n");
        }
    }
    out.push_str("}\n");
    out
}

fn rust_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Shown => "impl std::fmt::Display",
        Kind::Choice => "&str",
        Kind::Number => "impl Number",
    }
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "" }).collect()
}

/// One line of documentation that shows the words.
fn sketch(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&text.replace('\n', " ")),
            Piece::Shown(arg) | Piece::Grouped(arg) | Piece::Select { arg, .. } => {
                let _ = write!(out, "`{arg}`");
            }
        }
    }
    // Brackets in the words must not be read as links by rustdoc.
    out.replace('[', "\\[").replace('<', "\\<")
}

fn emit(pieces: &[Piece], args: &[(String, Kind)], out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) if text.chars().count() == 1 => {
                text.chars().for_each(|c| _ = writeln!(out, "out.push({c:?});"));
            }
            Piece::Text(text) => _ = writeln!(out, "out.push_str({text:?});"),
            Piece::Shown(arg) => _ = writeln!(out, "show(&mut out, &{arg});"),
            Piece::Grouped(arg) => _ = writeln!(out, "out.push_str(&grouped({arg}));"),
            Piece::Select { arg, cases, other, .. } => {
                let number = args.iter().any(|(name, kind)| name == arg && *kind == Kind::Number);
                let _ = writeln!(out, "match {arg} {{");
                for (key, pieces) in cases {
                    let key = match (number, key.as_str()) {
                        (true, "zero") => "0".to_owned(),
                        (true, "one") => "1".to_owned(),
                        (true, "two") => "2".to_owned(),
                        (true, number) => number.to_owned(),
                        (false, word) => format!("{word:?}"),
                    };
                    let _ = writeln!(out, "{key} => {{");
                    emit(pieces, args, out);
                    out.push_str("}\n");
                }
                out.push_str("_ => {\n");
                emit(other, args, out);
                out.push_str("}\n}\n");
            }
        }
    }
}
