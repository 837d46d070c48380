//! Forgetting who was a clerk (PIPL 47): that an organisation had one, for what and how long, stays.

use domain::accounts::{Mandate, MandateFact};
use store::accounts::MANDATE;
use store::{Change, Erasure, Expected};

use super::{none, parse, row};
use crate::city::City;
use crate::error::ServiceError;

/// Puts the erasure of the mandates for a person into a change; one that is open ends by it. Answers how many there are, of at
/// most `most`.
pub(in crate::accounts) async fn erase(
    city: &City,
    by: &str,
    code: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM mandate WHERE region = $1 AND person = $2 ORDER BY state, id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), code.into(), most.into()]).await?;
    for found in &rows {
        let own = parse(found.text(0)?)?;
        let mut facts = Vec::new();
        facts.extend(own.resign(city.now()).ok());
        facts.push(MandateFact::Erased);
        let after = facts.iter().cloned().fold(Some(own), Mandate::evolve);
        let after = after.ok_or_else(|| ServiceError::internal("a mandate cannot vanish"))?;
        change.due.push(none(&after));
        change.rows.push(row(city, &after, Expected::Version(found.int(1)?), &facts, by)?);
        change.erasures.push(Erasure { table: &MANDATE, id: after.id.to_string() });
    }
    Ok(rows.len())
}
