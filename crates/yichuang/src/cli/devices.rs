//! `yichuang device add|list|revoke`: terminals of places, at the machine. The desk does the same at `/desk/terminals`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Subcommand;
use domain::halls::DeviceKind;
use serde_json::json;
use service::ServiceError;
use service::halls::devices::{NewDevice, devices_of, register, revoke_device};

use super::catalog::operator;
use super::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Register a device; its code is shown once and typed at the device's /kiosk, or sent by it to the API.
    Add {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Id of the place in places.json.
        #[arg(long)]
        place: String,
        /// kiosk, screen, locker or printer.
        #[arg(long, default_value = "kiosk")]
        kind: String,
        /// Id of the terminal in the place's list.
        #[arg(long, default_value = "")]
        terminal: String,
        /// Name for staff.
        #[arg(long)]
        name: String,
    },
    /// The devices of a place, when each was heard last, and what is wrong.
    List {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Id of the place.
        #[arg(long)]
        place: String,
    },
    /// Revoke a device; what it has open ends at once.
    Revoke {
        /// Folder of the city.
        #[arg(long, default_value = "city")]
        dir: PathBuf,
        /// Id of the device.
        #[arg(long)]
        device: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

pub async fn run(command: Command, json: bool) -> Result<Answer> {
    match command {
        Command::Add { dir, place, kind, terminal, name } => {
            let kind = DeviceKind::parse(&kind)
                .with_context(|| format!("unknown kind {kind}: use kiosk, screen, locker or printer"))?;
            let city = open::city(&Folder::at(dir)).await?;
            let new = NewDevice { place, terminal, kind, name };
            answered(json, register(&city, &operator(), new).await, |(device, code)| {
                (json!({ "device": device.id.to_string(), "code": code }), format!("{}  {code}", device.id))
            })
        }
        Command::List { dir, place } => {
            let city = open::city(&Folder::at(dir)).await?;
            answered(json, devices_of(&city, &operator(), &place).await, |all| {
                let line = |own: &service::halls::devices::Seen| {
                    let faults: Vec<&str> = own.device.faults.iter().map(|fault| fault.what.kind.as_str()).collect();
                    let last = own.last.map_or_else(|| "never".to_owned(), domain::time::Timestamp::rfc3339);
                    let silent = if own.silent { " SILENT" } else { "" };
                    let (id, kind, state) = (own.device.id, own.device.kind.as_str(), own.device.state.name());
                    format!("{id}  {kind}  {state}  {last}{silent}  {}  {}", faults.join(","), own.device.name)
                };
                let value = all.iter().map(|own| {
                    json!({ "device": own.device, "seen": own.last.map(domain::time::Timestamp::rfc3339), "silent": own.silent })
                });
                (json!({ "items": value.collect::<Vec<_>>() }), all.iter().map(line).collect::<Vec<_>>().join("\n"))
            })
        }
        Command::Revoke { dir, device, reason } => {
            let city = open::city(&Folder::at(dir)).await?;
            answered(json, revoke_device(&city, &operator(), &device, &reason).await, |own| {
                (json!({ "device": own.id.to_string(), "state": own.state.name() }), format!("{} revoked", own.id))
            })
        }
    }
}

/// Says what came of a command; a refusal is told with what to do.
fn answered<T>(
    json: bool,
    result: Result<T, ServiceError>,
    shown: impl FnOnce(T) -> (serde_json::Value, String),
) -> Result<Answer> {
    match result {
        Ok(done) => {
            let (value, line) = shown(done);
            say(json, &value, &line);
            Ok(Answer::Yes)
        }
        Err(ServiceError::Invalid(fields)) => {
            let lines: Vec<String> =
                fields.iter().map(|own| format!("{}: {} ({})", own.field, own.message.zh, own.message.en)).collect();
            say(json, &json!({ "errors": fields }), &lines.join("\n"));
            Ok(Answer::No)
        }
        Err(ServiceError::Hall(refusal)) => {
            let text = refusal.reason.explain();
            say(json, &json!({ "refusal": refusal }), &format!("{} ({})", text.zh, text.en));
            Ok(Answer::No)
        }
        Err(other) => Err(other.into()),
    }
}
