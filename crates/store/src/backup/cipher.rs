//! The envelope of a backup: a passphrase, argon2id, and XChaCha20-Poly1305 in the STREAM construction.
//!
//! ```text
//! magic (16) ‖ memory KiB (u32) ‖ passes (u32) ‖ lanes (u32) ‖ salt (16) ‖ nonce prefix (19) ‖ chunk ‖ chunk ‖ …
//! chunk = XChaCha20-Poly1305(key, prefix ‖ counter (u32) ‖ last (0 or 1), up to 65,536 bytes), additional data: the header
//! ```
//!
//! All numbers are big-endian. The counter makes chunks unexchangeable, the last flag makes cutting off visible
//! (Hoang, Reyhanitabar, Rogaway, Vizár: *Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance*, 2015).

use super::BackupError;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::io::{Read, Write};
use zeroize::Zeroizing;

const MAGIC: &[u8; 16] = b"YICHUANG BACKUP1";
const HEADER: usize = 16 + 12 + 16 + 19;
const CHUNK: usize = 65_536;
const TAG: usize = 16;
/// 64 MiB, three passes, four lanes: the second recommendation of RFC 9106. The cost stands in the file, so the unit tests, which
/// derive a key for every damaged byte, can use less.
const COST: [u32; 3] = if cfg!(test) { [64, 1, 1] } else { [64 * 1024, 3, 4] };
/// What a file from elsewhere may ask of us: 1 GiB, 16 passes, 16 lanes.
const MOST: [u32; 3] = [1024 * 1024, 16, 16];

/// Fresh random bytes for one backup. Never use the same twice with one passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupRandom {
    /// Salt of the key derivation.
    pub salt: [u8; 16],
    /// First part of every nonce.
    pub nonce: [u8; 19],
}

struct Cipher {
    aead: XChaCha20Poly1305,
    header: [u8; HEADER],
    counter: u32,
}

impl Cipher {
    fn new(passphrase: &[u8], header: [u8; HEADER]) -> Result<Cipher, BackupError> {
        let number = |at: usize| header.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
        let cost = [number(16), number(20), number(24)];
        if cost.iter().zip(MOST).any(|(asked, most)| *asked > most) {
            return Err(BackupError::NotABackup("it asks for more memory or time than any backup of ours"));
        }
        let [memory, passes, lanes] = cost;
        let params =
            Params::new(memory, passes, lanes, Some(32)).map_err(|_| BackupError::NotABackup("damaged header"))?;
        let mut key = Zeroizing::new([0; 32]);
        let salt = header.get(28..44).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, key.as_mut_slice())
            .map_err(|e| BackupError::Key(e.to_string()))?;
        let aead = XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|e| BackupError::Key(e.to_string()))?;
        Ok(Cipher { aead, header, counter: 0 })
    }

    /// The nonce of the next chunk.
    fn nonce(&mut self, last: bool) -> Result<XNonce, BackupError> {
        let counter = self.counter;
        self.counter = counter.checked_add(1).ok_or(BackupError::TooLarge)?;
        let bytes: Vec<u8> =
            self.header.iter().skip(44).copied().chain(counter.to_be_bytes()).chain([u8::from(last)]).collect();
        XNonce::try_from(bytes.as_slice()).map_err(|e| BackupError::Key(e.to_string()))
    }

    fn seal(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>, BackupError> {
        let nonce = self.nonce(last)?;
        let payload = Payload { msg: plain, aad: &self.header };
        self.aead.encrypt(&nonce, payload).map_err(|e| BackupError::Key(e.to_string()))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> Result<Vec<u8>, BackupError> {
        let first = self.counter == 0;
        let nonce = self.nonce(last)?;
        let refused = if first { BackupError::WrongPassphrase } else { BackupError::Damaged };
        self.aead.decrypt(&nonce, Payload { msg: sealed, aad: &self.header }).map_err(|_| refused)
    }
}

/// Encrypts what is written to it.
pub(super) struct Sealer<W: Write> {
    out: W,
    cipher: Cipher,
    buffer: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealer<W> {
    pub(super) fn new(mut out: W, passphrase: &[u8], random: &BackupRandom) -> Result<Sealer<W>, BackupError> {
        let cost = COST.iter().flat_map(|n| n.to_be_bytes());
        let bytes: Vec<u8> = MAGIC.iter().copied().chain(cost).chain(random.salt).chain(random.nonce).collect();
        let header: [u8; HEADER] = bytes.try_into().map_err(|_| BackupError::NotABackup("damaged header"))?;
        let cipher = Cipher::new(passphrase, header)?;
        out.write_all(&header)?;
        Ok(Sealer { out, cipher, buffer: Zeroizing::new(Vec::with_capacity(CHUNK)) })
    }

    pub(super) fn write(&mut self, mut plain: &[u8]) -> Result<(), BackupError> {
        while !plain.is_empty() {
            // A full chunk is kept back until it is known not to be the last.
            if self.buffer.len() == CHUNK {
                let sealed = self.cipher.seal(&self.buffer, false)?;
                self.out.write_all(&sealed)?;
                self.buffer.clear();
            }
            let (now, later) = plain.split_at(plain.len().min(CHUNK - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            plain = later;
        }
        Ok(())
    }

    /// Writes the last chunk and gives the output back.
    pub(super) fn finish(mut self) -> Result<W, BackupError> {
        let sealed = self.cipher.seal(&self.buffer, true)?;
        self.out.write_all(&sealed)?;
        Ok(self.out)
    }
}

/// Decrypts what is read from it. Every byte it hands out is authenticated.
pub(super) struct Opener<R: Read> {
    input: R,
    cipher: Cipher,
    /// The next sealed chunk, read ahead, because only the end of the file tells which is the last.
    ahead: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    taken: usize,
    done: bool,
}

impl<R: Read> Opener<R> {
    pub(super) fn new(mut input: R, passphrase: &[u8]) -> Result<Opener<R>, BackupError> {
        let mut header = [0; HEADER];
        if fill(&mut input, &mut header)? < HEADER || !header.starts_with(MAGIC) {
            return Err(BackupError::NotABackup("it does not begin like one"));
        }
        let cipher = Cipher::new(passphrase, header)?;
        let mut opener =
            Opener { input, cipher, ahead: Vec::new(), plain: Zeroizing::new(Vec::new()), taken: 0, done: false };
        opener.ahead = opener.read_sealed()?;
        Ok(opener)
    }

    /// Fills the whole of `out`; [`BackupError::Damaged`] if the backup ends before.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<(), BackupError> {
        let mut rest = out;
        while !rest.is_empty() {
            let have = self.plain.get(self.taken..).unwrap_or_default();
            if have.is_empty() {
                self.next_chunk()?;
                continue;
            }
            let n = have.len().min(rest.len());
            let (now, later) = rest.split_at_mut(n);
            now.copy_from_slice(have.get(..n).unwrap_or_default());
            rest = later;
            self.taken += n;
        }
        Ok(())
    }

    fn next_chunk(&mut self) -> Result<(), BackupError> {
        if self.done {
            return Err(BackupError::Damaged);
        }
        let next = self.read_sealed()?;
        self.done = next.is_empty();
        let sealed = std::mem::replace(&mut self.ahead, next);
        self.plain = Zeroizing::new(self.cipher.open(&sealed, self.done)?);
        self.taken = 0;
        Ok(())
    }

    /// Checks that nothing follows what was read.
    pub(super) fn end(&mut self) -> Result<(), BackupError> {
        let rest = self.plain.len() - self.taken;
        if rest == 0 && self.done { Ok(()) } else { Err(BackupError::Damaged) }
    }

    fn read_sealed(&mut self) -> Result<Vec<u8>, BackupError> {
        let mut sealed = vec![0; CHUNK + TAG];
        let n = fill(&mut self.input, &mut sealed)?;
        sealed.truncate(n);
        Ok(sealed)
    }
}

/// Reads until `out` is full or the input ends.
fn fill(input: &mut impl Read, out: &mut [u8]) -> Result<usize, BackupError> {
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: BackupRandom = BackupRandom { salt: [1; 16], nonce: [2; 19] };

    fn seal(plain: &[u8]) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), b"open sesame", &RANDOM).unwrap();
        for part in plain.chunks(10_007) {
            sealer.write(part).unwrap();
        }
        sealer.finish().unwrap()
    }

    fn open(sealed: &[u8], passphrase: &[u8], length: usize) -> Result<Vec<u8>, BackupError> {
        let mut opener = Opener::new(sealed, passphrase)?;
        let mut out = vec![0; length];
        opener.read(&mut out)?;
        // An empty text has a last chunk too, which nobody has asked for yet.
        if !opener.done {
            opener.next_chunk()?;
        }
        opener.end().map(|()| out)
    }

    #[test]
    fn every_length_comes_back_and_every_damage_is_seen() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let sealed = seal(&plain);
            assert_eq!(open(&sealed, b"open sesame", length).unwrap(), plain, "{length}");
            assert!(matches!(open(&sealed, b"open barley", length), Err(BackupError::WrongPassphrase)));
            assert!(open(&sealed[..sealed.len() - 1], b"open sesame", length).is_err());
        }
        let sealed = seal(&[7; 2 * CHUNK + 5]);
        let cut = &sealed[..HEADER + CHUNK + TAG];
        assert!(open(cut, b"open sesame", CHUNK).is_err(), "a cut at a chunk boundary is seen");
        for place in [0, 17, 30, 50, HEADER + 3, HEADER + CHUNK + TAG + 9, sealed.len() - 1] {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert!(open(&damaged, b"open sesame", 2 * CHUNK + 5).is_err(), "byte {place}");
        }
        let mut swapped = sealed.clone();
        let (first, second) = swapped[HEADER..].split_at_mut(CHUNK + TAG);
        first.swap_with_slice(&mut second[..CHUNK + TAG]);
        assert!(open(&swapped, b"open sesame", 2 * CHUNK + 5).is_err(), "chunks cannot change places");
    }

    #[test]
    fn a_greedy_header_is_refused() {
        let mut sealed = seal(b"x");
        sealed[16] = 0xff;
        assert!(matches!(open(&sealed, b"open sesame", 1), Err(BackupError::NotABackup(_))));
        assert!(matches!(open(b"PK\x03\x04", b"open sesame", 1), Err(BackupError::NotABackup(_))));
    }
}
