//! Revocation lists of the city's authorities: what readers of PDF ask for when they validate a signature years later.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use seal::cert::{Certificate, RevocationList, Revoked, revocation_list};
use seal::key::Alg;

use super::make::{of_alg, own_roots};
use super::{REVOCATION_FILE, pem_blocks};
use crate::run::folder::Folder;

/// The revocation lists of the city's authorities, which `keys crl` and the operator put into the folder.
pub(super) fn revocation_lists(folder: &Folder) -> Result<Vec<Vec<u8>>> {
    let path = folder.file(REVOCATION_FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let body = |block: String| -> Option<Vec<u8>> {
        let lines: String = block.lines().filter(|line| !line.starts_with("-----")).collect();
        STANDARD.decode(lines).ok()
    };
    pem_blocks(&text).map(|block| body(block).with_context(|| path.display().to_string())).collect()
}

/// Signs a revocation list of the city's P-256 root, which readers of PDF ask for, and puts it into the folder. `revoked` count no more
/// from `now` on.
///
/// # Errors
/// `root_keys` does not hold that root's key, or a certificate is not one that it certified.
pub fn revoke(
    folder: &Folder,
    roots: &[Certificate],
    root_keys: &str,
    revoked: &[Certificate],
    (now, next): (Timestamp, Timestamp),
) -> Result<()> {
    let own = own_roots(roots, root_keys);
    let root = of_alg(&own, Alg::Es256)?;
    if let Some(other) = revoked.iter().find(|certificate| !certificate.is_signed_by(&root.certificate)) {
        bail!("the city's P-256 root has not certified {}", other.common_name().unwrap_or_default());
    }
    // What was revoked before stays so, from when it was.
    let before = revocation_lists(folder)?;
    let lists: Vec<RevocationList> = before.iter().filter_map(|der| RevocationList::from_der(der)).collect();
    let own_lists = lists.iter().filter(|list| list.is_of(&root.certificate));
    let mut all: Vec<Revoked> = own_lists.flat_map(|list| list.entries().to_vec()).collect();
    let new = revoked.iter().filter_map(|certificate| seal::cert::revoked(certificate, now));
    let known: Vec<Vec<u8>> = all.iter().map(|(number, _)| number.clone()).collect();
    all.extend(new.filter(|(number, _)| !known.contains(number)));
    let number = u64::try_from(now.micros() / 1_000_000)?;
    let list = revocation_list(&root.key, &root.certificate, &all, (now, next), number)?;
    // Lists of other authorities stay.
    let others = before
        .into_iter()
        .filter(|der| RevocationList::from_der(der).is_none_or(|list| !list.is_of(&root.certificate)));
    let pem: String = others.chain([list]).map(|der| pem_of_list(&der)).collect();
    folder.write(REVOCATION_FILE, pem.as_bytes())
}

fn pem_of_list(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN X509 CRL-----\n{}\n-----END X509 CRL-----\n", lines.join("\n"))
}
