//! `yichuang bench`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Answer, say};
use crate::bench::{self, Part, Plan};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Everything with small numbers, in about a minute: shows that it works, measures nothing.
    #[arg(long)]
    quick: bool,
    /// Only these parts.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// Folder for the measured cities; it must not exist, and it stays.
    #[arg(long)]
    dir: PathBuf,
    /// PostgreSQL server on which databases may be made: `postgresql://…`. Needs its tools on the path.
    #[arg(long)]
    postgres: Option<String>,
    /// Cases of the large city.
    #[arg(long)]
    cases: Option<u64>,
    /// Markdown file whose figures are replaced.
    #[arg(long)]
    write: Option<PathBuf>,
}

pub fn run(args: &Args, json: bool) -> Result<Answer> {
    let mut plan = if args.quick { Plan::quick() } else { Plan::full() };
    if !args.only.is_empty() {
        plan.parts.clone_from(&args.only);
    }
    plan.cases = args.cases.unwrap_or(plan.cases);
    if args.dir.exists() {
        anyhow::bail!("{} exists already: name a folder that does not", args.dir.display());
    }
    if cfg!(debug_assertions) && !args.quick {
        eprintln!("These figures mean nothing: this program was built without --release.");
    }
    let report = bench::run(&plan, &args.dir, args.postgres.as_deref())?;
    if let Some(path) = &args.write {
        report.write(path).context("the figures were not written")?;
    }
    say(json, &report.json(), report.markdown().trim_end());
    Ok(Answer::Yes)
}
