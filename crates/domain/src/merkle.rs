//! The Merkle tree hash of RFC 6962 §2.1 with SHA-256: what the journal's checkpoints and the public log of licences share.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Hash of a leaf: SHA-256(0x00 ‖ what the leaf holds).
pub fn leaf(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of a tree without leaves: SHA-256 of nothing.
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// Where a tree over `leaves` (two or more) is divided: the largest power of two below their number.
pub fn split(leaves: u64) -> u64 {
    1 << (u64::BITS - 1 - leaves.saturating_sub(1).max(1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_divided_at_the_largest_power_below() {
        let at: Vec<u64> = [2, 3, 4, 5, 8, 9, 256, 257].into_iter().map(split).collect();
        assert_eq!(at, [1, 2, 2, 4, 4, 8, 128, 256]);
    }

    #[test]
    fn known_answers() {
        assert_eq!(hex::encode(empty()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex::encode(leaf(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        let two = node(&leaf(b""), &leaf(&[0]));
        assert_eq!(hex::encode(two), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    }
}
