//! Forgetting who rated and what was said in words; levels and tags stay, and what was answered.

use domain::voice::{FollowUp, FollowUpFact, Rating, RatingFact};
use store::voice::{RATING, RATING_ORDER};
use store::{Change, Erasure, Expected};

use super::{order_of, rating_row, step};
use crate::city::City;
use crate::error::ServiceError;

/// Puts the erasure of a person's ratings into a change. Answers how many there are, of at most `most`.
pub(crate) async fn erase_ratings(
    city: &City,
    by: &str,
    code: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM rating WHERE region = $1 AND person = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), code.into(), most.into()]).await?;
    for row in &rows {
        let own: Rating = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        let after = Rating::evolve(Some(own), RatingFact::Erased);
        let after = after.ok_or_else(|| ServiceError::internal("a rating cannot vanish"))?;
        let version = Expected::Version(row.int(1)?);
        change.rows.push(rating_row(city, &after, version, &[RatingFact::Erased], by)?);
        change.erasures.push(Erasure { table: &RATING, id: after.id.clone() });
        if let Some(order) = order_of(city, &after.id).await? {
            let gone: FollowUp = step(city, change, order, FollowUpFact::Erased, by)?;
            change.erasures.push(Erasure { table: &RATING_ORDER, id: gone.id });
        }
    }
    Ok(rows.len())
}
