//! Where a person hears of things outside of the platform: an address for each channel, confirmed by a code that was sent there.

use serde::{Deserialize, Serialize};

use super::account::{Account, AccountFact};
use crate::codes::phone::{self, Phone};
use crate::codes::{mask, narrow};
use crate::text::{Lang, Text};
use crate::time::Timestamp;

/// Longest address of e-mail, in characters (RFC 5321 4.5.3.1.3, without the angle brackets).
pub const MAX_EMAIL_CHARS: usize = 254;

/// A way of telling somebody something outside of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 电子邮件.
    Email,
    /// 短信, to a mobile number.
    Sms,
    /// 微信, to the account that a gateway knows under a mobile number.
    Wechat,
}

impl Channel {
    /// All of them, for forms and tests.
    pub const ALL: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Wechat];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Wechat => "wechat",
        }
    }

    /// From its stored name.
    pub fn parse(name: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|own| own.as_str() == name)
    }

    /// The address in the form in which it is stored.
    ///
    /// # Errors
    /// What to write instead.
    pub fn address(self, typed: &str) -> Result<String, Text> {
        match self {
            Channel::Email => email(typed).ok_or_else(|| {
                Text::new(
                    "请填写完整的邮箱地址，例如 name@example.cn。",
                    "Write a whole e-mail address, such as name@example.cn.",
                )
            }),
            Channel::Sms | Channel::Wechat => match phone::parse(&phone::normalise(typed)) {
                Ok(Phone::Mobile(number)) => Ok(number),
                _ => Err(Text::new(
                    "请填写 11 位手机号码。",
                    "Write a mobile number of the mainland with its eleven digits.",
                )),
            },
        }
    }
}

/// An address of e-mail, with its domain in lower case. Only what every mail server takes: letters, digits and common signs.
fn email(typed: &str) -> Option<String> {
    let text: String = typed.trim().chars().map(narrow).collect();
    let (local, domain) = text.rsplit_once('@')?;
    let dotted = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let local_fits = (1..=64).contains(&local.len())
        && dotted(local)
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let domain = domain.to_ascii_lowercase();
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let domain_fits =
        domain.contains('.') && domain.split('.').all(label) && !ending.bytes().all(|b| b.is_ascii_digit());
    (local_fits && domain_fits && text.len() <= MAX_EMAIL_CHARS).then(|| format!("{local}@{domain}"))
}

/// A confirmed address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// By which way.
    pub channel: Channel,
    /// The address.
    pub address: String,
    /// The language in which it is written to.
    pub lang: Lang,
    /// When it was confirmed.
    pub since: Timestamp,
}

impl Contact {
    /// The address as pages show it.
    pub fn masked(&self) -> String {
        masked(self.channel, &self.address)
    }
}

/// An address as pages show it (PI-4): enough for its owner to know it again.
pub fn masked(channel: Channel, address: &str) -> String {
    match (channel, address.split_once('@')) {
        (Channel::Email, Some((local, domain))) => {
            let head: String = local.chars().take(2_usize.min(local.len().saturating_sub(1))).collect();
            format!("{head}***@{domain}")
        }
        _ => mask(address),
    }
}

/// Six digits that confirm an address.
pub fn contact_code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}

impl Account {
    /// The confirmed address of a channel.
    pub fn contact(&self, channel: Channel) -> Option<&Contact> {
        self.contacts.iter().find(|own| own.channel == channel)
    }

    /// Takes an address away; `None` when there is none.
    pub fn remove_contact(&self, channel: Channel) -> Option<AccountFact> {
        self.contact(channel).map(|_| AccountFact::ContactRemoved { channel })
    }
}
