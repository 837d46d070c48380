//! `yichuang catalog check|import|export`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::accounts::{Actor, Grant, Role};
use domain::catalog::{Finding, Severity, has_errors};
use serde_json::json;

use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::{embedded, open};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a catalogue folder: every finding with file, line and what to do.
    Check {
        /// The folder; the built-in catalogue when absent.
        path: Option<PathBuf>,
    },
    /// Publish a catalogue folder in a city.
    Import {
        /// The folder.
        path: PathBuf,
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
    /// Write the built-in catalogue to a folder, as a start for one's own.
    Export {
        /// The folder, which must not exist.
        path: PathBuf,
    },
}

/// Every JSON file below a folder, by its path with forward slashes.
pub fn read(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(root)?.components().map(|part| part.as_os_str().to_string_lossy());
                let name = name.collect::<Vec<_>>().join("/");
                let text =
                    std::fs::read_to_string(&path).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
                files.insert(name, text);
            }
        }
    }
    Ok(files)
}

pub fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Check { path } => {
            let files = path.as_deref().map(read).transpose()?.unwrap_or_else(embedded::catalogue);
            let findings = service::catalog::check(&files);
            print(&findings, json);
            let matters = files.keys().filter(|path| path.ends_with("/matter.json")).count();
            if has_errors(&findings) {
                return Ok(Answer::No);
            }
            say(json, &json!({ "matters": matters, "errors": 0 }), &format!("{matters} matters, no errors"));
            Ok(Answer::Yes)
        }
        Command::Import { path, dir } => super::block_on(import(path, dir, json)),
        Command::Export { path } => {
            if path.exists() {
                bail!("{} exists already: choose another folder", path.display());
            }
            for (name, text) in embedded::catalogue() {
                let file = path.join(name);
                if let Some(parent) = file.parent() {
                    std::fs::create_dir_all(parent)?;
                }
                std::fs::write(file, text)?;
            }
            say(json, &json!({ "written": path }), &format!("{} written", path.display()));
            Ok(Answer::Yes)
        }
    }
}

pub fn print(findings: &[Finding], json: bool) {
    for finding in findings {
        let word = if finding.severity == Severity::Error { "error" } else { "warning" };
        let line = format!(
            "{}:{}: {word}: {} {}\n    {} {}",
            finding.file, finding.line, finding.message.zh, finding.fix.zh, finding.message.en, finding.fix.en
        );
        let value = json!({ "file": finding.file, "line": finding.line, "severity": word,
                            "message": finding.message, "fix": finding.fix });
        say(json, &value, &line);
    }
}

/// The operator at the machine: whoever can read the city's folder and its passphrase administers it.
pub fn operator() -> Actor {
    Actor {
        account: None,
        name: "operator".into(),
        grants: vec![Grant { role: Role::Administrator, department: None, district: None }],
        person: None,
        acts_for: Vec::new(),
    }
}

async fn import(path: PathBuf, dir: PathBuf, json: bool) -> Result<Answer> {
    let files = read(&path)?;
    let city = open::without_matters(&Folder::at(dir)).await?;
    match service::catalog::import(&city, &operator(), &files).await? {
        Ok(published) => {
            say(json, &json!({ "published": published }), &format!("{published} published"));
            Ok(Answer::Yes)
        }
        Err(findings) => {
            print(&findings, json);
            Ok(Answer::No)
        }
    }
}
