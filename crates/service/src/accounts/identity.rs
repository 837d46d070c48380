//! Proof of identity: before it there is no prefill, no case and no wallet (DESIGN §7).

use domain::accounts::{Account, AccountFact, Action, Actor, Party, Subject, may};
use domain::catalog::ApplicantKind;
use domain::codes::citizen_id;
use store::{Change, Expected, StoreError};

use super::{open, row};
use crate::city::City;
use crate::error::ServiceError;
use crate::registry;

/// The clerk has looked at the card and the face.
pub async fn prove_at_window(city: &City, by: &Actor, login: &str, code: &str) -> Result<Account, ServiceError> {
    may(by, Action::ProveIdentity, &Subject::default())?;
    let (account, version) = open::find_by_login(city, login).await?;
    let person = person(city, code, None).await?;
    prove(city, account, version, person, "window", by).await
}

/// The demo city's stand-in for the national real-name provider: name and number must match the population register.
pub async fn prove_in_demo(city: &City, by: &Actor, name: &str, code: &str) -> Result<Account, ServiceError> {
    if !city.settings().demo {
        return Err(ServiceError::NotFound("identity provider"));
    }
    let own = by.account.ok_or(ServiceError::SignInNeeded)?;
    let (account, version) = open::load(city, &own.to_string()).await?;
    let person = person(city, code, Some(name)).await?;
    prove(city, account, version, person, "demo", by).await
}

/// The person under a citizen number, if the register knows one of that name.
pub(super) async fn person(city: &City, code: &str, name: Option<&str>) -> Result<Party, ServiceError> {
    let code = citizen_id::normalise(code);
    if let Err(error) = citizen_id::parse(&code, city.now().date()) {
        let text = error.explain();
        return Err(ServiceError::field("code", &text.zh, &text.en));
    }
    let answer = registry::entry(city, "person", &code).await?;
    let registered = answer.at("name").and_then(|value| value.as_str());
    match registered {
        Some(registered) if name.is_none_or(|name| name.trim() == registered) => {
            Ok(Party { kind: ApplicantKind::Person, name: registered.to_owned(), id_type: "citizen-id".into(), code })
        }
        _ => Err(ServiceError::field(
            "name",
            "姓名与身份证号码不一致，请核对后再试。",
            "The name does not fit the citizen number. Check both and try again.",
        )),
    }
}

async fn prove(
    city: &City,
    account: Account,
    version: i64,
    person: Party,
    how: &str,
    by: &Actor,
) -> Result<Account, ServiceError> {
    if account.person.as_ref().is_some_and(|own| own.code != person.code) {
        return Err(ServiceError::field(
            "code",
            "该账号已经绑定了另一个身份，不能更换。",
            "This account is bound to another identity and cannot be changed.",
        ));
    }
    let fact = AccountFact::IdentityProved { person, by: how.to_owned() };
    let after = Account::evolve(Some(account), fact.clone()).ok_or_else(|| ServiceError::internal("no account"))?;
    let change =
        Change::new(city.region(), city.now()).row(row(city, &after, Expected::Version(version), &[fact], by)?);
    match city.store().commit(change).await {
        Ok(_) => Ok(after),
        Err(StoreError::Duplicate { .. }) => Err(ServiceError::field(
            "code",
            "该身份已经绑定了另一个账号。请用那个账号登录，或持身份证到窗口处理。",
            "This identity already has an account. Sign in with it, or bring your identity card to a window.",
        )),
        Err(other) => Err(other.into()),
    }
}
