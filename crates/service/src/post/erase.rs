//! Forgetting where somebody lives; that something was posted, and when, stays.

use domain::post::{Direction, MailFact, Mailing};
use store::post::MAILING;
use store::{Change, Erasure, Expected};

use super::row;
use crate::city::City;
use crate::error::ServiceError;

/// Puts the erasure of a person's postal items into a change. Answers how many there are, of at most `most`.
pub(crate) async fn erase_mailings(
    city: &City,
    by: &str,
    code: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM mailing WHERE region = $1 AND person = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), code.into(), most.into()]).await?;
    for found in &rows {
        let own: Mailing = serde_json::from_str(found.text(0)?).map_err(ServiceError::internal)?;
        if let Some(number) = own.number.as_ref().filter(|_| own.direction == Direction::Out) {
            city.carrier().forget(number).map_err(ServiceError::Internal)?;
        }
        // Its case has ended, so nothing is still to be posted.
        let mut facts = Vec::new();
        if own.is_open() {
            facts.push(MailFact::Cancelled { at: city.now() });
        }
        facts.push(MailFact::Erased);
        let after = facts.iter().cloned().fold(Some(own), Mailing::evolve);
        let after = after.ok_or_else(|| ServiceError::internal("an item cannot vanish"))?;
        change.rows.push(row(city, &after, Expected::Version(found.int(1)?), &facts, by)?);
        change.erasures.push(Erasure { table: &MAILING, id: after.id.to_string() });
    }
    Ok(rows.len())
}
