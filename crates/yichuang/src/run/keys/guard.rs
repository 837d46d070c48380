//! No root key lies beside a running server.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seal::cert::Certificate;
use seal::key::PrivateKey;

use super::{ROOTS_FILE, pem_blocks, read_roots};
use crate::run::folder::{CityConfig, Folder};

/// A file larger than this is no file of keys.
const LARGEST_PEM: u64 = 1 << 20;

/// Refuses a folder in which a root key lies, under whatever name: who gets hold of the folder could found the city anew.
pub fn refuse_root_keys(folder: &Folder, config: &CityConfig) -> Result<()> {
    // Files of citizens, and a checkpoint for every ten minutes: many, and none of them ours to search.
    let others: Vec<PathBuf> = config.witness_dir.iter().cloned().chain([folder.file("uploads")]).collect();
    let pem = std::fs::read_to_string(folder.file(ROOTS_FILE)).context("cannot read the trust roots")?;
    let roots = read_roots(&pem)?;
    let mut folders = vec![folder.path().to_path_buf()];
    while let Some(place) = folders.pop() {
        for entry in std::fs::read_dir(&place).with_context(|| format!("cannot read {}", place.display()))? {
            let entry = entry?;
            let path = entry.path();
            // What vanishes meanwhile, or leads nowhere, holds no key.
            let Ok(kind) = std::fs::metadata(&path) else { continue };
            if kind.is_dir() {
                if !entry.file_type()?.is_symlink() && !others.contains(&path) {
                    folders.push(path);
                }
            } else if kind.is_file() && kind.len() <= LARGEST_PEM && holds_root_key(&path, &roots) {
                bail!(
                    "{} holds a root key of this city. Take it away from this machine: `serve` does not start beside it.",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

fn holds_root_key(path: &Path, roots: &[Certificate]) -> bool {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    pem_blocks(&text).any(|block| {
        let key = PrivateKey::from_pem(&block).ok();
        key.is_some_and(|key| roots.iter().any(|root| *root.public_key() == key.public_key()))
    })
}
