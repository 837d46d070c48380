//! Checkpoints (c2sp.org/tlog-checkpoint): a signed note of origin, size and root, countersigned by witnesses
//! (c2sp.org/tlog-cosignature, `cosignature/v1`).

use domain::merkle::Hash;
use domain::time::Timestamp;

use super::note::{Note, NoteSigner, Signature, Use, VerifierKey};
use super::{TlogError, base64, decimal, hash};

/// The head of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text of the note.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, base64(&self.root))
    }

    /// Reads the text of a note. Extension lines are refused: no log of ours writes them, and no auditor could check them.
    pub fn parse(text: &str) -> Result<Checkpoint, TlogError> {
        let bad = || TlogError::Malformed("a checkpoint");
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(bad());
        };
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(bad)?,
            root: hash(root).ok_or_else(bad)?,
        };
        if checkpoint.text() == text && !origin.is_empty() { Ok(checkpoint) } else { Err(bad()) }
    }

    /// Reads a note that the log has signed; its origin must be the key's name.
    pub fn open(note: &str, log: &VerifierKey) -> Result<(Checkpoint, Note), TlogError> {
        let note = Note::parse(note)?;
        note.is_signed_by(log)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin == log.name() {
            Ok((checkpoint, note))
        } else {
            Err(TlogError::Unsigned(log.name().into()))
        }
    }
}

/// What a witness signs.
fn cosigned(text: &str, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// Countersigns the text of a checkpoint at an instant.
pub fn cosign(witness: &NoteSigner, text: &str, at: Timestamp) -> Result<Signature, TlogError> {
    let seconds = u64::try_from(at.micros() / 1_000_000).map_err(|_| TlogError::Key)?;
    if witness.verifier().does() != Use::Cosignature {
        return Err(TlogError::Key);
    }
    let signature = witness.sign_raw(&cosigned(text, seconds));
    Ok(witness.signature([&seconds.to_be_bytes()[..], &signature].concat()))
}

/// When a witness countersigned the text, by this line of its key; `None` if the line is not its own or does not fit.
pub fn cosigned_at(text: &str, signature: &Signature, witness: &VerifierKey) -> Option<Timestamp> {
    if witness.does() != Use::Cosignature || !signature.is_of(witness) {
        return None;
    }
    let (seconds, rest) = signature.bytes.split_first_chunk::<8>()?;
    let seconds = u64::from_be_bytes(*seconds);
    let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
    witness.fits(&cosigned(text, seconds), rest).then(|| Timestamp::from_micros(micros))
}

/// The witnesses among `known` that countersigned a note, with their instants.
pub fn witnesses<'k>(note: &Note, known: &'k [VerifierKey]) -> Vec<(&'k VerifierKey, Timestamp)> {
    let of = |key: &'k VerifierKey| {
        let at = note.signatures.iter().find_map(|signature| cosigned_at(&note.text, signature, key))?;
        Some((key, at))
    };
    known.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Checkpoint {
        Checkpoint { origin: "example.cn/log".into(), size: 3, root: [9; 32] }
    }

    #[test]
    fn a_checkpoint_has_one_form() {
        let text = head().text();
        assert_eq!(Checkpoint::parse(&text), Ok(head()));
        for bad in
            [text.replace("\n3\n", "\n03\n"), text.replace("\n3\n", "\n-3\n"), format!("{text}more\n"), String::new()]
        {
            assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn log_and_witness_sign_different_messages_with_different_keys() {
        let log = NoteSigner::new("example.cn/log", Use::Note, &[1; 32]).unwrap();
        let witness = NoteSigner::new("witness.cn/w", Use::Cosignature, &[2; 32]).unwrap();
        let mut note = log.sign(&head().text()).unwrap();
        let at = Timestamp::from_micros(1_679_315_147_000_000);
        note.signatures.push(cosign(&witness, &note.text, at).unwrap());
        let (checkpoint, read) = Checkpoint::open(&note.to_string(), log.verifier()).unwrap();
        assert_eq!(checkpoint, head());
        let known = [witness.verifier().clone()];
        assert_eq!(witnesses(&read, &known), [(&known[0], at)]);
        // The time is signed as well.
        let mut later = read.clone();
        later.signatures[1].bytes[7] ^= 1;
        assert!(witnesses(&later, &known).is_empty());
        let other = [NoteSigner::new("witness.cn/w", Use::Cosignature, &[3; 32]).unwrap().verifier().clone()];
        assert!(witnesses(&read, &other).is_empty());
        assert!(cosign(&log, &note.text, at).is_err() && witness.sign(&note.text).is_err());
        let named = NoteSigner::new("other.cn/log", Use::Note, &[1; 32]).unwrap();
        let stranger = named.sign(&head().text()).unwrap().to_string();
        assert!(Checkpoint::open(&stranger, named.verifier()).is_err(), "the origin is the key's name");
    }
}
