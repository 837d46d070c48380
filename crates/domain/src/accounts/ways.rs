//! The ways into an account beside its password, and what may be done to them.

use serde::{Deserialize, Serialize};

use super::account::{Account, AccountFact};
use crate::text::Text;
use crate::time::Timestamp;

/// Most passkeys of one account.
pub const MAX_PASSKEYS: usize = 20;
/// Longest name of a passkey, in characters.
pub const MAX_NAME_CHARS: usize = 40;

/// A passkey 通行密钥: a key pair on the person's own device; here is its public half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Identifier chosen by the authenticator, base64url without padding.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// Public key, a COSE_Key in base64url without padding.
    pub key: String,
    /// Signature counter; 0 for authenticators without one.
    pub count: u32,
    /// When it was added.
    pub added: Timestamp,
    /// When it last signed in.
    pub used: Option<Timestamp>,
    /// Its counter went back, so it may have been copied and signs in no more.
    #[serde(default)]
    pub stopped: bool,
}

/// An account at an identity provider that may sign in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The provider's id in the city's configuration.
    pub provider: String,
    /// Its issuer identifier.
    pub issuer: String,
    /// Who the person is there (`sub`).
    pub subject: String,
    /// Since when.
    pub since: Timestamp,
}

/// Why a way in stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WayRefusal {
    /// Nobody could sign in any more.
    #[error("it is the last way in")]
    Last,
    /// There are [`MAX_PASSKEYS`] already.
    #[error("too many passkeys")]
    TooMany,
    /// The account has this passkey already.
    #[error("this passkey is there already")]
    Known,
    /// A name is missing or longer than [`MAX_NAME_CHARS`].
    #[error("no proper name")]
    Name,
    /// There is no such passkey or link.
    #[error("there is no such way in")]
    Gone,
}

impl WayRefusal {
    /// The sentence for the person.
    pub fn explain(self) -> Text {
        match self {
            WayRefusal::Last => Text::new(
                "这是登录该账号的唯一方式，不能移除。请先添加另一种登录方式。",
                "This is the only way into this account, so it stays. Add another way to sign in first.",
            ),
            WayRefusal::TooMany => Text::new(
                format!("最多添加 {MAX_PASSKEYS} 个通行密钥。请先移除不用的。"),
                format!("An account has at most {MAX_PASSKEYS} passkeys. Remove one that you no longer use."),
            ),
            WayRefusal::Known => Text::new(
                "这个通行密钥已经添加过，可以直接用它登录。",
                "This passkey is there already: sign in with it.",
            ),
            WayRefusal::Name => Text::new(
                format!("请输入名称，不超过 {MAX_NAME_CHARS} 个字。"),
                format!("Enter a name of at most {MAX_NAME_CHARS} characters."),
            ),
            WayRefusal::Gone => Text::new("它已经被移除。", "It has been removed already."),
        }
    }
}

impl Account {
    /// A passkey by its identifier.
    pub fn passkey(&self, id: &str) -> Option<&Passkey> {
        self.passkeys.iter().find(|own| own.id == id)
    }

    /// Whether a passkey of this name may be added; answers the name as it will be kept.
    pub fn may_add_passkey(&self, name: &str) -> Result<String, WayRefusal> {
        if self.passkeys.len() >= MAX_PASSKEYS {
            return Err(WayRefusal::TooMany);
        }
        proper_name(name)
    }

    /// Adds a passkey.
    pub fn add_passkey(&self, passkey: Passkey) -> Result<AccountFact, WayRefusal> {
        let name = self.may_add_passkey(&passkey.name)?;
        if self.passkey(&passkey.id).is_some() {
            return Err(WayRefusal::Known);
        }
        Ok(AccountFact::PasskeyAdded { passkey: Passkey { name, ..passkey } })
    }

    /// Gives a passkey another name.
    pub fn name_passkey(&self, id: &str, name: &str) -> Result<AccountFact, WayRefusal> {
        let own = self.passkey(id).ok_or(WayRefusal::Gone)?;
        Ok(AccountFact::PasskeyNamed { id: own.id.clone(), name: proper_name(name)? })
    }

    /// Removes a passkey; one that was stopped is no way in, so it may always go.
    pub fn remove_passkey(&self, id: &str) -> Result<AccountFact, WayRefusal> {
        let own = self.passkey(id).ok_or(WayRefusal::Gone)?;
        if !own.stopped && self.ways_in() <= 1 {
            return Err(WayRefusal::Last);
        }
        Ok(AccountFact::PasskeyRemoved { id: own.id.clone() })
    }

    /// Takes the right to sign in from the account at a provider.
    pub fn unlink(&self, provider: &str) -> Result<AccountFact, WayRefusal> {
        if !self.links.iter().any(|own| own.provider == provider) {
            return Err(WayRefusal::Gone);
        }
        if self.ways_in() <= 1 {
            return Err(WayRefusal::Last);
        }
        Ok(AccountFact::Unlinked { provider: provider.to_owned() })
    }

    /// How many ways of signing in there are.
    fn ways_in(&self) -> usize {
        let passkeys = self.passkeys.iter().filter(|own| !own.stopped).count();
        usize::from(self.password.is_some()) + passkeys + self.links.len()
    }
}

fn proper_name(name: &str) -> Result<String, WayRefusal> {
    let name = name.trim();
    let fine = !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control);
    if fine { Ok(name.to_owned()) } else { Err(WayRefusal::Name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;

    const AT: Timestamp = Timestamp::from_micros(1_790_000_000_000_000);

    fn account(password: bool, passkeys: &[(&str, bool)], links: &[&str]) -> Account {
        Account {
            id: AccountId::new(AT, [1; 10]),
            login: Some("wang.fang".to_owned()),
            name: "王芳".to_owned(),
            password: password.then(|| "hash".to_owned()),
            grants: Account::citizen(),
            person: None,
            proved_by: None,
            passkeys: passkeys.iter().map(|(id, stopped)| Passkey { stopped: *stopped, ..passkey(id) }).collect(),
            links: links.iter().map(|provider| link(provider)).collect(),
            contacts: Vec::new(),
        }
    }

    fn passkey(id: &str) -> Passkey {
        let (key, name) = ("pQECAyYg".to_owned(), " 我的手机 ".to_owned());
        Passkey { id: id.to_owned(), name, key, count: 0, added: AT, used: None, stopped: false }
    }

    fn link(provider: &str) -> Link {
        let issuer = "https://id.example".to_owned();
        Link { provider: provider.to_owned(), issuer, subject: "1".to_owned(), since: AT }
    }

    #[test]
    fn the_last_way_in_stays() {
        let table: [(Account, Result<(), WayRefusal>); 5] = [
            (account(true, &[("a", false)], &[]), Ok(())),
            (account(false, &[("a", false)], &["city"]), Ok(())),
            (account(false, &[("a", false), ("b", true)], &[]), Err(WayRefusal::Last)),
            (account(false, &[("a", true)], &["city"]), Ok(())),
            (account(true, &[], &["city"]), Err(WayRefusal::Gone)),
        ];
        for (account, expected) in table {
            assert_eq!(account.remove_passkey("a").map(|_| ()), expected, "{account:?}");
        }
        assert_eq!(account(false, &[("a", true)], &["city"]).unlink("city"), Err(WayRefusal::Last));
        assert!(account(true, &[], &["city"]).unlink("city").is_ok());
    }

    #[test]
    fn passkeys_are_few_known_once_and_named() {
        let own = account(true, &[("a", false)], &[]);
        assert_eq!(own.add_passkey(passkey("a")), Err(WayRefusal::Known));
        let named = |name: &str| Passkey { name: name.to_owned(), ..passkey("b") };
        for wrong in ["", "  ", "a\nb", &"长".repeat(MAX_NAME_CHARS + 1)] {
            assert_eq!(own.add_passkey(named(wrong)), Err(WayRefusal::Name), "{wrong:?}");
        }
        let Ok(AccountFact::PasskeyAdded { passkey }) = own.add_passkey(passkey("b")) else { panic!("refused") };
        assert_eq!(passkey.name, "我的手机");
        let ids: Vec<String> = (0..MAX_PASSKEYS).map(|n| n.to_string()).collect();
        let ids: Vec<(&str, bool)> = ids.iter().map(|id| (id.as_str(), false)).collect();
        assert_eq!(account(true, &ids, &[]).add_passkey(named("c")), Err(WayRefusal::TooMany));
    }

    #[test]
    fn facts_replay_to_the_account() {
        let facts = [
            AccountFact::PasskeyAdded { passkey: passkey("a") },
            AccountFact::PasskeyNamed { id: "a".to_owned(), name: "钥匙".to_owned() },
            AccountFact::PasskeyUsed { id: "a".to_owned(), count: 7, at: AT },
            AccountFact::PasskeyStopped { id: "a".to_owned(), count: 3 },
            AccountFact::Linked { link: link("city") },
        ];
        let fold =
            |facts: &[AccountFact]| facts.iter().cloned().fold(Some(account(true, &[], &[])), Account::evolve).unwrap();
        let after = fold(&facts);
        let own = after.passkey("a").unwrap();
        assert_eq!((own.name.as_str(), own.count, own.used, own.stopped), ("钥匙", 7, Some(AT), true));
        assert_eq!(after.links, [link("city")]);
        let gone = Account::evolve(Some(after.clone()), AccountFact::PasskeyRemoved { id: "a".to_owned() }).unwrap();
        assert!(gone.passkeys.is_empty());
        let erased = Account::evolve(Some(after), AccountFact::Erased).unwrap();
        assert!(erased.passkeys.is_empty() && erased.links.is_empty() && erased.login.is_none());
        // An account of an earlier version has neither and is stored as before.
        let plain = serde_json::to_string(&account(true, &[], &[])).unwrap();
        assert!(!plain.contains("passkeys") && !plain.contains("links"));
        assert!(serde_json::from_str::<Account>(&plain).unwrap().passkeys.is_empty());
    }
}
