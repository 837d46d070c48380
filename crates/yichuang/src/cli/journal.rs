//! `yichuang journal verify|export`.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::{checkpoint, open};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find any byte changed in a fact, its order, a state row or a sealed document; works beside a live server.
    Verify {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// A checkpoint that was held elsewhere.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
    },
    /// Make a checkpoint now and print it, for whoever is to hold it.
    Checkpoint {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
    /// Print every fact as one JSON object a line.
    Export {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Verify { dir, checkpoint } => verify(dir, checkpoint, json).await,
        Command::Checkpoint { dir } => {
            let city = open::without_matters(&Folder::at(dir)).await?;
            checkpoint::make(&city, None).await?;
            let all = city.store().checkpoints(city.region(), 0, i64::MAX).await?;
            if let Some(last) = all.last() {
                say(true, &serde_json::to_value(last)?, "");
            }
            Ok(Answer::Yes)
        }
        Command::Export { dir } => export(dir).await,
    }
}

async fn verify(dir: PathBuf, checkpoint: Option<PathBuf>, json: bool) -> Result<Answer> {
    let folder = Folder::at(dir);
    let city = match open::without_matters(&folder).await {
        Ok(city) => city,
        Err(why) => return unopened(&folder, why, json).await,
    };
    let held = checkpoint.map(|path| checkpoint::read(&city, &path)).transpose()?;
    let evidence = service::evidence::verify(&city, held.as_ref()).await?;
    let mut report = evidence.journal;
    service::catalog::verify(city.store(), city.region(), &mut report).await?;
    let uncovered = city.store().uncovered().await?;
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let value = json!({ "whole": report.is_whole(), "facts": report.facts, "erased": report.erased,
                        "rows": report.rows, "documents": evidence.documents, "rule_records": evidence.records, "checkpoints": report.checkpoints, "faults": faults,
                        "not_covered": uncovered.iter().map(|table| json!({ "table": table.table, "rows": table.rows, "why": table.why })).collect::<Vec<_>>() });
    let mut lines = vec![format!(
        "{}: {} facts ({} erased), {} rows, {} sealed documents, {} records of rules, {} checkpoints",
        if report.is_whole() { "whole 完整" } else { "BROKEN 已被改动" },
        report.facts,
        report.erased,
        report.rows,
        evidence.documents,
        evidence.records,
        report.checkpoints
    )];
    lines.extend(faults.iter().map(|fault| format!("  {fault}")));
    let names: Vec<String> = uncovered.iter().map(|table| format!("{} {}", table.table, table.rows)).collect();
    lines.push(format!("not covered 未覆盖: {}", names.join(", ")));
    say(json, &value, &lines.join("\n"));
    Ok(if report.is_whole() { Answer::Yes } else { Answer::No })
}

/// A city that cannot be opened may be one whose own row was changed: where its journal is broken, that is the answer.
async fn unopened(folder: &Folder, why: anyhow::Error, json: bool) -> Result<Answer> {
    let Ok(config) = folder.config() else { return Err(why) };
    let Ok(store) = open::database(folder, &config).await else { return Err(why) };
    let report = store.verify(None).await?;
    store.close().await;
    if report.is_whole() {
        return Err(why);
    }
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let value = json!({ "whole": false, "facts": report.facts, "rows": report.rows, "faults": faults, "error": format!("{why:#}") });
    let lines: Vec<String> = faults.iter().map(|fault| format!("  {fault}")).collect();
    say(json, &value, &format!("BROKEN 已被改动: {why:#}\n{}", lines.join("\n")));
    Ok(Answer::No)
}

async fn export(dir: PathBuf) -> Result<Answer> {
    let city = open::without_matters(&Folder::at(dir)).await?;
    let mut out = std::io::stdout().lock();
    let mut after = 0;
    loop {
        let facts = city.store().read_journal(city.region(), after, 1000).await?;
        let Some(last) = facts.last() else { return Ok(Answer::Yes) };
        after = last.position;
        for fact in facts {
            let body: serde_json::Value =
                fact.body.as_deref().map_or(Ok(serde_json::Value::Null), serde_json::from_str)?;
            let line = json!({ "position": fact.position, "stream": fact.stream, "version": fact.version,
                               "kind": fact.kind, "actor": fact.actor, "at": fact.at.rfc3339(), "body": body });
            match writeln!(out, "{line}") {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Answer::Yes),
                written => written?,
            }
        }
    }
}
