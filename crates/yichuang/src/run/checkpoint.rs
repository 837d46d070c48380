//! Signed checkpoints of the journal, handed to an outside witness as files.

use std::path::Path;

use anyhow::{Context, Result, bail};
use seal::cert::Certificate;
use service::City;
use store::SignedCheckpoint;

use super::folder::write_private;

/// Makes a checkpoint when the journal has grown; answers its position. `witness` gets a copy that the city itself
/// never reads again.
pub async fn make(city: &City, witness: Option<&Path>) -> Result<Option<i64>> {
    let Some(draft) = city.store().draft_checkpoint(city.region(), city.now()).await? else { return Ok(None) };
    let (department, signer) =
        city.keys().signers.iter().next().context("there is no key to sign a checkpoint with")?;
    let signature = signer.sign(&draft.checkpoint.signed_bytes())?;
    let kept = city.store().keep_checkpoint(draft, signature, department).await?;
    let position = kept.checkpoint.position;
    if let Some(folder) = witness {
        std::fs::create_dir_all(folder)?;
        let name = format!("{position:012}.json");
        write_private(&folder.join(name), serde_json::to_string(&kept)?.as_bytes())?;
    }
    Ok(Some(position))
}

/// Reads a checkpoint that was held elsewhere, and refuses one that this city did not sign.
pub fn read(city: &City, path: &Path) -> Result<SignedCheckpoint> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let held: SignedCheckpoint =
        serde_json::from_str(&text).with_context(|| format!("{} is not a checkpoint", path.display()))?;
    let signer = city.keys().signers.get(&held.witness).context("the checkpoint names an unknown signer")?;
    let der = signer.certificate_chain().first().context("the signer has no certificate")?;
    let key = Certificate::from_der(der)?;
    if key.public_key().verify(&held.checkpoint.signed_bytes(), &held.signature).is_err() {
        bail!("the signature of the checkpoint does not fit: it was changed, or another city made it");
    }
    Ok(held)
}
