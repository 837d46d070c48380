//! Which devices there are, when each was heard last, and which of them staff must look at.

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Device, is_silent};
use domain::time::Timestamp;

use super::report::looks_after;
use super::terminal_rules;
use crate::city::City;
use crate::error::ServiceError;

/// Most devices of a place, and most troubled ones of the city, that a page shows.
const MOST: i64 = 200;

/// A device as staff see it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The device.
    pub device: Device,
    /// When it was heard last; `None` while it is not enrolled.
    pub last: Option<Timestamp>,
    /// It should have been heard since.
    pub silent: bool,
}

impl Seen {
    /// Whether staff must look at it.
    pub fn is_troubled(&self) -> bool {
        self.silent || self.device.needs_staff()
    }
}

/// The devices of the city that staff must look at.
#[derive(Debug, Clone, Default)]
pub struct Troubled {
    /// Them, those that wait longest first.
    pub devices: Vec<Seen>,
}

/// Whether the actor may see how devices are.
fn sees(actor: &Actor) -> Result<(), ServiceError> {
    looks_after(actor).or_else(|_| Ok(may(actor, Action::Supervise, &Subject::default())?))
}

/// The devices of a place, the oldest first. Revoked ones stay in the list, because what they did stays on record.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] for a place that there is not.
pub async fn devices_of(city: &City, actor: &Actor, place: &str) -> Result<Vec<Seen>, ServiceError> {
    sees(actor)?;
    city.shelf().place(place)?;
    let sql = "SELECT d.doc, s.seen FROM device d LEFT JOIN device_seen s ON s.region = d.region AND s.id = d.id \
               WHERE d.region = $1 AND d.place = $2 ORDER BY d.id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), place.into(), MOST.into()]).await?;
    rows.iter().map(|row| seen(city, row)).collect()
}

/// A row of device and time.
fn seen(city: &City, row: &store::Row) -> Result<Seen, ServiceError> {
    let device: Device = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let last = row.opt_int(1)?.map(Timestamp::from_micros);
    let (rules, now) = (terminal_rules(city)?, city.now());
    let silent = device.key().is_some() && last.is_some_and(|last| is_silent(&rules, last, now));
    Ok(Seen { device, last, silent })
}

/// The devices of the whole city that staff must look at.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub async fn troubled(city: &City, actor: &Actor) -> Result<Troubled, ServiceError> {
    sees(actor)?;
    let Ok(rules) = terminal_rules(city) else { return Ok(Troubled::default()) };
    let told = "SELECT d.doc, s.seen FROM device d LEFT JOIN device_seen s ON s.region = d.region AND s.id = d.id \
                WHERE d.region = $1 AND d.alert > 0 ORDER BY d.alert LIMIT $2";
    let heard = "SELECT d.doc, s.seen FROM device_seen s JOIN device d ON d.region = s.region AND d.id = s.id \
                 WHERE s.region = $1 AND s.seen < $2 ORDER BY s.seen, s.id LIMIT $3";
    let before = city.now().plus_seconds(-i64::from(rules.silent_seconds));
    let mut devices = Vec::new();
    for row in city.store().query(told, &[city.region().into(), MOST.into()]).await? {
        devices.push(seen(city, &row)?);
    }
    for row in city.store().query(heard, &[city.region().into(), before.micros().into(), MOST.into()]).await? {
        let own = seen(city, &row)?;
        if own.silent && !devices.iter().any(|known| known.device.id == own.device.id) {
            devices.push(own);
        }
    }
    Ok(Troubled { devices })
}
