//! The seals of the bureaus: made when one is needed, on record before it is used, and who used which when.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::accounts::{Action, Actor, Subject, may};
use domain::licences::{Licence, Seal, SealFact};
use domain::time::Timestamp;
use seal::cert::Certificate;
use seal::digest::sha256_hex;
use seal::key::Signer;
use seal::render::ofd::{SealRequest, make_seal};
use store::licences::SEAL;
use store::{Access, Change, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// How often it is tried again because another request has made a seal meanwhile.
const PATIENCE: u32 = 3;

/// What a seal must be to be used for a rendering.
pub(super) struct Wanted<'a> {
    pub department: &'a str,
    pub name: &'a str,
    /// The unified social credit code.
    pub code: &'a str,
    /// Who seals.
    pub signer: &'a dyn Signer,
    pub maker: &'a dyn Signer,
    /// The picture as OFD.
    pub picture: Vec<u8>,
    /// Its side in millimetres.
    pub side: u32,
}

fn certificate(signer: &dyn Signer) -> Result<Certificate, ServiceError> {
    signer
        .certificate()
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| ServiceError::internal("a key without certificate"))
}

/// The seal that a bureau uses for this size of picture, made now if there is none on record, or if the one there is lists a
/// certificate that has been renewed.
pub(super) async fn in_use(city: &City, wanted: &Wanted<'_>) -> Result<Seal, ServiceError> {
    for _ in 0..PATIENCE {
        match found_or_made(city, wanted).await {
            Err(ServiceError::Changed) => {}
            done => return done,
        }
    }
    Err(ServiceError::Changed)
}

async fn found_or_made(city: &City, wanted: &Wanted<'_>) -> Result<Seal, ServiceError> {
    let known = of_department(city, wanted.department).await?;
    let (user, maker) = (certificate(wanted.signer)?, certificate(wanted.maker)?);
    let (signer, made_by) = (sha256_hex(user.der()), sha256_hex(maker.der()));
    let picture = sha256_hex(&wanted.picture);
    let edition = city.keys().seal_version;
    let same_place = |own: &Seal| own.retired.is_none() && own.side == wanted.side && own.name == wanted.name;
    let fits = |own: &Seal| {
        (&own.signer, &own.maker, &own.picture) == (&signer, &made_by, &picture)
            && u64::from(own.edition) == edition.number()
    };
    if let Some((seal, _)) = known.iter().find(|(own, _)| same_place(own) && fits(own)) {
        return Ok(seal.clone());
    }
    let number = known.iter().map(|(own, _)| own.number()).max().unwrap_or_default() + 1;
    // No seal is older than its user's certificate or than who made it.
    let created = user.not_before().max(maker.not_before());
    let request = SealRequest {
        id: format!("{}-{number:02}", wanted.code),
        name: wanted.name.to_owned(),
        signers: vec![user.der().to_vec()],
        created,
        valid_from: created,
        valid_to: user.not_after(),
        picture: wanted.picture.clone(),
        side: wanted.side,
    };
    let der = make_seal(edition, &request, wanted.maker).map_err(ServiceError::internal)?;
    let seal = Seal {
        id: request.id,
        department: wanted.department.to_owned(),
        name: request.name,
        signer,
        maker: made_by,
        picture,
        side: wanted.side,
        edition: u32::try_from(edition.number()).map_err(ServiceError::internal)?,
        valid_from: created,
        valid_to: request.valid_to,
        der: STANDARD.encode(der),
        retired: None,
    };
    let now = city.now();
    let mut change = Change::new(city.region(), now);
    // A seal of the same size that its user cannot use any more, or whose picture is another now, gives way.
    for (old, version) in known.into_iter().filter(|(own, _)| same_place(own)) {
        change.rows.push(row(city, Some(old), SealFact::Retired { at: now }, Expected::Version(version))?);
    }
    change.rows.push(row(city, None, SealFact::Made { seal: Box::new(seal.clone()) }, Expected::New)?);
    city.store().commit(change).await?;
    Ok(seal)
}

fn row(city: &City, before: Option<Seal>, fact: SealFact, expected: Expected) -> Result<RowWrite, ServiceError> {
    let facts = city.facts(&Actor::system().label(), std::slice::from_ref(&fact), SealFact::kind)?;
    let seal = Seal::evolve(before, fact).ok_or_else(|| ServiceError::internal("a seal cannot vanish"))?;
    Ok(RowWrite {
        table: &SEAL,
        id: seal.id.clone(),
        expected,
        columns: vec![seal.department.clone().into(), seal.retired.map(|at| at.micros()).into()],
        doc: serde_json::to_string(&seal).map_err(ServiceError::internal)?,
        facts,
    })
}

/// The seals of a department with the versions of their rows, in the order of their numbers.
async fn of_department(city: &City, department: &str) -> Result<Vec<(Seal, i64)>, ServiceError> {
    let sql = "SELECT doc, version FROM seal WHERE region = $1 AND department = $2 ORDER BY id";
    let rows = city.store().query(sql, &[city.region().into(), department.into()]).await?;
    rows.iter()
        .map(|row| Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?)))
        .collect()
}

/// The seal as it stands in files.
pub(super) fn der(seal: &Seal) -> Result<Vec<u8>, ServiceError> {
    STANDARD.decode(&seal.der).map_err(ServiceError::internal)
}

/// The subject of a seal's uses in the access stream.
fn subject(id: &str) -> String {
    format!("seal/{id}")
}

/// Puts on record who has a file sealed, before the file is handed out.
pub(super) async fn note_use(
    city: &City,
    seal: &Seal,
    who: &str,
    licence: &Licence,
    form: &str,
) -> Result<(), ServiceError> {
    let purpose = format!("{form} {}", licence.number);
    let entry = Access { at: city.now(), who: who.to_owned(), subject: subject(&seal.id), purpose };
    city.store().record_access(city.region(), vec![entry]).await?;
    Ok(())
}

/// Whether somebody may see the seals of a department: whoever decides there, and the administrator.
fn may_see(actor: &Actor, department: &str) -> bool {
    let own = Subject { department: Some(department), ..Subject::default() };
    may(actor, Action::Decide, &own).is_ok() || may(actor, Action::ManageAccounts, &Subject::default()).is_ok()
}

/// The seals that somebody may see, by department and number, the retired ones too.
///
/// # Errors
/// Nobody who decides anywhere, and no administrator.
pub async fn seals(city: &City, actor: &Actor) -> Result<Vec<Seal>, ServiceError> {
    let departments: Vec<String> = city.shelf().departments().map(|department| department.id.clone()).collect();
    let mine: Vec<String> = departments.into_iter().filter(|id| may_see(actor, id)).collect();
    if mine.is_empty() {
        may(actor, Action::ManageAccounts, &Subject::default())?;
    }
    let mut all = Vec::new();
    for department in mine {
        all.extend(of_department(city, &department).await?.into_iter().map(|(seal, _)| seal));
    }
    Ok(all)
}

/// One use of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealUse {
    /// When.
    pub at: Timestamp,
    /// Account that had something sealed; `system` and `operator` are none.
    pub who: String,
    /// Form of the file: `ofd`, or `pdf`, which shows the seal's picture.
    pub form: String,
    /// Number of the licence.
    pub licence: String,
}

/// A seal that somebody may see, and its latest uses before an instant, newest first, at most `limit`.
///
/// # Errors
/// There is no such seal, or it may not be known to the actor.
pub async fn seal_uses(
    city: &City,
    actor: &Actor,
    id: &str,
    before: Timestamp,
    limit: i64,
) -> Result<(Seal, Vec<SealUse>), ServiceError> {
    let row = city.store().load(city.region(), &SEAL, id).await?.ok_or(ServiceError::NotFound("seal"))?;
    let seal: Seal = serde_json::from_str(&row.doc).map_err(ServiceError::internal)?;
    if !may_see(actor, &seal.department) {
        return Err(ServiceError::NotFound("seal"));
    }
    let entries = city.store().accesses_to(city.region(), &subject(id), before, limit).await?;
    let uses = entries.into_iter().map(|entry| {
        let (form, licence) = entry.purpose.split_once(' ').unwrap_or((entry.purpose.as_str(), ""));
        SealUse { at: entry.at, who: entry.who.clone(), form: form.to_owned(), licence: licence.to_owned() }
    });
    Ok((seal, uses.collect()))
}
