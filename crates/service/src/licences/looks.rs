//! Who looked at a licence, for its holder (PIPL 44).

use domain::accounts::{Actor, Party};
use domain::cases::Provided;
use domain::time::Timestamp;

use super::read::LicenceView;
use super::uses;
use crate::cases::{AccessEntry, MaterialOffer, note_access};
use crate::city::City;
use crate::error::ServiceError;

/// Most looks that the page of a licence lists.
const MOST: i64 = 20;

/// The purpose under which a clerk's look at the cards of an organisation is recorded.
pub(super) const LIST: &str = "list-licences";

/// The purpose under which a look at a licence is recorded: what, and which.
pub(super) fn purpose(id: &str) -> String {
    format!("view-licence {id}")
}

/// The latest looks of others at one licence, newest first. Only whoever stands for the holder sees them; for everybody
/// else the list is empty.
pub async fn looks(city: &City, actor: &Actor, view: &LicenceView) -> Result<Vec<AccessEntry>, ServiceError> {
    if !actor.stands_for(&view.licence.holder) {
        return Ok(Vec::new());
    }
    let sql = "SELECT at, who, purpose FROM access WHERE region = $1 AND subject = $2 \
               AND (purpose = $3 OR (purpose >= $4 AND purpose < $5)) ORDER BY at DESC LIMIT $6";
    let id = view.licence.id.to_string();
    let (from, to) = uses::range(&id);
    let holder = view.licence.holder.code.as_str();
    let params = [city.region().into(), holder.into(), purpose(&id).into(), from.into(), to.into(), MOST.into()];
    let rows = city.store().query(sql, &params).await?;
    rows.iter()
        .map(|row| {
            Ok(AccessEntry {
                at: Timestamp::from_micros(row.int(0)?),
                who: row.text(1)?.to_owned(),
                purpose: row.text(2)?.to_owned(),
            })
        })
        .collect()
}

/// Records that somebody saw which licences stand in the place of an applicant's papers before anything was filed: a clerk who
/// takes an application at a window.
pub async fn note_offers(
    city: &City,
    actor: &Actor,
    holder: &Party,
    offers: &[MaterialOffer],
) -> Result<(), ServiceError> {
    if actor.stands_for(holder) {
        return Ok(());
    }
    for offer in offers {
        if let Some(Provided::Licence { id, .. }) = &offer.ready {
            note_access(city, actor, &holder.code, &purpose(&id.to_string())).await?;
        }
    }
    Ok(())
}
