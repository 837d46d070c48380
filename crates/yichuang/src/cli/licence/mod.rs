//! `yichuang licence verify FILE --dir DIR | --roots PEM`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::text::Text;
use jiff::civil::Date;
use seal::cert::Certificate;
use seal::licence::{LicenceFile, StatusRef, verify_licence};
use seal::report::{Check, CheckName};
use seal::signed::Moment;
use seal::tlog::logged::{LogTrust, signed_at, verify_logged, without_proof};
use seal::tlog::note::VerifierKey;
use serde_json::{Value, json};
use service::Clock;

use super::log::verifier_key;
use super::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::folder::Folder;
use crate::run::keys;

mod status;

use status::{List, by_its_own_dates, logged_here, on_record};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify a licence as PDF, OFD or signed data, a sealed document, or the text of a QR code. Certificates inside the file
    /// are never trusted by themselves.
    Verify {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Trust the roots of this city, and ask its database for the present state: revoked, cancelled, expired and
        /// unknown ones are not valid, nor is one that its public log does not hold ten minutes after it was signed.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Trust the certificates of this PEM file. Alone it works offline and does not know of revocations.
        #[arg(long)]
        roots: Option<PathBuf>,
        /// Judge by this status list, fetched earlier from `/api/v1/status-list/NAME`: offline and without telling the city
        /// which licence is looked at. Past its date nothing is valid any more, only what has ended is known.
        #[arg(long, conflicts_with = "dir")]
        status_list: Option<PathBuf>,
        /// The sidecar that proves its place in the public log (`.tlog-proof`, from `/api/v1/licences/ID/proof`).
        #[arg(long, requires = "log_key")]
        proof: Option<PathBuf>,
        /// Demand a place in the public log of this verifier key: ten minutes after its signature a licence without a proof is not
        /// valid.
        #[arg(long, value_parser = verifier_key)]
        log_key: Option<VerifierKey>,
        /// Demand that a witness of this verifier key has countersigned the log; of several, one must have.
        #[arg(long = "witness-key", requires = "log_key", value_parser = verifier_key)]
        witness_keys: Vec<VerifierKey>,
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

fn input(file: &Path) -> std::io::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file)
}

/// What cannot be read is no valid licence: a "no" like any other, with its reason.
fn unread(file: &Path, why: &std::io::Error) -> (bool, About, Vec<Checked>) {
    let path = file.display();
    let words = Text::new(format!("无法读取 {path}：{why}"), format!("cannot read {path}: {why}"));
    (false, About::Unreadable, vec![("Format".to_owned(), false, words)])
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    let Command::Verify { file, dir, roots, status_list, proof, log_key, witness_keys } = command;
    let roots = trusted(dir.as_ref(), roots.as_ref())?;
    let now = SystemClock.now();
    let mut at = Moment::from(now);
    if let Some(dir) = &dir {
        at.tolerance_seconds = Folder::at(dir).config()?.operation()?.clock_tolerance_seconds.into();
    }
    let (mut genuine, about, mut checks) = match input(&file) {
        Ok(bytes) => check(&bytes, &roots, at),
        Err(error) => unread(&file, &error),
    };
    let logged = match (log_key, &dir) {
        (Some(log), _) => in_log(&about, proof.as_deref(), &LogTrust { log, witnesses: witness_keys }, at),
        (None, Some(dir)) => logged_here(dir, &about, at).await?,
        (None, None) => Vec::new(),
    };
    genuine &= logged.iter().all(|check| check.ok);
    checks.extend(named(&logged));
    let list = status_list.map(|path| List::read(&path, &roots, at)).transpose()?;
    let status = match (&dir, &list) {
        (Some(dir), _) => on_record(dir, &about, now.date()).await?,
        (None, Some(list)) => list.judge(&about, at),
        (None, None) => by_its_own_dates(&about, now.date()),
    };
    checks.push(("Status".to_owned(), status.good, status.words.clone()));
    let valid = genuine && status.good;
    let words = if valid { "valid 有效" } else { "NOT VALID 无效" };
    let mut lines = vec![words.to_owned()];
    for (name, ok, detail) in &checks {
        let mark = if *ok { "ok  " } else { "FAIL" };
        lines.push(format!("  {mark} {name}: {} ({})", detail.zh, detail.en));
    }
    let value = json!({
        "valid": valid,
        "status": { "looked_up": dir.is_some() || list.is_some(), "standing": status.standing, "words": status.words },
        "checks": checks.iter().map(|(name, ok, detail)| json!({ "name": name, "ok": ok, "detail": detail })).collect::<Vec<Value>>(),
    });
    say(json, &value, &lines.join("\n"));
    Ok(if valid { Answer::Yes } else { Answer::No })
}

type Checked = (String, bool, Text);

/// What the file says it is. Believed only together with its signature.
enum About {
    Licence {
        identifier: String,
        valid_from: Date,
        valid_to: Option<Date>,
        place: StatusRef,
        /// Public id and signed data; nothing in a QR code.
        signed: Option<(String, Vec<u8>)>,
    },
    Document {
        number: String,
    },
    Unreadable,
}

/// OFD and PDF are known by their first bytes; a QR text is an address with a fragment; everything else is a signed file.
fn check(bytes: &[u8], roots: &[Certificate], at: Moment) -> (bool, About, Vec<Checked>) {
    if seal::render::ofd::is_ofd(bytes) {
        let report = seal::render::ofd::verify(bytes, roots, at);
        let about = report.content.map_or(About::Unreadable, |own| about(Some(own.licence), &own.data));
        return (report.valid, about, named(&report.checks));
    }
    if seal::render::pdf::is_pdf(bytes) {
        let report = seal::render::pdf::verify(bytes, roots, at);
        let about = report.content.map_or(About::Unreadable, |own| about(Some(own.licence), &own.data));
        return (report.valid, about, named(&report.checks));
    }
    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    if text.starts_with("http") && text.contains("/v/") {
        let report = seal::qr::verify(text, roots, at);
        let about = report.content.map_or(About::Unreadable, |claims| About::Licence {
            identifier: claims.identifier,
            valid_from: claims.valid_from,
            valid_to: claims.valid_to,
            place: claims.status,
            signed: None,
        });
        return (report.valid, about, named(&report.checks));
    }
    if text.contains("\"yichuang.document.") {
        let report = seal::document::verify_document(bytes, roots, at);
        let about = report.content.map_or(About::Unreadable, |file| About::Document { number: file.document.number });
        return (report.valid, about, named(&report.checks));
    }
    let report = verify_licence(bytes, roots, at);
    (report.valid, about(report.content, bytes), named(&report.checks))
}

fn named(checks: &[Check]) -> Vec<Checked> {
    checks.iter().map(|check| (format!("{:?}", check.name), check.ok, check.detail.clone())).collect()
}

/// What the public log says about a licence, by its sidecar or by the lack of one.
fn in_log(about: &About, proof: Option<&Path>, trust: &LogTrust, at: Moment) -> Vec<Check> {
    let About::Licence { signed: Some((public_id, data)), .. } = about else {
        let (zh, en) = (
            "只有证照文件（PDF、OFD、签名数据）才能与公开日志核对",
            "only a licence file (PDF, OFD, signed data) can be compared with the log",
        );
        return vec![Check { name: CheckName::Logged, ok: false, detail: Text::new(zh, en) }];
    };
    let Some(path) = proof else { return vec![without_proof(signed_at(data), at)] };
    match std::fs::read_to_string(path) {
        Ok(text) => verify_logged(data, public_id, &text, trust, at).checks,
        Err(error) => {
            let path = path.display();
            let words = Text::new(format!("无法读取 {path}：{error}"), format!("cannot read {path}: {error}"));
            vec![Check { name: CheckName::Logged, ok: false, detail: words }]
        }
    }
}

/// What a licence says it is, whatever it came in.
fn about(file: Option<LicenceFile>, data: &[u8]) -> About {
    file.map_or(About::Unreadable, |file| About::Licence {
        identifier: file.licence.identifier,
        valid_from: file.licence.valid_from,
        valid_to: file.licence.valid_to,
        place: file.licence.status,
        signed: Some((file.licence.public_id, data.to_vec())),
    })
}
