//! `yichuang figures show` and `yichuang figures load [FILE]`: what the page of figures shows, and figures that were published elsewhere.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::text::Lang;
use serde_json::json;
use service::supervision::{Asked, Cell, Sheet, figures, load, load_embedded, published};
use service::{City, ServiceError};

use super::catalog::operator;
use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the figures of a week, of the city or of one place.
    Show {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Any day of the week, YYYY-MM-DD; the last whole week when absent.
        #[arg(long)]
        week: Option<String>,
        /// Id of a place in places.json, `-` for none.
        #[arg(long)]
        place: Option<String>,
    },
    /// Load published figures from a file that names its sources; without a file, those that come with the program.
    Load {
        /// JSON as docs/operating.md shows it.
        file: Option<PathBuf>,
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
    },
}

/// A table with its rows, for people: cells between tabs.
fn lines(sheet: &Sheet) -> String {
    let head: Vec<&str> = sheet.columns.iter().map(|column| column.label.zh.as_str()).collect();
    let mut text = format!("{} ({})\n{}", sheet.title.zh, sheet.title.en, head.join("\t"));
    for line in &sheet.lines {
        let cells: Vec<String> = line.cells.iter().map(|cell: &Cell| cell.print(Lang::Zh)).collect();
        text.push('\n');
        text.push_str(&cells.join("\t"));
    }
    text.push('\n');
    text
}

fn value(sheet: &Sheet) -> serde_json::Value {
    json!({ "id": sheet.id, "title": sheet.title, "rows": sheet.rows() })
}

async fn show(city: &City, asked: &Asked, json: bool) -> Result<(), ServiceError> {
    let own = figures(city, &operator(), asked).await?;
    let published = published(city, &operator()).await?;
    if json {
        let all = |sheets: &[Sheet]| sheets.iter().map(value).collect::<Vec<_>>();
        let value = json!({ "week": own.week.to_string(), "running": own.running, "place": own.place,
                            "tables": all(&own.sheets), "published": all(&published) });
        say(true, &value, "");
        return Ok(());
    }
    own.sheets.iter().chain(&published).for_each(|sheet| say(false, &json!(null), &lines(sheet)));
    Ok(())
}

async fn take(city: &City, file: Option<&Path>, text: Option<String>, json: bool) -> Result<(), ServiceError> {
    let done = match text {
        Some(text) => load(city, &operator(), &text).await?,
        None => load_embedded(city, &operator()).await?,
    };
    let name = file.map_or_else(|| "-".to_owned(), |file| file.display().to_string());
    let line =
        format!("已载入 {} 项公布数据：{} ({0} published figures of {1} loaded, file {name})", done.figures, done.id);
    say(json, &json!(done), &line);
    Ok(())
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    let (city, done) = match command {
        Command::Show { dir, week, place } => {
            let city = open::city(&Folder::at(dir)).await?;
            let done = show(&city, &Asked { week, place }, json).await;
            (city, done)
        }
        Command::Load { file, dir } => {
            let read = |file: &PathBuf| {
                std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
            };
            let text = file.as_ref().map(read).transpose()?;
            let city = open::city(&Folder::at(dir)).await?;
            let done = take(&city, file.as_deref(), text, json).await;
            (city, done)
        }
    };
    city.store().close().await;
    match done {
        Ok(()) => Ok(Answer::Yes),
        Err(ServiceError::Invalid(fields)) => {
            let line = |own: &service::FieldError| format!("{}: {} ({})", own.field, own.message.zh, own.message.en);
            let lines: Vec<String> = fields.iter().map(line).collect();
            say(json, &json!({ "errors": fields }), &lines.join("\n"));
            Ok(Answer::No)
        }
        Err(other) => Err(other.into()),
    }
}
