//! Packages taken apart and put together again by somebody who is not the city.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A file as it lies in a package.
#[derive(Clone)]
pub struct Part {
    pub name: String,
    pub plain: Vec<u8>,
    packed: Vec<u8>,
    deflated: bool,
}

impl Part {
    fn stored(name: &str, plain: &[u8]) -> Part {
        Part { name: name.to_owned(), plain: plain.to_vec(), packed: plain.to_vec(), deflated: false }
    }

    /// Other bytes under the same name, packed in the same way.
    pub fn with(&self, plain: Vec<u8>) -> Part {
        let mut packed = plain.clone();
        if self.deflated {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(7));
            encoder.write_all(&plain).unwrap();
            packed = encoder.finish().unwrap();
        }
        Part { name: self.name.clone(), plain, packed, deflated: self.deflated }
    }
}

/// The files of a package as they lie there.
pub fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let small = |from: usize| usize::from(u16::from_le_bytes(bytes[at + from..at + from + 2].try_into().unwrap()));
        let (length, name, deflated) = (small(18) | small(20) << 16, small(26), small(8) != 0);
        let from = at + 30 + name;
        let packed = bytes[from..from + length].to_vec();
        let mut plain = packed.clone();
        if deflated {
            plain.clear();
            DeflateDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
        }
        let name = String::from_utf8(bytes[at + 30..from].to_vec()).unwrap();
        parts.push(Part { name, plain, packed, deflated });
        at = from + length;
    }
    parts
}

/// A package in the regular form: what somebody would make who has changed a file.
pub fn package(parts: &[Part]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let mut crc = Crc::new();
        crc.update(&part.plain);
        let mut header = vec![20, 0, 0, 0, if part.deflated { 8 } else { 0 }, 0, 0, 0, 0x21, 0];
        header.extend(crc.sum().to_le_bytes());
        header.extend(u32::try_from(part.packed.len()).unwrap().to_le_bytes());
        header.extend(u32::try_from(part.plain.len()).unwrap().to_le_bytes());
        header.extend(u16::try_from(part.name.len()).unwrap().to_le_bytes());
        header.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(u32::try_from(out.len()).unwrap().to_le_bytes());
        directory.extend(part.name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(header);
        out.extend(part.name.as_bytes());
        out.extend(&part.packed);
    }
    let offset = u32::try_from(out.len()).unwrap().to_le_bytes();
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.iter().chain(&count));
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(offset);
    out.extend([0, 0]);
    out
}

/// The files of a package by name, unpacked.
pub fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    parts(bytes).into_iter().map(|part| (part.name, part.plain)).collect()
}

/// A package in the regular form, nothing compressed.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    package(&files.iter().map(|(name, bytes)| Part::stored(name, bytes)).collect::<Vec<_>>())
}
