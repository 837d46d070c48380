//! Everything that stands between the files of a catalogue and its publication, in one place: what `catalog check` prints,
//! `catalog import` refuses.

use std::collections::BTreeMap;

use domain::catalog::{Finding, lint, sort};
use domain::halls::lint_places;
use domain::messages::lint_messages;
use domain::voice::lint_ratings;

/// Lints matters, places, ratings and messages, and loads, lints and tests the rules of each.
pub fn check(files: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = lint(files);
    findings.extend(lint_places(files));
    findings.extend(lint_ratings(files));
    findings.extend(lint_messages(files));
    for (path, matter) in files {
        if let Some(folder) = path.strip_suffix("/matter.json").filter(|folder| folder.starts_with("matters/")) {
            findings.extend(rules_of(files, folder, matter));
        }
    }
    sort(&mut findings);
    findings
}

/// What is wrong with the rules of one matter. Where a file of them is missing, the lint of the matter says so.
fn rules_of(files: &BTreeMap<String, String>, folder: &str, matter: &str) -> Vec<Finding> {
    let text = |name: &str| files.get(&format!("{folder}/rules/{name}"));
    let (Some(schema), Some(table), Some(tests)) = (text("schema.json"), text("table.json"), text("tests.json")) else {
        return Vec::new();
    };
    let matter: serde_json::Value = serde_json::from_str(matter).unwrap_or_default();
    let open_to_pledges = matter.get("pledge").is_some_and(|pledge| !pledge.is_null());
    rules::check(schema, table, tests, open_to_pledges)
        .into_iter()
        .map(|found| {
            let line = usize::try_from(found.line).unwrap_or(1);
            Finding::error(&format!("{folder}/rules/{}", found.file), line, "rule", found.message, found.fix)
        })
        .collect()
}
