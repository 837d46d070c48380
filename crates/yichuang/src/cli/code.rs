//! `yichuang code check KIND VALUE…|-`.

use std::io::BufRead;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use domain::codes::{self, CodeKind};
use serde_json::json;
use service::Clock;

use super::{Answer, say};
use crate::run::clock::SystemClock;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Says whether each value is valid, and if not why.
    Check {
        /// Which code.
        kind: Kind,
        /// Values; `-` reads them from standard input, one a line.
        #[arg(required = true)]
        values: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    /// 统一社会信用代码.
    Uscc,
    /// 居民身份证号.
    CitizenId,
    /// 证照标识.
    LicenceId,
    /// 实施编码.
    ImplCode,
}

pub fn run(command: Command, json: bool) -> Result<Answer> {
    let Command::Check { kind, values } = command;
    let kind = match kind {
        Kind::Uscc => CodeKind::Uscc,
        Kind::CitizenId => CodeKind::CitizenId,
        Kind::LicenceId => CodeKind::LicenceId,
        Kind::ImplCode => CodeKind::ImplCode,
    };
    let mut all = true;
    for value in values {
        if value == "-" {
            // Read as bytes: a line in another encoding is one wrong value, not the end of the list.
            for line in std::io::stdin().lock().split(b'\n') {
                let line = line?;
                all &= check(kind, String::from_utf8_lossy(&line).trim_end_matches('\r'), json);
            }
        } else {
            all &= check(kind, &value, json);
        }
    }
    Ok(if all { Answer::Yes } else { Answer::No })
}

fn check(kind: CodeKind, value: &str, json: bool) -> bool {
    let verdict = codes::check(kind, value, SystemClock.now().date());
    let reason = verdict.reason.as_ref();
    let document = json!({
        "value": verdict.value,
        "valid": verdict.valid,
        "reason": reason.map(|text| json!({ "zh": text.zh, "en": text.en })),
    });
    let words = reason.map(|text| format!("{} ({})", text.zh, text.en)).unwrap_or_default();
    let line = if verdict.valid { format!("{value}\tvalid") } else { format!("{value}\tinvalid\t{words}") };
    say(json, &document, &line);
    verdict.valid
}
