//! A week as it is looked at: calendar, duties, staff, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::{Action, Actor};
use domain::halls::{
    Busy, DayHours, DayTime, Flags, Gap, Place, Roster, Rota, RotaRules, Swap, flags, left_by, monday_of, rota_rules_on,
};
use domain::text::Text;
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{load, may_at, roster};
use crate::accounts;
use crate::city::City;
use crate::error::ServiceError;
use crate::halls::places;

/// Most duties of one person in one week at other places that are looked at.
const MOST: i64 = 200;

/// A week of a place.
#[derive(Debug)]
pub struct Week<'p> {
    /// The place.
    pub place: &'p Place,
    /// What the calendar says of its seven days.
    pub days: Vec<DayHours<'p>>,
    /// Who sits where.
    pub rota: Rota,
    /// Who can be planned.
    pub roster: Roster,
    /// What is wrong.
    pub flags: Flags,
    /// Names of everybody who occurs, by account.
    pub names: BTreeMap<String, String>,
    /// Whether the head confirms swaps.
    pub head_confirms: bool,
}

impl Week<'_> {
    /// What a swap would leave open that is not open now.
    pub fn left_by(&self, swap: &Swap) -> Vec<Gap> {
        left_by(&self.rota, swap, self.place, &self.days)
    }

    /// Name of an account; a dash for one that is no more.
    pub fn name(&self, account: &str) -> &str {
        self.names.get(account).map_or("—", String::as_str)
    }
}

/// The week of a day at a place.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever neither plans nor stands on rotas there; [`ServiceError::NotFound`] for days that the
/// calendar does not know.
pub async fn week_of<'p>(city: &City, actor: &Actor, place: &'p Place, day: Date) -> Result<Week<'p>, ServiceError> {
    may_at(actor, Action::WorkRota, place)?;
    let monday = monday_of(day);
    let (rota, _) = load(city, &place.id, monday).await?;
    let (roster, _) = roster(city, &place.id).await?;
    let days = places::week(city, place, monday).map_err(|_| ServiceError::NotFound("week"))?;
    let accounts: BTreeSet<String> = roster
        .members
        .iter()
        .map(|member| member.account.clone())
        .chain(rota.duties.iter().map(|duty| duty.account.clone()))
        .chain(rota.swaps.iter().flat_map(|swap| [swap.by.clone(), swap.to.clone()]))
        .collect();
    let elsewhere = busy(city, &place.id, monday, &accounts).await?;
    let flags = flags(&rota, place, &days, &roster, &elsewhere);
    let names = names_of(city, &accounts).await?;
    let head_confirms = head_confirms(city, monday);
    Ok(Week { place, days, rota, roster, flags, names, head_confirms })
}

/// Whether a swap waits for the head. A city without a rule lets the head decide.
pub(super) fn head_confirms(city: &City, day: Date) -> bool {
    let shelf = city.shelf();
    rota_rules_on(&shelf.places().rota, day).is_none_or(|rules: &RotaRules| rules.head_confirms)
}

/// Names by account. Erased accounts have none.
///
/// # Errors
/// What the store says.
pub async fn names_of(city: &City, ids: &BTreeSet<String>) -> Result<BTreeMap<String, String>, ServiceError> {
    let mut names = BTreeMap::new();
    for id in ids {
        match accounts::load(city, id).await {
            Ok((account, _)) if account.login.is_some() => names.insert(id.clone(), account.name),
            Ok(_) | Err(ServiceError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
    }
    Ok(names)
}

/// The duties of people at other places in a week.
pub(super) async fn busy(
    city: &City,
    place: &str,
    monday: Date,
    accounts: &BTreeSet<String>,
) -> Result<Vec<Busy>, ServiceError> {
    let sql = "SELECT place, start, ends FROM rota_duty WHERE region = $1 AND account = $2 AND start >= $3 AND start < $4 \
               ORDER BY start LIMIT $5";
    let shelf = city.shelf();
    let name = |id: &str| shelf.place(id).map_or_else(|_| Text::new(id, id), |own| own.name.clone());
    let end = monday.checked_add(7.days()).unwrap_or(monday);
    let (from, to) = (Timestamp::start_of(monday).micros(), Timestamp::start_of(end).micros());
    let mut found = Vec::new();
    for account in accounts {
        let params = [city.region().into(), account.as_str().into(), from.into(), to.into(), MOST.into()];
        for row in city.store().query(sql, &params).await? {
            let (at, start, ends) = (row.text(0)?, row.int(1)?, row.int(2)?);
            if at == place {
                continue;
            }
            let begins = Timestamp::from_micros(start);
            let minutes = (ends - Timestamp::start_of(begins.date()).micros()) / 60_000_000;
            found.push(Busy {
                account: account.clone(),
                day: begins.date(),
                from: DayTime::of(begins),
                to: DayTime::from_minutes(u16::try_from(minutes).unwrap_or(1440)),
                name: name(at),
            });
        }
    }
    Ok(found)
}
