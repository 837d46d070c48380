//! The materials of a draft: what is there already, what the pledge replaces, what is uploaded, what is missing.

use domain::accounts::{Actor, Party};
use domain::cases::{Application, GapPromise, MaterialItem, Provided, SignedPledge, UploadRef};
use domain::catalog::{Material, Matter, Necessity};
use domain::text::Text;
use serde_json::Value;
use service::cases::{self, GivenMaterial, MaterialOffer, Upload};
use service::{City, ServiceError, licences};

use super::wizard::Wizard;
use crate::app::{Failure, Visit};

/// One material as it stands for this application.
pub(super) struct Slot {
    /// The material.
    pub material: Material,
    /// What is there already, and its source in words.
    pub ready: Option<(Provided, Text)>,
    /// The signed pledge stands in its place.
    pub pledged: bool,
    /// Must be there.
    pub needed: bool,
    /// The matter publishes it as one that may follow after acceptance 可容缺.
    pub may_follow: bool,
    /// The applicant chose that.
    pub later: bool,
    /// Files that were sent whole.
    pub files: Vec<Upload>,
}

impl Slot {
    /// The applicant may send files for it.
    pub(super) fn asks(&self) -> bool {
        self.ready.is_none() && !self.pledged
    }

    /// It keeps the application from being filed.
    pub(super) fn is_missing(&self) -> bool {
        self.needed && self.asks() && self.files.is_empty() && !self.later
    }
}

/// Whether this form calls for the material, and whether it must be there. `None`: it is of no concern.
fn called_for(material: &Material, form: &Value) -> Option<bool> {
    match material.necessity {
        Necessity::Required => Some(true),
        Necessity::Optional => Some(false),
        Necessity::Conditional => material.when.as_ref().is_some_and(|when| when.holds(form)).then_some(true),
    }
}

/// The uploads of a slot that are complete and the actor's own; others are dropped, so a page never shows them.
pub(crate) async fn complete(city: &City, actor: &Actor, ids: &[String]) -> Result<Vec<Upload>, ServiceError> {
    let mut files: Vec<Upload> = Vec::new();
    for id in ids {
        match cases::upload(city, actor, id).await {
            Ok(file) if file.sha256.is_some() && files.iter().all(|own| own.id != file.id) => files.push(file),
            Ok(_) | Err(ServiceError::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(files)
}

/// What the registers and the licences on file offer to an applicant.
pub(super) async fn offers(
    city: &City,
    matter: &Matter,
    applicant: &Party,
    reference: &str,
) -> Result<Vec<MaterialOffer>, ServiceError> {
    let on_file = licences::on_file(city, &applicant.code).await?;
    cases::offers(city, matter, applicant, &on_file, reference).await
}

/// The materials that concern this draft, in the order of the matter.
pub(super) async fn slots(visit: &Visit, wizard: &Wizard) -> Result<Vec<Slot>, Failure> {
    let city = visit.city();
    let matter = wizard.matter();
    let offers = match &wizard.applicant {
        Some(applicant) => offers(city, matter, applicant, &wizard.draft.id).await?,
        None => Vec::new(),
    };
    let form = wizard.form().normalise(&wizard.draft.form);
    let mut slots = Vec::new();
    for material in &matter.materials {
        let given: Vec<String> = wizard
            .draft
            .materials
            .iter()
            .filter(|given| given.slot == material.slot)
            .flat_map(|given| given.uploads.clone())
            .collect();
        let Some(needed) = called_for(material, &form) else { continue };
        let offer = offers.iter().find(|offer| offer.slot == material.slot);
        let ready = offer.and_then(|offer| Some((offer.ready.clone()?, offer.source.clone()?)));
        slots.push(Slot {
            may_follow: ready.is_none() && matter.gap_able().any(|own| own.slot == material.slot),
            later: ready.is_none()
                && matter.gap_able().any(|own| own.slot == material.slot)
                && wizard.draft.later.contains(&material.slot),
            pledged: ready.is_none() && material.pledgeable && wizard.pledged(),
            needed,
            files: complete(city, visit.person()?, &given).await?,
            material: material.clone(),
            ready,
        });
    }
    Ok(slots)
}

/// A reference to a file, as a case keeps it.
fn reference(file: &Upload) -> Option<UploadRef> {
    Some(UploadRef {
        id: file.id.parse().ok()?,
        name: file.name.clone(),
        sha256: file.sha256.clone()?,
        size: file.size,
        media_type: file.media_type.clone()?,
    })
}

/// The application that this draft would become, for the list of what still stands in the way.
pub(super) fn application(visit: &Visit, wizard: &Wizard, slots: &[Slot]) -> Application {
    let items = slots.iter().filter_map(|slot| {
        let files: Vec<UploadRef> = slot.files.iter().filter_map(reference).collect();
        let provided = match &slot.ready {
            _ if !files.is_empty() => Provided::Upload { files },
            Some((ready, _)) => ready.clone(),
            None if slot.pledged => Provided::Pledge,
            None if slot.later => Provided::Later,
            None => return None,
        };
        Some(MaterialItem { slot: slot.material.slot.clone(), provided, verdict: None })
    });
    let pledge = wizard.draft.pledge.clone().filter(|_| wizard.pledged()).map(|version| SignedPledge {
        version,
        signed_at: visit.city().now(),
        signed_by: String::new(),
    });
    let later = later(slots);
    let gaps = (!later.is_empty()).then(|| GapPromise {
        slots: later,
        signed_at: visit.city().now(),
        signed_by: String::new(),
    });
    Application { form: wizard.form().normalise(&wizard.draft.form), materials: items.collect(), pledge, gaps }
}

/// What is to follow later: a file that is there already is an image of it.
pub(super) fn later(slots: &[Slot]) -> Vec<String> {
    let chosen = slots.iter().filter(|slot| slot.later && !slot.pledged && (slot.needed || !slot.files.is_empty()));
    chosen.map(|slot| slot.material.slot.clone()).collect()
}

/// What is sent with the application: the files of materials that still ask for any.
pub(super) fn sent(slots: &[Slot]) -> Vec<GivenMaterial> {
    slots
        .iter()
        .filter(|slot| !slot.files.is_empty())
        .map(|slot| GivenMaterial {
            slot: slot.material.slot.clone(),
            uploads: slot.files.iter().map(|file| file.id.clone()).collect(),
            paper: None,
        })
        .collect()
}
