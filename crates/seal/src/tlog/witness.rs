//! What a log sends to a witness (c2sp.org/tlog-witness, `add-checkpoint`), and what the witness must check.

use domain::merkle::Hash;

use super::checkpoint::Checkpoint;
use super::note::{MAX_NOTE_BYTES, Note, VerifierKey};
use super::tree::verify_consistency;
use super::{base64, decimal, hash};

/// Most lines of a consistency proof.
const MAX_LINES: usize = 63;

/// A request to countersign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the witness countersigned last, as the log believes.
    pub old: u64,
    /// From there to the new one.
    pub path: Vec<Hash>,
    /// The new checkpoint as a signed note.
    pub checkpoint: String,
}

/// Why a witness does not countersign, with the status that it answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 400: not a request of this form, or backwards.
    #[error("not an add-checkpoint request")]
    Malformed,
    /// 404: the witness does not watch this log.
    #[error("this log is not watched here")]
    UnknownLog,
    /// 403: not signed by the log.
    #[error("the checkpoint is not signed by its log")]
    Unsigned,
    /// 409: the witness has countersigned another size, or another root of this size.
    #[error("{0} was countersigned here")]
    Conflict(u64),
    /// 422: the new tree is no continuation of the old one.
    #[error("the checkpoint does not continue the one before")]
    Inconsistent,
}

impl Refused {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Refused::Malformed => 400,
            Refused::UnknownLog => 404,
            Refused::Unsigned => 403,
            Refused::Conflict(_) => 409,
            Refused::Inconsistent => 422,
        }
    }
}

/// What a witness remembers of a log: size and root that it countersigned last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl AddCheckpoint {
    /// The body of the request.
    pub fn text(&self) -> String {
        let path: String = self.path.iter().map(|hash| format!("{}\n", base64(hash))).collect();
        format!("old {}\n{path}\n{}", self.old, self.checkpoint)
    }

    /// Reads the body.
    pub fn parse(text: &str) -> Result<AddCheckpoint, Refused> {
        AddCheckpoint::read(text).ok_or(Refused::Malformed)
    }

    fn read(text: &str) -> Option<AddCheckpoint> {
        if text.len() > 2 * MAX_NOTE_BYTES {
            return None;
        }
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        let old = decimal(lines.next()?.strip_prefix("old ")?)?;
        let path: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
        let request = AddCheckpoint { old, path, checkpoint: checkpoint.to_owned() };
        (request.path.len() <= MAX_LINES && request.text() == text).then_some(request)
    }

    /// The checkpoint, if one of the watched logs has signed it.
    pub fn signed(&self, watched: &[VerifierKey]) -> Result<(Checkpoint, Note), Refused> {
        let note = Note::parse(&self.checkpoint).map_err(|_| Refused::Malformed)?;
        let claimed = Checkpoint::parse(&note.text).map_err(|_| Refused::Malformed)?;
        let mut keys = watched.iter().filter(|key| key.name() == claimed.origin).peekable();
        if keys.peek().is_none() {
            return Err(Refused::UnknownLog);
        }
        if !keys.any(|key| note.is_signed_by(key).is_ok()) {
            return Err(Refused::Unsigned);
        }
        Ok((claimed, note))
    }

    /// Whether the checkpoint continues what the witness has seen.
    pub fn continues(&self, checkpoint: &Checkpoint, seen: Option<Seen>) -> Result<(), Refused> {
        if self.old > checkpoint.size {
            return Err(Refused::Malformed);
        }
        let seen_size = seen.map_or(0, |seen| seen.size);
        if self.old != seen_size {
            return Err(Refused::Conflict(seen_size));
        }
        let Some(seen) = seen.filter(|seen| seen.size > 0) else {
            return if self.path.is_empty() { Ok(()) } else { Err(Refused::Inconsistent) };
        };
        if checkpoint.size == seen.size && checkpoint.root != seen.root {
            return Err(Refused::Conflict(seen.size));
        }
        verify_consistency((seen.size, &seen.root), (checkpoint.size, &checkpoint.root), &self.path)
            .map_err(|_| Refused::Inconsistent)
    }
}
