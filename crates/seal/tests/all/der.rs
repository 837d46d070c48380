//! Just enough DER to look into files as an outsider does.

use std::ops::Range;

/// Length of a value's tag and length, and of what is inside.
fn head(bytes: &[u8]) -> (usize, usize) {
    match bytes[1] {
        short @ 0..0x80 => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            (2 + count, bytes[2..2 + count].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        }
    }
}

/// The first value alone, without what follows it.
pub fn first(bytes: &[u8]) -> &[u8] {
    let (head, length) = head(bytes);
    &bytes[..head + length]
}

/// The members of a DER value, each with its tag and length.
pub fn members(der: &[u8]) -> Vec<&[u8]> {
    let mut rest = &der[head(der).0..];
    let mut found = Vec::new();
    while !rest.is_empty() {
        let member = first(rest);
        found.push(member);
        rest = &rest[member.len()..];
    }
    found
}

/// What is inside of a value, or of a BIT STRING of whole bytes.
pub fn inside(der: &[u8]) -> &[u8] {
    let from = head(der).0;
    if der[0] == 3 { &der[from + 1..] } else { &der[from..] }
}

/// Where a part lies in the bytes that it was taken from.
pub fn place(whole: &[u8], part: &[u8]) -> Range<usize> {
    let from = part.as_ptr() as usize - whole.as_ptr() as usize;
    from..from + part.len()
}
