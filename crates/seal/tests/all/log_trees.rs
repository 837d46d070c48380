//! Trees, proofs and tiles of the public log, against known answers and against the definition of RFC 6962.

use std::collections::BTreeMap;

use domain::merkle::{Hash, leaf};
use proptest::prelude::*;
use seal::tlog::checkpoint::Checkpoint;
use seal::tlog::note::{NoteSigner, Use};
use seal::tlog::tile::{self, Edge, Place};
use seal::tlog::tree::{Tiles, root_of, verify_consistency, verify_inclusion};
use seal::tlog::witness::{AddCheckpoint, Refused, Seen};

/// The leaves of the reference tests of Certificate Transparency.
fn reference() -> Vec<Hash> {
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        .map(|leaf_hex| leaf(&hex::decode(leaf_hex).unwrap()))
        .to_vec()
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf(format!("entry {n}").as_bytes())).collect()
}

/// The tree as tiles, grown leaf by leaf and resumed in between, as a log grows.
fn grown(leaves: &[Hash], resume_every: usize) -> BTreeMap<Place, Vec<Hash>> {
    let mut kept: BTreeMap<Place, Vec<Hash>> = BTreeMap::new();
    let mut edge = Edge::default();
    for (n, hash) in leaves.iter().enumerate() {
        kept.extend(edge.push(*hash));
        if n % resume_every == 0 {
            kept.extend(edge.partial());
            edge = Edge::resume(edge.size(), |place| kept.get(&place).cloned()).unwrap();
        }
    }
    kept.extend(edge.partial());
    kept
}

/// Proofs from tiles, fetching what is missing as a client does: few tiles, cut to the tree's size.
fn ask<T>(kept: &BTreeMap<Place, Vec<Hash>>, size: u64, mut what: impl FnMut(&mut Tiles) -> Option<T>) -> T {
    let mut tiles = Tiles::new();
    for _ in 0..4 {
        if let Some(answer) = what(&mut tiles) {
            return answer;
        }
        for place in tiles.missed() {
            let width = usize::try_from(tile::width(place, size)).unwrap();
            assert!(width > 0, "{place:?} is no tile of a tree of {size}");
            tiles.put(place, kept[&place][..width].to_vec());
        }
    }
    panic!("it goes on missing tiles");
}

#[test]
fn roots_and_proofs_of_certificate_transparency() {
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let all = reference();
    let kept = grown(&all, 1);
    for (n, root) in roots.iter().enumerate() {
        let size = n as u64 + 1;
        assert_eq!(hex::encode(root_of(&all[..=n])), *root, "size {size}");
        assert_eq!(hex::encode(ask(&kept, 8, |tiles| tiles.root(size))), *root, "size {size} from tiles");
    }
    let path =
        |index, size| ask(&kept, 8, |tiles| tiles.inclusion(index, size)).iter().map(hex::encode).collect::<Vec<_>>();
    assert_eq!(
        path(0, 8),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(path(2, 3), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
    let steps =
        |old, new| ask(&kept, 8, |tiles| tiles.consistency(old, new)).iter().map(hex::encode).collect::<Vec<_>>();
    assert_eq!(
        steps(6, 8),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        steps(1, 8),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
}

#[test]
fn every_size_up_to_600_has_its_root_in_tiles_and_proves_its_last_entry() {
    let all = leaves(600);
    let kept = grown(&all, 7);
    for size in 1..=600_u64 {
        let root = root_of(&all[..usize::try_from(size).unwrap()]);
        assert_eq!(ask(&kept, 600, |tiles| tiles.root(size)), root, "size {size}");
        let index = size - 1;
        let path = ask(&kept, 600, |tiles| tiles.inclusion(index, size));
        verify_inclusion(&all[usize::try_from(index).unwrap()], index, size, &path, &root).unwrap();
        let steps = ask(&kept, 600, |tiles| tiles.consistency(size, 600));
        verify_consistency((size, &root), (600, &root_of(&all)), &steps).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn proofs_hold_for_what_they_are_about_and_for_nothing_else(
        size in 1_u64..600, at in any::<prop::sample::Index>(), before in any::<prop::sample::Index>(), flip in 0_usize..256,
    ) {
        let all = leaves(size);
        let kept = grown(&all, 50);
        let root = root_of(&all);
        let index = at.index(all.len()) as u64;
        let path = ask(&kept, size, |tiles| tiles.inclusion(index, size));
        let own = all[at.index(all.len())];
        prop_assert!(verify_inclusion(&own, index, size, &path, &root).is_ok());
        for (n, other) in all.iter().enumerate().filter(|(n, _)| *n as u64 != index).take(3) {
            prop_assert!(verify_inclusion(other, index, size, &path, &root).is_err(), "{n} in place of {index}");
        }
        let old = before.index(all.len()) as u64 + 1;
        let old_root = root_of(&all[..usize::try_from(old).unwrap()]);
        let steps = ask(&kept, size, |tiles| tiles.consistency(old, size));
        prop_assert!(verify_consistency((old, &old_root), (size, &root), &steps).is_ok());
        let mut forged = old_root;
        forged[flip / 8] ^= 1 << (flip % 8);
        prop_assert!(verify_consistency((old, &forged), (size, &root), &steps).is_err());
        for place in 0..path.len() {
            let mut changed = path.clone();
            changed[place][flip / 8] ^= 1 << (flip % 8);
            prop_assert!(verify_inclusion(&own, index, size, &changed, &root).is_err());
        }
        let longer = [&path[..], &[[0; 32]]].concat();
        prop_assert!(verify_inclusion(&own, index, size, &longer, &root).is_err());
    }
}

#[test]
fn a_witness_countersigns_only_what_continues_what_it_has_seen() {
    let log = NoteSigner::new("example.cn/log", Use::Note, &[5; 32]).unwrap();
    let watched = [log.verifier().clone()];
    let all = leaves(20);
    let kept = grown(&all, 3);
    let head = |leaves: &[Hash]| Checkpoint {
        origin: "example.cn/log".into(),
        size: leaves.len() as u64,
        root: root_of(leaves),
    };
    let request = |old: u64, path: Vec<Hash>, checkpoint: &Checkpoint| AddCheckpoint {
        old,
        path,
        checkpoint: log.sign(&checkpoint.text()).unwrap().to_string(),
    };
    let judge = |request: &AddCheckpoint, seen: Option<Seen>| {
        let read = AddCheckpoint::parse(&request.text())?;
        let (checkpoint, _) = read.signed(&watched)?;
        read.continues(&checkpoint, seen)
    };
    let (eight, twenty) = (head(&all[..8]), head(&all));
    let seen = Some(Seen { size: 8, root: eight.root });
    let steps = ask(&kept, 20, |tiles| tiles.consistency(8, 20));
    assert_eq!(judge(&request(0, vec![], &eight), None), Ok(()));
    assert_eq!(judge(&request(8, steps.clone(), &twenty), seen), Ok(()));
    assert_eq!(judge(&request(8, vec![], &eight), seen), Ok(()), "the same again");
    assert_eq!(judge(&request(0, vec![], &twenty), seen), Err(Refused::Conflict(8)));
    assert_eq!(judge(&request(7, vec![], &twenty), None), Err(Refused::Conflict(0)));
    assert_eq!(judge(&request(30, vec![], &twenty), seen), Err(Refused::Malformed));
    assert_eq!(judge(&request(8, vec![], &twenty), seen), Err(Refused::Inconsistent));
    // A fork: another entry among those that were countersigned, then as many as before, and of the same size.
    let mut forked = all.clone();
    forked[3] = leaf(b"back-dated");
    let fork = grown(&forked, 3);
    let steps = ask(&fork, 20, |tiles| tiles.consistency(8, 20));
    assert_eq!(judge(&request(8, steps, &head(&forked)), seen), Err(Refused::Inconsistent));
    assert_eq!(judge(&request(8, vec![], &head(&forked[..8])), seen), Err(Refused::Conflict(8)));
    // Another log, and another key under the log's name.
    let other = NoteSigner::new("other.cn/log", Use::Note, &[6; 32]).unwrap();
    let text = |signer: &NoteSigner, origin: &str| {
        let checkpoint = Checkpoint { origin: origin.into(), ..eight.clone() };
        AddCheckpoint { old: 0, path: vec![], checkpoint: signer.sign(&checkpoint.text()).unwrap().to_string() }
    };
    assert_eq!(judge(&text(&other, "other.cn/log"), None), Err(Refused::UnknownLog));
    let thief = NoteSigner::new("example.cn/log", Use::Note, &[6; 32]).unwrap();
    assert_eq!(judge(&text(&thief, "example.cn/log"), None), Err(Refused::Unsigned));
    assert_eq!(AddCheckpoint::parse("old 1\n"), Err(Refused::Malformed));
}
