//! Another system fetches what a matter needs of an applicant's licences, instead of asking the applicant for paper (在线政务服务若干规定
//! 第七条, GB/T 36906): only for an open case of that holder, only the types of licence that a material of the matter names, and on
//! the legal basis on which that material may be asked for.

use domain::accounts::{Action, Actor, Subject, may};
use domain::cases::Case;
use domain::ids::LicenceId;
use domain::licences::{Licence, MAX_PURPOSE_CHARS};
use domain::text::{Text, hidden_character};

use super::on_file;
use super::uses::{self, How};
use crate::catalog;
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
    /// The open case.
    pub case: String,
    /// The licences in force that the matter needs; empty when the holder has none of them.
    pub licences: Vec<FetchedLicence>,
}

/// Fetches the licences in force that a matter's materials name, for an open case of their holder. Every licence is recorded with
/// case, purpose, basis and digest before it is sent; the holder reads that.
///
/// # Errors
/// `NotFound` without an open case of that holder in that matter, whoever the holder may be.
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
    let case = open_case(city, asked).await?;
    let published = catalog::version(city, &case.matter, case.matter_version).await?;
    let held = on_file(city, asked.holder).await?;
    let mut licences: Vec<FetchedLicence> = Vec::new();
    for material in &published.bundle.matter.materials {
        let Some(wanted) = &material.waived_by else { continue };
        let Some(own) = held.iter().find(|own| own.valid && own.licence_type == *wanted) else { continue };
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
    for found in &licences {
        let digest = found.sha256.get(..16).unwrap_or_default();
        let words = format!("{} {purpose}；{}；{digest}", case.number, found.basis);
        uses::note(city, &actor.label(), &found.licence, How::Fetch, &words).await?;
    }
    Ok(Fetched { case: case.number, licences })
}

/// The newest open case of the holder in the matter.
async fn open_case(city: &City, asked: &Fetch<'_>) -> Result<Case, ServiceError> {
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND applicant_code = $2 AND matter = $3 \
               AND open_key IS NOT NULL ORDER BY id DESC LIMIT 1";
    let params = [city.region().into(), asked.holder.into(), asked.matter.into()];
    let row = city.store().query_opt(sql, &params).await?.ok_or(ServiceError::NotFound("open case"))?;
    serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)
}
