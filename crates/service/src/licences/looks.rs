//! Who looked at a licence, for its holder (PIPL 44).

use domain::accounts::Actor;
use domain::time::Timestamp;

use super::read::LicenceView;
use crate::cases::AccessEntry;
use crate::city::City;
use crate::error::ServiceError;

/// Most looks that the page of a licence lists.
const MOST: i64 = 20;

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
    let sql = "SELECT at, who, purpose FROM access WHERE region = $1 AND subject = $2 AND purpose = $3 \
               ORDER BY at DESC LIMIT $4";
    let purpose = purpose(&view.licence.id.to_string());
    let holder = view.licence.holder.code.as_str();
    let rows = city.store().query(sql, &[city.region().into(), holder.into(), purpose.into(), MOST.into()]).await?;
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
