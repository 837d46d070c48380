//! Signed notes (c2sp.org/signed-note): a text, an empty line, and lines `— name base64(key id ‖ signature)`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::{TlogError, base64};
use crate::digest::sha256;

/// Signature type of a note signed with Ed25519.
const NOTE: u8 = 1;
/// Signature type of a time-stamped cosignature with Ed25519.
const COSIGNATURE: u8 = 4;
/// More signatures than any log of ours collects; the specification asks for at least 16.
const MAX_SIGNATURES: usize = 64;
/// Longest note, in bytes.
pub const MAX_NOTE_BYTES: usize = 64 << 10;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Signs notes: a log.
    Note,
    /// Cosigns checkpoints: a witness.
    Cosignature,
}

impl Use {
    fn byte(self) -> u8 {
        match self {
            Use::Note => NOTE,
            Use::Cosignature => COSIGNATURE,
        }
    }
}

/// Whether a text can be the name of a key.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.chars().any(|sign| sign.is_whitespace() || sign.is_control() || sign == '+')
}

fn key_id(name: &str, encoded: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", encoded].concat());
    [a, b, c, d]
}

/// A public key with its name, as `name+key id+base64` (vkey).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    does: Use,
    key: [u8; 32],
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = [&[self.does.byte()][..], &self.key].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), base64(&encoded))
    }
}

impl VerifierKey {
    fn new(name: &str, does: Use, key: [u8; 32]) -> Option<VerifierKey> {
        let encoded = [&[does.byte()][..], &key].concat();
        is_name(name).then(|| VerifierKey { name: name.to_owned(), id: key_id(name, &encoded), does, key })
    }

    /// Reads a vkey.
    pub fn parse(text: &str) -> Result<VerifierKey, TlogError> {
        let bad = || TlogError::Malformed("a verifier key: name+key id+base64");
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let encoded = STANDARD.decode(encoded).map_err(|_| bad())?;
        let (does, key) = match encoded.split_first() {
            Some((&NOTE, key)) => (Use::Note, key),
            Some((&COSIGNATURE, key)) => (Use::Cosignature, key),
            _ => return Err(bad()),
        };
        let key = VerifierKey::new(name, does, key.try_into().map_err(|_| bad())?).ok_or_else(bad)?;
        if hex::encode(key.id) == id { Ok(key) } else { Err(bad()) }
    }

    /// Its name; for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it does.
    pub fn does(&self) -> Use {
        self.does
    }

    pub(super) fn fits(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.key).verify(message, signature).is_ok()
    }
}

/// An Ed25519 key with its name.
pub struct NoteSigner {
    pair: Ed25519KeyPair,
    key: VerifierKey,
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.key)
    }
}

impl NoteSigner {
    /// The key of a seed (RFC 8032), under a name without spaces and plus signs.
    pub fn new(name: &str, does: Use, seed: &[u8; 32]) -> Result<NoteSigner, TlogError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| TlogError::Key)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| TlogError::Key)?;
        let key = VerifierKey::new(name, does, public).ok_or(TlogError::Malformed("the name of a key"))?;
        Ok(NoteSigner { pair, key })
    }

    /// What others verify it with.
    pub fn verifier(&self) -> &VerifierKey {
        &self.key
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.key.name
    }

    pub(super) fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    pub(super) fn signature(&self, bytes: Vec<u8>) -> Signature {
        Signature { name: self.key.name.clone(), id: self.key.id, bytes }
    }

    /// Signs a text, which must end with a line end and hold no other control character.
    pub fn sign(&self, text: &str) -> Result<Note, TlogError> {
        if self.key.does != Use::Note || !is_text(text) {
            return Err(TlogError::Key);
        }
        let signature = self.signature(self.sign_raw(text.as_bytes()));
        Ok(Note { text: text.to_owned(), signatures: vec![signature] })
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub(super) name: String,
    pub(super) id: [u8; 4],
    pub(super) bytes: Vec<u8>,
}

impl Signature {
    /// Reads one line, without its end.
    pub fn parse(line: &str) -> Option<Signature> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (id, rest) = bytes.split_first_chunk::<4>()?;
        (is_name(name) && !rest.is_empty()).then(|| Signature { name: name.to_owned(), id: *id, bytes: rest.to_vec() })
    }

    /// Name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line, with its end.
    pub fn line(&self) -> String {
        format!("— {} {}\n", self.name, base64(&[&self.id[..], &self.bytes].concat()))
    }

    /// Whether name and id are those of a key.
    pub fn is_of(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.id == key.id
    }
}

/// A text with signatures, not to be believed before they were verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text with its last line end.
    pub text: String,
    /// In order.
    pub signatures: Vec<Signature>,
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.chars().any(|sign| sign.is_control() && sign != '\n')
}

impl Note {
    /// Reads a note.
    pub fn parse(note: &str) -> Result<Note, TlogError> {
        let bad = || TlogError::Malformed("a signed note");
        if note.len() > MAX_NOTE_BYTES || !is_text(note) {
            return Err(bad());
        }
        let at = note.rfind("\n\n").ok_or_else(bad)? + 1;
        let (text, rest) = (note.get(..at).ok_or_else(bad)?, note.get(at + 1..).ok_or_else(bad)?);
        let signatures: Option<Vec<Signature>> = rest.lines().map(Signature::parse).collect();
        let signatures = signatures.filter(|all| (1..=MAX_SIGNATURES).contains(&all.len())).ok_or_else(bad)?;
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// Whether the key of a log has signed the text. A signature of that key that does not fit refuses the whole note.
    pub fn is_signed_by(&self, key: &VerifierKey) -> Result<(), TlogError> {
        let unsigned = || TlogError::Unsigned(key.name.clone());
        let mut own = self.signatures.iter().filter(|signature| signature.is_of(key)).peekable();
        if key.does != Use::Note || own.peek().is_none() {
            return Err(unsigned());
        }
        if own.all(|signature| key.fits(self.text.as_bytes(), &signature.bytes)) { Ok(()) } else { Err(unsigned()) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| f.write_str(&signature.line()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's `golang.org/x/mod/sumdb/note`.
    const TEXT: &str =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const LINE: &str =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn peter() -> NoteSigner {
        let encoded = STANDARD.decode(SEED).unwrap();
        assert_eq!(encoded[0], NOTE);
        NoteSigner::new("PeterNeumann", Use::Note, encoded[1..].try_into().unwrap()).unwrap()
    }

    #[test]
    fn a_note_of_the_go_checksum_database() {
        let key = VerifierKey::parse(VKEY).unwrap();
        assert_eq!(key.to_string(), VKEY);
        let note = peter().sign(TEXT).unwrap();
        assert_eq!(note.to_string(), format!("{TEXT}\n{LINE}"));
        assert_eq!(*peter().verifier(), key);
        let read = Note::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        assert_eq!(read.is_signed_by(&key), Ok(()));
    }

    #[test]
    fn what_was_changed_is_not_signed() {
        let key = peter().verifier().clone();
        let whole = peter().sign(TEXT).unwrap().to_string();
        assert!(Note::parse(&whole.replace("answer", "key")).unwrap().is_signed_by(&key).is_err());
        let other = NoteSigner::new("PeterNeumann", Use::Note, &[7; 32]).unwrap();
        assert!(Note::parse(&whole).unwrap().is_signed_by(other.verifier()).is_err());
        // A second line of the same key that does not fit spoils the note; one of an unknown key is not looked at.
        let forged = Signature { bytes: vec![0; 64], ..Note::parse(&whole).unwrap().signatures[0].clone() };
        assert!(Note::parse(&format!("{whole}{}", forged.line())).unwrap().is_signed_by(&key).is_err());
        let unknown = Signature { id: [0; 4], ..forged };
        assert!(Note::parse(&format!("{whole}{}", unknown.line())).unwrap().is_signed_by(&key).is_ok());
    }

    #[test]
    fn other_forms_are_refused() {
        let whole = peter().sign(TEXT).unwrap().to_string();
        for bad in [
            String::new(),
            TEXT.to_owned(),
            whole.trim_end().to_owned(),
            whole.replace("\n\n", "\n"),
            whole.replace("— ", "- "),
            whole.replace("answer", "ans\twer"),
            format!("{whole}nothing\n"),
        ] {
            assert!(Note::parse(&bad).is_err(), "{bad:?}");
        }
        for bad in ["", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "x+00000000+AQ=="]
        {
            assert!(VerifierKey::parse(bad).is_err(), "{bad}");
        }
        assert!(NoteSigner::new("two words", Use::Note, &[1; 32]).is_err());
        assert!(NoteSigner::new("a+b", Use::Note, &[1; 32]).is_err());
    }
}
