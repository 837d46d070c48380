//! Tiles (c2sp.org/tlog-tiles): the hashes of a tree as static files of 256 each, and entries in bundles of 256.

use domain::merkle::Hash;

use super::{decimal, tree};

/// Height of a tile.
pub(super) const HEIGHT: u32 = 8;
/// Hashes, or entries, in a full tile.
pub const WIDTH: u64 = 256;
/// Longest entry, in bytes: its length is written in two bytes.
pub const MAX_ENTRY_BYTES: usize = 65_535;
/// Levels that a tree of 2⁶³ leaves has.
const LEVELS: u8 = 8;

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// 0 = hashes of leaves; above, each hash is that of a full tile of the level below.
    pub level: u8,
    /// Which of its level.
    pub index: u64,
}

/// How many hashes the tile of a tree of `size` leaves holds: 0 to 256.
pub fn width(place: Place, size: u64) -> u64 {
    let hashes = size.checked_shr(HEIGHT * u32::from(place.level)).unwrap_or(0);
    hashes.saturating_sub(place.index.saturating_mul(WIDTH)).min(WIDTH)
}

/// All tiles of a tree of `size` leaves with their widths, lowest level first.
pub fn all(size: u64) -> Vec<(Place, u64)> {
    let mut found = Vec::new();
    for level in 0..=LEVELS {
        let hashes = size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
        let tiles = (0..hashes.div_ceil(WIDTH)).map(|index| Place { level, index });
        found.extend(tiles.map(|place| (place, width(place, size))));
    }
    found
}

/// What is asked for below `tile/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Hashes, this many.
    Hashes(Place, u64),
    /// The entries of the bundle of this number, this many.
    Entries(u64, u64),
}

/// A number as three-digit parts: 1234067 is `x001/x234/067`.
fn path_of(index: u64) -> String {
    let mut parts = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    parts.reverse();
    parts.join("/")
}

impl Wanted {
    /// The path below `tile/`.
    pub fn path(self) -> String {
        let (start, index, width) = match self {
            Wanted::Hashes(place, width) => (place.level.to_string(), place.index, width),
            Wanted::Entries(index, width) => ("entries".to_owned(), index, width),
        };
        let partial = if width < WIDTH { format!(".p/{width}") } else { String::new() };
        format!("{start}/{}{partial}", path_of(index))
    }

    /// Reads the path below `tile/`; every other form of the same is refused.
    pub fn parse(path: &str) -> Option<Wanted> {
        let (start, rest) = path.split_once('/')?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, decimal(width).filter(|width| (1..WIDTH).contains(width))?),
            None => (rest, WIDTH),
        };
        let mut index: u64 = 0;
        for part in number.split('/') {
            let digits = part.strip_prefix('x').unwrap_or(part);
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let wanted = match start {
            "entries" => Wanted::Entries(index, width),
            level => {
                let level = u8::try_from(decimal(level)?).ok().filter(|level| *level < 64)?;
                Wanted::Hashes(Place { level, index }, width)
            }
        };
        (wanted.path() == path).then_some(wanted)
    }
}

/// The bytes of a tile.
pub fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// Reads the bytes of a tile.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() as u64 <= WIDTH).then(|| hashes.to_vec())
}

/// The bytes of a bundle of entries, each of at most [`MAX_ENTRY_BYTES`].
pub fn bundle<'e>(entries: impl IntoIterator<Item = &'e [u8]>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for entry in entries {
        out.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Some(out)
}

/// Reads a bundle.
pub fn entries(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        found.push(entry);
        bytes = rest;
    }
    (found.len() as u64 <= WIDTH).then_some(found)
}

/// The right edge of a growing tree: the tiles that are not full yet.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The tiles that [`Edge::resume`] needs for a tree of this size: of each level the last one, if it is partial.
    pub fn needs(size: u64) -> Vec<Place> {
        let partial = |level: u8| {
            let hashes = size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
            (!hashes.is_multiple_of(WIDTH)).then_some(Place { level, index: hashes / WIDTH })
        };
        (0..=LEVELS).filter_map(partial).collect()
    }

    /// The edge of a tree of `size`, from its partial tiles; `None` if one is missing or too short.
    pub fn resume(size: u64, mut tile: impl FnMut(Place) -> Option<Vec<Hash>>) -> Option<Edge> {
        let mut levels = vec![Vec::new(); usize::from(LEVELS) + 1];
        for place in Edge::needs(size) {
            let mut hashes = tile(place)?;
            let wanted = usize::try_from(width(place, size)).ok()?;
            if hashes.len() < wanted {
                return None;
            }
            hashes.truncate(wanted);
            *levels.get_mut(usize::from(place.level))? = hashes;
        }
        Some(Edge { size, levels })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of a leaf; answers the tiles that became full by it.
    pub fn push(&mut self, leaf: Hash) -> Vec<(Place, Vec<Hash>)> {
        let mut full = Vec::new();
        let (mut hash, mut level) = (leaf, 0_u8);
        self.size += 1;
        loop {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.resize(at + 1, Vec::new());
            }
            let Some(tile) = self.levels.get_mut(at) else { return full };
            tile.push(hash);
            if (tile.len() as u64) < WIDTH {
                return full;
            }
            let hashes = std::mem::take(tile);
            hash = tree::fold(hashes.clone());
            let index = (self.size >> (HEIGHT * u32::from(level))) / WIDTH - 1;
            full.push((Place { level, index }, hashes));
            level += 1;
        }
    }

    /// The tiles that are not full and not empty.
    pub fn partial(&self) -> Vec<(Place, Vec<Hash>)> {
        let of = |place: Place| Some((place, self.levels.get(usize::from(place.level))?.clone()));
        Edge::needs(self.size).into_iter().filter_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_the_specification_gives_them() {
        let place = |level, index| Place { level, index };
        for (wanted, path) in [
            (Wanted::Hashes(place(0, 1_234_067), WIDTH), "0/x001/x234/067"),
            (Wanted::Hashes(place(0, 0), WIDTH), "0/000"),
            (Wanted::Hashes(place(1, 0), 17), "1/000.p/17"),
            (Wanted::Entries(273, 112), "entries/273.p/112"),
            (Wanted::Entries(1000, WIDTH), "entries/x001/000"),
        ] {
            assert_eq!(wanted.path(), path);
            assert_eq!(Wanted::parse(path), Some(wanted));
        }
        for bad in [
            "",
            "0",
            "0/",
            "0/1",
            "00/000",
            "64/000",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/x000/001",
            "0/001/002",
            "x/000",
            "0/+01",
        ] {
            assert_eq!(Wanted::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_of_the_specification() {
        let tiles = all(70_000);
        let of =
            |level| tiles.iter().filter(|(place, _)| place.level == level).map(|(_, width)| *width).collect::<Vec<_>>();
        assert_eq!((of(0).len(), of(0)[273]), (274, 112));
        assert_eq!((of(1).len(), of(1)[1]), (2, 17));
        assert_eq!((of(2), of(3)), (vec![1], vec![]));
        assert_eq!(all(256).iter().map(|(place, width)| (place.level, *width)).collect::<Vec<_>>(), [(0, 256), (1, 1)]);
        assert!(all(0).is_empty());
    }

    #[test]
    fn bundles_survive() {
        let bytes = bundle([&b"one"[..], b"", b"three"]).unwrap();
        assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
        assert_eq!(entries(&bytes).unwrap(), [&b"one"[..], b"", b"three"]);
        assert!(entries(&bytes[..bytes.len() - 1]).is_none() && entries(&[0]).is_none());
        assert!(bundle([&vec![0; 65_536][..]]).is_none());
    }
}
