//! Codes that open a cell: 50 bits, kept as digests, each for one bearer and once.

use domain::accounts::{Action, Actor, Subject, may};
use domain::codes::name::mask;
use domain::halls::{Bearer, Parcel, ParcelFact, ParcelState, Way};
use domain::time::Timestamp;
use store::halls::PARCEL_CODE;
use store::{Change, PlainDelete, PlainWrite};

use super::{change, load, locker_rules};
use crate::city::City;
use crate::error::ServiceError;
use crate::halls::devices::{digest, fresh_code};

fn put(own: &Parcel, code: &str, bearer: &Bearer, until: Timestamp, change: &mut Change) -> Result<(), ServiceError> {
    let bearer = serde_json::to_string(bearer).map_err(ServiceError::internal)?;
    let columns = vec![own.id.to_string().into(), bearer.into(), until.micros().into()];
    change.plain.push(PlainWrite { table: &PARCEL_CODE, id: digest(code), columns });
    Ok(())
}

/// Puts the code for putting in into a change.
pub(super) fn depositor(city: &City, own: &Parcel, change: &mut Change) -> Result<String, ServiceError> {
    let ParcelState::Reserved { until } = own.state else { return Err(ServiceError::internal("nothing is reserved")) };
    let code = fresh_code(city);
    put(own, &code, &Bearer::Depositor, until, change)?;
    Ok(code)
}

/// Puts the end of the codes of a parcel into a change: of one kind of bearer, or of all.
pub(super) async fn forget(
    city: &City,
    id: &str,
    kind: Option<&Bearer>,
    change: &mut Change,
) -> Result<(), ServiceError> {
    let sql = "SELECT id, bearer FROM parcel_code WHERE region = $1 AND parcel = $2 ORDER BY id LIMIT 100";
    for row in city.store().query(sql, &[city.region().into(), id.into()]).await? {
        let bearer: Bearer = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
        let same = kind.is_none_or(|kind| std::mem::discriminant(kind) == std::mem::discriminant(&bearer));
        if same {
            change.deletes.push(PlainDelete { table: &PARCEL_CODE, id: row.text(0)?.to_owned() });
        }
    }
    Ok(())
}

/// Whether the actor may give codes for a parcel: its recipient for what goes out, whoever hands over for what comes in.
fn is_for(actor: &Actor, own: &Parcel) -> Result<(), ServiceError> {
    match own.way {
        Way::Out if own.account == actor.label() => Ok(()),
        Way::Out => Err(ServiceError::NotFound("parcel")),
        Way::In => Ok(may(actor, Action::Deliver, &Subject::default())?),
    }
}

/// Gives a code for taking out, shown this once; one that the same bearer had before opens nothing any more. With the name of a
/// proxy it is the recipient's consent that this person takes it; of the name only what lists show is kept.
///
/// # Errors
/// [`ServiceError::NotFound`] for a parcel of somebody else; [`ServiceError::Forbidden`]; [`ServiceError::Hall`] when it does not lie in
/// its cell; [`ServiceError::Invalid`] for a name that cannot be.
pub async fn give_code(
    city: &City,
    actor: &Actor,
    id: &str,
    proxy: Option<&str>,
) -> Result<(Parcel, String), ServiceError> {
    let own = load(city, id).await?;
    is_for(actor, &own.0)?;
    let bearer = match proxy.map(str::trim) {
        None => Bearer::Recipient,
        Some(name) if (2..=50).contains(&name.chars().count()) => Bearer::Proxy { name: mask(name) },
        Some(_) => {
            return Err(ServiceError::field(
                "proxy",
                "请填写代取人的姓名。",
                "Write the name of the person who comes.",
            ));
        }
    };
    let fact = own.0.issue_code(bearer.clone(), &locker_rules(city)?, city.now())?;
    let ParcelFact::CodeIssued { until, .. } = fact else { return Err(ServiceError::internal("no code")) };
    let code = fresh_code(city);
    let (mut change, after) = change(city, &actor.label(), own, &fact)?;
    forget(city, id, Some(&bearer), &mut change).await?;
    put(&after, &code, &bearer, until, &mut change)?;
    city.store().commit(change).await?;
    Ok((after, code))
}

/// Takes the consent to a proxy back: the proxy's code opens nothing any more.
///
/// # Errors
/// As [`give_code`].
pub async fn withdraw_proxy(city: &City, actor: &Actor, id: &str) -> Result<Parcel, ServiceError> {
    let own = load(city, id).await?;
    is_for(actor, &own.0)?;
    let fact = own.0.withdraw_proxy()?;
    let (mut change, after) = change(city, &actor.label(), own, &fact)?;
    forget(city, id, Some(&Bearer::Proxy { name: String::new() }), &mut change).await?;
    city.store().commit(change).await?;
    Ok(after)
}
