//! Another system fetches what a matter needs of an applicant's licences, instead of asking the applicant for paper (在线政务服务若干规定
//! 第七条, GB/T 36906): only for an open case of that holder, only the types of licence that a material of the matter names, and on
//! the legal basis on which that material may be asked for. The case is one of ours, or one of another authority, which names it
//! and answers for it (电子证照跨域互认): then its token needs leave to do so, and it gets only the types that it names.

use std::sync::Arc;

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::Case;
use domain::ids::LicenceId;
use domain::licences::{Licence, MAX_PURPOSE_CHARS, MAX_REFERENCE_CHARS, is_reference};
use domain::text::{Text, hidden_character};

use super::on_file;
use super::uses::{self, How};
use crate::catalog::{self, Published};
use crate::city::City;
use crate::error::ServiceError;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// Code of the holder.
    pub holder: &'a str,
    /// Slug of the matter.
    pub matter: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// A case of another authority in the place of an open case of ours.
    pub abroad: Option<Abroad<'a>>,
}

/// A case that another authority answers for.
#[derive(Debug, Clone, Copy)]
pub struct Abroad<'a> {
    /// Its number there, or the id of what is being prepared.
    pub case: &'a str,
    /// 证照类型代码 of the types that it lacks; others are not sent.
    pub types: &'a [String],
}

/// One licence that the matter needs.
#[derive(Debug, Clone)]
pub struct FetchedLicence {
    /// The licence.
    pub licence: Licence,
    /// The material in whose place it stands.
    pub slot: String,
    /// The material's name.
    pub material: Text,
    /// The law that allows to ask for it, with its article.
    pub basis: String,
    /// SHA-256 of the signed data as it was sent, in lower-case hexadecimal.
    pub sha256: String,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The case for which it was asked.
    pub case: String,
    /// The licences in force that the matter needs; empty when the holder has none of them.
    pub licences: Vec<FetchedLicence>,
}

/// Fetches the licences in force that a matter's materials name, for an open case of their holder. Every licence is recorded with
/// case, purpose, basis and digest before it is sent; the holder reads that.
///
/// # Errors
/// `NotFound` without an open case of that holder in that matter, whoever the holder may be; for a case of another authority, without
/// such a matter here.
pub async fn fetch(city: &City, actor: &Actor, asked: &Fetch<'_>) -> Result<Fetched, ServiceError> {
    may(actor, Action::FetchLicence, &Subject::default())?;
    let purpose = asked.purpose.trim();
    let fits = (2..=MAX_PURPOSE_CHARS).contains(&purpose.chars().count());
    if !fits || hidden_character(purpose, false).is_some() {
        return Err(ServiceError::field(
            "purpose",
            &format!("请写明用途，2 至 {MAX_PURPOSE_CHARS} 个可见字符。"),
            &format!("Say what for in 2 to {MAX_PURPOSE_CHARS} visible characters."),
        ));
    }
    let (case, published) = match &asked.abroad {
        None => {
            let case = open_case(city, asked).await?;
            let published = catalog::version(city, &case.matter, case.matter_version).await?;
            (case.number, published)
        }
        Some(abroad) if is_reference(abroad.case) => (abroad.case.to_owned(), matter(city, asked.matter)?),
        Some(_) => {
            return Err(ServiceError::field(
                "case",
                &format!("请填写贵方办件编号：1 至 {MAX_REFERENCE_CHARS} 个字母、数字或短横。"),
                &format!("Give the number of your case: 1 to {MAX_REFERENCE_CHARS} letters, digits and hyphens."),
            ));
        }
    };
    let licences = needed(city, &published, asked).await?;
    for found in &licences {
        let digest = found.sha256.get(..16).unwrap_or_default();
        let words = format!("{case} {purpose}；{}；{digest}", found.basis);
        uses::note(city, &actor.label(), &found.licence, How::Fetch, &words).await?;
    }
    Ok(Fetched { case, licences })
}

/// The licences in force that the materials of a matter name, each once.
async fn needed(city: &City, published: &Published, asked: &Fetch<'_>) -> Result<Vec<FetchedLicence>, ServiceError> {
    let shelf = city.shelf();
    let wanted = |id: &str| match &asked.abroad {
        None => true,
        Some(abroad) => shelf.licence_type(id).is_ok_and(|kind| abroad.types.contains(&kind.code)),
    };
    let held = on_file(city, asked.holder).await?;
    let mut licences: Vec<FetchedLicence> = Vec::new();
    for material in &published.bundle.matter.materials {
        let Some(kind) = material.waived_by.as_ref().filter(|kind| wanted(kind)) else { continue };
        let Some(own) = held.iter().find(|own| own.valid && own.licence_type == *kind) else { continue };
        let known = |id: LicenceId| licences.iter().any(|other| other.licence.id == id);
        if known(own.licence.id) {
            continue;
        }
        licences.push(FetchedLicence {
            slot: material.slot.clone(),
            material: material.name.clone(),
            basis: format!("《{}》{}", material.basis.law, material.basis.article),
            sha256: seal::digest::sha256_hex(own.licence.signed.as_bytes()),
            licence: own.licence.clone(),
        });
    }
    Ok(licences)
}

/// A matter by its slug, or by its basic code 基本编码, which all authorities share.
fn matter(city: &City, named: &str) -> Result<Arc<Published>, ServiceError> {
    let shelf = city.shelf();
    let found = shelf.matter(named).ok().or_else(|| {
        let mut all = shelf.matters();
        all.find(|own| own.bundle.matter.basic_code == named)
    });
    found.cloned().ok_or(ServiceError::NotFound("matter"))
}

/// The newest open case of the holder in the matter.
async fn open_case(city: &City, asked: &Fetch<'_>) -> Result<Case, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND applicant_code = $2 AND matter = $3 \
               AND open_key IS NOT NULL ORDER BY id DESC LIMIT 1";
    let params = [city.region().into(), asked.holder.into(), asked.matter.into()];
    let row = city.store().query_opt(sql, &params).await?.ok_or(ServiceError::NotFound("open case"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}
