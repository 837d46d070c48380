//! The guide of one matter: can I, how long, how much (`strip.rs`), what to bring and on what basis (`material.rs`),
//! how it goes (`flow.rs`).

mod flow;
mod material;
mod strip;

use crate::i18n::T;
use crate::kit::{Crumbs, Flow, Icon, Tag, Tone};
use crate::layout::Page;
use askama::Template;
use domain::catalog::{ApplicantKind, Channel, Matter, When};
use domain::text::Text;

use flow::flow;
use material::{LawRow, MaterialRow, law_notes, law_row, material_row};
pub use strip::Strip;
use strip::strip;

/// The authority of a matter, from `catalog/departments.json`.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    /// Printed name.
    pub name: Text,
    /// Address.
    pub address: Text,
    /// Who reconsiders its decisions 行政复议机关; empty leaves the remedies out.
    pub reconsideration: Text,
    /// Before which court one sues.
    pub court: Text,
}

/// Printed names that the matter refers to by id.
pub struct Names<'n> {
    /// Of a register: `enterprise` → 市场主体登记库.
    pub register: &'n dyn Fn(&str) -> Text,
    /// Of a licence type: `business-licence` → 营业执照.
    pub licence: &'n dyn Fn(&str) -> Text,
    /// A condition on the form in words: `有集中空调：是`.
    pub condition: &'n dyn Fn(&When) -> Option<Text>,
}

/// Telephones of a matter.
#[derive(Debug, Clone)]
pub struct Contacts {
    consult: String,
    complaint: String,
}

#[derive(Debug, Clone)]
struct PledgeBox {
    text: String,
    saved: Vec<String>,
}

/// `/matters/{slug}`. Filled by [`GuidePage::new`]; `page` should be built with `Page::with_dock`.
#[derive(Debug, Template)]
#[template(path = "catalog/guide.html")]
pub struct GuidePage<'a> {
    t: T,
    page: &'a Page,
    name: String,
    summary: String,
    code: String,
    crumbs: Crumbs,
    tags: Vec<Tag>,
    strip: Strip,
    conditions: Vec<String>,
    who: String,
    pledge: Option<PledgeBox>,
    materials: Vec<MaterialRow>,
    flow: Flow,
    faq: Vec<(String, String)>,
    law: Vec<LawRow>,
    law_notes: Vec<String>,
    authority: String,
    address: String,
    remedy: String,
    contacts: Contacts,
    channels: Vec<(Icon, &'static str)>,
    apply: String,
    sample: String,
    visit: String,
}

impl<'a> GuidePage<'a> {
    /// From the catalogue. Addresses follow from the slug: `/matters/{slug}/apply`, `/matters/{slug}/sample`, and
    /// `/matters/{slug}/sample/{slot}` for the sample of a material.
    pub fn new(page: &'a Page, matter: &Matter, authority: &Authority, names: &Names<'_>) -> GuidePage<'a> {
        let t = page.t;
        let base = format!("/matters/{}", matter.slug);
        let remedy = if authority.reconsideration.is_incomplete() {
            String::new()
        } else {
            t.catalog_remedy_text(t.of(&authority.reconsideration), t.of(&authority.court))
        };
        GuidePage {
            t,
            page,
            name: t.of(&matter.name).to_owned(),
            summary: t.of(&matter.summary).to_owned(),
            code: matter.basic_code.clone(),
            crumbs: Crumbs::new(t).link(t.catalog_title(), "/matters"),
            tags: tags(t, matter),
            strip: strip(t, matter),
            conditions: matter.conditions.iter().map(|text| t.of(text).to_owned()).collect(),
            who: who(t, &matter.applicants),
            pledge: pledge(t, matter),
            materials: matter
                .materials
                .iter()
                .map(|material| material_row(page, &base, (matter, material), names))
                .collect(),
            flow: flow(t, matter),
            faq: matter.faq.iter().map(|faq| (t.of(&faq.q).to_owned(), t.of(&faq.a).to_owned())).collect(),
            law: matter.basis.iter().map(|basis| law_row(page, basis)).collect(),
            law_notes: law_notes(page, matter),
            authority: t.of(&authority.name).to_owned(),
            address: t.of(&authority.address).to_owned(),
            remedy,
            contacts: Contacts { consult: matter.contact.consult.clone(), complaint: matter.contact.complaint.clone() },
            channels: matter.channels.iter().map(|channel| channel_words(t, *channel)).collect(),
            apply: format!("{base}/apply"),
            sample: format!("{base}/sample"),
            visit: String::new(),
        }
    }

    /// Offers a visit: the address of the places that take the matter.
    pub fn with_visit(mut self, href: impl Into<String>) -> GuidePage<'a> {
        self.visit = href.into();
        self
    }

    fn materials_sum(&self) -> String {
        let ours = self.materials.iter().filter(|material| material.ours).count();
        self.t.catalog_materials_sum(self.materials.len(), ours)
    }
}

fn tags(t: T, matter: &Matter) -> Vec<Tag> {
    let mut tags = Vec::new();
    if matter.automation.is_some() {
        tags.push(Tag::new(Tone::Good, t.catalog_automatic()));
    }
    if matter.pledge.is_some() {
        tags.push(Tag::new(Tone::Running, t.catalog_pledge_title()));
    }
    tags
}

fn who(t: T, kinds: &[ApplicantKind]) -> String {
    let words = kinds.iter().map(|kind| match kind {
        ApplicantKind::Person => t.catalog_kind_person(),
        ApplicantKind::Enterprise => t.catalog_kind_enterprise(),
        ApplicantKind::IndividualBusiness => t.catalog_kind_individual_business(),
        ApplicantKind::Organisation => t.catalog_kind_organisation(),
    });
    words.collect::<Vec<_>>().join(t.list_separator())
}

fn pledge(t: T, matter: &Matter) -> Option<PledgeBox> {
    let terms = matter.pledge.as_ref()?;
    let saved = matter.materials.iter().filter(|material| material.pledgeable);
    Some(PledgeBox {
        text: t.catalog_pledge_text(t.period(&terms.check)),
        saved: saved.map(|material| t.of(&material.name).to_owned()).collect(),
    })
}

fn channel_words(t: T, channel: Channel) -> (Icon, &'static str) {
    match channel {
        Channel::Window => (Icon::Pin, t.catalog_channel_window()),
        Channel::Web => (Icon::Globe, t.catalog_channel_web()),
        Channel::Mobile => (Icon::Mobile, t.catalog_channel_mobile()),
        Channel::Mail => (Icon::Message, t.catalog_channel_mail()),
        Channel::Kiosk => (Icon::Window, t.catalog_channel_kiosk()),
    }
}
