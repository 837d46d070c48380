//! The materials of a case with the clerk's verdict on each.

use askama::Template;
use domain::cases::{MaterialItem, Provided, Verdict};
use domain::registry::register;
use domain::text::Lang;
use service::cases::CaseView;
use service::catalog::Published;
use service::licences::{MaterialLicence, Provenance};

use super::acts::Typed;
use super::files::is_picture;
use crate::i18n::T;
use crate::kit::{Fact, Facts, Field, Icon, Tag, Tone};
use crate::licences::standing_tag;

/// One uploaded file.
pub(super) struct Scan {
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
    pub files: Vec<Scan>,
    /// Address of the paper licence that stands in its place.
    pub entry: Option<String>,
    /// The licence that stands in its place.
    pub licence: Option<Vouched>,
    /// What is wrong with it.
    pub note: String,
    /// The form's fields, when a verdict may be given.
    pub verdict: Option<Judgement>,
    /// A verdict has been given.
    pub judged: bool,
}

/// A licence in the place of a paper: what it is, whether its signature held just now, and where anyone can check it.
pub(super) struct Vouched {
    /// Its standing today.
    pub standing: Tag,
    /// Whether its signature held.
    pub genuine: Tag,
    /// Name, number, holder, last day.
    pub facts: Facts,
    /// The public check.
    pub check: String,
}

fn vouched(t: T, own: &MaterialLicence) -> Vouched {
    let until = own.valid_to.map_or_else(|| t.licences_forever().to_owned(), |day| t.licences_until(t.date(day)));
    Vouched {
        standing: standing_tag(t, own.standing),
        genuine: match own.genuine {
            true => Tag::new(Tone::Good, t.desk_licence_genuine()),
            false => Tag::new(Tone::Bad, t.desk_licence_false()),
        },
        check: own.from.as_ref().map_or_else(|| format!("/v/{}", own.public_id), |from| from.check.clone()),
        facts: Facts::new(
            t,
            vec![
                Fact::new(t.licences_kind(), t.of(&own.name)),
                Fact::new(t.licences_number(), own.number.as_str()),
                Fact::new(t.licences_holder(), own.holder.as_str()),
                Fact::new(t.licences_validity(), until),
            ]
            .into_iter()
            .chain(own.from.iter().flat_map(|from| provenance(t, from)))
            .collect(),
        ),
    }
}

/// Who issued a fetched licence, who was asked, and when it was said last that it counts.
fn provenance(t: T, from: &Provenance) -> [Fact; 2] {
    [
        Fact::new(t.licences_issuer(), from.issuer.as_str()),
        Fact::new(t.desk_licence_fetched(), t.desk_licence_fetched_from(t.of(&from.peer), t.moment(from.confirmed))),
    ]
}

/// All materials, in the order of the matter; `judge` adds the fields of the verdicts.
pub(super) fn papers(
    t: T,
    found: &CaseView,
    published: &Published,
    (typed, judge): (&Typed, bool),
    licences: &[MaterialLicence],
) -> Vec<Paper> {
    let place = |item: &&MaterialItem| {
        published.bundle.matter.materials.iter().position(|own| own.slot == item.slot).unwrap_or(usize::MAX)
    };
    let mut items: Vec<&MaterialItem> = found.case.application.materials.iter().collect();
    items.sort_by_key(place);
    let with_licence = |item: &MaterialItem| {
        let mut paper = paper(t, found, published, typed, judge, item);
        if let Provided::FromPaper { id, .. } = &item.provided {
            paper.entry = Some(format!("/desk/paper-licences/{id}"));
        }
        if let Provided::Licence { id, .. } | Provided::Elsewhere { id, .. } = &item.provided {
            paper.licence = licences.iter().find(|own| own.id == *id).map(|own| vouched(t, own));
        }
        paper
    };
    items.into_iter().map(with_licence).collect()
}

fn paper(t: T, found: &CaseView, published: &Published, typed: &Typed, judge: bool, item: &MaterialItem) -> Paper {
    let material = published.bundle.matter.materials.iter().find(|own| own.slot == item.slot);
    let name = material.map_or(item.slot.as_str(), |own| t.of(&own.name));
    let files = match &item.provided {
        Provided::Upload { files } => files
            .iter()
            .map(|file| Scan {
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
        Provided::FromPaper { number, .. } => t.desk_from_entered_paper(number),
        Provided::Elsewhere { number, issuer, .. } => t.desk_from_elsewhere(issuer, number),
        Provided::Register { register: stored } => t.desk_from_register(register_name(t, stored)),
        Provided::Unanswered { register: stored } => t.desk_from_silence(register_name(t, stored)),
        Provided::Pledge => t.desk_from_pledge().to_owned(),
        Provided::Later => t.desk_from_later().to_owned(),
        Provided::Paper { note } => t.desk_from_paper(note),
    };
    let (tag, note) = match &item.verdict {
        None if matches!(item.provided, Provided::Unanswered { .. }) => {
            (Tag::new(Tone::Act, t.desk_to_look_at()), String::new())
        }
        None => (Tag::new(Tone::Quiet, t.desk_unchecked()), String::new()),
        Some(Verdict { in_order: true, .. }) => (Tag::new(Tone::Good, t.desk_in_order()), String::new()),
        Some(Verdict { note, .. }) => (Tag::new(Tone::Act, t.desk_defective()), note.clone()),
    };
    let verdict = judge.then(|| verdict(t, typed, item, name));
    Paper {
        name: name.to_owned(),
        tag,
        source,
        files,
        entry: None,
        licence: None,
        note,
        verdict,
        judged: item.verdict.is_some(),
    }
}

/// The printed name of a register.
fn register_name(t: T, stored: &str) -> &str {
    register(stored).map_or(stored, |own| if t.lang() == Lang::Zh { own.zh } else { own.en })
}

/// The verdict on a material, as it is asked for: two chips, and what is wrong.
#[derive(Template)]
#[template(path = "desk/verdict.html")]
pub(super) struct Judgement {
    t: T,
    slot: String,
    /// The material, for those who do not see its heading.
    name: String,
    /// `ok`, `bad`, or nothing yet.
    stands: String,
    error: String,
    note: Field,
}

impl askama::filters::HtmlSafe for Judgement {}

fn verdict(t: T, typed: &Typed, item: &MaterialItem, name: &str) -> Judgement {
    let (field, note) = (format!("verdict.{}", item.slot), format!("note.{}", item.slot));
    let stands = item.verdict.as_ref().map_or("", |verdict| if verdict.in_order { "ok" } else { "bad" });
    let stands_note = item.verdict.as_ref().map_or("", |verdict| verdict.note.as_str());
    Judgement {
        t,
        slot: item.slot.clone(),
        name: name.to_owned(),
        stands: typed.get(&field).unwrap_or(stands).to_owned(),
        error: typed.error(&field),
        note: Field::textarea(t, note.as_str(), t.desk_note())
            .rows(2)
            .max_length(500)
            .value(typed.get(&note).unwrap_or(stands_note))
            .error(typed.error(&note)),
    }
}
