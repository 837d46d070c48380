//! In-app messages, made from the journal, see [`crate::journal`]: each exactly once. What goes out of the platform, to addresses that
//! their owners have confirmed (`contacts.rs`), is written in the same commit (`outbox.rs`) and sent afterwards (`send.rs`).

mod contacts;
mod outbox;
mod send;
mod words;

pub use contacts::{Pending, ask_code, confirm, pending, remove};
pub use outbox::{Failed, Outbox, Waiting, outbox, retry};
pub use send::{Letter, Sender, Unsent, send_due};

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::{Actor, Mandate};
use domain::cases::Fact;
use domain::catalog::ApplicantKind;
use domain::halls::{Appointment, Parcel};
use domain::ids::MessageId;
use domain::licences::Licence;
use domain::post::Mailing;
use domain::text::Text;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::accounts::MESSAGE;
use store::{Change, PlainWrite};

use self::words::Whom;
use crate::accounts;
use crate::city::City;
use crate::error::ServiceError;
use crate::journal::{News, of_one_commit};
use crate::voice::{self, Ended};

/// Name of the subscriber whose cursor stands behind what was told.
pub const SUBSCRIBER: &str = "messages";

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    #[serde(skip)]
    pub id: String,
    /// What happened.
    pub title: Text,
    /// More words.
    pub text: Text,
    /// Number of the case that it is about; empty for one about the account itself.
    pub case: String,
    /// Id of the licence that it is about, where it is about one rather than about its case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where it leads, when neither to the case nor to the licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The person must act.
    pub act: bool,
    /// When.
    pub at: Timestamp,
    /// When it was read.
    #[serde(skip)]
    pub read_at: Option<Timestamp>,
}

impl Message {
    /// The page that it leads to.
    pub fn href(&self) -> String {
        match (&self.link, &self.licence) {
            (Some(link), _) => link.clone(),
            // There it is renewed, with what was written last time filled in.
            (None, Some(licence)) => format!("/licences/{licence}"),
            (None, None) if self.case.is_empty() => "/me".to_owned(),
            (None, None) => format!("/cases/{}", self.case),
        }
    }
}

/// Writes the messages that new facts call for. The facts of one commit are told together.
pub(crate) async fn tell(city: &City, news: &[News], change: &mut Change) -> Result<(), ServiceError> {
    let mut known: BTreeMap<&str, Option<About>> = BTreeMap::new();
    for commit in news.chunk_by(|a, b| of_one_commit(&a.entry, &b.entry)) {
        let Some(News { entry: first, .. }) = commit.first() else { continue };
        for (title, text) in commit.iter().filter_map(|news| words::of_account(&news.entry.kind)) {
            let account = first.stream.trim_start_matches("account/");
            put(city, change, account, &message(first.at, title, text))?;
        }
        if let Some(id) = first.stream.strip_prefix("licence/") {
            of_licence(city, change, id, commit).await?;
            continue;
        }
        if let Some(id) = first.stream.strip_prefix("mandate/") {
            of_mandate(city, change, id, commit).await?;
            continue;
        }
        if let Some(id) = first.stream.strip_prefix("appointment/") {
            of_appointment(city, change, id, commit).await?;
            continue;
        }
        if let Some(id) = first.stream.strip_prefix("parcel/") {
            of_parcel(city, change, id, commit).await?;
            continue;
        }
        if let Some(id) = first.stream.strip_prefix("mailing/") {
            of_mailing(city, change, id, commit).await?;
            continue;
        }
        if let Some(id) = first.stream.strip_prefix("rating_order/") {
            of_follow_up(city, change, id, commit).await?;
            continue;
        }
        let ended = voice::ended(city, commit, change).await?;
        let facts: Vec<&Fact> = commit.iter().filter_map(|news| news.fact.as_ref()).collect();
        let said = words::of_commit(&facts);
        if said.is_empty() {
            invite(city, change, first.at, ended)?;
            continue;
        }
        let id = first.stream.trim_start_matches("casefile/");
        if !known.contains_key(id) {
            known.insert(id, about(city, id).await?);
        }
        let Some(Some(case)) = known.get(id) else { continue };
        let shelf = city.shelf();
        let name = shelf.matter(&case.matter).map(|matter| matter.bundle.matter.name.clone()).unwrap_or_default();
        for (title, text, act) in said {
            let title = Text::new(format!("{}：{}", name.zh, title.zh), format!("{}: {}", name.en, title.en));
            let told = Message { case: case.number.clone(), act, ..message(first.at, title, text) };
            for account in &case.recipients {
                put(city, change, account, &told)?;
            }
        }
        invite(city, change, first.at, ended)?;
    }
    outbox::put_out(city, change).await
}

/// Asks whoever was served what they think of it, with the code by which they may say so.
fn invite(city: &City, change: &mut Change, at: Timestamp, ended: Option<Ended>) -> Result<(), ServiceError> {
    let Some(Ended { accounts, code, number, matter }) = ended else { return Ok(()) };
    let shelf = city.shelf();
    let name = shelf.matter(&matter).map(|own| own.bundle.matter.name.clone()).ok();
    let (title, text) = words::of_ended(name.as_ref(), &number, &code);
    let told = Message { link: Some(format!("/rate/{code}")), ..message(at, title, text) };
    for account in &accounts {
        put(city, change, account, &told)?;
    }
    Ok(())
}

/// Tells whoever gave a bad rating what came of it.
async fn of_follow_up(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let read = |news: &News| news.entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    for (news, fact) in commit.iter().filter_map(|news| Some((news, read(news)?))) {
        if let Some((account, title, text, link)) = voice::told_rater(city, id, &fact).await? {
            put(
                city,
                change,
                &account,
                &Message { link: Some(link), act: false, ..message(news.entry.at, title, text) },
            )?;
        }
    }
    Ok(())
}

/// Tells the holder of a licence, and whoever applied for it, what has become of it.
async fn of_licence(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let entries = commit.iter().map(|news| &news.entry);
    let mut news: Vec<_> = entries.filter(|entry| words::is_news_of_licence(&entry.kind)).collect();
    // That a renewal was lost says already that the licence has expired.
    if news.iter().any(|entry| entry.kind == "licence.renewal-lost") {
        news.retain(|entry| entry.kind != "licence.expired");
    }
    if news.is_empty() {
        return Ok(());
    }
    let sql = "SELECT doc FROM licence WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(()) };
    let licence: Licence = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let Some(case) = about(city, &licence.case.to_string()).await? else { return Ok(()) };
    for entry in news {
        let fact = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let Some((title, text, act)) = fact.and_then(|fact| words::of_licence(&fact, &licence)) else { continue };
        let licence = Some(licence.id.to_string());
        let told = Message { case: case.number.clone(), licence, act, ..message(entry.at, title, text) };
        for account in &case.recipients {
            put(city, change, account, &told)?;
        }
    }
    Ok(())
}

/// Tells clerk and legal representative what has become of a mandate.
async fn of_mandate(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let sql = "SELECT doc FROM mandate WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(()) };
    let own: Mandate = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    for News { entry, .. } in commit {
        let Some((whom, title, text, act)) = words::of_mandate(&entry.kind, &own) else { continue };
        let told = Message { link: Some("/me/mandates".into()), act, ..message(entry.at, title, text) };
        let clerk = if whom == Whom::Principal { None } else { accounts::of_clerk_account(city, &own.clerk).await? };
        let principal =
            if whom == Whom::Clerk { None } else { accounts::representative(city, &own.principal.code).await? };
        for account in clerk.into_iter().chain(principal) {
            put(city, change, &account, &told)?;
        }
    }
    Ok(())
}

/// Tells whoever booked an appointment that it is booked, near or missed.
async fn of_appointment(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let sql = "SELECT doc FROM appointment WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(()) };
    let own: Appointment = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let shelf = city.shelf();
    let place = shelf.place(&own.place).map(|place| place.name.clone()).unwrap_or_default();
    for News { entry, .. } in commit {
        let Some((title, text, act)) = words::of_appointment(&entry.kind, &own, &place) else { continue };
        // Once a person is erased nobody is left to be told.
        if !own.account.is_empty() {
            put(city, change, &own.account, &Message { act, ..message(entry.at, title, text) })?;
        }
    }
    Ok(())
}

/// Tells the citizen of a parcel that it lies in a cell, is to be taken, or waits at the window.
async fn of_parcel(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let sql = "SELECT doc FROM parcel WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(()) };
    let own: Parcel = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let shelf = city.shelf();
    let place = shelf.place(&own.place).map(|place| place.name.clone()).unwrap_or_default();
    for News { entry, .. } in commit {
        let Some((title, text, act)) = words::of_parcel(&entry.kind, &own, &place) else { continue };
        let told = Message { case: own.case.clone(), act, ..message(entry.at, title, text) };
        put(city, change, &own.account, &told)?;
    }
    Ok(())
}

/// Tells whoever waits for it that a postal item is on its way, delivered, back, or received.
async fn of_mailing(city: &City, change: &mut Change, id: &str, commit: &[News]) -> Result<(), ServiceError> {
    let sql = "SELECT doc FROM mailing WHERE region = $1 AND id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(()) };
    let own: Mailing = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    for News { entry, .. } in commit {
        let fact = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let Some((title, text, act)) = fact.and_then(|fact| words::of_mailing(&fact, &own)) else { continue };
        // Once a person is erased nobody is left to be told.
        if !own.account.is_empty() {
            let link = Some(format!("/cases/{}/mail", own.case));
            let told = Message { case: own.case.clone(), act, link, ..message(entry.at, title, text) };
            put(city, change, &own.account, &told)?;
        }
    }
    Ok(())
}

/// A message that is about no case and asks for nothing.
fn message(at: Timestamp, title: Text, text: Text) -> Message {
    Message {
        id: String::new(),
        title,
        text,
        case: String::new(),
        licence: None,
        link: None,
        act: false,
        at,
        read_at: None,
    }
}

fn put(city: &City, change: &mut Change, account: &str, message: &Message) -> Result<(), ServiceError> {
    // Messages are listed by id: those of one instant keep the order in which things happened, by a count before the chance.
    let mut random: [u8; 10] = city.random();
    let count = u16::try_from(change.plain.len() % 0x1000).unwrap_or(0).to_be_bytes();
    random.iter_mut().zip(count).for_each(|(byte, of_count)| *byte = of_count);
    change.plain.push(PlainWrite {
        table: &MESSAGE,
        id: MessageId::new(message.at, random).to_string(),
        columns: vec![
            account.into(),
            message.at.micros().into(),
            None::<i64>.into(),
            serde_json::to_string(message).map_err(ServiceError::internal)?.into(),
        ],
    });
    Ok(())
}

/// What a message needs to know of a case, from its columns: the whole case is large, and a busy day has many.
struct About {
    number: String,
    matter: String,
    recipients: BTreeSet<String>,
}

/// The recipients are whoever filed it, as long as they may know of it, and the applicant's own account when it is another one.
async fn about(city: &City, id: &str) -> Result<Option<About>, ServiceError> {
    let sql = "SELECT c.number, c.matter, c.filed_by, a.id, c.applicant_code, c.applicant_kind FROM casefile c \
               LEFT JOIN account a ON a.region = c.region AND a.person = c.applicant_code \
               WHERE c.region = $1 AND c.id = $2";
    let Some(row) = city.store().query_opt(sql, &[city.region().into(), id.into()]).await? else { return Ok(None) };
    let (filed_by, own) = (row.text(2)?, row.opt_text(3)?.map(str::to_owned));
    let filer = match row.opt_text(5)? {
        Some(kind) if kind != ApplicantKind::Person.as_str() => {
            accounts::hears(city, filed_by, row.text(4)?, row.text(1)?).await?
        }
        _ => Some(filed_by.to_owned()),
    };
    let recipients = filer.into_iter().chain(own).collect();
    Ok(Some(About { number: row.text(0)?.to_owned(), matter: row.text(1)?.to_owned(), recipients }))
}

/// The latest messages of an account, newest first, at most 100.
pub async fn mine(city: &City, actor: &Actor) -> Result<Vec<Message>, ServiceError> {
    let sql = "SELECT id, doc, read_at FROM message WHERE region = $1 AND account = $2 ORDER BY id DESC LIMIT 100";
    let rows = city.store().query(sql, &[city.region().into(), actor.label().into()]).await?;
    rows.iter()
        .map(|row| {
            let mut message: Message = serde_json::from_str(row.text(1)?).map_err(ServiceError::internal)?;
            message.id = row.text(0)?.to_owned();
            message.read_at = row.opt_int(2)?.map(Timestamp::from_micros);
            Ok(message)
        })
        .collect()
}

/// How many messages have not been read, counted up to 100.
pub async fn unread(city: &City, actor: &Actor) -> Result<i64, ServiceError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT read_at FROM message WHERE region = $1 AND account = $2 \
               ORDER BY id DESC LIMIT 100) AS latest WHERE read_at IS NULL";
    let row = city.store().query_opt(sql, &[city.region().into(), actor.label().into()]).await?;
    Ok(row.map(|row| row.int(0)).transpose()?.unwrap_or(0))
}

/// Marks the latest messages as read.
pub async fn mark_read(city: &City, actor: &Actor) -> Result<(), ServiceError> {
    let now = city.now();
    let mut change = Change::new(city.region(), now);
    for message in mine(city, actor).await?.into_iter().filter(|message| message.read_at.is_none()) {
        let doc = serde_json::to_string(&message).map_err(ServiceError::internal)?;
        change.plain.push(PlainWrite {
            table: &MESSAGE,
            id: message.id,
            columns: vec![actor.label().into(), message.at.micros().into(), now.micros().into(), doc.into()],
        });
    }
    if !change.plain.is_empty() {
        city.store().commit(change).await?;
    }
    Ok(())
}
