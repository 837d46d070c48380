//! What a person's own list says beyond a row: by when they must act, and whether the clock stands still.

use std::collections::BTreeMap;

use domain::cases::{Case, State};
use jiff::civil::Date;

use super::read::CaseRow;
use crate::city::City;
use crate::error::ServiceError;

/// How a case that is under way stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Last day for the corrections, and whether it rests on a provisional calendar.
    pub correct_until: Option<(Date, bool)>,
    /// A special procedure stops the clock.
    pub paused: bool,
}

/// The standing of those rows that are being corrected or examined, by id; one read for all. The rows come from a list
/// that the reader may see, so nothing is asked again.
pub async fn standings(city: &City, rows: &[CaseRow]) -> Result<BTreeMap<String, Standing>, ServiceError> {
    let open = |row: &&CaseRow| matches!(row.state.as_str(), "correction" | "in-review");
    let ids: Vec<&str> = rows.iter().filter(open).map(|row| row.id.as_str()).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut params = vec![city.region().into()];
    let mut places = Vec::new();
    for id in ids {
        params.push(id.into());
        places.push(format!("${}", params.len()));
    }
    let sql = format!("SELECT id, doc FROM casefile WHERE region = $1 AND id IN ({})", places.join(", "));
    let mut found = BTreeMap::new();
    for row in city.store().query(&sql, &params).await? {
        let case: Case = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        let notice = case.notices().last().filter(|_| case.state == State::Correction);
        let standing = Standing {
            correct_until: notice.map(|notice| (notice.until, notice.provisional)),
            paused: case.clocks.as_ref().is_some_and(|clocks| clocks.is_paused()),
        };
        found.insert(row.text(0)?.to_owned(), standing);
    }
    Ok(found)
}
