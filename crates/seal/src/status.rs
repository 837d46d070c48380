//! Status lists 状态清单: whether licences still count, published as one signed file for many licences, so that asking about one
//! tells nobody which one was asked about.

mod compact;

pub use compact::{CompactList, open_compact, sign_compact};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cert::Certificate;
use crate::digest::sha256;
use crate::key::Signer;
use crate::report::{CheckName, Report};
use crate::signed::{self, Body, Issuer, Moment, SealError, rfc3339};

/// The value of the member `format`.
pub const FORMAT: &str = "yichuang.status-list.1";

/// Places in a list. Many, so that a licence hides among others even when few were issued.
pub const LIST_SIZE: u32 = 131_072;

const BYTES: usize = LIST_SIZE as usize / 4;

/// The state of a licence: two bits. A place that no licence holds reads as [`Status::Valid`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// 有效.
    Valid,
    /// 暂扣: may become valid again.
    Suspended,
    /// 注销、撤销、吊销: never again.
    Ended,
    /// 已换发: a newer version of it counts.
    Superseded,
}

impl Status {
    fn bits(self) -> u8 {
        match self {
            Status::Valid => 0,
            Status::Suspended => 1,
            Status::Ended => 2,
            Status::Superseded => 3,
        }
    }

    fn of_bits(bits: u8) -> Status {
        match bits & 3 {
            0 => Status::Valid,
            1 => Status::Suspended,
            2 => Status::Ended,
            _ => Status::Superseded,
        }
    }
}

/// The states of one list in memory: 32 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusBits(Vec<u8>);

impl Default for StatusBits {
    fn default() -> StatusBits {
        StatusBits(vec![0; BYTES])
    }
}

impl StatusBits {
    /// A list in which everything is valid.
    pub fn new() -> StatusBits {
        StatusBits::default()
    }

    /// The state at a place; `None` beyond [`LIST_SIZE`].
    pub fn get(&self, index: u32) -> Option<Status> {
        let byte = self.0.get(index as usize / 4)?;
        Some(Status::of_bits(byte >> (2 * (index % 4))))
    }

    /// Sets the state at a place; false beyond [`LIST_SIZE`].
    pub fn set(&mut self, index: u32, status: Status) -> bool {
        let Some(byte) = self.0.get_mut(index as usize / 4) else { return false };
        let shift = 2 * (index % 4);
        *byte = (*byte & !(3 << shift)) | (status.bits() << shift);
        true
    }

    fn encode(&self) -> String {
        STANDARD.encode(&self.0)
    }

    fn decode(text: &str) -> Option<StatusBits> {
        STANDARD.decode(text).ok().filter(|bytes| bytes.len() == BYTES).map(StatusBits)
    }
}

/// The place of the `n`-th licence of a list, counted from 0: a permutation of all places that the list's secret decides. So no
/// two licences get the same place although nobody looks, and places next to each other belong to unrelated licences.
/// `None` beyond [`LIST_SIZE`].
pub fn place(secret: &[u8; 16], n: u32) -> Option<u32> {
    if n >= LIST_SIZE {
        return None;
    }
    // A Feistel network permutes 2¹⁸ numbers; walking on until the number lies below 2¹⁷ makes it a permutation of those.
    let mut at = shuffle(secret, n);
    while at >= LIST_SIZE {
        at = shuffle(secret, at);
    }
    Some(at)
}

fn shuffle(secret: &[u8; 16], n: u32) -> u32 {
    const HALF: u32 = (1 << 9) - 1;
    let (mut left, mut right) = (n >> 9, n & HALF);
    for round in 0..6_u8 {
        let input = [&secret[..], &[round], &right.to_be_bytes()].concat();
        let [high, low, ..] = sha256(&input);
        (left, right) = (right, left ^ (u32::from_be_bytes([0, 0, high, low]) & HALF));
    }
    left << 9 | right
}

/// A status list as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusListData {
    /// Its id, as licences name it.
    pub id: String,
    /// The bureau.
    pub issuer: Issuer,
    /// As of when it is right.
    #[serde(with = "rfc3339")]
    pub issued_at: Timestamp,
    /// Until when it may be relied on; a newer one is published before.
    #[serde(with = "rfc3339")]
    pub next_update: Timestamp,
    /// Base64 of [`LIST_SIZE`] pairs of bits, the lowest pair of a byte first.
    pub bits: String,
}

impl StatusListData {
    /// Writes a list down.
    pub fn new(id: &str, issuer: Issuer, issued_at: Timestamp, next_update: Timestamp, bits: &StatusBits) -> Self {
        StatusListData { id: id.to_owned(), issuer, issued_at, next_update, bits: bits.encode() }
    }

    /// The states; `None` if they are not [`LIST_SIZE`] pairs.
    pub fn states(&self) -> Option<StatusBits> {
        StatusBits::decode(&self.bits)
    }
}

/// The members of a status list file beside `signature`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusListFile {
    /// [`FORMAT`].
    pub format: String,
    /// The data.
    pub status_list: StatusListData,
}

impl Body for StatusListFile {
    const FORMAT: &'static str = FORMAT;

    fn format(&self) -> &str {
        &self.format
    }

    fn issuer(&self) -> &Issuer {
        &self.status_list.issuer
    }
}

/// Signs a status list at the instant it names as `issued_at`.
pub fn sign_status_list(data: &StatusListData, signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
    if data.states().is_none() || data.next_update <= data.issued_at {
        return Err(SealError::Refused("the status list has the wrong length or no time"));
    }
    let file = StatusListFile { format: FORMAT.to_owned(), status_list: data.clone() };
    signed::sign(&file, signer, data.issued_at)
}

/// Verifies a status list; it must also be recent enough (`now` ≤ `next_update`).
pub fn verify_status_list(bytes: &[u8], roots: &[Certificate], at: impl Into<Moment>) -> Report<StatusListFile> {
    let at = at.into();
    let (mut checks, opened) = signed::open::<StatusListFile>(bytes, roots, at);
    match &opened {
        None => checks.fail_unmade(&[CheckName::Fresh]),
        Some(opened) => checks.add_text(CheckName::Fresh, fresh(&opened.body.status_list, at.now)),
    }
    checks.report(opened.map(|opened| opened.body))
}

fn fresh(list: &StatusListData, now: Timestamp) -> Result<Text, Text> {
    let until = list.next_update;
    if list.states().is_none() {
        Err(Text::new("状态清单长度不对", "the status list has the wrong length"))
    } else if now <= until {
        Ok(Text::new(format!("状态清单有效至 {until}"), format!("the status list counts until {until}")))
    } else {
        Err(Text::new(format!("状态清单已于 {until} 过期"), format!("the status list ran out at {until}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_do_not_disturb_each_other() {
        let mut bits = StatusBits::new();
        assert!(bits.set(0, Status::Ended) && bits.set(1, Status::Suspended) && bits.set(3, Status::Superseded));
        let states: Vec<_> = (0..5).filter_map(|index| bits.get(index)).collect();
        assert_eq!(states, [Status::Ended, Status::Suspended, Status::Valid, Status::Superseded, Status::Valid]);
        assert!(bits.set(0, Status::Valid));
        assert_eq!((bits.get(0), bits.get(1)), (Some(Status::Valid), Some(Status::Suspended)));
        assert!(!bits.set(LIST_SIZE, Status::Ended));
        assert_eq!(bits.get(LIST_SIZE), None);
        assert_eq!(StatusBits::decode(&bits.encode()), Some(bits));
    }

    #[test]
    fn every_licence_of_a_list_has_a_place_of_its_own() {
        let secrets = [[0; 16], *b"0123456789abcdef"];
        for secret in &secrets {
            let mut taken = vec![false; LIST_SIZE as usize];
            for n in 0..LIST_SIZE {
                let at = place(secret, n).unwrap();
                assert!(!std::mem::replace(&mut taken[at as usize], true), "place {at} twice");
            }
            assert_eq!(place(secret, LIST_SIZE), None);
        }
        let first = |secret: &[u8; 16]| -> Vec<_> { (0..8).map(|n| place(secret, n)).collect() };
        assert_ne!(first(&secrets[0]), first(&secrets[1]));
    }
}
