//! At the locker: a code opens a cell.

use domain::halls::{Bearer, Device, HallReason, ParcelFact, is_broken};
use domain::time::Timestamp;
use store::PlainDelete;
use store::halls::PARCEL_CODE;

use super::{change, codes, load, locker_rules, machines, refused};
use crate::city::City;
use crate::error::ServiceError;
use crate::halls::devices::{call_staff, digest};

/// A cell that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Number of the cell.
    pub cell: u32,
    /// Something is to be put in; otherwise it is taken out.
    pub deposit: bool,
}

/// Opens the cell of a code at the locker that asks. The code is used up; one for a cell that is broken is not, and staff are called.
///
/// # Errors
/// [`ServiceError::Hall`] for a code that opens nothing here, and for a broken cell.
pub async fn open(city: &City, device: &Device, code: &str) -> Result<Opened, ServiceError> {
    let gone = || refused("unknown", "open", HallReason::ParcelCodeGone);
    let sql = "SELECT parcel, bearer, expires FROM parcel_code WHERE region = $1 AND id = $2";
    let key = digest(code);
    let row = city.store().query_opt(sql, &[city.region().into(), key.as_str().into()]).await?.ok_or_else(gone)?;
    if Timestamp::from_micros(row.int(2)?) <= city.now() {
        return Err(gone());
    }
    let bearer: Bearer = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
    let own = load(city, row.text(0)?).await?;
    if own.0.place != device.place {
        return Err(gone());
    }
    let (id, cell) = (own.0.id.to_string(), own.0.cell);
    let broken = is_broken(cell, &machines(city, &device.place).await?);
    let fact = own.0.open(&bearer, broken, &locker_rules(city)?, city.now())?;
    let (mut change, _) = change(city, &device.label(), own, &fact)?;
    match &fact {
        ParcelFact::Stored { .. } => change.deletes.push(PlainDelete { table: &PARCEL_CODE, id: key }),
        ParcelFact::Taken { .. } => codes::forget(city, &id, None, &mut change).await?,
        _ => {}
    }
    city.store().commit(change).await?;
    if matches!(fact, ParcelFact::CellBroken { .. }) {
        call_staff(city, device).await?;
        return Err(refused("broken", "open", HallReason::CellBroken { cell }));
    }
    Ok(Opened { cell, deposit: bearer == Bearer::Depositor })
}
