//! An account and its history.

use serde::{Deserialize, Serialize};

use super::role::{Actor, Grant, Party, Role};
use crate::ids::AccountId;

/// One person or system that signs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Sign-in name, lower-cased; `None` once erased.
    pub login: Option<String>,
    /// Name shown to others.
    pub name: String,
    /// Argon2id hash in PHC form; `None` for systems and erased accounts.
    pub password: Option<String>,
    /// Roles with scopes.
    pub grants: Vec<Grant>,
    /// The person, once identity has been proved.
    pub person: Option<Party>,
    /// How it was proved: `window`, `demo`.
    pub proved_by: Option<String>,
}

/// What happened to an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum AccountFact {
    /// It was opened.
    Opened {
        /// As opened.
        account: Box<Account>,
    },
    /// Identity was proved.
    IdentityProved {
        /// The person.
        person: Party,
        /// How.
        by: String,
    },
    /// Roles were changed.
    Granted {
        /// All grants from now on.
        grants: Vec<Grant>,
    },
    /// The password was changed.
    PasswordChanged {
        /// The new hash.
        password: String,
    },
    /// Personal data was erased at the person's request (PIPL 47).
    Erased,
}

impl AccountFact {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            AccountFact::Opened { .. } => "account.opened",
            AccountFact::IdentityProved { .. } => "account.identity-proved",
            AccountFact::Granted { .. } => "account.granted",
            AccountFact::PasswordChanged { .. } => "account.password-changed",
            AccountFact::Erased => "erased",
        }
    }
}

impl Account {
    /// The account after one fact; `None` only before it was opened.
    pub fn evolve(account: Option<Account>, fact: AccountFact) -> Option<Account> {
        match (account, fact) {
            (None, AccountFact::Opened { account }) => Some(*account),
            (Some(mut account), fact) => {
                match fact {
                    AccountFact::Opened { .. } => {}
                    AccountFact::IdentityProved { person, by } => {
                        account.name.clone_from(&person.name);
                        account.person = Some(person);
                        account.proved_by = Some(by);
                    }
                    AccountFact::Granted { grants } => account.grants = grants,
                    AccountFact::PasswordChanged { password } => account.password = Some(password),
                    AccountFact::Erased => {
                        account.login = None;
                        account.name = String::new();
                        account.password = None;
                        account.person = None;
                        account.proved_by = None;
                        account.grants.clear();
                    }
                }
                Some(account)
            }
            (None, _) => None,
        }
    }

    /// The actor that this account makes, with the organisations the registry lets it act for.
    pub fn actor(&self, acts_for: Vec<Party>) -> Actor {
        Actor {
            account: Some(self.id),
            name: self.name.clone(),
            grants: self.grants.clone(),
            person: self.person.clone(),
            acts_for,
        }
    }

    /// The grant of every ordinary citizen.
    pub fn citizen() -> Vec<Grant> {
        vec![Grant { role: Role::Citizen, department: None, district: None }]
    }
}
