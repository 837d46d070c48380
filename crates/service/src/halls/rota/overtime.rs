//! Overtime, read from what happened to tickets, and time off in lieu.

use std::collections::BTreeSet;

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{Ledger, LedgerFact, LieuKind, Overtime, Place, Ticket, TicketState, hours, past_closing};
use domain::time::Timestamp;
use jiff::civil::Date;
use store::halls::LIEU;
use store::{Change, Erasure, RowWrite};

use super::{commit, expected, is_done, may_at, roster};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// Longest reason, in characters.
const MAX_REASON: usize = 200;
/// Most minutes of one entry: ten days of eight hours.
const MAX_MINUTES: u32 = 4800;

/// A ledger with the version of its row; 0 when it was not begun.
async fn load(city: &City, account: &str) -> Result<(Ledger, i64), ServiceError> {
    let sql = "SELECT doc, version FROM lieu WHERE region = $1 AND id = $2";
    match city.store().query_opt(sql, &[city.region().into(), account.into()]).await? {
        Some(row) => Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?)),
        None => Ok((Ledger::empty(account), 0)),
    }
}

/// The row that facts make of a ledger, begun with them when it was not yet.
fn row(
    city: &City,
    by: &str,
    (before, version): (Ledger, i64),
    mut facts: Vec<LedgerFact>,
) -> Result<RowWrite, ServiceError> {
    let opened = before.opened();
    let after = facts.iter().cloned().try_fold(before, |own, fact| Ledger::evolve(Some(own), fact));
    let after = after.ok_or_else(|| ServiceError::internal("a ledger cannot vanish"))?;
    if version == 0 {
        facts.insert(0, opened);
    }
    Ok(RowWrite {
        table: &LIEU,
        id: after.account.clone(),
        expected: expected(version),
        columns: vec![after.worked_minutes().into(), after.balance().into()],
        doc: serde_json::to_string(&after).map_err(ServiceError::internal)?,
        facts: city.facts(by, &facts, LedgerFact::kind)?,
    })
}

/// The time past closing that ends with a command on a ticket: from when its number was called, or its holder came to the window.
///
/// # Errors
/// [`ServiceError::Internal`] for a day that the calendar does not know.
pub(in crate::halls) fn past_closing_of(
    city: &City,
    place: &Place,
    own: &Ticket,
    now: Timestamp,
) -> Result<Vec<Overtime>, ServiceError> {
    let (TicketState::Called { window, at, .. } | TicketState::Serving { window, at }) = &own.state else {
        return Ok(Vec::new());
    };
    let Some(counter) = place.counter_of_window(window) else { return Ok(Vec::new()) };
    let day = hours(place, &city.calendar(), own.day).map_err(ServiceError::internal)?;
    let spans = day.spans_at(&counter.id, window);
    let entry = |(from, to)| Overtime {
        place: own.place.clone(),
        window: window.clone(),
        ticket: own.number.clone(),
        from,
        to,
    };
    Ok(past_closing(&spans, own.day, own.taken, *at, now).into_iter().map(entry).collect())
}

/// The row of a clerk's ledger after service past closing; `None` when none of it is new.
///
/// # Errors
/// What the store says.
pub(in crate::halls) async fn worked(
    city: &City,
    by: &str,
    entries: &[Overtime],
) -> Result<Option<RowWrite>, ServiceError> {
    let (ledger, version) = load(city, by).await?;
    let (mut after, mut facts) = (ledger.clone(), Vec::new());
    for entry in entries {
        for fact in after.work(entry) {
            after = Ledger::evolve(Some(after), fact.clone()).unwrap_or_else(|| ledger.clone());
            facts.push(fact);
        }
    }
    match facts.is_empty() {
        true => Ok(None),
        false => row(city, by, (ledger, version), facts).map(Some),
    }
}

/// Somebody's own ledger.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever stands on no rota.
pub async fn ledger_of(city: &City, actor: &Actor) -> Result<Ledger, ServiceError> {
    may(actor, Action::WorkRota, &Subject::default())?;
    Ok(load(city, &actor.label()).await?.0)
}

/// The ledgers of the staff of a place, in the order of its roster.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever does not plan its rota; [`ServiceError::NotFound`] for a place that there is not.
pub async fn ledgers(city: &City, actor: &Actor, place: &str) -> Result<Vec<(Ledger, String)>, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    let (roster, _) = roster(city, &place.id).await?;
    let ids: BTreeSet<String> = roster.members.iter().map(|member| member.account.clone()).collect();
    let names = super::names_of(city, &ids).await?;
    let mut found = Vec::new();
    for member in &roster.members {
        let name = names.get(&member.account).cloned().unwrap_or_else(|| "—".to_owned());
        found.push((load(city, &member.account).await?.0, name));
    }
    Ok(found)
}

/// An entry of time off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LieuEntry {
    /// The account.
    pub account: String,
    /// Granted or taken.
    pub kind: LieuKind,
    /// Minutes.
    pub minutes: u32,
    /// For which day, or on which day.
    pub day: Date,
    /// Why, where it must be said.
    pub reason: String,
}

fn check(entry: &LieuEntry) -> Result<(), ServiceError> {
    if !(1..=MAX_MINUTES).contains(&entry.minutes) {
        return Err(ServiceError::field("minutes", "请填写 1 至 4800 分钟。", "Enter 1 to 4,800 minutes."));
    }
    if entry.reason.chars().count() > MAX_REASON {
        return Err(ServiceError::field("reason", "理由不超过 200 个字。", "A reason has at most 200 characters."));
    }
    Ok(())
}

/// The head grants time off to a member of a place's staff, or enters what was taken.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`]; [`ServiceError::NotFound`] for an account that is not on the roster;
/// [`ServiceError::Hall`] when it is more than there is and nobody has said why; [`ServiceError::Changed`].
pub async fn enter_lieu(
    city: &City,
    actor: &Actor,
    place: &str,
    entry: LieuEntry,
    key: Option<RequestKey>,
) -> Result<Ledger, ServiceError> {
    let shelf = city.shelf();
    let place = shelf.place(place)?;
    may_at(actor, Action::PlanRota, place)?;
    check(&entry)?;
    let (roster, _) = roster(city, &place.id).await?;
    if roster.member(&entry.account).is_none() {
        return Err(ServiceError::NotFound("member of the staff"));
    }
    let own = load(city, &entry.account).await?;
    if is_done(city, key.as_ref()).await? {
        return Ok(own.0);
    }
    let now = city.now();
    let fact = match entry.kind {
        LieuKind::Granted => own.0.grant(entry.minutes, entry.day, &entry.reason, now)?,
        LieuKind::Taken => own.0.take(entry.minutes, entry.day, &entry.reason, now)?,
    };
    let row = row(city, &actor.label(), own, vec![fact])?;
    commit(city, Change::new(city.region(), now).row(row), key, entry.account.clone()).await?;
    Ok(load(city, &entry.account).await?.0)
}

/// Puts the erasure of what was said about somebody's time off into a change; the figures stay.
///
/// # Errors
/// What the store says.
pub(crate) async fn erase_lieu(city: &City, by: &str, account: &str, change: &mut Change) -> Result<(), ServiceError> {
    let own = load(city, account).await?;
    if own.1 > 0 {
        change.rows.push(row(city, by, own, vec![LedgerFact::Erased])?);
        change.erasures.push(Erasure { table: &LIEU, id: account.to_owned() });
    }
    Ok(())
}
