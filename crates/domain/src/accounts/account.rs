//! An account and its history.

use serde::{Deserialize, Serialize};

use super::contact::{Channel, Contact};
use super::reset::SeenDocument;
use super::role::{Actor, Grant, Party, Role};
use super::ways::{Link, Passkey};
use crate::ids::AccountId;
use crate::time::Timestamp;

/// One person or system that signs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Sign-in name, lower-cased; `None` once erased.
    pub login: Option<String>,
    /// Name shown to others.
    pub name: String,
    /// SHA-256, hex, of the password's hash in PHC form, which lies apart, so that neither the journal nor an export of it
    /// holds what could be guessed at. `None` for systems and erased accounts; accounts of before hold the hash itself.
    pub password: Option<String>,
    /// Roles with scopes.
    pub grants: Vec<Grant>,
    /// The person, once identity has been proved.
    pub person: Option<Party>,
    /// How it was proved: `window`, `demo`, `provider`.
    pub proved_by: Option<String>,
    /// Passkeys, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<Passkey>,
    /// Accounts at identity providers that may sign in here, at most one of each provider.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Confirmed addresses outside of the platform, at most one of each channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
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
    /// A window gave out a code for a new password.
    ResetIssued {
        /// The document that was compared with the person.
        document: SeenDocument,
        /// Until when the code works.
        until: Timestamp,
    },
    /// The password was changed.
    PasswordChanged {
        /// As in [`Account::password`].
        password: String,
    },
    /// A passkey was added.
    PasskeyAdded {
        /// As added.
        passkey: Passkey,
    },
    /// A passkey got another name.
    PasskeyNamed {
        /// Which.
        id: String,
        /// From now on.
        name: String,
    },
    /// Somebody signed in with a passkey.
    PasskeyUsed {
        /// Which.
        id: String,
        /// Its counter afterwards.
        count: u32,
        /// When.
        at: Timestamp,
    },
    /// A passkey was stopped because its counter went back: there may be a copy of it.
    PasskeyStopped {
        /// Which.
        id: String,
        /// The counter that was refused.
        count: u32,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// Which.
        id: String,
    },
    /// An account at an identity provider may sign in from now on.
    Linked {
        /// Which.
        link: Link,
    },
    /// It may no longer.
    Unlinked {
        /// Of this provider.
        provider: String,
    },
    /// An address was confirmed; it takes the place of one of the same channel.
    ContactConfirmed {
        /// From now on.
        contact: Contact,
    },
    /// Nothing is sent there any more.
    ContactRemoved {
        /// Of this channel.
        channel: Channel,
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
            AccountFact::ResetIssued { .. } => "account.reset-issued",
            AccountFact::PasswordChanged { .. } => "account.password-changed",
            AccountFact::PasskeyAdded { .. } => "account.passkey-added",
            AccountFact::PasskeyNamed { .. } => "account.passkey-named",
            AccountFact::PasskeyUsed { .. } => "account.passkey-used",
            AccountFact::PasskeyStopped { .. } => "account.passkey-stopped",
            AccountFact::PasskeyRemoved { .. } => "account.passkey-removed",
            AccountFact::Linked { .. } => "account.linked",
            AccountFact::Unlinked { .. } => "account.unlinked",
            AccountFact::ContactConfirmed { .. } => "account.contact-confirmed",
            AccountFact::ContactRemoved { .. } => "account.contact-removed",
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
                account.apply(fact);
                Some(account)
            }
            (None, _) => None,
        }
    }

    fn apply(&mut self, fact: AccountFact) {
        match fact {
            AccountFact::Opened { .. } | AccountFact::ResetIssued { .. } => {}
            AccountFact::IdentityProved { person, by } => {
                self.name.clone_from(&person.name);
                self.person = Some(person);
                self.proved_by = Some(by);
            }
            AccountFact::Granted { grants } => self.grants = grants,
            AccountFact::PasswordChanged { password } => self.password = Some(password),
            AccountFact::PasskeyAdded { passkey } => self.passkeys.push(passkey),
            AccountFact::PasskeyNamed { id, name } => self.change_passkey(&id, |own| own.name = name),
            AccountFact::PasskeyUsed { id, count, at } => self.change_passkey(&id, |own| {
                own.count = count;
                own.used = Some(at);
            }),
            AccountFact::PasskeyStopped { id, .. } => self.change_passkey(&id, |own| own.stopped = true),
            AccountFact::PasskeyRemoved { id } => self.passkeys.retain(|own| own.id != id),
            AccountFact::Linked { link } => {
                self.links.retain(|own| own.provider != link.provider);
                self.links.push(link);
            }
            AccountFact::Unlinked { provider } => self.links.retain(|own| own.provider != provider),
            AccountFact::ContactConfirmed { contact } => {
                self.contacts.retain(|own| own.channel != contact.channel);
                self.contacts.push(contact);
            }
            AccountFact::ContactRemoved { channel } => self.contacts.retain(|own| own.channel != channel),
            AccountFact::Erased => {
                self.login = None;
                self.name = String::new();
                self.password = None;
                self.person = None;
                self.proved_by = None;
                self.grants.clear();
                self.passkeys.clear();
                self.links.clear();
                self.contacts.clear();
            }
        }
    }

    fn change_passkey(&mut self, id: &str, change: impl FnOnce(&mut Passkey)) {
        if let Some(own) = self.passkeys.iter_mut().find(|own| own.id == id) {
            change(own);
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
            mandates: Vec::new(),
        }
    }

    /// The grant of every ordinary citizen.
    pub fn citizen() -> Vec<Grant> {
        vec![Grant { role: Role::Citizen, department: None, district: None }]
    }
}
