//! Long-term data (PAdES B-LT, ETSI EN 319 142-1 §5.4): a last update of a signed PDF with everything that a reader needs to validate
//! the signature when nobody answers any more: all certificates up to the roots, and the revocation lists of their authorities.
//!
//! The update lies behind what the signature covers. So it has one form: it is read, written again and compared, and nothing is in it
//! but certificates that belong to the signature and lists that their authorities signed.

use super::update::{Base, Writer};

/// What a last update holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LongTerm {
    /// DER.
    pub certificates: Vec<Vec<u8>>,
    /// DER.
    pub lists: Vec<Vec<u8>>,
}

const MARK: &[u8] = b"<</Type/DSS";
const STREAM: &[u8] = b">>\nstream\n";

/// Adds the update to a signed file of ours; `None` when it is none.
pub(super) fn append(signed: &[u8], data: &LongTerm) -> Option<Vec<u8>> {
    let base = Base::read(signed)?;
    let catalogue = base.latest(base.root)?;
    if catalogue.contains("/DSS") {
        return None;
    }
    let mut writer = Writer::behind(signed.to_vec());
    let mut id = base.size;
    let mut streams = |contents: &[Vec<u8>]| {
        let mut names = Vec::new();
        for content in contents {
            let head = format!("<</Length {}>>\nstream\n", content.len());
            writer.object(id, &[head.as_bytes(), content, b"\nendstream"].concat());
            names.push(format!("{id} 0 R"));
            id += 1;
        }
        names.join(" ")
    };
    let (certificates, lists) = (streams(&data.certificates), streams(&data.lists));
    let mark = String::from_utf8_lossy(MARK).into_owned();
    writer.object(id, format!("{mark}/Certs[{certificates}]/CRLs[{lists}]>>").as_bytes());
    writer.object(base.root, format!("{catalogue}/DSS {id} 0 R>>").as_bytes());
    Some(writer.finish(&base, id + 1))
}

/// Reads the update behind the first `covered` bytes; anything that is not byte for byte what would be written is none.
pub(super) fn read(bytes: &[u8], covered: usize) -> Option<LongTerm> {
    let (signed, mut rest) = bytes.split_at_checked(covered)?;
    let count = |word: &str, text: &str| Some(text.split_once(word)?.1.split_once(']')?.0.matches(" 0 R").count());
    let at = rest.windows(MARK.len()).rposition(|window| window == MARK)?;
    let dictionary = String::from_utf8_lossy(rest.get(at..)?.get(..4096.min(rest.len() - at))?).into_owned();
    let (own, listed) = (count("/Certs[", &dictionary)?, count("/CRLs[", &dictionary)?);
    let mut contents = Vec::new();
    for _ in 0..own + listed {
        let from = rest.windows(9).position(|window| window == b"<</Length")? + 9;
        let head = rest.get(from..)?;
        let digits = head.windows(STREAM.len()).position(|window| window == STREAM)?;
        let length: usize = std::str::from_utf8(head.get(..digits)?).ok()?.trim().parse().ok()?;
        let start = from + digits + STREAM.len();
        contents.push(rest.get(start..start.checked_add(length)?)?.to_vec());
        rest = rest.get(start + length..)?;
    }
    let lists = contents.split_off(own);
    let data = LongTerm { certificates: contents, lists };
    (append(signed, &data)? == bytes).then_some(data)
}
