//! Signed checkpoints of the journal, handed to an outside witness as files.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use service::City;

use super::folder::write_private;

/// Makes a checkpoint when the journal has grown; answers its position. `witness` gets a copy that the city itself
/// never reads again.
pub async fn make(city: &City, witness: Option<&Path>) -> Result<Option<i64>> {
    let Some(draft) = city.store().draft_checkpoint(city.region(), city.now()).await? else { return Ok(None) };
    let (department, signer) =
        city.keys().signers.iter().next().context("there is no key to sign a checkpoint with")?;
    let signature = signer.sign(&draft.checkpoint.signed_bytes())?;
    let position = draft.checkpoint.position;
    let kept = city.store().keep_checkpoint(draft, signature, department).await?;
    if let Some(folder) = witness {
        std::fs::create_dir_all(folder)?;
        let note = json!({
            "region": kept.checkpoint.region,
            "position": kept.checkpoint.position,
            "at": kept.checkpoint.at.micros(),
            "root": STANDARD.encode(kept.checkpoint.root),
            "signature": STANDARD.encode(&kept.signature),
            "witness": kept.witness,
        });
        write_private(&folder.join(format!("{position:012}.json")), note.to_string().as_bytes())?;
    }
    Ok(Some(position))
}
