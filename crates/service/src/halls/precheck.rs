//! 预约即办: what was looked at before somebody comes, so that the visit ends on the spot. The papers are those of an application sent for
//! feedback before filing; the appointment only shows how far that has come, to its holder and at the reception.

use domain::cases::Case;
use domain::halls::Appointment;
use domain::text::Text;

use crate::city::City;
use crate::error::ServiceError;

/// The application that belongs to an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precheck {
    /// Number of the case.
    pub number: String,
    /// Its state in words.
    pub state: Text,
    /// Points of the last feedback; none before there is any, and when everything was found in order.
    pub points: usize,
}

/// The newest open application of whoever has the appointment, in its matter; `None` when there is none, and for somebody who was
/// erased.
pub async fn precheck(city: &City, own: &Appointment) -> Result<Option<Precheck>, ServiceError> {
    let Some(party) = own.applicant.as_ref().filter(|_| !own.matter.is_empty()) else { return Ok(None) };
    let sql = "SELECT doc FROM casefile WHERE region = $1 AND applicant_code = $2 AND matter = $3 \
               AND open_key IS NOT NULL ORDER BY id DESC LIMIT 1";
    let params = [city.region().into(), party.code.as_str().into(), own.matter.as_str().into()];
    let Some(row) = city.store().query_opt(sql, &params).await? else { return Ok(None) };
    let case: Case = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let points = case.feedback.last().map_or(0, Vec::len);
    Ok(Some(Precheck { number: case.number, state: case.state.label(), points }))
}
