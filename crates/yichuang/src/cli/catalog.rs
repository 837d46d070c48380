//! `yichuang catalog check|import|export`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::accounts::Actor;
use domain::catalog::{Finding, Severity, has_errors};
use domain::text::Text;
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
    let (files, garbled) = read_all(root)?;
    match garbled.first() {
        Some(name) => bail!("{} is not UTF-8 text: save it as UTF-8", root.join(name).display()),
        None => Ok(files),
    }
}

/// The same, with those apart that are no UTF-8 text.
fn read_all(root: &Path) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let (mut files, mut garbled) = (BTreeMap::new(), Vec::new());
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
                let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                match String::from_utf8(bytes) {
                    Ok(text) => drop(files.insert(name, text)),
                    Err(_) => garbled.push(name),
                }
            }
        }
    }
    Ok((files, garbled))
}

/// What is wrong with a catalogue: files that are no text, then what the checks say of the others.
fn findings(path: Option<&Path>) -> Result<(usize, Vec<Finding>)> {
    let (files, garbled) = match path {
        Some(path) => read_all(path)?,
        None => (embedded::catalogue(), Vec::new()),
    };
    let garbled = garbled.iter().map(|name| {
        let message = Text::new("文件不是 UTF-8 文本。", "The file is not UTF-8 text.");
        Finding::error(name, 1, "utf-8", message, Text::new("请另存为 UTF-8 编码。", "Save it as UTF-8."))
    });
    let matters = files.keys().filter(|path| path.ends_with("/matter.json")).count();
    Ok((matters, garbled.chain(service::catalog::check(&files)).collect()))
}

pub fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Check { path } => {
            let (matters, findings) = findings(path.as_deref())?;
            print(&findings, json);
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
    Actor::operator()
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
