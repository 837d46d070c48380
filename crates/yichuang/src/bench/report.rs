//! What was measured, against what should be: as a table for people, as JSON, and as the marked part of a Markdown file.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The part of a Markdown file between these two lines is replaced by [`Report::write`].
const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figure; `None` when it could not be measured.
    pub value: Option<f64>,
    /// Unit: `/s`, `ms`, `MB`, `×`.
    pub unit: &'static str,
    /// What it should be.
    pub target: Option<Target>,
    /// How it came about, in a few words.
    pub note: String,
}

impl Row {
    /// A figure without a target.
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Row {
        Row { what: what.into(), value: Some(value), unit, target: None, note: String::new() }
    }

    /// Something that could not be measured here, and why.
    pub fn missing(what: impl Into<String>, why: impl Into<String>) -> Row {
        Row { what: what.into(), value: None, unit: "", target: None, note: why.into() }
    }

    /// This much or more is wanted.
    pub fn at_least(self, least: f64) -> Row {
        Row { target: Some(Target::AtLeast(least)), ..self }
    }

    /// This much or less is wanted.
    pub fn at_most(self, most: f64) -> Row {
        Row { target: Some(Target::AtMost(most)), ..self }
    }

    /// How it came about.
    pub fn note(self, note: impl Into<String>) -> Row {
        Row { note: note.into(), ..self }
    }

    /// Whether the target is met; `None` without a target or without a figure.
    pub fn met(&self) -> Option<bool> {
        Some(match self.target? {
            Target::AtLeast(least) => self.value? >= least,
            Target::AtMost(most) => self.value? <= most,
        })
    }

    fn cells(&self) -> [String; 4] {
        let with_unit = |value: f64| format!("{} {}", rounded(value), self.unit).trim_end().to_owned();
        let measured = self.value.map_or_else(|| "not measured".to_owned(), with_unit);
        let target = match self.target {
            Some(Target::AtLeast(least)) => format!("≥ {}", with_unit(least)),
            Some(Target::AtMost(most)) => format!("≤ {}", with_unit(most)),
            None => String::new(),
        };
        let verdict = match self.met() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        [self.what.clone(), measured, target, verdict.to_owned()]
    }
}

/// Three significant digits, with thousands apart: `1,234`, `12.3`, `0.123`.
fn rounded(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

/// Everything that one run measured.
#[derive(Debug, Default)]
pub struct Report {
    /// Lines that describe the machine.
    pub machine: Vec<(String, String)>,
    /// Titles of the parts with their figures.
    pub parts: Vec<(String, Vec<Row>)>,
}

impl Report {
    /// Adds a part and prints it to standard error, so that whoever waits sees how far it has come.
    pub fn part(&mut self, title: &str, rows: Vec<Row>) {
        eprintln!("\n{title}");
        for row in &rows {
            let [what, measured, target, verdict] = row.cells();
            eprintln!("  {what}: {measured}  {target} {verdict}  {}", row.note);
        }
        self.parts.push((title.to_owned(), rows));
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        let row = |part: &str, row: &Row| {
            let (least, most) = match row.target {
                Some(Target::AtLeast(least)) => (Some(least), None),
                Some(Target::AtMost(most)) => (None, Some(most)),
                None => (None, None),
            };
            json!({ "part": part, "what": row.what, "value": row.value, "unit": row.unit, "at_least": least,
                    "at_most": most, "met": row.met(), "note": row.note })
        };
        let rows: Vec<Value> =
            self.parts.iter().flat_map(|(part, rows)| rows.iter().map(move |own| row(part, own))).collect();
        let machine: serde_json::Map<String, Value> =
            self.machine.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({ "machine": machine, "rows": rows })
    }

    /// As Markdown: the machine, then one table.
    pub fn markdown(&self) -> String {
        let mut out = String::from("| machine | |\n|---|---|\n");
        for (name, value) in &self.machine {
            let _ = writeln!(out, "| {name} | {value} |");
        }
        out.push_str("\n| what | measured | target | | how |\n|---|---:|---:|---|---|\n");
        for (title, rows) in &self.parts {
            let _ = writeln!(out, "| **{title}** | | | | |");
            for row in rows {
                let [what, measured, target, verdict] = row.cells();
                let verdict = if verdict == "MISSED" { "**MISSED**".to_owned() } else { verdict };
                let _ = writeln!(out, "| {what} | {measured} | {target} | {verdict} | {} |", row.note);
            }
        }
        let count = |met: bool| self.rows().filter(|row| row.met() == Some(met)).count();
        let _ = writeln!(out, "\n{} targets met, {} missed.", count(true), count(false));
        out
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.parts.iter().flat_map(|(_, rows)| rows)
    }

    /// Replaces the figures in a Markdown file that has the two marks; the words around them stay.
    pub fn write(&self, path: &Path) -> Result<()> {
        replace_figures(path, &self.markdown())
    }
}

/// Replaces what stands between the two marks in a Markdown file; the words around them stay.
pub fn replace_figures(path: &Path, figures: &str) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let replaced =
        replaced(&text, figures).with_context(|| format!("{} lacks the lines {BEGIN} and {END}", path.display()))?;
    std::fs::write(path, replaced).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{figures}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_shown_as_such() {
        let rows = vec![
            Row::new("a", 1_234.5, "/s").at_least(1_200.0),
            Row::new("b", 30.0, "ms").at_most(25.0),
            Row::missing("c", "no server"),
        ];
        let report = Report { machine: vec![("cores".into(), "2".into())], parts: vec![("part".into(), rows)] };
        let text = report.markdown();
        assert!(text.contains("| a | 1,234 /s | ≥ 1,200 /s | met |"), "{text}");
        assert!(text.contains("| b | 30.0 ms | ≤ 25.0 ms | **MISSED** |"), "{text}");
        assert!(text.contains("| c | not measured |"), "{text}");
        assert!(text.ends_with("1 targets met, 1 missed.\n"), "{text}");
        assert_eq!(report.json()["rows"][1]["met"], false);
        let file = format!("# Words\n{BEGIN}\nold\n{END}\nmore\n");
        let new = replaced(&file, "new\n").unwrap();
        assert_eq!(new, format!("# Words\n{BEGIN}\nnew\n{END}\nmore\n"));
        assert!(replaced("no marks", "new").is_none());
    }

    #[test]
    fn figures_are_short() {
        let all = [(0.0, "0.00"), (0.0714, "0.071"), (3.456, "3.46"), (99.94, "99.9"), (1_234_567.0, "1,234,567")];
        for (value, text) in all {
            assert_eq!(rounded(value), text);
        }
    }
}
