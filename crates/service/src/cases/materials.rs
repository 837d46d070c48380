//! How each material of a matter can be met: already there, by licence or register, or by upload.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::{Actor, Party};
use domain::cases::{GapPromise, MaterialItem, Provided, UploadRef};
use domain::catalog::{ApplicantKind, Material, Matter};
use domain::licences::PaperLicence;
use domain::registry::{Answer, register};
use domain::text::Text;

use super::submit::GivenMaterial;
use super::uploads;
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use crate::licences::{self, Need, OnFile};
use crate::registry::{self, Answers};

/// Most files of one material.
const MAX_FILES: usize = 50;

/// How a material can be met without the applicant doing anything, if it can.
#[derive(Debug, Clone)]
pub struct MaterialOffer {
    /// Slot of the matter.
    pub slot: String,
    /// What is there already.
    pub ready: Option<Provided>,
    /// Its source in words, when it is there.
    pub source: Option<Text>,
}

/// What is there already for each material of a matter and an applicant (免提交). What neither our licences nor our registers have is
/// asked of the issuers elsewhere, in the name of the case or draft that `reference` names.
pub async fn offers(
    city: &City,
    matter: &Matter,
    applicant: &Party,
    licences: &[OnFile],
    reference: &str,
) -> Result<Vec<MaterialOffer>, ServiceError> {
    let answers = shared(city, matter, applicant).await?;
    let today = city.now().date();
    let mut papers = match matter.materials.iter().any(|material| material.waived_by.is_some()) {
        true => licences::papers_of(city, &applicant.code).await?,
        false => Vec::new(),
    };
    papers.retain(|paper| paper.counts_on(today));
    let mut offers: Vec<MaterialOffer> = matter
        .materials
        .iter()
        .map(|material| {
            // What the city itself has issued comes first, then what a window has confirmed, then registers.
            let offer = offer(material, applicant, licences, &answers);
            let ours = matches!(offer.ready, Some(Provided::Licence { .. }));
            from_paper(material, &papers).filter(|_| !ours).unwrap_or(offer)
        })
        .collect();
    ask_elsewhere(city, &Need { applicant, matter, reference }, &mut offers).await?;
    Ok(offers)
}

/// A licence that a window took from paper, in the place of this material.
fn from_paper(material: &Material, papers: &[PaperLicence]) -> Option<MaterialOffer> {
    let wanted = material.waived_by.as_ref()?;
    let own = papers.iter().find(|own| own.face.licence_type == *wanted)?;
    Some(MaterialOffer {
        slot: material.slot.clone(),
        ready: Some(Provided::FromPaper { id: own.id, number: own.face.number.clone() }),
        source: Some(Text::new(
            format!("窗口核验的纸质证照：{} {}", own.face.name.zh, own.face.number),
            format!("paper licence confirmed at a window: {}, {}", own.face.name.en, own.face.number),
        )),
    })
}

/// Fills what is not there yet with licences of other issuers. Whoever does not answer leaves it as it is: to be handed in.
async fn ask_elsewhere(city: &City, need: &Need<'_>, offers: &mut [MaterialOffer]) -> Result<(), ServiceError> {
    let is_open = |offer: &MaterialOffer| matches!(offer.ready, None | Some(Provided::Unanswered { .. }));
    let called_for = licences::asked_for(need.matter);
    let mut open: Vec<(&String, &mut MaterialOffer)> = Vec::new();
    for (material, offer) in need.matter.materials.iter().zip(offers) {
        if let Some(kind) = material.waived_by.as_ref().filter(|kind| called_for.contains(*kind))
            && is_open(offer)
        {
            open.push((kind, offer));
        }
    }
    let types: BTreeSet<String> = open.iter().map(|(kind, _)| (*kind).clone()).collect();
    if types.is_empty() {
        return Ok(());
    }
    let elsewhere = licences::ask_elsewhere(city, need, &types).await?;
    for (kind, offer) in open {
        let Some(own) = elsewhere.found.iter().find(|own| own.licence_type == *kind) else { continue };
        offer.source = Some(Text::new(
            format!("{}：{} {}（已核验）", own.peer_name.zh, own.name.zh, own.number),
            format!("{}: {}, {} (verified)", own.peer_name.en, own.name.en, own.number),
        ));
        let (number, issuer) = (own.number.clone(), own.issuer.clone());
        offer.ready = Some(Provided::Elsewhere { id: own.id, number, issuer });
    }
    Ok(())
}

/// Asks the registers that may waive a material.
async fn shared(city: &City, matter: &Matter, applicant: &Party) -> Result<Answers, ServiceError> {
    let mut answers = Answers::default();
    let names: Vec<String> = matter.materials.iter().filter_map(|material| material.shared_from.clone()).collect();
    if names.is_empty() {
        return Ok(answers);
    }
    let (things, names): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| registry::is_of_things(name));
    for name in things {
        let answer = registry::owned(city, &name, &applicant.code).await?;
        answers.keep(&name, &applicant.code, answer);
    }
    let mut wanted: Vec<(String, String)> = names.into_iter().map(|name| (name, applicant.code.clone())).collect();
    if applicant.kind != ApplicantKind::Person {
        wanted.push(("enterprise".into(), applicant.code.clone()));
    }
    registry::ask(city, &wanted, &mut answers).await?;
    if let Some(representative) = representative(applicant, &answers) {
        registry::ask(city, &[("person".into(), representative)], &mut answers).await?;
    }
    Ok(answers)
}

/// The person behind an organisation, whose identity the population register can confirm.
fn representative(applicant: &Party, answers: &Answers) -> Option<String> {
    let entry = answers.get("enterprise", &applicant.code);
    entry.at("legal_representative.id").and_then(|id| id.as_str()).map(str::to_owned)
}

fn offer(material: &Material, applicant: &Party, licences: &[OnFile], answers: &Answers) -> MaterialOffer {
    let none = MaterialOffer { slot: material.slot.clone(), ready: None, source: None };
    let licence = material
        .waived_by
        .as_ref()
        .and_then(|wanted| licences.iter().find(|own| own.valid && own.licence_type == *wanted));
    if let Some(own) = licence {
        return MaterialOffer {
            ready: Some(Provided::Licence { id: own.licence.id, number: own.licence.number.clone() }),
            source: Some(Text::new(
                format!("电子证照库：{} {}", own.licence.name.zh, own.licence.number),
                format!("licence on file: {}, {}", own.licence.name.en, own.licence.number),
            )),
            ..none
        };
    }
    let Some(name) = &material.shared_from else { return none };
    let labels = register(name).map_or((name.as_str(), name.as_str()), |register| (register.zh, register.en));
    match answer(name, applicant, answers) {
        Answer::Found(_) => MaterialOffer {
            ready: Some(Provided::Register { register: name.clone() }),
            source: Some(Text::new(labels.0, labels.1)),
            ..none
        },
        Answer::Absent => none,
        // What the government has is not asked for because its register is silent; a person looks later.
        Answer::Unavailable => MaterialOffer {
            ready: Some(Provided::Unanswered { register: name.clone() }),
            source: Some(Text::new(
                format!("{}（暂未应答，由工作人员核实，无需提交）", labels.0),
                format!("{} (no answer for the moment; staff will check, nothing to hand in)", labels.1),
            )),
            ..none
        },
    }
}

/// What the register that may waive a material says about the applicant, or about the person behind it.
fn answer<'a>(register: &str, applicant: &Party, answers: &'a Answers) -> &'a Answer {
    if register != "person" || applicant.kind == ApplicantKind::Person {
        return answers.get(register, &applicant.code);
    }
    match representative(applicant, answers) {
        Some(key) => answers.get(register, &key),
        // Who stands behind it is not known: because the company register is silent, or because it knows nobody.
        None => match answers.get("enterprise", &applicant.code) {
            Answer::Unavailable => &Answer::Unavailable,
            _ => &Answer::Absent,
        },
    }
}

/// The materials of an application: what the applicant gave, then what is there already, then the pledge.
pub(super) async fn collect(
    city: &City,
    actor: &Actor,
    matter: &Matter,
    given: &[GivenMaterial],
    offers: &[MaterialOffer],
    pledged: bool,
) -> Result<Vec<MaterialItem>, ServiceError> {
    // One of somebody else counts as not there.
    let ids: BTreeSet<&str> = given.iter().flat_map(|item| item.uploads.iter().map(String::as_str)).collect();
    let uploaded = uploads::references(city, actor, &ids).await?;
    let mut errors: Vec<FieldError> = given
        .iter()
        .filter(|item| !matter.materials.iter().any(|material| material.slot == item.slot))
        .map(|item| {
            FieldError::new(
                format!("/materials/{}", item.slot),
                Text::new("本事项没有这项材料。", "This matter has no such material."),
            )
        })
        .collect();
    let mut items = Vec::new();
    for material in &matter.materials {
        match item(material, given, &uploaded, offers, pledged) {
            Ok(item) => items.extend(item),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(items) } else { Err(ServiceError::Invalid(errors)) }
}

fn item(
    material: &Material,
    given: &[GivenMaterial],
    uploaded: &BTreeMap<String, UploadRef>,
    offers: &[MaterialOffer],
    pledged: bool,
) -> Result<Option<MaterialItem>, FieldError> {
    let make = |provided| Some(MaterialItem { slot: material.slot.clone(), provided, verdict: None });
    let own: Vec<&GivenMaterial> = given.iter().filter(|item| item.slot == material.slot).collect();
    let files = files(material, &own, uploaded)?;
    if !files.is_empty() {
        return Ok(make(Provided::Upload { files }));
    }
    if let Some(note) = own.iter().find_map(|item| item.paper.clone()).filter(|note| !note.trim().is_empty()) {
        return Ok(make(Provided::Paper { note }));
    }
    if let Some(ready) = offers.iter().find(|offer| offer.slot == material.slot).and_then(|o| o.ready.clone()) {
        return Ok(make(ready));
    }
    Ok(if pledged && material.pledgeable { make(Provided::Pledge) } else { None })
}

/// What is promised for later and not there in any form stands in the list as that.
pub(super) fn follow_later(matter: &Matter, gaps: Option<&GapPromise>, items: &mut Vec<MaterialItem>) {
    let promised = |slot: &String| gaps.is_some_and(|promise| promise.slots.contains(slot));
    for material in matter.materials.iter().filter(|material| promised(&material.slot)) {
        if items.iter().all(|item| item.slot != material.slot) {
            items.push(MaterialItem { slot: material.slot.clone(), provided: Provided::Later, verdict: None });
        }
    }
}

/// The files of a material: each once, all there, and of a type that it takes.
fn files(
    material: &Material,
    own: &[&GivenMaterial],
    uploaded: &BTreeMap<String, UploadRef>,
) -> Result<Vec<UploadRef>, FieldError> {
    let error =
        |zh: String, en: String| Err(FieldError::new(format!("/materials/{}", material.slot), Text::new(zh, en)));
    let (zh, en) = (&material.name.zh, &material.name.en);
    let mut files: Vec<UploadRef> = Vec::new();
    for id in own.iter().flat_map(|item| &item.uploads) {
        let Some(file) = uploaded.get(id) else {
            return error(
                format!("《{zh}》的文件没有传完或已过期，请重新上传。"),
                format!("The file for {en} is incomplete or expired. Upload it again."),
            );
        };
        if !uploads::takes(&material.formats, &file.media_type) {
            let kinds = material.formats.join(" / ").to_uppercase();
            return error(
                format!("《{zh}》只接受 {kinds} 文件，请更换“{}”。", file.name),
                format!("{en} is taken as {kinds} only. Replace “{}”.", file.name),
            );
        }
        if files.iter().all(|other| other.id != file.id) {
            files.push(file.clone());
        }
    }
    if files.len() > MAX_FILES {
        return error(
            format!("《{zh}》最多上传 {MAX_FILES} 个文件，请合并后再上传。"),
            format!("{en} takes at most {MAX_FILES} files. Put pages together."),
        );
    }
    Ok(files)
}
