//! `yichuang log audit URL`, `yichuang log keys --dir DIR`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use seal::tlog::note::VerifierKey;
use serde_json::json;
use service::Clock;
use service::log::{Asked, Audited, Remote, State, audit};

use super::{Answer, say};
use crate::run::clock::SystemClock;
use crate::run::folder::{Folder, write_private};
use crate::run::keys;

/// A verifier key on the command line.
pub fn verifier_key(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text).map_err(|error| error.to_string())
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a public log of licences: signatures, countersignatures, every entry, and that it only grew since the visit before. Ends
    /// with 1 and names the place when something is wrong, with 2 when the log cannot be reached.
    Audit {
        /// Address of the city, or of its log.
        url: String,
        /// What was seen is kept here, and compared with at the next visit. A visit that finds something wrong leaves the file as it
        /// is: it is the evidence.
        #[arg(long)]
        state: Option<PathBuf>,
        /// Verifier key of the log, compared elsewhere. Without it the first visit takes the key that the log names.
        #[arg(long, value_parser = verifier_key)]
        log_key: Option<VerifierKey>,
        /// Verifier key of a witness, of whom at least one must have countersigned; may be given several times.
        #[arg(long = "witness-key", value_parser = verifier_key)]
        witness_keys: Vec<VerifierKey>,
    },
    /// Print this city's verifier keys: that of its log, and that with which it countersigns others' logs.
    Keys {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Audit { url, state, log_key, witness_keys } => {
            let asked = Asked { log: log_key, witnesses: witness_keys };
            let visit = move || visit(&url, state.as_deref(), &asked, json);
            tokio::task::spawn_blocking(visit).await?
        }
        Command::Keys { dir } => own_keys(&Folder::at(dir), json),
    }
}

fn visit(url: &str, place: Option<&Path>, asked: &Asked, json: bool) -> Result<Answer> {
    let held = place.filter(|path| path.exists()).map(read).transpose()?;
    let audited = audit(&mut Remote::new(url), held.as_ref(), asked, SystemClock.now())?;
    if let (Some(place), Some(state)) = (place, &audited.state) {
        write_private(place, serde_json::to_string_pretty(state)?.as_bytes())?;
    }
    tell(&audited, held.as_ref(), json);
    Ok(if audited.whole { Answer::Yes } else { Answer::No })
}

fn read(path: &Path) -> Result<State> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not the state of an audit", path.display()))
}

fn tell(audited: &Audited, held: Option<&State>, json: bool) {
    let words = if audited.whole { "whole 完整" } else { "NOT WHOLE 有问题" };
    let mut lines = vec![format!("{words}: {} ({} entries)", audited.origin, audited.size)];
    for finding in &audited.findings {
        let mark = if finding.ok { "ok  " } else { "FAIL" };
        lines.push(format!("  {mark} {}: {} ({})", finding.name, finding.detail.zh, finding.detail.en));
    }
    // Two signed checkpoints that do not fit together convince anybody.
    let evidence =
        (!audited.whole).then(|| json!({ "before": held.map(|held| &held.checkpoint), "now": audited.found }));
    let value = json!({ "whole": audited.whole, "origin": audited.origin, "size": audited.size,
                        "checks": audited.findings, "evidence": evidence });
    say(json, &value, &lines.join("\n"));
}

fn own_keys(folder: &Folder, json: bool) -> Result<Answer> {
    let config = folder.config()?;
    let keys = keys::load(folder, &config)?;
    let text =
        |signer: Option<&std::sync::Arc<seal::tlog::note::NoteSigner>>| signer.map(|own| own.verifier().to_string());
    let (log, witness) = (text(keys.log.as_ref()), text(keys.witness.as_ref()));
    let shown =
        |key: &Option<String>| key.clone().unwrap_or_else(|| "none: make it with `yichuang keys complete`".into());
    let line = format!("log      {}\nwitness  {}", shown(&log), shown(&witness));
    say(json, &json!({ "log": log, "witness": witness }), &line);
    Ok(if log.is_some() && witness.is_some() { Answer::Yes } else { Answer::No })
}
