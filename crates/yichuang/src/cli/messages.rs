//! `yichuang messages status|retry`: what waits to leave the platform, what was given up, and another try for that.

use anyhow::Result;
use clap::Subcommand;
use domain::time::Timestamp;
use serde_json::json;
use service::messages::{Outbox, outbox, retry};

use super::catalog::operator;
use super::{Answer, Dir, say};
use crate::run::folder::Folder;
use crate::run::{open, ways_out};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// What waits in each channel, and what was given up. Exit code 1 when something was.
    Status(Dir),
    /// Try anew what was given up.
    Retry(Dir),
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Status(Dir { dir }) => {
            let folder = Folder::at(dir);
            let city = open::city(&folder).await?;
            city.set_senders(ways_out::open(&city, &folder.config()?.messages)?);
            let found = outbox(&city, &operator()).await?;
            say(json, &value(&found), &lines(&found));
            Ok(if found.failed.is_empty() { Answer::Yes } else { Answer::No })
        }
        Command::Retry(Dir { dir }) => {
            let city = open::city(&Folder::at(dir)).await?;
            let count = retry(&city, &operator()).await?;
            say(json, &json!({ "retried": count }), &format!("{count} will be tried anew"));
            Ok(Answer::Yes)
        }
    }
}

fn value(found: &Outbox) -> serde_json::Value {
    let waiting = found.waiting.iter().map(|own| {
        let first = own.first.map(Timestamp::rfc3339);
        json!({ "channel": own.channel, "count": own.count, "first": first, "served": own.served })
    });
    let failed = found.failed.iter().map(|own| {
        json!({ "id": own.id, "channel": own.channel, "account": own.account, "at": own.at.rfc3339(), "answer": own.answer })
    });
    json!({ "waiting": waiting.collect::<Vec<_>>(), "failed": failed.collect::<Vec<_>>() })
}

fn lines(found: &Outbox) -> String {
    let waiting = found.waiting.iter().map(|own| {
        let first = own.first.map_or_else(String::new, |at| format!(", first due {}", at.rfc3339()));
        let served = if own.served { "" } else { " (no way out is configured)" };
        format!("{}: {} waiting{first}{served}", own.channel.as_str(), own.count)
    });
    let failed = found.failed.iter().map(|own| {
        format!(
            "given up {}  {}  answer {}  account {}  {}",
            own.at.rfc3339(),
            own.channel,
            own.answer,
            own.account,
            own.id
        )
    });
    waiting.chain(failed).collect::<Vec<_>>().join("\n")
}
