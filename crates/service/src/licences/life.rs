//! What became of a licence, step by step, for everybody who may see all of it.

use domain::licences::LicenceFact;
use domain::time::Timestamp;

use super::read::LicenceView;
use super::subject;
use crate::city::City;
use crate::error::ServiceError;

/// Most steps that are read: reminders are among them.
const MOST: i64 = 200;

/// The steps of a licence's life, the latest first. Whoever has the view was allowed to see it.
pub async fn life(city: &City, view: &LicenceView) -> Result<Vec<(Timestamp, LicenceFact)>, ServiceError> {
    let facts = city.store().read_stream(city.region(), &subject(&view.licence), 0, MOST).await?;
    let mut steps = Vec::new();
    for fact in facts {
        if let Some(body) = &fact.body {
            steps.push((fact.at, serde_json::from_str(body).map_err(ServiceError::internal)?));
        }
    }
    steps.reverse();
    Ok(steps)
}
