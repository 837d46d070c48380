//! A sample 新手模板 made real: an applicant who does not exist, with whom the sample passes its rules.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::{Actor, Grant, Party, Role};
use domain::cases::Case;
use domain::catalog::{RefContext, Sample, fill};
use serde::Serialize;
use serde_json::{Value, json};

use super::names;
use super::only_in_demo;
use super::people::{Who, invent, own_entry};
use super::random::Dice;
use super::specimen::specimens;
use crate::cases::{self, GivenMaterial, PledgeGiven, Submit, Work};
use crate::catalog::Published;
use crate::city::City;
use crate::error::ServiceError;
use crate::licences;
use crate::registry::{self, Entry};

/// The series from which new companies take the numbers of their brands.
const BRANDS: &str = "demo-brand";
/// How many brands are tried that cannot be one, or that somebody has.
const TRIES: usize = 100;

/// One material of a drawn application.
#[derive(Debug, Clone, Serialize)]
pub struct DrawnMaterial {
    /// Slot of the matter.
    pub slot: String,
    /// Ids of specimen uploads.
    pub uploads: Vec<String>,
}

/// An application that `POST /api/v1/cases` accepts as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Drawn {
    /// Slug of the matter.
    pub matter: String,
    /// Who applies.
    pub applicant: Party,
    /// The form.
    pub form: Value,
    /// The materials that must be handed in.
    pub materials: Vec<DrawnMaterial>,
    /// The pledge, when the sample takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pledge: Option<PledgeGiven>,
}

impl Drawn {
    /// As the use case takes it.
    pub fn submit(&self, origin: domain::cases::Origin) -> Submit {
        let given = |material: &DrawnMaterial| GivenMaterial {
            slot: material.slot.clone(),
            uploads: material.uploads.clone(),
            paper: None,
        };
        Submit {
            matter: self.matter.clone(),
            applicant: self.applicant.clone(),
            agent: None,
            form: self.form.clone(),
            materials: self.materials.iter().map(given).collect(),
            pledge: self.pledge.clone(),
            gaps: None,
            origin,
            terminal_at: None,
            pre_review: false,
            key: None,
            renews: None,
            draft: None,
            delivery: Default::default(),
        }
    }
}

/// A fresh applicant for a matter, with every register entry that its sample needs written.
///
/// # Errors
/// [`ServiceError::NotFound`] outside a demo city or for an unknown matter; what the store says.
pub async fn draw(city: &City, slug: &str) -> Result<Drawn, ServiceError> {
    only_in_demo(city)?;
    let mut dice = Dice::new(u64::from_le_bytes(city.random()));
    draw_with(city, slug, &mut dice).await
}

/// The same with dice of the caller's.
pub(super) async fn draw_with(city: &City, slug: &str, dice: &mut Dice) -> Result<Drawn, ServiceError> {
    let applicant = city.shelf().matter(slug)?.bundle.sample.applicant.clone();
    let who = invent(city, dice, applicant.kind, applicant.age).await?;
    draw_for(city, slug, &who, dice).await
}

/// The sample of a matter filled in for somebody, whose register entries are made to fit it.
///
/// # Errors
/// As [`draw`].
pub async fn draw_for(city: &City, slug: &str, who: &Who, dice: &mut Dice) -> Result<Drawn, ServiceError> {
    only_in_demo(city)?;
    let published = city.shelf().matter(slug)?.clone();
    let sample = &published.bundle.sample;
    let brand = free_brand(city).await?;
    let (entries, mut context) = entries(city, slug, sample, who, (dice, &brand))?;
    registry::put(city, &entries).await?;
    for held in &sample.holds {
        // The held matter's own sample asks for nothing further, so this ends after one step.
        Box::pin(obtain(city, held, who, dice)).await?;
        context.licence_number = number_of(city, held, who).await?;
    }
    let form = sample.fill(&context).map_err(|missing| unfilled(slug, &missing))?;
    let pledge = published.bundle.matter.pledge.as_ref().filter(|_| sample.pledge);
    Ok(Drawn {
        matter: slug.to_owned(),
        applicant: who.party(),
        form,
        materials: materials(city, &published).await?,
        pledge: pledge.map(|terms| PledgeGiven { version: terms.version.clone(), accepted: true }),
    })
}

/// A brand that no company has and no other sample gets, so that all samples which found one pass, also those drawn at the
/// same time.
async fn free_brand(city: &City) -> Result<String, ServiceError> {
    for _ in 0..TRIES {
        let brand = names::numbered_brand(city.number(BRANDS).await?);
        if let Some(brand) = brand
            && !registry::names::has_brand(city, &brand).await?
        {
            return Ok(brand);
        }
    }
    Err(ServiceError::internal("no brand is left for a new company"))
}

/// The number of the licence that somebody holds from a matter.
async fn number_of(city: &City, slug: &str, who: &Who) -> Result<Option<String>, ServiceError> {
    let wanted = city.shelf().matter(slug)?.bundle.matter.outcome.licence_type.clone();
    let own = licences::on_file(city, &who.party().code).await?;
    let found = own.into_iter().find(|own| own.valid && wanted.as_ref() == Some(&own.licence_type));
    Ok(found.map(|own| own.licence.number))
}

fn unfilled(slug: &str, missing: &[String]) -> ServiceError {
    ServiceError::Internal(format!("sample of {slug}: nothing to put in place of {}", missing.join(", ")))
}

async fn materials(city: &City, published: &Published) -> Result<Vec<DrawnMaterial>, ServiceError> {
    let bundle = &published.bundle;
    if bundle.sample.materials.is_empty() {
        return Ok(Vec::new());
    }
    let specimens = specimens(city).await?;
    let of = |slot: &String| {
        let formats = bundle.matter.materials.iter().find(|material| material.slot == *slot).map(|m| &m.formats);
        let upload = specimens.fitting(formats.map_or(&[], Vec::as_slice));
        DrawnMaterial { slot: slot.clone(), uploads: vec![upload.to_owned()] }
    };
    Ok(bundle.sample.materials.iter().map(of).collect())
}

/// The entries of one draw by register and key, and which of them are the applicant's own.
#[derive(Default)]
struct Books {
    docs: BTreeMap<(String, String), Value>,
    own: BTreeMap<String, String>,
}

impl Books {
    fn add(&mut self, entry: Entry, own: bool) {
        if own {
            self.own.insert(entry.register.clone(), entry.key.clone());
        }
        self.docs.insert((entry.register, entry.key), entry.doc);
    }

    /// Lays members over an entry.
    fn lay(&mut self, register: &str, key: &str, members: Value) {
        let doc = self.docs.entry((register.to_owned(), key.to_owned())).or_insert_with(|| json!({}));
        if let (Some(doc), Value::Object(members)) = (doc.as_object_mut(), members) {
            doc.extend(members);
        }
    }

    /// What references see: the applicant's own entries by register.
    fn seen(&self) -> BTreeMap<String, Value> {
        self.own
            .iter()
            .filter_map(|(register, key)| {
                let doc = self.docs.get(&(register.clone(), key.clone()))?;
                Some((register.clone(), doc.clone()))
            })
            .collect()
    }
}

/// Every entry that the sample needs, with the context that fills its answers.
fn entries(
    city: &City,
    slug: &str,
    sample: &Sample,
    who: &Who,
    (dice, brand): (&mut Dice, &str),
) -> Result<(Vec<Entry>, RefContext), ServiceError> {
    let today = city.now().date();
    let party = who.party();
    let premises = who.body.as_ref().map(|body| body.premises.as_str());
    let mut books = Books::default();
    for entry in who.entries() {
        let own = entry.key == party.code || Some(entry.key.as_str()) == premises;
        books.add(entry, own);
    }
    // What the bureau takes from a register need not be handed in, so the register must know the applicant.
    let published = city.shelf().matter(slug)?.clone();
    let left_out = published.bundle.matter.materials.iter().filter(|item| !sample.materials.contains(&item.slot));
    let shared = left_out.filter_map(|material| material.shared_from.clone());
    for register in registers_of(sample).into_iter().chain(shared) {
        if !books.own.contains_key(&register)
            && let Some(entry) = own_entry(&register, who, dice, today)
        {
            books.add(entry, true);
        }
    }
    let words = json!({"brand": brand});
    let see = |books: &Books| {
        let mut registers = books.seen();
        registers.insert("draw".into(), words.clone());
        let mut applicant = cases::surface::party(&party);
        applicant.phone = Some(who.phone().to_owned());
        RefContext { applicant, agent: None, form: Value::Null, registers, today, decision: None, licence_number: None }
    };
    let context = see(&books);
    for (place, members) in &sample.registers {
        let filled = |value: &Value| fill(value, &context).map_err(|missing| unfilled(slug, &missing));
        let place = filled(&Value::String(place.clone()))?;
        let (register, key) = place
            .as_str()
            .and_then(|place| place.split_once('/'))
            .ok_or_else(|| ServiceError::Internal(format!("sample of {slug}: {place} is no place in a register")))?;
        books.lay(register, key, filled(members)?);
    }
    let context = see(&books);
    let entries = books.docs.into_iter().map(|((register, key), doc)| Entry { register, key, doc }).collect();
    Ok((entries, context))
}

/// Registers that the sample refers to, in its answers or as a place for an entry of the applicant's.
fn registers_of(sample: &Sample) -> BTreeSet<String> {
    let mut names = sample.required_registers();
    for place in sample.registers.keys() {
        if let Some((register, key)) = place.split_once('/')
            && (key.starts_with("{applicant.") || key.starts_with(&format!("{{{register}.")))
        {
            names.insert(register.to_owned());
        }
    }
    names
}

/// Somebody at the desks of the bureau who takes, examines and decides what an earlier licence needs.
fn desk() -> Actor {
    let grant = |role| Grant { role, department: None, district: None };
    Actor {
        account: None,
        name: "演示窗口".into(),
        grants: vec![grant(Role::Clerk), grant(Role::Reviewer), grant(Role::Approver)],
        person: None,
        acts_for: Vec::new(),
        mandates: Vec::new(),
    }
}

/// Gets somebody the licence of a matter by the whole way: filed at a window, accepted, examined, granted, handed over.
async fn obtain(city: &City, slug: &str, who: &Who, dice: &mut Dice) -> Result<(), ServiceError> {
    let desk = desk();
    let drawn = draw_for(city, slug, who, dice).await?;
    let filed = cases::submit(city, &desk, drawn.submit(domain::cases::Origin::Window)).await?;
    loop {
        let view = cases::case_by_number(city, &desk, &filed.number).await?;
        let Some((_, work)) = onward(&view.case) else { return Ok(()) };
        cases::run(city, &desk, view.case, view.version, work, None).await?;
    }
}

/// The command that leads a case on towards its licence, and who gives it; `None` where nothing does.
pub(super) fn onward(case: &Case) -> Option<(Role, Work)> {
    let possible = domain::cases::possible(case);
    let next = |name: &str| possible.contains(&name);
    if next("accept") {
        return Some((Role::Clerk, Work::Accept));
    }
    if next("give-opinion") {
        let work = Work::GiveOpinion {
            favourable: true,
            text: "材料齐全，符合法定条件，建议准予。".into(),
            officers: vec!["林雅".into(), "宋志".into()],
        };
        return Some((Role::Reviewer, work));
    }
    if next("grant") {
        return Some((Role::Approver, Work::Grant { reasons: String::new() }));
    }
    next("deliver").then(|| (Role::Clerk, Work::Deliver { method: "window".into() }))
}
