//! Sessions. The cookie holds a secret; the store holds its SHA-256.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::accounts::{Account, Actor};
use domain::time::Timestamp;
use store::accounts::SESSION;
use store::{Change, PlainDelete, PlainWrite};

use super::{mandates, open, password};
use crate::city::City;
use crate::error::ServiceError;
use crate::registry;

/// How long a session lasts without being renewed, in seconds.
fn lifetime_seconds(city: &City) -> i64 {
    i64::from(city.settings().operation.session_hours) * 3600
}

/// What the browser gets.
#[derive(Clone)]
pub struct Session {
    /// The cookie's value.
    pub secret: String,
    /// Who signed in.
    pub account: Account,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("account", &self.account.id).finish_non_exhaustive()
    }
}

/// Who a request comes from.
#[derive(Clone)]
pub struct SignedIn {
    /// The actor.
    pub actor: Actor,
    /// The account.
    pub account: Account,
    /// Token that every form of this session carries.
    pub csrf: String,
    /// When the person signed in.
    pub since: Timestamp,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("account", &self.account.id)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

impl SignedIn {
    /// Whether the person signed in a short while ago, so that ways of signing in may be added.
    pub fn is_fresh(&self, city: &City) -> bool {
        let minutes = city.settings().operation.fresh_minutes;
        city.now() < self.since.plus_seconds(i64::from(minutes) * 60)
    }

    /// The refusal that asks to sign in again.
    pub(super) fn must_be_fresh(&self, city: &City) -> Result<(), ServiceError> {
        if self.is_fresh(city) {
            return Ok(());
        }
        Err(ServiceError::field(
            "passkey",
            "为了安全，请退出后重新登录，再添加登录方式。",
            "To be safe, sign out and in again before adding a way to sign in.",
        ))
    }
}

pub(super) fn digest(secret: &str) -> String {
    seal::digest::sha256_hex(secret.as_bytes())
}

fn secret(bytes: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Checks the password and opens a session.
pub async fn sign_in(city: &City, login: &str, typed: &str) -> Result<Session, ServiceError> {
    if typed.len() > password::MAX_BYTES {
        return Err(ServiceError::SignInNeeded);
    }
    let found = match open::find_by_login(city, login).await {
        Ok((account, _)) => Some(account),
        Err(ServiceError::NotFound(_)) => None,
        Err(other) => return Err(other),
    };
    let phc = match &found {
        Some(account) => password::of(city, account).await?,
        None => None,
    };
    let fits = password::fits(typed.to_owned(), phc).await?;
    let account = found.filter(|_| fits).ok_or(ServiceError::SignInNeeded)?;
    let mut change = Change::new(city.region(), city.now());
    let session = start(city, account, &mut change);
    city.store().commit(change).await?;
    Ok(session)
}

/// Puts a new session into a change, whose commit opens it.
pub(crate) fn start(city: &City, account: Account, change: &mut Change) -> Session {
    let (secret, csrf) = (secret(city.random()), secret(city.random()));
    let expires = city.now().plus_seconds(lifetime_seconds(city));
    change.plain.push(PlainWrite {
        table: &SESSION,
        id: digest(&secret),
        columns: vec![account.id.to_string().into(), expires.micros().into(), csrf.into()],
    });
    Session { secret, account }
}

/// Ends every session of an account, in a change of that account.
pub(super) async fn end_all(city: &City, account: &str, change: &mut Change) -> Result<(), ServiceError> {
    let sql = "SELECT id FROM session WHERE region = $1 AND account = $2";
    for row in city.store().query(sql, &[city.region().into(), account.into()]).await? {
        change.deletes.push(PlainDelete { table: &SESSION, id: row.text(0)?.to_owned() });
    }
    Ok(())
}

/// Ends a session; an unknown one is no error.
pub async fn sign_out(city: &City, secret: &str) -> Result<(), ServiceError> {
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &SESSION, id: digest(secret) });
    city.store().commit(change).await?;
    Ok(())
}

/// Who a session belongs to, or [`ServiceError::SignInNeeded`].
pub async fn resolve(city: &City, secret: &str) -> Result<SignedIn, ServiceError> {
    let sql = "SELECT a.doc, s.csrf, s.expires FROM session s JOIN account a ON a.region = s.region AND a.id = s.account \
               WHERE s.region = $1 AND s.id = $2";
    let rows = city.store().query(sql, &[city.region().into(), digest(secret).into()]).await?;
    let row = rows.first().ok_or(ServiceError::SignInNeeded)?;
    let expires = Timestamp::from_micros(row.int(2)?);
    if expires <= city.now() {
        return Err(ServiceError::SignInNeeded);
    }
    let since = expires.plus_seconds(-lifetime_seconds(city));
    let account: Account = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    let actor = match &account.person {
        Some(person) => {
            let acts_for = registry::acts_for(city, &person.code).await?;
            Actor { mandates: mandates::in_force(city, person).await?, ..account.actor(acts_for) }
        }
        None => account.actor(Vec::new()),
    };
    Ok(SignedIn { actor, csrf: row.text(1)?.to_owned(), account, since })
}
