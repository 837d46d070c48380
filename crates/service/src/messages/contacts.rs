//! Where a person wants to be told outside of the platform. An address counts once a code that was sent there has come back.

use domain::accounts::{AccountFact, Actor, Channel, Contact, contact_code, masked};
use domain::ids::MessageId;
use domain::messages::{MessageRules, Occasion};
use domain::text::{Lang, Text};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::accounts::CHALLENGE;
use store::{Change, Increment, PlainDelete, PlainWrite, StoreError};

use super::outbox;
use crate::accounts;
use crate::city::City;
use crate::error::{FieldError, ServiceError};

/// The purpose of the rows that hold codes.
const PURPOSE: &str = "contact";

/// What is kept with a code.
#[derive(Serialize, Deserialize)]
struct Asked {
    channel: Channel,
    address: String,
    lang: Lang,
    digest: String,
}

/// An address that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The address as pages show it.
    pub address: String,
    /// Until when the code works.
    pub until: Timestamp,
}

fn own_account(actor: &Actor) -> Result<String, ServiceError> {
    actor.account.map(|id| id.to_string()).ok_or(ServiceError::NotFound("account"))
}

fn row_id(account: &str, channel: Channel) -> String {
    seal::digest::sha256_hex(format!("{PURPOSE}/{account}/{}", channel.as_str()).as_bytes())
}

fn digest(id: &str, code: &str) -> String {
    seal::digest::sha256_hex(format!("{id}/{code}").as_bytes())
}

/// The rules in force, where this city has a way out for the channel.
fn rules(city: &City, channel: Channel) -> Result<MessageRules, ServiceError> {
    let served = city.senders().iter().any(|sender| sender.channel() == channel);
    let shelf = city.shelf();
    let rules = shelf.outgoing().rules_on(city.now().date()).filter(|_| served);
    rules.cloned().ok_or(ServiceError::NotFound("channel"))
}

/// Sends a code to an address that the actor wants to be told at; a code from before works no more.
///
/// # Errors
/// [`ServiceError::NotFound`] for a channel that the city does not serve; [`ServiceError::Invalid`] for what is no address.
pub async fn ask_code(
    city: &City,
    actor: &Actor,
    channel: Channel,
    typed: &str,
    lang: Lang,
) -> Result<Pending, ServiceError> {
    let account = own_account(actor)?;
    let rules = rules(city, channel)?;
    let address =
        channel.address(typed).map_err(|text| ServiceError::Invalid(vec![FieldError::new("address", text)]))?;
    let (shelf, now, id) = (city.shelf(), city.now(), row_id(&account, channel));
    let (code, until) = (contact_code(city.random()), now.plus_seconds(i64::from(rules.code_minutes) * 60));
    let minutes = rules.code_minutes.to_string();
    let values = [("city", city.settings().name.get(lang)), ("code", code.as_str()), ("minutes", minutes.as_str())];
    let text = outbox::written(shelf.outgoing(), (channel, Occasion::Code), (address.as_str(), lang), &values)
        .ok_or(ServiceError::NotFound("template"))?;
    let asked = Asked { channel, address: address.clone(), lang, digest: digest(&id, &code) };
    let mut change = Change::new(city.region(), now);
    change.plain.push(PlainWrite {
        table: &CHALLENGE,
        id,
        columns: vec![
            PURPOSE.into(),
            account.as_str().into(),
            i64::from(rules.code_guesses).into(),
            until.micros().into(),
            serde_json::to_string(&asked).map_err(ServiceError::internal)?.into(),
        ],
    });
    let letter = format!("{}.{}", MessageId::new(now, city.random()), channel.as_str());
    change.plain.push(outbox::row(letter, (account.as_str(), channel), (now, Some(until)), &rules, &text)?);
    city.store().commit(change).await?;
    Ok(Pending { address: masked(channel, &address), until })
}

async fn asked(city: &City, id: &str) -> Result<Option<(Asked, Timestamp)>, ServiceError> {
    let sql = "SELECT doc, expires FROM challenge WHERE region = $1 AND id = $2 AND purpose = $3 AND expires > $4 AND uses > 0";
    let params = [city.region().into(), id.into(), PURPOSE.into(), city.now().micros().into()];
    let Some(row) = city.store().query_opt(sql, &params).await? else { return Ok(None) };
    let asked = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    Ok(Some((asked, Timestamp::from_micros(row.int(1)?))))
}

/// The address of a channel that waits for its code.
///
/// # Errors
/// What the store says.
pub async fn pending(city: &City, actor: &Actor, channel: Channel) -> Result<Option<Pending>, ServiceError> {
    let found = asked(city, &row_id(&own_account(actor)?, channel)).await?;
    Ok(found.map(|(asked, until)| Pending { address: masked(channel, &asked.address), until }))
}

/// Takes the code that came back. From then on messages go to the address too.
///
/// # Errors
/// [`ServiceError::Invalid`] for a wrong code, one too old, and one that was guessed at too often; they are all told alike.
pub async fn confirm(city: &City, actor: &Actor, channel: Channel, code: &str) -> Result<Contact, ServiceError> {
    let account = own_account(actor)?;
    let id = row_id(&account, channel);
    let asked = guess(city, &id).await?.ok_or_else(wrong)?;
    let typed: String = code.chars().filter(char::is_ascii_digit).collect();
    if asked.digest != digest(&id, &typed) {
        return Err(wrong());
    }
    let (own, version) = accounts::load(city, &account).await?;
    let contact = Contact { channel, address: asked.address, lang: asked.lang, since: city.now() };
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &CHALLENGE, id });
    let fact = AccountFact::ContactConfirmed { contact: contact.clone() };
    accounts::tell(city, &mut change, own, version, fact)?;
    city.store().commit(change).await?;
    Ok(contact)
}

/// Takes one guess, and answers what the code is for as long as it may be guessed.
async fn guess(city: &City, id: &str) -> Result<Option<Asked>, ServiceError> {
    let Some((asked, _)) = asked(city, id).await? else { return Ok(None) };
    let mut change = Change::new(city.region(), city.now());
    change.increments.push(Increment { table: &CHALLENGE, id: id.to_owned(), column: "uses", by: -1, guard: Some(0) });
    match city.store().commit(change).await {
        Ok(_) => Ok(Some(asked)),
        Err(StoreError::GuardFailed { .. } | StoreError::NoSuchRow { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn wrong() -> ServiceError {
    let text = Text::new(
        "验证码不对，或者已经过期。请核对；多次输错后请重新获取。",
        "The code is wrong or too old. Look again; after several wrong ones ask for another.",
    );
    ServiceError::field("code", &text.zh, &text.en)
}

/// Takes an address away: nothing more is sent there, not even what waits already.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is none.
pub async fn remove(city: &City, actor: &Actor, channel: Channel) -> Result<(), ServiceError> {
    let account = own_account(actor)?;
    let (own, version) = accounts::load(city, &account).await?;
    let fact = own.remove_contact(channel).ok_or(ServiceError::NotFound("address"))?;
    let mut change = Change::new(city.region(), city.now());
    outbox::take_back(city, &account, channel, &mut change).await?;
    accounts::tell(city, &mut change, own, version, fact)?;
    city.store().commit(change).await?;
    Ok(())
}
