//! Finding the service that somebody wants to rate, and whether it may be rated now.

use domain::accounts::{Action, Actor, Party, Subject, may};
use domain::cases::Case;
use domain::halls::{Ticket, TicketState};
use domain::time::Timestamp;
use domain::voice::{Answer, FollowUpState, RatingReason, Verdict};

use super::{order_of, rating, refused, rules};
use crate::accounts;
use crate::city::City;
use crate::error::ServiceError;
use crate::halls::room;

/// Facts after which a case may be rated.
const ENDS: [&str; 6] =
    ["case.decided", "case.delivered", "case.closed", "case.not-accepted", "case.withdrawn", "case.terminated"];
/// A code has so many characters, without those that are easily mistaken for others.
pub(super) const CODE_CHARS: usize = 10;
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// By which way somebody comes to rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The number of a case of one's own.
    Case(String),
    /// The id of a ticket of one's own.
    Ticket(String),
    /// The code of a message.
    Code(String),
    /// The number of a ticket that was served in a place a moment ago: at the window's code, or at a terminal.
    Visit {
        /// Id of the place.
        place: String,
        /// Number of the window; `None` = any of the place.
        window: Option<String>,
        /// `A012`.
        number: String,
    },
}

/// Whether a service may be rated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Open {
        /// Until then.
        until: Timestamp,
    },
    /// It may be rated again: the follow-up was answered.
    Again {
        /// Until then.
        until: Timestamp,
        /// The answer.
        answer: Answer,
    },
    /// It was rated.
    Rated {
        /// When.
        at: Timestamp,
    },
    /// It goes on.
    NotFinished,
    /// The time for rating is over.
    Over {
        /// Since then.
        at: Timestamp,
    },
}

/// A service, as it is shown to whoever rates it.
#[derive(Debug, Clone)]
pub struct Rateable {
    /// Number of the case or of the ticket.
    pub number: String,
    /// Slug of the matter; may be empty.
    pub matter: String,
    /// Id of the place; may be empty.
    pub place: String,
    /// Number of the window; may be empty.
    pub window: String,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Whether it may be rated.
    pub standing: Standing,
}

/// A service with everything that its rating records.
pub(super) struct Service {
    /// `case.<id>` or `ticket.<id>`.
    pub id: String,
    pub number: String,
    pub matter: String,
    pub department: String,
    pub place: String,
    pub window: String,
    pub staff: Vec<String>,
    pub finished: Option<Timestamp>,
    /// The account of the citizen whose it is.
    pub account: Option<String>,
    /// It was found by being there, not by a proof whose it is.
    pub by_presence: bool,
}

/// A code, from ten random bytes.
pub(super) fn code_of(random: [u8; CODE_CHARS]) -> String {
    random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31))).map(|byte| char::from(*byte)).collect()
}

/// The key under which a code is kept. People may write it in small letters or with spaces.
pub(super) fn code_key(code: &str) -> String {
    let clean: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    seal::digest::sha256_hex(clean.to_ascii_uppercase().as_bytes())
}

/// What there is to rate.
///
/// # Errors
/// [`ServiceError::NotFound`] for a service that there is not or that is not the actor's own, and for an unknown code;
/// [`ServiceError::SignInNeeded`] where a case or a ticket is named without an account.
pub async fn rateable(city: &City, actor: Option<&Actor>, entry: &Entry) -> Result<Rateable, ServiceError> {
    let own = find(city, actor, entry).await?;
    let standing = standing(city, &own).await?;
    let (number, matter, place, window) = (own.number, own.matter, own.place, own.window);
    Ok(Rateable { number, matter, place, window, finished: own.finished, standing })
}

/// Whether a service may be rated now.
pub(super) async fn standing(city: &City, own: &Service) -> Result<Standing, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    let Some(finished) = own.finished else { return Ok(Standing::NotFinished) };
    if let Some((given, _)) = rating(city, &own.id).await? {
        let again = match order_of(city, &own.id).await? {
            Some((order, _)) if order.state == FollowUpState::Answered && !own.by_presence => {
                order.again_until.zip(order.answer)
            }
            _ => None,
        };
        return Ok(match again {
            Some((until, answer)) if now < until && given.again.is_none() && given.verdict == Verdict::Counted => {
                Standing::Again { until, answer }
            }
            _ => Standing::Rated { at: given.again.map_or(given.given, |again| again.at) },
        });
    }
    let rules = rules(shelf.ratings(), finished.date())?;
    let until = finished.plus_seconds(i64::from(rules.open_days) * 86_400);
    Ok(if now < until { Standing::Open { until } } else { Standing::Over { at: until } })
}

/// The service behind an entry.
pub(super) async fn find(city: &City, actor: Option<&Actor>, entry: &Entry) -> Result<Service, ServiceError> {
    match entry {
        Entry::Case(number) => {
            let actor = actor.ok_or(ServiceError::SignInNeeded)?;
            let sql = "SELECT doc FROM casefile WHERE region = $1 AND number = $2";
            let case: Case = read(city, sql, number, "case").await?;
            let subject = Subject {
                party: Some(&case.applicant),
                matter: Some(&case.matter),
                filed_by: Some(&case.filed_by),
                ..Subject::default()
            };
            may(actor, Action::Rate, &subject).map_err(|_| ServiceError::NotFound("case"))?;
            of_case(city, case).await
        }
        Entry::Ticket(id) => {
            let actor = actor.ok_or(ServiceError::SignInNeeded)?;
            let ticket = ticket_by_id(city, id).await?;
            let filed_by = ticket.account.as_deref().unwrap_or("");
            may(actor, Action::Rate, &Subject { filed_by: Some(filed_by), ..Subject::default() })?;
            if filed_by != actor.label() {
                return Err(ServiceError::NotFound("ticket"));
            }
            of_ticket(city, ticket, false).await
        }
        Entry::Code(code) => by_code(city, code).await,
        Entry::Visit { place, window, number } => visit(city, place, window.as_deref(), number).await,
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    city: &City,
    sql: &str,
    key: &str,
    what: &'static str,
) -> Result<T, ServiceError> {
    let row = city.store().query_opt(sql, &[city.region().into(), key.into()]).await?;
    serde_json::from_str(row.ok_or(ServiceError::NotFound(what))?.text(0)?).map_err(ServiceError::internal)
}

async fn ticket_by_id(city: &City, id: &str) -> Result<Ticket, ServiceError> {
    read(city, "SELECT doc FROM ticket WHERE region = $1 AND id = $2", id, "ticket").await
}

async fn by_code(city: &City, code: &str) -> Result<Service, ServiceError> {
    let sql = "SELECT service FROM rating_code WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), code_key(code).into()]).await?;
    let row = row.ok_or(ServiceError::NotFound("code"))?;
    match row.text(0)?.split_once('.') {
        Some(("case", id)) => {
            let sql = "SELECT doc FROM casefile WHERE region = $1 AND id = $2";
            of_case(city, read(city, sql, id, "case").await?).await
        }
        Some(("ticket", id)) => of_ticket(city, ticket_by_id(city, id).await?, false).await,
        _ => Err(ServiceError::NotFound("code")),
    }
}

/// A ticket of today by its number, served at that window within the time that the rules allow.
async fn visit(city: &City, place: &str, window: Option<&str>, number: &str) -> Result<Service, ServiceError> {
    let (now, shelf) = (city.now(), city.shelf());
    shelf.place(place)?;
    let unknown = || {
        ServiceError::field(
            "number",
            "没有找到这个号。请核对号票上的号码，只能评价刚刚在这里办完的号。",
            "There is no such number. Compare your ticket; only what was just served here can be rated.",
        )
    };
    let number = number.trim().to_ascii_uppercase();
    let parts = number.split_at_checked(1);
    let Some((letter, seq)) = parts.and_then(|(letter, seq)| Some((letter, seq.parse::<i64>().ok()?))) else {
        return Err(unknown());
    };
    let sql = "SELECT doc FROM ticket WHERE region = $1 AND room = $2 AND letter = $3 AND seq = $4";
    let params = [city.region().into(), room(place, now.date()).into(), letter.into(), seq.into()];
    let row = city.store().query_opt(sql, &params).await?.ok_or_else(unknown)?;
    let ticket: Ticket = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let TicketState::Done { window: at_window, at } = &ticket.state else {
        return Err(refused(ticket.state.name(), "rate", RatingReason::NotFinished));
    };
    if window.is_some_and(|window| window != at_window) {
        return Err(unknown());
    }
    let until = at.plus_seconds(i64::from(rules(shelf.ratings(), now.date())?.window_minutes) * 60);
    if now >= until {
        return Err(refused("done", "rate", RatingReason::Over { at: until }));
    }
    of_ticket(city, ticket, true).await
}

/// When a stream saw facts, and by whom.
async fn story(city: &City, stream: String) -> Result<Vec<(String, Timestamp, String)>, ServiceError> {
    let sql = "SELECT kind, at, actor FROM fact WHERE region = $1 AND stream = $2 ORDER BY version LIMIT 1000";
    let rows = city.store().query(sql, &[city.region().into(), stream.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), Timestamp::from_micros(row.int(1)?), row.text(2)?.to_owned())))
        .collect()
}

/// The members of staff among actors, each once.
async fn staff_of(city: &City, actors: impl Iterator<Item = String>) -> Result<Vec<String>, ServiceError> {
    let mut staff: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for actor in actors.filter(|actor| actor != "system" && actor != "operator") {
        if seen.insert(actor.clone()) && is_staff(city, &actor).await? {
            staff.push(actor);
        }
    }
    Ok(staff)
}

/// Whether an account is one of staff; an unknown one is not.
pub(super) async fn is_staff(city: &City, account: &str) -> Result<bool, ServiceError> {
    match accounts::load(city, account).await {
        Ok((account, _)) => Ok(account.actor(Vec::new()).is_staff()),
        Err(ServiceError::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

async fn of_case(city: &City, case: Case) -> Result<Service, ServiceError> {
    let story = story(city, format!("casefile/{}", case.id)).await?;
    let over = case.decision.is_some() || case.state.is_final();
    let ends = story.iter().filter(|(kind, ..)| ENDS.contains(&kind.as_str())).map(|(_, at, _)| *at);
    let finished = ends.max().filter(|_| over);
    let staff = staff_of(city, story.into_iter().map(|(.., actor)| actor)).await?;
    // What a clerk has typed in is the applicant's, whose account the code went to.
    let account = match staff.contains(&case.filed_by) {
        true => account_of(city, &case.applicant.code).await?,
        false => Some(case.filed_by.clone()),
    };
    Ok(Service {
        id: format!("case.{}", case.id),
        number: case.number,
        matter: case.matter,
        department: case.department,
        place: String::new(),
        window: String::new(),
        staff,
        finished,
        account,
        by_presence: false,
    })
}

/// The account of a person, by the code of the identity document.
async fn account_of(city: &City, person: &str) -> Result<Option<String>, ServiceError> {
    let sql = "SELECT id FROM account WHERE region = $1 AND person = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), person.into()]).await?;
    Ok(row.map(|row| row.text(0).map(str::to_owned)).transpose()?)
}

/// The department that answers for a visit: that of the matter, else the hall's.
pub(super) fn department_of(city: &City, matter: Option<&str>) -> Result<String, ServiceError> {
    let shelf = city.shelf();
    if let Some(published) = matter.and_then(|slug| shelf.matter(slug).ok()) {
        return Ok(published.bundle.matter.department.clone());
    }
    Ok(rules(shelf.ratings(), city.now().date())?.hall_department)
}

async fn of_ticket(city: &City, ticket: Ticket, by_presence: bool) -> Result<Service, ServiceError> {
    let story = story(city, format!("ticket/{}", ticket.id)).await?;
    let (finished, window) = match &ticket.state {
        TicketState::Done { window, at } => (Some(*at), window.clone()),
        _ => (None, String::new()),
    };
    let served = story.into_iter().filter(|(kind, ..)| kind == "ticket.finished" || kind == "ticket.began");
    let staff = staff_of(city, served.map(|(.., actor)| actor)).await?;
    Ok(Service {
        id: format!("ticket.{}", ticket.id),
        department: department_of(city, ticket.matter.as_deref())?,
        number: ticket.number,
        matter: ticket.matter.unwrap_or_default(),
        place: ticket.place,
        window,
        staff,
        finished,
        account: ticket.account,
        by_presence,
    })
}

/// The person behind the account of a service, for a rating by code: the code went to that account.
pub(super) async fn person_of(city: &City, account: &str) -> Result<Option<Party>, ServiceError> {
    match accounts::load(city, account).await {
        Ok((account, _)) => Ok(account.person),
        Err(ServiceError::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let code = code_of([0, 1, 31, 32, 200, 255, 7, 8, 9, 10]);
        assert_eq!(code.len(), CODE_CHARS);
        let typed = format!(" {}-{} ", &code[..5].to_lowercase(), &code[5..]);
        assert_eq!(code_key(&typed), code_key(&code));
        assert_ne!(code_key(&code_of([1; 10])), code_key(&code));
    }
}
