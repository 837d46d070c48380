//! Working through a queue: calling the next number, and everything that may happen to a ticket.

use domain::accounts::{Action, Actor, Subject, may};
use domain::halls::{HallReason, Overtime, Ticket, TicketCommand};
use store::halls::LIEU;
use store::{Change, DueOp, Expected, Idempotency, StoreError};

use super::duties::{END, EXPIRE, obsolete};
use super::{refused, room, rota, rules, ticket_row};
use crate::cases::RequestKey;
use crate::city::City;
use crate::error::ServiceError;

/// How often the next number is looked up when other windows are quicker.
const PATIENCE: u32 = 20;
/// Most tickets of a place that a list shows.
const MOST: i64 = 200;

/// A ticket with the version of its row.
pub(super) async fn load(city: &City, id: &str) -> Result<(Ticket, i64), ServiceError> {
    let sql = "SELECT doc, version FROM ticket WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), id.into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("ticket"))?;
    Ok((serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?, row.int(1)?))
}

/// One ticket.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is none, or none of the actor's own; clerks see all.
pub async fn ticket(city: &City, actor: &Actor, id: &str) -> Result<Ticket, ServiceError> {
    let (own, _) = load(city, id).await?;
    let known = own.account.as_deref() == Some(actor.label().as_str());
    let served = may(actor, Action::ServeQueue, &Subject::default()).is_ok();
    if known || served { Ok(own) } else { Err(ServiceError::NotFound("ticket")) }
}

/// The open tickets of a place today in a state, in the order in which they go.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever serves no queue.
pub async fn waiting(city: &City, actor: &Actor, place: &str, state: &str) -> Result<Vec<Ticket>, ServiceError> {
    may(actor, Action::ServeQueue, &Subject::default())?;
    let sql = "SELECT doc FROM ticket WHERE region = $1 AND room = $2 AND state = $3 ORDER BY rank, seq LIMIT $4";
    let params = [city.region().into(), room(place, city.now().date()).into(), state.into(), MOST.into()];
    let rows = city.store().query(sql, &params).await?;
    rows.iter().map(|row| serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)).collect()
}

/// Gives one command on a ticket. The same key again answers with the ticket as it stands.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Hall`] names state, command and reason; [`ServiceError::Changed`] when somebody was
/// quicker.
pub async fn work(
    city: &City,
    actor: &Actor,
    id: &str,
    command: TicketCommand,
    key: Option<RequestKey>,
) -> Result<Ticket, ServiceError> {
    let (own, version) = load(city, id).await?;
    if command == TicketCommand::Cancel && own.account.as_deref() == Some(actor.label().as_str()) {
        super::may_visit(actor, actor.person.as_ref(), "", &actor.label())?;
    } else {
        may(actor, Action::ServeQueue, &Subject::default())?;
    }
    if let Some((token, key, body)) = &key
        && city.store().lookup(city.region(), token, key, body).await?.is_some()
    {
        return Ok(own);
    }
    apply(city, &actor.label(), own, version, &command, key, None).await
}

/// Calls the next number of a counter to a window.
///
/// # Errors
/// As [`work`]; [`ServiceError::NotFound`] for a window that the place has not. `None` when nobody waits.
pub async fn call_next(
    city: &City,
    actor: &Actor,
    place: &str,
    window: &str,
    key: Option<RequestKey>,
) -> Result<Option<Ticket>, ServiceError> {
    may(actor, Action::ServeQueue, &Subject::default())?;
    let shelf = city.shelf();
    let counter = shelf.place(place)?.counter_of_window(window).ok_or(ServiceError::NotFound("window"))?;
    if let Some((token, key, body)) = &key
        && let Some(id) = city.store().lookup(city.region(), token, key, body).await?
    {
        return load(city, &id).await.map(|(own, _)| Some(own));
    }
    let sql = "SELECT doc, version FROM ticket WHERE region = $1 AND room = $2 AND state = 'waiting' AND counter = $3 \
               ORDER BY rank, seq LIMIT 1";
    let params = [city.region().into(), room(place, city.now().date()).into(), counter.id.as_str().into()];
    for _ in 0..PATIENCE {
        let Some(row) = city.store().query_opt(sql, &params).await? else { return Ok(None) };
        let own: Ticket = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
        let call = TicketCommand::Call { window: window.to_owned() };
        match apply(city, &actor.label(), own, row.int(1)?, &call, key.clone(), None).await {
            // Another window was quicker: the next one, then.
            Err(ServiceError::Changed) => {}
            Err(ServiceError::Hall(refusal)) if refusal.reason == HallReason::WrongState => {}
            other => return other.map(Some),
        }
    }
    Err(ServiceError::Changed)
}

/// The day of a ticket is over.
pub(super) async fn expire(city: &City, id: &str, claim: DueOp) -> Result<(), ServiceError> {
    let (own, version) = load(city, id).await?;
    if !own.is_open() {
        return obsolete(city, EXPIRE, claim).await;
    }
    apply(city, "system", own, version, &END, None, Some(claim)).await.map(drop)
}

/// Carries out a command. Whoever serves past closing has it written into their ledger in the same commit.
async fn apply(
    city: &City,
    by: &str,
    own: Ticket,
    version: i64,
    command: &TicketCommand,
    key: Option<RequestKey>,
    claim: Option<DueOp>,
) -> Result<Ticket, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let Ok(place) = shelf.place(&own.place) else {
        return Err(refused(own.state.name(), command.name(), HallReason::NoSuchCounter));
    };
    let fact = own.decide(command, place, &rules(city, own.day)?, now)?;
    // Only accounts have ledgers; giving a number back and the end of the day are nobody's service.
    let serves = claim.is_none() && by != "operator" && !matches!(command, TicketCommand::Cancel);
    let late = if serves { rota::past_closing_of(city, place, &own, now)? } else { Vec::new() };
    let after = Ticket::evolve(Some(own), fact.clone()).ok_or(ServiceError::NotFound("ticket"))?;
    let row = ticket_row(city, &after, Expected::Version(version), &fact, by, now)?;
    let id = after.id.to_string();
    let mut change = Change::new(city.region(), now).row(row);
    if let Some(claim) = claim {
        change.due.push(claim);
    } else if !after.is_open() {
        change.due.push(DueOp::Remove { kind: EXPIRE.into(), subject: format!("ticket/{id}") });
    } else if matches!(command, TicketCommand::Resume) {
        let at = domain::time::Timestamp::end_of(after.day);
        change.due.push(DueOp::Add { at, kind: EXPIRE.into(), subject: format!("ticket/{id}") });
    }
    change.idempotency = key.map(|(token, key, body_hash)| Idempotency { token, key, body_hash, result: id.clone() });
    settle(city, by, after, change, &late).await
}

/// Commits a movement of a ticket, with the time past closing that it ends.
async fn settle(
    city: &City,
    by: &str,
    after: Ticket,
    change: Change,
    late: &[Overtime],
) -> Result<Ticket, ServiceError> {
    for _ in 0..PATIENCE {
        let mut change = change.clone();
        if !late.is_empty() {
            change.rows.extend(rota::worked(city, by, late).await?);
        }
        match city.store().commit(change).await {
            Ok(_) => {
                city.rooms().moved(&after.place);
                return Ok(after);
            }
            Err(StoreError::IdempotencyReplay { result }) => return load(city, &result).await.map(|(own, _)| own),
            // Only the ledger is read again: a ticket that was moved meanwhile is decided about anew by whoever asks.
            Err(StoreError::Conflict { table, .. }) if table == LIEU.name => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ServiceError::Changed)
}
