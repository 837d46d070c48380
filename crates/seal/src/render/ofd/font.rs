//! The fonts of a package: subsets with a `cmap` rebuilt, since readers find glyphs by character.

use std::collections::BTreeMap;

use rustybuzz::ttf_parser::{RawFace, Tag};
use subsetter::GlyphRemapper;

use super::hints;
use crate::page::{Fonts, Page, Run, Sheets};

/// A font with the glyphs that a document uses.
#[derive(Debug)]
pub(super) struct Subset {
    /// Index in [`Fonts`].
    pub font: usize,
    /// The file.
    pub bytes: Vec<u8>,
    glyphs: GlyphRemapper,
    map: BTreeMap<u32, u16>,
}

impl Subset {
    /// The number of a glyph in the subset.
    pub(super) fn glyph(&self, old: u16) -> u16 {
        self.glyphs.get(old).unwrap_or_default()
    }

    /// Whether a reader that goes by the characters alone finds the very glyphs of a run.
    pub(super) fn maps(&self, run: &Run) -> bool {
        run.glyphs.len() == run.text.chars().count()
            && run.glyphs.iter().zip(run.text.char_indices()).all(|(glyph, (at, character))| {
                glyph.range.start == at && self.map.get(&u32::from(character)) == Some(&self.glyph(glyph.id))
            })
    }
}

/// The subsets of all fonts that a document uses.
///
/// Errors: a font that cannot be divided.
pub(super) fn subsets(sheets: &Sheets, fonts: &Fonts) -> Result<Vec<Subset>, String> {
    let mut used: BTreeMap<usize, Vec<&Run>> = BTreeMap::new();
    for run in sheets.pages.iter().flat_map(Page::text) {
        used.entry(run.font).or_default().push(run);
    }
    used.into_iter().map(|(font, runs)| subset(fonts, font, &runs)).collect()
}

fn subset(fonts: &Fonts, index: usize, runs: &[&Run]) -> Result<Subset, String> {
    let font = fonts.get(index).ok_or("no such font")?;
    let mut old: Vec<u16> = runs.iter().flat_map(|run| run.glyphs.iter().map(|glyph| glyph.id)).collect();
    old.sort_unstable();
    old.dedup();
    let mut glyphs = GlyphRemapper::new();
    for id in old {
        glyphs.remap(id);
    }
    let bare = subsetter::subset(font.data, 0, &glyphs).map_err(|error| format!("{}: {error}", font.name))?;
    let mut map = BTreeMap::new();
    for character in runs.iter().flat_map(|run| run.text.chars()) {
        if let Some(new) = font.glyph(character).and_then(|id| glyphs.get(id)) {
            map.insert(u32::from(character), new);
        }
    }
    let bytes = complete(&bare, font.data, &map).ok_or_else(|| format!("{}: not a font", font.name))?;
    Ok(Subset { font: index, bytes, glyphs, map })
}

/// Adds to a bare subset what readers of OFD need: `cmap`, `OS/2`, `name` and `post`.
fn complete(bare: &[u8], whole: &[u8], map: &BTreeMap<u32, u16>) -> Option<Vec<u8>> {
    let raw = RawFace::parse(bare, 0).ok()?;
    let original = RawFace::parse(whole, 0).ok()?;
    let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    for record in raw.table_records {
        let tag = record.tag.to_bytes();
        tables.insert(tag, raw.table(Tag::from_bytes(&tag))?.to_vec());
    }
    hints::strip(&mut tables);
    tables.insert(*b"cmap", cmap(map));
    if let Some(os2) = original.table(Tag::from_bytes(b"OS/2")) {
        tables.insert(*b"OS/2", os2.to_vec());
    }
    tables.insert(*b"name", name());
    // Version 3: no names of glyphs.
    let mut post = vec![0, 3, 0, 0];
    post.resize(32, 0);
    tables.insert(*b"post", post);
    let flavour = bare.get(..4)?;
    Some(assemble(flavour, &tables))
}

fn be16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_be_bytes()
}

fn be32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

/// Format 4 for the basic plane, and format 12 for all of Unicode where a character lies beyond.
fn cmap(map: &BTreeMap<u32, u16>) -> Vec<u8> {
    let basic = format_4(map);
    if map.keys().all(|code| u16::try_from(*code).is_ok()) {
        let mut out = vec![0, 0, 0, 1, 0, 3, 0, 1];
        out.extend(be32(12));
        out.extend(basic);
        return out;
    }
    let full = format_12(map);
    let mut out = vec![0, 0, 0, 2, 0, 3, 0, 1];
    out.extend(be32(20));
    out.extend([0, 3, 0, 10]);
    out.extend(be32(20 + basic.len()));
    out.extend(basic);
    out.extend(full);
    out
}

fn format_4(map: &BTreeMap<u32, u16>) -> Vec<u8> {
    let basic = map.iter().filter_map(|(code, glyph)| Some((u16::try_from(*code).ok()?, *glyph)));
    // First code, last code, difference of glyph and code.
    let mut segments: Vec<(u16, u16, u16)> = Vec::new();
    for (code, glyph) in basic.filter(|(code, _)| *code != u16::MAX) {
        let delta = glyph.wrapping_sub(code);
        match segments.last_mut() {
            Some((_, last, same)) if *same == delta && *last + 1 == code => *last = code,
            _ => segments.push((code, code, delta)),
        }
    }
    segments.push((u16::MAX, u16::MAX, 1));
    let count = segments.len();
    let power = usize::BITS - 1 - count.leading_zeros();
    let range = 2 * (1_usize << power);
    let mut out = vec![0, 4];
    out.extend(be16(16 + 8 * count));
    out.extend([0, 0]);
    for value in [2 * count, range, power as usize, 2 * count - range] {
        out.extend(be16(value));
    }
    out.extend(segments.iter().flat_map(|(_, last, _)| last.to_be_bytes()));
    out.extend([0, 0]);
    out.extend(segments.iter().flat_map(|(first, _, _)| first.to_be_bytes()));
    out.extend(segments.iter().flat_map(|(_, _, delta)| delta.to_be_bytes()));
    out.extend(segments.iter().flat_map(|_| [0, 0]));
    out
}

fn format_12(map: &BTreeMap<u32, u16>) -> Vec<u8> {
    let mut groups: Vec<(u32, u32, u32)> = Vec::new();
    for (code, glyph) in map {
        let glyph = u32::from(*glyph);
        match groups.last_mut() {
            Some((first, last, start)) if *last + 1 == *code && *start + (*code - *first) == glyph => *last = *code,
            _ => groups.push((*code, *code, glyph)),
        }
    }
    let mut out = vec![0, 12, 0, 0];
    out.extend(be32(16 + 12 * groups.len()));
    out.extend([0; 4]);
    out.extend(be32(groups.len()));
    for (first, last, glyph) in groups {
        out.extend([first, last, glyph].iter().flat_map(|value| value.to_be_bytes()));
    }
    out
}

/// The name of the font: family, style, full name, PostScript name, for Windows in Unicode.
fn name() -> Vec<u8> {
    let names = [(1_usize, super::FONT_NAME), (2, "Regular"), (4, super::FONT_NAME), (6, super::FONT_NAME)];
    let mut out = vec![0, 0];
    out.extend(be16(names.len()));
    out.extend(be16(6 + 12 * names.len()));
    let mut strings: Vec<u8> = Vec::new();
    for (id, text) in names {
        let encoded: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for value in [3, 1, 0x409, id, encoded.len(), strings.len()] {
            out.extend(be16(value));
        }
        strings.extend(encoded);
    }
    out.extend(strings);
    out
}

fn assemble(flavour: &[u8], tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = tables.len();
    let power = usize::BITS - 1 - count.max(1).leading_zeros();
    let range = 16 * (1_usize << power);
    let mut out = flavour.to_vec();
    for value in [count, range, power as usize, 16 * count - range] {
        out.extend(be16(value));
    }
    let mut offset = 12 + 16 * count;
    let mut body = Vec::new();
    for (tag, table) in tables {
        out.extend(tag);
        out.extend(checksum(table).to_be_bytes());
        out.extend(be32(offset));
        out.extend(be32(table.len()));
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
        offset += table.len().next_multiple_of(4);
    }
    out.extend(body);
    out
}

fn checksum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0_u32, |sum, chunk| {
        let word = (0..4).fold(0, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or_default()));
        sum.wrapping_add(word)
    })
}
