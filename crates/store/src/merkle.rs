//! The Merkle tree hash of RFC 6962 §2.1 over the fact hashes of a region, kept as a row of peaks.
//!
//! Leaf: SHA-256(0x00 ‖ fact hash). Node: SHA-256(0x01 ‖ left ‖ right). The tree over n leaves splits at the largest power of
//! two below n, so it is the fold, from the right, of the perfect subtrees that the binary digits of n name. Keeping those peaks
//! makes the next root cost only the new facts.

use crate::chain::Hash;
use crate::error::StoreError;
use domain::merkle::{empty, leaf, node};

/// The perfect subtrees over the first `size` leaves, largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Peaks {
    size: u64,
    peaks: Vec<Hash>,
}

impl Peaks {
    /// Number of leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf.
    pub(crate) fn push(&mut self, data: &[u8]) {
        let mut hash: Hash = leaf(data);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; of no leaves it is SHA-256 of nothing.
    pub(crate) fn root(&self) -> Hash {
        let mut right_to_left = self.peaks.iter().rev();
        match right_to_left.next() {
            None => empty(),
            Some(last) => right_to_left.fold(*last, |right, left| node(left, &right)),
        }
    }

    /// All peaks, one after another.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// Reads what [`Peaks::to_bytes`] wrote for `size` leaves.
    pub(crate) fn from_bytes(size: i64, bytes: &[u8]) -> Result<Peaks, StoreError> {
        let broken = || StoreError::Shape(format!("the stored checkpoint at position {size} is damaged"));
        let size = u64::try_from(size).map_err(|_| broken())?;
        let (peaks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || u64::from(size.count_ones()) != peaks.len() as u64 {
            return Err(broken());
        }
        Ok(Peaks { size, peaks: peaks.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// The recursive definition of RFC 6962, to compare with.
    fn reference(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => Sha256::new().chain_update([0]).chain_update(one).finalize().into(),
            many => {
                let split = many.len().next_power_of_two() / 2;
                node(&reference(&many[..split]), &reference(&many[split..]))
            }
        }
    }

    #[test]
    fn peaks_agree_with_the_definition_and_survive_storage() {
        let leaves: Vec<Vec<u8>> = (0u8..70).map(|n| vec![n; 3]).collect();
        let mut peaks = Peaks::default();
        for n in 0..leaves.len() {
            assert_eq!(peaks.root(), reference(&leaves[..n]), "{n} leaves");
            let size = i64::try_from(peaks.size()).unwrap();
            peaks = Peaks::from_bytes(size, &peaks.to_bytes()).unwrap();
            peaks.push(&leaves[n]);
        }
        assert!(Peaks::from_bytes(3, &[0; 32]).is_err());
    }

    #[test]
    fn known_vectors_of_certificate_transparency() {
        // From the reference tests of certificate-transparency: leaves "", 00, 10.
        let mut peaks = Peaks::default();
        peaks.push(b"");
        assert_eq!(hex::encode(peaks.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        peaks.push(&[0]);
        assert_eq!(hex::encode(peaks.root()), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        peaks.push(&[0x10]);
        assert_eq!(hex::encode(peaks.root()), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    }
}
