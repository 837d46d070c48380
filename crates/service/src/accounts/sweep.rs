//! Forgetting what has expired.

use store::accounts::{CHALLENGE, SESSION};
use store::{Change, PlainDelete};

use crate::city::City;
use crate::error::ServiceError;

/// Most rows of a table that one round deletes.
const BATCH: i64 = 500;

/// Deletes sessions and challenges that nobody can use any more. Answers how many; call again while there are any.
pub async fn sweep(city: &City) -> Result<usize, ServiceError> {
    let mut change = Change::new(city.region(), city.now());
    for table in [&SESSION, &CHALLENGE] {
        let sql = format!(
            "SELECT id FROM {} WHERE region = $1 AND expires <= $2 ORDER BY expires, id LIMIT {BATCH}",
            table.name
        );
        for row in city.store().query(&sql, &[city.region().into(), city.now().micros().into()]).await? {
            change.deletes.push(PlainDelete { table, id: row.text(0)?.to_owned() });
        }
    }
    let count = change.deletes.len();
    if count > 0 {
        city.store().commit(change).await?;
    }
    Ok(count)
}
