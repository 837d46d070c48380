//! Mandates as those see them whom they concern, and what they let somebody do now.

use domain::accounts::{Account, Action, Actor, Mandate, Party};
use domain::registry::Answer;
use jiff::civil::Date;

use super::parse;
use super::steps::is_for;
use crate::city::City;
use crate::error::ServiceError;
use crate::registry;

/// Most mandates of one kind that a page lists.
const MOST: i64 = 100;
/// Most that have ended.
const MOST_ENDED: i64 = 20;

/// The days among which a new mandate may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MandateTerms {
    /// The first day possible.
    pub today: Date,
    /// The latest last day of one that begins today.
    pub latest: Date,
    /// The longest term in months.
    pub months: u32,
}

/// The mandates by which a person may act now: accepted, within their term, of organisations that still stand in the register
/// (Civil Code 173(5)).
pub async fn in_force(city: &City, person: &Party) -> Result<Vec<Mandate>, ServiceError> {
    let sql = "SELECT m.doc FROM mandate m \
               JOIN register_entry r ON r.region = m.region AND r.id = 'enterprise/' || m.principal \
               WHERE m.region = $1 AND m.person = $2 AND m.state = 'accepted' ORDER BY m.id LIMIT 100";
    let rows = city.store().query(sql, &[city.region().into(), person.code.as_str().into()]).await?;
    let now = city.now();
    let mut found = Vec::new();
    for row in &rows {
        let own = parse(row.text(0)?)?;
        let same = own.clerk.id_type == person.id_type && own.clerk.name == person.name;
        found.extend(Some(own).filter(|own| same && own.is_in_force(now)));
    }
    Ok(found)
}

async fn listed(city: &City, sql: &str, code: &str) -> Result<Vec<Mandate>, ServiceError> {
    let mut found = Vec::new();
    for (state, most) in [("offered", MOST), ("accepted", MOST), ("ended", MOST_ENDED)] {
        let rows = city.store().query(sql, &[city.region().into(), code.into(), state.into(), most.into()]).await?;
        for row in &rows {
            found.push(parse(row.text(0)?)?);
        }
    }
    found.retain(|own| !own.is_erased());
    Ok(found)
}

const OF_PRINCIPAL: &str =
    "SELECT doc FROM mandate WHERE region = $1 AND principal = $2 AND state = $3 ORDER BY id DESC LIMIT $4";

/// Those of an organisation that are open.
pub(super) async fn open_of(city: &City, code: &str) -> Result<Vec<Mandate>, ServiceError> {
    let mut found = listed(city, OF_PRINCIPAL, code).await?;
    found.retain(|own| own.is_open(city.now()));
    Ok(found)
}

/// The mandates of the organisations whose legal representative the actor is: open ones, and the latest that have ended.
pub async fn given_mandates(city: &City, actor: &Actor) -> Result<Vec<Mandate>, ServiceError> {
    let mut found = Vec::new();
    for party in &actor.acts_for {
        found.extend(listed(city, OF_PRINCIPAL, &party.code).await?);
    }
    Ok(found)
}

/// The mandates for the actor: offered, accepted, and the latest that have ended.
pub async fn my_mandates(city: &City, actor: &Actor) -> Result<Vec<Mandate>, ServiceError> {
    let Some(person) = &actor.person else { return Ok(Vec::new()) };
    let sql = "SELECT doc FROM mandate WHERE region = $1 AND person = $2 AND state = $3 ORDER BY id DESC LIMIT $4";
    let mut found = listed(city, sql, &person.code).await?;
    found.retain(|own| is_for(actor, own));
    Ok(found)
}

/// Whether a person is or was clerk of an organisation whose legal representative the actor is, who so may know the name.
pub async fn is_clerk_of(city: &City, actor: &Actor, person: &Party) -> Result<bool, ServiceError> {
    let sql = "SELECT doc FROM mandate WHERE region = $1 AND person = $2 ORDER BY state, id DESC LIMIT 200";
    let rows = city.store().query(sql, &[city.region().into(), person.code.as_str().into()]).await?;
    for row in &rows {
        let own = parse(row.text(0)?)?;
        if own.accepted.is_some() && actor.acts_for.iter().any(|party| party.code == own.principal.code) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The account of an organisation's legal representative, by the register; `None` where it says nobody who has one.
pub(crate) async fn representative(city: &City, code: &str) -> Result<Option<String>, ServiceError> {
    let Answer::Found(doc) = registry::entry(city, "enterprise", code).await? else { return Ok(None) };
    let Some(person) = doc.pointer("/legal_representative/id").and_then(|id| id.as_str()) else { return Ok(None) };
    account_of(city, person).await.map(|found| found.map(|account| account.id.to_string()))
}

async fn account_of(city: &City, person: &str) -> Result<Option<Account>, ServiceError> {
    let sql = "SELECT doc FROM account WHERE region = $1 AND person = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), person.into()]).await?;
    row.map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).transpose()
}

/// The account of the clerk, where the person has one under that very name.
pub(crate) async fn of_clerk_account(city: &City, clerk: &Party) -> Result<Option<String>, ServiceError> {
    let account = account_of(city, &clerk.code).await?;
    let same = account.filter(|own| own.person.as_ref().is_some_and(|person| person.name == clerk.name));
    Ok(same.map(|own| own.id.to_string()))
}

/// Who hears of an organisation's case: whoever filed it, unless that was its clerk and no mandate allows it any more; then its
/// legal representative.
pub(crate) async fn hears(
    city: &City,
    filed_by: &str,
    applicant: &str,
    matter: &str,
) -> Result<Option<String>, ServiceError> {
    // Those that may be in force come first, whatever has ended before.
    let sql = "SELECT m.doc FROM account a JOIN mandate m ON m.region = a.region AND m.person = a.person \
               WHERE a.region = $1 AND a.id = $2 AND m.principal = $3 ORDER BY m.state, m.id LIMIT 20";
    let params = [city.region().into(), filed_by.into(), applicant.into()];
    let (mut clerk, now) = (false, city.now());
    for row in &city.store().query(sql, &params).await? {
        let own = parse(row.text(0)?)?;
        if own.is_in_force(now) && own.allows(Action::ViewCase, Some(matter)) {
            return Ok(Some(filed_by.to_owned()));
        }
        clerk = true;
    }
    if clerk { representative(city, applicant).await } else { Ok(Some(filed_by.to_owned())) }
}
