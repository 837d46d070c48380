//! `yichuang licence verify FILE --dir DIR | --roots PEM`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::licences::{Licence, Recorded, Standing};
use domain::text::Text;
use jiff::civil::Date;
use seal::cert::Certificate;
use seal::licence::{LicenceFile, verify_licence};
use seal::signed::Moment;
use serde_json::{Value, json};
use service::Clock;

use super::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::folder::Folder;
use crate::run::{keys, open};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify a licence as PDF, OFD or signed data, a sealed document, or the text of a QR code. Certificates inside the file
    /// are never trusted by themselves.
    Verify {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Trust the roots of this city, and ask its database for the present state: revoked, cancelled, expired and
        /// unknown ones are not valid.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Trust the certificates of this PEM file. Alone it works offline and does not know of revocations.
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

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    let Command::Verify { file, dir, roots } = command;
    let roots = trusted(dir.as_ref(), roots.as_ref())?;
    let bytes = input(&file)?;
    let now = SystemClock.now();
    let mut at = Moment::from(now);
    if let Some(dir) = &dir {
        at.tolerance_seconds = Folder::at(dir).config()?.operation()?.clock_tolerance_seconds.into();
    }
    let (genuine, about, mut checks) = check(&bytes, &roots, at);
    let status = match &dir {
        Some(dir) => on_record(dir, &about, now.date()).await?,
        None => by_its_own_dates(&about, now.date()),
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
        "status": { "looked_up": dir.is_some(), "standing": status.standing, "words": status.words },
        "checks": checks.iter().map(|(name, ok, detail)| json!({ "name": name, "ok": ok, "detail": detail })).collect::<Vec<Value>>(),
    });
    say(json, &value, &lines.join("\n"));
    Ok(if valid { Answer::Yes } else { Answer::No })
}

type Checked = (String, bool, Text);

/// What the file says it is. Believed only together with its signature.
enum About {
    Licence { identifier: String, valid_from: Date, valid_to: Option<Date> },
    Document { number: String },
    Unreadable,
}

/// How it stands today.
struct Status {
    good: bool,
    standing: &'static str,
    words: Text,
}

impl Status {
    fn new(good: bool, standing: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Status {
        Status { good, standing, words: Text::new(zh, en) }
    }
}

/// Asks the city's database; what it does not hold, it has not issued.
async fn on_record(dir: &Path, about: &About, today: Date) -> Result<Status> {
    if matches!(about, About::Unreadable) {
        return Ok(by_its_own_dates(about, today));
    }
    let folder = Folder::at(dir);
    let config = folder.config()?;
    let store = open::database(&folder, &config).await?;
    let status = match about {
        About::Licence { identifier, .. } => {
            let found = service::licences::recorded(&store, &config.region, identifier).await?;
            found.map_or_else(unknown, |licence| standing(&licence, today))
        }
        About::Document { number } => {
            if service::licences::is_document_on_record(&store, &config.region, number).await? {
                Status::new(true, "valid", "本市文书库中有此文书", "the city holds this document")
            } else {
                unknown()
            }
        }
        About::Unreadable => by_its_own_dates(about, today),
    };
    store.close().await;
    Ok(status)
}

fn unknown() -> Status {
    Status::new(false, "unknown", "本市没有颁发过此件", "this city has no record of having issued it")
}

fn standing(licence: &Licence, today: Date) -> Status {
    let standing = licence.standing_on(today);
    let label = standing.label();
    let (zh, en) = match (&licence.recorded, standing) {
        (Recorded::Revoked { reason, at } | Recorded::Cancelled { reason, at }, _) => {
            (format!("，{}：{reason}", at.date()), format!(" on {}: {reason}", at.date()))
        }
        (Recorded::Active, Standing::Expired) => {
            let last = licence.valid_to.map(|day| day.to_string()).unwrap_or_default();
            (format!("，有效期至 {last}"), format!(": the last day was {last}"))
        }
        (Recorded::Active, Standing::Future) => {
            (format!("，自 {} 起有效", licence.valid_from), format!(": from {} on", licence.valid_from))
        }
        (Recorded::Active, _) => (String::new(), String::new()),
    };
    let (zh, en) = (format!("{}{zh}", label.zh), format!("{}{en}", label.en));
    Status::new(standing == Standing::Valid, standing.as_str(), zh, en)
}

/// Without the city only the dates in the file can be judged; whether it was revoked cannot.
fn by_its_own_dates(about: &About, today: Date) -> Status {
    match about {
        About::Licence { valid_to: Some(last), .. } if *last < today => {
            let (zh, en) = (format!("已到期，有效期至 {last}"), format!("Expired: the last day was {last}"));
            Status::new(false, "expired", zh, en)
        }
        About::Licence { valid_from, .. } if *valid_from > today => {
            let (zh, en) =
                (format!("尚未生效，自 {valid_from} 起有效"), format!("Not yet in force: from {valid_from} on"));
            Status::new(false, "future", zh, en)
        }
        About::Licence { .. } | About::Document { .. } => Status::new(
            true,
            "not-looked-up",
            "未查询状态：是否已撤销、注销，请用 --dir 或在证照查询页核对",
            "not looked up: whether it was revoked or cancelled only the city can say (--dir, or the page of the licence)",
        ),
        About::Unreadable => {
            Status::new(false, "unknown", "无法查询：文件无法读取", "cannot be looked up: the file cannot be read")
        }
    }
}

/// OFD and PDF are known by their first bytes; a QR text is an address with a fragment; everything else is a signed file.
fn check(bytes: &[u8], roots: &[Certificate], at: Moment) -> (bool, About, Vec<Checked>) {
    let list = |checks: &[seal::report::Check]| {
        checks.iter().map(|check| (format!("{:?}", check.name), check.ok, check.detail.clone())).collect::<Vec<_>>()
    };
    if seal::render::ofd::is_ofd(bytes) {
        let report = seal::render::ofd::verify(bytes, roots, at);
        return (report.valid, about(report.content.map(|content| content.licence)), list(&report.checks));
    }
    if seal::render::pdf::is_pdf(bytes) {
        let report = seal::render::pdf::verify(bytes, roots, at);
        return (report.valid, about(report.content.map(|content| content.licence)), list(&report.checks));
    }
    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
    if text.starts_with("http") && text.contains("/v/") {
        let report = seal::qr::verify(text, roots, at);
        let about = report.content.map_or(About::Unreadable, |claims| About::Licence {
            identifier: claims.identifier,
            valid_from: claims.valid_from,
            valid_to: claims.valid_to,
        });
        return (report.valid, about, list(&report.checks));
    }
    if text.contains("\"yichuang.document.") {
        let report = seal::document::verify_document(bytes, roots, at);
        let about = report.content.map_or(About::Unreadable, |file| About::Document { number: file.document.number });
        return (report.valid, about, list(&report.checks));
    }
    let report = verify_licence(bytes, roots, at);
    (report.valid, about(report.content), list(&report.checks))
}

/// What a licence says it is, whatever it came in.
fn about(file: Option<LicenceFile>) -> About {
    file.map_or(About::Unreadable, |file| About::Licence {
        identifier: file.licence.identifier,
        valid_from: file.licence.valid_from,
        valid_to: file.licence.valid_to,
    })
}
