//! What a device says: that it is alive, what is wrong with it, that somebody at it needs help.

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Device, DeviceFact, Reported};
use domain::text::Text;
use store::halls::DEVICE_SEEN;
use store::{Change, PlainWrite};

use super::{change, load};
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// How often a device that others change at the same moment is read again.
const PATIENCE: u32 = 5;
/// Most faults that a device names at once, and the longest name of a part.
const MOST: usize = 64;
const MAX_PART: usize = 20;

/// Does to a device what its present state calls for; nothing is written when nothing follows.
async fn tell(
    city: &City,
    id: &str,
    by: &str,
    decide: impl Fn(&Device) -> Result<Vec<DeviceFact>, domain::halls::HallRefusal>,
) -> Result<Device, ServiceError> {
    for _ in 0..PATIENCE {
        let own = load(city, id).await?;
        let facts = decide(&own.0)?;
        if facts.is_empty() {
            return Ok(own.0);
        }
        let (change, after) = change(city, by, own, &facts)?;
        match city.store().commit(change).await.map_err(ServiceError::from) {
            Ok(_) => return Ok(after),
            Err(ServiceError::Changed) => {}
            Err(other) => return Err(other),
        }
    }
    Err(ServiceError::Changed)
}

fn check(all: &[Reported]) -> Result<(), ServiceError> {
    let long = all.iter().position(|own| own.part.chars().count() > MAX_PART);
    let text = Text::new(
        "部件名不超过 20 个字，一次最多 64 项故障。",
        "A part has up to 20 characters, and there are up to 64 faults.",
    );
    match (long, all.len() > MOST) {
        (None, false) => Ok(()),
        (Some(at), _) => Err(ServiceError::Invalid(vec![FieldError::new(format!("/faults/{at}/part"), text)])),
        (None, true) => Err(ServiceError::Invalid(vec![FieldError::new("/faults", text)])),
    }
}

/// A device is alive. With `faults` it names everything that is wrong with it now: what it named before and names no more is
/// mended. Without, it says nothing of that.
///
/// # Errors
/// [`ServiceError::Invalid`] for too many or too long ones; [`ServiceError::Hall`] for a device that does not count.
pub async fn beat(city: &City, device: &Device, faults: Option<&[Reported]>) -> Result<Device, ServiceError> {
    let id = device.id.to_string();
    let after = match faults {
        Some(all) => {
            check(all)?;
            tell(city, &id, &device.label(), |own| own.report(all, city.now())).await?
        }
        None => device.clone(),
    };
    let mut change = Change::new(city.region(), city.now());
    let columns = vec![device.place.clone().into(), city.now().micros().into()];
    change.plain.push(PlainWrite { table: &DEVICE_SEEN, id, columns });
    city.store().commit(change).await?;
    Ok(after)
}

/// Somebody at a device says what is wrong with it.
///
/// # Errors
/// As [`beat`].
pub async fn complain(city: &City, device: &Device, what: &Reported) -> Result<Device, ServiceError> {
    check(std::slice::from_ref(what))?;
    tell(city, &device.id.to_string(), &device.label(), |own| {
        own.complain(what.clone(), city.now()).map(|fact| fact.into_iter().collect())
    })
    .await
}

/// Somebody at a device calls for staff.
///
/// # Errors
/// [`ServiceError::Hall`] for a device that does not count.
pub async fn call_staff(city: &City, device: &Device) -> Result<Device, ServiceError> {
    tell(city, &device.id.to_string(), &device.label(), |own| {
        own.call_staff(city.now()).map(|fact| fact.into_iter().collect())
    })
    .await
}

/// Whether the actor looks after devices: whoever serves a queue, and whoever registers them.
pub(super) fn looks_after(actor: &Actor) -> Result<(), ServiceError> {
    let served = may(actor, Action::ServeQueue, &Subject::default());
    Ok(served.or_else(|_| may(actor, Action::ManageAccounts, &Subject::default()))?)
}

/// Staff have mended something.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`]; [`ServiceError::Hall`] when there is no such fault.
pub async fn mend(city: &City, actor: &Actor, id: &str, what: &Reported) -> Result<Device, ServiceError> {
    looks_after(actor)?;
    tell(city, id, &actor.label(), |own| Ok(vec![own.mend(what, city.now())?])).await
}

/// Staff have come to somebody who called.
///
/// # Errors
/// As [`mend`], when nobody called.
pub async fn staff_came(city: &City, actor: &Actor, id: &str) -> Result<Device, ServiceError> {
    looks_after(actor)?;
    tell(city, id, &actor.label(), |own| Ok(vec![own.staff_came(city.now())?])).await
}
