//! Document lockers: keeping a cell, putting in, taking out with a code, by oneself or by a proxy, and what nobody takes.

mod codes;
mod duties;
mod open;

pub use codes::{give_code, withdraw_proxy};
pub(super) use duties::{is_duty, run_duty};
pub use open::{Opened, open};

use domain::accounts::{Action, Actor, Role, Subject, may};
use domain::cases::{Case, State};
use domain::halls::{
    Device, HallReason, HallRefusal, LockerRules, Parcel, ParcelFact, ParcelState, Way, free_cell, locker_rules_on,
};
use domain::ids::ParcelId;
use domain::text::Text;
use store::halls::PARCEL;
use store::{Change, DueOp, Expected, RowWrite, StoreError};

use super::{is_taken, may_visit};
use crate::accounts;
use crate::cases;
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// How often a cell that somebody else has just got is looked for anew.
const PATIENCE: u32 = 20;
/// Most parcels that a list shows.
const MOST: i64 = 200;

/// The rules of lockers in force now.
///
/// # Errors
/// [`ServiceError::NotFound`] when the catalogue has none.
pub fn locker_rules(city: &City) -> Result<LockerRules, ServiceError> {
    let shelf = city.shelf();
    let rules = locker_rules_on(&shelf.places().lockers, city.now().date());
    rules.cloned().ok_or(ServiceError::NotFound("rules of lockers"))
}

fn refused(state: &'static str, command: &'static str, reason: HallReason) -> ServiceError {
    ServiceError::Hall(HallRefusal { state, command, reason })
}

/// The row that a parcel and its facts make.
fn parcel_row(
    city: &City,
    own: &Parcel,
    expected: Expected,
    facts: &[ParcelFact],
    by: &str,
) -> Result<RowWrite, ServiceError> {
    let open = own.is_open();
    Ok(RowWrite {
        table: &PARCEL,
        id: own.id.to_string(),
        expected,
        columns: vec![
            own.place.clone().into(),
            own.account.clone().into(),
            own.case.clone().into(),
            own.state.name().into(),
            open.then(|| format!("{}/{:04}", own.place, own.cell)).into(),
            open.then(|| format!("{}/{}", own.way.as_str(), own.case)).into(),
        ],
        doc: serde_json::to_string(own).map_err(ServiceError::internal)?,
        facts: city.facts(by, facts, ParcelFact::kind)?,
    })
}

/// A parcel with the version of its row.
async fn load(city: &City, id: &str) -> Result<(Parcel, i64), ServiceError> {
    let sql = "SELECT doc, version FROM parcel WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("parcel"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// A change that holds what a fact makes of a parcel, with the timers that follow, and the parcel as it is then.
fn change(
    city: &City,
    by: &str,
    (own, version): (Parcel, i64),
    fact: &ParcelFact,
) -> Result<(Change, Parcel), ServiceError> {
    let after = Parcel::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("parcel"))?;
    let row = parcel_row(city, &after, Expected::Version(version), std::slice::from_ref(fact), by)?;
    let mut change = Change::new(city.region(), city.now()).row(row);
    change.due.extend(duties::after(city, &after, fact)?);
    Ok((change, after))
}

/// The devices of a place, for what they say about its cells.
async fn machines(city: &City, place: &str) -> Result<Vec<Device>, ServiceError> {
    let sql = "SELECT doc FROM device WHERE region = $1 AND place = $2 ORDER BY id LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), place.into(), MOST.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

/// A wish for a cell.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// Id of the place.
    pub place: String,
    /// Number of the case.
    pub case: String,
    /// Which way it goes.
    pub way: Way,
}

/// The citizen whom a result is for: the applicant's own account, or whoever filed. Where that was a clerk whose mandate has
/// ended, it is the legal representative.
async fn recipient(city: &City, case: &Case) -> Result<String, ServiceError> {
    let sql = "SELECT id FROM account WHERE region = $1 AND person = $2";
    let own = city.store().query_opt(sql, &[city.region().into(), case.applicant.code.as_str().into()]).await?;
    let id = match own {
        Some(row) => row.text(0)?.to_owned(),
        None => {
            let hears = accounts::hears(city, &case.filed_by, &case.applicant.code, &case.matter).await?;
            hears.unwrap_or_default()
        }
    };
    let known = accounts::load(city, &id).await;
    if known.is_ok_and(|(account, _)| account.grants.iter().any(|grant| grant.role == Role::Citizen)) {
        return Ok(id);
    }
    let text = Text::new(
        "申请人没有账号，无法生成取件码。请在窗口送达。",
        "The applicant has no account and could not get a code. Hand it over at the window.",
    );
    Err(ServiceError::Invalid(vec![FieldError::new("case", text)]))
}

/// Whose the parcel will be, once the actor may put it in.
async fn permitted(city: &City, actor: &Actor, wish: &Reserve) -> Result<String, ServiceError> {
    match wish.way {
        Way::Out => {
            may(actor, Action::Deliver, &Subject::default())?;
            let case = cases::case_by_number(city, actor, &wish.case).await?.case;
            let subject =
                Subject { department: Some(&case.department), district: Some(&case.district), ..Subject::default() };
            may(actor, Action::Deliver, &subject)?;
            if !matches!(case.state, State::Issued | State::Granted) {
                return Err(refused(case.state.name(), "deposit", HallReason::NothingToHandOver));
            }
            recipient(city, &case).await
        }
        Way::In => {
            may_visit(actor, actor.person.as_ref(), "", &actor.label())?;
            let case = cases::case_by_number(city, actor, &wish.case).await?.case;
            if case.state.is_final() || actor.is_staff() {
                return Err(refused(case.state.name(), "deposit", HallReason::WrongState));
            }
            Ok(actor.label())
        }
    }
}

/// Keeps a cell for a while, for the result of a case or for originals. Answers with the code that opens it for putting in.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] for a place without lockers or a case that the actor may not know;
/// [`ServiceError::Hall`] when every cell is taken or broken, when something of the case lies in a cell already, or the case has no
/// result.
pub async fn reserve(city: &City, actor: &Actor, wish: &Reserve) -> Result<(Parcel, String), ServiceError> {
    let account = permitted(city, actor, wish).await?;
    let (rules, shelf, now) = (locker_rules(city)?, city.shelf(), city.now());
    let place = shelf.place(&wish.place)?;
    if place.cells == 0 {
        return Err(ServiceError::NotFound("locker"));
    }
    for _ in 0..PATIENCE {
        let taken = occupied(city, &place.id).await?;
        let Some(cell) = free_cell(place, &taken, &machines(city, &place.id).await?) else {
            return Err(refused("full", "deposit", HallReason::LockerFull));
        };
        let parcel = Parcel {
            id: ParcelId::new(now, city.random()),
            place: place.id.clone(),
            cell,
            way: wish.way,
            case: wish.case.clone(),
            account: account.clone(),
            state: ParcelState::Reserved { until: now.plus_seconds(i64::from(rules.reserve_minutes) * 60) },
        };
        let fact = ParcelFact::Reserved { parcel: Box::new(parcel.clone()) };
        let row = parcel_row(city, &parcel, Expected::New, std::slice::from_ref(&fact), &actor.label())?;
        let mut change = Change::new(city.region(), now).row(row);
        change.due.extend(duties::after(city, &parcel, &fact)?);
        let code = codes::depositor(city, &parcel, &mut change)?;
        match city.store().commit(change).await {
            Ok(_) => return Ok((parcel, code)),
            Err(error) if is_taken(&error, "parcel", "cell_key") => {}
            Err(StoreError::Duplicate { table, .. }) if table == "parcel" => {
                return Err(refused("open", "deposit", HallReason::ParcelThere));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Changed)
}

/// Numbers of the cells that can hold nothing else.
async fn occupied(city: &City, place: &str) -> Result<Vec<u32>, ServiceError> {
    let all = inside(city, place).await?;
    Ok(all.into_iter().map(|own| own.cell).collect())
}

async fn inside(city: &City, place: &str) -> Result<Vec<Parcel>, ServiceError> {
    let sql = "SELECT doc FROM parcel WHERE region = $1 AND place = $2 AND cell_key > '' ORDER BY cell_key LIMIT $3";
    // A locker has at most as many open parcels as cells.
    let most = i64::from(city.shelf().place(place)?.cells);
    let rows = city.store().query(sql, &[city.region().into(), place.into(), most.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

/// What a locker holds, in the order of its cells.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever hands nothing over.
pub async fn parcels_of(city: &City, actor: &Actor, place: &str) -> Result<Vec<Parcel>, ServiceError> {
    may(actor, Action::Deliver, &Subject::default())?;
    inside(city, place).await
}

/// The parcels of an account, latest first, at most 200.
///
/// # Errors
/// What the store says.
pub async fn my_parcels(city: &City, actor: &Actor) -> Result<Vec<Parcel>, ServiceError> {
    let sql = "SELECT doc FROM parcel WHERE region = $1 AND account = $2 ORDER BY id DESC LIMIT $3";
    let rows = city.store().query(sql, &[city.region().into(), actor.label().into(), MOST.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

/// Takes something out at the desk, because nobody came or the cell is broken: it waits at the window.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`]; [`ServiceError::Hall`] when it does not lie there; [`ServiceError::Invalid`] without
/// a reason.
pub async fn clear(city: &City, actor: &Actor, id: &str, reason: &str) -> Result<Parcel, ServiceError> {
    may(actor, Action::Deliver, &Subject::default())?;
    let reason = reason.trim();
    if !(1..=60).contains(&reason.chars().count()) {
        return Err(ServiceError::field("reason", "请填写 1 至 60 个字的原因。", "Say why in 1 to 60 characters."));
    }
    let own = load(city, id).await?;
    let fact = own.0.clear(reason, city.now())?;
    let (mut change, after) = change(city, &actor.label(), own, &fact)?;
    codes::forget(city, id, None, &mut change).await?;
    city.store().commit(change).await?;
    Ok(after)
}

/// A due row of a parcel.
fn due(own: &Parcel, kind: &str, at: domain::time::Timestamp) -> DueOp {
    DueOp::Add { at, kind: kind.into(), subject: format!("parcel/{}", own.id) }
}
