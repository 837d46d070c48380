//! The sidecar of an entry (c2sp.org/tlog-proof@v1): index, inclusion proof and checkpoint in one text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::merkle::Hash;

use super::note::MAX_NOTE_BYTES;
use super::{TlogError, base64, decimal, hash};

const FIRST: &str = "c2sp.org/tlog-proof@v1";

/// A proof, not to be believed before it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What the application needs to find the entry again; nothing authenticates it by itself.
    pub extra: Option<Vec<u8>>,
    /// Place of the entry, from 0.
    pub index: u64,
    /// From the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// The checkpoint as a signed note, verbatim.
    pub checkpoint: String,
}

impl Proof {
    /// The text.
    pub fn text(&self) -> String {
        let extra = self.extra.as_ref().map(|extra| format!("extra {}\n", base64(extra))).unwrap_or_default();
        let path: String = self.path.iter().map(|hash| format!("{}\n", base64(hash))).collect();
        format!("{FIRST}\n{extra}index {}\n{path}\n{}", self.index, self.checkpoint)
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Result<Proof, TlogError> {
        Proof::read(text).ok_or(TlogError::Malformed("c2sp.org/tlog-proof@v1"))
    }

    fn read(text: &str) -> Option<Proof> {
        if text.len() > 2 * MAX_NOTE_BYTES {
            return None;
        }
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.lines().peekable();
        if lines.next() != Some(FIRST) {
            return None;
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = match extra.and_then(|line| line.strip_prefix("extra ")) {
            Some(encoded) => Some(STANDARD.decode(encoded).ok()?),
            None => None,
        };
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        let path: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
        let proof = Proof { extra, index, path, checkpoint: checkpoint.to_owned() };
        (proof.path.len() <= 64 && proof.text() == text).then_some(proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_has_one_form() {
        for extra in [None, Some(b"more".to_vec())] {
            for path in [vec![], vec![[1; 32], [2; 32]]] {
                let proof =
                    Proof { extra: extra.clone(), index: 7, path, checkpoint: "a\n8\nb\n\n— a AAAA\n".into() };
                assert_eq!(Proof::parse(&proof.text()), Ok(proof.clone()));
                assert!(Proof::parse(&proof.text().replace("index 7", "index 07")).is_err());
                assert!(Proof::parse(&proof.text().replace("@v1", "@v2")).is_err());
                assert!(Proof::parse(&format!(" {}", proof.text())).is_err());
            }
        }
        assert!(Proof::parse("").is_err());
    }
}
