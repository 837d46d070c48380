//! The guide of one matter: can I, how long, how much, what to bring, how it goes, on what basis.

use crate::i18n::T;
use crate::kit::{Crumbs, Edge, EdgeKind, Flow, Icon, Node, NodeState, Tag, Tone};
use crate::layout::Page;
use askama::Template;
use domain::catalog::{ApplicantKind, Channel, Material, Matter, Necessity, OutcomeKind, SpecialKind, StepKind, When};
use domain::law::{Basis, Confidence};
use domain::text::Text;
use domain::time::StartEvent;

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

/// The four answers at the top.
#[derive(Debug, Clone)]
pub struct Strip {
    days: String,
    at_once: bool,
    days_note: Vec<String>,
    fee: String,
    fee_note: String,
    visits: String,
    visits_note: String,
    result: String,
    result_note: Vec<String>,
}

#[derive(Debug, Clone)]
struct MaterialRow {
    name: String,
    tag: Tag,
    source: String,
    marks: Vec<String>,
    standard: String,
    when: String,
    basis: LawRow,
    formats: String,
    sample: String,
    ours: bool,
}

#[derive(Debug, Clone)]
struct LawRow {
    text: String,
    note: &'static str,
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
            materials: matter.materials.iter().map(|material| material_row(page, &base, material, names)).collect(),
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
        }
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

fn strip(t: T, matter: &Matter) -> Strip {
    let mut days_note = Vec::new();
    if matter.promised.number > 0 {
        days_note.push(t.catalog_strip_from(start_words(t, matter.promised.start)));
    }
    if let Some(statutory) = &matter.statutory {
        days_note.push(t.catalog_strip_statutory(t.period(statutory)));
    }
    for special in &matter.special_procedures {
        days_note.push(t.catalog_plus_special(special_words(t, special.kind), special.working_days));
    }
    let mut result_note = Vec::new();
    if matter.outcome.kind == OutcomeKind::Licence && matter.online_depth >= 7 {
        result_note.push(t.catalog_electronic().to_owned());
    }
    if let Some(months) = matter.outcome.validity_months {
        let months = i64::from(months);
        result_note.push(if months % 12 == 0 {
            t.catalog_years_valid(months / 12)
        } else {
            t.catalog_months_valid(months)
        });
    }
    Strip {
        days: t.period(&matter.promised),
        at_once: matter.promised.number == 0,
        days_note,
        fee: matter.fee.as_ref().map_or_else(|| t.free().to_owned(), |fee| t.money(fee.amount_fen)),
        fee_note: matter.fee.as_ref().map_or_else(String::new, |fee| t.of(&fee.standard).to_owned()),
        visits: t.catalog_visits_long(matter.visits.count),
        visits_note: matter.visits.reason.as_ref().map_or_else(String::new, |reason| t.of(reason).to_owned()),
        result: match matter.outcome.kind {
            OutcomeKind::None => t.catalog_no_result().to_owned(),
            _ => t.of(&matter.outcome.name).to_owned(),
        },
        result_note,
    }
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

fn material_row(page: &Page, base: &str, material: &Material, names: &Names<'_>) -> MaterialRow {
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
    mark(material.deferrable && !ours, t.catalog_deferrable());
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
fn law_row(page: &Page, basis: &Basis) -> LawRow {
    let text = format!("《{}》{}", basis.law, basis.article);
    let staff = page.user.as_ref().is_some_and(|user| user.staff);
    let note = match basis.basis {
        Confidence::K if staff => page.t.catalog_law_unverified(),
        Confidence::L if staff => page.t.catalog_law_local(),
        Confidence::V | Confidence::K | Confidence::L => "",
    };
    LawRow { text, note }
}

fn law_notes(page: &Page, matter: &Matter) -> Vec<String> {
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

fn channel_words(t: T, channel: Channel) -> (Icon, &'static str) {
    match channel {
        Channel::Window => (Icon::Pin, t.catalog_channel_window()),
        Channel::Web => (Icon::Globe, t.catalog_channel_web()),
        Channel::Mobile => (Icon::Mobile, t.catalog_channel_mobile()),
        Channel::Mail => (Icon::Message, t.catalog_channel_mail()),
        Channel::Kiosk => (Icon::Window, t.catalog_channel_kiosk()),
    }
}

/// The procedure: what the applicant does, the steps of the office, the way back for corrections, and the short way
/// of matters that rules decide.
fn flow(t: T, matter: &Matter) -> Flow {
    let mut nodes = vec![Node::new("you", t.catalog_flow_you(), NodeState::You)];
    let mut edges: Vec<Edge> = Vec::new();
    let mut before = "you".to_owned();
    for (index, step) in matter.flow.iter().enumerate() {
        let id = format!("step-{index}");
        let last = index + 1 == matter.flow.len();
        let state = if last { NodeState::Good } else { NodeState::Office };
        let mut node = Node::new(id.clone(), t.of(&step.name), state);
        if step.working_days > 0 {
            node = node.detail(t.catalog_flow_day(step.working_days));
        }
        nodes.push(node);
        edges.push(Edge::new(before, id.clone(), EdgeKind::Forward));
        before = id;
    }
    let find = |kind: StepKind| matter.flow.iter().position(|step| step.step == kind).map(|at| format!("step-{at}"));
    if let Some(accept) = find(StepKind::Accept) {
        edges.push(Edge::new(accept, "you", EdgeKind::Return).label(t.catalog_flow_correction()));
    }
    if matter.automation.is_some()
        && let Some(decide) = find(StepKind::Decide)
    {
        edges.push(Edge::new("you", decide, EdgeKind::Shortcut).label(t.catalog_flow_automatic()));
    }
    Flow::new(t.catalog_flow_sentence(t.of(&matter.name)), nodes, edges)
}

fn special_words(t: T, kind: SpecialKind) -> &'static str {
    match kind {
        SpecialKind::Inspection => t.catalog_special_inspection(),
        SpecialKind::ExpertReview => t.catalog_special_expert_review(),
        SpecialKind::Hearing => t.catalog_special_hearing(),
        SpecialKind::Testing => t.catalog_special_testing(),
        SpecialKind::Publicity => t.catalog_special_publicity(),
        SpecialKind::Examination => t.catalog_special_examination(),
    }
}

/// The event from which a promise runs, in words.
fn start_words(t: T, start: StartEvent) -> &'static str {
    match start {
        StartEvent::Acceptance => t.catalog_start_acceptance(),
        StartEvent::Receipt => t.catalog_start_receipt(),
        StartEvent::Decision => t.catalog_start_decision(),
        StartEvent::Notice => t.catalog_start_notice(),
        StartEvent::Hearing => t.catalog_start_hearing(),
        StartEvent::Expiry => t.catalog_start_expiry(),
    }
}
