//! Signing up, in and out; a forgotten password; who an actor is; proof of identity; tokens of systems.

pub(crate) mod challenge;
mod erase;
mod identity;
mod mandates;
mod open;
mod passkey;
mod password;
pub mod provider;
mod reset;
mod session;
mod sweep;
mod token;

pub use erase::{Erased, erase_person};
pub use identity::{prove_at_window, prove_in_demo};
pub use mandates::{
    Answer, MandateTerms, MandateWish, answer_mandate, given_mandates, grant_mandate, in_force, is_clerk_of,
    mandate_terms, my_mandates, revoke_mandate,
};
pub(crate) use mandates::{hears, is_duty, of_clerk_account, representative, run_duty};
pub use open::{NewAccount, find_by_login, load, open_account, sign_up};
pub use passkey::{
    PasskeyAnswer, PasskeyOffer, PasskeyQuestion, add_passkey, ask_passkey, begin_passkey, name_passkey, relying_party,
    remove_passkey, sign_in_with_passkey,
};
pub use reset::{ResetCode, issue_reset, set_forgotten_password};
pub(crate) use session::start;
pub use session::{Session, SignedIn, resolve, sign_in, sign_out};
pub use sweep::sweep;
pub use token::{Scope, SystemActor, create_token, resolve_token, token_from_secret};

use domain::accounts::{Account, AccountFact, Actor};
use store::accounts::ACCOUNT;
use store::{Change, Expected, RowWrite};

use crate::city::City;
use crate::error::ServiceError;

/// The row that an account and its facts make.
fn row(
    city: &City,
    account: &Account,
    expected: Expected,
    facts: &[AccountFact],
    by: &Actor,
) -> Result<RowWrite, ServiceError> {
    let facts = city.facts(&by.label(), facts, AccountFact::kind)?;
    Ok(RowWrite {
        table: &ACCOUNT,
        id: account.id.to_string(),
        expected,
        columns: vec![account.login.clone().into(), account.person.as_ref().map(|person| person.code.clone()).into()],
        doc: serde_json::to_string(account).map_err(ServiceError::internal)?,
        facts,
    })
}

/// Puts one fact of an account about itself into a change.
pub(crate) fn tell(
    city: &City,
    change: &mut Change,
    account: Account,
    version: i64,
    fact: AccountFact,
) -> Result<Account, ServiceError> {
    let own = account.actor(Vec::new());
    let after = Account::evolve(Some(account), fact.clone()).ok_or_else(|| ServiceError::internal("no account"))?;
    change.rows.push(row(city, &after, Expected::Version(version), &[fact], &own)?);
    Ok(after)
}
