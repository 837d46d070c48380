//! The bureaus' electronic seals, and who used one when.

use anyhow::Result;
use serde_json::json;
use service::licences;

use crate::cli::catalog::operator;
use crate::cli::{Answer, say};
use crate::run::folder::Folder;
use crate::run::open;

pub(super) async fn seals(folder: &Folder, json: bool) -> Result<Answer> {
    let city = open::city(folder).await?;
    for seal in licences::seals(&city, &operator()).await? {
        let state = seal.retired.map_or_else(|| "in use".to_owned(), |at| format!("retired {at}"));
        let line = format!(
            "{}\t{}\t{} mm\tversion {}\tuntil {}\t{state}",
            seal.id, seal.name, seal.side, seal.edition, seal.valid_to
        );
        let retired = seal.retired.map(|at| at.rfc3339());
        let row = json!({
            "seal": seal.id, "department": seal.department, "holder": seal.name, "side_mm": seal.side,
            "version": seal.edition, "valid_from": seal.valid_from.rfc3339(), "valid_to": seal.valid_to.rfc3339(),
            "signer_sha256": seal.signer, "picture_sha256": seal.picture, "retired_at": retired,
        });
        say(json, &row, &line);
    }
    Ok(Answer::Yes)
}

pub(super) async fn seal_uses(folder: &Folder, seal: &str, limit: i64, json: bool) -> Result<Answer> {
    let city = open::city(folder).await?;
    let latest = city.now().plus_seconds(1);
    let (_, uses) = licences::seal_uses(&city, &operator(), seal, latest, limit).await?;
    for own in uses {
        let line = format!("{}\t{}\t{}\t{}", own.at, own.who, own.form, own.licence);
        let row = json!({ "at": own.at.rfc3339(), "who": own.who, "form": own.form, "licence": own.licence });
        say(json, &row, &line);
    }
    Ok(Answer::Yes)
}
