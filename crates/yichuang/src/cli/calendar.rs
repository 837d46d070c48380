//! `yichuang calendar add DATE N`, `yichuang calendar between A B`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;

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
}

const PROVISIONAL: &str = "暂定：该年度的节假日安排尚未公布 (provisional: that year's holidays are not announced yet)";

pub fn run(command: &Command, json: bool) -> Result<Answer> {
    let (Command::Add { dir, .. } | Command::Between { dir, .. }) = command;
    let calendar = open::calendar(&Folder::at(dir.clone().unwrap_or_default()))?;
    let answer = match command {
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
