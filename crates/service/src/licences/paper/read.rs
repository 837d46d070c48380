//! Licences taken from paper as clerks, holders and materials see them.

use domain::accounts::{Action, Actor};
use domain::licences::{PaperLicence, Scan};

use super::{permit, reference};
use crate::cases::{content, note_access};
use crate::city::City;
use crate::error::ServiceError;

/// Most that a list shows.
const MOST: i64 = 100;

fn parse(doc: &str) -> Result<PaperLicence, ServiceError> {
    serde_json::from_str(doc).map_err(ServiceError::internal)
}

/// One with the version of its row.
pub(super) async fn load(city: &City, id: &str) -> Result<(PaperLicence, i64), ServiceError> {
    let sql = "SELECT doc, version FROM paper_licence WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("licence"))?;
    let licence = parse(row.text(0)?)?;
    if licence.is_erased() { Err(ServiceError::NotFound("licence")) } else { Ok((licence, row.int(1)?)) }
}

/// One for its holder, its holder's clerk, or staff; a look of others than the holder is recorded.
///
/// # Errors
/// `NotFound` for whoever may not know of it.
pub async fn paper(city: &City, actor: &Actor, id: &str) -> Result<PaperLicence, ServiceError> {
    let (licence, _) = load(city, id).await?;
    let holder = &licence.face.holder;
    if actor.stands_for(holder) {
        return Ok(licence);
    }
    if actor.mandate_for(Action::ViewLicence, holder, None).is_none() {
        permit(city, actor, Action::ConfirmPaperLicence, None).map_err(|_| ServiceError::NotFound("licence"))?;
    }
    note_access(city, actor, &holder.code, &format!("view-paper-licence {id}")).await?;
    Ok(licence)
}

/// Its scan with the bytes.
///
/// # Errors
/// As for [`paper`].
pub async fn paper_scan(city: &City, actor: &Actor, id: &str) -> Result<(Scan, Vec<u8>), ServiceError> {
    let licence = paper(city, actor, id).await?;
    let content = content(city, &reference(&licence.scan)).await?;
    Ok((licence.scan, content))
}

/// Those that wait to be confirmed, the oldest first, at most 100.
///
/// # Errors
/// Whoever may not confirm.
pub async fn papers_waiting(city: &City, actor: &Actor) -> Result<Vec<PaperLicence>, ServiceError> {
    permit(city, actor, Action::ConfirmPaperLicence, None)?;
    let sql = "SELECT doc FROM paper_licence WHERE region = $1 AND state = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), "entered".into(), MOST.into()]).await?;
    rows.iter().map(|row| parse(row.text(0)?)).collect()
}

/// Those of a holder, by the holder's number, the newest first. Looking is recorded.
///
/// # Errors
/// Whoever may not confirm.
pub async fn papers_found(city: &City, actor: &Actor, code: &str) -> Result<Vec<PaperLicence>, ServiceError> {
    permit(city, actor, Action::ConfirmPaperLicence, None)?;
    let found = of_holder(city, code.trim()).await?;
    for licence in found.iter().filter(|licence| !actor.stands_for(&licence.face.holder)) {
        note_access(city, actor, code.trim(), &format!("view-paper-licence {}", licence.id)).await?;
    }
    Ok(found)
}

/// Those of the actor and of the organisations the actor may act for.
pub async fn my_papers(city: &City, actor: &Actor) -> Result<Vec<PaperLicence>, ServiceError> {
    let mut found = Vec::new();
    for party in actor.parties_for(Action::ViewLicence, None) {
        found.extend(of_holder(city, &party.code).await?);
    }
    Ok(found)
}

/// Those of a holder, the newest first.
pub(crate) async fn of_holder(city: &City, code: &str) -> Result<Vec<PaperLicence>, ServiceError> {
    let sql = "SELECT doc FROM paper_licence WHERE region = $1 AND holder = $2 ORDER BY id DESC LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), code.into(), MOST.into()]).await?;
    rows.iter().map(|row| parse(row.text(0)?)).collect()
}
