//! `yichuang licence verify FILE --dir DIR | --roots PEM`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use seal::cert::Certificate;
use seal::licence::verify_licence;
use seal::signed::Moment;
use serde_json::{Value, json};
use service::Clock;

use super::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::folder::Folder;
use crate::run::keys;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify the signed data of a licence, a sealed document, or the text of a QR code. Certificates inside the file
    /// are never trusted by themselves.
    Verify {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Trust the roots of this city, and ask its database for the present state.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Trust the certificates of this PEM file.
        #[arg(long)]
        roots: Option<PathBuf>,
    },
}

fn trusted(dir: Option<&PathBuf>, roots: Option<&PathBuf>) -> Result<Vec<Certificate>> {
    let path = match (roots, dir) {
        (Some(path), _) => path.clone(),
        (None, Some(dir)) => Folder::at(dir).file(keys::ROOTS_FILE),
        (None, None) => bail!("say whom to trust: --dir DIR for a city on this machine, or --roots FILE.pem"),
    };
    let pem =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read the trust roots {}", path.display()))?;
    keys::read_roots(&pem)
}

fn input(file: &PathBuf) -> Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

pub fn run(command: &Command, json: bool) -> Result<Answer> {
    let Command::Verify { file, dir, roots } = command;
    let roots = trusted(dir.as_ref(), roots.as_ref())?;
    let bytes = input(file)?;
    let mut at = Moment::from(SystemClock.now());
    if let Some(dir) = dir {
        at.tolerance_seconds = Folder::at(dir).config()?.operation()?.clock_tolerance_seconds.into();
    }
    let (valid, checks) = check(&bytes, &roots, at);
    let words = if valid { "valid 有效" } else { "NOT VALID 无效" };
    let mut lines = vec![words.to_owned()];
    for check in &checks {
        let mark = if check.1 { "ok  " } else { "FAIL" };
        lines.push(format!("  {mark} {}: {} ({})", check.0, check.2.zh, check.2.en));
    }
    let value = json!({
        "valid": valid,
        "checks": checks.iter().map(|(name, ok, detail)| json!({ "name": name, "ok": ok, "detail": detail })).collect::<Vec<Value>>(),
    });
    say(json, &value, &lines.join("\n"));
    Ok(if valid { Answer::Yes } else { Answer::No })
}

type Checked = (String, bool, domain::text::Text);

/// A QR text is an address with a fragment; everything else is a signed file.
fn check(bytes: &[u8], roots: &[Certificate], at: Moment) -> (bool, Vec<Checked>) {
    let list = |checks: &[seal::report::Check]| {
        checks.iter().map(|check| (format!("{:?}", check.name), check.ok, check.detail.clone())).collect::<Vec<_>>()
    };
    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    if text.starts_with("http") && text.contains("/v/") {
        let report = seal::qr::verify(text, roots, at);
        return (report.valid, list(&report.checks));
    }
    if text.contains("\"yichuang.document.") {
        let report = seal::document::verify_document(bytes, roots, at);
        return (report.valid, list(&report.checks));
    }
    let report = verify_licence(bytes, roots, at);
    (report.valid, list(&report.checks))
}
