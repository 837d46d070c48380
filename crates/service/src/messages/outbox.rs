//! What is to go out: written in the commit of the message that it repeats, so that none is forgotten and none goes out twice.

use std::collections::BTreeMap;

use domain::accounts::{Account, Action, Actor, Channel, Contact, Subject, may};
use domain::messages::{MessageRules, Occasion, Outgoing, fill};
use domain::text::Lang;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::accounts::{MESSAGE, OUTBOX};
use store::{Change, Increment, PlainDelete, PlainWrite, StoreError, Value};

use super::Message;
use crate::city::City;
use crate::error::ServiceError;

/// Beyond every date: what lies here is not due, or does not expire.
pub(super) const NEVER: i64 = 9_000_000_000_000_000;
/// Most rows that a list shows, and that one commit changes.
const MOST: i64 = 500;
/// Waiting rows are counted up to here.
const COUNTED: i64 = 100_000;

/// What is sent, in the words of its template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Written {
    pub occasion: Occasion,
    pub to: String,
    pub lang: Lang,
    pub subject: String,
    pub text: String,
}

/// Writes something in the words of its template; `None` where the catalogue has none.
pub(super) fn written(
    outgoing: &Outgoing,
    (channel, occasion): (Channel, Occasion),
    (to, lang): (&str, Lang),
    values: &[(&str, &str)],
) -> Option<Written> {
    let own = outgoing.template(channel, occasion)?;
    let subject = own.subject.as_ref().map_or_else(String::new, |words| fill(words.get(lang), values));
    Some(Written { occasion, to: to.to_owned(), lang, subject, text: fill(own.text.get(lang), values) })
}

/// The row of something that goes out. `expires` says when it is forgotten although it was never sent; codes are.
pub(super) fn row(
    id: String,
    (account, channel): (&str, Channel),
    (due, expires): (Timestamp, Option<Timestamp>),
    rules: &MessageRules,
    own: &Written,
) -> Result<PlainWrite, ServiceError> {
    let columns = vec![
        account.into(),
        channel.as_str().into(),
        due.micros().into(),
        i64::from(rules.tries).into(),
        0_i64.into(),
        0_i64.into(),
        0_i64.into(),
        expires.map_or(NEVER, Timestamp::micros).into(),
        serde_json::to_string(own).map_err(ServiceError::internal)?.into(),
    ];
    Ok(PlainWrite { table: &OUTBOX, id, columns })
}

/// Puts a row into a change for each message in it and each confirmed address of whom it is for.
pub(super) async fn put_out(city: &City, change: &mut Change) -> Result<(), ServiceError> {
    let (shelf, now) = (city.shelf(), city.now());
    let Some(rules) = shelf.outgoing().rules_on(now.date()).filter(|_| !city.senders().is_empty()) else {
        return Ok(());
    };
    let mut known: BTreeMap<String, Vec<Contact>> = BTreeMap::new();
    let mut rows = Vec::new();
    for told in change.plain.iter().filter(|row| row.table.name == MESSAGE.name) {
        let (Some(Value::Text(account)), Some(Value::Text(doc))) = (told.columns.first(), told.columns.last()) else {
            continue;
        };
        if !known.contains_key(account) {
            known.insert(account.clone(), contacts(city, account).await?);
        }
        let message: Message = serde_json::from_str(doc).map_err(ServiceError::internal)?;
        let occasion = if message.act { Occasion::Act } else { Occasion::News };
        for own in known.get(account).into_iter().flatten() {
            let values = values(city, &message, own.lang);
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let Some(text) =
                written(shelf.outgoing(), (own.channel, occasion), (own.address.as_str(), own.lang), &values)
            else {
                continue;
            };
            let id = format!("{}.{}", told.id, own.channel.as_str());
            rows.push(row(id, (account.as_str(), own.channel), (rules.goes_out(occasion, now), None), rules, &text)?);
        }
    }
    change.plain.extend(rows);
    Ok(())
}

fn values(city: &City, message: &Message, lang: Lang) -> [(&'static str, String); 5] {
    let settings = city.settings();
    [
        ("city", settings.name.get(lang).to_owned()),
        ("title", message.title.get(lang).to_owned()),
        ("text", message.text.get(lang).to_owned()),
        ("number", message.case.clone()),
        ("link", format!("{}{}", settings.base_url, message.href())),
    ]
}

/// The confirmed addresses of an account for which there is a way out; none for whoever has no account.
async fn contacts(city: &City, account: &str) -> Result<Vec<Contact>, ServiceError> {
    let sql = "SELECT doc FROM account WHERE region = $1 AND id = $2";
    let row = city.store().query_opt(sql, &[city.region().into(), account.into()]).await?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let account: Account = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let out = |own: &Contact| city.senders().iter().any(|sender| sender.channel() == own.channel);
    Ok(account.contacts.into_iter().filter(out).collect())
}

/// Puts into a change that what waits for an account in a channel does not go out.
pub(super) async fn take_back(
    city: &City,
    account: &str,
    channel: Channel,
    change: &mut Change,
) -> Result<(), ServiceError> {
    let sql = "SELECT id FROM outbox WHERE region = $1 AND account = $2 AND channel = $3 AND due_at < $4 ORDER BY id LIMIT $5";
    let params = [city.region().into(), account.into(), channel.as_str().into(), NEVER.into(), MOST.into()];
    for row in city.store().query(sql, &params).await? {
        change.deletes.push(PlainDelete { table: &OUTBOX, id: row.text(0)?.to_owned() });
    }
    Ok(())
}

/// An addition to a number of a row.
pub(super) fn step(id: &str, column: &'static str, by: i64, guard: Option<i64>) -> Increment {
    Increment { table: &OUTBOX, id: id.to_owned(), column, by, guard }
}

/// Commits additions; `false` when the row is gone or another server has it.
pub(super) async fn add(city: &City, steps: Vec<Increment>) -> Result<bool, ServiceError> {
    let mut change = Change::new(city.region(), city.now());
    change.increments = steps;
    match city.store().commit(change).await {
        Ok(_) => Ok(true),
        Err(StoreError::GuardFailed { .. } | StoreError::NoSuchRow { .. }) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// What waits in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Which.
    pub channel: Channel,
    /// How many, counted up to 100 000.
    pub count: i64,
    /// When the first of them is, or was, due.
    pub first: Option<Timestamp>,
    /// Whether this process has a way out for it.
    pub served: bool,
}

/// Something that was given up. No address: that is its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Its id.
    pub id: String,
    /// By which way.
    pub channel: String,
    /// Account of whom it was for.
    pub account: String,
    /// When.
    pub at: Timestamp,
    /// What the other side answered last, as a number of its protocol; 0 = nothing.
    pub answer: i64,
}

/// What waits and what was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outbox {
    /// Channel by channel.
    pub waiting: Vec<Waiting>,
    /// The earliest 500 that were given up.
    pub failed: Vec<Failed>,
}

/// What waits to go out, and what was given up.
///
/// # Errors
/// [`ServiceError::Forbidden`] for whoever does not run the city.
pub async fn outbox(city: &City, actor: &Actor) -> Result<Outbox, ServiceError> {
    may(actor, Action::ManageAccounts, &Subject::default())?;
    let mut waiting = Vec::new();
    for channel in Channel::ALL {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(MIN(due_at), 0) AS BIGINT) FROM (SELECT due_at FROM outbox \
                   WHERE region = $1 AND channel = $2 AND due_at < $3 ORDER BY due_at, id LIMIT $4) AS waiting";
        let params = [city.region().into(), channel.as_str().into(), NEVER.into(), COUNTED.into()];
        let row = city.store().query_opt(sql, &params).await?;
        let (count, first) = row.map_or(Ok((0, 0)), |row| Ok::<_, StoreError>((row.int(0)?, row.int(1)?)))?;
        let first = (count > 0).then(|| Timestamp::from_micros(first));
        let served = city.senders().iter().any(|sender| sender.channel() == channel);
        waiting.push(Waiting { channel, count, first, served });
    }
    Ok(Outbox { waiting, failed: failed(city).await? })
}

async fn failed(city: &City) -> Result<Vec<Failed>, ServiceError> {
    let sql = "SELECT id, channel, account, failed_at, answer FROM outbox WHERE region = $1 AND failed_at > 0 \
               ORDER BY failed_at, id LIMIT $2";
    let rows = city.store().query(sql, &[city.region().into(), MOST.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Failed {
                id: row.text(0)?.to_owned(),
                channel: row.text(1)?.to_owned(),
                account: row.text(2)?.to_owned(),
                at: Timestamp::from_micros(row.int(3)?),
                answer: row.int(4)?,
            })
        })
        .collect()
}

/// Tries what was given up anew, with as many tries as the first time. Answers how many.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when the catalogue has no rules in force.
pub async fn retry(city: &City, actor: &Actor) -> Result<usize, ServiceError> {
    may(actor, Action::ManageAccounts, &Subject::default())?;
    let (shelf, now) = (city.shelf(), city.now());
    let rules = shelf.outgoing().rules_on(now.date()).ok_or(ServiceError::NotFound("rules of messages"))?;
    let sql = "SELECT id, due_at, tries_left, failed_at, expires, doc FROM outbox WHERE region = $1 AND failed_at > 0 \
               ORDER BY failed_at, id LIMIT $2";
    let mut count = 0;
    for row in city.store().query(sql, &[city.region().into(), MOST.into()]).await? {
        let (id, due, left, failed, expires) = (row.text(0)?, row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?);
        let own: Written = serde_json::from_str(row.text(5)?).map_err(ServiceError::internal)?;
        // A code is forgotten when it ends, whoever waits for it.
        let kept = if own.occasion == Occasion::Code { expires } else { NEVER };
        let steps = vec![
            // Whoever is first: afterwards it counts as failed no more.
            step(id, "failed_at", -failed, Some(0)),
            step(id, "due_at", rules.goes_out(own.occasion, now).micros() - due, None),
            step(id, "tries_left", i64::from(rules.tries) - left, None),
            step(id, "expires", kept - expires, None),
        ];
        count += usize::from(add(city, steps).await?);
    }
    Ok(count)
}
