//! Takes the instructions for coarse screens out of a TrueType subset: a sixth of its size, and no reader of ours needs them.

use std::collections::BTreeMap;

type Tables = BTreeMap<[u8; 4], Vec<u8>>;

/// Strips the tables; leaves them as they are when they are not those of a TrueType font.
pub(super) fn strip(tables: &mut Tables) {
    if let Some((glyf, loca)) = stripped(tables) {
        tables.insert(*b"glyf", glyf);
        tables.insert(*b"loca", loca);
        for tag in [b"fpgm", b"prep", b"cvt "] {
            tables.remove(tag);
        }
        // indexToLocFormat: offsets of four bytes.
        if let Some(format) = tables.get_mut(b"head").and_then(|head| head.get_mut(50..52)) {
            format.copy_from_slice(&[0, 1]);
        }
    }
}

fn stripped(tables: &Tables) -> Option<(Vec<u8>, Vec<u8>)> {
    let (glyf, loca) = (tables.get(b"glyf")?, tables.get(b"loca")?);
    let long = tables.get(b"head")?.get(50..52)? == [0, 1];
    let offsets: Vec<usize> = match long {
        true => loca.chunks_exact(4).map(|b| b.iter().fold(0, |n, d| n << 8 | usize::from(*d))).collect(),
        false => loca.chunks_exact(2).map(|b| 2 * b.iter().fold(0, |n, d| n << 8 | usize::from(*d))).collect(),
    };
    let (mut out, mut places) = (Vec::new(), vec![0_usize]);
    for pair in offsets.windows(2) {
        let [from, to] = pair else { return None };
        out.extend(glyph(glyf.get(*from..*to)?)?);
        out.resize(out.len().next_multiple_of(4), 0);
        places.push(out.len());
    }
    let loca = places.iter().flat_map(|place| u32::try_from(*place).unwrap_or(u32::MAX).to_be_bytes()).collect();
    Some((out, loca))
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2).map(|b| b.iter().fold(0, |n, d| n << 8 | usize::from(*d)))
}

/// A glyph without its instructions.
fn glyph(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let contours = be16(bytes, 0)?;
    if contours >= 0x8000 {
        return composite(bytes);
    }
    // Header, the last point of each contour, then the length of the instructions.
    let at = 10 + 2 * contours;
    let length = be16(bytes, at)?;
    let mut out = bytes.get(..at)?.to_vec();
    out.extend([0, 0]);
    out.extend(bytes.get(at + 2 + length..)?);
    Some(out)
}

/// A glyph made of others: the flag that instructions follow is cleared, and what follows is cut off.
fn composite(bytes: &[u8]) -> Option<Vec<u8>> {
    const WORDS: usize = 0x1;
    const SCALE: usize = 0x8;
    const MORE: usize = 0x20;
    const TWO_SCALES: usize = 0x40;
    const MATRIX: usize = 0x80;
    const INSTRUCTIONS: usize = 0x100;
    let mut out = bytes.to_vec();
    let mut at = 10;
    loop {
        let flags = be16(bytes, at)?;
        let plain = u16::try_from(flags & !INSTRUCTIONS).ok()?;
        out.get_mut(at..at + 2)?.copy_from_slice(&plain.to_be_bytes());
        at += 4 + if flags & WORDS == 0 { 2 } else { 4 };
        at += match flags & (SCALE | TWO_SCALES | MATRIX) {
            0 => 0,
            SCALE => 2,
            TWO_SCALES => 4,
            _ => 8,
        };
        if flags & MORE == 0 {
            out.truncate(at);
            return Some(out);
        }
    }
}
