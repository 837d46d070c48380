//! A forgotten password: a clerk who has looked at the identity document gives out a code, with which its owner sets a new
//! password once.
//!
//! The code is kept as an argon2id hash beside the account's challenges, one row an account: a new code ends the old one.
//! A row allows a few guesses, so that ten characters are enough.

use domain::accounts::{Account, AccountFact, Action, Actor, ResetRefusal, SeenDocument, Subject, may, reset};
use domain::codes::citizen_id;
use domain::text::Text;
use domain::time::Timestamp;
use store::accounts::CHALLENGE;
use store::{Access, Change, Expected, Increment, PlainDelete, PlainWrite, StoreError};

use super::{open, password, row, session, tell};
use crate::city::City;
use crate::error::ServiceError;

/// The purpose of the rows that hold codes.
const PURPOSE: &str = "reset";
/// Wrong codes that a row survives.
const GUESSES: i64 = 5;
/// The purpose under which a look at the person's account is recorded.
const LOOK: &str = "reset-password";

/// What the clerk hands over. Nobody can read the code again.
#[derive(Debug, Clone)]
pub struct ResetCode {
    /// The sign-in name, which may be forgotten too.
    pub login: String,
    /// The code in two groups.
    pub code: String,
    /// Until when it works.
    pub until: Timestamp,
}

fn row_id(account: &Account) -> String {
    seal::digest::sha256_hex(format!("{PURPOSE}/{}", account.id).as_bytes())
}

/// Gives out a code for the account of the person under a citizen number. `document` is what the clerk compared with the
/// person. The holder is told by message, and the look is in the record that the holder reads.
pub async fn issue_reset(
    city: &City,
    by: &Actor,
    code: &str,
    document: SeenDocument,
) -> Result<ResetCode, ServiceError> {
    may(by, Action::ResetPassword, &Subject::default())?;
    let (account, version) = account_of(city, code).await?;
    account.may_be_reset().map_err(|refusal: ResetRefusal| {
        let text = refusal.explain();
        ServiceError::field("code", &text.zh, &text.en)
    })?;
    let person = account.person.as_ref().map(|person| person.code.clone()).unwrap_or_default();
    let login = account.login.clone().ok_or(ServiceError::NotFound("account"))?;
    let now = city.now();
    let look = Access { at: now, who: by.label(), subject: person, purpose: LOOK.to_owned() };
    city.store().record_access(city.region(), vec![look]).await?;
    let secret = reset::code(city.random());
    let until = now.plus_seconds(i64::from(city.settings().operation.reset_code_minutes) * 60);
    let hash = password::hash(secret.clone(), city.random()).await?;
    let id = account.id.to_string();
    let mut change = Change::new(city.region(), now);
    change.plain.push(PlainWrite {
        table: &CHALLENGE,
        id: row_id(&account),
        columns: vec![PURPOSE.into(), id.into(), GUESSES.into(), until.micros().into(), hash.into()],
    });
    let fact = AccountFact::ResetIssued { document, until };
    change.rows.push(row(city, &account, Expected::Version(version), &[fact], by)?);
    city.store().commit(change).await?;
    Ok(ResetCode { login, code: reset::written(&secret), until })
}

/// The account that is bound to the person of a citizen number.
async fn account_of(city: &City, code: &str) -> Result<(Account, i64), ServiceError> {
    let code = citizen_id::normalise(code);
    if let Err(error) = citizen_id::parse(&code, city.now().date()) {
        let text = error.explain();
        return Err(ServiceError::field("code", &text.zh, &text.en));
    }
    let sql = "SELECT id FROM account WHERE region = $1 AND person = $2";
    let found = city.store().query_opt(sql, &[city.region().into(), code.into()]).await?;
    let Some(found) = found else {
        return Err(ServiceError::field(
            "code",
            "没有账号绑定这个身份。请申请人注册新账号，再在窗口实名。",
            "No account is bound to this identity. The applicant signs up anew and proves identity at the window.",
        ));
    };
    open::load(city, found.text(0)?).await
}

/// Sets a new password with a code of a window and ends every session of the account. A wrong code, one that is too old
/// and one that was used are all told alike, and so is a sign-in name that nobody has.
pub async fn set_forgotten_password(city: &City, login: &str, code: &str, secret: &str) -> Result<(), ServiceError> {
    if let Some(fault) = password::fault(secret) {
        return Err(ServiceError::Invalid(vec![fault]));
    }
    let (account, version) = match open::find_by_login(city, login).await {
        Ok(found) => found,
        Err(ServiceError::NotFound(_)) => {
            // The same work as for an account, so that the time tells nothing.
            password::fits(reset::typed(code), None).await?;
            return Err(wrong());
        }
        Err(other) => return Err(other),
    };
    let id = row_id(&account);
    let hash = guess(city, &id).await?;
    let known = hash.is_some();
    if !password::fits(reset::typed(code), hash).await? || !known {
        return Err(wrong());
    }
    let hash = password::hash(secret.to_owned(), city.random()).await?;
    let mut change = Change::new(city.region(), city.now());
    change.deletes.push(PlainDelete { table: &CHALLENGE, id });
    session::end_all(city, &account.id.to_string(), &mut change).await?;
    let mark = password::mark(&hash);
    change.plain.push(password::row(&account, hash));
    tell(city, &mut change, account, version, AccountFact::PasswordChanged { password: mark })?;
    city.store().commit(change).await?;
    Ok(())
}

/// Takes one guess; the hash of the code, as long as it may be guessed.
async fn guess(city: &City, id: &str) -> Result<Option<String>, ServiceError> {
    let sql = "SELECT doc FROM challenge WHERE region = $1 AND id = $2 AND purpose = $3 AND expires > $4";
    let params = [city.region().into(), id.into(), PURPOSE.into(), city.now().micros().into()];
    let Some(row) = city.store().query_opt(sql, &params).await? else { return Ok(None) };
    let mut change = Change::new(city.region(), city.now());
    let id = id.to_owned();
    change.increments.push(Increment { table: &CHALLENGE, id, column: "uses", by: -1, guard: Some(0) });
    match city.store().commit(change).await {
        Ok(_) => Ok(Some(row.text(0)?.to_owned())),
        Err(StoreError::GuardFailed { .. } | StoreError::NoSuchRow { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn wrong() -> ServiceError {
    let text = Text::new(
        "账号或重设码不对，或重设码已经过期、用过。请核对；多次输错后需到窗口重新领取。",
        "The name or the code is wrong, or the code is too old or used. After several wrong ones ask a window for another.",
    );
    ServiceError::field("reset_code", &text.zh, &text.en)
}
