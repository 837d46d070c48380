//! Bearer tokens of systems, with scopes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::accounts::{Account, Action, Actor, Subject, may};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::accounts::TOKEN;
use store::{Change, PlainWrite};

use super::{open, session};
use crate::city::City;
use crate::error::ServiceError;

/// What a token may be used for; narrower than the roles of its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read matters and public data.
    Read,
    /// File and follow cases.
    Cases,
    /// Carry out the roles of its account: for staff systems.
    Staff,
    /// Take use codes, and fetch the licences that an open case needs.
    Licences,
    /// Fetch licences for cases of its own: for other authorities, which answer for these cases.
    Exchange,
}

impl Scope {
    /// From its stored name.
    pub fn parse(name: &str) -> Option<Scope> {
        [
            ("read", Scope::Read),
            ("cases", Scope::Cases),
            ("staff", Scope::Staff),
            ("licences", Scope::Licences),
            ("exchange", Scope::Exchange),
        ]
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, scope)| scope)
    }

    fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Cases => "cases",
            Scope::Staff => "staff",
            Scope::Licences => "licences",
            Scope::Exchange => "exchange",
        }
    }
}

/// Who a token belongs to.
#[derive(Debug, Clone)]
pub struct SystemActor {
    /// The actor.
    pub actor: Actor,
    /// What the token allows.
    pub scopes: Vec<Scope>,
    /// Stable id of the token, for idempotency keys.
    pub id: String,
}

/// A token for an account; the secret is shown once.
pub async fn create_token(
    city: &City,
    by: &Actor,
    account: &Account,
    scopes: &[Scope],
    expires: Option<Timestamp>,
    label: &str,
) -> Result<String, ServiceError> {
    may(by, Action::ManageAccounts, &Subject::default())?;
    let secret = format!("yct_{}", URL_SAFE_NO_PAD.encode(city.random::<32>()));
    token_from_secret(city, &secret, account, scopes, expires, label).await?;
    Ok(secret)
}

/// Stores a token whose secret the caller has made; the demo city keeps its tokens stable over restarts this way.
pub async fn token_from_secret(
    city: &City,
    secret: &str,
    account: &Account,
    scopes: &[Scope],
    expires: Option<Timestamp>,
    label: &str,
) -> Result<(), ServiceError> {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let mut change = Change::new(city.region(), city.now());
    change.plain.push(PlainWrite {
        table: &TOKEN,
        id: session::digest(secret),
        columns: vec![
            account.id.to_string().into(),
            names.join(" ").into(),
            expires.map(Timestamp::micros).into(),
            label.into(),
        ],
    });
    city.store().commit(change).await?;
    Ok(())
}

/// Who a bearer token belongs to, or [`ServiceError::SignInNeeded`].
pub async fn resolve_token(city: &City, secret: &str) -> Result<SystemActor, ServiceError> {
    let sql = "SELECT account, scopes, expires FROM token WHERE region = $1 AND id = $2";
    let id = session::digest(secret);
    let rows = city.store().query(sql, &[city.region().into(), id.clone().into()]).await?;
    let row = rows.first().ok_or(ServiceError::SignInNeeded)?;
    if row.opt_int(2)?.is_some_and(|expires| expires <= city.now().micros()) {
        return Err(ServiceError::SignInNeeded);
    }
    let scopes = row.text(1)?.split(' ').filter_map(Scope::parse).collect();
    let (account, _) = open::load(city, row.text(0)?).await?;
    Ok(SystemActor { actor: account.actor(Vec::new()), scopes, id })
}
