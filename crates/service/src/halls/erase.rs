//! Forgetting who had appointments; when and where somebody came stays.

use domain::halls::{Appointment, AppointmentFact};
use store::halls::APPOINTMENT;
use store::{Change, Erasure, Expected};

use super::appointment_row;
use super::book::free;
use super::duties::none;
use crate::city::City;
use crate::error::ServiceError;

/// Puts the erasure of a person's appointments into a change; one that is still open is given back. Answers how many there are, of
/// at most `most`.
pub(crate) async fn erase_appointments(
    city: &City,
    by: &str,
    code: &str,
    most: i64,
    change: &mut Change,
) -> Result<usize, ServiceError> {
    let sql = "SELECT doc, version FROM appointment WHERE region = $1 AND person = $2 ORDER BY state, start LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), code.into(), most.into()]).await?;
    for row in &rows {
        let own: Appointment = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        change.due.extend(none(&own));
        let mut facts = Vec::new();
        if let Ok(cancelled) = own.cancel(city.now()) {
            change.increments.push(free(&own, 1));
            facts.push(cancelled);
        }
        facts.push(AppointmentFact::Erased);
        let after = facts.iter().cloned().fold(Some(own), Appointment::evolve);
        let after = after.ok_or_else(|| ServiceError::internal("an appointment cannot vanish"))?;
        change.rows.push(appointment_row(city, &after, Expected::Version(row.int(1)?), &facts, by)?);
        change.erasures.push(Erasure { table: &APPOINTMENT, id: after.id.to_string() });
    }
    Ok(rows.len())
}
