//! Who looked at whose data, when and why (PIPL 44; DESIGN §3).

use domain::accounts::Actor;
use domain::time::Timestamp;
use store::Access;

use crate::city::City;
use crate::error::ServiceError;

/// One look.
#[derive(Debug, Clone)]
pub struct AccessEntry {
    /// When.
    pub at: Timestamp,
    /// Account that looked.
    pub who: String,
    /// What for.
    pub purpose: String,
}

/// Records a look durably before the data is sent.
pub async fn note_access(city: &City, actor: &Actor, subject: &str, purpose: &str) -> Result<(), ServiceError> {
    let entry = Access { at: city.now(), who: actor.label(), subject: subject.to_owned(), purpose: purpose.to_owned() };
    city.store().record_access(city.region(), vec![entry]).await?;
    Ok(())
}

/// Most looks that are shown at once.
const MOST: usize = 200;

/// The latest looks at the data of the person and of the organisations that the person may act for, newest first.
pub async fn who_looked(city: &City, actor: &Actor) -> Result<Vec<AccessEntry>, ServiceError> {
    let person = actor.person.as_ref().ok_or(ServiceError::IdentityNeeded)?;
    let mut entries = Vec::new();
    for party in std::iter::once(person).chain(&actor.acts_for) {
        let sql = "SELECT at, who, purpose FROM access WHERE region = $1 AND subject = $2 ORDER BY at DESC LIMIT 200";
        let rows = city.store().query(sql, &[city.region().into(), party.code.as_str().into()]).await?;
        for row in &rows {
            entries.push(AccessEntry {
                at: Timestamp::from_micros(row.int(0)?),
                who: row.text(1)?.to_owned(),
                purpose: row.text(2)?.to_owned(),
            });
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    entries.truncate(MOST);
    Ok(entries)
}
