//! `yichuang simulate`: months of a city in virtual time, and whether what must hold holds.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use domain::text::Lang;
use domain::time::Timestamp;
use service::simulate::{self, Fault, Plan, Report, Size};

use super::demo::found;
use super::{Answer, say};
use crate::bench::replace_figures;
use crate::run::folder::Folder;
use crate::run::{embedded, open};

/// How large the city is.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scale {
    /// 50,000 cases a year, for tests.
    #[value(name = "S")]
    S,
    /// A tenth of the city: a million cases a year.
    #[value(name = "M")]
    M,
    /// A city of 10 million people.
    #[value(name = "L")]
    L,
}

/// The language of the report.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    Zh,
    En,
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Virtual days, from Monday 2026-03-02.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=300))]
    days: u32,
    /// Same seed, same report.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How large the city is.
    #[arg(long, value_enum, ignore_case = true, default_value = "M")]
    size: Scale,
    /// Keep the city in this folder, which must be empty or not exist; without it the city is thrown away.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Language of the report.
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
    /// Markdown file whose figures are replaced.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Break something on purpose, to see that it is noticed; an unknown name lists them.
    #[arg(long, value_parser = fault)]
    fault: Option<Fault>,
}

fn fault(name: &str) -> Result<Fault, String> {
    let names = || Fault::ALL.map(Fault::as_str).join(", ");
    Fault::parse(name).ok_or_else(|| format!("choose one of {}", names()))
}

/// A folder that goes away with the value.
struct Thrown(PathBuf);

impl Drop for Thrown {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub async fn run(args: Args, json: bool) -> Result<Answer> {
    let size = match args.size {
        Scale::S => Size::S,
        Scale::M => Size::M,
        Scale::L => Size::L,
    };
    let mut plan = Plan::new(args.days, args.seed, size)?;
    plan.fault = args.fault;
    let (dir, _thrown) = match &args.dir {
        Some(dir) => (dir.clone(), None),
        None => {
            let mut tail = [0; 8];
            crate::run::clock::fill(&mut tail);
            let dir = std::env::temp_dir().join(format!("yichuang-simulate-{}", hex::encode(tail)));
            (dir.clone(), Some(Thrown(dir)))
        }
    };
    let report = simulated(&dir, plan, size).await?;
    if let Some(path) = &args.write {
        replace_figures(path, &report.markdown()).context("the figures were not written")?;
    }
    let lang = match args.lang {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    };
    say(json, &serde_json::to_value(&report)?, report.text(lang).trim_end());
    Ok(if report.holds() { Answer::Yes } else { Answer::No })
}

/// Founds a city in a folder, and lets the days pass in it.
async fn simulated(dir: &Path, plan: Plan, size: Size) -> Result<Report> {
    let folder = Folder::at(dir);
    let is_used = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_used {
        bail!("{} is not empty: name a folder that is, or that does not exist", dir.display());
    }
    let since = Timestamp::start_of(plan.first).plus_seconds(-86_400);
    let config = found(&folder, "http://127.0.0.1:8080", None, since).await?;
    folder.write_config(&config)?;
    let live = open::without_matters(&folder).await?;
    let files = simulate::scaled(embedded::catalogue(), size)?;
    let report = simulate::run(&live, Some(&files), plan).await;
    live.store().close().await;
    Ok(report?)
}
