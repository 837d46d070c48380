//! What to bring, and by which article the city may ask for it.

use domain::catalog::{Material, Matter, Necessity};
use domain::law::{Basis, Confidence};

use super::Names;
use crate::kit::{Tag, Tone};
use crate::layout::Page;

/// One material with where it comes from.
#[derive(Debug, Clone)]
pub(super) struct MaterialRow {
    pub(super) name: String,
    pub(super) tag: Tag,
    pub(super) source: String,
    pub(super) marks: Vec<String>,
    pub(super) standard: String,
    pub(super) when: String,
    pub(super) basis: LawRow,
    pub(super) formats: String,
    pub(super) sample: String,
    pub(super) ours: bool,
}

/// An article, with what staff should know about it.
#[derive(Debug, Clone)]
pub(super) struct LawRow {
    pub(super) text: String,
    pub(super) note: &'static str,
}

/// A material as the guide shows it; `base` is the address of the matter.
pub(super) fn material_row(
    page: &Page,
    base: &str,
    (matter, material): (&Matter, &Material),
    names: &Names<'_>,
) -> MaterialRow {
    let t = page.t;
    let (tag, source) = match (&material.shared_from, &material.waived_by) {
        (Some(register), _) => {
            let register = (names.register)(register);
            (Tag::new(Tone::Good, t.catalog_tag_free()), t.catalog_from_register(t.of(&register)))
        }
        (None, Some(licence)) => {
            let licence = (names.licence)(licence);
            (Tag::new(Tone::Running, t.catalog_tag_licence()), t.catalog_from_licence(t.of(&licence)))
        }
        (None, None) => (Tag::new(Tone::Quiet, t.catalog_tag_upload()), String::new()),
    };
    let ours = material.shared_from.is_some();
    let mut marks = Vec::new();
    let mut mark = |holds: bool, words: &str| {
        if holds {
            marks.push(words.to_owned());
        }
    };
    mark(material.necessity == Necessity::Optional, t.catalog_optional());
    mark(material.pledgeable && !ours, t.catalog_pledgeable());
    mark(matter.gap_able().any(|own| own.slot == material.slot), t.catalog_may_follow());
    let when = match (&material.when, material.necessity) {
        (Some(when), _) => (names.condition)(when)
            .map_or_else(|| t.catalog_when_plain().to_owned(), |condition| t.catalog_when(t.of(&condition))),
        (None, Necessity::Conditional) => t.catalog_when_plain().to_owned(),
        (None, _) => String::new(),
    };
    MaterialRow {
        name: t.of(&material.name).to_owned(),
        tag,
        source,
        marks,
        standard: t.of(&material.standard).to_owned(),
        when,
        basis: law_row(page, &material.basis),
        formats: material.formats.join(" / ").to_uppercase(),
        sample: if ours { String::new() } else { format!("{base}/sample/{}", material.slot) },
        ours,
    }
}

/// A citation. How sure we are of it is shown to staff, who can do something about it.
pub(super) fn law_row(page: &Page, basis: &Basis) -> LawRow {
    let text = format!("《{}》{}", basis.law, basis.article);
    let staff = page.user.as_ref().is_some_and(|user| user.staff);
    let note = match basis.basis {
        Confidence::K if staff => page.t.catalog_law_unverified(),
        Confidence::L if staff => page.t.catalog_law_local(),
        Confidence::V | Confidence::K | Confidence::L => "",
    };
    LawRow { text, note }
}

/// Where the numbers of the strip come from.
pub(super) fn law_notes(page: &Page, matter: &Matter) -> Vec<String> {
    let t = page.t;
    let mut notes = Vec::new();
    if let Some(statutory) = &matter.statutory {
        notes.push(t.catalog_statutory_source(&statutory.source));
    }
    if !matter.promised.source.is_empty() {
        notes.push(t.catalog_promise_source(&matter.promised.source));
    }
    if let Some(fee) = &matter.fee {
        notes.push(t.catalog_fee_basis(law_row(page, &fee.source).text));
    }
    notes
}
