//! ZIP in one form only: fixed headers, no dates, no extras, no comment; so that every byte of a package is either checked or
//! refused.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// No file of ours comes near it; a small package must not unfold into a large one.
const LARGEST: u64 = 32 << 20;
/// The levels above take more than twice as long and save nothing.
const LEVEL: u32 = 7;
/// 1 January 1980, midnight: the ZIP format knows no absence of a date.
const DATE: [u8; 4] = [0, 0, 0x21, 0];

/// A file in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path, ASCII, without a leading slash.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its bytes as they lie in the package.
    pub packed: Vec<u8>,
    /// Whether they are deflated.
    pub deflated: bool,
    crc: u32,
}

impl Entry {
    /// A file that is compressed.
    pub(super) fn deflated(name: &str, bytes: Vec<u8>) -> Entry {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(LEVEL));
        // Writing into memory does not fail; if it did, the entry would stand there as it is.
        let packed = encoder.write_all(&bytes).and_then(|()| encoder.finish()).ok();
        match packed {
            Some(packed) => Entry { crc: crc(&bytes), name: name.to_owned(), bytes, packed, deflated: true },
            None => Entry::stored(name, bytes),
        }
    }

    /// A file that lies there as it is.
    pub(super) fn stored(name: &str, bytes: Vec<u8>) -> Entry {
        Entry { name: name.to_owned(), packed: bytes.clone(), deflated: false, crc: crc(&bytes), bytes }
    }

    /// The fields that both headers share: version, flags, method, date, checksum, sizes, length of the name, no extra.
    fn header(&self) -> Vec<u8> {
        let mut out = vec![20, 0, 0, 0];
        out.extend(if self.deflated { [8, 0] } else { [0, 0] });
        out.extend(DATE);
        out.extend(self.crc.to_le_bytes());
        out.extend(le32(self.packed.len()));
        out.extend(le32(self.bytes.len()));
        out.extend(le16(self.name.len()));
        out.extend([0, 0]);
        out
    }
}

fn le16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes()
}

fn le32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Writes a package.
pub(super) fn write(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = out.len();
        out.extend(b"PK\x03\x04");
        out.extend(entry.header());
        out.extend(entry.name.as_bytes());
        out.extend(&entry.packed);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, 0]);
        directory.extend(entry.header());
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(le32(offset));
        directory.extend(entry.name.as_bytes());
    }
    let offset = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(le16(entries.len()));
    out.extend(le16(entries.len()));
    out.extend(le32(directory.len()));
    out.extend(le32(offset));
    out.extend([0, 0]);
    out
}

/// Reads a package that [`write`] wrote.
///
/// Errors: what is wrong, in English; anything that is not byte for byte what would be written is.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, &'static str> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some(behind) = rest.strip_prefix(b"PK\x03\x04") {
        let (entry, behind) = local(behind)?;
        entries.push(entry);
        rest = behind;
    }
    if entries.is_empty() {
        return Err("not a ZIP package");
    }
    if write(&entries) != bytes {
        return Err("headers or directory are not in their only form, or there are bytes behind the end");
    }
    Ok(entries)
}

fn local(bytes: &[u8]) -> Result<(Entry, &[u8]), &'static str> {
    const SHORT: &str = "a file in the package is cut off";
    let (header, rest) = bytes.split_at_checked(26).ok_or(SHORT)?;
    let small =
        |at: usize| header.get(at..at + 2).map_or(0, |b| b.iter().rev().fold(0, |n, d| n << 8 | usize::from(*d)));
    let large = |at: usize| small(at) | small(at + 2) << 16;
    let deflated = match small(4) {
        0 => false,
        8 => true,
        _ => return Err("a compression method that is not used"),
    };
    let (name, rest) = rest.split_at_checked(small(22)).ok_or(SHORT)?;
    let (packed, rest) = rest.split_at_checked(large(14)).ok_or(SHORT)?;
    let name = std::str::from_utf8(name).ok().filter(|name| name.is_ascii()).ok_or("a name that is not ASCII")?;
    let plain = if deflated { inflate(packed)? } else { packed.to_vec() };
    let crc = crc(&plain);
    let entry = Entry { name: name.to_owned(), packed: packed.to_vec(), deflated, crc, bytes: plain };
    if entry.header() != header {
        return Err("the header of a file is not in its only form, or its checksum is wrong");
    }
    Ok((entry, rest))
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut plain = Vec::new();
    let mut decoder = DeflateDecoder::new(packed).take(LARGEST);
    decoder.read_to_end(&mut plain).map_err(|_| "a file in the package cannot be unpacked")?;
    if decoder.into_inner().total_in() != packed.len() as u64 {
        return Err("there are bytes behind a packed file");
    }
    Ok(plain)
}
