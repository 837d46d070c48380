//! `yichuang calendar add DATE N`, `yichuang calendar between A B`, `yichuang calendar import FILE`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::time::Calendar;
use jiff::civil::Date;
use serde_json::json;
use service::ServiceError;

use super::catalog::operator;
use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The working day N working days after DATE (DATE itself is not counted).
    Add {
        /// `YYYY-MM-DD`.
        date: Date,
        /// How many working days.
        days: u32,
        /// Use the calendar of this city.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Working days after A up to and including B.
    Between {
        /// `YYYY-MM-DD`.
        a: Date,
        /// `YYYY-MM-DD`.
        b: Date,
        /// Use the calendar of this city.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Import the State Council's notice of a year into a city, also beside its live server.
    Import {
        /// CSV with the columns date,kind,name.
        file: PathBuf,
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Where the days are from; the name of the file when absent.
        #[arg(long)]
        source: Option<String>,
    },
}

const PROVISIONAL: &str = "暂定：该年度的节假日安排尚未公布 (provisional: that year's holidays are not announced yet)";

/// The calendar of a folder with what was imported into its city, or the program's own.
async fn calendar(dir: Option<&PathBuf>) -> Result<Calendar> {
    let folder = Folder::at(dir.cloned().unwrap_or_default());
    let base = open::calendar(&folder)?;
    if dir.is_none() || !folder.is_city() {
        return Ok(base);
    }
    let config = folder.config()?;
    let store = open::database(&folder, &config).await?;
    let (_, calendar) = service::calendar::load(&store, &config.region, &base).await?;
    store.close().await;
    Ok(calendar)
}

async fn import(file: &Path, dir: &Path, source: Option<&str>, json: bool) -> Result<Answer> {
    let csv = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let city = open::city(&Folder::at(dir)).await?;
    let done = service::calendar::import(&city, &operator(), source.unwrap_or(&name), &csv).await;
    city.store().close().await;
    match done {
        Ok(done) => {
            let line = format!(
                "已公布至 {} 年，{} 个办件的期限有变化 (published up to {0}, dates of {1} cases moved)",
                done.last, done.moved
            );
            say(json, &serde_json::to_value(done)?, &line);
            Ok(Answer::Yes)
        }
        Err(ServiceError::Invalid(errors)) => {
            for error in &errors {
                let line = format!("{}: {} ({})", error.field, error.message.zh, error.message.en);
                say(json, &json!({ "error": error }), &line);
            }
            Ok(Answer::No)
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn run(command: &Command, json: bool) -> Result<Answer> {
    let dir = match command {
        Command::Add { dir, .. } | Command::Between { dir, .. } => dir.as_ref(),
        Command::Import { file, dir, source } => return import(file, dir, source.as_deref(), json).await,
    };
    let calendar = calendar(dir).await?;
    let answer = match command {
        Command::Import { .. } => return Ok(Answer::Yes),
        Command::Add { date, days, .. } => calendar.add_working_days(*date, *days).map(|day| {
            let value = json!({ "date": day.date.to_string(), "provisional": day.provisional });
            (value, day.date.to_string(), day.provisional)
        }),
        Command::Between { a, b, .. } => calendar.working_days_between(*a, *b).map(|count| {
            let value = json!({ "days": count.days, "provisional": count.provisional });
            (value, count.days.to_string(), count.provisional)
        }),
    };
    match answer {
        Ok((value, mut line, provisional)) => {
            if provisional {
                line = format!("{line}\t{PROVISIONAL}");
            }
            say(json, &value, &line);
            Ok(Answer::Yes)
        }
        Err(error) => {
            say(json, &json!({ "error": error.to_string() }), &error.to_string());
            Ok(Answer::No)
        }
    }
}
