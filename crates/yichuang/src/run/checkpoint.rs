//! Signed checkpoints of the journal, handed to an outside witness as files.

use std::path::Path;

use anyhow::{Context, Result, bail};
use seal::cert::Certificate;
use service::City;
use store::SignedCheckpoint;

use super::folder::write_private;

/// How many checkpoints a witness that was away is given in one go.
const MOST_HANDED_OVER: i64 = 1000;

/// Makes a checkpoint when the journal has grown; answers its position. `witness` gets a copy that the city itself
/// never reads again; one that could not be handed over, because the witness was away or full, is handed over at the next call.
pub async fn make(city: &City, witness: Option<&Path>) -> Result<Option<i64>> {
    let made = match city.store().draft_checkpoint(city.region(), city.now()).await? {
        None => None,
        Some(draft) => {
            let (department, signer) =
                city.keys().signers.iter().next().context("there is no key to sign a checkpoint with")?;
            let signature = signer.sign(&draft.checkpoint.signed_bytes())?;
            Some(city.store().keep_checkpoint(draft, signature, department).await?.checkpoint.position)
        }
    };
    if let Some(folder) = witness {
        hand_over(city, folder).await.context("the witness cannot be given the checkpoint")?;
    }
    Ok(made)
}

/// Writes the checkpoints that the witness was not given yet. How far it was given them stands in the city's own folder,
/// because a witness may take its files away.
async fn hand_over(city: &City, folder: &Path) -> Result<()> {
    let mark = city.settings().dir.join("witnessed");
    let given = std::fs::read_to_string(&mark).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let due = city.store().checkpoints(city.region(), given, MOST_HANDED_OVER).await?;
    if due.is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    for kept in due {
        let position = kept.checkpoint.position;
        write_private(&folder.join(format!("{position:012}.json")), serde_json::to_string(&kept)?.as_bytes())?;
        write_private(&mark, position.to_string().as_bytes())?;
    }
    Ok(())
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
