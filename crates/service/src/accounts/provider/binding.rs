//! Whose account it is that somebody of a provider signs in to: the one that is bound already, the one of the person whose
//! identity is proved, or a new one.

use domain::accounts::{Account, AccountFact, Link, Party};
use domain::ids::AccountId;
use domain::text::Text;
use seal::digest::{public_id, sha256_hex};
use store::accounts::ACCOUNT_LINK;
use store::{Change, Expected, PlainWrite, StoreError};

use super::ProviderError;
use super::config::ProviderConfig;
use super::flow::Unproved;
use crate::accounts::session::{self, Session, SignedIn};
use crate::accounts::{open, row};
use crate::city::City;
use crate::error::ServiceError;

/// Somebody of a provider.
pub(super) struct Who<'c> {
    pub(super) provider: &'c ProviderConfig,
    pub(super) subject: String,
    pub(super) name: Option<String>,
    /// Once identity is proved.
    pub(super) person: Option<Party>,
}

pub(super) struct Bound {
    pub(super) account: Account,
    pub(super) session: Option<Session>,
    pub(super) unproved: Option<Unproved>,
}

/// Id of the row that binds.
pub(super) fn link_id(account: &Account, provider: &str) -> String {
    format!("{}/{provider}", account.id)
}

fn elsewhere() -> ProviderError {
    ProviderError::Refused(Text::new(
        "这个身份已经绑定了另一个账号。请先退出，用那个账号登录。",
        "This identity is bound to another account. Sign out and sign in with that one.",
    ))
}

pub(super) async fn arrive(city: &City, who: Who<'_>, by: Option<&SignedIn>) -> Result<Bound, ProviderError> {
    let key = sha256_hex(format!("{}\n{}", who.provider.issuer, who.subject).as_bytes());
    let linked = one(city, "SELECT account FROM account_link WHERE region = $1 AND subject = $2", &key).await?;
    let holder = match &who.person {
        Some(person) => one(city, "SELECT id FROM account WHERE region = $1 AND person = $2", &person.code).await?,
        None => None,
    };
    let own = by.map(|by| by.account.id.to_string());
    if own.is_some() && linked.is_some() && own != linked {
        return Err(elsewhere());
    }
    let by_person = own.is_none() && linked.is_none();
    let known = own.or(linked.clone()).or(holder.clone());
    let (account, expected) = match known {
        Some(id) => open::load(city, &id).await.map(|(account, version)| (account, Expected::Version(version)))?,
        None => (fresh(city, &who), Expected::New),
    };
    // A provider vouches for a person, never for an office: staff bind it themselves, signed in.
    if by_person && account.actor(Vec::new()).is_staff() {
        return Err(ProviderError::Refused(Text::new(
            "工作人员账号请先用密码登录，再在个人中心绑定。",
            "Staff sign in with their password first and bind the provider on their own page.",
        )));
    }
    let mut facts = Vec::new();
    if expected == Expected::New {
        facts.push(AccountFact::Opened { account: Box::new(account.clone()) });
    }
    if linked.is_none() {
        facts.push(AccountFact::Linked { link: link(city, &who) });
    }
    let unproved = prove(&mut facts, &account, holder, who.person.as_ref())?;
    commit(city, &who, key, account, expected, facts, by.is_none()).await.map(|bound| Bound { unproved, ..bound })
}

/// Adds the proof of identity, the same fact as at a window, unless somebody else is that person.
fn prove(
    facts: &mut Vec<AccountFact>,
    account: &Account,
    holder: Option<String>,
    person: Option<&Party>,
) -> Result<Option<Unproved>, ProviderError> {
    let Some(person) = person else { return Ok(None) };
    match &account.person {
        Some(own) if own.code == person.code => Ok(None),
        Some(_) => Err(ProviderError::Refused(Text::new(
            "您在那里的身份与本账号绑定的身份不是同一个人，没有登录。",
            "Your identity there is not the person of this account, so you were not signed in.",
        ))),
        None if holder.is_some_and(|holder| holder != account.id.to_string()) => Ok(Some(Unproved::Elsewhere)),
        None => {
            facts.push(AccountFact::IdentityProved { person: person.clone(), by: "provider".to_owned() });
            Ok(None)
        }
    }
}

async fn commit(
    city: &City,
    who: &Who<'_>,
    key: String,
    account: Account,
    expected: Expected,
    facts: Vec<AccountFact>,
    enters: bool,
) -> Result<Bound, ProviderError> {
    let mut change = Change::new(city.region(), city.now());
    let actor = account.actor(Vec::new());
    let folded = facts.iter().cloned().fold(Some(account), Account::evolve);
    let account = folded.ok_or_else(|| ServiceError::internal("no account"))?;
    if facts.iter().any(|fact| matches!(fact, AccountFact::Linked { .. })) {
        change.plain.push(PlainWrite {
            table: &ACCOUNT_LINK,
            id: link_id(&account, &who.provider.id),
            columns: vec![account.id.to_string().into(), key.into()],
        });
    }
    if !facts.is_empty() {
        change.rows.push(row(city, &account, expected, &facts, &actor)?);
    }
    let session = enters.then(|| session::start(city, account.clone(), &mut change));
    match city.store().commit(change).await {
        Ok(_) => Ok(Bound { account, session, unproved: None }),
        // Somebody bound the same identity in the same moment.
        Err(StoreError::Duplicate { .. }) => Err(elsewhere()),
        Err(other) => Err(ServiceError::from(other).into()),
    }
}

async fn one(city: &City, sql: &str, value: &str) -> Result<Option<String>, ServiceError> {
    let row = city.store().query_opt(sql, &[city.region().into(), value.into()]).await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose().map_err(Into::into)
}

fn link(city: &City, who: &Who<'_>) -> Link {
    Link {
        provider: who.provider.id.clone(),
        issuer: who.provider.issuer.clone(),
        subject: who.subject.clone(),
        since: city.now(),
    }
}

/// A citizen's account without password. It gets a name to sign in with, because a window asks for one.
fn fresh(city: &City, who: &Who<'_>) -> Account {
    let proper = |name: &&str| !name.is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control);
    let name = who.name.as_deref().map(str::trim).filter(proper).unwrap_or("用户");
    let word: String = public_id(city.random()).chars().skip(2).take(10).collect();
    Account {
        id: AccountId::new(city.now(), city.random()),
        login: Some(format!("u-{word}")),
        name: name.to_owned(),
        password: None,
        grants: Account::citizen(),
        person: None,
        proved_by: None,
        passkeys: Vec::new(),
        links: Vec::new(),
        contacts: Vec::new(),
    }
}
