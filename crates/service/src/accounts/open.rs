//! Opening accounts.

use std::fmt;

use domain::accounts::{Account, AccountFact, Actor, Grant, Party, Subject, may};
use domain::ids::AccountId;
use store::{Change, Expected, StoreError};

use super::{password, row};
use crate::city::City;
use crate::error::{FieldError, ServiceError};
use domain::text::{Text, hidden_character};

/// Longest name, in characters; a foreign name on a passport is the longest that we know.
const MAX_NAME_CHARS: usize = 100;

/// What a new account needs.
#[derive(Clone)]
pub struct NewAccount {
    /// Sign-in name: a mobile number or 3–40 letters, digits, dots and hyphens.
    pub login: String,
    /// Password; `None` for systems, which use tokens.
    pub password: Option<String>,
    /// Name shown to others.
    pub name: String,
    /// Roles.
    pub grants: Vec<Grant>,
    /// Identity already proved, with how.
    pub person: Option<(Party, String)>,
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount").field("login", &self.login).field("grants", &self.grants).finish_non_exhaustive()
    }
}

fn check(new: &NewAccount) -> Result<(), ServiceError> {
    let mut errors = Vec::new();
    let login = new.login.trim();
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if login.chars().count() < 3 || login.len() > 40 || !login.chars().all(fine) {
        errors.push(FieldError::new(
            "login",
            Text::new(
                "请输入手机号，或 3 至 40 位字母、数字、点、横线组成的账号名。",
                "Enter a mobile number, or a name of 3 to 40 letters, digits, dots or hyphens.",
            ),
        ));
    }
    errors.extend(new.password.as_deref().and_then(password::fault));
    errors.extend(name_fault(new.name.trim()));
    if errors.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(errors)) }
}

/// What is wrong with a name: it is missing, too long, or holds what no name holds.
fn name_fault(name: &str) -> Option<FieldError> {
    let text = if name.is_empty() {
        Text::new("请输入姓名。", "Enter your name.")
    } else if name.chars().count() > MAX_NAME_CHARS {
        Text::new(
            format!("姓名不超过 {MAX_NAME_CHARS} 个字，请输入证件上的姓名。"),
            format!("A name has at most {MAX_NAME_CHARS} characters. Enter it as on your identity document."),
        )
    } else if hidden_character(name, false).is_some() {
        Text::new(
            "姓名中有看不见的字符或自造字，请删除后重新输入。生僻字可以直接输入。",
            "The name holds invisible or private-use characters. Type it again; rare characters are fine.",
        )
    } else {
        return None;
    };
    Some(FieldError::new("name", text))
}

/// A citizen opens an account. Identity is not proved by this.
pub async fn sign_up(city: &City, login: &str, secret: &str, name: &str) -> Result<Account, ServiceError> {
    let new = NewAccount {
        login: login.to_owned(),
        password: Some(secret.to_owned()),
        name: name.to_owned(),
        grants: Account::citizen(),
        person: None,
    };
    create(city, new, None).await
}

/// An administrator opens an account for staff or a system.
pub async fn open_account(city: &City, by: &Actor, new: NewAccount) -> Result<Account, ServiceError> {
    may(by, domain::accounts::Action::ManageAccounts, &Subject::default())?;
    create(city, new, Some(by)).await
}

async fn create(city: &City, new: NewAccount, by: Option<&Actor>) -> Result<Account, ServiceError> {
    check(&new)?;
    let now = city.now();
    let phc = match new.password {
        Some(secret) => Some(password::hash(secret, city.random()).await?),
        None => None,
    };
    let (person, proved_by) = new.person.map_or((None, None), |(person, how)| (Some(person), Some(how)));
    let account = Account {
        id: AccountId::new(now, city.random()),
        login: Some(new.login.trim().to_lowercase()),
        name: new.name.trim().to_owned(),
        password: phc.as_deref().map(password::mark),
        grants: new.grants,
        person,
        proved_by,
        passkeys: Vec::new(),
        links: Vec::new(),
        contacts: Vec::new(),
    };
    let own = account.actor(Vec::new());
    let fact = AccountFact::Opened { account: Box::new(account.clone()) };
    let row = row(city, &account, Expected::New, &[fact], by.unwrap_or(&own))?;
    let mut change = Change::new(city.region(), now).row(row);
    change.plain.extend(phc.map(|phc| password::row(&account, phc)));
    match city.store().commit(change).await {
        Ok(_) => Ok(account),
        Err(StoreError::Duplicate { columns, .. }) if columns.contains("person") => Err(ServiceError::field(
            "code",
            "该身份已经绑定了另一个账号。请用那个账号登录，或持身份证到窗口处理。",
            "This identity already has an account. Sign in with it, or bring your identity card to a window.",
        )),
        Err(StoreError::Duplicate { .. }) => Err(ServiceError::field(
            "login",
            "这个账号名已有人使用。如果是您本人，请直接登录。",
            "This name is taken. If it is yours, sign in instead.",
        )),
        Err(other) => Err(other.into()),
    }
}

/// One account with its version.
pub async fn load(city: &City, id: &str) -> Result<(Account, i64), ServiceError> {
    let sql = "SELECT doc, version FROM account WHERE region = $1 AND id = $2";
    let rows = city.store().query(sql, &[city.region().into(), id.into()]).await?;
    one(&rows)
}

/// The account of a sign-in name.
pub async fn find_by_login(city: &City, login: &str) -> Result<(Account, i64), ServiceError> {
    let sql = "SELECT doc, version FROM account WHERE region = $1 AND login = $2";
    let login = login.trim().to_lowercase();
    let rows = city.store().query(sql, &[city.region().into(), login.into()]).await?;
    one(&rows)
}

fn one(rows: &[store::Row]) -> Result<(Account, i64), ServiceError> {
    let row = rows.first().ok_or(ServiceError::NotFound("account"))?;
    let account = serde_json::from_str(row.text(0)?).map_err(ServiceError::internal)?;
    Ok((account, row.int(1)?))
}
