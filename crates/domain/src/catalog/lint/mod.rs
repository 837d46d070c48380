//! The lint of the catalogue: what a real audit of an implementation list looks for (GB/T 39046—2020 and the checks of
//! the platforms), and whatever would leave a person before a page that cannot work.

mod audit;
mod elements;
mod faces;
mod front;
mod lists;
mod rules;
mod sample;
mod shared;
mod trial;
mod words;

use std::collections::BTreeSet;

use super::finding::{self, Finding};
use super::load::{self, Catalogue, Files, folders};
use super::matter::Matter;
use super::source::Source;
use crate::text::Text;

/// Every finding about a catalogue, in the order of its files. Empty means: may be published.
pub fn lint(files: &Files) -> Vec<Finding> {
    let (catalogue, mut findings) = load::read(files);
    shared::check(files, &catalogue, &mut findings);
    front::check(files, &catalogue, &mut findings);
    for slug in folders(files, "matters/") {
        matter(files, &catalogue, slug, &mut findings);
    }
    for (file, text) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
        match Source::parse(file, text) {
            Ok(source) => words::check(&mut Report { source: &source, findings: &mut findings }),
            // The loader has told of its own files already; doubles are dropped below.
            Err(unreadable) => findings.extend(unreadable),
        }
    }
    finding::sort(&mut findings);
    findings
}

/// Checks one folder, as far as its files can be read.
fn matter(files: &Files, catalogue: &Catalogue, slug: &str, findings: &mut Vec<Finding>) {
    let path = format!("matters/{slug}/matter.json");
    let Some((file, text)) = files.get_key_value(&path) else { return };
    let Ok(source) = Source::parse(file, text) else { return };
    let Ok(matter) = source.read::<Matter>() else { return };
    let mut report = Report { source: &source, findings };
    audit::check(&matter, &mut report);
    elements::check(slug, &matter, &mut report);
    shared::names(catalogue, &matter, &mut report);
    let Some(bundle) = catalogue.matters.get(slug) else { return };
    elements::conditions(&matter, &bundle.form, &mut report);
    rules::check(files, bundle, &mut report);
    sample::check(files, slug, bundle, findings);
}

/// Collects findings about one file.
struct Report<'r, 'a> {
    source: &'r Source<'a>,
    findings: &'r mut Vec<Finding>,
}

impl Report<'_, '_> {
    /// An error at a JSON pointer, with what is wrong and what to do, each in both languages.
    fn error(&mut self, pointer: &str, check: &'static str, wrong: Text, fix: Text) {
        self.findings.push(self.source.error(pointer, check, wrong, fix));
    }

    /// As [`Report::error`], when something is not so.
    fn require(&mut self, holds: bool, pointer: &str, check: &'static str, wrong: Text, fix: Text) {
        if !holds {
            self.error(pointer, check, wrong, fix);
        }
    }
}

/// A sentence in both languages.
fn say(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh, en)
}

/// Keys that occur more than once, with the later places.
fn repeated<K: Ord + Copy, P>(items: impl IntoIterator<Item = (K, P)>) -> Vec<(K, P)> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|(key, _)| !seen.insert(*key)).collect()
}

/// A telephone number with its area code: `0532-55550110`, `0532-12345`.
fn has_area_code(phone: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let Some((area, number)) = phone.split_once('-') else { return false };
    let number = number.split_once('-').map_or(number, |(number, _)| number);
    digits(area)
        && area.starts_with('0')
        && (3..=4).contains(&area.len())
        && digits(number)
        && (5..=8).contains(&number.len())
}
