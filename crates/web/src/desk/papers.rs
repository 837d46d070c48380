//! The materials of a case with the clerk's verdict on each.

use domain::cases::{MaterialItem, Provided, Verdict};
use domain::registry::register;
use domain::text::Lang;
use service::cases::CaseView;
use service::catalog::Published;

use super::actions::Typed;
use super::files::is_picture;
use crate::i18n::T;
use crate::kit::{Choice, Field, Html, Tag, Tone};

/// One uploaded file.
pub(super) struct Sheet {
    /// Where it is handed over.
    pub href: String,
    /// Name.
    pub name: String,
    /// Shown in the page.
    pub picture: bool,
}

/// One material.
pub(super) struct Paper {
    /// Name.
    pub name: String,
    /// The verdict so far, or that it waits for one.
    pub tag: Tag,
    /// How it came, unless by upload.
    pub source: String,
    /// Its files.
    pub files: Vec<Sheet>,
    /// What is wrong with it.
    pub note: String,
    /// The form's fields, when a verdict may be given.
    pub verdict: Option<Html>,
}

/// All materials, in the order of the matter; `judge` adds the fields of the verdicts.
pub(super) fn papers(t: T, found: &CaseView, published: &Published, typed: &Typed, judge: bool) -> Vec<Paper> {
    let place = |item: &&MaterialItem| {
        published.bundle.matter.materials.iter().position(|own| own.slot == item.slot).unwrap_or(usize::MAX)
    };
    let mut items: Vec<&MaterialItem> = found.case.application.materials.iter().collect();
    items.sort_by_key(place);
    items.into_iter().map(|item| paper(t, found, published, typed, judge, item)).collect()
}

fn paper(t: T, found: &CaseView, published: &Published, typed: &Typed, judge: bool, item: &MaterialItem) -> Paper {
    let material = published.bundle.matter.materials.iter().find(|own| own.slot == item.slot);
    let name = material.map_or(item.slot.as_str(), |own| t.of(&own.name));
    let files = match &item.provided {
        Provided::Upload { files } => files
            .iter()
            .map(|file| Sheet {
                href: format!("/desk/cases/{}/files/{}", found.case.number, file.id),
                name: file.name.clone(),
                picture: is_picture(&file.media_type),
            })
            .collect(),
        _ => Vec::new(),
    };
    let source = match &item.provided {
        Provided::Upload { .. } => String::new(),
        Provided::Licence { number, .. } => t.desk_from_licence(number),
        Provided::Register { register: stored } => {
            let own =
                register(stored).map_or(stored.as_str(), |own| if t.lang() == Lang::Zh { own.zh } else { own.en });
            t.desk_from_register(own)
        }
        Provided::Pledge => t.desk_from_pledge().to_owned(),
        Provided::Paper { note } => t.desk_from_paper(note),
    };
    let (tag, note) = match &item.verdict {
        None => (Tag::new(Tone::Quiet, t.desk_unchecked()), String::new()),
        Some(Verdict { in_order: true, .. }) => (Tag::new(Tone::Good, t.desk_in_order()), String::new()),
        Some(Verdict { note, .. }) => (Tag::new(Tone::Act, t.desk_defective()), note.clone()),
    };
    let verdict = judge.then(|| verdict(t, typed, item));
    Paper { name: name.to_owned(), tag, source, files, note, verdict }
}

fn verdict(t: T, typed: &Typed, item: &MaterialItem) -> Html {
    let (name, note) = (format!("verdict.{}", item.slot), format!("note.{}", item.slot));
    let stands = item.verdict.as_ref().map_or("", |verdict| if verdict.in_order { "ok" } else { "bad" });
    let stands_note = item.verdict.as_ref().map_or("", |verdict| verdict.note.as_str());
    let error = |name: &str| {
        let found = typed.errors.iter().find(|(own, _)| own == name);
        found.map_or_else(String::new, |(_, text)| text.clone())
    };
    let choices = vec![Choice::new("ok", t.desk_in_order()), Choice::new("bad", t.desk_defective())];
    let radio = Field::radio(t, name.as_str(), t.desk_verdict(), choices)
        .value(typed.get(&name).unwrap_or(stands))
        .error(error(&name));
    let text = Field::text(t, note.as_str(), t.desk_note())
        .optional()
        .max_length(500)
        .value(typed.get(&note).unwrap_or(stands_note))
        .error(error(&note));
    Html::of(&radio).then(Html::of(&text))
}
