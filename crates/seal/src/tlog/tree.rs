//! Roots and proofs of RFC 6962 §2.1 over the hashes that tiles hold.
//!
//! Proofs are made from [`Tiles`], a set of tiles at hand. What is missing is noted and not an error: the caller fetches it, from a
//! database or over the network, and asks again.

use std::collections::{BTreeMap, BTreeSet};

use domain::merkle::{Hash, empty, node, split};

use super::TlogError;
use super::tile::{HEIGHT, Place, WIDTH};

/// Tiles at hand, and those that were missed.
#[derive(Debug, Default)]
pub struct Tiles {
    have: BTreeMap<Place, Vec<Hash>>,
    missed: BTreeSet<Place>,
}

impl Tiles {
    /// No tiles.
    pub fn new() -> Tiles {
        Tiles::default()
    }

    /// Adds a tile: as many hashes as there are.
    pub fn put(&mut self, place: Place, hashes: Vec<Hash>) {
        self.missed.remove(&place);
        self.have.insert(place, hashes);
    }

    /// What was asked for and was not there since the last call.
    pub fn missed(&mut self) -> Vec<Place> {
        std::mem::take(&mut self.missed).into_iter().collect()
    }

    /// The hash of the perfect subtree of 2^`level` leaves that is the `index`-th of its size.
    fn perfect(&mut self, level: u32, index: u64) -> Hash {
        let within = level % HEIGHT;
        let first = index << within;
        let place = Place { level: u8::try_from(level / HEIGHT).unwrap_or(u8::MAX), index: first / WIDTH };
        let (from, count) = ((first % WIDTH) as usize, 1_usize << within);
        let found = self.have.get(&place).and_then(|tile| tile.get(from..from + count)).map(<[Hash]>::to_vec);
        match found {
            Some(hashes) => fold(hashes),
            None => {
                self.missed.insert(place);
                [0; 32]
            }
        }
    }

    /// The hash over the leaves from `from` to before `to`; both ends as RFC 6962 divides trees.
    fn range(&mut self, from: u64, to: u64) -> Hash {
        let count = to - from;
        if count.is_power_of_two() && from.is_multiple_of(count) {
            let level = count.trailing_zeros();
            return self.perfect(level, from >> level);
        }
        let middle = from + split(count);
        let (left, right) = (self.range(from, middle), self.range(middle, to));
        node(&left, &right)
    }

    /// The root over the first `size` leaves; `None` while tiles are missing.
    pub fn root(&mut self, size: u64) -> Option<Hash> {
        if size == 0 {
            return Some(empty());
        }
        let root = self.range(0, size);
        self.missed.is_empty().then_some(root)
    }

    /// The inclusion proof of the leaf `index` in the tree of `size`, from the leaf's sibling upwards; `None` while tiles are
    /// missing, or beyond the tree.
    pub fn inclusion(&mut self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size {
            return None;
        }
        let (mut from, mut to, mut path) = (0, size, Vec::new());
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.range(middle, to));
                to = middle;
            } else {
                path.push(self.range(from, middle));
                from = middle;
            }
        }
        path.reverse();
        self.missed.is_empty().then_some(path)
    }

    /// The consistency proof from the tree of `old` to that of `new`; empty from nothing and to itself. `None` while tiles are
    /// missing, or backwards.
    pub fn consistency(&mut self, old: u64, new: u64) -> Option<Vec<Hash>> {
        if old > new {
            return None;
        }
        if old == 0 || old == new {
            return Some(Vec::new());
        }
        let (mut from, mut to, mut whole, mut path) = (0, new, true, Vec::new());
        while old != to {
            let middle = from + split(to - from);
            if old <= middle {
                path.push(self.range(middle, to));
                to = middle;
            } else {
                path.push(self.range(from, middle));
                from = middle;
                whole = false;
            }
        }
        if !whole {
            path.push(self.range(from, to));
        }
        path.reverse();
        self.missed.is_empty().then_some(path)
    }
}

/// The root of a perfect tree over these hashes.
pub(super) fn fold(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes.chunks(2).filter_map(|pair| Some(node(pair.first()?, pair.get(1)?))).collect();
    }
    hashes.first().copied().unwrap_or_else(empty)
}

/// The root over hashes of leaves, however many.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split(many.len() as u64) as usize);
            node(&root_of(left), &root_of(right))
        }
    }
}

/// Verifies an inclusion proof (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), TlogError> {
    if index >= size {
        return Err(TlogError::NotProved);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(TlogError::NotProved);
        }
        if at % 2 == 1 || at == last {
            hash = node(sibling, &hash);
            while at.is_multiple_of(2) && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(TlogError::NotProved) }
}

/// Verifies a consistency proof between two trees, each by size and root (RFC 9162 §2.1.4.2). From nothing every tree is consistent.
pub fn verify_consistency(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> Result<(), TlogError> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    let proved = |yes: bool| if yes { Ok(()) } else { Err(TlogError::NotProved) };
    if old_size == 0 {
        return proved(path.is_empty() && *old_root == empty());
    }
    if old_size == new_size {
        return proved(path.is_empty() && old_root == new_root);
    }
    if old_size > new_size {
        return Err(TlogError::NotProved);
    }
    let mut rest = path.iter();
    let first = if old_size.is_power_of_two() { Some(old_root) } else { rest.next() };
    let first = first.ok_or(TlogError::NotProved)?;
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at % 2 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (*first, *first);
    for hash in rest {
        if last == 0 {
            return Err(TlogError::NotProved);
        }
        if at % 2 == 1 || at == last {
            of_old = node(hash, &of_old);
            of_new = node(hash, &of_new);
            while at.is_multiple_of(2) && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node(&of_new, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    proved(last == 0 && of_old == *old_root && of_new == *new_root)
}
