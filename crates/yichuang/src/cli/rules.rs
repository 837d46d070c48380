//! `yichuang rules check|test|eval|replay|list`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::text::Text;
use rules::{Fact, FactValue, Facts, Outcome, RuleSet};
use serde_json::{Value, json};

use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the rules of every matter in a catalogue folder.
    Check {
        /// Catalogue folder, or the folder of one matter.
        path: PathBuf,
    },
    /// Run the test cases of every rule.
    Test {
        /// Catalogue folder, or the folder of one matter.
        path: PathBuf,
    },
    /// Decide one case: facts as a JSON object, field code to value.
    Eval {
        /// Folder of one matter.
        path: PathBuf,
        /// File with the facts; `-` reads standard input.
        facts: PathBuf,
    },
    /// Apply a draft to every past case of its matter and list those that would be decided otherwise.
    Replay {
        /// Folder of one matter, with the draft.
        path: PathBuf,
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
    /// List what is decided by.
    List {
        /// The numbers of the law: value, validity, article, and where each is applied.
        #[arg(long, required = true)]
        law: bool,
        /// Of this city, with its own `law.json` and the matters that it has published.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
}

struct Files {
    slug: String,
    schema: String,
    table: String,
    tests: String,
    pledge: bool,
}

/// The rules below a folder: a whole catalogue or one matter.
fn find(path: &Path) -> Result<Vec<Files>> {
    let mut folders = BTreeMap::new();
    if path.join("rules").is_dir() {
        folders.insert(path.to_path_buf(), ());
    } else {
        let matters = path.join("matters");
        if !matters.is_dir() {
            bail!(
                "{} is neither the folder of a catalogue nor that of a matter with rules: there is no matters/ and no rules/ in it",
                path.display()
            );
        }
        for entry in std::fs::read_dir(&matters).with_context(|| format!("cannot read {}", matters.display()))? {
            let folder = entry?.path();
            if folder.join("rules").is_dir() {
                folders.insert(folder, ());
            }
        }
    }
    folders
        .into_keys()
        .map(|folder| {
            let read = |name: &str| {
                let path = folder.join(name);
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
            };
            let matter: Value = serde_json::from_str(&read("matter.json")?)?;
            Ok(Files {
                slug: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                schema: read("rules/schema.json")?,
                table: read("rules/table.json")?,
                tests: read("rules/tests.json")?,
                pledge: matter.get("pledge").is_some_and(|pledge| !pledge.is_null()),
            })
        })
        .collect()
}

fn report(slug: &str, findings: &[rules::Finding], json: bool) {
    for finding in findings {
        let line = format!(
            "{slug}/rules/{}:{}: {} {}\n    {} {}",
            finding.file, finding.line, finding.message.zh, finding.fix.zh, finding.message.en, finding.fix.en
        );
        say(json, &json!({ "matter": slug, "finding": finding }), &line);
    }
}

pub fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Check { path } => {
            let mut bad = 0;
            let all = find(&path)?;
            for files in &all {
                let findings = rules::check(&files.schema, &files.table, &files.tests, files.pledge);
                bad += findings.len();
                report(&files.slug, &findings, json);
            }
            say(json, &json!({ "rules": all.len(), "findings": bad }), &format!("{} rules, {bad} findings", all.len()));
            Ok(if bad == 0 { Answer::Yes } else { Answer::No })
        }
        Command::Test { path } => test(&path, json),
        Command::Eval { path, facts } => eval(&path, &facts, json),
        Command::List { dir, .. } => super::block_on(super::law::list(dir, json)),
        Command::Replay { path, dir } => super::block_on(replay(path, dir, json)),
    }
}

fn test(path: &Path, json: bool) -> Result<Answer> {
    let (mut passed, mut failed) = (0, 0);
    for files in find(path)? {
        let rule = match RuleSet::load(&files.schema, &files.table, &files.tests) {
            Ok(rule) => rule,
            Err(findings) => {
                report(&files.slug, &findings, json);
                failed += 1;
                continue;
            }
        };
        for outcome in rule.run_tests() {
            if outcome.passed {
                passed += 1;
                continue;
            }
            failed += 1;
            let line = format!(
                "{}: {}: expected {}, got {}",
                files.slug,
                outcome.name,
                decided(outcome.expected, &outcome.expected_rows),
                decided(outcome.got, &outcome.fired)
            );
            say(json, &json!({ "matter": files.slug, "test": outcome }), &line);
        }
    }
    say(json, &json!({ "passed": passed, "failed": failed }), &format!("{passed} passed, {failed} failed"));
    Ok(if failed == 0 { Answer::Yes } else { Answer::No })
}

/// `approve by R01, R02`; rows alone for a list of policies, which decides nothing.
fn decided(outcome: Option<Outcome>, rows: &[Arc<str>]) -> String {
    let rows = if rows.is_empty() { "no row".to_owned() } else { rows.join(", ") };
    outcome.map_or_else(|| rows.clone(), |outcome| format!("{} by {rows}", outcome.name()))
}

async fn replay(path: PathBuf, dir: PathBuf, json: bool) -> Result<Answer> {
    let files = find(&path)?.into_iter().next().context("the folder holds no rules")?;
    let draft = match RuleSet::load(&files.schema, &files.table, &files.tests) {
        Ok(draft) => draft,
        Err(findings) => {
            report(&files.slug, &findings, json);
            return Ok(Answer::No);
        }
    };
    let city = open::city(&Folder::at(dir)).await?;
    let found = service::cases::replay(&city, &super::catalog::operator(), &files.slug, &draft).await?;
    for flip in &found.flips {
        let line = format!(
            "{}: {} by {} → {} by {}\n    {}\n    {}",
            flip.number,
            flip.was,
            flip.was_fired.join(", "),
            flip.draft.name(),
            flip.draft_fired.join(", "),
            flip.reason.zh,
            flip.reason.en
        );
        say(json, &json!({ "matter": files.slug, "flip": flip }), &line);
    }
    let flips = found.flips.len();
    say(json, &json!({ "cases": found.cases, "flips": flips }), &format!("{} cases, {flips} flips", found.cases));
    Ok(if flips == 0 { Answer::Yes } else { Answer::No })
}

fn eval(path: &Path, facts: &Path, json: bool) -> Result<Answer> {
    let files = find(path)?.into_iter().next().context("the folder holds no rules")?;
    let rule = match RuleSet::load(&files.schema, &files.table, &files.tests) {
        Ok(rule) => rule,
        Err(findings) => {
            report(&files.slug, &findings, json);
            return Ok(Answer::No);
        }
    };
    let text = if facts.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        std::fs::read_to_string(facts).with_context(|| format!("cannot read {}", facts.display()))?
    };
    let given: BTreeMap<String, Value> = serde_json::from_str(&text).context("the facts are not a JSON object")?;
    let codes: Vec<&str> = rule.inputs().map(|field| &*field.code).collect();
    if let Some(unknown) = given.keys().find(|code| !codes.contains(&code.as_str())) {
        bail!("the rules know no fact {unknown}; they ask for {}", codes.join(", "));
    }
    let source = Text::new("命令行", "command line");
    let mut known = Facts::new();
    for field in rule.inputs() {
        let Some(value) = given.get(&*field.code) else { continue };
        let value = FactValue::from_json(field.kind, value)
            .with_context(|| format!("{} is not of type {}", field.code, field.kind.name()))?;
        known.insert(field.code.to_string(), Fact::known(value, source.clone()));
    }
    let decision = rule.evaluate(&known);
    let mut lines = vec![format!("{}: {} ({})", decision.outcome.name(), decision.reason.zh, decision.reason.en)];
    for row in decision.explain() {
        lines.push(format!("  {} {}", if row.held { "held" } else { "    " }, row.row));
        for cell in row.cells {
            lines.push(format!("    {} {}", if cell.held { "ok  " } else { "FAIL" }, cell.sentence.zh));
        }
    }
    say(json, &serde_json::to_value(&decision)?, &lines.join("\n"));
    Ok(Answer::Yes)
}
